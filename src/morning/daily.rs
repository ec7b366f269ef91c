//! The work of the day, on working days at 08:30: plans, tasks due and overdue; who has none hears nothing (I14).
//!
//! It goes out over e-mail and bots alone: within the product "my day" says the same.

use serde_json::json;

use super::{settings, store};
use crate::channels;
use crate::error::Result;
use crate::notifications::{Notice, NoticeKind};
use crate::platform::types::{BusinessZone, Day, Instant};
use crate::platform::work::Work;
use crate::settings::holidays;

/// So many people in one step.
const STEP: i64 = 50;
/// So many lines of each kind.
const LINES: usize = 10;
/// A server that comes back later than this in the day lets it be.
const UNTIL_HOUR: i8 = 12;

/// Tells the next people; answers where to go on.
pub fn tell(work: &mut Work, after: &str) -> Result<Option<String>> {
    let today = work.today();
    let too_late = work.now() > Instant::at(today, UNTIL_HOUR, 0, work.zone());
    if too_late || !settings::get(work)?.daily_work || !holidays::is_working_day(work, today)? {
        return Ok(None);
    }
    let people = store::people(work, after.parse().unwrap_or(0), STEP)?;
    for &person in &people {
        tell_one(work, person, today)?;
    }
    Ok(people.last().filter(|_| people.len() as i64 == STEP).map(i64::to_string))
}

fn tell_one(work: &mut Work, person: i64, today: Day) -> Result<()> {
    let tasks = store::tasks_due(work, person, today)?;
    let zone = work.zone().clone();
    let plans = store::plans_of_day(work, person, Instant::start_of(today, &zone), Instant::end_of(today, &zone))?;
    if tasks.is_empty() && plans.is_empty() {
        return Ok(());
    }
    let (overdue, due): (Vec<_>, Vec<_>) = tasks.into_iter().partition(|(due_on, _)| *due_on < today);
    let mut lines: Vec<String> = plans.iter().take(LINES).map(|(at, customer, content)| plan_line(*at, customer, content, &zone)).collect();
    lines.extend(due.iter().take(LINES).map(|(_, content)| format!("☐ {content}")));
    lines.extend(overdue.iter().take(LINES).map(|(due_on, content)| format!("⚠ {due_on} {content}")));
    let detail = json!({ "plans": plans.len(), "due": due.len(), "overdue": overdue.len(), "lines": lines.join("\n") });
    let mut notice = Notice::new(person, NoticeKind::DailyWork, detail, "/".into());
    notice.about = ("user", person);
    notice.due_at = Some(work.now());
    channels::post(work, &notice.message(format!("daily {person} {today}"), work.now()))
}

fn plan_line(at: Instant, customer: &str, content: &str, zone: &BusinessZone) -> String {
    format!("{} {customer}：{content}", zone.wall(at).1.strftime("%H:%M"))
}
