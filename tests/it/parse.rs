use chengdan::customers::parse::{Parsed, parse};
use chengdan::identity::model::Named;
use serde_json::json;

use crate::support::TestApp;

fn named(names: &[&str]) -> Vec<Named> {
    names.iter().enumerate().map(|(place, name)| Named { id: place as i64 + 1, name: (*name).to_owned() }).collect()
}

/// Company, contact, phone, e-mail, title, credit code, region; a dash for nothing.
fn summary(found: &Parsed) -> String {
    let region = found.region.as_ref().map(|region| region.name.clone());
    [&found.name, &found.contact_name, &found.phone, &found.email, &found.contact_title, &found.credit_code, &region]
        .into_iter()
        .map(|field| field.as_deref().unwrap_or("-").to_owned())
        .collect::<Vec<_>>()
        .join("|")
}

/// A pasted text and what it says.
const CASES: &[(&str, &str)] = &[
    ("张伟 13800138000 上海某某科技 采购经理", "上海某某科技|张伟|13800138000|-|采购经理|-|华东"),
    ("采购经理 上海某某科技 13800138000 张伟", "上海某某科技|张伟|13800138000|-|采购经理|-|华东"),
    ("上海某某科技有限公司，张伟，13800138000", "上海某某科技有限公司|张伟|13800138000|-|-|-|华东"),
    ("张伟/13800138000/上海某某科技有限公司/采购经理", "上海某某科技有限公司|张伟|13800138000|-|采购经理|-|华东"),
    ("张伟|138-0013-8000|上海某某科技有限公司", "上海某某科技有限公司|张伟|13800138000|-|-|-|华东"),
    ("张伟 138 0013 8000 上海某某科技有限公司", "上海某某科技有限公司|张伟|13800138000|-|-|-|华东"),
    ("张伟 +86 13800138000 杭州云集贸易有限公司", "杭州云集贸易有限公司|张伟|13800138000|-|-|-|华东"),
    ("张伟13800138000上海某某科技有限公司", "上海某某科技有限公司|张伟|13800138000|-|-|-|华东"),
    (
        "公司：深圳蓝海电子有限公司\n联系人：李娜\n电话：13900139000\n邮箱：lina@lanhai.cn\n职务：采购总监",
        "深圳蓝海电子有限公司|李娜|13900139000|lina@lanhai.cn|采购总监|-|华南",
    ),
    ("公司名称:深圳蓝海电子有限公司 联系人:李娜 手机:13900139000", "深圳蓝海电子有限公司|李娜|13900139000|-|-|-|华南"),
    ("联系人 李娜 电话 13900139000 深圳蓝海电子有限公司", "深圳蓝海电子有限公司|李娜|13900139000|-|-|-|华南"),
    ("李娜（采购总监） 13900139000 深圳蓝海电子有限公司", "深圳蓝海电子有限公司|李娜|13900139000|-|采购总监|-|华南"),
    ("李娜-采购总监 13900139000 深圳蓝海电子有限公司", "深圳蓝海电子有限公司|李娜|13900139000|-|采购总监|-|华南"),
    ("李娜经理 13900139000 深圳蓝海电子有限公司", "深圳蓝海电子有限公司|李娜|13900139000|-|经理|-|华南"),
    ("王经理 13700137000 成都天府软件集团", "成都天府软件集团|王经理|13700137000|-|经理|-|西南"),
    ("王总 13700137000 成都天府软件集团", "成都天府软件集团|王总|13700137000|-|-|-|西南"),
    ("李女士 13700137000 成都天府软件集团", "成都天府软件集团|李女士|13700137000|-|-|-|西南"),
    ("张伟先生 13700137000 成都天府软件集团", "成都天府软件集团|张伟|13700137000|-|-|-|西南"),
    ("欧阳娜娜 13700137000 北京协和医院", "北京协和医院|欧阳娜娜|13700137000|-|-|-|华北"),
    ("91350100M000100Y43 福州榕城实业有限公司 陈静 13600136000", "福州榕城实业有限公司|陈静|13600136000|-|-|91350100M000100Y43|华东"),
    (
        "税号：91350100m000100y43\n名称见执照 福州榕城实业有限公司\n陈静 13600136000",
        "福州榕城实业有限公司|陈静|13600136000|-|-|91350100M000100Y43|华东",
    ),
    ("chen.jing@rongcheng.com.cn 陈静 13600136000", "-|陈静|13600136000|chen.jing@rongcheng.com.cn|-|-|-"),
    ("陈静 <chen.jing@rongcheng.com.cn> 13600136000", "-|陈静|13600136000|chen.jing@rongcheng.com.cn|-|-|-"),
    ("１３６００１３６０００　陈静　福州榕城实业有限公司", "福州榕城实业有限公司|陈静|13600136000|-|-|-|华东"),
    ("John Smith 13500135000 john@acme.com Acme Trading Co., Ltd.", "Acme Trading Co., Ltd|John Smith|13500135000|john@acme.com|-|-|-"),
    ("Acme Inc\nJohn Smith\nPurchasing Manager\n13500135000", "Acme Inc|John Smith|13500135000|-|Purchasing Manager|-|-"),
    ("刘强 CEO 13400134000 武汉光谷网络", "武汉光谷网络|刘强|13400134000|-|CEO|-|华中"),
    ("区域：西北 周杰 13400134000 某某股份公司", "某某股份公司|周杰|13400134000|-|-|-|西北"),
    ("华北 周杰 13400134000 某某股份公司", "某某股份公司|周杰|13400134000|-|-|-|华北"),
    ("上海（华东）科技有限公司 周杰 13400134000", "上海（华东）科技有限公司|周杰|13400134000|-|-|-|华东"),
    ("地址：广州市天河区体育西路1号 周杰", "-|-|-|-|-|-|华南"),
    ("周杰 12345678901 某某股份公司", "某某股份公司|周杰|-|-|-|-|-"),
    ("周杰 13400134000 13500135000 某某股份公司", "某某股份公司|周杰|13400134000|-|-|-|-"),
    ("你好", "-|-|-|-|-|-|-"),
    (": ， ；", "-|-|-|-|-|-|-"),
];

