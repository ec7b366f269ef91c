//! Which column of a file means what.

use sha2::{Digest, Sha256};

use super::model::{Mapping, Mode};
use crate::error::{Error, Fields, Result};
use crate::exchange::columns::{Column, Kind, Way, is_reason};
use crate::platform::types::FieldCode;

const NOT_THE_TEMPLATE: FieldCode = FieldCode::Rule {
    code: "HEADERS_NOT_TEMPLATE",
    zh: "表头与模板不一致，请使用模板，或指定每一列的含义",
    en: "The headers are not those of the template; use the template or say what each column means",
};

const TWICE: FieldCode =
    FieldCode::Rule { code: "MAPPED_TWICE", zh: "有两列指定为同一项", en: "Two columns are said to mean the same" };

const MISSING: FieldCode = FieldCode::Rule { code: "COLUMN_MISSING", zh: "缺少此列", en: "This column is missing" };

/// What every column brings; without a mapping the headers must be the template's (I46).
pub fn resolve(kind: Kind, header: &[String], wanted: Option<&Mapping>, mode: Mode) -> Result<Vec<Option<&'static Column>>> {
    let mut fields = Fields::default();
    let mut chosen: Vec<Option<&'static Column>> = Vec::new();
    for name in header {
        let column = match wanted {
            _ if name.is_empty() || is_reason(name) => None,
            None => {
                let column = kind.of_template(name);
                if column.is_none() {
                    fields.add("mapping", NOT_THE_TEMPLATE);
                    return Err(Error::Invalid(fields));
                }
                column
            }
            Some(wanted) => match wanted.get(name).and_then(Option::as_deref) {
                None => None,
                Some(key) => {
                    let column = kind.column(key);
                    if column.is_none() {
                        fields.add(format!("mapping.{name}"), FieldCode::Unknown);
                    }
                    column
                }
            },
        };
        chosen.push(column.filter(|column| column.way != Way::Out));
    }
    for name in wanted.into_iter().flat_map(Mapping::keys) {
        if !header.contains(name) {
            fields.add(format!("mapping.{name}"), FieldCode::Unknown);
        }
    }
    let keys: Vec<&str> = chosen.iter().flatten().map(|column| column.key).collect();
    if (1..keys.len()).any(|at| keys[..at].contains(&keys[at])) {
        fields.add("mapping", TWICE);
    }
    for key in missing(kind, &keys, mode) {
        fields.add(format!("mapping.{key}"), MISSING);
    }
    fields.into_result()?;
    Ok(chosen)
}

/// The columns without which no row could be good.
fn missing(kind: Kind, keys: &[&str], mode: Mode) -> Vec<&'static str> {
    let has = |key: &str| keys.contains(&key);
    let customer = has("customer_number") || has("customer_name");
    let mut missing = Vec::new();
    if mode == Mode::Update {
        if !has("number") && !has("name") {
            missing.push("number");
        }
        if kind == Kind::Opportunities && !has("number") && !customer {
            missing.push("customer_number");
        }
        return missing;
    }
    missing.extend(kind.columns().iter().filter(|column| column.required && !has(column.key)).map(|column| column.key));
    if kind == Kind::Opportunities && !customer {
        missing.push("customer_number");
    }
    missing
}

/// What the columns probably mean: as this person said the last time, else by their names.
pub fn suggest(kind: Kind, header: &[String], remembered: Option<&[Option<String>]>) -> Vec<Option<String>> {
    if let Some(remembered) = remembered.filter(|remembered| remembered.len() == header.len()) {
        return remembered.to_vec();
    }
    let mut suggested: Vec<Option<String>> = Vec::new();
    for name in header {
        let key = kind.recognise(name).filter(|column| column.way != Way::Out && !is_reason(name)).map(|column| column.key.to_owned());
        suggested.push(key.filter(|key| !suggested.iter().flatten().any(|taken| taken == key)));
    }
    suggested
}

/// One word for a set of headers, by which a decision is remembered.
pub fn header_hash(header: &[String]) -> String {
    Sha256::digest(header.join("\n").as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn without_a_mapping_only_the_template_is_taken() {
        let good = names(&["*客户名称", "联系人姓名", "联系电话", "所属行业", "来源渠道", "错误原因", "更新时间"]);
        let chosen = resolve(Kind::Customers, &good, None, Mode::Create).unwrap();
        assert_eq!(chosen.iter().flatten().count(), 5);
        let other = names(&["公司", "联系人姓名", "联系电话", "所属行业", "来源渠道"]);
        assert!(format!("{:?}", resolve(Kind::Customers, &other, None, Mode::Create)).contains("HEADERS_NOT_TEMPLATE"));
        assert!(format!("{:?}", resolve(Kind::Customers, &good[1..], None, Mode::Create)).contains("mapping.name"));
        assert!(resolve(Kind::Customers, &names(&["客户编号", "备注"]), None, Mode::Update).is_ok());
    }

    #[test]
    fn a_suggestion_names_every_column_once() {
        let header = names(&["公司名称", "单位名称", "手机", "星座"]);
        let name = |key: &str| Some(key.to_owned());
        assert_eq!(suggest(Kind::Customers, &header, None), [name("name"), None, name("phone"), None]);
        let remembered = [None, name("name"), None, None];
        assert_eq!(suggest(Kind::Customers, &header, Some(&remembered)), remembered);
    }
}
