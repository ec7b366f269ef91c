//! A pasted text, such as a signature or a line of a chat, sorted into the fields of a new customer (S64). Pure: it looks nothing
//! up but the two dictionaries it is given, and what it is not sure of it leaves to the reader.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parse_words::{
    COMPANY_ENDS, COMPANY_PARTS, FAMILY_NAMES, LABELS, LATIN_COMPANY, PLACES, POLITE, REGION_OF, STREET_PARTS, TITLE_ENDS, TITLES,
};
use crate::error::{Error, Fields, Result};
use crate::identity::model::Named;
use crate::platform::draft::Given;
use crate::platform::types::{CreditCode, Email, Phone, name};
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// Characters a pasted text can have.
const LONGEST: usize = 2_000;

/// A text to be sorted.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PastedText {
    /// 1–2000 characters. Required.
    pub text: Given<String>,
}

/// What was found; none of it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Parsed {
    /// 客户名称.
    pub name: Option<String>,
    /// 联系人姓名.
    pub contact_name: Option<String>,
    /// 职务.
    pub contact_title: Option<String>,
    /// 联系电话, eleven digits.
    pub phone: Option<String>,
    /// 邮箱.
    pub email: Option<String>,
    /// 统一社会信用代码.
    pub credit_code: Option<String>,
    /// 地址.
    pub address: Option<String>,
    /// 区域 of the dictionary.
    pub region: Option<Named>,
    /// 所属行业 of the dictionary.
    pub industry: Option<Named>,
    /// What fits nowhere.
    pub rest: Vec<String>,
}

/// Sorts a text with the company's own dictionaries.
pub fn parse_for(work: &mut Work, pasted: &PastedText) -> Result<Parsed> {
    let mut fields = Fields::default();
    let text = pasted.text.clone().and_then(|text| name::paragraph(&text, LONGEST)).required("text", &mut fields);
    let Some(text) = text else { return Err(Error::Invalid(fields)) };
    let mut enabled = |kind| -> Result<Vec<Named>> {
        let all = settings::entries(work, kind)?.into_iter().filter(|entry| !entry.disabled);
        Ok(all.map(|entry| Named { id: entry.id, name: entry.name }).collect())
    };
    Ok(parse(&text, &enabled(Kind::Region)?, &enabled(Kind::Industry)?))
}

/// Sorts a text.
pub fn parse(text: &str, regions: &[Named], industries: &[Named]) -> Parsed {
    let mut found = Parsed::default();
    let mut loose: Vec<String> = Vec::new();
    for line in plain(text).lines() {
        for (label, value) in labelled(line) {
            match label {
                Some(label) => keep_labelled(&mut found, &mut loose, label, value.trim(), regions, industries),
                None => loose.extend(pieces(value)),
            }
        }
    }
    sort_loose(&mut found, loose, regions, industries);
    if found.region.is_none() {
        found.region = region_of_place(&found, regions);
    }
    found
}

/// Letters and digits narrow, the separators of pasted texts as one; brackets and the rest stay as they are.
fn plain(text: &str) -> String {
    let narrow: String = text
        .chars()
        .map(|letter| match letter {
            '（' | '）' => letter,
            '：' => ':',
            '，' | '；' | '、' | '|' | '｜' | '。' | '\t' | '\u{3000}' => ' ',
            _ => name::narrow(letter),
        })
        .collect();
    // The one comma that belongs to a name.
    ["Co., Ltd.", "Co.,Ltd.", "Co., Ltd", "Co.,Ltd", "CO., LTD.", "CO.,LTD", "co., ltd."]
        .iter()
        .fold(narrow, |text, form| text.replace(form, "Co.\u{1}Ltd."))
}

