//! 报表: figures over the records a reader sees, each with the list behind it (S7–S9, I18–I30).

mod achievement;
mod activity;
mod api;
mod ask;
mod figures;
mod forecast;
mod hours;
mod losses;
pub mod model;
mod sales;
mod sheet;
mod snapshot_store;
mod snapshots;
mod stay;
mod store;
mod task_completion;
mod trend;
mod words;
mod workbook;
mod workload;

pub use achievement::achievement;
pub use activity::activity;
pub use api::routes;
pub use ask::ReportQuery;
pub use forecast::forecast;
pub use losses::losses;
pub use sales::{conversion, funnel, pipeline, sources};
pub use snapshots::{review as forecast_review, snapshots as forecast_snapshots, take as keep_forecast};
pub use stay::stage_duration;
pub use trend::activity_trend;
pub use workbook::ReportBook;
pub use workload::workload;

use crate::error::{Error, Result};
use crate::platform::http::query;
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use model::By;

/// A report by its name, with its titles.
type Known = (&'static str, (&'static str, &'static str), fn(&mut Work, ReportQuery) -> Result<model::Report>);

/// Every report there is.
const ALL: [Known; 12] = [
    ("pipeline", ("销售管道", "Pipeline"), pipeline),
    ("funnel", ("销售漏斗", "Funnel"), funnel),
    ("conversion", ("转化率", "Conversion"), conversion),
    ("achievement", ("业绩达成率", "Achievement"), achievement),
    ("forecast", ("销售预测", "Forecast"), forecast),
    ("forecast-review", ("预测回顾", "Forecast review"), forecast_review),
    ("losses", ("输单分析", "Lost deals"), losses),
    ("activity", ("客户活跃度", "Customer activity"), activity),
    ("activity-trend", ("活跃趋势", "Activity trend"), activity_trend),
    ("stage-duration", ("周期与停留", "Cycle and stay"), stage_duration),
    ("sources", ("来源分析", "Sources"), sources),
    ("follow-up-workload", ("跟进工作量", "Follow-up workload"), workload),
];

/// What 任务完成 is called: it is asked otherwise than the others.
const TASK_COMPLETION: (&str, (&str, &str)) = ("task-completion", ("任务完成", "Task completion"));

/// The names of all reports, as in their addresses.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|(name, _, _)| name).chain([TASK_COMPLETION.0])
}

/// The titles of a report by its name; nothing when there is none.
pub fn title_of(name: &str) -> Option<(&'static str, &'static str)> {
    let known = ALL.into_iter().find(|(key, _, _)| *key == name).map(|(_, title, _)| title);
    known.or((name == TASK_COMPLETION.0).then_some(TASK_COMPLETION.1))
}

/// The report of this name, asked for with the text behind the question mark; nothing when there is none.
pub fn named(work: &mut Work, name: &str, asked: &str) -> Result<Option<model::Report>> {
    if name == TASK_COMPLETION.0 {
        return task_completion::report(work, query(asked)?).map(Some);
    }
    let Some((_, _, find)) = ALL.into_iter().find(|(key, _, _)| *key == name) else { return Ok(None) };
    find(work, query(asked)?).map(Some)
}

/// Judges what a report is asked without reckoning it.
pub fn check(work: &mut Work, name: &str, asked: &str) -> Result<()> {
    if name == TASK_COMPLETION.0 {
        return query::<task_completion::TaskCompletionQuery>(asked)?.check(work).map(|_| ());
    }
    let query = query::<ReportQuery>(asked)?;
    query.hours.clone().get("hours")?;
    let ask = if name == "losses" { query.check_with_losses(work)? } else { query.check(work)? };
    let fits = match name {
        "stage-duration" | "forecast-review" => matches!(ask.by, None | Some(By::Team | By::Owner)),
        "activity-trend" => ask.by.is_none(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(Error::field("group_by", FieldCode::NotAllowed)) }
}

/// The report of this name as a workbook, asked for with the text behind the question mark; nothing when there is none.
pub fn book(work: &mut Work, name: &str, asked: &str) -> Result<Option<ReportBook>> {
    let (Some(title), Some(report)) = (title_of(name), named(work, name, asked)?) else { return Ok(None) };
    Ok(Some(ReportBook::new(work, title, report)))
}
