//! How customers are reached. Editing and winning are routed by the opportunities, which a deal changes, too.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::contacts::{self, Contact, ContactDraft, SavedContact};
use super::model::{Customer, CustomerDraft, CustomerRow, Reason};
use super::parse::{self, Parsed, PastedText};
use super::requirements::{self, CursorQuery, RequirementVersion};
use super::shares::{self, Share, ShareDraft};
use super::{CustomerFilter, DuplicateQuestion, FieldHit};
use crate::app::App;
use crate::error::{Error, Result};
use crate::history::api::{DeleteReason, TimelineQuery};
use crate::history::{self, ChangesQuery, FieldChange, TimelineEntry};
use crate::identity::scope::Right;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IdPair, IfMatch, Json, Query, Record, Reference};
use crate::platform::page::{Page, Turn};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_customers, create_customer))
        .routes(routes!(check_duplicates))
        .routes(routes!(read_customer, delete_customer))
        .routes(routes!(reveal_phone))
        .routes(routes!(customer_timeline))
        .routes(routes!(customer_changes))
        .routes(routes!(customer_requirements))
        .routes(routes!(parse_customer))
        .routes(routes!(list_contacts, add_contact))
        .routes(routes!(edit_contact, remove_contact))
        .routes(routes!(list_shares, share_customer))
        .routes(routes!(end_share))
        .merge(super::group_api::routes())
}

/// The customers within the caller's scope.
#[utoipa::path(get, path = "/customers", tag = "customers", params(CustomerFilter), responses((status = 200, body = Page<CustomerRow>)))]
async fn list_customers(caller: Caller<can::ViewCustomers>, Query(filter): Query<CustomerFilter>) -> Result<Json<Page<CustomerRow>>> {
    let turn = filter.turn()?;
    caller.read(move |work| super::page(work, filter, &turn)).await.map(Json)
}

/// Enter a customer (S14–S24).
#[utoipa::path(post, path = "/customers", tag = "customers", request_body = CustomerDraft, responses((status = 201, body = Customer)))]
async fn create_customer(caller: Caller<can::EditCustomers>, Json(draft): Json<CustomerDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let customer = super::create(work, draft)?;
            // A repeated request is answered again while its record is in sight. What the rules gave away is out of sight from the
            // beginning, and its address by number says no more than the answer.
            let out_of_sight = customer.assignment.as_ref().is_some_and(|assignment| !assignment.in_sight);
            let name = if out_of_sight { customer.row.number.clone() } else { customer.row.id.to_string() };
            Ok((format!("/api/v1/customers/{name}"), customer))
        })
        .await
}

/// The hits of 查重.
#[derive(Debug, Serialize, ToSchema)]
struct DuplicateHits {
    /// At most five per field.
    hits: Vec<FieldHit>,
}

/// Look whether a customer is known already, without seeing more than number, owner and team (查重).
#[utoipa::path(post, path = "/customers/check-duplicates", tag = "customers", request_body = DuplicateQuestion, responses((status = 200, body = DuplicateHits)))]
async fn check_duplicates(caller: Caller<can::ViewCustomers>, Json(question): Json<DuplicateQuestion>) -> Result<Json<DuplicateHits>> {
    caller.read(move |work| super::check_duplicates(work, &question)).await.map(|hits| Json(DuplicateHits { hits }))
}

/// One customer, by id or number.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Customer)))]
async fn read_customer(caller: Caller<can::ViewCustomers>, Reference(wanted): Reference) -> Result<Record<Customer>> {
    caller.look(move |work| super::get(work, &wanted)).await.map(Record)
}

/// Move a customer without opportunities to the recycle bin.
#[utoipa::path(delete, path = "/customers/{id}", tag = "customers", params(("id" = String, Path, description = "id or number"), DeleteReason), responses((status = 204, description = "deleted")))]
async fn delete_customer(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    version: IfMatch,
    Query(query): Query<DeleteReason>,
) -> Result<Done> {
    let reason = query.reason.get("reason")?.unwrap_or_default();
    caller
        .edit(version, move |work, version| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            super::delete(work, brief.id, version, &reason)
        })
        .await
        .map(|()| Done)
}

/// A phone in full.
#[derive(Debug, Serialize, ToSchema)]
struct FullPhone {
    /// Eleven digits.
    phone: String,
}

/// See the full phone; logged with its reason, at most 50 a day (I41).
#[utoipa::path(post, path = "/customers/{id}/reveal-phone", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = Reason, responses((status = 200, body = FullPhone)))]
async fn reveal_phone(
    caller: Caller<can::ViewCustomers>,
    Reference(wanted): Reference,
    Json(reason): Json<Reason>,
) -> Result<Json<FullPhone>> {
    caller.write(move |work| super::reveal_phone(work, &wanted, &reason)).await.map(|phone| Json(FullPhone { phone }))
}

