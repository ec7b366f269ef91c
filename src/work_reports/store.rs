use super::model::{Kept, Parts, Period, ReportKind, ReportState};
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Scope, Sort, Turn, Walk};
use crate::platform::types::Day;
use crate::platform::work::{Reach, Work};

/// Reports run from the last days to the first.
pub const LATEST_FIRST: Sort = Sort { name: "starts_on", column: "w.starts_on", descending: true };

/// The reports of more teams than these are judged row by row along the days.
const TEAMS_WALKED: usize = 20;

const SOURCE: &str = "join users u on u.id = w.author_id left join teams t on t.id = w.team_id left join users l on l.id = w.manager_id";

fn seen(work: &Work) -> Predicate {
    scope::predicate(work, Owned::WorkReports, Right::Read)
}

/// The same for a list: what is one's own, what was submitted to oneself, and what each team submitted, each along its own index.
fn scope_of_list(work: &Work) -> Scope {
    let (whole, me) = (seen(work), work.actor.user_id);
    let teams: &[i64] = match &work.actor.reach {
        Reach::Own => &[],
        Reach::Teams(teams) if teams.len() <= TEAMS_WALKED => teams,
        Reach::Teams(_) | Reach::All => return Scope::same(whole),
    };
    if !work.actor.may("write_work_reports") {
        return Scope::same(whole);
    }
    let submitted = |column: &str, id: i64| Predicate::new(format!("w.state = 'submitted' and {column} = $1"), vec![Value::Int(id)]);
    let mut walks = vec![Predicate::new("w.author_id = $1", vec![Value::Int(me)]), submitted("w.manager_id", me)];
    walks.extend(teams.iter().map(|team| submitted("w.team_id", *team)));
    Scope { by_row: whole.clone(), whole, walks: walks.into_iter().map(Walk::from).collect(), apart: Vec::new() }
}

pub fn page(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<Kept>> {
    let scope = scope_of_list(work);
    List::of("work_reports w", "w", "", scope, filters).fetch(work, turn, &format!("join work_reports w on w.id = page.id {SOURCE}"))
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let seen = seen(work);
    sql(format!("select {{columns}} from work_reports w {SOURCE} where w.id = $1 and {{seen}}")).bind(id).part("seen", &seen).maybe(work)
}

/// The caller's own report about these days.
pub fn own(work: &mut Work, kind: ReportKind, period: Period) -> Result<Option<i64>> {
    let me = work.actor.user_id;
    sql("select id from work_reports where author_id = $1 and kind = $2 and starts_on = $3")
        .bind(me)
        .bind(kind)
        .bind(period.first)
        .maybe(work)
}

pub fn insert(work: &mut Work, kind: ReportKind, period: Period, parts: &Parts) -> Result<i64> {
    let (now, me, team) = (work.now(), work.actor.user_id, work.actor.team_id);
    sql("insert into work_reports (kind, starts_on, ends_on, author_id, team_id, done, problems, plan, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) returning id")
    .bind(kind)
    .bind(period.first)
    .bind(period.last)
    .bind(me)
    .bind(team.unwrap_or(0))
    .bind(parts.done.as_str())
    .bind(parts.problems.as_str())
    .bind(parts.plan.as_str())
    .bind(now)
    .one(work)
    .map_err(|error: Error| error.when_not_unique("work_reports.author_id", || Error::LostRace))
}

pub fn update(work: &mut Work, id: i64, version: i64, parts: &Parts) -> Result<()> {
    let now = work.now();
    let touched = sql("update work_reports set done = $3, problems = $4, plan = $5, updated_at = $6, version = version + 1
                       where id = $1 and version = $2 and state = 'draft'")
    .bind(id)
    .bind(version)
    .bind(parts.done.as_str())
    .bind(parts.problems.as_str())
    .bind(parts.plan.as_str())
    .bind(now)
    .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

/// Sends a report with the figures it has from now on.
pub fn submit(work: &mut Work, id: i64, version: i64, manager: i64, figures: &str) -> Result<()> {
    let now = work.now();
    let touched =
        sql("update work_reports set state = $3, manager_id = $4, figures = $5, submitted_at = $6, updated_at = $6, version = version + 1
                       where id = $1 and version = $2 and state = 'draft'")
        .bind(id)
        .bind(version)
        .bind(ReportState::Submitted)
        .bind(manager)
        .bind(figures)
        .bind(now)
        .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

/// The team a report was written in; 0 for none.
pub fn team_of(work: &mut Work, id: i64) -> Result<i64> {
    sql("select team_id from work_reports where id = $1").bind(id).one(work)
}

/// The caller's own reports, or those of others.
pub fn mine(work: &Work, mine: bool) -> Predicate {
    let sign = if mine { "=" } else { "<>" };
    Predicate::new(format!("w.author_id {sign} $1"), vec![work.actor.user_id.into()])
}

/// Whether somebody has submitted the report about these days.
pub fn is_submitted(work: &mut Work, author: i64, kind: ReportKind, first: Day) -> Result<bool> {
    let found: Option<i64> =
        sql("select id from work_reports where author_id = $1 and kind = $2 and starts_on = $3 and state = 'submitted'")
            .bind(author)
            .bind(kind)
            .bind(first)
            .maybe(work)?;
    Ok(found.is_some())
}

pub fn wants_reminder(work: &mut Work) -> Result<bool> {
    let me = work.actor.user_id;
    let found: Option<i64> = sql("select user_id from work_report_reminders where user_id = $1").bind(me).maybe(work)?;
    Ok(found.is_some())
}

pub fn want_reminder(work: &mut Work, wanted: bool) -> Result<()> {
    let me = work.actor.user_id;
    let text = if wanted {
        "insert into work_report_reminders (user_id) values ($1) on conflict (user_id) do nothing"
    } else {
        "delete from work_report_reminders where user_id = $1"
    };
    sql(text).bind(me).run(work)?;
    Ok(())
}
