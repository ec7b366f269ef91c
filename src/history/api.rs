//! The administrator's view of everything that happened.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::TimelineEntry;
use super::store;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Json, One, Query};
use crate::platform::page::{Page, Turn};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(audit_log))
}

/// Which page of a timeline.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// Rows of a page, 1–100.
    #[serde(default)]
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

impl TimelineQuery {
    /// The page asked for.
    pub fn turn(self) -> Result<Turn> {
        Turn::read(store::NEWEST_FIRST, self.limit, self.cursor)
    }
}

/// Why a record is deleted; goes to its history.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DeleteReason {
    /// 1–200 characters. Required.
    #[param(value_type = Option<String>)]
    pub reason: One<String>,
}

/// Everything that happened, newest first (administrator).
#[utoipa::path(get, path = "/audit-log", tag = "system", params(TimelineQuery),
    responses((status = 200, body = Page<TimelineEntry>), (status = 403, body = Problem, description = "not an administrator")))]
async fn audit_log(caller: Caller<can::ViewAuditLog>, Query(query): Query<TimelineQuery>) -> Result<Json<Page<TimelineEntry>>> {
    let (turn, lang) = (query.turn()?, caller.lang());
    caller.read(move |work| Ok(store::log(work, &turn)?.map(|entry| entry.told(lang)))).await.map(Json)
}
