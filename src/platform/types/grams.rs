//! The small tokens by which full text is found, the same for both database engines (S25).
//!
//! Every gram is lower-case ASCII and begins with a letter that says what it is, so that any tokenizer keeps it whole and no two kinds meet:
//! `c` + code points in hex: one character or two neighbours (华为 → `c534e4e3a`);
//! `l` + letters and digits: pinyin, initials, Latin words, phone numbers; `n` + digits: business numbers.
//! `p` + one to three letters or digits: how one of those begins. Nearly every record begins somehow, so that the index must not have
//! to gather all beginnings for `s*` or `2024*`: short queries and years, months and days of numbers are grams of their own.
//! A gram of a query that ends in `*` stands for everything that begins so.

use std::collections::BTreeSet;

use super::name;
use super::pinyin_keys::sounds;

/// Longer pinyin or words are cut here on both sides, in the index and in the query.
const LONGEST: usize = 24;
/// Queries of so few letters or digits are beginnings of their own.
const SHORT: usize = 3;
/// Digits of a business number that are grams of their own: year, month, day.
const DATES: [usize; 3] = [4, 6, 8];
/// More grams than this make a query no more exact.
const MOST: usize = 16;

/// What of a record can be found.
#[derive(Debug, Clone, Default)]
pub struct Findable<'a> {
    /// Names of firms, people and deals: also by pinyin and initials, from any syllable on.
    pub names: &'a [&'a str],
    /// Other words such as contents and addresses: by their characters and Latin words only.
    pub texts: &'a [&'a str],
    /// Eleven-digit numbers: from the start, by the last eight and the last four digits.
    pub phones: &'a [&'a str],
    /// Business numbers: from the start, with or without their letters.
    pub numbers: &'a [&'a str],
}

/// All grams of a record, sorted, each once.
pub fn index_grams(record: &Findable<'_>) -> Vec<String> {
    let mut grams = BTreeSet::new();
    for text in record.names.iter().chain(record.texts) {
        for run in runs(text) {
            match run {
                Run::Letters(word) => add_latin(&word, &mut grams),
                Run::Characters(characters) => {
                    grams.extend(characters.iter().map(|character| chinese(&[*character])));
                    grams.extend(characters.windows(2).map(chinese));
                }
            }
        }
    }
    for name in record.names {
        add_pinyin(name, &mut grams);
    }
    for phone in record.phones {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        for last in [digits.len(), 8, 4] {
            if let Some(start) = digits.len().checked_sub(last)
                && last > 0
            {
                grams.insert(latin(&digits[start..]));
            }
        }
        grams.extend(beginnings(&digits));
    }
    for number in record.numbers {
        let number = number.trim().to_ascii_lowercase();
        let digits = number.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        if is_latin(&number) && is_latin(digits) {
            grams.extend(beginnings(&number));
            grams.insert(latin(&number[..number.len() - digits.len()]));
            grams.insert(numbered(&number));
            grams.insert(numbered(digits));
            grams.extend(DATES.iter().filter_map(|length| digits.get(..*length)).map(numbered));
        }
    }
    grams.into_iter().collect()
}

/// The grams a record must have, all of them, to answer this query. Empty when the query holds nothing to look for.
///
/// Grams say that a record holds the pieces, not that they stand side by side: a Chinese query of three characters or more
/// may bring a rare stranger, which the caller drops by looking at the text itself.
pub fn query_grams(query: &str) -> Vec<String> {
    let mut grams: Vec<String> = Vec::new();
    for run in runs(&joined_digits(query)) {
        match run {
            Run::Letters(word) => grams.push(query_latin(&word)),
            Run::Characters(characters) if characters.len() == 1 => grams.push(chinese(&characters)),
            Run::Characters(characters) => grams.extend(characters.windows(2).map(chinese)),
        }
    }
    let mut seen = BTreeSet::new();
    grams.retain(|gram| seen.insert(gram.clone()));
    grams.truncate(MOST);
    grams
}

/// True when a record with these grams has all of a query's: what the index decides, for records that have no index of their own.
pub fn fits(record: &[String], query: &[String]) -> bool {
    let has = |wanted: &str| match wanted.strip_suffix('*') {
        Some(start) => record.iter().any(|gram| gram.starts_with(start)),
        None => record.iter().any(|gram| gram == wanted),
    };
    !query.is_empty() && query.iter().all(|wanted| wanted.split(EITHER).any(has))
}

