//! How batches are reached.

use utoipa_axum::router::OpenApiRouter;

use super::model::{Batch, BatchDraft, Preview};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Id, Json};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview_batch)).routes(routes!(run_batch)).routes(routes!(read_batch))
}

/// Count the customers a batch would act upon, and keep them for it (S33).
#[utoipa::path(post, path = "/customers/batch/preview", tag = "customers", request_body = BatchDraft, responses((status = 200, body = Preview)))]
async fn preview_batch(caller: Caller<can::EditCustomers>, Json(draft): Json<BatchDraft>) -> Result<Json<Preview>> {
    caller.write(move |work| super::preview(work, &draft)).await.map(Json)
}

/// Do the same to many customers: with a `preview_token`, or with `ids` or `filter` and `expected_count`. Up to 1,000 are done in the
/// answer, more in the background. Sending the same token again changes nothing (S33).
#[utoipa::path(post, path = "/customers/batch", tag = "customers", request_body = BatchDraft, responses((status = 200, body = Batch)))]
async fn run_batch(caller: Caller<can::EditCustomers>, Json(draft): Json<BatchDraft>) -> Result<Json<Batch>> {
    caller.write(move |work| super::run(work, &draft)).await.map(Json)
}

/// How far a batch of one's own is, and what could not be done.
#[utoipa::path(get, path = "/customers/batch/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 200, body = Batch)))]
async fn read_batch(caller: Caller<can::EditCustomers>, Id(id): Id) -> Result<Json<Batch>> {
    caller.read(move |work| super::get(work, id)).await.map(Json)
}
