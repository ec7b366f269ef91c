//! 统一社会信用代码, the eighteen characters on every business licence (S15).

use std::fmt;

use super::{FieldCode, StringShape, name, travels_as_string};

/// A unified social credit code by GB 32100-2015, its check character verified; upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

/// The standard's 31 characters in the order of their values: I, O, S, V and Z look too much like others.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Reads a code; blanks, letter case and full-width characters do not matter.
    pub fn parse(text: &str) -> Result<CreditCode, FieldCode> {
        let code: String =
            text.chars().filter(|letter| !name::is_blank(*letter)).map(|letter| name::narrow(letter).to_ascii_uppercase()).collect();
        if code.is_empty() {
            return Err(FieldCode::Required);
        }
        if is_valid(code.as_bytes()) { Ok(CreditCode(code)) } else { Err(FieldCode::InvalidCreditCode) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_valid(code: &[u8]) -> bool {
    let [subject @ .., check] = code else {
        return false;
    };
    // Characters 3 to 8 are the registering district, always digits.
    subject.len() == 17
        && subject[2..8].iter().all(u8::is_ascii_digit)
        && check_character(subject).is_some_and(|expected| expected == *check)
}

/// Weighted by the powers of 3 modulo 31; `None` when a character is not of the alphabet.
fn check_character(subject: &[u8]) -> Option<u8> {
    let mut weight = 1;
    let mut sum = 0;
    for character in subject {
        sum += ALPHABET.iter().position(|known| known == character)? * weight;
        weight = weight * 3 % 31;
    }
    Some(ALPHABET[(31 - sum % 31) % 31])
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for CreditCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> String {
        code.0
    }
}

travels_as_string!(
    CreditCode,
    StringShape { description: "Unified social credit code, 18 characters.", example: "91350100M000100Y43", format: None, pattern: None }
);

#[cfg(test)]
mod tests {
    use super::*;

    // S15
    #[test]
    fn codes_from_licences_pass() {
        for code in ["91350100M000100Y43", "914403001922038216", "9144030071526726XG", "91110000802100433B", "91330100799655058B"] {
            assert_eq!(CreditCode::parse(code).map(String::from), Ok(code.to_owned()), "{code}");
        }
        assert_eq!(CreditCode::parse(" 91350100m000100y43 ").map(String::from), Ok("91350100M000100Y43".to_owned()));
        assert_eq!(CreditCode::parse("９１３５０１００Ｍ０００１００Ｙ４３").map(String::from), Ok("91350100M000100Y43".to_owned()));
    }

    // S15
    #[test]
    fn one_wrong_character_is_noticed() {
        let good = "91350100M000100Y43";
        for position in 0..18 {
            for other in ALPHABET {
                let mut code = good.as_bytes().to_vec();
                if code[position] != *other {
                    code[position] = *other;
                    assert!(CreditCode::parse(std::str::from_utf8(&code).unwrap()).is_err());
                }
            }
        }
        for bad in
            ["91350100M000100Y4", "91350100M000100Y433", "91350100M000100I43", "9135010OM000100Y43", "统一社会信用代码", "350100000000001"]
        {
            assert_eq!(CreditCode::parse(bad), Err(FieldCode::InvalidCreditCode), "{bad}");
        }
        assert_eq!(CreditCode::parse(""), Err(FieldCode::Required));
    }
}
