//! How notices are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::{Notice, NoticeDraft, Reader};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, One, Query, Record};
use crate::platform::page::{Page, Turn};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notices, publish_notice))
        .routes(routes!(read_notice))
        .routes(routes!(list_notice_readers))
        .routes(routes!(confirm_notice))
        .routes(routes!(withdraw_notice))
}

/// Which notices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct NoticeFilter {
    /// Only those one has yet to read, or only those one has read.
    #[param(value_type = Option<bool>)]
    unread: One<bool>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

/// Notices to oneself and those one has published, newest first (I62).
#[utoipa::path(get, path = "/notices", tag = "notices", params(NoticeFilter), responses((status = 200, body = Page<Notice>)))]
async fn list_notices(caller: Caller<can::LookAround>, Query(filter): Query<NoticeFilter>) -> Result<Json<Page<Notice>>> {
    let unread = filter.unread.get("unread")?;
    let turn = Turn::read(store::NEWEST_FIRST, filter.limit, filter.cursor)?;
    caller.read(move |work| super::page(work, unread, &turn)).await.map(Json)
}

/// Publish a notice to everybody, or to a team within one's reach and those below it; each is told once (I62).
#[utoipa::path(post, path = "/notices", tag = "notices", request_body = NoticeDraft, responses((status = 201, body = Notice)))]
async fn publish_notice(caller: Caller<can::PublishNotices>, Json(draft): Json<NoticeDraft>) -> Result<Created> {
    caller.create(draft, |work, draft| super::publish(work, draft).map(|notice| (format!("/api/v1/notices/{}", notice.id), notice))).await
}

/// One notice.
#[utoipa::path(get, path = "/notices/{id}", tag = "notices", params(("id" = i64, Path)), responses((status = 200, body = Notice)))]
async fn read_notice(caller: Caller<can::LookAround>, Id(id): Id) -> Result<Record<Notice>> {
    caller.look(move |work| super::get(work, id)).await.map(Record)
}

/// Who a notice was published to and who has read it, those who have not first; for whoever may withdraw it.
#[utoipa::path(get, path = "/notices/{id}/readers", tag = "notices", params(("id" = i64, Path)), responses((status = 200, body = Vec<Reader>)))]
async fn list_notice_readers(caller: Caller<can::PublishNotices>, Id(id): Id) -> Result<Json<Vec<Reader>>> {
    caller.read(move |work| super::readers(work, id)).await.map(Json)
}

/// Confirm having read a notice; the first time counts.
#[utoipa::path(post, path = "/notices/{id}/read", tag = "notices", params(("id" = i64, Path)), responses((status = 204, description = "read")))]
async fn confirm_notice(caller: Caller<can::LookAround>, Id(id): Id) -> Result<Done> {
    caller.write(move |work| super::read(work, id)).await.map(|()| Done)
}

/// Withdraw a notice: its readers no longer see it.
#[utoipa::path(post, path = "/notices/{id}/withdraw", tag = "notices", params(("id" = i64, Path)), responses((status = 200, body = Notice)))]
async fn withdraw_notice(caller: Caller<can::PublishNotices>, Id(id): Id, version: IfMatch) -> Result<Record<Notice>> {
    caller.edit(version, move |work, version| super::withdraw(work, id, version)).await.map(Record)
}