/// Everything that happened with a customer, newest first (S5).
#[utoipa::path(get, path = "/customers/{id}/timeline", tag = "customers", params(("id" = String, Path, description = "id or number"), TimelineQuery), responses((status = 200, body = Page<TimelineEntry>)))]
async fn customer_timeline(
    caller: Caller<can::ViewCustomers>,
    Reference(wanted): Reference,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<Page<TimelineEntry>>> {
    let (turn, lang) = (query.turn()?, caller.lang());
    caller
        .read(move |work| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            history::of_customer(work, brief.id, &turn, lang)
        })
        .await
        .map(Json)
}

/// Every change of a customer's fields: before, after, who, when (I50).
#[utoipa::path(get, path = "/customers/{id}/changes", tag = "customers", params(("id" = String, Path, description = "id or number"), ChangesQuery), responses((status = 200, body = Page<FieldChange>)))]
async fn customer_changes(
    caller: Caller<can::ViewCustomers>,
    Reference(wanted): Reference,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Page<FieldChange>>> {
    let lang = caller.lang();
    caller
        .read(move |work| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            history::changes::of_record(work, "customer", brief.id, query, lang)
        })
        .await
        .map(Json)
}

/// The versions of a customer's requirement, newest first (S6).
#[utoipa::path(get, path = "/customers/{id}/requirements", tag = "customers", params(("id" = String, Path, description = "id or number"), CursorQuery), responses((status = 200, body = Page<RequirementVersion>)))]
async fn customer_requirements(
    caller: Caller<can::ViewCustomers>,
    Reference(wanted): Reference,
    Query(query): Query<CursorQuery>,
) -> Result<Json<Page<RequirementVersion>>> {
    let turn = Turn::read(requirements::NEWEST_FIRST, query.limit, query.cursor)?;
    caller
        .read(move |work| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            requirements::page(work, brief.id, &turn)
        })
        .await
        .map(Json)
}

/// Sort a pasted text into the fields of a new customer (S64); nothing is saved.
#[utoipa::path(post, path = "/customers/parse", tag = "customers", request_body = PastedText, responses((status = 200, body = Parsed)))]
async fn parse_customer(caller: Caller<can::EditCustomers>, Json(pasted): Json<PastedText>) -> Result<Json<Parsed>> {
    caller.read(move |work| parse::parse_for(work, &pasted)).await.map(Json)
}

/// The contacts of a customer, the main one first.
#[utoipa::path(get, path = "/customers/{id}/contacts", tag = "customers", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Vec<Contact>)))]
async fn list_contacts(caller: Caller<can::ViewCustomers>, Reference(wanted): Reference) -> Result<Json<Vec<Contact>>> {
    caller
        .read(move |work| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            contacts::all(work, brief.id)
        })
        .await
        .map(Json)
}

/// Add a contact (S16).
#[utoipa::path(post, path = "/customers/{id}/contacts", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = ContactDraft, responses((status = 201, body = SavedContact)))]
async fn add_contact(caller: Caller<can::EditCustomers>, Reference(wanted): Reference, Json(draft): Json<ContactDraft>) -> Result<Created> {
    caller
        .create(draft, move |work, draft| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            let saved = contacts::add(work, brief.id, draft)?;
            Ok((format!("/api/v1/contacts/{}", saved.contact.id), saved))
        })
        .await
}

/// Edit a contact, or make it the main one.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "customers", params(("id" = i64, Path)), request_body = ContactDraft, responses((status = 200, body = SavedContact)))]
async fn edit_contact(
    caller: Caller<can::EditCustomers>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<ContactDraft>,
) -> Result<Record<SavedContact>> {
    caller.edit(version, move |work, version| contacts::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a contact that is not the main one.
#[utoipa::path(delete, path = "/contacts/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn remove_contact(caller: Caller<can::EditCustomers>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| contacts::remove(work, id, version)).await.map(|()| Done)
}

/// Whom a customer is shared with.
#[utoipa::path(get, path = "/customers/{id}/shares", tag = "customers", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Vec<Share>)))]
async fn list_shares(caller: Caller<can::ViewCustomers>, Reference(wanted): Reference) -> Result<Json<Vec<Share>>> {
    caller.read(move |work| shares::all(work, &wanted)).await.map(Json)
}

/// Share a customer with a person or a team (S3).
#[utoipa::path(post, path = "/customers/{id}/shares", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = ShareDraft, responses((status = 201, body = Share)))]
async fn share_customer(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    Json(draft): Json<ShareDraft>,
) -> Result<Created> {
    caller
        .create(draft, move |work, draft| {
            let brief = super::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            let share = shares::share(work, brief.id, draft)?;
            Ok((format!("/api/v1/customers/{}/shares/{}", brief.id, share.id), share))
        })
        .await
}

/// End a share at once (S3).
#[utoipa::path(delete, path = "/customers/{id}/shares/{share_id}", tag = "customers", params(("id" = i64, Path), ("share_id" = i64, Path)), responses((status = 204, description = "ended")))]
async fn end_share(caller: Caller<can::EditCustomers>, IdPair(id, share_id): IdPair) -> Result<Done> {
    caller.write(move |work| shares::end(work, id, share_id)).await.map(|()| Done)
}
