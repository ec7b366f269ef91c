//! How the spreadsheet of targets is fetched and sent.

use axum::extract::DefaultBodyLimit;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::response::Response;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

use super::{read, write};
use crate::app::App;
use crate::error::{Error, Result};
use crate::exchange::download;
use crate::exchange::incoming::{BODY_LIMIT, PATIENCE, broken, small, to_disk};
use crate::exchange::sheet::{Line, Reading, SheetRow};
use crate::identity::{Caller, can};
use crate::platform::draft::Given;
use crate::platform::files::Incoming;
use crate::platform::http::{Json, Query};
use crate::platform::routes::routes;
use crate::platform::types::{FieldCode, Lang};
use crate::settings::TargetYear;
use crate::settings::targets::{self, TargetsSet};

/// The routes of the spreadsheet.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(fetch_targets, send_targets).layer(DefaultBodyLimit::max(BODY_LIMIT)))
}

/// The targets of a year as they stand, to be changed and sent back (I22).
#[utoipa::path(get, path = "/targets/workbook", tag = "reports", params(TargetYear),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn fetch_targets(caller: Caller<can::ManageTargets>, Query(query): Query<TargetYear>) -> Result<Response> {
    let lang = caller.lang();
    let tree = caller
        .read(move |work| {
            let year = query.get(work)?;
            targets::tree(work, year)
        })
        .await?;
    let name = if lang == Lang::Zh { format!("业绩目标-{}.xlsx", tree.year) } else { format!("Targets {}.xlsx", tree.year) };
    let bytes =
        tokio::task::spawn_blocking(move || write::workbook(&tree, lang)).await.map_err(|error| Error::internal(error.to_string()))??;
    download::workbook(&name, bytes)
}

/// A spreadsheet of targets.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body; it is read as a stream")]
struct TargetUpload {
    /// `.xlsx` or `.csv` with the columns of the one that is fetched; at most 1,000 rows. An empty month stays as it is.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Why, 1–200 characters; required when a month stood at another amount.
    reason: Option<String>,
}

/// Set targets by a spreadsheet: all of it or, with the reasons row by row (`rows[7].2024-03`), nothing (I22).
#[utoipa::path(post, path = "/targets/workbook", tag = "reports", request_body(content = TargetUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = TargetsSet)))]
async fn send_targets(caller: Caller<can::ManageTargets>, body: Result<Multipart, MultipartRejection>) -> Result<Json<TargetsSet>> {
    caller.read(|_| Ok(())).await?;
    let body = body.map_err(|_| Error::UnsupportedMedia)?;
    let (incoming, reason) = tokio::time::timeout(PATIENCE, arrive(&caller, body)).await.map_err(|_| Error::TooSlow)??;
    let mut reading = Reading::start(caller.app().config.sheet_reader.as_ref(), incoming.path()).await?;
    let Some(Line::Header(header)) = reading.next().await? else { return Err(Error::internal("a file without header")) };
    let columns = read::columns(&header)?;
    let mut rows: Vec<SheetRow> = Vec::new();
    while let Some(line) = reading.next().await? {
        let Line::Row(row) = line else { continue };
        if rows.len() == read::MOST_ROWS {
            return Err(Error::field("file", FieldCode::TooMany { max: read::MOST_ROWS }));
        }
        rows.push(row);
    }
    caller.write(move |work| read::apply(work, &columns, &rows, &reason)).await.map(Json)
}

async fn arrive(caller: &Caller<can::ManageTargets>, mut body: Multipart) -> Result<(Incoming, Given<String>)> {
    let mut file: Option<Incoming> = None;
    let mut reason = Given::Absent;
    while let Some(part) = body.next_field().await.map_err(broken)? {
        match part.name().unwrap_or_default() {
            "file" if file.is_some() => return Err(Error::field("file", FieldCode::TooMany { max: 1 })),
            "file" => file = Some(to_disk(&caller.app().files, part).await?.1),
            "reason" => {
                let text = small(part).await?;
                reason = if text.trim().is_empty() { Given::Null } else { Given::Value(text) };
            }
            other => return Err(Error::UnknownField(other.to_owned())),
        }
    }
    file.map(|file| (file, reason)).ok_or_else(|| Error::field("file", FieldCode::Required))
}
