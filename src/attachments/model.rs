//! Files attached to a record.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::types::Instant;
use crate::{row, words};

/// Bytes a file may have at most (S50).
pub const LARGEST: u64 = 10_485_760;
/// Files a record may carry at most.
pub const MOST: usize = 20;
/// How long the one who attached a file may remove it alone, in ms.
pub const OWN_REMOVAL_MS: i64 = 24 * 3_600_000;

words! {
    /// What a file can be attached to.
    pub enum RecordKind {
        /// A follow-up record.
        FollowUp = "follow_up",
        /// A task.
        Task = "task",
    }
}

/// The record that carries a file. The file is visible exactly when the record is.
#[derive(Debug, Clone)]
pub struct Carrier {
    /// What it is.
    pub kind: RecordKind,
    /// Its id.
    pub id: i64,
    /// Its version, for pushes.
    pub version: i64,
    /// The customer on whose timeline it stands.
    pub customer_id: Option<i64>,
    /// The opportunity on whose timeline it stands.
    pub opportunity_id: Option<i64>,
}

row! {
    /// A file attached to a record.
    #[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
    pub struct Attachment {
        /// Id; the content is at `/attachments/{id}`.
        pub id: i64 = "a.id",
        /// Its name, for showing only.
        pub name: String = "a.name",
        /// Bytes.
        pub size: i64 = "a.size",
        /// Its media type, judged by its content.
        pub content_type: String = "a.content_type",
        /// When it was attached.
        pub created_at: Instant = "a.created_at",
        /// By whom.
        pub by_name: String = "u.name",
    }
}

row! {
    /// An attachment with what its handling needs.
    #[derive(Debug, Clone)]
    pub struct Stored {
        pub attachment: Attachment = "a.id, a.name, a.size, a.content_type, a.created_at, u.name",
        pub record_kind: RecordKind = "a.record_kind",
        pub record_id: i64 = "a.record_id",
        pub sha256: String = "a.sha256",
        pub created_by: i64 = "a.created_by",
    }
}

/// `Content-Disposition` for a file that is to be saved, never shown (RFC 6266): a plain name for old programs, the real one in
/// UTF-8 beside it.
pub fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%') || letter == ' ' { letter } else { '_' })
        .collect();
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// The name in a part's `Content-Disposition`, when it comes in the extended form (RFC 5987) that some programs use for Chinese.
pub fn extended_name(disposition: &str) -> Option<String> {
    let lower = disposition.to_ascii_lowercase();
    let value = &disposition[lower.find("filename*=")? + "filename*=".len()..];
    let value = value.split(';').next()?.trim().trim_matches('"');
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut left = encoded.bytes();
    while let Some(byte) = left.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [left.next()?, left.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_survives_the_header_and_cannot_break_out_of_it() {
        assert_eq!(disposition("报价 v1.pdf"), "attachment; filename=\"__ v1.pdf\"; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%20v1.pdf");
        assert_eq!(
            disposition("a\"; x=\"b%20\\.pdf"),
            "attachment; filename=\"a_; x=_b_20_.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22b%2520%5C.pdf"
        );
    }

    #[test]
    fn the_extended_form_is_read() {
        let read = |text: &str| extended_name(text);
        assert_eq!(read("form-data; name=\"file\"; filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf").as_deref(), Some("报价.pdf"));
        assert_eq!(read("form-data; name=\"file\"; filename=\"a.pdf\""), None);
        assert_eq!(read("form-data; name=\"file\"; filename*=utf-8''%E6%8"), None);
        assert_eq!(read("form-data; name=\"file\"; filename*=gbk''a.pdf"), None);
    }
}
