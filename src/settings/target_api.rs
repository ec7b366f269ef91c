//! How targets are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::{Target, TargetDraft, TargetOwner};
use super::target_store;
use super::targets::{self, TargetChange, TargetTree};
use crate::app::App;
use crate::error::{Error, Result};
use crate::history::api::DeleteReason;
use crate::identity::{Caller, can};
use crate::platform::db::{Predicate, Value};
use crate::platform::http::{Done, Id, IfMatch, Json, Many, One, Query};
use crate::platform::page::{Page, Sort, Turn, any_of};
use crate::platform::routes::routes;
use crate::platform::types::FieldCode;
use crate::platform::work::Work;

/// The routes of targets.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_targets, set_target))
        .routes(routes!(remove_target))
        .routes(routes!(target_tree))
        .routes(routes!(target_changes))
}

/// Which targets.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct TargetFilter {
    /// Months, `2024-03`.
    #[param(value_type = Option<Vec<String>>)]
    period: Many<String>,
    /// `company`, `team`, `user`.
    #[param(value_type = Option<Vec<String>>)]
    owner_type: Many<TargetOwner>,
    /// Teams or people.
    #[param(value_type = Option<Vec<i64>>)]
    owner_id: Many<i64>,
    /// `period` or `-period`; of changes `id` or `-id`.
    #[param(value_type = Option<String>)]
    sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

impl TargetFilter {
    fn read(self, sorts: &[(&'static str, &'static str)]) -> Result<(Vec<Predicate>, Turn)> {
        let mut filters: Vec<Predicate> = Vec::new();
        let mut among = |column: &str, values: Vec<Value>| {
            if !values.is_empty() {
                filters.push(any_of(column, values));
            }
        };
        among("g.period", self.period.get("period")?.into_iter().map(Value::from).collect());
        among("g.owner_type", self.owner_type.get("owner_type")?.into_iter().map(Value::from).collect());
        among("g.owner_id", self.owner_id.get("owner_id")?.into_iter().map(Value::Int).collect());
        Ok((filters, Turn::read(Sort::read(self.sort, sorts)?, self.limit, self.cursor)?))
    }
}

/// The targets.
#[utoipa::path(get, path = "/targets", tag = "reports", params(TargetFilter), responses((status = 200, body = Page<Target>)))]
async fn list_targets(caller: Caller<can::ManageTargets>, Query(filter): Query<TargetFilter>) -> Result<Json<Page<Target>>> {
    let (filters, turn) = filter.read(&[("-period", "g.period")])?;
    caller.read(move |work| target_store::page(work, filters, &turn)).await.map(Json)
}

/// Set a target for a month (I22).
#[utoipa::path(put, path = "/targets", tag = "reports", request_body = TargetDraft, responses((status = 200, body = Target)))]
async fn set_target(caller: Caller<can::ManageTargets>, Json(draft): Json<TargetDraft>) -> Result<Json<Target>> {
    caller.write(move |work| targets::set_target(work, &draft)).await.map(Json)
}

/// Take a target back, with a reason; it stays in the log (I22).
#[utoipa::path(delete, path = "/targets/{id}", tag = "reports", params(("id" = i64, Path), DeleteReason), responses((status = 204, description = "removed")))]
async fn remove_target(
    caller: Caller<can::ManageTargets>,
    Id(id): Id,
    version: IfMatch,
    Query(query): Query<DeleteReason>,
) -> Result<Done> {
    let reason = query.reason.get("reason")?;
    caller.edit(version, move |work, version| targets::remove_target(work, id, version, reason.as_deref())).await.map(|()| Done)
}

/// Which year.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TargetYear {
    /// The year; this one when left out.
    #[param(value_type = Option<i64>)]
    pub year: One<i64>,
}

impl TargetYear {
    /// The year asked for.
    pub fn get(&self, work: &Work) -> Result<i64> {
        let year = self.year.clone().get("year")?.unwrap_or_else(|| i64::from(work.today().year()));
        if (2000..=2999).contains(&year) {
            Ok(year)
        } else {
            Err(Error::field("year", FieldCode::OutOfRange { min: "2000".into(), max: "2999".into() }))
        }
    }
}

/// The targets of a year from the company down to the people, with what is missing between the levels (I22).
#[utoipa::path(get, path = "/targets/tree", tag = "reports", params(TargetYear), responses((status = 200, body = TargetTree)))]
async fn target_tree(caller: Caller<can::ManageTargets>, Query(query): Query<TargetYear>) -> Result<Json<TargetTree>> {
    caller
        .read(move |work| {
            let year = query.get(work)?;
            targets::tree(work, year)
        })
        .await
        .map(Json)
}

/// Every change of a target with its reason, the newest first (I22).
#[utoipa::path(get, path = "/targets/changes", tag = "reports", params(TargetFilter), responses((status = 200, body = Page<TargetChange>)))]
async fn target_changes(caller: Caller<can::ManageTargets>, Query(filter): Query<TargetFilter>) -> Result<Json<Page<TargetChange>>> {
    let (filters, turn) = filter.read(&[("-id", "g.id")])?;
    caller.read(move |work| target_store::changes(work, filters, &turn)).await.map(Json)
}
