//! How messages are reached.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::model::Notification;
use super::{events, store};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Done, Id, Json, One, Query};
use crate::platform::page::{Page, Turn};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(count_notifications))
        .routes(routes!(read_all_notifications))
        .routes(routes!(read_notification))
        .routes(routes!(watch))
}

/// Which messages to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct NotificationFilter {
    /// Only unread ones, or only read ones.
    #[param(value_type = Option<bool>)]
    unread: One<bool>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

/// One's own messages, newest first (I17).
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(NotificationFilter), responses((status = 200, body = Page<Notification>)))]
async fn list_notifications(caller: Caller<can::LookAround>, Query(filter): Query<NotificationFilter>) -> Result<Json<Page<Notification>>> {
    let unread = filter.unread.get("unread")?;
    let turn = Turn::read(store::NEWEST_FIRST, filter.limit, filter.cursor)?;
    let lang = caller.lang();
    caller.read(move |work| Ok(store::page(work, unread, &turn)?.map(|kept| kept.told(lang)))).await.map(Json)
}

/// How many messages wait.
#[derive(Debug, Serialize, ToSchema)]
struct Unread {
    /// Unread messages.
    unread: i64,
}

/// How many of one's own messages are unread: the number at the bell.
#[utoipa::path(get, path = "/notifications/count", tag = "notifications", responses((status = 200, body = Unread)))]
async fn count_notifications(caller: Caller<can::LookAround>) -> Result<Json<Unread>> {
    caller.read(store::unread).await.map(|unread| Json(Unread { unread }))
}

/// Mark one of one's own messages as read.
#[utoipa::path(post, path = "/notifications/{id}/read", tag = "notifications", params(("id" = i64, Path)), responses((status = 204, description = "read")))]
async fn read_notification(caller: Caller<can::LookAround>, Id(id): Id) -> Result<Done> {
    caller.write(move |work| super::read(work, id)).await.map(|()| Done)
}

/// Mark all of one's own messages as read.
#[utoipa::path(post, path = "/notifications/read-all", tag = "notifications", responses((status = 204, description = "read")))]
async fn read_all_notifications(caller: Caller<can::LookAround>) -> Result<Done> {
    caller.write(super::read_all).await.map(|()| Done)
}

/// A stream of server-sent events: `notification {unread}`, `record-changed {kind, id, version}` for records within the reader's
/// scope, and `resync {}` when events may have been missed. It does not keep the session alive and ends with it.
#[utoipa::path(get, path = "/events", tag = "notifications",
    responses((status = 200, body = String, content_type = "text/event-stream", description = "the stream")))]
async fn watch(caller: Caller<can::LookAround>, headers: axum::http::HeaderMap) -> Result<Response> {
    events::open(&caller, headers.contains_key("last-event-id")).await
}
