//! Giving many tasks at once (S60): counted and shown first, then exactly those given, all or none; open ones can be taken back.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::json;

use super::batch_model::{Batch, BatchDraft, BatchRun, BatchState, Candidate, Deed, Kept, Preview, Share};
use super::give::{self as giving, Origin};
use super::model::{Status, TaskDraft, TaskEdit};
use super::{batch_store, link, messages, store};
use crate::assignment::{self, Case, Round, RuleTarget};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::identity::model::{MaybeNamed, Named};
use crate::identity::scope::{self, Owned};
use crate::identity::sessions::Token;
use crate::notifications::NoticeKind;
use crate::platform::draft::{Choice, Given};
use crate::platform::live::Push;
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;
use crate::settings::{self, Kind, StageKind};

/// Tasks of one batch, at most: they are given in one transaction.
pub(super) const MOST: usize = 1_000;
/// How long a preview can be given, ms.
const GOOD_FOR_MS: i64 = 30 * 60_000;

const OWNER_OR_PERSON: FieldCode =
    FieldCode::Rule { code: "OWNER_OR_PERSON", zh: "请填写 owner、rules 或人员", en: "Give `owner`, `rules` or a person's id" };

/// To whom the tasks of a batch go.
enum Wanted {
    /// Each record's owner.
    Owner,
    /// Whom the rules choose, and who gets what they do not cover.
    Rules(Option<Named>),
    /// One person.
    Person(Named),
}

/// Counts the tasks a batch would give, shows them, and keeps them for it.
pub fn preview(work: &mut Work, draft: &BatchDraft) -> Result<Preview> {
    let mut fields = Fields::default();
    let template =
        TaskDraft { kind: draft.kind.clone(), content: draft.content.clone(), due_date: draft.due_date.clone(), ..TaskDraft::default() };
    let needs_acceptance = draft.needs_acceptance.clone().optional("needs_acceptance", &mut fields).unwrap_or(false);
    let deed = match super::check_template(work, &template) {
        Ok((kind, content, due)) => Some(Deed { kind, content, due_date: due.to_string(), needs_acceptance }),
        Err(Error::Invalid(found)) => {
            fields = fields.and(found);
            None
        }
        Err(error) => return Err(error),
    };
    let regions = regions(work, draft.region.clone(), &mut fields)?;
    let stages = stages(work, draft.stage.clone(), &mut fields)?;
    if regions.is_empty() && stages.is_empty() && fields.is_empty() {
        fields.add("stage", FieldCode::Required);
    }
    let wanted = wanted(work, draft, &mut fields)?;
    let (Some(deed), Some(wanted)) = (deed, wanted) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;

    let most = MOST as i64 + 1;
    let mut rows = if stages.is_empty() {
        batch_store::customers(work, &regions, most)?
    } else {
        batch_store::opportunities(work, &regions, &stages, most)?
    };
    if rows.len() > MOST {
        return Err(Error::field(if stages.is_empty() { "region" } else { "stage" }, FieldCode::TooMany { max: MOST }));
    }
    let found = rows.len();
    assign(work, &wanted, &mut rows)?;
    if matches!(wanted, Wanted::Owner) {
        let mut barred = vec![0];
        for share in shares(&rows) {
            if share.id != 0 && super::may_be_given_to(work, share.id)?.is_err() {
                barred.push(share.id);
            }
        }
        rows.retain(|row| !barred.contains(&row.assignee_id));
    }
    let assignees: Vec<Share> = shares(&rows).into_iter().filter(|share| share.id != 0).collect();
    let uncovered = rows.iter().filter(|row| row.assignee_id == 0).count() as i64;
    let mut preview_token = None;
    if uncovered == 0 {
        let token = Token::generate()?;
        batch_store::insert(work, &token.hash(), &deed, assignees.len() as i64, &rows, &[])?;
        preview_token = Some(token.0);
    }
    Ok(Preview { preview_token, count: rows.len() as i64, uncovered, left_out: (found - rows.len()) as i64, assignees, rows })
}

