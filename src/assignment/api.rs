//! How rules are reached.

use utoipa_axum::router::OpenApiRouter;

use super::model::{AssignmentRule, AssignmentRuleDraft, Trial, TrialDraft};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, Record};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_assignment_rules, create_assignment_rule))
        .routes(routes!(edit_assignment_rule, delete_assignment_rule))
        .routes(routes!(try_assignment))
}

/// The rules of customers and of tasks, in the order in which they are asked (administrator, S65).
#[utoipa::path(get, path = "/assignment-rules", tag = "settings", responses((status = 200, body = Vec<AssignmentRule>)))]
async fn list_assignment_rules(caller: Caller<can::ManageSettings>) -> Result<Json<Vec<AssignmentRule>>> {
    caller.read(super::all).await.map(Json)
}

/// Add a rule (administrator, S65).
#[utoipa::path(post, path = "/assignment-rules", tag = "settings", request_body = AssignmentRuleDraft, responses((status = 201, body = AssignmentRule)))]
async fn create_assignment_rule(caller: Caller<can::ManageSettings>, Json(draft): Json<AssignmentRuleDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let rule = super::add(work, draft)?;
            Ok((format!("/api/v1/assignment-rules/{}", rule.id), rule))
        })
        .await
}

/// Change, move or switch off a rule (administrator).
#[utoipa::path(patch, path = "/assignment-rules/{id}", tag = "settings", params(("id" = i64, Path)), request_body = AssignmentRuleDraft, responses((status = 200, body = AssignmentRule)))]
async fn edit_assignment_rule(
    caller: Caller<can::ManageSettings>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<AssignmentRuleDraft>,
) -> Result<Record<AssignmentRule>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a rule (administrator).
#[utoipa::path(delete, path = "/assignment-rules/{id}", tag = "settings", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_assignment_rule(caller: Caller<can::ManageSettings>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::remove(work, id, version)).await.map(|()| Done)
}

/// Which rule would take a record, and whom; nobody's turn is taken (administrator, 试算).
#[utoipa::path(post, path = "/assignment-rules/try", tag = "settings", request_body = TrialDraft, responses((status = 200, body = Trial)))]
async fn try_assignment(caller: Caller<can::ManageSettings>, Json(draft): Json<TrialDraft>) -> Result<Json<Trial>> {
    caller.read(move |work| super::attempt(work, &draft)).await.map(Json)
}
