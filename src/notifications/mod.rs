//! Messages to a person (消息中心), which also go out over the channels of their reader, and the stream by which open pages hear of them and of changed records.

mod api;
mod events;
pub mod model;
mod store;

pub use api::routes;
pub use model::{Notice, NoticeKind};

use serde_json::Value;

use crate::channels::{self, ledger};
use crate::error::{Error, Result};
use crate::platform::live::Push;
use crate::platform::work::Work;

/// Tells somebody something, in the transaction of its cause; the bell moves after the commit (S61). Answers false, and tells
/// nothing, when a message with the same key was sent before, or when this is one record of many that one message will tell of.
pub fn send(work: &mut Work, notice: &Notice) -> Result<bool> {
    if work.is_quiet() {
        return Ok(false);
    }
    let Some(id) = store::insert(work, notice)? else { return Ok(false) };
    let key = notice.dedupe_key.clone().unwrap_or_else(|| format!("message {id}"));
    if let Some(due_at) = notice.due_at {
        let planned = ledger::Planned {
            kind: notice.kind.word(),
            about: notice.about,
            user_id: notice.user_id,
            due_at,
            link: &notice.link,
            key: &key,
        };
        ledger::told(work, &planned, id)?;
    }
    let message = notice.message(key, work.now());
    channels::post(work, &message)?;
    work.push(Push::Message { user_id: notice.user_id });
    Ok(true)
}

/// Puts `text`, words or `{"zh", "en"}`, in the place of what a comment said, in every message that told of it and in what is still
/// on its way out of the house.
pub fn reword(work: &mut Work, comment_id: i64, text: &Value) -> Result<()> {
    for (id, user_id, detail, key) in store::of_comment(work, comment_id)? {
        let mut detail: Value = serde_json::from_str(&detail)?;
        detail["text"] = text.clone();
        store::reword(work, id, &detail.to_string())?;
        let said = |lang: &str| text.get(lang).unwrap_or(text).as_str().unwrap_or_default().to_owned();
        channels::reword(work, user_id, &key.unwrap_or_else(|| format!("message {id}")), (&said("zh"), &said("en")))?;
        work.push(Push::Message { user_id });
    }
    Ok(())
}

/// Marks one of the reader's own messages as read.
pub fn read(work: &mut Work, id: i64) -> Result<()> {
    if !store::is_own(work, id)? {
        return Err(Error::NotFound);
    }
    mark_read(work, Some(id))
}

/// Marks all of the reader's messages as read.
pub fn read_all(work: &mut Work) -> Result<()> {
    mark_read(work, None)
}

fn mark_read(work: &mut Work, only: Option<i64>) -> Result<()> {
    if store::mark_read(work, only)? > 0 {
        let user_id = work.actor.user_id;
        ledger::seen(work, only)?;
        work.push(Push::Message { user_id });
    }
    Ok(())
}