/// Puts down who gets each task. The rules are asked row by row, as if the tasks were given one after the other.
fn assign(work: &mut Work, wanted: &Wanted, rows: &mut [Candidate]) -> Result<()> {
    let mut round = Round::preview(RuleTarget::Task);
    for row in rows {
        let person = match wanted {
            Wanted::Owner => continue,
            Wanted::Person(person) => Some(person.clone()),
            Wanted::Rules(otherwise) => {
                let case = Case { region_id: row.region_id, source_id: None, stage: row.stage.clone() };
                match round.choose(work, &case)? {
                    Some(chosen) => {
                        row.rule = MaybeNamed(Some(chosen.rule));
                        Some(chosen.person)
                    }
                    None => otherwise.clone(),
                }
            }
        };
        row.by_owner = false;
        (row.assignee_id, row.assignee_name) = person.map_or((0, String::new()), |person| (person.id, person.name));
    }
    Ok(())
}

fn regions(work: &mut Work, given: Given<Vec<Choice>>, fields: &mut Fields) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for wanted in given.optional("region", fields).unwrap_or_default() {
        let found = settings::find_entry(work, Kind::Region, &wanted)?;
        ids.extend(fields.keep("region", found.ok_or(FieldCode::Unknown)).map(|entry| entry.id));
    }
    Ok(ids)
}

fn stages(work: &mut Work, given: Given<Vec<String>>, fields: &mut Fields) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for key in given.optional("stage", fields).unwrap_or_default() {
        match settings::stage(work, &key)? {
            None => fields.add("stage", FieldCode::Unknown),
            Some(stage) if stage.kind != StageKind::Open => fields.add("stage", FieldCode::NotAllowed),
            Some(stage) => keys.push(stage.key),
        }
    }
    Ok(keys)
}

fn wanted(work: &mut Work, draft: &BatchDraft, fields: &mut Fields) -> Result<Option<Wanted>> {
    let wanted = match draft.assignee.clone().required("assignee", fields) {
        None => None,
        Some(Choice::Name(word)) if word == "owner" => Some(Wanted::Owner),
        Some(Choice::Name(word)) if word == "rules" => Some(Wanted::Rules(None)),
        Some(Choice::Name(_)) => fields.keep("assignee", Err(OWNER_OR_PERSON)),
        Some(Choice::Id(id)) => {
            let found = super::may_be_given_to(work, id)?;
            fields.keep("assignee", found).map(|(person, _)| Wanted::Person(person))
        }
    };
    let Some(id) = draft.otherwise.clone().optional("otherwise", fields) else { return Ok(wanted) };
    if !matches!(wanted, Some(Wanted::Rules(_)) | None) {
        fields.add("otherwise", FieldCode::NotAllowed);
    }
    let found = super::may_be_given_to(work, id)?;
    Ok(fields.keep("otherwise", found).map(|(person, _)| Wanted::Rules(Some(person))))
}

/// Who gets how many, the most first.
pub(super) fn shares(rows: &[Candidate]) -> Vec<Share> {
    let mut counted: BTreeMap<i64, Share> = BTreeMap::new();
    for row in rows {
        let share =
            counted.entry(row.assignee_id).or_insert_with(|| Share { id: row.assignee_id, name: row.assignee_name.clone(), count: 0 });
        share.count += 1;
    }
    let mut all: Vec<Share> = counted.into_values().collect();
    all.sort_by_key(|share| (-share.count, share.id));
    all
}

