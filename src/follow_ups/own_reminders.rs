//! The reminders somebody wants besides the one a day ahead (I13).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::platform::draft::Input;
use crate::platform::types::{FieldCode, Instant};
use crate::stored_as;

/// At most so many.
const AT_MOST: usize = 3;
/// From a quarter of an hour to a week ahead, minutes.
const SHORTEST: i64 = 15;
const LONGEST: i64 = 7 * 24 * 60;
/// The one a day ahead comes anyway (S45).
const A_DAY: i64 = 24 * 60;

/// Minutes before the start, the longest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnReminders(Vec<i64>);

stored_as!(OwnReminders, String, |text| serde_json::from_str(&text).ok(), |own| serde_json::json!(own).to_string());

impl OwnReminders {
    /// Judges what was asked for.
    pub fn new(mut minutes: Vec<i64>) -> Result<OwnReminders, FieldCode> {
        if minutes.len() > AT_MOST {
            return Err(FieldCode::TooMany { max: AT_MOST });
        }
        if minutes.iter().any(|ahead| !(SHORTEST..=LONGEST).contains(ahead)) {
            return Err(FieldCode::OutOfRange { min: SHORTEST.to_string(), max: LONGEST.to_string() });
        }
        if minutes.contains(&A_DAY) {
            return Err(FieldCode::Rule {
                code: "A_DAY_AHEAD_IS_FIXED",
                zh: "提前1天的提醒始终会发送，无需添加",
                en: "The reminder a day ahead comes anyway",
            });
        }
        minutes.sort_unstable_by(|one, other| other.cmp(one));
        let count = minutes.len();
        minutes.dedup();
        if minutes.len() < count { Err(FieldCode::Duplicate) } else { Ok(OwnReminders(minutes)) }
    }

    /// Minutes ahead, the longest first.
    pub fn minutes(&self) -> &[i64] {
        &self.0
    }

    /// When one of them is due.
    pub fn due(starts_at: Instant, minutes: i64) -> Instant {
        starts_at.plus_ms(-minutes * 60_000)
    }
}

impl Input for OwnReminders {
    fn from_json(value: Value) -> Result<OwnReminders, FieldCode> {
        Vec::<i64>::from_json(value).and_then(OwnReminders::new)
    }

    fn from_text(_: &str) -> Result<OwnReminders, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// `15 分钟`, `2 小时`, `3 天`, as people say it.
pub fn ahead_in_words(minutes: i64) -> (String, String) {
    match minutes {
        days if days % A_DAY == 0 => (format!("{}天", days / A_DAY), format!("{} d", days / A_DAY)),
        hours if hours % 60 == 0 => (format!("{}小时", hours / 60), format!("{} h", hours / 60)),
        minutes => (format!("{minutes}分钟"), format!("{minutes} min")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // I13
    #[test]
    fn up_to_three_from_a_quarter_of_an_hour_to_a_week() {
        assert_eq!(OwnReminders::new(vec![15, 10_080, 60]).unwrap().minutes(), [10_080, 60, 15]);
        assert!(OwnReminders::new(Vec::new()).unwrap().minutes().is_empty());
        let code = |minutes: Vec<i64>| OwnReminders::new(minutes).unwrap_err().code();
        assert_eq!(code(vec![15, 30, 45, 60]), "TOO_MANY");
        assert_eq!(code(vec![14]), "OUT_OF_RANGE");
        assert_eq!(code(vec![10_081]), "OUT_OF_RANGE");
        assert_eq!(code(vec![30, 30]), "DUPLICATE");
        assert_eq!(code(vec![1_440]), "A_DAY_AHEAD_IS_FIXED");
    }

    #[test]
    fn times_ahead_are_said_as_people_say_them() {
        assert_eq!(ahead_in_words(15).0, "15分钟");
        assert_eq!(ahead_in_words(90).0, "90分钟");
        assert_eq!(ahead_in_words(120).0, "2小时");
        assert_eq!(ahead_in_words(4_320), ("3天".to_owned(), "3 d".to_owned()));
    }
}