/// The grams of a query as an FTS5 `match` expression; `None` when there is nothing to look for.
pub fn sqlite_match(query: &str) -> Option<String> {
    let grams = query_grams(query).into_iter().map(|gram| either(&gram, " OR ")).collect::<Vec<_>>();
    Some(grams.join(" AND ")).filter(|expression| !expression.is_empty())
}

fn either(gram: &str, or: &str) -> String {
    if gram.contains(EITHER) { format!("({})", gram.replace(EITHER, or)) } else { gram.to_owned() }
}

/// The grams of a query as the text of a `to_tsquery('simple', …)`; `None` when there is nothing to look for.
pub fn postgres_query(query: &str) -> Option<String> {
    let grams = query_grams(query).into_iter().map(|gram| either(&gram, " | ")).collect::<Vec<_>>();
    Some(grams.join(" & ").replace('*', ":*")).filter(|expression| !expression.is_empty())
}

/// Letters and digits that stand together, or characters of any other script.
enum Run {
    Letters(String),
    Characters(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut together = false;
    for letter in text.chars().map(name::narrow).flat_map(char::to_lowercase) {
        if !letter.is_alphanumeric() {
            together = false;
            continue;
        }
        match runs.last_mut() {
            Some(Run::Letters(word)) if together && letter.is_ascii() => word.push(letter),
            Some(Run::Characters(characters)) if together && !letter.is_ascii() => characters.push(letter),
            _ if letter.is_ascii() => runs.push(Run::Letters(letter.into())),
            _ => runs.push(Run::Characters(vec![letter])),
        }
        together = true;
    }
    runs
}

/// A phone number typed in groups (138-0013 8000, +86 138…) is one number.
fn joined_digits(query: &str) -> String {
    let narrow: String = query.chars().map(name::narrow).collect();
    if let Ok(phone) = super::Phone::parse(&narrow) {
        return phone.into();
    }
    let only_digits = narrow.chars().all(|letter| letter.is_ascii_digit() || letter == '-' || name::is_blank(letter));
    if only_digits { narrow.chars().filter(char::is_ascii_digit).collect() } else { narrow }
}

/// Pinyin and initials from every syllable on, but not from within the legal form: everybody is a 有限公司.
fn add_pinyin(name: &str, grams: &mut BTreeSet<String>) {
    let sounds = sounds(name);
    let form = name::legal_form_length(name);
    let starts = if form < sounds.len() { sounds.len() - form } else { sounds.len() };
    for start in 0..starts {
        let full: String = sounds[start..].iter().map(|sound| sound.full.as_str()).collect();
        let initials: String = sounds[start..].iter().map(|sound| sound.initial()).collect();
        add_latin(&full, grams);
        add_latin(&initials, grams);
    }
}

fn add_latin(word: &str, grams: &mut BTreeSet<String>) {
    grams.insert(latin(word));
    grams.extend(beginnings(word));
}

/// How a word of ASCII letters and digits begins: its first one, two and three.
fn beginnings(word: &str) -> impl Iterator<Item = String> + '_ {
    (1..=SHORT).filter_map(|length| word.get(..length)).map(|beginning| format!("p{beginning}"))
}

/// Stands between the grams of which a record must have one.
const EITHER: char = '|';

/// A word of a query: a short one is a beginning; digits may belong to a phone or to a business number.
fn query_latin(word: &str) -> String {
    if word.len() <= SHORT {
        return format!("p{word}");
    }
    let digits = word.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return format!("{}*", latin(word));
    }
    let whole_date = word.len() == digits.len() && DATES.contains(&digits.len());
    let number = if whole_date { numbered(word) } else { format!("{}*", numbered(word)) };
    format!("{}*{EITHER}{number}", latin(word))
}

fn numbered(number: &str) -> String {
    format!("n{number}")
}

