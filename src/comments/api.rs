//! How comments are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::{Comment, CommentDraft};
use super::{SubjectKind, store};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::draft::Choice;
use crate::platform::http::{Created, Done, Id, IfMatch, Json, One, Query, Record, Reference};
use crate::platform::page::{Page, Turn};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_customer_comments, comment_on_customer))
        .routes(routes!(list_opportunity_comments, comment_on_opportunity))
        .routes(routes!(list_task_comments, comment_on_task))
        .routes(routes!(list_work_report_comments, comment_on_work_report))
        .routes(routes!(edit_comment, delete_comment))
}

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct CommentPage {
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

impl CommentPage {
    fn turn(self) -> Result<Turn> {
        Turn::read(store::NEWEST_FIRST, self.limit, self.cursor)
    }
}

/// What was said about a customer, newest first.
#[utoipa::path(get, path = "/customers/{id}/comments", tag = "comments", params(("id" = String, Path, description = "id or number"), CommentPage), responses((status = 200, body = Page<Comment>)))]
async fn list_customer_comments(
    caller: Caller<can::ViewCustomers>,
    Reference(wanted): Reference,
    Query(page): Query<CommentPage>,
) -> Result<Json<Page<Comment>>> {
    let turn = page.turn()?;
    caller.read(move |work| super::page(work, SubjectKind::Customer, &wanted, &turn)).await.map(Json)
}

/// Say something about a customer; whoever is mentioned must see it and is told once.
#[utoipa::path(post, path = "/customers/{id}/comments", tag = "comments", params(("id" = String, Path, description = "id or number")), request_body = CommentDraft, responses((status = 201, body = Comment)))]
async fn comment_on_customer(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    Json(draft): Json<CommentDraft>,
) -> Result<Created> {
    caller.create(draft, move |work, draft| super::add(work, SubjectKind::Customer, &wanted, draft)).await
}

/// What was said about an opportunity, newest first.
#[utoipa::path(get, path = "/opportunities/{id}/comments", tag = "comments", params(("id" = String, Path, description = "id or number"), CommentPage), responses((status = 200, body = Page<Comment>)))]
async fn list_opportunity_comments(
    caller: Caller<can::ViewOpportunities>,
    Reference(wanted): Reference,
    Query(page): Query<CommentPage>,
) -> Result<Json<Page<Comment>>> {
    let turn = page.turn()?;
    caller.read(move |work| super::page(work, SubjectKind::Opportunity, &wanted, &turn)).await.map(Json)
}

/// Say something about an opportunity; whoever is mentioned must see it and is told once.
#[utoipa::path(post, path = "/opportunities/{id}/comments", tag = "comments", params(("id" = String, Path, description = "id or number")), request_body = CommentDraft, responses((status = 201, body = Comment)))]
async fn comment_on_opportunity(
    caller: Caller<can::EditOpportunities>,
    Reference(wanted): Reference,
    Json(draft): Json<CommentDraft>,
) -> Result<Created> {
    caller.create(draft, move |work, draft| super::add(work, SubjectKind::Opportunity, &wanted, draft)).await
}

/// What was said about a task, newest first.
#[utoipa::path(get, path = "/tasks/{id}/comments", tag = "comments", params(("id" = i64, Path), CommentPage), responses((status = 200, body = Page<Comment>)))]
async fn list_task_comments(caller: Caller<can::ViewTasks>, Id(id): Id, Query(page): Query<CommentPage>) -> Result<Json<Page<Comment>>> {
    let turn = page.turn()?;
    caller.read(move |work| super::page(work, SubjectKind::Task, &Choice::Id(id), &turn)).await.map(Json)
}

/// Say something about a task; whoever is mentioned must see it and is told once.
#[utoipa::path(post, path = "/tasks/{id}/comments", tag = "comments", params(("id" = i64, Path)), request_body = CommentDraft, responses((status = 201, body = Comment)))]
async fn comment_on_task(caller: Caller<can::EditTasks>, Id(id): Id, Json(draft): Json<CommentDraft>) -> Result<Created> {
    caller.create(draft, move |work, draft| super::add(work, SubjectKind::Task, &Choice::Id(id), draft)).await
}

/// What was said about a work report, newest first.
#[utoipa::path(get, path = "/work-reports/{id}/comments", tag = "comments", params(("id" = i64, Path), CommentPage), responses((status = 200, body = Page<Comment>)))]
async fn list_work_report_comments(
    caller: Caller<can::WriteWorkReports>,
    Id(id): Id,
    Query(page): Query<CommentPage>,
) -> Result<Json<Page<Comment>>> {
    let turn = page.turn()?;
    caller.read(move |work| super::page(work, SubjectKind::WorkReport, &Choice::Id(id), &turn)).await.map(Json)
}

/// Say something about a work report; its author and whoever it was submitted to hear of it.
#[utoipa::path(post, path = "/work-reports/{id}/comments", tag = "comments", params(("id" = i64, Path)), request_body = CommentDraft, responses((status = 201, body = Comment)))]
async fn comment_on_work_report(caller: Caller<can::WriteWorkReports>, Id(id): Id, Json(draft): Json<CommentDraft>) -> Result<Created> {
    caller.create(draft, move |work, draft| super::add(work, SubjectKind::WorkReport, &Choice::Id(id), draft)).await
}

/// Change what one has said within 24 hours; people mentioned anew are told.
#[utoipa::path(patch, path = "/comments/{id}", tag = "comments", params(("id" = i64, Path)), request_body = CommentDraft, responses((status = 200, body = Comment)))]
async fn edit_comment(
    caller: Caller<can::LookAround>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<CommentDraft>,
) -> Result<Record<Comment>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// Take back what one has said within 24 hours; a mark stays.
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments", params(("id" = i64, Path)), responses((status = 204, description = "deleted")))]
async fn delete_comment(caller: Caller<can::LookAround>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::delete(work, id, version)).await.map(|()| Done)
}
