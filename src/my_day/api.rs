//! How one's own day is reached.

use utoipa_axum::router::OpenApiRouter;

use super::MyDay;
use crate::app::App;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::Json;
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(my_day))
}

/// What waits for the caller today, and how far the quarter's target is reached.
#[utoipa::path(get, path = "/my-day", tag = "my_day", responses((status = 200, body = MyDay)))]
async fn my_day(caller: Caller<can::ViewTasks>) -> Result<Json<MyDay>> {
    caller.read(super::of_caller).await.map(Json)
}
