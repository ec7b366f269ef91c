//! How reports are reached.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ReportQuery;
use super::model::Report;
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Json, Query};

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pipeline))
        .routes(routes!(funnel))
        .routes(routes!(conversion))
        .routes(routes!(achievement))
        .routes(routes!(activity))
        .routes(routes!(stage_duration))
        .routes(routes!(sources))
        .routes(routes!(follow_up_workload))
        .merge(super::task_completion::routes())
}

/// The pipeline by stage: how many, how much, weighted (S7).
#[utoipa::path(get, path = "/reports/pipeline", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn pipeline(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::pipeline(work, query)).await.map(Json)
}

/// The funnel by cohorts of the stage log (I18).
#[utoipa::path(get, path = "/reports/funnel", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn funnel(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::funnel(work, query)).await.map(Json)
}

/// Win rate and customer conversion (I19, I20).
#[utoipa::path(get, path = "/reports/conversion", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn conversion(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::conversion(work, query)).await.map(Json)
}

/// Won against the targets (I21).
#[utoipa::path(get, path = "/reports/achievement", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn achievement(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::achievement(work, query)).await.map(Json)
}

/// How active the customers are (I23).
#[utoipa::path(get, path = "/reports/activity", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn activity(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::activity(work, query)).await.map(Json)
}

/// How long opportunities stay at each stage, and which too long (S8, I26).
#[utoipa::path(get, path = "/reports/stage-duration", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn stage_duration(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::stage_duration(work, query)).await.map(Json)
}

/// Where customers and deals come from (I25).
#[utoipa::path(get, path = "/reports/sources", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn sources(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::sources(work, query)).await.map(Json)
}

/// Follow-ups by person, method and hour of the week (I24).
#[utoipa::path(get, path = "/reports/follow-up-workload", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn follow_up_workload(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::workload(work, query)).await.map(Json)
}
