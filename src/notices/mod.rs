//! Notices to everybody or to a team (公告), and who has read them (I62).

mod api;
mod model;
mod store;

pub use api::routes;
pub use model::{Notice, NoticeDraft, Reader};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::{Error, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::notifications::{self, NoticeKind};
use crate::platform::jobs::{self, Job};
use crate::platform::page::{Page, Turn};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use model::Kept;

/// So many people are told in one step.
const STEP: i64 = 100;

/// The notices that the caller may see, newest first.
pub fn page(work: &mut Work, unread: Option<bool>, turn: &Turn) -> Result<Page<Notice>> {
    let page = store::page(work, unread, turn)?;
    let ids: Vec<i64> = page.items.iter().map(|notice| notice.id).collect();
    let (mine, counts) = (store::own_receipts(work, &ids)?, store::counts(work, &ids)?);
    Ok(page.map(|kept| {
        let read_at = mine.iter().find(|(id, _)| *id == kept.id).map(|(_, at)| *at);
        let count = counts.iter().find(|(id, _)| *id == kept.id).map(|(_, count)| *count);
        let can_edit = kept.may_be_edited_by(work);
        kept.shown(read_at, count, can_edit)
    }))
}

/// One notice.
pub fn get(work: &mut Work, id: i64) -> Result<Notice> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    let (mine, counts) = (store::own_receipts(work, &[id])?, store::counts(work, &[id])?);
    let can_edit = kept.may_be_edited_by(work);
    Ok(kept.shown(mine.first().map(|(_, at)| *at), counts.first().map(|(_, count)| *count), can_edit))
}

/// Publishes a notice to everybody who is active now; each hears of it once.
pub fn publish(work: &mut Work, draft: &NoticeDraft) -> Result<Notice> {
    let new = draft.clone().check(&work.actor.reach)?;
    if new.team_id > 0 && identity::teams::find(work, new.team_id)?.is_none() {
        return Err(Error::field("team_id", FieldCode::Unknown));
    }
    let id = store::insert(work, &new)?;
    store::add_readers(work, id, new.team_id)?;
    history::record(work, &Event::new(EventKind::NoticePublished, "notice", id).with("name", &new.title))?;
    let now = work.now();
    jobs::enqueue(work, now, &TellNotice { notice: id, after: 0 })?;
    get(work, id)
}

/// Takes a notice back: only those who may edit it still see it.
pub fn withdraw(work: &mut Work, id: i64, version: i64) -> Result<Notice> {
    let kept = open(work, id)?;
    if kept.version != version {
        return Err(Error::Changed(serde_json::to_value(get(work, id)?)?));
    }
    if kept.withdrawn_at.ms() > 0 {
        return Err(Error::Refused(Refusal::NoticeWithdrawn));
    }
    store::withdraw(work, id)?;
    history::record(work, &Event::new(EventKind::NoticeWithdrawn, "notice", id).with("name", &kept.title))?;
    get(work, id)
}

/// Who was told, and who has read it: those who have not come first.
pub fn readers(work: &mut Work, id: i64) -> Result<Vec<Reader>> {
    open(work, id)?;
    store::readers(work, id)
}

fn open(work: &mut Work, id: i64) -> Result<Kept> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    if kept.may_be_edited_by(work) { Ok(kept) } else { Err(Error::Forbidden) }
}

/// Confirms that the caller has read a notice; the first time counts.
pub fn read(work: &mut Work, id: i64) -> Result<()> {
    store::find(work, id)?.ok_or(Error::NotFound)?;
    store::mark_read(work, id)
}

/// Tells the next hundred people of a notice, so that nobody waits for all of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellNotice {
    notice: i64,
    after: i64,
}

impl Job for TellNotice {
    const KIND: &'static str = "tell_notice";

    fn run(self, work: &mut Work) -> Result<()> {
        let Some(kept) = store::find(work, self.notice)?.filter(|kept| kept.withdrawn_at.ms() == 0) else { return Ok(()) };
        let people = store::readers_after(work, self.notice, self.after, STEP)?;
        for person in &people {
            let detail = json!({ "title": kept.title, "by": kept.by_name });
            let mut message = notifications::Notice::new(*person, NoticeKind::NoticePublished, detail, format!("/notices?id={}", kept.id));
            message.dedupe_key = Some(format!("notice {} {person}", kept.id));
            notifications::send(work, &message)?;
        }
        match people.last() {
            Some(after) if people.len() as i64 == STEP => {
                let now = work.now();
                jobs::enqueue(work, now, &TellNotice { notice: self.notice, after: *after })
            }
            _ => Ok(()),
        }
    }
}
