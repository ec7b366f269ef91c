//! What one can do with a plan: make it, move it, change it, give it to somebody else, call it off (S41–S46).

use serde_json::json;

use super::model::{self, Plan, PlanDraft, PlanEdit, PlanRow, PlanStatus};
use super::own_reminders::OwnReminders;
use super::parent::{self, Parent};
use super::{filters::PlanFilter, method, reminders, short_text, store};
use crate::customers;
use crate::error::{Error, Fields, Refusal, Result, Warning};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity::{
    self,
    scope::{self, Owned},
};
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::live::Push;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;

/// A checked new plan.
#[derive(Debug, Clone)]
pub struct NewPlan {
    pub parent: Parent,
    pub owner_id: i64,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub method: String,
    pub content: String,
    pub own_reminders: OwnReminders,
}

/// Plans a contact; the slot stands in its owner's calendar from now on (S44).
pub fn make(work: &mut Work, draft: &PlanDraft) -> Result<Plan> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let parent = parent::read(work, draft.opportunity_id, draft.customer_id, &mut fields)?;
    if let Some(parent) = parent {
        parent.require_edit(work)?;
    }
    let starts_at = draft.starts_at.required("starts_at", &mut fields);
    let ends_at = draft.ends_at.required("ends_at", &mut fields);
    if let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at) {
        let now = work.now();
        model::judge_slot(("starts_at", "ends_at"), (starts_at, ends_at), Some(now), work.zone(), &mut fields);
    }
    if !draft.method.is_given() {
        fields.add("method", FieldCode::Required);
    }
    let method = method(work, draft.method, None, &mut fields)?;
    let content = draft.content.and_then(short_text).required("content", &mut fields);
    let own_reminders = draft.own_reminders.optional("own_reminders", &mut fields).unwrap_or_default();
    let me = work.actor.user_id;
    let owner_id = draft.owner_id.optional("owner_id", &mut fields).unwrap_or(me);
    let owner_id = person(work, owner_id, "owner_id", &mut fields)?;
    match (parent, starts_at, ends_at, method, content, owner_id) {
        (Some(parent), Some(starts_at), Some(ends_at), Some(method), Some(content), Some(owner_id)) if fields.is_empty() => {
            let id = insert(work, &NewPlan { parent, owner_id, starts_at, ends_at, method, content, own_reminders })?;
            with_warnings(work, id)
        }
        _ => Err(Error::Invalid(fields)),
    }
}

/// An active person, named in a body.
pub fn person(work: &mut Work, id: i64, field: &str, fields: &mut Fields) -> Result<Option<i64>> {
    let found = identity::active_person(work, id)?;
    if found.is_none() {
        fields.add(field, FieldCode::Unknown);
    }
    Ok(found.map(|(person, _)| person.id))
}

/// Keeps a checked plan, with its reminder.
pub fn insert(work: &mut Work, plan: &NewPlan) -> Result<i64> {
    plan.parent.lock(work)?;
    let (remind_at, ahead) = model::remind_at(plan.starts_at, work.now(), work.zone());
    let id = store::insert_plan(work, plan, remind_at)?;
    let row = store::plan(work, id)?.ok_or(Error::NotFound)?;
    let event = Event::new(EventKind::PlanMade, "plan", id).with("starts_at", plan.starts_at);
    history::record(work, &on_parent(event, &row))?;
    let given = [Change::of("owner", "", plan.owner_id), Change::of("starts_at", "", plan.starts_at)];
    history::record_changes(work, "plan", id, &given.into_iter().flatten().collect::<Vec<_>>())?;
    settle_sight(work, &row)?;
    if plan.owner_id != work.actor.user_id {
        tell_owner(work, &row)?;
    }
    reminders::keep_all(work, &row, ahead)?;
    plan.parent.note_plans(work)?;
    work.push(Push::changed("plan", id, row.version));
    Ok(id)
}

fn on_parent(event: Event, row: &PlanRow) -> Event {
    event.on_customer(row.customer_id).on_opportunity(row.opportunity_id).with("content", &row.content)
}

