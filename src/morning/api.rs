//! How the morning messages are switched.

use utoipa_axum::router::OpenApiRouter;

use super::settings::{self, ReminderSettings, ReminderSettingsDraft};
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::Json;
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_reminder_settings, set_reminder_settings))
}

/// Which morning messages the company sends (I14–I16).
#[utoipa::path(get, path = "/reminder-settings", tag = "settings", responses((status = 200, body = ReminderSettings)))]
async fn read_reminder_settings(caller: Caller<can::LookAround>) -> Result<Json<ReminderSettings>> {
    caller.read(settings::get).await.map(Json)
}

/// Change which morning messages the company sends (administrator).
#[utoipa::path(put, path = "/reminder-settings", tag = "settings", request_body = ReminderSettingsDraft, responses((status = 200, body = ReminderSettings)))]
async fn set_reminder_settings(
    caller: Caller<can::ManageSettings>,
    Json(draft): Json<ReminderSettingsDraft>,
) -> Result<Json<ReminderSettings>> {
    caller.write(move |work| settings::set(work, &draft)).await.map(Json)
}
