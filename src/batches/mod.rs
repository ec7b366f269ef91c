//! Doing the same to many customers (批量操作): counted first, then done to exactly those that were counted (S33).

mod api;
mod check;
mod model;
mod rows;
mod store;

pub use api::routes;
pub use model::{Batch, BatchDraft, Preview};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::customers;
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::identity::scope::{self, Owned, Right};
use crate::identity::sessions::Token;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::db::{Predicate, Value as Bound};
use crate::platform::draft::Choice;
use crate::platform::jobs::{self, Job};
use crate::platform::live::Push;
use crate::platform::page::any_of;
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::settings::{self, Kind};
use crate::tasks;
use model::{Deed, Kept, LeftOut, Reason, State};

/// Customers named one by one, at most.
const MOST_IDS: usize = 1_000;
/// Customers of one batch, at most.
const MOST_ROWS: i64 = 50_000;
/// Up to so many are done within the request; more go to the queue.
const AT_ONCE: i64 = 1_000;
/// Customers done in one transaction of the queue, so that nobody else waits long.
const CHUNK: i64 = 200;
/// How long a preview can be run, ms.
const GOOD_FOR_MS: i64 = 30 * 60_000;
const DAY_MS: i64 = 86_400_000;

/// Counts and freezes the customers a batch would act upon.
pub fn preview(work: &mut Work, draft: &BatchDraft) -> Result<Preview> {
    if draft.preview_token.is_given() {
        return Err(Error::field("preview_token", FieldCode::NotAllowed));
    }
    let mut fields = Fields::default();
    let deed = check::deed(work, draft, &mut fields)?;
    let matching = chosen(work, draft, &mut fields)?;
    let (Some(deed), Some(matching)) = (deed, matching) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let asked_for = store::count(work, &matching, MOST_ROWS)?;
    if asked_for > MOST_ROWS {
        return Err(Error::field("filter", FieldCode::TooMany { max: MOST_ROWS as usize }));
    }
    let token = Token::generate()?;
    let id = store::insert(work, &token.hash(), &deed)?;
    let editable = store::freeze(work, id, &matching)?;
    let mut left_out = vec![(asked_for - editable, Reason::new("NOT_EDITABLE", "您没有编辑权限", "You may not edit them"))];
    left_out.extend(prune(work, id, &deed)?);
    let count = store::set_total(work, id)?;
    let people = match &deed {
        Deed::CreateTasks { assignee_id: None, .. } => store::owners(work, id)?.len() as i64,
        Deed::CreateTasks { .. } | Deed::ChangeOwner { .. } => i64::from(count > 0),
        _ => 0,
    };
    let lang = work.actor.lang;
    let left_out = left_out.into_iter().filter(|(count, _)| *count > 0).map(|(count, reason)| LeftOut {
        message: reason.told(lang),
        code: reason.code,
        count,
        customers: Vec::new(),
    });
    Ok(Preview { preview_token: token.0, count, people, left_out: left_out.collect(), customers: store::first_customers(work, id)? })
}