/// Whoever has a plan in the calendar sees what it is about, as long as he has it.
pub fn settle_sight(work: &mut Work, row: &PlanRow) -> Result<()> {
    customers::shares::settle_sight(work, row.customer_id, row.owner_id)
}

fn tell_owner(work: &mut Work, row: &PlanRow) -> Result<()> {
    let me = work.actor.user_id;
    let mut detail = reminders::words(work, row)?;
    detail["by"] = json!(identity::display_name(work, me)?);
    notifications::send(work, &Notice::new(row.owner_id, NoticeKind::PlanReceived, detail, row.parent().link()))?;
    Ok(())
}

/// One plan.
pub fn get(work: &mut Work, id: i64) -> Result<Plan> {
    let row = store::plan(work, id)?.ok_or(Error::NotFound)?;
    let can_edit = !may_edit(work, std::slice::from_ref(&row))?.is_empty();
    Ok(row.shown(can_edit))
}

fn with_warnings(work: &mut Work, id: i64) -> Result<Plan> {
    let mut plan = get(work, id)?;
    plan.warnings = overlap(work, &plan)?;
    Ok(plan)
}

/// Two plans of one person at the same time are worth a word, no more (S41).
pub fn overlap(work: &mut Work, plan: &Plan) -> Result<Vec<Warning>> {
    if plan.status != PlanStatus::Planned || !store::overlaps(work, plan.owner_id, plan.id, plan.starts_at, plan.ends_at)? {
        return Ok(Vec::new());
    }
    let lang = work.actor.lang;
    Ok(vec![Warning::new("PLAN_OVERLAP", "starts_at", lang, "该时间段与已有的跟进计划重叠", "It overlaps with another follow-up plan")])
}

/// A page of plans within the reader's scope.
pub fn page(work: &mut Work, filter: PlanFilter, turn: &Turn) -> Result<Page<Plan>> {
    let filters = filter.predicates(work.zone())?;
    let page = store::plans_page(work, filters, turn)?;
    let editable = may_edit(work, &page.items)?;
    Ok(page.map(|row| {
        let can_edit = editable.contains(&row.id);
        row.shown(can_edit)
    }))
}

/// Which of these plans the caller may change: his own, and those of what he may change.
fn may_edit(work: &mut Work, rows: &[PlanRow]) -> Result<Vec<i64>> {
    if !work.actor.may("edit_follow_ups") {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut editable = scope::editable(work, Owned::Plans, &ids)?;
    editable.extend(rows.iter().filter(|row| row.owner_id == work.actor.user_id).map(|row| row.id));
    Ok(editable)
}

/// A plan about to be changed: in sight, the caller's to change, and as the caller knows it.
pub fn open(work: &mut Work, id: i64, version: Option<i64>) -> Result<PlanRow> {
    store::lock_plan(work, id)?;
    let row = store::plan(work, id)?.ok_or(Error::NotFound)?;
    if may_edit(work, std::slice::from_ref(&row))?.is_empty() {
        return Err(Error::Forbidden);
    }
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::Changed(serde_json::to_value(row.shown(true))?));
    }
    if row.status != PlanStatus::Planned {
        return Err(Error::Refused(Refusal::PlanClosed));
    }
    Ok(row)
}

/// Moves a plan, changes it, gives it to somebody else or calls it off. The old reminder finds another start, another owner or
/// no plan, and ends (S46).
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &PlanEdit) -> Result<Plan> {
    let before = open(work, id, Some(version))?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    let mut after = before.clone();
    let new_start = draft.starts_at.change_required("starts_at", &mut fields).filter(|start| *start != before.starts_at);
    after.starts_at = new_start.unwrap_or(before.starts_at);
    after.ends_at = draft.ends_at.change_required("ends_at", &mut fields).unwrap_or(before.ends_at);
    if after.ends_at != before.ends_at || new_start.is_some() {
        let now = work.now();
        model::judge_slot(("starts_at", "ends_at"), (after.starts_at, after.ends_at), new_start.map(|_| now), work.zone(), &mut fields);
    }
    if let Some(method) = method(work, draft.method, Some(&before.method), &mut fields)? {
        after.method = method;
    }
    if let Some(content) = draft.content.and_then(short_text).change_required("content", &mut fields) {
        after.content = content;
    }
    if let Some(owner_id) = draft.owner_id.change_required("owner_id", &mut fields).filter(|owner| *owner != before.owner_id)
        && let Some(owner_id) = person(work, owner_id, "owner_id", &mut fields)?
    {
        after.owner_id = owner_id;
    }
    if let Some(own) = draft.own_reminders.change("own_reminders", &mut fields) {
        after.own_reminders = own.unwrap_or_default();
    }
    match draft.status.change_required("status", &mut fields) {
        None | Some(PlanStatus::Planned) => {}
        Some(PlanStatus::Cancelled) => after.status = PlanStatus::Cancelled,
        Some(PlanStatus::Done) => fields.add("status", FieldCode::NotAllowed),
    }
    fields.into_result()?;
    save(work, &before, after)
}

