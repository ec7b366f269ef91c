//! How stewardship is reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::duplicates::{self, DuplicatesQuery, TwinGroups};
use super::merge_model::{MergeDone, MergeDraft, MergePreview, MergeRow, MergeUndone};
use super::purge::PurgeDraft;
use super::quality::{self, OwnerQuality, QualityQuery};
use super::recycle_bin::{self, BinItem, BinKind, BinQuery, Restored};
use super::{merge, purge, undo};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::draft::Choice;
use crate::platform::http::{Done, Id, IfMatch, Json, One, Query, Reference};
use crate::platform::page::Page;
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(merge_preview))
        .routes(routes!(merge_customer))
        .routes(routes!(customer_merges))
        .routes(routes!(undo_merge))
        .routes(routes!(list_bin))
        .routes(routes!(restore_customer))
        .routes(routes!(restore_opportunity))
        .routes(routes!(purge_customer))
        .routes(routes!(purge_opportunity))
        .routes(routes!(list_duplicates))
        .routes(routes!(customer_quality))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct PreviewQuery {
    /// The customer that stays: id or number. Required.
    #[param(value_type = String)]
    into: One<Choice>,
}

/// Two customers side by side, and what a merge would move.
#[utoipa::path(get, path = "/customers/{id}/merge-preview", tag = "customers", params(("id" = String, Path, description = "id or number"), PreviewQuery), responses((status = 200, body = MergePreview)))]
async fn merge_preview(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    Query(query): Query<PreviewQuery>,
) -> Result<Json<MergePreview>> {
    let into = query.into.get("into")?;
    caller.read(move |work| merge::preview(work, &wanted, into.as_ref())).await.map(Json)
}

/// Merge a customer into another one; everything that hangs on it moves, and its old number finds the other (S23).
#[utoipa::path(post, path = "/customers/{id}/merge", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = MergeDraft, responses((status = 200, body = MergeDone)))]
async fn merge_customer(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    version: IfMatch,
    Json(draft): Json<MergeDraft>,
) -> Result<Json<MergeDone>> {
    caller.edit(version, move |work, version| merge::merge(work, &wanted, version, &draft)).await.map(Json)
}

/// The merges into a customer that stand, the newest first.
#[utoipa::path(get, path = "/customers/{id}/merges", tag = "customers", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Vec<MergeRow>)))]
async fn customer_merges(caller: Caller<can::ViewCustomers>, Reference(wanted): Reference) -> Result<Json<Vec<MergeRow>>> {
    caller.read(move |work| merge::into(work, &wanted)).await.map(Json)
}

/// Take a merge back, within seven days.
#[utoipa::path(post, path = "/customers/merges/{id}/undo", tag = "customers", params(("id" = i64, Path)), responses((status = 200, body = MergeUndone)))]
async fn undo_merge(caller: Caller<can::EditCustomers>, Id(id): Id) -> Result<Json<MergeUndone>> {
    caller.write(move |work| undo::undo(work, id)).await.map(Json)
}

/// What was deleted within thirty days: by the caller, or within the caller's scope (I45).
#[utoipa::path(get, path = "/recycle-bin", tag = "system", params(BinQuery), responses((status = 200, body = Page<BinItem>)))]
async fn list_bin(caller: Caller<can::EditCustomers>, Query(query): Query<BinQuery>) -> Result<Json<Page<BinItem>>> {
    let (kind, turn) = query.read()?;
    caller.read(move |work| recycle_bin::page(work, kind, &turn)).await.map(Json)
}

/// Bring a customer back from the recycle bin, with its number and all links.
#[utoipa::path(post, path = "/customers/{id}/restore", tag = "customers", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Restored)))]
async fn restore_customer(caller: Caller<can::EditCustomers>, Reference(wanted): Reference) -> Result<Json<Restored>> {
    caller.write(move |work| recycle_bin::restore_customer(work, &wanted)).await.map(Json)
}

/// Bring an opportunity back from the recycle bin, with its number and all links.
#[utoipa::path(post, path = "/opportunities/{id}/restore", tag = "opportunities", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Restored)))]
async fn restore_opportunity(caller: Caller<can::EditOpportunities>, Reference(wanted): Reference) -> Result<Json<Restored>> {
    caller.write(move |work| recycle_bin::restore_opportunity(work, &wanted)).await.map(Json)
}

/// Delete a customer in the recycle bin for good (administrator).
#[utoipa::path(post, path = "/customers/{id}/purge", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = PurgeDraft, responses((status = 204, description = "gone")))]
async fn purge_customer(caller: Caller<can::PurgeRecords>, Reference(wanted): Reference, Json(draft): Json<PurgeDraft>) -> Result<Done> {
    caller.write(move |work| purge::purge(work, BinKind::Customers, &wanted, &draft)).await.map(|()| Done)
}

/// Delete an opportunity in the recycle bin for good (administrator).
#[utoipa::path(post, path = "/opportunities/{id}/purge", tag = "opportunities", params(("id" = String, Path, description = "id or number")), request_body = PurgeDraft, responses((status = 204, description = "gone")))]
async fn purge_opportunity(caller: Caller<can::PurgeRecords>, Reference(wanted): Reference, Json(draft): Json<PurgeDraft>) -> Result<Done> {
    caller.write(move |work| purge::purge(work, BinKind::Opportunities, &wanted, &draft)).await.map(|()| Done)
}

/// Customers within the caller's scope that look like one (I49).
#[utoipa::path(get, path = "/customers/duplicates", tag = "customers", params(DuplicatesQuery), responses((status = 200, body = TwinGroups)))]
async fn list_duplicates(caller: Caller<can::ViewCustomers>, Query(query): Query<DuplicatesQuery>) -> Result<Json<TwinGroups>> {
    caller.report(move |work| duplicates::groups(work, query)).await.map(Json)
}

/// Per owner: silent and incomplete customers (I49).
#[utoipa::path(get, path = "/customers/quality", tag = "customers", params(QualityQuery), responses((status = 200, body = Vec<OwnerQuality>)))]
async fn customer_quality(caller: Caller<can::ViewCustomers>, Query(query): Query<QualityQuery>) -> Result<Json<Vec<OwnerQuality>>> {
    caller.report(move |work| quality::by_owner(work, query)).await.map(Json)
}
