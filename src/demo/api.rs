//! How the demonstration's clock is reached; without `--demo` there is no such place.

use utoipa_axum::router::OpenApiRouter;

use super::clock::{self, Move, Moved};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::identity::{Caller, can};
use crate::platform::http::Json;
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(move_clock))
}

/// Move the demonstration's clock forward; everything that falls due on the way happens at its own minute.
#[utoipa::path(put, path = "/demo/clock", tag = "demo", request_body = Move,
    responses((status = 200, body = Moved), (status = 404, body = Problem, description = "not started with --demo")))]
async fn move_clock(caller: Caller<can::ManageSettings>, Json(wanted): Json<Move>) -> Result<Json<Moved>> {
    let app = caller.app().clone();
    if !app.config.demo {
        return Err(Error::NotFound);
    }
    let target = caller.write(move |work| clock::begin(work, &wanted)).await?;
    clock::advance(&app, target).await.map(Json)
}