/// Gives what was previewed, all or none. Sending the same token again answers how it went the first time.
pub fn give(work: &mut Work, run: &BatchRun) -> Result<Batch> {
    let mut fields = Fields::default();
    let token = run.preview_token.clone().required("preview_token", &mut fields);
    fields.into_result()?;
    let batch = batch_store::by_token(work, &Token(token.unwrap_or_default()).hash())?
        .ok_or_else(|| Error::field("preview_token", FieldCode::Unknown))?;
    if batch.state != BatchState::Previewed {
        return one(work, batch);
    }
    if work.now().ms_since(batch.created_at) > GOOD_FOR_MS {
        return Err(Error::Refused(Refusal::PreviewExpired));
    }
    if batch.total == 0 {
        return Err(Error::Refused(Refusal::CountChanged(0)));
    }
    let deed: Deed = serde_json::from_str(&batch.deed)?;
    let due = super::model::due_after(Day::parse(&deed.due_date).map_err(|code| Error::field("due_date", code))?, work.today());
    due.map_err(|code| Error::field("due_date", code))?;
    if !batch_store::begin(work, batch.id)? {
        return Err(Error::LostRace);
    }
    let counts = give_rows(work, &batch)?;
    history::record(
        work,
        &Event::new(EventKind::TaskBatchGiven, "task_batch", batch.id).with("count", batch.total).with("people", batch.people),
    )?;
    for (person, count) in counts {
        messages::of_batch(work, NoticeKind::TasksAssigned, person, &deed, count)?;
    }
    work.push(Push::Resync);
    get(work, batch.id)
}

/// Makes every task of the batch; what is no longer as it was counted refuses all of it. Answers how many each person got.
fn give_rows(work: &mut Work, batch: &Kept) -> Result<BTreeMap<i64, i64>> {
    let deed: Deed = serde_json::from_str(&batch.deed)?;
    let due_on = Day::parse(&deed.due_date).map_err(|code| Error::field("due_date", code))?;
    let rows = batch_store::rows(work, batch.id)?;
    let changed = || Error::Refused(Refusal::CountChanged(batch.total));
    let mut teams: BTreeMap<(i64, bool), Option<i64>> = BTreeMap::new();
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for row in &rows {
        if let Entry::Vacant(unknown) = teams.entry((row.assignee_id, row.rule_id > 0)) {
            // The company's rule on giving within one's own teams is for people.
            let (_, team) = if row.rule_id > 0 {
                assignment::at_work(work, row.assignee_id)?.ok_or_else(changed)?
            } else {
                super::may_be_given_to(work, row.assignee_id)?.map_err(|_| changed())?
            };
            unknown.insert(team);
        }
    }
    let mut opportunity_ids: Vec<i64> = rows.iter().map(|row| row.opportunity_id).filter(|id| *id > 0).collect();
    let mut customer_ids: Vec<i64> =
        rows.iter().filter(|row| row.opportunity_id == 0 && row.customer_id > 0).map(|row| row.customer_id).collect();
    for ids in [&mut opportunity_ids, &mut customer_ids] {
        ids.sort_unstable();
        ids.dedup();
    }
    // A sheet names records in any order; they are locked in one, so that nobody waits in a circle.
    let mut links: Vec<(i64, i64)> = rows.iter().map(|row| (row.customer_id, row.opportunity_id)).collect();
    links.sort_unstable();
    for (customer_id, opportunity_id) in links {
        link::lock(work, (customer_id > 0).then_some(customer_id), &[(opportunity_id > 0).then_some(opportunity_id)])?;
    }
    if scope::editable(work, Owned::Opportunities, &opportunity_ids)?.len() != opportunity_ids.len()
        || scope::editable(work, Owned::Customers, &customer_ids)?.len() != customer_ids.len()
    {
        return Err(changed());
    }
    let moved = batch_store::moved(work, batch.id)?;
    if !moved.is_empty() {
        return Err(Error::Refused(Refusal::RecordsMoved(moved)));
    }
    let turns: Vec<(i64, i64)> = rows.iter().filter(|row| row.rule_id > 0).map(|row| (row.rule_id, row.assignee_id)).collect();
    if !assignment::take_turns(work, RuleTarget::Task, &turns)? {
        return Err(changed());
    }
    for row in rows {
        let opportunity_id = (row.opportunity_id > 0).then_some(row.opportunity_id);
        let customer_id = (row.customer_id > 0).then_some(row.customer_id);
        if let Some(customer_id) = customer_id
            && !link::is_open(work, customer_id, opportunity_id)?
        {
            return Err(changed());
        }
        let own_due = if row.due_on.is_empty() { Ok(due_on) } else { Day::parse(&row.due_on) };
        let new = store::NewRow {
            kind: if row.kind.is_empty() { &deed.kind } else { &row.kind },
            content: if row.content.is_empty() { &deed.content } else { &row.content },
            customer_id,
            opportunity_id,
            team_id: teams.get(&(row.assignee_id, row.rule_id > 0)).copied().flatten(),
            assignee_id: row.assignee_id,
            due_on: own_due.map_err(|code| Error::field("due_date", code))?,
            needs_acceptance: deed.needs_acceptance,
            batch_id: batch.id,
            sop_template_id: 0,
            rule: (row.rule_id > 0).then(|| Named { id: row.rule_id, name: row.rule_name.clone() }),
        };
        let task = work.quietly(|work| giving::insert(work, &new, Origin::Person))?;
        batch_store::keep_task(work, batch.id, row.position, task.id)?;
        *counts.entry(row.assignee_id).or_insert(0) += 1;
    }
    Ok(counts)
}

