//! Data in and out: imports of spreadsheets, exports of lists, templates and record sheets (导入、导出、模板).

pub mod cell;
pub mod columns;
pub mod download;
pub mod exports;
pub mod imports;
mod incoming;
mod labels;
pub mod sheet;
mod targets;
mod task_sheet;
mod templates;
pub mod write;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(imports::routes())
        .merge(exports::routes())
        .merge(templates::routes())
        .merge(task_sheet::routes())
        .merge(targets::routes())
}
