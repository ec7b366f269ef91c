//! Messages to a person (消息中心), and the stream by which open pages hear of them and of changed records.

mod api;
mod events;
pub mod model;
mod store;

pub use api::routes;
pub use model::{Notice, NoticeKind};

use crate::error::{Error, Result};
use crate::platform::live::Push;
use crate::platform::work::Work;

/// Tells somebody something, in the transaction of its cause; the bell moves after the commit (S61). Answers false, and tells
/// nothing, when a message with the same key was sent before, or when this is one record of many that one message will tell of.
pub fn send(work: &mut Work, notice: &Notice) -> Result<bool> {
    if work.is_quiet() {
        return Ok(false);
    }
    let sent = store::insert(work, notice)?;
    if sent {
        work.push(Push::Message { user_id: notice.user_id });
    }
    Ok(sent)
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
        work.push(Push::Message { user_id });
    }
    Ok(())
}