/// A line cut at its labels: 「电话:138… 邮箱:a@b.cn」 has two; what stands before the first has none.
fn labelled(line: &str) -> Vec<(Option<&'static str>, &str)> {
    let mut marks: Vec<(usize, usize, &'static str)> = Vec::new();
    for (field, words) in LABELS {
        for word in *words {
            for (at, _) in line.to_lowercase().match_indices(word) {
                // Folding letter case moves nothing in the scripts of the labels, but a text may hold others.
                let (Some(before), Some(behind)) = (line.get(..at), line.get(at + word.len()..)) else { continue };
                let rest = behind.trim_start();
                let begins = before.chars().last().is_none_or(|letter| !letter.is_alphanumeric());
                if rest.starts_with(':') && begins {
                    let end = at + word.len() + (behind.len() - rest.len()) + 1;
                    marks.push((at, end, field));
                }
            }
        }
    }
    marks.sort_unstable();
    let mut parts = vec![(None, &line[..marks.first().map_or(line.len(), |mark| mark.0)])];
    for (place, (_, end, field)) in marks.iter().enumerate() {
        let until = marks.get(place + 1).map_or(line.len(), |next| next.0).max(*end);
        parts.push((Some(*field), &line[*end..until]));
    }
    parts
}

fn keep_labelled(found: &mut Parsed, loose: &mut Vec<String>, label: &str, value: &str, regions: &[Named], industries: &[Named]) {
    let whole = value.trim_matches([',', ';', ' ']).replace('\u{1}', ", ");
    if whole.is_empty() {
        return;
    }
    let first = whole.split_whitespace().next().unwrap_or_default().to_owned();
    let rest_of = |taken: &str| whole[taken.len()..].to_owned();
    match label {
        "name" if found.name.is_none() => found.name = Some(whole),
        "address" if found.address.is_none() => found.address = Some(whole),
        "contact" if found.contact_name.is_none() => {
            let person = Person::read(&first);
            found.contact_name = Some(person.name);
            found.contact_title = found.contact_title.take().or(person.title);
            loose.extend(pieces(&rest_of(&first)));
        }
        "title" if found.contact_title.is_none() => {
            found.contact_title = Some(first.clone());
            loose.extend(pieces(&rest_of(&first)));
        }
        "region" | "industry" => {
            let (slot, known) = if label == "region" { (&mut found.region, regions) } else { (&mut found.industry, industries) };
            match named(&first, known) {
                Some(one) if slot.is_none() => {
                    *slot = Some(one);
                    loose.extend(pieces(&rest_of(&first)));
                }
                _ => loose.extend(pieces(&whole)),
            }
        }
        _ => loose.extend(pieces(&whole)),
    }
}

fn named(text: &str, known: &[Named]) -> Option<Named> {
    let text = text.trim();
    known.iter().find(|one| one.name == text).or_else(|| known.iter().find(|one| text.starts_with(&one.name))).cloned()
}

/// A text cut at blanks and separators. Phones written in groups and words of another script stay together.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split([' ', ',', ';', '/', '\n', '\r']).map(|word| word.trim_matches(['.', ':', '<', '>', '"', '\''])) {
        if word.is_empty() || LABELS.iter().any(|(_, words)| words.contains(&word.to_lowercase().as_str())) {
            continue;
        }
        match pieces.last_mut() {
            Some(last) if goes_on(last, word) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

fn goes_on(last: &str, word: &str) -> bool {
    let of_phone = |text: &str| text.chars().all(|letter| letter.is_ascii_digit() || "+-()".contains(letter));
    let latin = |text: &str| text.chars().all(|letter| letter.is_ascii_alphabetic() || ".&-\u{1}".contains(letter) || letter == ' ');
    if of_phone(last.replace(' ', "").as_str()) && of_phone(word) {
        return Phone::parse(last).is_err();
    }
    // Purchasing Manager, but not John Smith Manager.
    let of_title = |text: &str| is_title(text) && !text.contains(' ');
    latin(last) && latin(word) && !is_title(last) && (!is_title(word) || (of_title(word) && !last.contains(' ')))
}

/// A person as people write one: 张伟先生, 王经理, 李娜（采购总监）.
struct Person {
    name: String,
    title: Option<String>,
}

impl Person {
    fn read(text: &str) -> Person {
        if let Some((before, inside)) = bracketed(text)
            && is_title(inside)
        {
            return Person { name: before.to_owned(), title: Some(inside.to_owned()) };
        }
        if let Some((before, behind)) = text.split_once(['-', '·'])
            && is_title(behind)
            && !before.is_empty()
        {
            return Person { name: before.to_owned(), title: Some(behind.to_owned()) };
        }
        for polite in POLITE {
            if let Some(before) = text.strip_suffix(polite) {
                // 李女士 is all there is to know; 张伟先生 is 张伟.
                let known = before.chars().count() >= 2;
                return Person { name: if known { before } else { text }.to_owned(), title: None };
            }
        }
        let title = TITLES.iter().find(|title| text.ends_with(*title) && text.len() > title.len());
        match title.map(|title| (&text[..text.len() - title.len()], *title)) {
            Some((before, title)) if before.chars().count() >= 2 && is_name(before) => {
                Person { name: before.to_owned(), title: Some(title.to_owned()) }
            }
            Some((before, title)) if before.chars().count() == 1 => Person { name: text.to_owned(), title: Some(title.to_owned()) },
            _ => Person { name: text.to_owned(), title: None },
        }
    }
}

fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once(['(', '（'])?;
    let inside = rest.strip_suffix([')', '）'])?;
    (!before.is_empty()).then_some((before, inside))
}

fn is_chinese(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| ('\u{4E00}'..='\u{9FFF}').contains(&letter) || letter == '·')
}

