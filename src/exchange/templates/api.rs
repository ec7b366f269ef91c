//! How templates and record sheets are fetched.

use axum::extract::Path;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::forms;
use super::record_sheet::{self, RecordSheet};
use crate::app::App;
use crate::error::{Error, Result};
use crate::exchange::columns::Kind;
use crate::exchange::download;
use crate::identity::{Caller, can};
use crate::platform::http::Reference;
use crate::platform::routes::routes;

/// The routes of templates.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(fetch_template)).routes(routes!(fetch_record_sheet)).routes(routes!(fetch_customer_record_sheet))
}

/// An empty form (I32, I34): `customers.xlsx` or `opportunities.xlsx`, which the import takes when filled in, and `tasks.xlsx` for
/// `POST /tasks/batch/sheet`.
#[utoipa::path(get, path = "/templates/{name}", tag = "exchange", params(("name" = String, Path, description = "`customers.xlsx`, `opportunities.xlsx` or `tasks.xlsx`")),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn fetch_template(caller: Caller<can::LookAround>, Path(name): Path<String>) -> Result<Response> {
    let kind = name
        .strip_suffix(".xlsx")
        .and_then(Kind::from_word)
        .filter(|kind| kind.is_imported() || *kind == Kind::Tasks)
        .ok_or(Error::NotFound)?;
    let form = caller.read(move |work| forms::form(work, kind)).await?;
    download::workbook(form.file_name(), form.write()?)
}

/// 商机跟进记录表 (I33): an opportunity with its plans, records and stage log, on A4.
#[utoipa::path(get, path = "/opportunities/{id}/record-sheet.xlsx", tag = "exchange", params(("id" = String, Path, description = "id or number")),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn fetch_record_sheet(caller: Caller<can::ViewOpportunities>, Reference(wanted): Reference) -> Result<Response> {
    let sheet = caller.report(move |work| record_sheet::of_opportunity(work, &wanted)).await?;
    told(sheet).await
}

/// 客户跟进记录表 (I33): a customer with its plans, records and the stages of its opportunities, on A4.
#[utoipa::path(get, path = "/customers/{id}/record-sheet.xlsx", tag = "exchange", params(("id" = String, Path, description = "id or number")),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn fetch_customer_record_sheet(caller: Caller<can::ViewCustomers>, Reference(wanted): Reference) -> Result<Response> {
    let sheet = caller.report(move |work| record_sheet::of_customer(work, &wanted)).await?;
    told(sheet).await
}

async fn told(sheet: RecordSheet) -> Result<Response> {
    let name = sheet.file_name();
    let bytes = tokio::task::spawn_blocking(move || sheet.write()).await.map_err(|error| Error::internal(error.to_string()))??;
    download::workbook(&name, bytes)
}
