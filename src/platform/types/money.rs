//! Amounts of money (S28, S37).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{FieldCode, StringShape};

/// An amount in 分 (1/100 元, CNY).
///
/// What people enter lies between 0.00 and 9,999,999,999.99; sums may exceed that and differences may be negative.
/// In JSON it is a string in 元 with exactly two decimals; on the way in a JSON number is taken too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Money = Money(0);
    /// The most a person can enter: 9,999,999,999.99 元.
    pub const MAX_ENTERED: Money = Money(999_999_999_999);

    /// An amount of `fen` 分, as stored.
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// The amount in 分, for storing.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads 元 written plainly: digits, then at most two decimals (`500000`, `1234.5`).
    /// Refuses signs, separators, exponents and blanks; never rounds.
    pub fn parse(text: &str) -> Result<Money, FieldCode> {
        if text.is_empty() {
            return Err(FieldCode::Required);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (yuan, decimals) = digits.split_once('.').map_or((digits, None), |(yuan, decimals)| (yuan, Some(decimals)));
        if !all_digits(yuan) || !decimals.is_none_or(all_digits) {
            return Err(FieldCode::NotANumber);
        }
        let decimals = decimals.unwrap_or_default();
        if decimals.len() > 2 {
            return Err(FieldCode::TooManyDecimals);
        }
        let yuan = yuan.trim_start_matches('0');
        if negative || yuan.len() > 10 {
            return Err(out_of_range());
        }
        let fen = format!("{yuan}{decimals:0<2}");
        fen.parse().map(Money).map_err(|_| FieldCode::NotANumber)
    }

    /// Reads what stands in an imported cell: blanks around it, full-width digits, a leading `¥` and
    /// thousands separators in groups of three (`￥1,234.50`) are taken too.
    pub fn parse_lenient(text: &str) -> Result<Money, FieldCode> {
        let narrow: String = text.trim().chars().map(super::name::narrow).collect();
        let amount = narrow.trim_start_matches(['¥', '￥']).trim_start();
        let (yuan, decimals) = amount.find('.').map_or((amount, ""), |dot| amount.split_at(dot));
        if !yuan.contains(',') {
            return Money::parse(amount);
        }
        let mut groups = yuan.split(',');
        let first = groups.next().unwrap_or_default();
        if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
            return Err(FieldCode::NotANumber);
        }
        Money::parse(&format!("{}{decimals}", yuan.replace(',', "")))
    }

    /// Like [`Money::parse`], and refuses 0.00 (S28: 合同金额).
    pub fn parse_positive(text: &str) -> Result<Money, FieldCode> {
        Money::parse(text)?.positive()
    }

    /// Refuses 0.00 and less.
    pub fn positive(self) -> Result<Money, FieldCode> {
        if self.0 > 0 { Ok(self) } else { Err(FieldCode::NotPositive) }
    }

    /// The exact sum, or `None` when it exceeds what 64 bits of 分 hold.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts.into_iter().try_fold(0i64, |sum, amount| sum.checked_add(amount.0)).map(Money)
    }

    /// `percent` per cent of the amount, rounded half up to 分 (weighted pipeline).
    pub fn weighted(self, percent: i64) -> Money {
        let hundredfold = i128::from(self.0) * i128::from(percent);
        Money(saturate((hundredfold + 50).div_euclid(100)))
    }

    /// With thousands separators, as people read it: `500,000.00`.
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (yuan, decimals) = digits.split_at(digits.len() - 3);
        let mut text = String::from(sign);
        for (position, digit) in yuan.chars().enumerate() {
            if position > 0 && (yuan.len() - position).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text + decimals
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn out_of_range() -> FieldCode {
    FieldCode::OutOfRange { min: Money::ZERO.to_string(), max: Money::MAX_ENTERED.to_string() }
}

fn saturate(fen: i128) -> i64 {
    fen.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl From<i64> for Money {
    fn from(fen: i64) -> Money {
        Money(fen)
    }
}

impl From<Money> for i64 {
    fn from(money: Money) -> i64 {
        money.0
    }
}

impl Add for Money {
    type Output = Money;
    /// Exact for every sum of a million entered amounts; holds at the 64-bit end instead of wrapping.
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl std::str::FromStr for Money {
    type Err = FieldCode;
    fn from_str(text: &str) -> Result<Money, FieldCode> {
        Money::parse(text)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        from.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount such as \"500000.00\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
        Money::parse(text).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, yuan: u64) -> Result<Money, E> {
        self.visit_str(&yuan.to_string())
    }

    fn visit_i64<E: de::Error>(self, yuan: i64) -> Result<Money, E> {
        self.visit_str(&yuan.to_string())
    }

    /// The shortest decimal that means this number is what the sender wrote: within the range it has at most
    /// twelve digits, and fifteen always survive the way through a double.
    fn visit_f64<E: de::Error>(self, yuan: f64) -> Result<Money, E> {
        self.visit_str(&yuan.to_string())
    }
}

impl utoipa::PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        StringShape {
            description: "Amount in 元 with two decimals; a JSON number with at most two decimals is taken too.",
            example: "500000.00",
            format: None,
            pattern: Some(r"^-?[0-9]+(\.[0-9]{1,2})?$"),
        }
        .schema()
    }
}

impl utoipa::ToSchema for Money {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(text: &str) -> Result<Money, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    // S37
    #[test]
    fn plain_amounts_are_read_to_the_fen() {
        for (text, fen) in [
            ("0", 0),
            ("0.00", 0),
            ("0.1", 10),
            ("0.01", 1),
            ("500000", 50_000_000),
            ("1234.5", 123_450),
            ("007.30", 730),
            ("9999999999.99", 999_999_999_999),
        ] {
            assert_eq!(Money::parse(text), Ok(Money(fen)), "{text}");
            assert_eq!(json(&format!("\"{text}\"")), Ok(Money(fen)), "{text}");
        }
    }

    // S37
    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let range = out_of_range();
        for (text, code) in [
            ("", FieldCode::Required),
            ("12.345", FieldCode::TooManyDecimals),
            ("12.340", FieldCode::TooManyDecimals),
            ("-1", range.clone()),
            ("-0", range.clone()),
            ("10000000000", range.clone()),
            ("99999999999999999999999999", range.clone()),
            ("五万", FieldCode::NotANumber),
            ("1,234.50", FieldCode::NotANumber),
            ("1e3", FieldCode::NotANumber),
            ("+1", FieldCode::NotANumber),
            ("--1", FieldCode::NotANumber),
            (" 1", FieldCode::NotANumber),
            ("1 ", FieldCode::NotANumber),
            (".5", FieldCode::NotANumber),
            ("5.", FieldCode::NotANumber),
            (".", FieldCode::NotANumber),
            ("1.2.3", FieldCode::NotANumber),
            ("0x10", FieldCode::NotANumber),
            ("NaN", FieldCode::NotANumber),
            ("inf", FieldCode::NotANumber),
            ("１２", FieldCode::NotANumber),
            ("¥5", FieldCode::NotANumber),
        ] {
            assert_eq!(Money::parse(text), Err(code), "{text}");
        }
    }

    #[test]
    fn json_numbers_are_read_exactly() {
        assert_eq!(json("500000"), Ok(Money(50_000_000)));
        assert_eq!(json("1234.5"), Ok(Money(123_450)));
        assert_eq!(json("0.29"), Ok(Money(29)));
        assert_eq!(json("9999999999.99"), Ok(Money::MAX_ENTERED));
        for refused in ["12.345", "-1", "-0.01", "1e300", "1e-3", "true", "null", "[]", "{}", "10000000000"] {
            assert!(json(refused).is_err(), "{refused}");
        }
        assert!(json("12.345").is_err_and(|error| error.starts_with("TOO_MANY_DECIMALS")));
    }

    #[test]
    fn imports_take_separators_and_currency_signs() {
        for (text, fen) in
            [("1,234.50", 123_450), (" ￥1,234,567 ", 123_456_700), ("¥ 12.3", 1230), ("１２，３４５．６", 1_234_560), ("999", 99_900)]
        {
            assert_eq!(Money::parse_lenient(text), Ok(Money(fen)), "{text}");
        }
        for refused in ["1,23", "12,34,567", "1234,567", ",123", "1,234,", "1,234.5,0", "五万", "5万", "1,234.567", "-1,000", ""] {
            assert!(Money::parse_lenient(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn contract_amounts_are_positive() {
        // S28
        assert_eq!(Money::parse_positive("0.01"), Ok(Money(1)));
        assert_eq!(Money::parse_positive("0.00"), Err(FieldCode::NotPositive));
    }

    // S37
    #[test]
    fn sums_are_exact() {
        assert_eq!(Money(10) + Money(20), Money(30));
        assert_eq!([Money(10), Money(20)].into_iter().sum::<Money>(), Money(30));
        assert_eq!(Money::checked_sum([Money(i64::MAX), Money(1)]), None);
        assert_eq!((Money(10) - Money(30)).to_string(), "-0.20");
    }

    #[test]
    fn weighting_rounds_half_up() {
        for (fen, percent, weighted) in [
            (100, 25, 25),
            (1, 50, 1),
            (1, 49, 0),
            (3, 50, 2),
            (999_999_999_999, 100, 999_999_999_999),
            (333, 10, 33),
            (335, 10, 34),
            (5, 0, 0),
        ] {
            assert_eq!(Money(fen).weighted(percent), Money(weighted), "{fen} × {percent} %");
        }
    }

    #[test]
    fn people_read_it_in_groups() {
        for (fen, text) in
            [(50_000_000, "500,000.00"), (99_999, "999.99"), (100_000, "1,000.00"), (0, "0.00"), (-123_456_789, "-1,234,567.89")]
        {
            assert_eq!(Money(fen).grouped(), text);
        }
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(fen in 0..=999_999_999_999i64) {
            let money = Money(fen);
            prop_assert_eq!(Money::parse(&money.to_string()), Ok(money));
            prop_assert_eq!(Money::parse_lenient(&money.grouped()), Ok(money));
            let text = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), money);
            let as_number = text.trim_matches('"');
            prop_assert_eq!(serde_json::from_str::<Money>(as_number).unwrap(), money);
        }

        #[test]
        fn no_text_upsets_the_reader(text in "\\PC{0,20}") {
            let _ = Money::parse(&text);
            let _ = Money::parse_lenient(&text);
        }
    }
}