fn is_title(text: &str) -> bool {
    let length = text.chars().count();
    let lower = text.to_lowercase();
    (2..=20).contains(&length)
        && (TITLES.contains(&text)
            || TITLES.iter().any(|title| title.eq_ignore_ascii_case(text))
            || (length <= 10 && is_chinese(text) && TITLE_ENDS.iter().any(|end| text.ends_with(end)))
            || [" manager", " director", " engineer", " officer", " president"].iter().any(|end| lower.ends_with(end)))
}

fn is_company(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '\u{1}']).map(|word| word.trim_end_matches('.')).collect();
    COMPANY_ENDS.iter().any(|end| text.ends_with(end) && text.chars().count() > end.chars().count() + 1)
        || COMPANY_PARTS.iter().any(|part| text.contains(part) && text.chars().count() > part.chars().count())
        || (words.len() > 1 && words.iter().any(|word| LATIN_COMPANY.iter().any(|one| one.eq_ignore_ascii_case(word))))
}

fn is_address(text: &str) -> bool {
    text.chars().count() >= 6 && STREET_PARTS.iter().any(|part| text.contains(part)) && !is_company(text)
}

/// A name by its family name: two to four characters, or a compound family name and more.
fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    is_chinese(text) && (2..=4).contains(&length) && FAMILY_NAMES.iter().any(|family| text.starts_with(family))
}

fn is_latin_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(|first: char| first.is_ascii_uppercase())
                && word.chars().all(|letter| letter.is_ascii_alphabetic() || ".-'".contains(letter))
        })
}

/// Sorts what has no label: first what cannot be mistaken, then what only looks like something.
fn sort_loose(found: &mut Parsed, loose: Vec<String>, regions: &[Named], industries: &[Named]) {
    let mut unsure: Vec<String> = Vec::new();
    for piece in loose.into_iter().flat_map(|piece| apart(&piece)) {
        if let Ok(code) = CreditCode::parse(&piece)
            && found.credit_code.is_none()
        {
            found.credit_code = Some(code.as_str().to_owned());
        } else if let Ok(email) = Email::parse(&piece)
            && found.email.is_none()
        {
            found.email = Some(email.as_str().to_owned());
        } else if let Ok(phone) = Phone::parse(&piece)
            && found.phone.is_none()
        {
            found.phone = Some(phone.as_str().to_owned());
        } else {
            unsure.push(piece);
        }
    }
    let mut left: Vec<String> = Vec::new();
    for piece in unsure {
        let spoken = piece.replace('\u{1}', ", ");
        if found.name.is_none() && is_company(&piece) {
            found.name = Some(spoken);
        } else if found.region.is_none()
            && let Some(region) = regions.iter().find(|region| region.name == piece)
        {
            found.region = Some(region.clone());
        } else if found.industry.is_none()
            && let Some(industry) = industries.iter().find(|industry| industry.name == piece)
        {
            found.industry = Some(industry.clone());
        } else if found.contact_title.is_none() && is_title(&piece) && !is_titled_person(&piece) {
            found.contact_title = Some(spoken);
        } else if found.address.is_none() && is_address(&piece) {
            found.address = Some(spoken);
        } else {
            left.push(spoken);
        }
    }
    if found.contact_name.is_none() {
        let place = left
            .iter()
            .position(|piece| is_name(&Person::read(piece).name) || is_person_with_title(piece))
            .or_else(|| left.iter().position(|piece| is_latin_name(piece)));
        if let Some(place) = place {
            let person = Person::read(&left.remove(place));
            found.contact_name = Some(person.name);
            found.contact_title = found.contact_title.take().or(person.title);
        }
    }
    if found.name.is_none()
        && let Some(place) = left.iter().position(|piece| is_chinese(piece) && piece.chars().count() >= 4)
    {
        found.name = Some(left.remove(place));
    }
    found.rest = left;
}

