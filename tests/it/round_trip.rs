//! I48: what was exported comes in again as it was.

use serde_json::{Value, json};

use crate::support::sheets::{counts, read};
use crate::support::{TestApp, a_customer};

/// Everything but what the second instance does by itself: who entered it there, and when it was last edited there.
fn settled(table: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let left_out: Vec<usize> =
        table[0].iter().enumerate().filter(|(_, name)| ["创建人", "更新时间"].contains(&name.as_str())).map(|(at, _)| at).collect();
    table
        .into_iter()
        .map(|row| {
            let kept: Vec<String> = row.into_iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, cell)| cell).collect();
            let end = kept.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
            kept[..end].to_vec()
        })
        .collect()
}

// I48: export → empty instance → import → export: the same numbers, links, owners, stages, deals and times.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_an_import() {
    let from = TestApp::start().await;
    let (ann, lea, adm) = (from.ann().await, from.lea().await, from.adm().await);
    let mut draft = a_customer("华为技术");
    for (field, value) in [
        ("tags", json!(["意向客户", "重点"])),
        ("source_channels", json!(["展会推广", "官网注册"])),
        ("source_detail", json!("工业展")),
        ("email", json!("zhang@example.com")),
        ("address", json!("上海, 浦东 \"1\" 号")),
        ("requirement", json!("第一行\n第二行")),
        ("remark", json!("=1+1")),
        ("marketing_consent", json!(true)),
    ] {
        draft[field] = value;
    }
    let first = ann.post("/customers", draft).await.created();
    let mut referred = a_customer("被推荐公司");
    referred["referrer"] = first["number"].clone();
    ann.post("/customers", referred).await.created();
    let bobs = lea
        .post("/customers", {
            let mut draft = a_customer("白博的客户");
            draft["owner_id"] = json!(from.bob().await.id());
            draft
        })
        .await
        .created();
    from.set_now("2024-03-19T10:11:12.345+08:00");
    let (ann, lea) = (from.ann().await, from.lea().await);
    let deal = ann.has_opportunity(first["id"].as_i64().unwrap(), "ERP 采购").await;
    ann.has_opportunity(first["id"].as_i64().unwrap(), "二期").await;
    let lost = lea
        .post(
            "/opportunities",
            json!({ "name": "丢了的", "customer_id": bobs["id"], "expected_amount": "99.90", "expected_close_date": "2024-05-01" }),
        )
        .await
        .created();
    from.set_now("2024-03-20T09:00:00+08:00");
    let (ann, lea) = (from.ann().await, from.lea().await);
    let won = json!({ "stage": "won", "won_amount": "480000.00", "won_date": "2024-03-20" });
    let version = ann.get(&format!("/opportunities/{deal}")).await.ok()["version"].clone();
    ann.act(&format!("/opportunities/{deal}/stage"), &version, won).await.ok();
    lea.act(
        &format!("/opportunities/{}/stage", lost["id"]),
        &lost["version"],
        json!({ "stage": "lost", "lost_reason": "价格过高", "competitor": "云帆软件" }),
    )
    .await
    .ok();
    drop(adm);
    let adm = from.adm().await;

    let all = |kind: &str, format: &str| json!({ "kind": kind, "format": format, "filter": { "sort": "number" } });
    for format in ["csv", "xlsx"] {
        let (_, customers) = from.export(&adm, all("customers", format)).await;
        let (_, opportunities) = from.export(&adm, all("opportunities", format)).await;

        let to = TestApp::start_at("2024-04-01T09:00:00+08:00").await;
        let there = to.adm().await;
        let import = to.import(&there, &[("kind", "customers")], &format!("客户.{format}"), &customers).await;
        assert_eq!(counts(&import), [3, 0, 0, 0], "{}", there.get(&format!("/imports/{}/rows?state=bad", import["id"])).await.text());
        let import = to.import(&there, &[("kind", "opportunities")], &format!("商机.{format}"), &opportunities).await;
        assert_eq!(counts(&import), [3, 0, 0, 0], "{}", there.get(&format!("/imports/{}/rows?state=bad", import["id"])).await.text());

        let (_, again) = to.export(&there, all("customers", format)).await;
        assert_eq!(settled(read(&again)), settled(read(&customers)), "{format}");
        let (_, again) = to.export(&there, all("opportunities", format)).await;
        assert_eq!(settled(read(&again)), settled(read(&opportunities)), "{format}");
        let referred = there.get("/customers?q=被推荐").await.ok();
        let referred = there.get(&format!("/customers/{}", referred["items"][0]["id"])).await.ok();
        assert_ne!(referred["referrer_id"], Value::Null);
        assert_eq!(there.post("/customers", a_customer("今天的")).await.created()["number"], "CUST20240401001");
    }
    // In the same instance on the same day nothing collides, either.
    from.set_now("2024-03-20T11:00:00+08:00");
    let ann = from.ann().await;
    assert_eq!(ann.post("/customers", a_customer("又一家")).await.created()["number"], "CUST20240320001");
}
