//! The words of fixed values in cells, in both languages and both directions.

use crate::platform::types::{Lang, name};

/// The word of the API, in Chinese, in English.
pub type Words = &'static [(&'static str, &'static str, &'static str)];

/// 客户状态
pub const STATUS: Words =
    &[("potential", "潜在客户", "Potential"), ("active", "意向客户", "Active"), ("won", "成交客户", "Won"), ("lost", "流失客户", "Lost")];

/// 跟进状态
pub const FOLLOW_UP_STATUS: Words = &[
    ("not_started", "未跟进", "Not started"),
    ("in_progress", "跟进中", "In progress"),
    ("paused", "暂缓", "Paused"),
    ("invalid", "无效", "Invalid"),
];

/// 号码验证
pub const PHONE_CHECK: Words = &[("unverified", "未验证", "Unverified"), ("valid", "有效", "Valid"), ("invalid", "无效", "Invalid")];

/// 任务状态
pub const TASK_STATUS: Words = &[
    ("todo", "待办", "To do"),
    ("in_progress", "进行中", "In progress"),
    ("done", "已完成", "Done"),
    ("cancelled", "已取消", "Cancelled"),
];

/// 计划状态
pub const PLAN_STATUS: Words = &[("planned", "计划中", "Planned"), ("done", "已完成", "Done"), ("cancelled", "已取消", "Cancelled")];

/// The word as people read it.
pub fn title(words: Words, word: &str, lang: Lang) -> String {
    let found = words.iter().find(|(own, _, _)| *own == word);
    found.map_or_else(|| word.to_owned(), |(_, zh, en)| if lang == Lang::Zh { *zh } else { *en }.to_owned())
}

/// The word somebody wrote, in whichever language.
pub fn word(words: Words, text: &str) -> Option<&'static str> {
    let wanted = name::fold(text);
    words.iter().find(|(own, zh, en)| [*own, *zh, *en].iter().any(|name| name::fold(name) == wanted)).map(|(own, _, _)| *own)
}

/// 是 or 否.
pub fn yes(value: bool, lang: Lang) -> &'static str {
    match (value, lang) {
        (true, Lang::Zh) => "是",
        (false, Lang::Zh) => "否",
        (true, Lang::En) => "Yes",
        (false, Lang::En) => "No",
    }
}
