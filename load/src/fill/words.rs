//! Names that differ, from few words.

pub const REGIONS: [&str; 4] = ["华东", "华北", "华南", "西部"];
pub const PROJECTS: [&str; 8] = ["ERP采购", "数字化改造", "设备更新", "年度框架", "云迁移", "备件供应", "系统集成", "咨询服务"];

const CITIES: [&str; 30] = [
    "上海",
    "北京",
    "深圳",
    "广州",
    "杭州",
    "南京",
    "苏州",
    "成都",
    "重庆",
    "武汉",
    "长沙",
    "西安",
    "天津",
    "青岛",
    "济南",
    "郑州",
    "合肥",
    "福州",
    "厦门",
    "南昌",
    "昆明",
    "贵阳",
    "南宁",
    "海口",
    "太原",
    "沈阳",
    "大连",
    "长春",
    "哈尔滨",
    "宁波",
];
const LETTERS: &str =
    "华中恒鑫瑞德信达康泰兴隆盛昌永安宏远东方天地新时代金银玉海江山云风龙凤光明正大同力创智慧联合众诚佳美优品嘉和润丰源通";
const TRADES: [&str; 20] = [
    "科技", "贸易", "电子", "机械", "化工", "医药", "食品", "物流", "建材", "纺织", "能源", "环保", "软件", "网络", "传媒", "咨询", "电气",
    "汽车", "仪器", "材料",
];
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单区解查曾任";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红";

fn letter(of: &str, nth: i64) -> char {
    let count = of.chars().count() as i64;
    of.chars().nth((nth % count) as usize).unwrap_or('一')
}

/// The name of the company at a place; two million of them differ.
pub fn company(place: i64) -> String {
    let letters = LETTERS.chars().count() as i64;
    let city = CITIES[(place % 30) as usize];
    let (first, second) = (letter(LETTERS, place / 30), letter(LETTERS, place / 30 / letters));
    // The same letters come again after so many places, with another trade; neighbours differ in it, too.
    let again = place / 30 / letters / letters;
    let trade = TRADES[((place + again * 7) % 20) as usize];
    format!("{city}{first}{second}{trade}有限公司")
}

/// A person's name; many share one.
pub fn person(place: i64) -> String {
    format!("{}{}{}", letter(SURNAMES, place * 7 + place / 26), letter(GIVEN, place / 3), letter(GIVEN, place / 71))
}

/// A phone number of its own.
pub fn phone(place: i64) -> String {
    format!("13{:09}", (place * 7_919 + 100_000_000) % 1_000_000_000)
}
