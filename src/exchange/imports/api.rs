//! How imports are reached.

use axum::extract::DefaultBodyLimit;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

use super::errors_file::ErrorsFile;
use super::model::{Import, ImportSummary, ImportedRows, RowState, RunDraft};
use super::{store, upload};
use crate::app::App;
use crate::error::{Error, Result};
use crate::exchange::download;
use crate::exchange::incoming::BODY_LIMIT;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Id, Json, Many, One, Query};
use crate::platform::page::Page;
use crate::platform::routes::routes;

/// Rows read at a time for the file of refused rows.
const AT_ONCE: i64 = 1_000;

/// The routes of imports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_imports, start_import).layer(DefaultBodyLimit::max(BODY_LIMIT)))
        .routes(routes!(read_import))
        .routes(routes!(run_import))
        .routes(routes!(list_import_rows))
        .routes(routes!(refused_rows))
        .routes(routes!(undo_import))
}

/// A page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

/// The caller's own imports, the newest first.
#[utoipa::path(get, path = "/imports", tag = "exchange", params(PageQuery), responses((status = 200, body = Page<ImportSummary>)))]
async fn list_imports(caller: Caller<can::ImportRecords>, Query(query): Query<PageQuery>) -> Result<Json<Page<ImportSummary>>> {
    let lang = caller.lang();
    caller.read(move |work| super::page(work, query.limit, query.cursor, lang)).await.map(Json)
}

/// A spreadsheet and what to do with it.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body; it is read as a stream")]
struct ImportUpload {
    /// `.xlsx` or `.csv` (UTF-8 or GBK); at most 10 MiB, 50,000 rows and 100 columns.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `customers` or `opportunities`.
    kind: String,
    /// `create` (default), `update`, `upsert`, `skip`.
    mode: Option<String>,
    /// True to try it without any effect.
    dry_run: Option<bool>,
    /// True to take the file in and wait: `POST /imports/{id}/run` starts it.
    prepare: Option<bool>,
    /// A JSON object: header → what it means, null to leave it out. Without it the headers must be the template's.
    mapping: Option<String>,
    /// For customers: `rules` to have the rules say who gets new ones that nobody is named for (S65).
    assign: Option<String>,
}

/// Import a spreadsheet (I46): it is tried or entered in the background.
#[utoipa::path(post, path = "/imports", tag = "exchange", request_body(content = ImportUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Import)))]
async fn start_import(caller: Caller<can::ImportRecords>, body: Result<Multipart, MultipartRejection>) -> Result<Created> {
    caller.read(|_| Ok(())).await?;
    let body = body.map_err(|_| Error::UnsupportedMedia)?;
    let import = upload::receive(&caller, body).await?;
    Created::at(super::location(import.summary.id), &import)
}

/// One import: where it stands, its counts, its columns.
#[utoipa::path(get, path = "/imports/{id}", tag = "exchange", params(("id" = i64, Path)), responses((status = 200, body = Import)))]
async fn read_import(caller: Caller<can::ImportRecords>, Id(id): Id) -> Result<Json<Import>> {
    caller.read(move |work| super::get(work, id)).await.map(Json)
}

/// Try a file that was taken in, or enter it.
#[utoipa::path(post, path = "/imports/{id}/run", tag = "exchange", params(("id" = i64, Path)), request_body = RunDraft, responses((status = 200, body = Import)))]
async fn run_import(caller: Caller<can::ImportRecords>, Id(id): Id, Json(draft): Json<RunDraft>) -> Result<Json<Import>> {
    caller.write(move |work| super::start_run(work, id, &draft)).await.map(Json)
}

/// Which rows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct RowQuery {
    /// `created`, `updated`, `skipped`, `bad`, `undone`, `kept`, any of.
    #[param(value_type = Option<Vec<String>>)]
    state: Many<RowState>,
    /// Rows behind this line.
    #[param(value_type = Option<i64>)]
    after: One<i64>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
}

/// What became of each row, and why.
#[utoipa::path(get, path = "/imports/{id}/rows", tag = "exchange", params(("id" = i64, Path), RowQuery), responses((status = 200, body = ImportedRows)))]
async fn list_import_rows(caller: Caller<can::ImportRecords>, Id(id): Id, Query(query): Query<RowQuery>) -> Result<Json<ImportedRows>> {
    let lang = caller.lang();
    caller.read(move |work| super::rows(work, id, query.state, query.after, query.limit, lang)).await.map(Json)
}

/// The refused rows with what is wrong, to be corrected and imported again.
#[utoipa::path(get, path = "/imports/{id}/errors.xlsx", tag = "exchange", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn refused_rows(caller: Caller<can::ImportRecords>, Id(id): Id) -> Result<Response> {
    let import = caller.read(move |work| super::own(work, id)).await?;
    let stem = import.file_name.rsplit_once('.').map_or(import.file_name.clone(), |(stem, _)| stem.to_owned());
    let mut file = ErrorsFile::begin(import, caller.lang())?;
    let mut after = 0;
    loop {
        let rows = caller.report(move |work| store::rows_in(work, id, &[RowState::Bad], after, AT_ONCE)).await?;
        let Some(last) = rows.last().map(|row| row.line) else { break };
        file.add(&rows)?;
        after = last;
    }
    let bytes = tokio::task::spawn_blocking(move || file.finish()).await.map_err(|error| Error::internal(error.to_string()))??;
    download::workbook(&format!("{stem}-错误.xlsx"), bytes)
}

/// Take a whole import back: new records to the recycle bin, changed ones to what they were, but for those worked with since.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "exchange", params(("id" = i64, Path)), responses((status = 200, body = Import)))]
async fn undo_import(caller: Caller<can::ImportRecords>, Id(id): Id) -> Result<Json<Import>> {
    caller.write(move |work| super::start_undo(work, id)).await.map(Json)
}
