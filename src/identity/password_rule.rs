//! Which passwords are good enough, and passwords made by the server (S12).

use std::collections::HashSet;

use crate::platform::types::{FieldCode, NameKeys};

/// In characters.
pub const SHORTEST: usize = 8;
/// In characters; more would only make hashing slow.
pub const LONGEST: usize = 128;
/// Characters of a password made by the server: about 92 bits.
const ONE_TIME_LENGTH: usize = 16;

/// Whose password it is: what everybody around knows, and an attacker tries first.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// 工号
    pub employee_number: &'a str,
    pub name: &'a str,
}

/// Refuses a password that is too short, of one kind of character, made of its owner's 工号 or name, or on everybody's list.
/// That it differs from the old one is for the caller, who alone can compare.
pub fn check(password: &str, owner: Owner<'_>) -> Result<(), FieldCode> {
    let length = password.chars().count();
    if length == 0 {
        return Err(FieldCode::Required);
    }
    if length < SHORTEST {
        return Err(FieldCode::TooShort { min: SHORTEST });
    }
    if length > LONGEST {
        return Err(FieldCode::TooLong { max: LONGEST });
    }
    if password.chars().any(char::is_control) {
        return Err(FieldCode::ControlCharacters);
    }
    if classes(password) < 3 {
        return Err(FieldCode::PasswordTooSimple);
    }
    let lower = password.to_lowercase();
    let employee_number = owner.employee_number.trim().to_lowercase();
    if !employee_number.is_empty() && lower.contains(&employee_number) {
        return Err(FieldCode::PasswordContainsEmployeeNumber);
    }
    if contains_name(&lower, owner.name) {
        return Err(FieldCode::PasswordContainsName);
    }
    if is_common(&lower) {
        return Err(FieldCode::PasswordTooCommon);
    }
    Ok(())
}

/// A password to be shown once and changed at the first log-in: random, long, without characters that look like others.
/// Fails only when the system has no randomness to give.
pub fn one_time_password(owner: Owner<'_>) -> Result<String, getrandom::Error> {
    // No I, O, i, l, o, 0, 1: it is read aloud and typed from paper.
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";
    // Bytes beyond the last whole alphabet are thrown away, so that every character is equally likely.
    const FAIR: u8 = (256 / ALPHABET.len() * ALPHABET.len()) as u8;
    loop {
        let mut password = String::with_capacity(ONE_TIME_LENGTH);
        while password.len() < ONE_TIME_LENGTH {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes)?;
            let letters =
                bytes.into_iter().filter(|byte| *byte < FAIR).map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            password.extend(letters.take(ONE_TIME_LENGTH - password.len()));
        }
        if check(&password, owner).is_ok() {
            return Ok(password);
        }
    }
}

/// How many of capital letters, small letters, digits and anything else are there.
fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        char::is_uppercase,
        char::is_lowercase,
        |letter| letter.is_ascii_digit(),
        |letter| !letter.is_uppercase() && !letter.is_lowercase() && !letter.is_ascii_digit(),
    ];
    kinds.into_iter().filter(|is_kind| password.chars().any(is_kind)).count()
}

/// The name as written, or its pinyin where that is long enough not to occur by chance.
fn contains_name(lower: &str, name: &str) -> bool {
    let written: String = name.to_lowercase().split_whitespace().collect();
    let pinyin = NameKeys::of(name).full;
    (written.chars().count() >= 2 && lower.contains(&written)) || (pinyin.len() >= 4 && lower.contains(&pinyin))
}

/// Whether the password is a known favourite, or a favourite word and favourite digits around some symbols (Admin@123, Woaini1314).
fn is_common(lower: &str) -> bool {
    if lower.chars().collect::<HashSet<_>>().len() < 5 {
        return true;
    }
    let plain: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    // P@ssw0rd is password to everybody but the one who chose it.
    let unmasked: String = lower.chars().map(unmask).filter(char::is_ascii_alphanumeric).collect();
    WHOLE.contains(&plain.as_str())
        || [plain.as_str(), unmasked.as_str()].into_iter().any(|text| is_word_and_digits(text) || WORDS.contains(&text))
        || is_word_and_digits(&unmask_word(lower))
}

