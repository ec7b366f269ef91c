//! How the search box is reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::Found;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Json, One, Query};
use crate::platform::routes::routes;
use crate::platform::types::FieldCode;

/// Longer questions are refused.
const LONGEST: usize = 100;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct Question {
    /// Number, name, contact, phone (also its last four digits), pinyin or initials; at most 100 characters.
    #[param(value_type = Option<String>)]
    q: One<String>,
}

/// Find customers, contacts, opportunities and one's own open tasks, at most eight of each.
#[utoipa::path(get, path = "/search", tag = "system", params(Question), responses((status = 200, body = Found)))]
async fn search(caller: Caller<can::LookAround>, Query(question): Query<Question>) -> Result<Json<Found>> {
    let text = question.q.get("q")?.unwrap_or_default();
    if text.chars().count() > LONGEST {
        return Err(Error::field("q", FieldCode::TooLong { max: LONGEST }));
    }
    caller.read(move |work| super::find(work, &text)).await.map(Json)
}
