//! How boards are reached.

use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;

use super::model::{Board, BoardDraft, Boards, Standard};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, Record};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_dashboards, create_dashboard)).routes(routes!(standard_dashboard)).routes(routes!(
        read_dashboard,
        edit_dashboard,
        delete_dashboard
    ))
}

/// The boards one may use (I29).
#[utoipa::path(get, path = "/dashboards", tag = "reports", responses((status = 200, body = Boards)))]
async fn list_dashboards(caller: Caller<can::ViewReports>) -> Result<Json<Boards>> {
    caller.read(super::all).await.map(Json)
}

/// Keep a board.
#[utoipa::path(post, path = "/dashboards", tag = "reports", request_body = BoardDraft, responses((status = 201, body = Board)))]
async fn create_dashboard(caller: Caller<can::ViewReports>, Json(draft): Json<BoardDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let board = super::create(work, draft)?;
            Ok((format!("/api/v1/dashboards/{}", board.id.unwrap_or_default()), board))
        })
        .await
}

/// One of the product's own boards.
#[utoipa::path(get, path = "/dashboards/standard/{which}", tag = "reports",
    params(("which" = String, Path, description = "`rep`, `manager` or `boss`")), responses((status = 200, body = Board)))]
async fn standard_dashboard(caller: Caller<can::ViewReports>, Path(which): Path<String>) -> Result<Json<Board>> {
    let which = Standard::from_word(&which).ok_or(Error::NotFound)?;
    caller.read(move |work| super::standard(work, which)).await.map(Json)
}

/// One board.
#[utoipa::path(get, path = "/dashboards/{id}", tag = "reports", params(("id" = i64, Path)), responses((status = 200, body = Board)))]
async fn read_dashboard(caller: Caller<can::ViewReports>, Id(id): Id) -> Result<Record<Board>> {
    caller.look(move |work| super::get(work, id)).await.map(Record)
}

/// Change a board of one's own; `tiles` replaces all of them, in their order.
#[utoipa::path(patch, path = "/dashboards/{id}", tag = "reports", params(("id" = i64, Path)), request_body = BoardDraft, responses((status = 200, body = Board)))]
async fn edit_dashboard(
    caller: Caller<can::ViewReports>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<BoardDraft>,
) -> Result<Record<Board>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a board of one's own.
#[utoipa::path(delete, path = "/dashboards/{id}", tag = "reports", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_dashboard(caller: Caller<can::ViewReports>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::delete(work, id, version)).await.map(|()| Done)
}
