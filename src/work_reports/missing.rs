//! Who has not submitted a report, and who wants to be reminded of the own one (I35).

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{Period, ReportKind};
use super::store;
use crate::error::{Error, Fields, Result};
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::draft::Given;
use crate::platform::page::any_of;
use crate::platform::types::{Day, Instant};
use crate::platform::work::{Reach, Work};
use crate::row;
use crate::settings::holidays;

/// The hour of the reminder.
pub const HOUR: i8 = 18;
/// So many people in one step.
const STEP: i64 = 100;

/// Who is at work on one of these days at least, and so expected to report: the one place that says so. Several leaves may cover the
/// days together. The person is `u`.
fn at_work(days: &[Day]) -> Predicate {
    let there = |day: &Day| {
        let text = "not exists (select 1 from leaves l where l.user_id = u.id and l.starts_on <= $1 and l.ends_on >= $1)";
        Predicate::new(text, vec![day.to_string().into()])
    };
    let reporting = Predicate::new("u.status = 'active' and u.role in ('sales', 'sales_manager')", Vec::new());
    Predicate::all([reporting, Predicate::any(days.iter().map(there))])
}

row! {
    /// Somebody whose report is missing.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct MissingPerson {
        /// The person.
        pub user_id: i64 = "u.id",
        /// The person's name.
        pub name: String = "u.name",
        /// One of his or her teams.
        pub team_name: Option<String> = "(select min(t.name) from team_members m join teams t on t.id = m.team_id where m.user_id = u.id)",
    }
}

/// Who has not submitted the report about some days, within the reader's reach.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissingReports {
    /// `daily`, `weekly` or `monthly`.
    #[schema(value_type = String)]
    pub kind: ReportKind,
    /// The first day.
    pub starts_on: Day,
    /// The last day.
    pub ends_on: Day,
    /// False when nobody works on these days: then nobody is missing.
    pub is_working: bool,
    /// From how many people a report is expected.
    pub expected: i64,
    /// How many of them have submitted it.
    pub submitted: i64,
    /// The others, at most 500.
    pub items: Vec<MissingPerson>,
}

/// The list of who has not submitted; nobody on days off.
pub fn list(work: &mut Work, kind: ReportKind, on: Day) -> Result<MissingReports> {
    let period = kind.around(on);
    let marked = holidays::between(work, period.first, period.last)?;
    let days = (0..=period.first.days_until(period.last)).map(|count| period.first.add_days(count));
    let days: Vec<Day> = days.filter(|day| holidays::is_workday(*day, &marked)).collect();
    let (expected, missing, items) = match days.is_empty() {
        false => (expected(work, period, &days)?, missing_count(work, kind, period, &days)?, absent(work, kind, period, &days)?),
        true => (0, 0, Vec::new()),
    };
    Ok(MissingReports {
        kind,
        starts_on: period.first,
        ends_on: period.last,
        is_working: !days.is_empty(),
        expected,
        submitted: expected - missing,
        items,
    })
}

/// People within the caller's reach.
fn within(work: &Work) -> Predicate {
    match &work.actor.reach {
        Reach::All => Predicate::new("true", Vec::new()),
        Reach::Own => Predicate::new("u.id = $1", vec![work.actor.user_id.into()]),
        Reach::Teams(teams) => {
            let among = any_of("m.team_id", teams.iter().copied().map(Value::Int).collect());
            let own = Predicate::new("m.user_id = u.id", Vec::new());
            let Predicate { text, binds } = Predicate::all([own, among]);
            Predicate { text: format!("exists (select 1 from team_members m where {text})"), binds }
        }
    }
}

fn expected(work: &mut Work, period: Period, days: &[Day]) -> Result<i64> {
    let (within, end) = (within(work), Instant::end_of(period.last, work.zone()));
    sql("select count(*) from users u where {at_work} and u.created_at <= $1 and {within}")
        .bind(end)
        .part("at_work", &at_work(days))
        .part("within", &within)
        .one(work)
}

fn missing_count(work: &mut Work, kind: ReportKind, period: Period, days: &[Day]) -> Result<i64> {
    let (within, end) = (within(work), Instant::end_of(period.last, work.zone()));
    sql("select count(*) from users u where {at_work} and u.created_at <= $1 and {within} and not exists (
           select 1 from work_reports w where w.author_id = u.id and w.kind = $2 and w.starts_on = $3 and w.state = 'submitted')")
    .bind(end)
    .bind(kind)
    .bind(period.first)
    .part("at_work", &at_work(days))
    .part("within", &within)
    .one(work)
}

fn absent(work: &mut Work, kind: ReportKind, period: Period, days: &[Day]) -> Result<Vec<MissingPerson>> {
    let (within, end) = (within(work), Instant::end_of(period.last, work.zone()));
    sql("select {columns} from users u where {at_work} and u.created_at <= $1 and {within} and not exists (
           select 1 from work_reports w where w.author_id = u.id and w.kind = $2 and w.starts_on = $3 and w.state = 'submitted')
         order by u.name_key, u.id limit 500")
    .bind(end)
    .bind(kind)
    .bind(period.first)
    .part("at_work", &at_work(days))
    .part("within", &within)
    .all(work)
}

/// Whether one is reminded in the evening of a working day without a daily report.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ReportReminder {
    /// Off unless one wants it.
    pub enabled: bool,
}

/// The wish to be reminded, or not.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReportReminderDraft {
    /// Required.
    pub enabled: Given<bool>,
}

/// Whether the caller is reminded.
pub fn reminder(work: &mut Work) -> Result<ReportReminder> {
    Ok(ReportReminder { enabled: store::wants_reminder(work)? })
}

/// Turns the caller's reminder on or off.
pub fn set_reminder(work: &mut Work, draft: &ReportReminderDraft) -> Result<ReportReminder> {
    let mut fields = Fields::default();
    let enabled = draft.enabled.clone().required("enabled", &mut fields).ok_or(Error::Invalid(fields))?;
    store::want_reminder(work, enabled)?;
    reminder(work)
}

/// Reminds the next people who want it and have not submitted today's report; answers where to go on.
pub fn remind(work: &mut Work, after: &str) -> Result<Option<String>> {
    let today = work.today();
    // A server that comes back the next morning has nothing to remind of.
    if work.now() < Instant::at(today, HOUR, 0, work.zone()) || !holidays::is_working_day(work, today)? {
        return Ok(None);
    }
    let people: Vec<i64> = sql(
        "select u.id from work_report_reminders r join users u on u.id = r.user_id where u.id > $1 and {at_work} order by u.id limit $2",
    )
    .bind(after.parse::<i64>().unwrap_or(0))
    .bind(STEP)
    .part("at_work", &at_work(&[today]))
    .all(work)?;
    for &person in &people {
        if store::is_submitted(work, person, ReportKind::Daily, today)? {
            continue;
        }
        let link = format!("/work-reports?kind=daily&on={today}&write=true");
        let mut notice = Notice::new(person, NoticeKind::WorkReportMissing, json!({ "day": today }), link);
        notice.about = ("user", person);
        notice.dedupe_key = Some(format!("work report {person} {today}"));
        notifications::send(work, &notice)?;
    }
    Ok(people.last().filter(|_| people.len() as i64 == STEP).map(i64::to_string))
}
