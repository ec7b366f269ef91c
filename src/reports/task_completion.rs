//! 任务完成: what was due in a period, and what became of it (I9). Every number is asked of the task list's own filter, so that the
//! list behind it has the same rows.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::ask::{Ask, Pairs, ReportQuery};
use super::model::{By, Cell, Definition, Report, Row, Shape};
use super::sheet::{blank, column, names};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_ups::model::Bound;
use crate::identity::{Caller, can};
use crate::platform::draft::Choice;
use crate::platform::http::{Json, Many, One, Query, query};
use crate::platform::routes::routes;
use crate::platform::types::Day;
use crate::platform::work::Work;
use crate::settings::{self, Kind};
use crate::tasks::{TaskFilter, model::Outcome};
use crate::words;

words! {
    /// What 任务完成 is sliced by.
    pub enum TaskSlice {
        /// 人员
        Owner = "owner",
        /// 团队
        Team = "team",
        /// 任务类型
        Kind = "kind",
    }
}

/// What 任务完成 is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TaskCompletionQuery {
    /// First day; the first of this month when left out.
    #[param(value_type = Option<String>)]
    from: One<Day>,
    /// Last day; the last of this month when left out.
    #[param(value_type = Option<String>)]
    to: One<Day>,
    /// Teams of the tasks, any of.
    #[param(value_type = Option<Vec<i64>>)]
    team_id: Many<i64>,
    /// Assignees, any of.
    #[param(value_type = Option<Vec<i64>>)]
    owner_id: Many<i64>,
    /// Regions of the customers, any of.
    #[param(value_type = Option<Vec<String>>)]
    region: Many<Choice>,
    /// Industries of the customers, any of.
    #[param(value_type = Option<Vec<String>>)]
    industry: Many<Choice>,
    /// Sources of the customers, any of.
    #[param(value_type = Option<Vec<String>>)]
    source_channel: Many<Choice>,
    /// Tags of the customers, any of.
    #[param(value_type = Option<Vec<String>>)]
    tag: Many<Choice>,
    /// Keys of the dictionary `task_kind`, any of.
    #[param(value_type = Option<Vec<String>>)]
    kind: Many<String>,
    /// 截至: a moment that has passed, or a day for its end; the figures are those of then. Now when left out.
    #[param(value_type = Option<String>)]
    as_of: One<Bound>,
    /// `owner` (the default), `team`, `kind`.
    #[param(value_type = Option<String>)]
    group_by: One<TaskSlice>,
}

impl TaskCompletionQuery {
    /// Judges it: what every report is asked, the kinds of tasks, and the slices.
    pub fn check(self, work: &mut Work) -> Result<(Ask, Vec<String>, TaskSlice)> {
        let mut kinds = Vec::new();
        for key in self.kind.get("kind")? {
            let found = settings::choose_key(work, Kind::TaskKind, &key, Some(&key))?;
            kinds.push(found.map_err(|code| Error::field("kind", code))?.key);
        }
        let by = self.group_by.get("group_by")?.unwrap_or(TaskSlice::Owner);
        let plain = ReportQuery {
            from: self.from,
            to: self.to,
            team_id: self.team_id,
            owner_id: self.owner_id,
            region: self.region,
            industry: self.industry,
            source_channel: self.source_channel,
            tag: self.tag,
            as_of: self.as_of,
            ..ReportQuery::default()
        };
        Ok((plain.check(work)?, kinds, by))
    }
}

/// The columns that count, in their order.
const OUTCOMES: [Outcome; 4] = [Outcome::Planned, Outcome::OnTime, Outcome::Late, Outcome::Overdue];

/// The routes of this report.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(task_completion))
}

/// What became of the tasks that were due (I9).
#[utoipa::path(get, path = "/reports/task-completion", tag = "reports", params(TaskCompletionQuery), responses((status = 200, body = Report)))]
async fn task_completion(caller: Caller<can::ViewReports>, Query(query): Query<TaskCompletionQuery>) -> Result<Json<Report>> {
    caller.report(move |work| report(work, query)).await.map(Json)
}

