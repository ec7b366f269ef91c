//! How plans and records are reached.

use axum::extract::DefaultBodyLimit;
use axum::extract::multipart::{Multipart, MultipartRejection};
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

use super::filters::{FollowUpFilter, PlanFilter};
use super::model::{Completion, FollowUp, FollowUpDraft, FollowUpEdit, Plan, PlanDraft, PlanEdit};
use super::task_done::{self, TaskDone};
use super::{plans, records};
use crate::app::App;
use crate::attachments::{self, Attachment};
use crate::error::{Error, Problem, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Id, IfMatch, Json, Query, Record};
use crate::platform::page::Page;
use crate::platform::routes::routes;
use crate::tasks::Task;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_plans, make_plan))
        .routes(routes!(read_plan, edit_plan))
        .routes(routes!(complete_plan))
        .routes(routes!(complete_task))
        .routes(routes!(list_records, write_record))
        .routes(routes!(read_record, edit_record))
        .routes(routes!(attach).layer(DefaultBodyLimit::max(attachments::BODY_LIMIT)))
}

/// Plans, the earliest first.
#[utoipa::path(get, path = "/follow-up-plans", tag = "follow-ups", params(PlanFilter), responses((status = 200, body = Page<Plan>)))]
async fn list_plans(caller: Caller<can::ViewFollowUps>, Query(mut filter): Query<PlanFilter>) -> Result<Json<Page<Plan>>> {
    let turn = filter.turn()?;
    caller.read(move |work| plans::page(work, filter, &turn)).await.map(Json)
}

/// Plan a contact (S41–S45): it stands in its owner's calendar, who is reminded a day ahead.
#[utoipa::path(post, path = "/follow-up-plans", tag = "follow-ups", request_body = PlanDraft, responses((status = 201, body = Plan)))]
async fn make_plan(caller: Caller<can::EditFollowUps>, Json(draft): Json<PlanDraft>) -> Result<Created> {
    caller.create(draft, |work, draft| plans::make(work, draft).map(|plan| (format!("/api/v1/follow-up-plans/{}", plan.id), plan))).await
}

/// One plan.
#[utoipa::path(get, path = "/follow-up-plans/{id}", tag = "follow-ups", params(("id" = i64, Path)), responses((status = 200, body = Plan)))]
async fn read_plan(caller: Caller<can::ViewFollowUps>, Id(id): Id) -> Result<Record<Plan>> {
    caller.look(move |work| plans::get(work, id)).await.map(Record)
}

/// Move a plan, change it, give it to somebody else or call it off (S44, S46).
#[utoipa::path(patch, path = "/follow-up-plans/{id}", tag = "follow-ups", params(("id" = i64, Path)), request_body = PlanEdit, responses((status = 200, body = Plan)))]
async fn edit_plan(caller: Caller<can::EditFollowUps>, Id(id): Id, version: IfMatch, Json(edit): Json<PlanEdit>) -> Result<Record<Plan>> {
    caller.edit(version, move |work, version| plans::edit(work, id, version, &edit)).await.map(Record)
}

/// Write the record of a planned contact; the plan is done by it (S44, S47, S48).
#[utoipa::path(post, path = "/follow-up-plans/{id}/complete", tag = "follow-ups", params(("id" = i64, Path)), request_body = Completion, responses((status = 201, body = FollowUp)))]
async fn complete_plan(
    caller: Caller<can::EditFollowUps>,
    Id(id): Id,
    version: IfMatch,
    Json(completion): Json<Completion>,
) -> Result<Created> {
    caller.create(completion, move |work, completion| records::complete(work, id, version.required()?, completion).map(at)).await
}

fn at(follow_up: FollowUp) -> (String, FollowUp) {
    (format!("/api/v1/follow-ups/{}", follow_up.id), follow_up)
}

/// Records, the newest contact first (S51).
#[utoipa::path(get, path = "/follow-ups", tag = "follow-ups", params(FollowUpFilter), responses((status = 200, body = Page<FollowUp>)))]
async fn list_records(caller: Caller<can::ViewFollowUps>, Query(mut filter): Query<FollowUpFilter>) -> Result<Json<Page<FollowUp>>> {
    let turn = filter.turn()?;
    caller.read(move |work| records::page(work, filter, &turn)).await.map(Json)
}

/// Write a record of a contact (S47, S48).
#[utoipa::path(post, path = "/follow-ups", tag = "follow-ups", request_body = FollowUpDraft, responses((status = 201, body = FollowUp)))]
async fn write_record(caller: Caller<can::EditFollowUps>, Json(draft): Json<FollowUpDraft>) -> Result<Created> {
    caller.create(draft, |work, draft| records::record(work, draft).map(at)).await
}

/// One record.
#[utoipa::path(get, path = "/follow-ups/{id}", tag = "follow-ups", params(("id" = i64, Path)), responses((status = 200, body = FollowUp)))]
async fn read_record(caller: Caller<can::ViewFollowUps>, Id(id): Id) -> Result<Record<FollowUp>> {
    caller.look(move |work| records::get(work, id)).await.map(Record)
}

/// Change the words of a record; what they were stays in its history (S47).
#[utoipa::path(patch, path = "/follow-ups/{id}", tag = "follow-ups", params(("id" = i64, Path)), request_body = FollowUpEdit, responses((status = 200, body = FollowUp)))]
async fn edit_record(
    caller: Caller<can::EditFollowUps>,
    Id(id): Id,
    version: IfMatch,
    Json(edit): Json<FollowUpEdit>,
) -> Result<Record<FollowUp>> {
    caller.edit(version, move |work, version| records::edit(work, id, version, &edit)).await.map(Record)
}

/// A file on its way.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body; it is read as a stream")]
struct Upload {
    /// PDF, Word or Excel, at most 10,485,760 bytes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Say that a task is done and how it went (I1), its assignee or his or her manager; with `follow_up` the same save writes the
/// record of it (I7).
#[utoipa::path(post, path = "/tasks/{id}/complete", tag = "tasks", params(("id" = i64, Path)), request_body = TaskDone,
    responses((status = 200, body = Task), (status = 403, body = Problem, description = "neither assignee nor manager")))]
async fn complete_task(caller: Caller<can::EditTasks>, Id(id): Id, version: IfMatch, Json(done): Json<TaskDone>) -> Result<Record<Task>> {
    caller.edit(version, move |work, version| task_done::complete(work, id, version, &done)).await.map(Record)
}

/// Attach a file to a record (S49, S50): PDF, Word or Excel by content, at most 10,485,760 bytes, at most 20 per record.
#[utoipa::path(post, path = "/follow-ups/{id}/attachments", tag = "follow-ups", params(("id" = i64, Path)),
    request_body(content = Upload, content_type = "multipart/form-data"), responses((status = 201, body = Attachment)))]
async fn attach(caller: Caller<can::EditFollowUps>, Id(id): Id, body: Result<Multipart, MultipartRejection>) -> Result<Created> {
    caller.read(move |work| records::carrier(work, id)).await?;
    let body = body.map_err(|_| Error::UnsupportedMedia)?;
    let received = attachments::receive(&caller.app().files, body).await?;
    caller
        .create(received, move |work, received| {
            let carrier = records::carrier(work, id)?;
            let attachment = attachments::attach(work, &carrier, received)?;
            Ok((format!("/api/v1/attachments/{}", attachment.id), attachment))
        })
        .await
}
