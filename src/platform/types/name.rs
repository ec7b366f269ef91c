//! Names and other texts people type: how they are checked, and how two names are compared (S15).

use super::FieldCode;

/// A required text of one line: blanks around it are dropped, `max` counts characters (not bytes).
pub fn text(value: &str, max: usize) -> Result<String, FieldCode> {
    required(text_or_empty(value, max)?)
}

/// Like [`text`], but may be empty.
pub fn text_or_empty(value: &str, max: usize) -> Result<String, FieldCode> {
    let trimmed = trim(value);
    if trimmed.chars().any(|letter| is_harmful(letter) || matches!(letter, '\u{2028}' | '\u{2029}')) {
        return Err(FieldCode::ControlCharacters);
    }
    within(trimmed.to_owned(), max)
}

/// A required text of several lines; line ends become `\n`, tabs stay.
pub fn paragraph(value: &str, max: usize) -> Result<String, FieldCode> {
    required(paragraph_or_empty(value, max)?)
}

/// Like [`paragraph`], but may be empty.
pub fn paragraph_or_empty(value: &str, max: usize) -> Result<String, FieldCode> {
    let unix = trim(value).replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    if unix.chars().any(|letter| is_harmful(letter) && !matches!(letter, '\n' | '\t')) {
        return Err(FieldCode::ControlCharacters);
    }
    within(unix, max)
}

fn required(text: String) -> Result<String, FieldCode> {
    if text.is_empty() { Err(FieldCode::Required) } else { Ok(text) }
}

fn within(text: String, max: usize) -> Result<String, FieldCode> {
    if text.chars().count() <= max { Ok(text) } else { Err(FieldCode::TooLong { max }) }
}

fn trim(value: &str) -> &str {
    value.trim_matches(is_blank)
}