// S64
#[test]
fn pasted_texts_are_sorted() {
    let regions = named(&["华东", "华北", "华南", "华中", "西南", "西北", "东北"]);
    let mut wrong = Vec::new();
    for (text, expected) in CASES {
        let found = parse(text, &regions, &named(&["制造业"]));
        if summary(&found) != *expected {
            wrong.push(format!("{text}\n  wanted {expected}\n  got    {}\n  rest {:?}", summary(&found), found.rest));
        }
    }
    assert!(wrong.is_empty() && CASES.len() >= 25, "{}", wrong.join("\n"));
}

// S64: a dictionary of provinces is met by its own words; nothing is made up and nothing is lost.
#[test]
fn what_fits_nowhere_is_kept_aside() {
    let found = parse(
        "苏州工业园 张伟 13800138000 0512-62345678 制造业 苏州恒信机械有限公司 微信同号",
        &named(&["江苏", "上海"]),
        &named(&["制造业"]),
    );
    assert_eq!(found.region.unwrap().name, "江苏");
    assert_eq!(found.industry.unwrap().name, "制造业");
    assert_eq!(found.name.as_deref(), Some("苏州恒信机械有限公司"));
    assert!(found.rest.contains(&"0512-62345678".to_owned()) && found.rest.contains(&"微信同号".to_owned()), "{:?}", found.rest);
    for text in ["\u{0}", "İ电话:1", "电话:", "@", "＠＠＠", "１", "-", "()", "（）", "ſ: ẞ邮箱:x"] {
        let _ = parse(text, &[], &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parsing_saves_nothing_and_has_limits() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let found = ann.post("/customers/parse", json!({ "text": "张伟 13800138000 上海某某科技 采购经理" })).await.ok();
    assert_eq!((found["name"].as_str(), found["region"]["name"].as_str()), (Some("上海某某科技"), Some("华东")));
    ann.post("/customers/parse", json!({ "text": "" })).await.invalid(&["text"]);
    ann.post("/customers/parse", json!({ "text": "字".repeat(2_001) })).await.invalid(&["text"]);
    assert_eq!(ann.get("/customers").await.ok()["total"], 0);
    // The title goes to the main contact.
    let mut draft = crate::support::a_customer("上海某某科技");
    draft["contact_title"] = json!("采购经理");
    let customer = ann.post("/customers", draft.clone()).await.created();
    let path = format!("/customers/{}", customer["id"]);
    assert_eq!(ann.get(&format!("{path}/contacts")).await.ok()[0]["title"], "采购经理");
    ann.patch(&path, &customer["version"], json!({ "contact_title": "总监" })).await.invalid(&["contact_title"]);
    draft["contact_title"] = json!("长".repeat(51));
    draft["name"] = json!("");
    ann.post("/customers", draft).await.invalid(&["contact_title", "name"]);
}
