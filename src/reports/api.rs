//! How reports are reached.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::ReportQuery;
use super::model::{ForecastSnapshots, Report};
use crate::app::App;
use crate::error::{Error, Result};
use crate::exchange::download;
use crate::identity::{Caller, can};
use crate::platform::http::{Json, Query};
use crate::platform::routes::routes;

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
        .routes(routes!(losses))
        .routes(routes!(forecast))
        .routes(routes!(forecast_snapshots))
        .routes(routes!(forecast_review))
        .routes(routes!(activity_trend))
        .routes(routes!(report_file))
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

/// Why deals are lost, from which stage, by whom (I28).
#[utoipa::path(get, path = "/reports/losses", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn losses(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::losses(work, query)).await.map(Json)
}

/// What is expected to close, by month and by how sure it is (I27).
#[utoipa::path(get, path = "/reports/forecast", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn forecast(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::forecast(work, query)).await.map(Json)
}

/// The forecasts that were kept, one a week (I27).
#[utoipa::path(get, path = "/reports/forecast-snapshots", tag = "reports", responses((status = 200, body = ForecastSnapshots)))]
async fn forecast_snapshots(caller: Caller<can::ViewReports>) -> Result<Json<ForecastSnapshots>> {
    caller.read(super::forecast_snapshots).await.map(Json)
}

/// A kept forecast beside what was won in its months (I27).
#[utoipa::path(get, path = "/reports/forecast-review", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn forecast_review(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::forecast_review(work, query)).await.map(Json)
}

/// How active the customers were at the end of each of the last months (I23).
#[utoipa::path(get, path = "/reports/activity-trend", tag = "reports", params(ReportQuery), responses((status = 200, body = Report)))]
async fn activity_trend(caller: Caller<can::ViewReports>, Query(query): Query<ReportQuery>) -> Result<Json<Report>> {
    caller.report(move |work| super::activity_trend(work, query)).await.map(Json)
}

/// A report as a workbook with its definition (I29, I30): `funnel.xlsx`, with the parameters of the report.
#[utoipa::path(get, path = "/reports/files/{name}", tag = "reports",
    params(("name" = String, Path, description = "the report's name and `.xlsx`"), ReportQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn report_file(caller: Caller<can::ViewReports>, Path(name): Path<String>, RawQuery(asked): RawQuery) -> Result<Response> {
    let asked = asked.unwrap_or_default();
    let name = name.strip_suffix(".xlsx").ok_or(Error::NotFound)?.to_owned();
    let book = caller.report(move |work| super::book(work, &name, &asked)).await?.ok_or(Error::NotFound)?;
    let name = book.file_name();
    let bytes = tokio::task::spawn_blocking(move || book.write()).await.map_err(|error| Error::internal(error.to_string()))??;
    download::workbook(&name, bytes)
}