fn is_latin(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn latin(word: &str) -> String {
    format!("l{}", &word[..word.len().min(LONGEST)])
}

fn chinese(characters: &[char]) -> String {
    let mut gram = String::from("c");
    for character in characters {
        gram.push_str(&format!("{:04x}", u32::from(*character)));
    }
    gram
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(record: &Findable<'_>, query: &str) -> bool {
        let index = index_grams(record);
        let wanted = query_grams(query);
        fits(&index, &wanted)
    }

    fn huawei() -> Findable<'static> {
        Findable {
            names: &["深圳华为技术有限公司", "任正非", "TCL科技 Group"],
            texts: &["坂田基地 5G 项目"],
            phones: &["13800138000"],
            numbers: &["CUST20240315001"],
        }
    }

    // S25
    #[test]
    fn a_customer_is_found_by_what_people_remember() {
        for query in [
            "华为",
            "华为技术",
            "深圳华为技术有限公司",
            "华",
            "hwjs",
            "HWJS",
            "huawei",
            "huaweijishu",
            "szhw",
            "shenzhenhuaweijishuyouxiangongsi",
            "hwjsyxgs",
            "jishu",
            "js",
            "任正非",
            "正非",
            "rzf",
            "renzheng",
            "zhengfei",
            "8000",
            "13800138000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "1380013",
            "138 0013",
            "00138000",
            "CUST20240315001",
            "cust20240315001",
            "CUST202403",
            "20240315001",
            "20240315",
            "华为 任正非",
            "华为hwjs",
            "tcl",
            "TCL科技",
            "tclkeji",
            "tclkj",
            "group",
            "坂田",
            "5g",
            "５Ｇ",
            "基地 华为",
            " 华为（技术） ",
            "cust 20240315",
        ] {
            assert!(finds(&huawei(), query), "{query}: {:?}", query_grams(query));
        }
    }

    // S25
    #[test]
    fn others_are_not_found() {
        for query in [
            "华维",
            "为华",
            "hwwj",
            "8001",
            "3800",
            "10086",
            "CUST20240316001",
            "awei",
            "腾讯",
            "华为 腾讯",
            "bantian",
            "",
            "   ",
            "！？",
            "%",
            "*",
            "\" OR 1=1",
        ] {
            assert!(!finds(&huawei(), query), "{query}: {:?}", query_grams(query));
        }
    }

    #[test]
    fn both_engines_get_their_own_words() {
        assert_eq!(sqlite_match("华为 hwjs").as_deref(), Some("c534e4e3a AND lhwjs*"));
        assert_eq!(sqlite_match("华 hw 8000").as_deref(), Some("c534e AND phw AND (l8000* OR n8000)"));
        assert_eq!(postgres_query("20240315001").as_deref(), Some("(l20240315001:* | n20240315001:*)"));
        assert_eq!(postgres_query("华为 hwjs").as_deref(), Some("c534e4e3a & lhwjs:*"));
        assert_eq!(sqlite_match("'; drop table"), Some("ldrop* AND ltable*".to_owned()));
        assert_eq!(sqlite_match(" （） "), None);
        assert_eq!(postgres_query("&|!:*"), None);
    }

    #[test]
    fn the_legal_form_is_no_beginning() {
        let index = index_grams(&Findable { names: &["华为有限公司"], ..Findable::default() });
        assert!(index.contains(&"lhuaweiyouxiangongsi".to_owned()) && !index.contains(&"lgongsi".to_owned()));
        assert!(index.contains(&"lhwyxgs".to_owned()) && !index.contains(&"lyxgs".to_owned()));
    }

    proptest! {
        #[test]
        fn a_name_is_found_by_any_part_of_itself(name in "[一-龥a-z0-9（） ]{1,12}", from in 0..12usize, length in 1..6usize) {
            let part: String = name.split(|letter: char| letter.is_ascii_alphanumeric()).next().unwrap().chars().skip(from).take(length).collect();
            if !query_grams(&part).is_empty() {
                prop_assert!(finds(&Findable { names: &[&name], ..Findable::default() }, &part), "{}", part);
            }
        }

        #[test]
        fn grams_are_plain_words(text in "\\PC{0,30}") {
            let record = [text.as_str()];
            for gram in index_grams(&Findable { names: &record, texts: &record, phones: &record, numbers: &record }) {
                prop_assert!(is_latin(&gram), "{}", gram);
            }
            for gram in query_grams(&text).iter().flat_map(|gram| gram.split(EITHER)) {
                prop_assert!(is_latin(gram.trim_end_matches('*')), "{}", gram);
            }
        }
    }
}
