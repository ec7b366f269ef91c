//! How saved views are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::{DefaultDraft, View, ViewDraft, ViewKind};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, One, Query, Record};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_saved_views, create_saved_view)).routes(routes!(set_default_view)).routes(routes!(
        read_saved_view,
        edit_saved_view,
        delete_saved_view
    ))
}

/// Which views.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct ViewFilter {
    /// `customers` (default).
    #[param(value_type = Option<String>)]
    kind: One<ViewKind>,
}

/// The views of a list that one may use, in their order (S33).
#[utoipa::path(get, path = "/saved-views", tag = "customers", params(ViewFilter), responses((status = 200, body = Vec<View>)))]
async fn list_saved_views(caller: Caller<can::ViewCustomers>, Query(filter): Query<ViewFilter>) -> Result<Json<Vec<View>>> {
    let kind = filter.kind.get("kind")?.unwrap_or(ViewKind::Customers);
    caller.read(move |work| super::all(work, kind)).await.map(Json)
}

/// Keep a view.
#[utoipa::path(post, path = "/saved-views", tag = "customers", request_body = ViewDraft, responses((status = 201, body = View)))]
async fn create_saved_view(caller: Caller<can::ViewCustomers>, Json(draft): Json<ViewDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let view = super::create(work, draft)?;
            Ok((format!("/api/v1/saved-views/{}", view.id), view))
        })
        .await
}

/// One view.
#[utoipa::path(get, path = "/saved-views/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 200, body = View)))]
async fn read_saved_view(caller: Caller<can::ViewCustomers>, Id(id): Id) -> Result<Record<View>> {
    caller.look(move |work| super::get(work, id)).await.map(Record)
}

/// Change a view of one's own.
#[utoipa::path(patch, path = "/saved-views/{id}", tag = "customers", params(("id" = i64, Path)), request_body = ViewDraft, responses((status = 200, body = View)))]
async fn edit_saved_view(
    caller: Caller<can::ViewCustomers>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<ViewDraft>,
) -> Result<Record<View>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a view of one's own.
#[utoipa::path(delete, path = "/saved-views/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_saved_view(caller: Caller<can::ViewCustomers>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::delete(work, id, version)).await.map(|()| Done)
}

/// Choose the view one's list opens with, or none; answers all views.
#[utoipa::path(put, path = "/saved-views/default", tag = "customers", request_body = DefaultDraft, responses((status = 200, body = Vec<View>)))]
async fn set_default_view(caller: Caller<can::ViewCustomers>, Json(draft): Json<DefaultDraft>) -> Result<Json<Vec<View>>> {
    caller.write(move |work| super::set_default(work, &draft)).await.map(Json)
}
