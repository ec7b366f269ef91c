//! How exports are reached.

use axum::body::Body;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::model::{Export, ExportDraft, Format};
use super::worker;
use crate::app::App;
use crate::error::{Error, Refusal, Result};
use crate::exchange::columns::{Kind, ToldColumn};
use crate::exchange::download;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Id, Json, One, Query};
use crate::platform::page::Page;
use crate::platform::routes::routes;

/// The routes of exports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_exports, start_export))
        .routes(routes!(list_export_columns))
        .routes(routes!(read_export))
        .routes(routes!(fetch_export))
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

/// The caller's own exports, the newest first.
#[utoipa::path(get, path = "/exports", tag = "exchange", params(PageQuery), responses((status = 200, body = Page<Export>)))]
async fn list_exports(caller: Caller<can::ExportRecords>, Query(query): Query<PageQuery>) -> Result<Json<Page<Export>>> {
    let lang = caller.lang();
    caller.read(move |work| super::page(work, query.limit, query.cursor, lang)).await.map(Json)
}

/// Export a list as it is seen (I47): the file is made in the background.
#[utoipa::path(post, path = "/exports", tag = "exchange", request_body = ExportDraft, responses((status = 201, body = Export)))]
async fn start_export(caller: Caller<can::ExportRecords>, Json(draft): Json<ExportDraft>) -> Result<Created> {
    caller.create(draft, |work, draft| super::start(work, draft).map(|export| (format!("/api/v1/exports/{}", export.id), export))).await
}

/// Which list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct KindQuery {
    /// `customers`, `opportunities`, `follow_ups`, `tasks`.
    #[param(value_type = String)]
    kind: One<Kind>,
}

/// The columns an export can have.
#[derive(Debug, Serialize, ToSchema)]
struct ExportColumns {
    /// In their usual order.
    items: Vec<ToldColumn>,
}

/// The columns a list can be exported with.
#[utoipa::path(get, path = "/export-columns", tag = "exchange", params(KindQuery), responses((status = 200, body = ExportColumns)))]
async fn list_export_columns(caller: Caller<can::ExportRecords>, Query(query): Query<KindQuery>) -> Result<Json<ExportColumns>> {
    let lang = caller.lang();
    let kind = query.kind.get("kind")?.unwrap_or(Kind::Customers);
    caller.read(move |_| Ok(ExportColumns { items: kind.columns().iter().map(|column| column.told(lang)).collect() })).await.map(Json)
}

/// One export: where it stands.
#[utoipa::path(get, path = "/exports/{id}", tag = "exchange", params(("id" = i64, Path)), responses((status = 200, body = Export)))]
async fn read_export(caller: Caller<can::ExportRecords>, Id(id): Id) -> Result<Json<Export>> {
    caller.read(move |work| super::get(work, id)).await.map(Json)
}

/// The file, for whoever asked for it, for seven days.
#[utoipa::path(get, path = "/exports/{id}/file", tag = "exchange", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "the file")))]
async fn fetch_export(caller: Caller<can::ExportRecords>, Id(id): Id) -> Result<Response> {
    let export = caller.read(move |work| super::file(work, id)).await?;
    let path = worker::folder(caller.app())?.join(export.file());
    let file = tokio::fs::File::open(path).await.map_err(|_| Error::Refused(Refusal::ExportNotReady))?;
    let content_type = match export.format {
        Format::Csv => download::CSV,
        Format::Xlsx => download::XLSX,
        Format::Zip => download::ZIP,
    };
    download::file(&export.file_name, content_type, Body::from_stream(ReaderStream::new(file)))
}
