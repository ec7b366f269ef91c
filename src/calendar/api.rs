//! How a calendar is reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Calendar, LONGEST};
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Json, One, Query};
use crate::platform::types::{Day, FieldCode};

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_calendar))
}

/// Which days of whose calendar.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct Span {
    /// The first day. Required.
    #[param(value_type = String)]
    from: One<Day>,
    /// The last day, at most 61 days later. Required.
    #[param(value_type = String)]
    to: One<Day>,
    /// Whose calendar; one's own by default.
    #[param(value_type = Option<i64>)]
    user_id: One<i64>,
}

impl Span {
    fn read(self) -> Result<(Day, Day, Option<i64>)> {
        let mut fields = Fields::default();
        let mut day = |given: One<Day>, field: &str| fields.keep(field, given.0.unwrap_or(Err(FieldCode::Required)));
        let (from, to) = (day(self.from, "from"), day(self.to, "to"));
        let person = self.user_id.get("user_id")?;
        if let (Some(from), Some(to)) = (from, to) {
            let last = from.add_days(LONGEST - 1);
            if to < from || to > last {
                fields.add("to", FieldCode::OutOfRange { min: from.to_string(), max: last.to_string() });
            }
        }
        match (from, to) {
            (Some(from), Some(to)) if fields.is_empty() => Ok((from, to, person)),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

/// Plans and tasks of a person, between two days (I10); of others only within one's reach (I11).
#[utoipa::path(get, path = "/calendar", tag = "calendar", params(Span), responses((status = 200, body = Calendar)))]
async fn read_calendar(caller: Caller<can::ViewCalendar>, Query(span): Query<Span>) -> Result<Json<Calendar>> {
    let (from, to, person) = span.read()?;
    caller
        .read(move |work| {
            let person = person.unwrap_or(work.actor.user_id);
            super::of_person(work, person, from, to)
        })
        .await
        .map(Json)
}
