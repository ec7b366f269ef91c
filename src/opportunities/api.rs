//! How opportunities are reached. Entering and moving them is routed by the SOP of their stages, which gives tasks.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::{Board, Opportunity, OpportunityDraft, StageLogRow};
use super::{OpportunityFilter, OpportunitySums, find, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::history::api::{DeleteReason, TimelineQuery};
use crate::history::{self, ChangesQuery, FieldChange, TimelineEntry};
use crate::identity::scope::Right;
use crate::identity::{Caller, can};
use crate::platform::http::{Done, IfMatch, Json, Many, One, Query, Record, Reference};
use crate::platform::page::Page;
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_opportunities))
        .routes(routes!(opportunity_board))
        .routes(routes!(opportunity_sums))
        .routes(routes!(read_opportunity, edit_opportunity, delete_opportunity))
        .routes(routes!(stage_log))
        .routes(routes!(opportunity_timeline))
        .routes(routes!(opportunity_changes))
}

/// The opportunities within the caller's scope.
#[utoipa::path(get, path = "/opportunities", tag = "opportunities", params(OpportunityFilter), responses((status = 200, body = Page<Opportunity>)))]
async fn list_opportunities(
    caller: Caller<can::ViewOpportunities>,
    Query(filter): Query<OpportunityFilter>,
) -> Result<Json<Page<Opportunity>>> {
    let turn = filter.turn()?;
    caller.read(move |work| super::page(work, filter, &turn)).await.map(Json)
}

/// What the opportunities of a list come to; nothing when there are more than 10,000 (I29).
#[utoipa::path(get, path = "/opportunities/sums", tag = "opportunities", params(OpportunityFilter), responses((status = 200, body = OpportunitySums)))]
async fn opportunity_sums(
    caller: Caller<can::ViewOpportunities>,
    Query(filter): Query<OpportunityFilter>,
) -> Result<Json<OpportunitySums>> {
    caller.read(move |work| super::sums(work, filter)).await.map(Json)
}

/// Which opportunities stand on the board.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct BoardFilter {
    /// Number, name, pinyin, initials, or the customer's name or number.
    #[param(value_type = Option<String>)]
    q: One<String>,
    /// Owners, any of.
    #[param(value_type = Option<Vec<i64>>)]
    owner_id: Many<i64>,
    /// Teams, any of.
    #[param(value_type = Option<Vec<i64>>)]
    team_id: Many<i64>,
}

/// The board.
#[utoipa::path(get, path = "/opportunities/board", tag = "opportunities", params(BoardFilter), responses((status = 200, body = Board)))]
async fn opportunity_board(caller: Caller<can::ViewOpportunities>, Query(filter): Query<BoardFilter>) -> Result<Json<Board>> {
    let filter = OpportunityFilter { q: filter.q, owner_id: filter.owner_id, team_id: filter.team_id, ..OpportunityFilter::default() };
    caller.read(move |work| super::board(work, &filter)).await.map(Json)
}

/// One opportunity, by id or number.
#[utoipa::path(get, path = "/opportunities/{id}", tag = "opportunities", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Opportunity)))]
async fn read_opportunity(caller: Caller<can::ViewOpportunities>, Reference(wanted): Reference) -> Result<Record<Opportunity>> {
    caller.look(move |work| super::get(work, &wanted)).await.map(Record)
}

/// Edit an opportunity or give it to somebody else.
#[utoipa::path(patch, path = "/opportunities/{id}", tag = "opportunities", params(("id" = String, Path, description = "id or number")), request_body = OpportunityDraft, responses((status = 200, body = Opportunity)))]
async fn edit_opportunity(
    caller: Caller<can::EditOpportunities>,
    Reference(wanted): Reference,
    version: IfMatch,
    Json(draft): Json<OpportunityDraft>,
) -> Result<Record<Opportunity>> {
    caller
        .edit(version, move |work, version| {
            let brief = find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            super::edit(work, brief.id, version, &draft)
        })
        .await
        .map(Record)
}

/// Move an opportunity that is not won to the recycle bin.
#[utoipa::path(delete, path = "/opportunities/{id}", tag = "opportunities", params(("id" = String, Path, description = "id or number"), DeleteReason), responses((status = 204, description = "deleted")))]
async fn delete_opportunity(
    caller: Caller<can::EditOpportunities>,
    Reference(wanted): Reference,
    version: IfMatch,
    Query(query): Query<DeleteReason>,
) -> Result<Done> {
    let reason = query.reason.get("reason")?.unwrap_or_default();
    caller
        .edit(version, move |work, version| {
            let brief = find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            super::delete(work, brief.id, version, &reason)
        })
        .await
        .map(|()| Done)
}

/// The stage log, newest first; the row of creation has `from: null` (S53).
#[utoipa::path(get, path = "/opportunities/{id}/stage-changes", tag = "opportunities", params(("id" = String, Path, description = "id or number")), responses((status = 200, body = Vec<StageLogRow>)))]
async fn stage_log(caller: Caller<can::ViewOpportunities>, Reference(wanted): Reference) -> Result<Json<Vec<StageLogRow>>> {
    caller
        .read(move |work| {
            let brief = find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            store::stage_log(work, brief.id)
        })
        .await
        .map(Json)
}

/// Everything that happened with an opportunity, newest first.
#[utoipa::path(get, path = "/opportunities/{id}/timeline", tag = "opportunities", params(("id" = String, Path, description = "id or number"), TimelineQuery), responses((status = 200, body = Page<TimelineEntry>)))]
async fn opportunity_timeline(
    caller: Caller<can::ViewOpportunities>,
    Reference(wanted): Reference,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<Page<TimelineEntry>>> {
    let (turn, lang) = (query.turn()?, caller.lang());
    caller
        .read(move |work| {
            let brief = find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            history::of_opportunity(work, brief.id, &turn, lang)
        })
        .await
        .map(Json)
}

/// Every change of an opportunity's fields: before, after, who, when (I50).
#[utoipa::path(get, path = "/opportunities/{id}/changes", tag = "opportunities", params(("id" = String, Path, description = "id or number"), ChangesQuery), responses((status = 200, body = Page<FieldChange>)))]
async fn opportunity_changes(
    caller: Caller<can::ViewOpportunities>,
    Reference(wanted): Reference,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Page<FieldChange>>> {
    let lang = caller.lang();
    caller
        .read(move |work| {
            let brief = find(work, &wanted, Right::Read)?.ok_or(Error::NotFound)?;
            history::changes::of_record(work, "opportunity", brief.id, query, lang)
        })
        .await
        .map(Json)
}
