//! Business numbers: CUST20240315001 and its like (S23, S24).

use std::cmp::Ordering;
use std::fmt;

use super::{Day, FieldCode, StringShape, name, travels_as_string};

/// What a business number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Numbered {
    Customer,
    Opportunity,
}

impl Numbered {
    const ALL: [Numbered; 2] = [Numbered::Customer, Numbered::Opportunity];

    /// The letters in front.
    pub const fn prefix(self) -> &'static str {
        match self {
            Numbered::Customer => "CUST",
            Numbered::Opportunity => "OPP",
        }
    }
}

/// The number people call a customer or an opportunity by: prefix, day of creation, position within that day.
///
/// The position has three digits, more from the 1000th on. Numbers are ordered by day, then by position as a number, so
/// CUST202403151000 comes after CUST20240315999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BusinessNumber {
    kind: Numbered,
    day: Day,
    position: i64,
}

impl BusinessNumber {
    /// The last position a day has.
    pub const MAX_POSITION: i64 = 999_999;

    /// The `position`th number of `day`, counted from 1; `None` outside 1 to [`Self::MAX_POSITION`].
    pub fn new(kind: Numbered, day: Day, position: i64) -> Option<BusinessNumber> {
        ((1..=Self::MAX_POSITION).contains(&position) && (1000..=9999).contains(&day.year())).then_some(BusinessNumber {
            kind,
            day,
            position,
        })
    }

    /// Reads a number; letter case, blanks around it and full-width characters do not matter.
    pub fn parse(text: &str) -> Result<BusinessNumber, FieldCode> {
        let plain: String = text.trim_matches(name::is_blank).chars().map(|letter| name::narrow(letter).to_ascii_uppercase()).collect();
        if plain.is_empty() {
            return Err(FieldCode::Required);
        }
        Numbered::ALL
            .into_iter()
            .find_map(|kind| Self::after_prefix(kind, plain.strip_prefix(kind.prefix())?))
            .ok_or(FieldCode::InvalidNumber)
    }

    /// The keys of all numbers that begin like this: letters and part of a day (CUST2024, cust202403). Longer beginnings are left to
    /// the full-text index, which has to look at few of them.
    pub fn range(kind: Numbered, beginning: &str) -> Option<(i64, i64)> {
        let plain: String =
            beginning.trim_matches(name::is_blank).chars().map(|letter| name::narrow(letter).to_ascii_uppercase()).collect();
        let digits = plain.strip_prefix(kind.prefix())?;
        if digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let from: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        let unit = 10_i64.pow(8 - digits.len() as u32) * 1_000_000;
        Some((from * unit, (from + 1) * unit))
    }

    fn after_prefix(kind: Numbered, digits: &str) -> Option<BusinessNumber> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (day, position) = digits.split_at_checked(8)?;
        // Only the one spelling: 0001 is not 001.
        if position.len() < 3 || position.len() > 3 && position.starts_with('0') {
            return None;
        }
        let day = Day::new(day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?)?;
        Self::new(kind, day, position.parse().ok()?)
    }

    /// The number behind a stored [`key`](Self::key).
    pub fn from_key(kind: Numbered, key: i64) -> Option<BusinessNumber> {
        let (date, position) = (key.div_euclid(1_000_000), key.rem_euclid(1_000_000));
        let day = Day::new(i16::try_from(date / 10_000).ok()?, (date / 100 % 100) as i8, (date % 100) as i8)?;
        Self::new(kind, day, position)
    }

    /// YYYYMMDD × 10⁶ + position: what is stored, unique within a kind, and sorts as numbers should.
    pub fn key(self) -> i64 {
        self.day.as_number() * 1_000_000 + self.position
    }

    pub fn kind(self) -> Numbered {
        self.kind
    }

    /// The day of creation in the business zone.
    pub fn day(self) -> Day {
        self.day
    }

    /// Counted from 1 each day.
    pub fn position(self) -> i64 {
        self.position
    }
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:08}{:03}", self.kind.prefix(), self.day.as_number(), self.position)
    }
}

impl From<BusinessNumber> for String {
    fn from(number: BusinessNumber) -> String {
        number.to_string()
    }
}

