//! Taking a file in: streamed to disk with its size watched, judged by its content, and kept only when it is good. Until then
//! nothing but a nameless file in the incoming folder exists, and that is gone with its handle.

use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{StatusCode, header};
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::mpsc;

use super::model::{LARGEST, extended_name};
use crate::error::{Error, Result};
use crate::platform::files::{Files, Incoming};
use crate::platform::sniff::{self, SniffError};
use crate::platform::types::FieldCode;

/// Everything around the file in the body of an upload: part headers, boundaries.
const AROUND: usize = 64 * 1024;
/// What the body of an upload may have in all.
pub const BODY_LIMIT: usize = LARGEST as usize + AROUND;
/// A file must have arrived within this time.
const PATIENCE: Duration = Duration::from_secs(120);

/// A good file, kept on disk, not yet attached to anything.
#[derive(Debug, Clone, Serialize)]
pub struct Received {
    /// Its name, for showing only.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Its media type, judged by its content.
    pub content_type: String,
    /// Where the content lies.
    pub sha256: String,
}

/// Takes the one part `file` of an upload in (S49, S50).
pub async fn receive(files: &Files, body: Multipart) -> Result<Received> {
    tokio::time::timeout(PATIENCE, parts(files, body)).await.map_err(|_| Error::Malformed("the upload took too long".into()))?
}

async fn parts(files: &Files, mut body: Multipart) -> Result<Received> {
    let mut arrived: Option<(String, Incoming)> = None;
    while let Some(part) = body.next_field().await.map_err(broken)? {
        if part.name() != Some("file") {
            return Err(Error::UnknownField(part.name().unwrap_or_default().to_owned()));
        }
        if arrived.is_some() {
            return Err(Error::field("file", FieldCode::TooMany { max: 1 }));
        }
        arrived = Some((file_name(&part)?, to_disk(files, part).await?));
    }
    let (name, incoming) = arrived.ok_or_else(|| Error::field("file", FieldCode::Required))?;
    blocking(move || {
        let kind = sniff::sniff_path(incoming.path(), &name).map_err(refused)?;
        let kept = incoming.keep()?;
        let size = i64::try_from(kept.size).map_err(|_| Error::TooLarge)?;
        Ok(Received { name, size, content_type: kind.mime().to_owned(), sha256: kept.sha256 })
    })
    .await
}

fn file_name(part: &Field<'_>) -> Result<String> {
    let disposition = part.headers().get(header::CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let name = disposition.as_deref().and_then(extended_name).or_else(|| part.file_name().map(str::to_owned));
    name.map(|name| sniff::display_name(&name)).ok_or_else(|| Error::field("file", FieldCode::Required))
}

/// A file that is too large is read to its end all the same, so that its sender is still listening when the answer comes.
async fn to_disk(files: &Files, mut part: Field<'_>) -> Result<Incoming> {
    let (pieces, mut arriving) = mpsc::channel::<Bytes>(8);
    let files = files.clone();
    let writer = tokio::task::spawn_blocking(move || {
        let mut incoming = files.receive(LARGEST)?;
        while let Some(piece) = arriving.blocking_recv() {
            incoming.write(&piece)?;
        }
        Ok(incoming)
    });
    let mut listening = true;
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        listening = listening && pieces.send(piece).await.is_ok();
    }
    drop(pieces);
    writer.await.map_err(|error| Error::internal(error.to_string()))?
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

fn refused(reason: SniffError) -> Error {
    match reason {
        SniffError::Unreadable(kind) => Error::internal(format!("an arriving file cannot be read: {kind}")),
        reason => Error::field("file", FieldCode::File(reason)),
    }
}

fn broken(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Malformed("multipart".into()),
    }
}
