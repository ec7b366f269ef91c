//! Files on their way out: to be saved, never shown.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::attachments::disposition;
use crate::error::{Error, Result};

/// The media type of workbooks.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of comma-separated texts.
pub const CSV: &str = "text/csv; charset=utf-8";

/// The media type of archives.
pub const ZIP: &str = "application/zip";

/// A file with a name.
pub fn file(name: &str, content_type: &str, body: Body) -> Result<Response> {
    let header = |text: &str| HeaderValue::from_str(text).map_err(|error| Error::internal(error.to_string()));
    let headers = [(header::CONTENT_TYPE, header(content_type)?), (header::CONTENT_DISPOSITION, header(&disposition(name))?)];
    Ok((headers, body).into_response())
}

/// A workbook with a name.
pub fn workbook(name: &str, bytes: Vec<u8>) -> Result<Response> {
    file(name, XLSX, Body::from(bytes))
}
