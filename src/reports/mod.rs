//! 报表: figures over the records a reader sees, each with the list behind it (S7–S9, I18–I30).

mod achievement;
mod activity;
mod api;
mod ask;
mod figures;
mod forecast;
mod hours;
mod losses;
mod model;
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
pub use workload::workload;

use crate::error::Result;
use crate::platform::work::Work;

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

/// The report of this name as a workbook; nothing when there is none.
pub fn book(work: &mut Work, name: &str, query: ReportQuery) -> Result<Option<workbook::ReportBook>> {
    let Some((_, title, find)) = ALL.into_iter().find(|(key, _, _)| *key == name) else { return Ok(None) };
    let report = find(work, query)?;
    Ok(Some(workbook::ReportBook::new(work, title, report)))
}
