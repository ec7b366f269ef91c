//! What people say to each other about a record, and whom they mention (S4, I17).

mod api;
mod model;
mod store;
mod subject;

pub use api::routes;
pub use model::{Comment, CommentDraft};
pub use subject::SubjectKind;

use serde_json::json;

use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::draft::Choice;
use crate::platform::live::Push;
use crate::platform::page::{Page, Turn};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use model::{Kept, Said};
use subject::Subject;

/// So much of a comment stands in a message.
const EXCERPT: usize = 100;

/// What was said about a record, newest first.
pub fn page(work: &mut Work, kind: SubjectKind, wanted: &Choice, turn: &Turn) -> Result<Page<Comment>> {
    let subject = subject::find(work, kind, wanted)?.ok_or(Error::NotFound)?;
    let page = store::page(work, &subject, turn)?;
    let (reader, now) = (work.actor.user_id, work.now());
    let ids: Vec<i64> = page.items.iter().map(|kept| kept.id).collect();
    let mentioned = if ids.is_empty() { Vec::new() } else { store::mentions(work, &ids)? };
    Ok(page.map(|kept| {
        let own = mentioned.iter().filter(|(id, _)| *id == kept.id).map(|(_, person)| person.clone()).collect();
        kept.shown(own, reader, now)
    }))
}

/// Says something about a record; whoever is mentioned hears of it once. Answers where it stands, too.
pub fn add(work: &mut Work, kind: SubjectKind, wanted: &Choice, draft: &CommentDraft) -> Result<(String, Comment)> {
    let subject = subject::find(work, kind, wanted)?.ok_or(Error::NotFound)?;
    let said = draft.clone().check(None)?;
    require_sight(work, &subject, &said.mentions, &[])?;
    subject.hold(work)?;
    let id = store::insert(work, &subject, &said)?;
    tell(work, &subject, id, &said)?;
    settle(work, &subject, EventKind::CommentAdded)?;
    Ok((format!("{}#{id}", subject.location()), one(work, id)?))
}

/// Changes what one has said, for a day; whoever is mentioned now and was not before hears of it.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &CommentDraft) -> Result<Comment> {
    let (subject, kept) = take(work, id, version)?;
    let before: Vec<i64> = store::mentions(work, &[id])?.into_iter().map(|(_, person)| person.id).collect();
    let said = draft.clone().check(Some(Said { text: kept.body, mentions: before.clone() }))?;
    require_sight(work, &subject, &said.mentions, &before)?;
    store::update(work, id, version, &said)?;
    notifications::reword(work, id, &json!(excerpt(&said.text)))?;
    tell(work, &subject, id, &said)?;
    settle(work, &subject, EventKind::CommentEdited)?;
    one(work, id)
}

/// Takes back what one has said, for a day; a mark stays where it stood, and in the messages that told of it.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let (subject, _) = take(work, id, version)?;
    store::blank(work, id, version)?;
    notifications::reword(work, id, &json!({ "zh": "评论已删除", "en": "Comment deleted" }))?;
    settle(work, &subject, EventKind::CommentDeleted)
}

/// A comment of the caller's own that can still be changed, with its record.
fn take(work: &mut Work, id: i64, version: i64) -> Result<(Subject, Kept)> {
    let kept = store::find(work, id)?.filter(|kept| kept.deleted_at.ms() == 0).ok_or(Error::NotFound)?;
    let kind = SubjectKind::from_word(&kept.record_kind).ok_or(Error::NotFound)?;
    let subject = subject::find(work, kind, &Choice::Id(kept.record_id))?.ok_or(Error::NotFound)?;
    if kept.created_by != work.actor.user_id {
        return Err(Error::Forbidden);
    }
    if kept.version != version {
        return Err(Error::Changed(serde_json::to_value(one(work, id)?)?));
    }
    if !kept.is_open(work.now()) {
        return Err(Error::Refused(Refusal::CommentClosed));
    }
    Ok((subject, kept))
}

fn one(work: &mut Work, id: i64) -> Result<Comment> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    let mentions = store::mentions(work, &[id])?.into_iter().map(|(_, person)| person).collect();
    Ok(kept.shown(mentions, work.actor.user_id, work.now()))
}

/// A message about what its reader cannot open would tell him of it: everybody mentioned anew must see the record himself.
fn require_sight(work: &mut Work, subject: &Subject, people: &[i64], before: &[i64]) -> Result<()> {
    let mut fields = Fields::default();
    for (index, person) in people.iter().enumerate().filter(|(_, person)| !before.contains(person)) {
        let sees = identity::as_person(work, *person, |work| Ok(subject::find(work, subject.kind, &Choice::Id(subject.id))?.is_some()))?;
        match sees {
            Some(true) => {}
            Some(false) => {
                let name = identity::display_name(work, *person)?;
                fields.add(format!("mentions[{index}]"), FieldCode::CannotSee { name });
            }
            None => fields.add(format!("mentions[{index}]"), FieldCode::Unknown),
        }
    }
    fields.into_result()
}

fn tell(work: &mut Work, subject: &Subject, id: i64, said: &Said) -> Result<()> {
    let me = work.actor.user_id;
    let by = identity::display_name(work, me)?;
    let (zh, en) = &subject.name;
    let detail = json!({ "by": by, "record": { "zh": zh, "en": en }, "text": excerpt(&said.text) });
    let mentioned = said.mentions.iter().map(|person| (*person, NoticeKind::Mentioned));
    let concerned = subject.concerned.iter().map(|person| (*person, NoticeKind::Commented));
    // One key for both: whoever is mentioned hears nothing else of the same comment.
    for (person, kind) in mentioned.chain(concerned).filter(|(person, _)| *person != me) {
        let mut notice = Notice::new(person, kind, detail.clone(), subject.link());
        notice.about = (subject.kind.word(), subject.id);
        notice.comment_id = id;
        notice.dedupe_key = Some(format!("mention {id} {person}"));
        notifications::send(work, &notice)?;
    }
    Ok(())
}

fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(EXCERPT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The log knows that something was said, not what: the author may take it back.
fn settle(work: &mut Work, subject: &Subject, kind: EventKind) -> Result<()> {
    let (zh, en) = &subject.name;
    history::record(work, &Event::new(kind, subject.kind.word(), subject.id).with("name", json!({ "zh": zh, "en": en })))?;
    work.push(Push::changed(subject.kind.word(), subject.id, subject.version));
    Ok(())
}
