//! Mobile numbers (S17).

use std::fmt;

use super::{FieldCode, StringShape, name, travels_as_string};

/// A mainland mobile number: eleven digits, 13… to 19….
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people write and paste it: blanks and hyphens anywhere, `+86`, `0086` or `86` in front, full-width digits.
    pub fn parse(text: &str) -> Result<Phone, FieldCode> {
        let plain: String =
            text.chars().filter(|letter| !name::is_blank(*letter)).map(name::narrow).filter(|letter| !is_hyphen(*letter)).collect();
        if plain.is_empty() {
            return Err(FieldCode::Required);
        }
        // 86 is the country only when a whole number follows; otherwise it is a mistyped number.
        let digits = ["+86", "0086", "86"].iter().find_map(|country| plain.strip_prefix(country)).unwrap_or(&plain);
        match digits.as_bytes() {
            [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit) => Ok(Phone(digits.to_owned())),
            _ => Err(FieldCode::InvalidPhone),
        }
    }

    /// A number as stored. `None` for what this type never stores.
    pub fn from_stored(text: &str) -> Option<Phone> {
        Phone::parse(text).ok().filter(|phone| phone.0 == text)
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 138****8000: for lists, search hits and whoever may not see all of it.
    pub fn shortened(&self) -> String {
        format!("{}****{}", &self.0[..3], self.last4())
    }

    /// The last four digits, by which people look for a number (S25).
    pub fn last4(&self) -> &str {
        &self.0[7..]
    }
}

fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}')
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Phone {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

travels_as_string!(
    Phone,
    StringShape {
        description: "Mainland mobile number; blanks, hyphens and +86 are dropped on the way in, eleven digits come out.",
        example: "13800138000",
        format: None,
        pattern: None,
    }
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // S17
    #[test]
    fn numbers_are_read_as_people_write_them() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "+8613800138000",
            "+86 138 0013 8000",
            "0086-13800138000",
            "8613800138000",
            "86 13800138000",
            "１３８００１３８０００",
            "＋８６１３８００１３８０００",
            "\u{202D}13800138000\u{202C}",
            "138–0013—8000",
            "\t13800138000\n",
            "138　0013　8000",
            "138－0013－8000",
        ] {
            assert_eq!(Phone::parse(text).map(String::from), Ok("13800138000".to_owned()), "{text}");
        }
        for prefix in 13..=19 {
            assert!(Phone::parse(&format!("{prefix}012345678")).is_ok(), "{prefix}");
        }
    }

    // S17
    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for text in [
            "1380013800",
            "138001380000",
            "12345678901",
            "10800138000",
            "23800138000",
            "1380013800a",
            "电话13800138000",
            "010-62345678",
            "+13800138000",
            "+113800138000",
            "868613800138000",
            "861380013800",
            "0086 86 13800138000",
            "13800138000;13900139000",
            "138.0013.8000",
            "+8613800138000+",
            "(86)13800138000",
            "١٣٨٠٠١٣٨٠٠٠",
            "0",
        ] {
            assert_eq!(Phone::parse(text), Err(FieldCode::InvalidPhone), "{text}");
        }
        assert_eq!(Phone::parse(" - "), Err(FieldCode::Required));
    }

    #[test]
    fn parts_of_a_number_can_be_shown() {
        let phone = Phone::parse("13800138000").unwrap();
        assert_eq!(phone.shortened(), "138****8000");
        assert_eq!(phone.last4(), "8000");
        assert_eq!(Phone::from_stored("13800138000"), Some(phone));
        assert_eq!(Phone::from_stored("138-0013-8000"), None);
    }

    proptest! {
        #[test]
        fn every_mobile_number_survives(number in "1[3-9][0-9]{9}") {
            let phone = Phone::parse(&format!("+86 {number}")).unwrap();
            prop_assert_eq!(phone.as_str(), number.as_str());
            prop_assert_eq!(phone.shortened().len(), 11);
        }

        #[test]
        fn no_text_upsets_the_reader(text in "\\PC{0,20}") {
            let _ = Phone::parse(&text);
        }
    }
}