/// White space, and what takes no space at all yet comes along when a text is copied from a chat or a sheet.
pub(super) fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Control characters, and marks that turn the reading direction so that a text looks like another one.
pub(crate) fn is_harmful(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The half-width twin of a full-width ASCII character or of the ideographic space; anything else as it is.
pub fn narrow(letter: char) -> char {
    match letter {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    }
}

/// The key under which a name is unique: width, kind of bracket, blanks and letter case do not count (S15).
///
/// Brackets stay as such: 华为（深圳） and 华为深圳 may be two firms. That they look alike is for [`variant_fold`] to say.
pub fn fold(name: &str) -> String {
    name.chars()
        .filter(|letter| !is_blank(*letter))
        .map(|letter| match narrow(letter) {
            '[' | '{' | '【' | '〔' | '〖' | '〘' => '(',
            ']' | '}' | '】' | '〕' | '〗' | '〙' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The key by which 查重 finds near twins: like [`fold`], and also without punctuation and without the words for the
/// legal form at the end (有限责任公司, 集团, Co., Ltd. …). Never empty for a name that has letters.
pub fn variant_fold(name: &str) -> String {
    let words = words(name);
    let mut kept = words.clone();
    while let Some(last) = kept.last_mut() {
        if last.is_ascii() {
            if !LATIN_FORMS.contains(&last.as_str()) {
                break;
            }
            kept.pop();
        } else if let Some(stem) = without_chinese_form(last) {
            if stem.is_empty() {
                kept.pop();
            } else {
                *last = stem;
            }
        } else {
            break;
        }
    }
    if kept.is_empty() { words.concat() } else { kept.concat() }
}

/// Latin words one by one, since only a whole word is a legal form; everything else runs together across blanks and brackets.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut broken = true;
    for letter in name.chars().filter(|letter| !is_zero_width(*letter)).map(narrow).flat_map(char::to_lowercase) {
        if !letter.is_alphanumeric() {
            broken = true;
            continue;
        }
        match words.last_mut() {
            Some(word) if word.is_ascii() == letter.is_ascii() && !(broken && letter.is_ascii()) => word.push(letter),
            _ => words.push(letter.into()),
        }
        broken = false;
    }
    words
}

fn is_zero_width(letter: char) -> bool {
    is_blank(letter) && !letter.is_whitespace()
}

const LATIN_FORMS: &[&str] = &[
    "co",
    "coltd",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "inc",
    "incorporated",
    "limited",
    "llc",
    "llp",
    "ltd",
    "plc",
    "pte",
    "pty",
];

/// Longest first, so that 股份有限公司 goes as a whole.
const CHINESE_FORMS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "特殊普通合伙",
    "股份公司",
    "有限公司",
    "集团公司",
    "有限合伙",
    "普通合伙",
    "合伙企业",
    "个人独资",
    "总公司",
    "集团",
    "公司",
];

fn without_chinese_form(word: &str) -> Option<String> {
    // A branch is not its parent.
    if word.ends_with("分公司") || word.ends_with("子公司") {
        return None;
    }
    CHINESE_FORMS.iter().find_map(|form| word.strip_suffix(form)).map(str::to_owned)
}

/// How many characters the Chinese words for the legal form take at the very end of a name (4 for 有限公司), 0 without any.
pub(super) fn legal_form_length(name: &str) -> usize {
    let mut rest = name.trim_end_matches(is_blank).to_owned();
    let whole = rest.chars().count();
    while let Some(stem) = without_chinese_form(&rest) {
        rest = stem;
    }
    whole - rest.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_trimmed_and_counted_in_characters() {
        assert_eq!(text("  华为技术　", 4), Ok("华为技术".to_owned()));
        assert_eq!(text("华为技术", 3), Err(FieldCode::TooLong { max: 3 }));
        assert_eq!(text(&"客".repeat(100), 100).map(|name| name.len()), Ok(300));
        assert_eq!(text("\u{200B}华为\u{FEFF}\n", 10), Ok("华为".to_owned()));
        for empty in ["", "  ", "　", "\u{200B}", "\n\t"] {
            assert_eq!(text(empty, 10), Err(FieldCode::Required), "{empty:?}");
            assert_eq!(text_or_empty(empty, 10), Ok(String::new()), "{empty:?}");
        }
        for bad in ["华\0为", "华\n为", "华\t为", "a\u{202E}fdp.exe", "华\u{7F}为", "华\u{85}为", "华\u{2028}为"] {
            assert_eq!(text(bad, 10), Err(FieldCode::ControlCharacters), "{bad:?}");
        }
    }

    #[test]
    fn paragraphs_keep_their_lines() {
        assert_eq!(paragraph("一\r\n二\r三\n\t四\n", 20), Ok("一\n二\n三\n\t四".to_owned()));
        assert_eq!(paragraph("一\0二", 20), Err(FieldCode::ControlCharacters));
        assert_eq!(paragraph(" ", 20), Err(FieldCode::Required));
        assert_eq!(paragraph_or_empty(" ", 20), Ok(String::new()));
    }

    // S15
    #[test]
    fn the_same_name_written_differently_is_the_same() {
        let key = fold("华为技术(深圳)有限公司");
        for twin in [
            "华为技术（深圳）有限公司",
            " 华为技术 （深圳） 有限公司 ",
            "华为技术【深圳】有限公司",
            "华为技术〔深圳〕有限公司",
            "华为技术[深圳]有限公司",
            "华为技术［深圳］有限公司",
            "华为\u{200B}技术（深圳）有限公司",
            "华为\u{3000}技术(深圳)\u{A0}有限公司",
        ] {
            assert_eq!(fold(twin), key, "{twin}");
        }
        assert_eq!(fold("ＡＢＣ Trading"), fold("abc　trading"));
        assert_eq!(fold("３Ｍ中国"), "3m中国");
    }

    // S15
    #[test]
    fn different_names_stay_different() {
        let key = fold("华为技术有限公司");
        for other in ["华为技术", "华为技术有限责任公司", "华为技术有限公司1", "华维技术有限公司", "华为（技术）有限公司"]
        {
            assert_ne!(fold(other), key, "{other}");
        }
    }

    // S15
    #[test]
    fn legal_forms_do_not_hide_a_twin() {
        for (name, key) in [
            ("华为技术有限公司", "华为技术"),
            ("华为技术有限责任公司", "华为技术"),
            ("华为技术股份有限公司", "华为技术"),
            ("华为技术（集团）有限公司", "华为技术"),
            ("华为技术集团", "华为技术"),
            ("华为技术 有限 公司", "华为技术"),
            ("华为技术有限公司 Co., Ltd.", "华为技术"),
            ("华为（深圳）技术有限公司", "华为深圳技术"),
            ("Huawei Technologies Co.,Ltd.", "huaweitechnologies"),
            ("HUAWEI TECHNOLOGIES CO LTD", "huaweitechnologies"),
            ("Huawei Technologies, Inc", "huaweitechnologies"),
            ("Huawei Technologies LLC", "huaweitechnologies"),
            ("Ｈｕａｗｅｉ Technologies Limited", "huaweitechnologies"),
            ("Costco", "costco"),
            ("Cisco Inc.", "cisco"),
            ("华为技术有限公司北京分公司", "华为技术有限公司北京分公司"),
            ("立信会计师事务所（特殊普通合伙）", "立信会计师事务所"),
            ("有限公司", "有限公司"),
            ("集团", "集团"),
            ("Ltd", "ltd"),
            ("A·B 贸易行", "ab贸易行"),
            ("！！", ""),
        ] {
            assert_eq!(variant_fold(name), key, "{name}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in "[\\PC]{0,20}") {
            let once = fold(&name);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(variant_fold(&name).is_empty(), !name.chars().map(narrow).any(char::is_alphanumeric));
        }
    }
}