impl Ord for BusinessNumber {
    fn cmp(&self, other: &BusinessNumber) -> Ordering {
        self.key().cmp(&other.key()).then_with(|| self.kind.prefix().cmp(other.kind.prefix()))
    }
}

impl PartialOrd for BusinessNumber {
    fn partial_cmp(&self, other: &BusinessNumber) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

travels_as_string!(
    BusinessNumber,
    StringShape {
        description: "Business number: CUST or OPP, day of creation, position within that day.",
        example: "CUST20240315001",
        format: None,
        pattern: Some("^(CUST|OPP)[0-9]{11,14}$"),
    }
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> BusinessNumber {
        BusinessNumber::parse(text).unwrap()
    }

    // S23, S24
    #[test]
    fn numbers_grow_beyond_three_digits() {
        let day = Day::parse("2024-03-15").unwrap();
        for (position, text) in
            [(1, "CUST20240315001"), (999, "CUST20240315999"), (1000, "CUST202403151000"), (999_999, "CUST20240315999999")]
        {
            assert_eq!(BusinessNumber::new(Numbered::Customer, day, position).unwrap().to_string(), text);
            assert_eq!(number(text).position(), position);
        }
        assert_eq!(BusinessNumber::new(Numbered::Customer, day, 0), None);
        assert_eq!(BusinessNumber::new(Numbered::Customer, day, 1_000_000), None);
        assert_eq!(number("OPP20240315001").kind(), Numbered::Opportunity);
    }

    // S24
    #[test]
    fn numbers_sort_by_day_then_position() {
        let mut numbers = ["CUST202403151000", "CUST20240316001", "CUST20240315999", "CUST20231231999", "CUST20240315001"].map(number);
        numbers.sort();
        assert_eq!(
            numbers.map(String::from),
            ["CUST20231231999", "CUST20240315001", "CUST20240315999", "CUST202403151000", "CUST20240316001"]
        );
        assert_eq!(number("CUST20240315001").key(), 20_240_315_000_001);
    }

    // S25
    #[test]
    fn a_beginning_stands_for_all_its_numbers() {
        for (beginning, whole) in
            [("CUST2", true), ("cust2024", true), (" CUST202403 ", true), ("CUST20240315", true), ("CUST20240316", false)]
        {
            let (from, to) = BusinessNumber::range(Numbered::Customer, beginning).unwrap();
            assert_eq!((from..to).contains(&number("CUST20240315001").key()), whole, "{beginning}");
        }
        for other in ["CUS", "CUST202403150", "OPP2024", "2024", "CUST2024x", "客户2024"] {
            assert_eq!(BusinessNumber::range(Numbered::Customer, other), None, "{other}");
        }
    }

    #[test]
    fn people_write_them_in_any_case() {
        assert_eq!(number(" cust20240315001 "), number("CUST20240315001"));
        assert_eq!(number("ＣＵＳＴ２０２４０３１５００１"), number("CUST20240315001"));
        for bad in [
            "CUST20240315000",
            "CUST2024031501",
            "CUST202403150001",
            "CUST20240230001",
            "CUST",
            "20240315001",
            "CUS20240315001",
            "CUST20240315 001",
            "CUST-20240315-001",
            "CUST20240315001x",
            "CUST202403151000000",
            "TASK20240315001",
            "CUST2024031５٣1",
            "客户001",
            "CUST99999999999999999999999999",
        ] {
            assert_eq!(BusinessNumber::parse(bad), Err(FieldCode::InvalidNumber), "{bad}");
        }
        assert_eq!(BusinessNumber::parse(" "), Err(FieldCode::Required));
    }

    proptest! {
        #[test]
        fn text_and_key_say_the_same(days in 0..40_000i64, position in 1..=999_999i64) {
            let day = Day::new(1990, 1, 1).unwrap().add_days(days);
            let number = BusinessNumber::new(Numbered::Opportunity, day, position).unwrap();
            prop_assert_eq!(BusinessNumber::parse(&number.to_string()), Ok(number));
            prop_assert_eq!(BusinessNumber::from_key(Numbered::Opportunity, number.key()), Some(number));
        }

        #[test]
        fn no_text_upsets_the_reader(text in "\\PC{0,20}", key in any::<i64>()) {
            let _ = BusinessNumber::parse(&text);
            let _ = BusinessNumber::from_key(Numbered::Customer, key);
        }
    }
}
