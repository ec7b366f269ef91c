//! Files on their way in: to disk with their size watched.

use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{StatusCode, header};
use sha2::{Digest, Sha256};

use super::sheet::LARGEST;
use crate::attachments::extended_name;
use crate::error::{Error, Result};
use crate::platform::files::{Files, Incoming};
use crate::platform::sniff;
use crate::platform::types::FieldCode;

/// What the body may have in all: the file and what is around it.
pub const BODY_LIMIT: usize = LARGEST as usize + 256 * 1024;
/// A file must have arrived within this time.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of a part that is no file.
const SMALL: usize = 128 * 1024;

/// Takes in a body that is one file and nothing else; answers its name and where it lies.
pub async fn single(files: &Files, mut body: Multipart) -> Result<(String, Incoming)> {
    let arriving = async {
        let mut file: Option<(String, Incoming, String)> = None;
        while let Some(part) = body.next_field().await.map_err(broken)? {
            match part.name().unwrap_or_default() {
                "file" if file.is_some() => return Err(Error::field("file", FieldCode::TooMany { max: 1 })),
                "file" => file = Some(to_disk(files, part).await?),
                other => return Err(Error::UnknownField(other.to_owned())),
            }
        }
        file.ok_or_else(|| Error::field("file", FieldCode::Required))
    };
    let (name, incoming, _) = tokio::time::timeout(PATIENCE, arriving).await.map_err(|_| Error::TooSlow)??;
    Ok((name, incoming))
}

/// A part that is no file, as text.
pub async fn small(mut part: Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > SMALL {
            return Err(Error::TooLarge);
        }
    }
    String::from_utf8(bytes).map_err(|_| Error::Malformed("multipart".into()))
}

/// A file on disk with its name and SHA-256. One that is too large is read to its end all the same, so that its sender is still listening when the answer comes.
pub async fn to_disk(files: &Files, mut part: Field<'_>) -> Result<(String, Incoming, String)> {
    let disposition = part.headers().get(header::CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let name = disposition.as_deref().and_then(extended_name).or_else(|| part.file_name().map(str::to_owned));
    let name = name.map(|name| sniff::display_name(&name)).ok_or_else(|| Error::field("file", FieldCode::Required))?;
    let files = files.clone();
    let (pieces, mut arriving) = tokio::sync::mpsc::channel::<bytes::Bytes>(8);
    let writer = tokio::task::spawn_blocking(move || {
        let (mut incoming, mut hash) = (files.receive(LARGEST)?, Sha256::new());
        while let Some(piece) = arriving.blocking_recv() {
            hash.update(&piece);
            incoming.write(&piece)?;
        }
        let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok::<_, Error>((incoming, hash))
    });
    let mut listening = true;
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        listening = listening && pieces.send(piece).await.is_ok();
    }
    drop(pieces);
    let (incoming, hash) = writer.await.map_err(|error| Error::internal(error.to_string()))??;
    Ok((name, incoming, hash))
}

/// What went wrong with a body.
pub fn broken(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Malformed("multipart".into()),
    }
}
