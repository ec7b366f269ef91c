//! 报表: figures over the records a reader sees, each with the list behind it (S7–S9, I18–I30).

mod achievement;
mod activity;
mod api;
mod ask;
mod figures;
mod model;
mod sales;
mod sheet;
mod stay;
mod store;
mod task_completion;
mod words;
mod workload;

pub use achievement::achievement;
pub use activity::activity;
pub use api::routes;
pub use ask::ReportQuery;
pub use sales::{conversion, funnel, pipeline, sources};
pub use stay::stage_duration;
pub use workload::workload;
