//! How customer groups are reached.

use utoipa_axum::router::OpenApiRouter;

use super::groups::{self, Group, GroupDraft, GroupName, MembersDraft};
use super::model::CustomerRow;
use super::{CustomerFilter, list};
use crate::app::App;
use crate::error::Result;
use crate::history::api::TimelineQuery;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, Many, Query, Record, Reference};
use crate::platform::page::{Page, Sort, Turn};
use crate::platform::routes::routes;

/// The routes of customer groups.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_customer_groups, create_customer_group))
        .routes(routes!(read_customer_group, edit_customer_group, delete_customer_group))
        .routes(routes!(list_group_members, add_group_members, remove_group_members))
        .routes(routes!(groups_of_customer))
}

/// The customer groups one may use, by name (S32).
#[utoipa::path(get, path = "/customer-groups", tag = "customers", responses((status = 200, body = Vec<Group>)))]
async fn list_customer_groups(caller: Caller<can::ViewCustomers>) -> Result<Json<Vec<Group>>> {
    caller.report(groups::all).await.map(Json)
}

/// Make a customer group (S32).
#[utoipa::path(post, path = "/customer-groups", tag = "customers", request_body = GroupDraft, responses((status = 201, body = Group)))]
async fn create_customer_group(caller: Caller<can::EditCustomers>, Json(draft): Json<GroupDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let group = groups::create(work, draft)?;
            Ok((format!("/api/v1/customer-groups/{}", group.id), group))
        })
        .await
}

/// One customer group with the number of its members.
#[utoipa::path(get, path = "/customer-groups/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 200, body = Group)))]
async fn read_customer_group(caller: Caller<can::ViewCustomers>, Id(id): Id) -> Result<Record<Group>> {
    caller.read(move |work| groups::get(work, id)).await.map(Record)
}

/// Edit a customer group of one's own.
#[utoipa::path(patch, path = "/customer-groups/{id}", tag = "customers", params(("id" = i64, Path)), request_body = GroupDraft, responses((status = 200, body = Group)))]
async fn edit_customer_group(
    caller: Caller<can::EditCustomers>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<GroupDraft>,
) -> Result<Record<Group>> {
    caller.edit(version, move |work, version| groups::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a customer group; its customers stay (S32).
#[utoipa::path(delete, path = "/customer-groups/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_customer_group(caller: Caller<can::EditCustomers>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| groups::delete(work, id, version)).await.map(|()| Done)
}

/// The members of a group within the reader's scope.
#[utoipa::path(get, path = "/customer-groups/{id}/members", tag = "customers", params(("id" = i64, Path), TimelineQuery), responses((status = 200, body = Page<CustomerRow>)))]
async fn list_group_members(
    caller: Caller<can::ViewCustomers>,
    Id(id): Id,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<Page<CustomerRow>>> {
    let turn = Turn::read(Sort::read(Default::default(), list::SORTS)?, query.limit, query.cursor)?;
    caller
        .read(move |work| {
            groups::get(work, id)?;
            super::page(work, CustomerFilter { group_id: Many(vec![Ok(id)]), ..CustomerFilter::default() }, &turn)
        })
        .await
        .map(Json)
}

/// Put customers into a static group.
#[utoipa::path(post, path = "/customer-groups/{id}/members", tag = "customers", params(("id" = i64, Path)), request_body = MembersDraft, responses((status = 200, body = Group)))]
async fn add_group_members(caller: Caller<can::EditCustomers>, Id(id): Id, Json(draft): Json<MembersDraft>) -> Result<Record<Group>> {
    caller.write(move |work| groups::place_all(work, id, &draft, true)).await.map(Record)
}

/// Take customers out of a static group.
#[utoipa::path(delete, path = "/customer-groups/{id}/members", tag = "customers", params(("id" = i64, Path)), request_body = MembersDraft, responses((status = 200, body = Group)))]
async fn remove_group_members(caller: Caller<can::EditCustomers>, Id(id): Id, Json(draft): Json<MembersDraft>) -> Result<Record<Group>> {
    caller.write(move |work| groups::place_all(work, id, &draft, false)).await.map(Record)
}

/// The static groups of a customer that one may know of.
#[utoipa::path(get, path = "/customers/{id}/groups", tag = "customers", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Vec<GroupName>)))]
async fn groups_of_customer(caller: Caller<can::ViewCustomers>, Reference(wanted): Reference) -> Result<Json<Vec<GroupName>>> {
    caller.read(move |work| groups::of_customer(work, &wanted)).await.map(Json)
}