/// The tasks that were due in the period.
pub fn report(work: &mut Work, asked: TaskCompletionQuery) -> Result<Report> {
    let (ask, kinds, by) = asked.check(work)?;
    let mut total = [0; OUTCOMES.len()];
    let mut rows: BTreeMap<String, [i64; OUTCOMES.len()]> = BTreeMap::new();
    for (place, outcome) in OUTCOMES.into_iter().enumerate() {
        let filter = || query::<TaskFilter>(&text_of(&pairs_of(&ask, &kinds, outcome)));
        total[place] = filter()?.list(work)?.aggregate::<i64>(work, "count(*)")?;
        for (key, count) in slices(work, filter()?, by)? {
            rows.entry(key).or_default()[place] = count;
        }
    }
    let named = names_of(work, by, rows.keys())?;
    let columns = vec![
        column(work, "due", ("到期任务", "Due"), Shape::Count),
        column(work, "on_time", ("按时完成", "Done on time"), Shape::Count),
        column(work, "late", ("逾期完成", "Done late"), Shape::Count),
        column(work, "overdue", ("逾期未完成", "Open and overdue"), Shape::Count),
        column(work, "rate", ("按时完成率", "On-time rate"), Shape::Rate),
    ];
    let rows = rows.into_iter().map(|(key, counts)| Row {
        name: named.get(&key).cloned(),
        cells: cells(&ask, &kinds, &counts, Some((by, &key))),
        key,
    });
    let mut rows: Vec<Row> = rows.collect();
    // Who has most to do stands first.
    rows.sort_by_key(|row| (-row.cells[0].count.unwrap_or(0), row.key.clone()));
    let all = cells(&ask, &kinds, &total, None);
    let told = definition(work);
    let group_by = match by {
        TaskSlice::Owner => Some(By::Owner),
        TaskSlice::Team => Some(By::Team),
        TaskSlice::Kind => None,
    };
    Ok(Report { group_by, ..blank(work, &ask, told, columns, rows, all) })
}

/// The parameters of the list of one number.
fn pairs_of(ask: &Ask, kinds: &[String], outcome: Outcome) -> Pairs {
    let mut pairs: Pairs = vec![("due_from", ask.from.to_string()), ("due_to", ask.to.to_string()), ("outcome", outcome.word().to_owned())];
    pairs.extend(ask.teams.iter().map(|id| ("team_id", id.to_string())));
    pairs.extend(ask.owners.iter().map(|id| ("assignee_id", id.to_string())));
    pairs.extend(kinds.iter().map(|key| ("kind", key.clone())));
    pairs.extend(ask.customer.iter().cloned());
    pairs
}

fn text_of(pairs: &Pairs) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// How many stand in each slice; those without a team under 0.
fn slices(work: &mut Work, filter: TaskFilter, by: TaskSlice) -> Result<Vec<(String, i64)>> {
    let list = filter.list(work)?;
    let by_id = |rows: Vec<(Option<i64>, i64)>| rows.into_iter().map(|(id, count)| (id.unwrap_or(0).to_string(), count)).collect();
    match by {
        TaskSlice::Owner => list.grouped(work, "t.assignee_id", "count(*)").map(by_id),
        TaskSlice::Team => list.grouped(work, "t.team_id", "count(*)").map(by_id),
        TaskSlice::Kind => list.grouped(work, "t.kind", "count(*)"),
    }
}

fn names_of<'k>(work: &mut Work, by: TaskSlice, keys: impl Iterator<Item = &'k String>) -> Result<BTreeMap<String, String>> {
    let slice = match by {
        TaskSlice::Owner => By::Owner,
        TaskSlice::Team => By::Team,
        TaskSlice::Kind => {
            return Ok(settings::entries(work, Kind::TaskKind)?.into_iter().map(|entry| (entry.key, entry.name)).collect());
        }
    };
    let ids: Vec<i64> = keys.filter_map(|key| key.parse().ok()).filter(|id| *id != 0).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(names(work, slice, &ids)?.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

fn cells(ask: &Ask, kinds: &[String], counts: &[i64; OUTCOMES.len()], slice: Option<(TaskSlice, &str)>) -> Vec<Cell> {
    let counted = OUTCOMES.into_iter().zip(counts).map(|(outcome, count)| {
        let mut pairs = pairs_of(ask, kinds, outcome);
        if let Some((by, key)) = slice {
            let name = match by {
                TaskSlice::Owner => "assignee_id",
                TaskSlice::Team => "team_id",
                TaskSlice::Kind => "kind",
            };
            pairs.retain(|(other, _)| *other != name);
            pairs.push((name, key.to_owned()));
        }
        Cell { count: Some(*count), drill: Some(format!("/tasks?{}", text_of(&pairs))), ..Cell::default() }
    });
    let rate = Cell::rate(counts[1], counts[0]);
    counted.chain([rate]).collect()
}

fn definition(work: &Work) -> Definition {
    Definition {
        formula: work.said((
            "到期任务 = 截止日期在期内、未取消的任务；按时完成 = 完成日期不晚于截止日期；按时完成率 = 按时完成 ÷ 到期任务。延期后按新的截止日期计。",
            "Due = tasks with a due date in the period that were not called off; on time = done on the due date or before; rate = on time ÷ due. A postponed task counts with its new date.",
        )),
        date_field: work.said(("截止日期", "Due date")),
        owner_basis: work.said(("当前执行人；团队为任务所属团队", "The assignee now; the team the task belongs to")),
        includes: work.said((
            "只计您可见的任务；已取消的不计；没有到期任务时显示「—」。",
            "Only what you can see; cancelled tasks do not count; with nothing due 「—」.",
        )),
    }
}
