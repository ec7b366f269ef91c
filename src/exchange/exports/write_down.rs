//! The second sheet of a workbook: what this file is, of whom and of when.

use super::model::Kept;
use crate::exchange::cell::moment;
use crate::platform::types::{BusinessZone, Lang};

/// Name and value, line by line.
pub fn about(export: &Kept, by_name: &str, zone: &BusinessZone) -> Vec<(String, String)> {
    let zh = export.language() == Lang::Zh;
    let line = |name: (&str, &str), value: String| (if zh { name.0 } else { name.1 }.to_owned(), value);
    vec![
        line(("导出内容", "Content"), export.kind.title(export.language()).to_owned()),
        line(("导出人", "Exported by"), by_name.to_owned()),
        line(("导出时间", "Exported at"), moment(export.created_at, zone)),
        line(("筛选条件", "Filter"), export.filter.clone()),
        line(("行数", "Rows"), export.done_rows.to_string()),
        line(("内容 SHA-256", "SHA-256 of the content"), export.content_sha256.clone()),
    ]
}