/// Takes a batch back: its open tasks are cancelled, what is done stays. Each assignee is told once. A second time changes nothing.
pub fn withdraw(work: &mut Work, id: i64) -> Result<Batch> {
    let batch = batch_store::find(work, id)?.ok_or(Error::NotFound)?;
    if batch.state == BatchState::Given && batch_store::withdraw(work, id)? {
        let deed: Deed = serde_json::from_str(&batch.deed)?;
        let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
        for task in batch_store::open_tasks(work, id)? {
            let cancel = TaskEdit { status: Given::Value(Status::Cancelled), ..TaskEdit::default() };
            work.quietly(|work| super::edit(work, task.id, task.version, &cancel))?;
            *counts.entry(task.assignee_id).or_insert(0) += 1;
        }
        history::record(work, &Event::new(EventKind::TaskBatchWithdrawn, "task_batch", id).with("count", counts.values().sum::<i64>()))?;
        for (person, count) in counts {
            messages::of_batch(work, NoticeKind::TasksWithdrawn, person, &deed, count)?;
        }
        work.push(Push::Resync);
    }
    get(work, id)
}

/// A batch the caller gave.
pub fn get(work: &mut Work, id: i64) -> Result<Batch> {
    let batch = batch_store::find(work, id)?.ok_or(Error::NotFound)?;
    one(work, batch)
}

/// The caller's latest batches, the newest first.
pub fn latest(work: &mut Work) -> Result<Vec<Batch>> {
    let all = batch_store::latest(work)?;
    shown(work, all)
}

fn one(work: &mut Work, batch: Kept) -> Result<Batch> {
    shown(work, vec![batch])?.pop().ok_or_else(|| Error::internal("a batch was lost"))
}

fn shown(work: &mut Work, all: Vec<Kept>) -> Result<Vec<Batch>> {
    let ids: Vec<i64> = all.iter().map(|batch| batch.id).collect();
    let progress = batch_store::progress(work, &ids)?;
    all.into_iter()
        .map(|batch| {
            let deed: Deed = serde_json::from_str(&batch.deed)?;
            let (_, open, done, cancelled) = progress.iter().copied().find(|row| row.0 == batch.id).unwrap_or_default();
            Ok(Batch {
                id: batch.id,
                state: batch.state,
                kind: deed.kind,
                content: deed.content,
                due_date: deed.due_date,
                total: batch.total,
                people: batch.people,
                open,
                done,
                cancelled,
                given_at: batch.given_at,
                withdrawn_at: (batch.withdrawn_at.ms() > 0).then_some(batch.withdrawn_at),
            })
        })
        .collect()
}

/// Forgets previews nobody ran within a day.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let before = work.now().plus_ms(-86_400_000);
    batch_store::forget(work, before)
}

/// The words of a message about a batch.
pub(super) fn words(work: &mut Work, deed: &Deed, count: i64) -> Result<serde_json::Value> {
    let named =
        settings::choose_key(work, Kind::TaskKind, &deed.kind, Some(&deed.kind))?.map_or_else(|_| deed.kind.clone(), |entry| entry.name);
    let me = work.actor.user_id;
    let by = identity::display_name(work, me)?;
    Ok(json!({ "kind": named, "content": deed.content, "due": deed.due_date, "count": count, "by": by }))
}