/// The condition that holds for the customers asked for, within the caller's sight.
fn chosen(work: &mut Work, draft: &BatchDraft, fields: &mut Fields) -> Result<Option<Predicate>> {
    match (draft.ids.is_given(), draft.filter.is_given()) {
        (false, false) => Ok(fields.keep("ids", Err(FieldCode::Required))),
        (true, true) => Ok(fields.keep("filter", Err(FieldCode::NotAllowed))),
        (true, false) => {
            let Some(ids) = draft.ids.clone().required("ids", fields) else { return Ok(None) };
            if ids.is_empty() || ids.len() > MOST_IDS {
                fields.add("ids", if ids.is_empty() { FieldCode::Required } else { FieldCode::TooMany { max: MOST_IDS } });
                return Ok(None);
            }
            let found = customers::visible_ids(work, &ids)?;
            let Some(ids) = fields.keep("ids", found.ok_or(FieldCode::Unknown)) else { return Ok(None) };
            let among = any_of("c.id", ids.into_iter().map(Bound::Int).collect());
            let visible = scope::predicate(work, Owned::Customers, Right::Read);
            Ok(Some(Predicate::all([among, Predicate::new("c.deleted_at is null", Vec::new()), visible])))
        }
        (false, true) => {
            let Some(filter) = draft.filter.clone().required("filter", fields) else { return Ok(None) };
            match filter.read().and_then(|filter| filter.list(work)) {
                Ok(list) => Ok(Some(list.matching())),
                Err(Error::Invalid(found)) => {
                    *fields = std::mem::take(fields).and(found.under("filter"));
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        }
    }
}

/// Leaves out what the deed's own rules would refuse, so that the count is what will be acted upon.
fn prune(work: &mut Work, id: i64, deed: &Deed) -> Result<Vec<(i64, Reason)>> {
    match deed {
        Deed::AddTag { tag_id, .. } => {
            let full = store::drop_full_of_tags(work, id, *tag_id, customers::MOST_TAGS as i64)?;
            Ok(vec![(full, Reason::new("TOO_MANY_TAGS", "标签已达上限", "They have as many tags as there may be"))])
        }
        Deed::CreateTasks { assignee_id: None, .. } => {
            let unowned = store::drop_unowned(work, id)?;
            let mut barred = Vec::new();
            for owner in store::owners(work, id)? {
                if tasks::may_be_given_to(work, owner)?.is_err() {
                    barred.push(owner);
                }
            }
            let of_barred = if barred.is_empty() { 0 } else { store::drop_owned_by(work, id, &barred)? };
            Ok(vec![
                (unowned, Reason::new("NO_OWNER", "没有负责人", "They have no owner")),
                (of_barred, Reason::new("OWNER_NOT_ASSIGNABLE", "不能给其负责人指派任务", "Their owner cannot be given tasks")),
            ])
        }
        _ => Ok(Vec::new()),
    }
}

/// Runs what was previewed, or previews and runs in one go. A second submission of the same token answers how the first went.
pub fn run(work: &mut Work, draft: &BatchDraft) -> Result<Batch> {
    let mut fields = Fields::default();
    let expected = draft.expected_count.clone().optional("expected_count", &mut fields);
    let batch = if draft.preview_token.is_given() {
        let token = draft.preview_token.clone().required("preview_token", &mut fields);
        let others = BatchDraft { preview_token: Default::default(), expected_count: Default::default(), ..draft.clone() };
        if serde_json::to_value(&others)? != serde_json::to_value(BatchDraft::default())? {
            fields.add("preview_token", FieldCode::NotAllowed);
        }
        fields.into_result()?;
        store::by_token(work, &Token(token.unwrap_or_default()).hash())?.ok_or_else(|| Error::field("preview_token", FieldCode::Unknown))?
    } else {
        fields.into_result()?;
        if expected.is_none() {
            return Err(preview(work, draft).err().unwrap_or_else(|| Error::field("expected_count", FieldCode::Required)));
        }
        let preview = preview(work, draft)?;
        store::by_token(work, &Token(preview.preview_token).hash())?.ok_or(Error::NotFound)?
    };
    if batch.state == State::Previewed {
        if expected.is_some_and(|expected| expected != batch.total) {
            return Err(Error::Refused(Refusal::CountChanged(batch.total)));
        }
        if work.now().ms_since(batch.created_at) > GOOD_FOR_MS {
            return Err(Error::Refused(Refusal::PreviewExpired));
        }
        begin(work, &batch)?;
    }
    get(work, batch.id)
}

fn begin(work: &mut Work, batch: &Kept) -> Result<()> {
    if !store::begin(work, batch.id)? {
        return Err(Error::LostRace);
    }
    let mut deed: Deed = serde_json::from_str(&batch.deed)?;
    if let Deed::AddTag { new: Some(name), .. } = &deed {
        let tag = settings::tag_for(work, &Choice::Name(name.clone()))?.map_err(|code| Error::field("tag", code))?;
        deed = Deed::AddTag { tag_id: tag.id, new: None };
        store::keep_deed(work, batch.id, &deed)?;
    }
    let event = Event::new(EventKind::BatchRun, "batch", batch.id).with("action", deed.action().spoken()).with("count", batch.total);
    history::record(work, &event)?;
    if batch.total > AT_ONCE {
        let now = work.now();
        return jobs::enqueue(work, now, &RunBatch { batch: batch.id });
    }
    act(work, batch, &deed, AT_ONCE)?;
    finish(work, batch, &deed)
}

/// Does the deed to the next customers; true when some are left.
fn act(work: &mut Work, batch: &Kept, deed: &Deed, limit: i64) -> Result<bool> {
    let next = store::waiting(work, batch.id, limit)?;
    for id in &next {
        match rows::act(work, deed, *id)? {
            Ok(told) => store::keep_done(work, batch.id, *id, told)?,
            Err(reason) => store::keep_failed(work, batch.id, *id, &reason)?,
        }
    }
    work.push(Push::Resync);
    Ok(next.len() as i64 == limit && !store::waiting(work, batch.id, 1)?.is_empty())
}

/// A long batch, some customers at a time: what is done is marked in the transaction that does it, so a killed server goes on where
/// it stopped and does nobody twice.
#[derive(Serialize, Deserialize)]
pub struct RunBatch {
    batch: i64,
}

impl Job for RunBatch {
    const KIND: &'static str = "run_batch";

    fn run(self, work: &mut Work) -> Result<()> {
        let Some(batch) = store::under_way(work, self.batch)? else { return Ok(()) };
        let deed: Deed = serde_json::from_str(&batch.deed)?;
        let more = identity::as_person(work, batch.user_id, |work| {
            if !work.actor.may("edit_customers") {
                return Ok(None);
            }
            work.actor.team_id = batch.team_id.filter(|team| work.actor.team_ids.contains(team)).or(work.actor.team_id);
            let more = act(work, &batch, &deed, CHUNK)?;
            if !more {
                finish(work, &batch, &deed)?;
            }
            Ok(Some(more))
        })?
        .flatten();
        match more {
            Some(true) => {
                let now = work.now();
                jobs::enqueue(work, now, &RunBatch { batch: batch.id })
            }
            Some(false) => Ok(()),
            None => {
                let reason = Reason::new("NO_RIGHT", "操作人已停用或已无权限", "Whoever started it is disabled or no longer allowed to");
                store::fail_rest(work, batch.id, &reason)?;
                finish(work, &batch, &deed)
            }
        }
    }
}

/// Everybody concerned hears of it once, whatever the number.
fn finish(work: &mut Work, batch: &Kept, deed: &Deed) -> Result<()> {
    store::finish(work, batch.id)?;
    let by = identity::display_name(work, batch.user_id)?;
    let others = |people: Vec<(i64, i64)>| people.into_iter().filter(|(person, _)| *person != batch.user_id).collect::<Vec<_>>();
    match deed {
        Deed::CreateTasks { kind, content, due_date, .. } => {
            let named = settings::choose_key(work, Kind::TaskKind, kind, Some(kind))?.map_or_else(|_| kind.clone(), |entry| entry.name);
            for (person, count) in others(store::receivers(work, batch.id)?) {
                let detail = json!({ "kind": named, "content": content, "due": due_date, "count": count, "by": by });
                tell(work, person, NoticeKind::TasksAssigned, detail, "/tasks".into())?;
            }
        }
        Deed::ChangeOwner { owner_id } => {
            let name = identity::display_name(work, *owner_id)?;
            for (person, count) in others(store::receivers(work, batch.id)?) {
                let names = some_names(store::names(work, batch.id, person, -1)?);
                let detail = json!({ "count": count, "by": by, "names": names });
                tell(work, person, NoticeKind::CustomersReceived, detail, "/customers".into())?;
            }
            for (person, count) in others(store::givers(work, batch.id)?) {
                let names = some_names(store::names(work, batch.id, -1, person)?);
                let detail = json!({ "count": count, "by": by, "name": name, "names": names });
                tell(work, person, NoticeKind::CustomersHandedOver, detail, "/customers".into())?;
            }
        }
        _ => {}
    }
    if batch.total > AT_ONCE {
        let (done, failed) = store::progress(work, batch.id)?;
        let detail = json!({ "action": deed.action().spoken(), "done": done, "failed": failed });
        tell(work, batch.user_id, NoticeKind::BatchFinished, detail, format!("/customers?batch={}", batch.id))?;
    }
    Ok(())
}

fn tell(work: &mut Work, person: i64, kind: NoticeKind, detail: Value, link: String) -> Result<()> {
    notifications::send(work, &Notice::new(person, kind, detail, link)).map(|_| ())
}

/// Three names, and a mark that there are more.
fn some_names(mut names: Vec<String>) -> String {
    let more = names.len() > 3;
    names.truncate(3);
    format!("{}{}", names.join("、"), if more { "…" } else { "" })
}

/// How far a batch of the caller is.
pub fn get(work: &mut Work, id: i64) -> Result<Batch> {
    let batch = store::find(work, id)?.ok_or(Error::NotFound)?;
    let deed: Deed = serde_json::from_str(&batch.deed)?;
    let (done, failed) = store::progress(work, id)?;
    let lang = work.actor.lang;
    let mut failures = Vec::new();
    if failed > 0 {
        let known = store::failed(work, id)?;
        for (text, count) in store::reasons(work, id)? {
            let reason: Reason = serde_json::from_str(&text)?;
            let customers = known.iter().filter(|(own, _)| *own == text).take(20).map(|(_, customer)| customer.clone()).collect();
            failures.push(LeftOut { message: reason.told(lang), code: reason.code, count, customers });
        }
    }
    Ok(Batch {
        id,
        action: deed.action(),
        state: batch.state,
        total: batch.total,
        done,
        failed,
        failures,
        created_at: batch.created_at,
        finished_at: (batch.finished_at.ms() > 0).then_some(batch.finished_at),
    })
}

/// Forgets previews after a day and finished batches after 30.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let now = work.now();
    store::forget(work, now.plus_ms(-DAY_MS), now.plus_ms(-30 * DAY_MS))
}
