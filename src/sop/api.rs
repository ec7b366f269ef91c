//! How templates are reached, and the moves that give their tasks.

use utoipa_axum::router::OpenApiRouter;

use super::model::{SopTemplate, SopTemplateDraft};
use crate::app::App;
use crate::customers::{self, Customer, CustomerDraft};
use crate::error::{Error, Result};
use crate::identity::scope::Right;
use crate::identity::{Caller, can};
use crate::opportunities::{self, Opportunity, OpportunityDraft, StageChange, model::WinDraft};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, Record, Reference};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sop_templates, create_sop_template))
        .routes(routes!(edit_sop_template, delete_sop_template))
        .routes(routes!(create_opportunity))
        .routes(routes!(change_stage))
        .routes(routes!(edit_customer))
        .routes(routes!(win_customer))
}

/// The templates of every stage, by stage and position.
#[utoipa::path(get, path = "/sop-templates", tag = "settings", responses((status = 200, body = Vec<SopTemplate>)))]
async fn list_sop_templates(caller: Caller<can::LookAround>) -> Result<Json<Vec<SopTemplate>>> {
    caller.read(super::all).await.map(Json)
}

/// Add a template to a stage (administrator, I8).
#[utoipa::path(post, path = "/sop-templates", tag = "settings", request_body = SopTemplateDraft, responses((status = 201, body = SopTemplate)))]
async fn create_sop_template(caller: Caller<can::ManageSettings>, Json(draft): Json<SopTemplateDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let template = super::add(work, draft)?;
            Ok((format!("/api/v1/sop-templates/{}", template.id), template))
        })
        .await
}

/// Change, move or disable a template; tasks that were made stay as they are (administrator).
#[utoipa::path(patch, path = "/sop-templates/{id}", tag = "settings", params(("id" = i64, Path)), request_body = SopTemplateDraft, responses((status = 200, body = SopTemplate)))]
async fn edit_sop_template(
    caller: Caller<can::ManageSettings>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<SopTemplateDraft>,
) -> Result<Record<SopTemplate>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a template that has made no task (administrator).
#[utoipa::path(delete, path = "/sop-templates/{id}", tag = "settings", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_sop_template(caller: Caller<can::ManageSettings>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::remove(work, id, version)).await.map(|()| Done)
}

/// Enter an opportunity (S34–S40).
#[utoipa::path(post, path = "/opportunities", tag = "opportunities", request_body = OpportunityDraft, responses((status = 201, body = Opportunity)))]
async fn create_opportunity(caller: Caller<can::EditOpportunities>, Json(draft): Json<OpportunityDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let opportunity = super::create(work, draft)?;
            Ok((format!("/api/v1/opportunities/{}", opportunity.id), opportunity))
        })
        .await
}

/// Move an opportunity to another stage (S52, S53).
#[utoipa::path(post, path = "/opportunities/{id}/stage", tag = "opportunities", params(("id" = String, Path, description = "id or number")), request_body = StageChange, responses((status = 200, body = Opportunity)))]
async fn change_stage(
    caller: Caller<can::EditOpportunities>,
    Reference(wanted): Reference,
    version: IfMatch,
    Json(change): Json<StageChange>,
) -> Result<Record<Opportunity>> {
    caller
        .edit(version, move |work, version| {
            let brief = opportunities::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            super::change_stage(work, brief.id, version, &change)
        })
        .await
        .map(Record)
}

/// Edit a customer (S26, S27, S30).
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = CustomerDraft, responses((status = 200, body = Customer)))]
async fn edit_customer(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    version: IfMatch,
    Json(draft): Json<CustomerDraft>,
) -> Result<Record<Customer>> {
    caller
        .edit(version, move |work, version| {
            let brief = customers::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            super::edit_customer(work, brief.id, version, &draft)
        })
        .await
        .map(Record)
}

/// Win a customer: date and amount, and the opportunity that was won (S28–S30). With an `Idempotency-Key` a repetition changes nothing, and
/// another date or amount corrects the deal that was made under the key.
#[utoipa::path(post, path = "/customers/{id}/win", tag = "customers", params(("id" = String, Path, description = "id or number")), request_body = WinDraft, responses((status = 200, body = Customer)))]
async fn win_customer(
    caller: Caller<can::EditCustomers>,
    Reference(wanted): Reference,
    version: IfMatch,
    Json(draft): Json<WinDraft>,
) -> Result<Record<Customer>> {
    let repeat = caller.repeat(&draft)?;
    caller
        .edit(version, move |work, version| {
            let brief = customers::find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            super::win_customer(work, brief.id, version, &draft, repeat.as_ref())
        })
        .await
        .map(Record)
}
