//! Whether the process lives and whether it can work; no detail for strangers.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::db::sql;
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "system", operation_id = "health_live", responses((status = 200, description = "alive")))]
async fn live() -> StatusCode {
    StatusCode::OK
}

/// The database can be written.
#[utoipa::path(get, path = "/health/ready", tag = "system", operation_id = "health_ready", responses((status = 200, description = "ready")))]
async fn ready(State(app): State<App>) -> Result<StatusCode> {
    app.system("health", |work| sql("update parameters set value = value where key = 'health'").run(work))
        .await
        .map_err(|_| Error::Unavailable)?;
    Ok(StatusCode::OK)
}