/// 李娜经理, 王经理: a person, not only what one is.
fn is_titled_person(text: &str) -> bool {
    !TITLES.contains(&text) && (is_person_with_title(text) || Person::read(text).title.is_some())
}

/// 张经理, 王总, 李女士: a family name and how one speaks to its bearer.
fn is_person_with_title(text: &str) -> bool {
    let family = |before: &str| FAMILY_NAMES.contains(&before);
    TITLES.iter().chain(POLITE).chain(["总", "工", "董"].iter()).any(|end| text.strip_suffix(end).is_some_and(family))
}

/// A phone or an address stuck to other words (张伟13800138000) is cut off them.
fn apart(piece: &str) -> Vec<String> {
    if Phone::parse(piece).is_ok() || Email::parse(piece).is_ok() || CreditCode::parse(piece).is_ok() {
        return vec![piece.to_owned()];
    }
    let ascii_run = |letter: char| letter.is_ascii_digit() || "+-".contains(letter);
    let bytes: Vec<(usize, char)> = piece.char_indices().collect();
    for (place, (start, letter)) in bytes.iter().enumerate() {
        let begins = ascii_run(*letter) && (place == 0 || !bytes[place - 1].1.is_ascii_alphanumeric());
        if !begins {
            continue;
        }
        let end = piece[*start..].find(|letter: char| !ascii_run(letter)).map_or(piece.len(), |length| start + length);
        if Phone::parse(&piece[*start..end]).is_ok() {
            let parts = [&piece[..*start], &piece[*start..end], &piece[end..]];
            let trimmed = parts.iter().map(|part| part.trim_matches([' ', '-', '(', ')', '（', '）']));
            return trimmed
                .filter(|part| !part.is_empty())
                .flat_map(|part| if part == piece { vec![part.to_owned()] } else { apart(part) })
                .collect();
        }
    }
    match piece.find('@') {
        Some(at) => {
            let of_address = |letter: char| letter.is_ascii_alphanumeric() || "._%+-@".contains(letter);
            let start = piece[..at]
                .rfind(|letter: char| !of_address(letter))
                .map_or(0, |before| before + piece[before..].chars().next().map_or(1, char::len_utf8));
            let end = piece[at..].find(|letter: char| !of_address(letter)).map_or(piece.len(), |length| at + length);
            if start == 0 && end == piece.len() {
                return vec![piece.to_owned()];
            }
            [&piece[..start], &piece[start..end], &piece[end..]].into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        None => vec![piece.to_owned()],
    }
}

/// The region by the place a name or an address begins with: the dictionary's own word first, then the province it lies in.
fn region_of_place(found: &Parsed, regions: &[Named]) -> Option<Named> {
    for text in [&found.address, &found.name].into_iter().flatten() {
        if let Some(region) = regions.iter().find(|region| text.starts_with(&region.name)) {
            return Some(region.clone());
        }
        let province = PLACES.iter().find(|(_, places)| places.iter().any(|place| text.starts_with(place)));
        if let Some((province, _)) = province {
            if let Some(region) = regions.iter().find(|region| region.name == *province) {
                return Some(region.clone());
            }
            let area = REGION_OF.iter().find(|(_, provinces)| provinces.contains(province)).map(|(area, _)| *area);
            if let Some(region) = regions.iter().find(|region| Some(region.name.as_str()) == area) {
                return Some(region.clone());
            }
        }
    }
    None
}
