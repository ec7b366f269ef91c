//! How batches of tasks are reached.

use utoipa_axum::router::OpenApiRouter;

use super::batch;
use super::batch_model::{Batch, BatchDraft, BatchRun, Preview};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Id, Json};
use crate::platform::routes::routes;

/// The routes of batches.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview_task_batch))
        .routes(routes!(list_task_batches, give_task_batch))
        .routes(routes!(read_task_batch))
        .routes(routes!(withdraw_task_batch))
}

/// Count the tasks that regions and stages would give, and keep them for it (S60).
#[utoipa::path(post, path = "/tasks/batch/preview", tag = "tasks", request_body = BatchDraft, responses((status = 200, body = Preview)))]
async fn preview_task_batch(caller: Caller<can::GiveTaskBatches>, Json(draft): Json<BatchDraft>) -> Result<Json<Preview>> {
    caller.write(move |work| batch::preview(work, &draft)).await.map(Json)
}

/// Give the tasks that were previewed, all or none; the same token again changes nothing (S60).
#[utoipa::path(post, path = "/tasks/batch", tag = "tasks", request_body = BatchRun,
    responses((status = 200, body = Batch), (status = 409, body = Problem, description = "what was counted has changed, or the preview is old")))]
async fn give_task_batch(caller: Caller<can::GiveTaskBatches>, Json(run): Json<BatchRun>) -> Result<Json<Batch>> {
    caller.write(move |work| batch::give(work, &run)).await.map(Json)
}

/// One's own latest batches of tasks.
#[utoipa::path(get, path = "/tasks/batch", tag = "tasks", responses((status = 200, body = Vec<Batch>)))]
async fn list_task_batches(caller: Caller<can::GiveTaskBatches>) -> Result<Json<Vec<Batch>>> {
    caller.read(batch::latest).await.map(Json)
}

/// A batch of tasks one gave.
#[utoipa::path(get, path = "/tasks/batch/{id}", tag = "tasks", params(("id" = i64, Path)), responses((status = 200, body = Batch)))]
async fn read_task_batch(caller: Caller<can::GiveTaskBatches>, Id(id): Id) -> Result<Json<Batch>> {
    caller.read(move |work| batch::get(work, id)).await.map(Json)
}

/// Take a batch back: its open tasks are cancelled, what is done stays (S60).
#[utoipa::path(post, path = "/tasks/batch/{id}/withdraw", tag = "tasks", params(("id" = i64, Path)), responses((status = 200, body = Batch)))]
async fn withdraw_task_batch(caller: Caller<can::GiveTaskBatches>, Id(id): Id) -> Result<Json<Batch>> {
    caller.write(move |work| batch::withdraw(work, id)).await.map(Json)
}
