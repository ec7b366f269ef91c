//! How work reports are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::missing::{self, MissingReports, ReportReminder, ReportReminderDraft};
use super::model::{ReportKind, WorkReport, WorkReportDraft, WorkReportRow, WorkReportStart};
use super::store;
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::identity::{Caller, can};
use crate::platform::db::{Predicate, Value};
use crate::platform::http::{Created, Id, IfMatch, Json, Many, One, Query, Record};
use crate::platform::page::{Page, Turn, any_of};
use crate::platform::routes::routes;
use crate::platform::types::{Day, FieldCode};

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_work_reports, write_work_report))
        .routes(routes!(start_work_report))
        .routes(routes!(list_missing_work_reports))
        .routes(routes!(read_report_reminder, set_report_reminder))
        .routes(routes!(read_work_report, edit_work_report))
        .routes(routes!(submit_work_report))
}

/// Which reports.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct WorkReportFilter {
    /// One's own, or those of others; both when left out.
    #[param(value_type = Option<bool>)]
    mine: One<bool>,
    /// `daily`, `weekly`, `monthly`.
    #[param(value_type = Option<Vec<String>>)]
    kind: Many<ReportKind>,
    /// Whose.
    #[param(value_type = Option<Vec<i64>>)]
    author_id: Many<i64>,
    /// Those that begin on this day or later.
    #[param(value_type = Option<String>)]
    from: One<Day>,
    /// Those that begin on this day or earlier.
    #[param(value_type = Option<String>)]
    to: One<Day>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

impl WorkReportFilter {
    fn read(self) -> Result<(Option<bool>, Vec<Predicate>, Turn)> {
        let mut filters = Vec::new();
        let kinds = self.kind.get("kind")?;
        if !kinds.is_empty() {
            filters.push(any_of("w.kind", kinds.into_iter().map(Value::from).collect()));
        }
        let authors = self.author_id.get("author_id")?;
        if !authors.is_empty() {
            filters.push(any_of("w.author_id", authors.into_iter().map(Value::Int).collect()));
        }
        if let Some(from) = self.from.get("from")? {
            filters.push(Predicate::new("w.starts_on >= $1", vec![from.into()]));
        }
        if let Some(to) = self.to.get("to")? {
            filters.push(Predicate::new("w.starts_on <= $1", vec![to.into()]));
        }
        Ok((self.mine.get("mine")?, filters, Turn::read(store::LATEST_FIRST, self.limit, self.cursor)?))
    }
}

/// Of which kind, around which day.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct Around {
    /// `daily`, `weekly` or `monthly`. Required.
    #[param(value_type = String)]
    kind: One<ReportKind>,
    /// A day that it is about; today by default.
    #[param(value_type = Option<String>)]
    on: One<Day>,
}

impl Around {
    fn read(self) -> Result<(ReportKind, Option<Day>)> {
        let mut fields = Fields::default();
        let kind = fields.keep("kind", self.kind.0.unwrap_or(Err(FieldCode::Required)));
        let on = self.on.0.and_then(|on| fields.keep("on", on));
        match kind {
            Some(kind) if fields.is_empty() => Ok((kind, on)),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

/// One's own reports and those submitted to one or by the people one leads, the last days first (I35).
#[utoipa::path(get, path = "/work-reports", tag = "work-reports", params(WorkReportFilter), responses((status = 200, body = Page<WorkReportRow>)))]
async fn list_work_reports(
    caller: Caller<can::WriteWorkReports>,
    Query(filter): Query<WorkReportFilter>,
) -> Result<Json<Page<WorkReportRow>>> {
    let (mine, filters, turn) = filter.read()?;
    caller.read(move |work| super::page(work, mine, filters, &turn)).await.map(Json)
}

/// Begin a report; only its author sees it until it is submitted.
#[utoipa::path(post, path = "/work-reports", tag = "work-reports", request_body = WorkReportDraft, responses((status = 201, body = WorkReport)))]
async fn write_work_report(caller: Caller<can::WriteWorkReports>, Json(draft): Json<WorkReportDraft>) -> Result<Created> {
    caller.create(draft, |work, draft| super::write(work, draft).map(|made| (format!("/api/v1/work-reports/{}", made.row.id), made))).await
}

/// The figures a report about these days would begin with, taken from one's own records.
#[utoipa::path(get, path = "/work-reports/draft", tag = "work-reports", params(Around), responses((status = 200, body = WorkReportStart)))]
async fn start_work_report(caller: Caller<can::WriteWorkReports>, Query(around): Query<Around>) -> Result<Json<WorkReportStart>> {
    let (kind, on) = around.read()?;
    caller
        .read(move |work| {
            let on = on.unwrap_or_else(|| work.today());
            super::start(work, kind, on)
        })
        .await
        .map(Json)
}

/// Who within one's reach has not submitted the report about these days; nobody on days off.
#[utoipa::path(get, path = "/work-reports/missing", tag = "work-reports", params(Around), responses((status = 200, body = MissingReports)))]
async fn list_missing_work_reports(caller: Caller<can::WriteWorkReports>, Query(around): Query<Around>) -> Result<Json<MissingReports>> {
    let (kind, on) = around.read()?;
    caller
        .read(move |work| {
            let on = on.unwrap_or_else(|| work.today());
            missing::list(work, kind, on)
        })
        .await
        .map(Json)
}

/// Whether one is reminded in the evening when the daily report is missing.
#[utoipa::path(get, path = "/work-reports/reminder", tag = "work-reports", responses((status = 200, body = ReportReminder)))]
async fn read_report_reminder(caller: Caller<can::WriteWorkReports>) -> Result<Json<ReportReminder>> {
    caller.read(missing::reminder).await.map(Json)
}

/// Turn one's own reminder on or off.
#[utoipa::path(put, path = "/work-reports/reminder", tag = "work-reports", request_body = ReportReminderDraft, responses((status = 200, body = ReportReminder)))]
async fn set_report_reminder(
    caller: Caller<can::WriteWorkReports>,
    Json(draft): Json<ReportReminderDraft>,
) -> Result<Json<ReportReminder>> {
    caller.write(move |work| missing::set_reminder(work, &draft)).await.map(Json)
}

/// One report.
#[utoipa::path(get, path = "/work-reports/{id}", tag = "work-reports", params(("id" = i64, Path)), responses((status = 200, body = WorkReport)))]
async fn read_work_report(caller: Caller<can::WriteWorkReports>, Id(id): Id) -> Result<Record<WorkReport>> {
    caller.look(move |work| super::get(work, id)).await.map(Record)
}

/// Write on at a draft of one's own.
#[utoipa::path(patch, path = "/work-reports/{id}", tag = "work-reports", params(("id" = i64, Path)), request_body = WorkReportDraft, responses((status = 200, body = WorkReport)))]
async fn edit_work_report(
    caller: Caller<can::WriteWorkReports>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<WorkReportDraft>,
) -> Result<Record<WorkReport>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// Submit a report to who leads one's team; its figures stand from then on.
#[utoipa::path(post, path = "/work-reports/{id}/submit", tag = "work-reports", params(("id" = i64, Path)), responses((status = 200, body = WorkReport)))]
async fn submit_work_report(caller: Caller<can::WriteWorkReports>, Id(id): Id, version: IfMatch) -> Result<Record<WorkReport>> {
    caller.edit(version, move |work, version| super::submit(work, id, version)).await.map(Record)
}