fn save(work: &mut Work, before: &PlanRow, mut after: PlanRow) -> Result<Plan> {
    let id = before.id;
    let moved = after.starts_at != before.starts_at;
    let ahead = if moved {
        let (remind_at, ahead) = model::remind_at(after.starts_at, work.now(), work.zone());
        after.remind_at = remind_at;
        Some(ahead)
    } else {
        None
    };
    let changes: Vec<Change> = [
        Change::of("starts_at", before.starts_at, after.starts_at),
        Change::of("ends_at", before.ends_at, after.ends_at),
        Change::of("method", &before.method, &after.method),
        Change::of("content", &before.content, &after.content),
        Change::of("own_reminders", json!(before.own_reminders), json!(after.own_reminders)),
        Change::of("status", before.status.word(), after.status.word()),
    ]
    .into_iter()
    .flatten()
    .collect();
    store::update_plan(work, &after)?;
    let row = store::plan(work, id)?.ok_or(Error::NotFound)?;
    let mut spoken = changes.clone();
    spoken.extend(Change::of("owner", &before.owner_name, &row.owner_name));
    let mut typed = changes;
    typed.extend(Change::of("owner", before.owner_id, row.owner_id));
    let cancelled = row.status == PlanStatus::Cancelled;
    let kind = if cancelled { EventKind::PlanCancelled } else { EventKind::PlanEdited };
    if !spoken.is_empty() {
        history::record(work, &on_parent(Event::new(kind, "plan", id), &row).with_changes(&spoken))?;
        history::record_changes(work, "plan", id, &typed)?;
    }
    if row.owner_id != before.owner_id {
        settle_sight(work, &row)?;
        tell_both(work, before, &row)?;
    }
    match (cancelled, ahead) {
        (true, _) => reminders::over(work, id, "cancelled")?,
        (false, Some(ahead)) => {
            reminders::over(work, id, "moved")?;
            reminders::keep_all(work, &row, ahead)?;
        }
        (false, None) if row.owner_id != before.owner_id => {
            reminders::over(work, id, "handed_over")?;
            reminders::pass_on(work, &row)?;
        }
        (false, None) if row.own_reminders != before.own_reminders => reminders::keep_own(work, &row)?,
        (false, None) => {}
    }
    row.parent().note_plans(work)?;
    work.push(Push::changed("plan", id, row.version));
    let plan = with_warnings(work, id)?;
    // Last of all: whoever gives a plan away or calls it off may lose sight of it with this very save.
    if cancelled || row.owner_id != before.owner_id {
        settle_sight(work, before)?;
    }
    Ok(plan)
}

/// A plan that changes hands: both are told, but for whoever did it.
fn tell_both(work: &mut Work, before: &PlanRow, after: &PlanRow) -> Result<()> {
    let me = work.actor.user_id;
    if after.owner_id != me {
        tell_owner(work, after)?;
    }
    if before.owner_id != me {
        let mut detail = reminders::words(work, after)?;
        detail["by"] = json!(identity::display_name(work, me)?);
        detail["name"] = json!(after.owner_name);
        notifications::send(work, &Notice::new(before.owner_id, NoticeKind::PlanHandedOver, detail, after.parent().link()))?;
    }
    Ok(())
}

impl PlanRow {
    /// What the plan is about.
    pub fn parent(&self) -> Parent {
        Parent { customer_id: self.customer_id, opportunity_id: self.opportunity_id }
    }
}