fn unmask(letter: char) -> char {
    match letter {
        '@' => 'a',
        '$' => 's',
        '0' => 'o',
        '3' => 'e',
        '1' => 'i',
        other => other,
    }
}

/// Unmasks up to the last letter only, so that the digits behind (P@ssw0rd123) stay digits.
fn unmask_word(lower: &str) -> String {
    let end = lower.rfind(|letter: char| letter.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    let (word, rest) = lower.split_at(end);
    word.chars().map(unmask).chain(rest.chars()).filter(char::is_ascii_alphanumeric).collect()
}

fn is_word_and_digits(plain: &str) -> bool {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let word = plain.trim_matches(is_digit);
    let Some((before, after)) = plain.split_once(word).filter(|_| !word.is_empty()) else {
        return false;
    };
    let favourite = |digits: &str| digits.is_empty() || DIGITS.contains(&digits) || is_year(digits);
    WORDS.contains(&word) && favourite(before) && favourite(after)
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// Letters people put before or behind their favourite digits.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a", "aa", "aaa", "ab", "abc", "abcd", "abcde", "abcdef", "admin", "administrator", "asd", "asdf", "asdfgh", "asdfghjkl", "chen", "chengdan", "china", "company", "guest", "hello", "huang", "iloveyou", "letmein", "li", "liu", "login",
    "manager", "master", "mima", "monkey", "pass", "password", "passwd", "passw", "pwd", "qaz", "qazwsx", "qazwsxedc", "qq", "qwe", "qweasd", "qweasdzxc", "qwer", "qwert", "qwerty", "qwertyuiop", "root", "sales", "system", "test", "user", "wang", "welcome",
    "woaini", "woaiwo", "woaiwojia", "woshishui", "wo", "wu", "xiaoshou", "yang", "zaq", "zhang", "zhao", "zhou", "zxc", "zxcv", "zxcvbn", "zxcvbnm",
];

#[rustfmt::skip]
const DIGITS: &[&str] = &[
    "1", "11", "12", "111", "121", "123", "321", "520", "521", "666", "888", "999", "1111", "1122", "1212", "1234", "1314", "4321", "6666", "8888", "9999", "0000", "11111", "12345", "54321", "66666", "88888", "111111", "112233", "121212", "123123", "123321", "123456",
    "131420", "147258", "168168", "521521", "520520", "520131", "654321", "666666", "888888", "000000", "1234567", "5201314", "5211314", "1314520", "1314521", "7758521", "12345678", "87654321", "11111111", "88888888", "66666666", "123456789", "987654321", "147258369", "123456123", "1234567890", "0123456789",
];

/// Favourites that mix letters and digits.
#[rustfmt::skip]
const WHOLE: &[&str] = &[
    "1qaz2wsx", "1qaz2wsx3edc", "1qazxsw2", "zaq12wsx", "1q2w3e4r", "1q2w3e4r5t", "1q2w3e", "q1w2e3r4", "q1w2e3r4t5", "a1b2c3d4", "a1s2d3f4", "1a2b3c4d", "qwe123qwe", "abc123abc", "abc123456abc", "1qazwsx", "qaz2wsx", "2wsx3edc", "123qweasd", "123qweasdzxc", "qwe123asd", "aa123456bb",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANN: Owner<'static> = Owner { employee_number: "S1024", name: "张晓安" };

    // S12
    #[test]
    fn good_passwords_pass() {
        for password in [
            "Kp7#rain",
            "k7#mapletree",
            "MAPLE-tree",
            "春江花月夜Ye8",
            "Tr0ub4dor&3",
            "correct Horse 9",
            "Xk9mQ2vT",
            "S102-maple4",
            "Zhangjiajie-7",
        ] {
            assert_eq!(check(password, ANN), Ok(()), "{password}");
        }
        assert_eq!(check(&format!("Aq7#{}", "maple".repeat(24)), ANN), Ok(()));
        assert_eq!(check(&format!("Aq7#{}x", "maple".repeat(25)), ANN), Err(FieldCode::TooLong { max: 128 }));
    }

    // S12
    #[test]
    fn poor_passwords_are_refused_with_their_reason() {
        for (password, reason) in [
            ("", FieldCode::Required),
            ("Kp7#rai", FieldCode::TooShort { min: 8 }),
            ("春江花月夜", FieldCode::TooShort { min: 8 }),
            ("mapletree", FieldCode::PasswordTooSimple),
            ("mapletree7", FieldCode::PasswordTooSimple),
            ("MapleTree", FieldCode::PasswordTooSimple),
            ("38471029", FieldCode::PasswordTooSimple),
            ("春江花月夜春江花月夜", FieldCode::PasswordTooSimple),
            ("Maple7#\0tree", FieldCode::ControlCharacters),
            ("xS1024#maple", FieldCode::PasswordContainsEmployeeNumber),
            ("Xs1024#maple", FieldCode::PasswordContainsEmployeeNumber),
            ("Maple#7张晓安", FieldCode::PasswordContainsName),
            ("Zhangxiaoan#7", FieldCode::PasswordContainsName),
        ] {
            assert_eq!(check(password, ANN), Err(reason), "{password}");
        }
    }

    #[test]
    fn everybodys_favourites_are_refused() {
        for password in [
            "Aa123456",
            "Aa123456.",
            "Woaini1314",
            "Woaini@520",
            "Qwer1234",
            "Qwer@1234",
            "P@ssw0rd",
            "Passw0rd!",
            "P@ssw0rd123",
            "Password1",
            "Admin@123",
            "Admin@2024",
            "Abc12345",
            "Abcd1234!",
            "1qaz@WSX",
            "!QAZ2wsx",
            "1Qaz2wsx",
            "1q2w3e4R",
            "Qq5201314",
            "Zhang123456",
            "123456Aa",
            "Asd123456",
            "Test@1234",
            "Welcome1",
            "Huang888888",
            "Chengdan@2025",
            "Aa1!Aa1!",
            "Aaaaaa1!",
            "Zxcvbnm123",
            "QWEasd123!",
            "Xiaoshou@2024",
        ] {
            assert_eq!(check(password, ANN), Err(FieldCode::PasswordTooCommon), "{password}");
        }
    }

    #[test]
    fn an_owner_without_number_or_name_hinders_nobody() {
        assert_eq!(check("Kp7#rain", Owner { employee_number: " ", name: "" }), Ok(()));
        assert_eq!(check("Kp7#raIn李", Owner { employee_number: "", name: "李" }), Ok(()));
    }

    // S12
    #[test]
    fn one_time_passwords_keep_the_rule() {
        let mut seen = HashSet::new();
        for _ in 0..300 {
            let password = one_time_password(ANN).unwrap();
            assert_eq!(check(&password, ANN), Ok(()));
            assert_eq!(password.len(), 16);
            assert!(!password.contains(['I', 'O', 'i', 'l', 'o', '0', '1']), "{password}");
            assert!(seen.insert(password));
        }
        let short = Owner { employee_number: "7", name: "张晓安" };
        assert!(!one_time_password(short).unwrap().contains('7'));
    }

    proptest! {
        #[test]
        fn nobody_passes_with_their_number(number in "[A-Za-z0-9]{1,6}", before in "[A-Z#]{0,6}", after in "[a-z0-9!]{0,10}") {
            let password = format!("{before}{}{after}", number.to_uppercase());
            let owner = Owner { employee_number: &number, name: "" };
            prop_assert!(check(&password, owner).is_err());
        }

        #[test]
        fn no_text_upsets_the_rule(password in "\\PC{0,140}", number in "\\PC{0,8}", name in "\\PC{0,8}") {
            let _ = check(&password, Owner { employee_number: &number, name: &name });
        }
    }
}
