//! What a comment is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Fields, Result};
use crate::identity::model::Named;
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::{FieldCode, Instant, name};
use crate::row;

/// Characters of a comment.
pub const TEXT: usize = 2_000;
/// People one comment can mention.
pub const MOST_MENTIONS: usize = 20;
/// How long its author may change or remove a comment, in ms.
pub const OPEN_MS: i64 = 24 * 3_600_000;

row! {
    /// A comment as it was kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "cm.id",
        pub record_kind: String = "cm.record_kind",
        pub record_id: i64 = "cm.record_id",
        pub body: String = "cm.body",
        pub created_at: Instant = "cm.created_at",
        pub created_by: i64 = "cm.created_by",
        pub by_name: String = "u.name",
        pub edited_at: Instant = "cm.edited_at",
        pub deleted_at: Instant = "cm.deleted_at",
        pub version: i64 = "cm.version",
    }
}

/// What somebody said about a record (评论).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Comment {
    /// Id.
    pub id: i64,
    /// What was said; empty once it was deleted.
    pub text: String,
    /// Who was mentioned, in the order of the mentions.
    pub mentions: Vec<Named>,
    /// When it was said.
    pub created_at: Instant,
    /// Who said it.
    pub by_id: i64,
    /// The author's name.
    pub by_name: String,
    /// When it was last changed, if it was.
    pub edited_at: Option<Instant>,
    /// When it was deleted, if it was: only the mark is left.
    pub deleted_at: Option<Instant>,
    /// True when the reader may still change or delete it.
    pub can_edit: bool,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Comment {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Kept {
    /// True while its author may change it: 24 hours.
    pub fn is_open(&self, now: Instant) -> bool {
        self.deleted_at.ms() == 0 && now.ms_since(self.created_at) <= OPEN_MS
    }

    /// The comment as a reader sees it.
    pub fn shown(self, mentions: Vec<Named>, reader: i64, now: Instant) -> Comment {
        let moment = |instant: Instant| (instant.ms() > 0).then_some(instant);
        Comment {
            can_edit: self.created_by == reader && self.is_open(now),
            id: self.id,
            text: self.body,
            mentions,
            created_at: self.created_at,
            by_id: self.created_by,
            by_name: self.by_name,
            edited_at: moment(self.edited_at),
            deleted_at: moment(self.deleted_at),
            version: self.version,
        }
    }
}

/// A comment to be made or changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CommentDraft {
    /// 1–2,000 characters. Required for a new one.
    pub text: Given<String>,
    /// Ids of people to be told, at most 20; each must see the record. Left out in a change: they stay.
    pub mentions: Given<Vec<i64>>,
}

/// A checked text with whom it mentions, each once.
#[derive(Debug)]
pub struct Said {
    pub text: String,
    pub mentions: Vec<i64>,
}

impl CommentDraft {
    /// Checks it on top of what was said before; every wrong field is named.
    pub fn check(self, before: Option<Said>) -> Result<Said> {
        let mut fields = Fields::default();
        let text = self.text.and_then(|text| name::paragraph(&text, TEXT));
        let text = match &before {
            None => text.required("text", &mut fields),
            Some(said) => text.change_required("text", &mut fields).or_else(|| Some(said.text.clone())),
        };
        let mentions = self.mentions.and_then(each_once).change_required("mentions", &mut fields);
        let mentions = mentions.or(before.map(|said| said.mentions)).unwrap_or_default();
        match text {
            Some(text) if fields.is_empty() => Ok(Said { text, mentions }),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

fn each_once(ids: Vec<i64>) -> Result<Vec<i64>, FieldCode> {
    let mut once: Vec<i64> = Vec::new();
    for id in ids {
        if !once.contains(&id) {
            once.push(id);
        }
    }
    if once.len() > MOST_MENTIONS { Err(FieldCode::TooMany { max: MOST_MENTIONS }) } else { Ok(once) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(created_ms: i64) -> Kept {
        let none = Instant::from_ms(0);
        Kept {
            id: 1,
            record_kind: "customer".into(),
            record_id: 1,
            body: "下周再谈".into(),
            created_at: Instant::from_ms(created_ms),
            created_by: 7,
            by_name: "安妮".into(),
            edited_at: none,
            deleted_at: none,
            version: 1,
        }
    }

    #[test]
    fn an_author_has_a_day() {
        let (made, day) = (1_000_000, 24 * 3_600_000);
        assert!(kept(made).shown(Vec::new(), 7, Instant::from_ms(made + day)).can_edit);
        assert!(!kept(made).shown(Vec::new(), 7, Instant::from_ms(made + day + 1)).can_edit);
        assert!(!kept(made).shown(Vec::new(), 8, Instant::from_ms(made)).can_edit);
    }
}
