//! How files are handed out and removed. They are taken in by the rooms whose records carry them.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;

use super::model::disposition;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Done, Id};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(download, remove))
}

/// The content of a file, to be saved, never shown (I56).
#[utoipa::path(get, path = "/attachments/{id}", tag = "attachments", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "the file")))]
async fn download(caller: Caller<can::ViewFollowUps>, Id(id): Id) -> Result<Response> {
    let (stored, _) = caller.read(move |work| super::get(work, id)).await?;
    let path = caller.app().files.path_of(&stored.sha256);
    let file = tokio::fs::File::open(path).await.map_err(|error| Error::internal(format!("attachment {id}: {error}")))?;
    let header = |text: String| HeaderValue::from_str(&text).map_err(|error| Error::internal(error.to_string()));
    let headers = [
        (header::CONTENT_TYPE, header(stored.attachment.content_type)?),
        (header::CONTENT_LENGTH, HeaderValue::from(stored.attachment.size)),
        (header::CONTENT_DISPOSITION, header(disposition(&stored.attachment.name))?),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox")),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Remove a file: within 24 h by whoever attached it, later by who leads.
#[utoipa::path(delete, path = "/attachments/{id}", tag = "attachments", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn remove(caller: Caller<can::EditFollowUps>, Id(id): Id) -> Result<Done> {
    caller.write(move |work| super::remove(work, id)).await.map(|()| Done)
}
