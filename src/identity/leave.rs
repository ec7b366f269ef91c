//! Leave (休假): its first and its last day (S65). Days that have passed stay, so that the past is judged by who was there then.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Fields, Result};
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;

/// A leave is entered at most so many days after it began.
const LONGEST_BACK: i64 = 366;

/// A leave that was over before it was entered is a slip of the pen.
const LEAVE_OVER: FieldCode =
    FieldCode::Rule {
        code: "LEAVE_OVER", zh: "休假截止日期不能早于今天", en: "The last day of the leave must be today or later"
    };

const LEAVE_BACKWARDS: FieldCode = FieldCode::Rule {
    code: "LEAVE_BACKWARDS",
    zh: "休假开始日期不能晚于截止日期",
    en: "The first day of the leave cannot be later than the last",
};

/// The first and the last day.
pub type Days = (Day, Day);

/// From when until when somebody is on leave.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Leave {
    /// The first day; today when left out, or that of the leave there is.
    pub on_leave_from: Given<Day>,
    /// The last day, today or later; null when back.
    pub on_leave_until: Given<Day>,
}

/// What is wished on top of the leave there is, the one under way or ahead: `None` when nothing changes, `Some(None)` for somebody
/// who is back.
pub(super) fn judge(work: &mut Work, user_id: i64, wish: &Leave, fields: &mut Fields) -> Result<Option<Option<Days>>> {
    let current = current(work, user_id)?;
    Ok(wished(wish, current, work.today(), fields))
}

fn wished(wish: &Leave, current: Option<Days>, today: Day, fields: &mut Fields) -> Option<Option<Days>> {
    if !wish.on_leave_from.is_given() && !wish.on_leave_until.is_given() {
        return None;
    }
    let until = wish.on_leave_until.clone().and_then(|day| if day >= today { Ok(day) } else { Err(LEAVE_OVER) });
    let earliest = today.add_days(-LONGEST_BACK);
    let from = wish.on_leave_from.clone().and_then(|day| {
        if day >= earliest { Ok(day) } else { Err(FieldCode::OutOfRange { min: earliest.to_string(), max: "9999-12-31".into() }) }
    });
    let before = fields.iter().count();
    let (from, until) = (from.change("on_leave_from", fields), until.change("on_leave_until", fields));
    if fields.iter().count() > before {
        return None;
    }
    let last = match (until, current) {
        (Some(None), _) => {
            if from.flatten().is_some() {
                fields.add("on_leave_until", FieldCode::Required);
                return None;
            }
            return current.map(|_| None);
        }
        (Some(Some(last)), _) => last,
        (None, Some((_, last))) => last,
        (None, None) => {
            fields.add("on_leave_until", FieldCode::Required);
            return None;
        }
    };
    let first = from.flatten().or(current.map(|(first, _)| first).filter(|first| from.is_none() && *first <= last)).unwrap_or(today);
    if first > last {
        fields.add("on_leave_from", LEAVE_BACKWARDS);
        return None;
    }
    (current != Some((first, last))).then_some(Some((first, last)))
}

/// The leave that is under way or lies ahead; there is one at most.
fn current(work: &mut Work, user_id: i64) -> Result<Option<Days>> {
    let today = work.today();
    sql("select starts_on, ends_on from leaves where user_id = $1 and ends_on >= $2 order by ends_on limit 1")
        .bind(user_id)
        .bind(today)
        .maybe(work)
}

/// Enters a leave in place of the one under way or ahead. Days already away stay, unless the new leave says since when it really was.
pub(super) fn set(work: &mut Work, user_id: i64, days: Option<Days>) -> Result<()> {
    let today = work.today();
    let corrects = days.is_some_and(|(first, _)| first <= today);
    sql("delete from leaves where user_id = $1 and ends_on >= $2 and (starts_on >= $2 or $3)")
        .bind(user_id)
        .bind(today)
        .bind(corrects)
        .run(work)?;
    cut(work, user_id, today)?;
    let Some((first, last)) = days else { return Ok(()) };
    sql("delete from leaves where user_id = $1 and starts_on >= $2").bind(user_id).bind(first).run(work)?;
    cut(work, user_id, first)?;
    sql("insert into leaves (user_id, starts_on, ends_on) values ($1, $2, $3)").bind(user_id).bind(first).bind(last).run(work)?;
    Ok(())
}

/// Ends what reaches this day on the day before it.
fn cut(work: &mut Work, user_id: i64, day: Day) -> Result<()> {
    sql("update leaves set ends_on = $3 where user_id = $1 and ends_on >= $2").bind(user_id).bind(day).bind(day.add_days(-1)).run(work)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn wish(from: Option<&str>, until: Option<&str>) -> Leave {
        let given = |text: Option<&str>| match text {
            None => Given::Absent,
            Some("") => Given::Null,
            Some(text) => Given::Value(day(text)),
        };
        Leave { on_leave_from: given(from), on_leave_until: given(until) }
    }

    fn judged(from: Option<&str>, until: Option<&str>, current: Option<(&str, &str)>) -> Result<Option<Option<Days>>, Vec<String>> {
        let mut fields = Fields::default();
        let current = current.map(|(first, last)| (day(first), day(last)));
        let wished = wished(&wish(from, until), current, day("2024-03-18"), &mut fields);
        if fields.is_empty() { Ok(wished) } else { Err(fields.iter().map(|(field, _)| field.to_owned()).collect()) }
    }

    // S65: the last day is today at the earliest, the first one not behind it; what is left out follows from the leave there is.
    #[test]
    fn a_leave_has_a_first_and_a_last_day() {
        let days = |first, last| Ok(Some(Some((day(first), day(last)))));
        assert_eq!(judged(None, None, None), Ok(None));
        assert_eq!(judged(None, Some("2024-03-18"), None), days("2024-03-18", "2024-03-18"));
        assert_eq!(judged(Some("2024-04-01"), Some("2024-04-03"), None), days("2024-04-01", "2024-04-03"));
        assert_eq!(judged(Some("2024-03-11"), Some("2024-03-20"), None), days("2024-03-11", "2024-03-20"));
        assert_eq!(judged(None, Some("2024-03-25"), Some(("2024-03-11", "2024-03-20"))), days("2024-03-11", "2024-03-25"));
        assert_eq!(judged(Some("2024-03-12"), None, Some(("2024-03-11", "2024-03-20"))), days("2024-03-12", "2024-03-20"));
        assert_eq!(judged(None, Some("2024-03-20"), Some(("2024-03-11", "2024-03-20"))), Ok(None));
        assert_eq!(judged(None, Some(""), Some(("2024-03-11", "2024-03-20"))), Ok(Some(None)));
        assert_eq!(judged(None, Some(""), None), Ok(None));
        let wrong = |field: &str| Err(vec![field.to_owned()]);
        assert_eq!(judged(None, Some("2024-03-17"), None), wrong("on_leave_until"));
        assert_eq!(judged(Some("2024-03-20"), Some("2024-03-19"), None), wrong("on_leave_from"));
        assert_eq!(judged(Some("2024-03-20"), None, None), wrong("on_leave_until"));
        assert_eq!(judged(Some("2024-03-20"), Some(""), None), wrong("on_leave_until"));
        assert_eq!(judged(Some("2023-03-17"), Some("2024-03-19"), None), wrong("on_leave_from"));
    }
}
