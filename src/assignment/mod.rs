//! 分配规则 (S65): who gets a new customer or task that nobody was named for. Rules stand in an order; the first that fits and has
//! somebody at work decides. Which rule it was stands in the record's history.

mod api;
pub mod model;
mod store;

pub use api::routes;
pub use model::{Assign, Assignment, Case, Chosen, RuleTarget};

use crate::error::{Error, Fields, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::model::Named;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::settings::{self, Kind, StageKind};
use model::{AssignmentRule, AssignmentRuleDraft, Conditions, Method, RuleRow, Step, StepOutcome, Trial, TrialDraft};

/// Rules of one target, at most.
const MOST: i64 = 100;
/// People of one rule, at most.
const MOST_PEOPLE: usize = 50;

const ONE_PERSON: FieldCode =
    FieldCode::Rule { code: "ONE_PERSON", zh: "固定人员只能选择一人", en: "A fixed person is one person" };

/// Whoever asks for the rules names nobody.
pub const NOT_WITH_PERSON: FieldCode =
    FieldCode::Rule {
        code: "NOT_WITH_PERSON", zh: "已指定人员时不能再按规则分配", en: "The rules assign only what nobody is named for"
    };

/// Finds who gets a record that is being saved, and notes whose turn it was: the turn and the record are saved together or not at
/// all. `None` when no rule fits, or none has anybody at work.
pub fn choose(work: &mut Work, target: RuleTarget, case: &Case) -> Result<Option<Chosen>> {
    // Of two parallel saves the second waits here and then sees whose turn the first has taken. A save that makes many records takes
    // turns of several rules: all are locked at once, so that nobody waits in a circle.
    store::lock(work, target)?;
    let rules = store::all_of(work, target)?;
    for rule in with_current_values(work, rules)? {
        if !rule.enabled || !rule.conditions.fit(case) {
            continue;
        }
        let last = store::last_turn(work, rule.id)?;
        let Some(person) = pick(work, &rule, last)? else { continue };
        store::note_turn(work, rule.id, person)?;
        if let Some((person, team_id)) = identity::active_person(work, person)? {
            return Ok(Some(Chosen { rule: Named { id: rule.id, name: rule.name }, person, team_id }));
        }
    }
    Ok(None)
}

/// Whom a rule would take, without noting a turn; who has left or is on leave is passed over.
fn pick(work: &mut Work, rule: &RuleRow, last: i64) -> Result<Option<i64>> {
    let people = store::people(work, &[rule.id])?;
    let today = work.today().to_string();
    let order: Vec<i64> = people.iter().map(|person| person.user_id).collect();
    let free: Vec<i64> = people.iter().filter(|person| person.is_at_work(&today)).map(|person| person.user_id).collect();
    if free.is_empty() {
        return Ok(None);
    }
    Ok(match rule.method {
        Method::Person => free.first().copied(),
        Method::RoundRobin => model::next_in_turn(&order, &free, last),
        Method::LeastLoaded => {
            let loads = store::loads(work, rule.target, &free)?;
            model::least_loaded(&free, &loads)
        }
    })
}

/// Values that were merged into others since the rule was made stand for those now (I61).
fn with_current_values(work: &mut Work, mut rules: Vec<RuleRow>) -> Result<Vec<RuleRow>> {
    let mut ids: Vec<i64> = rules.iter().flat_map(|rule| rule.conditions.value_ids()).collect();
    ids.sort_unstable();
    ids.dedup();
    let values = store::values(work, &ids)?;
    for rule in &mut rules {
        rule.conditions.follow(&values);
    }
    Ok(rules)
}

/// The rules of both targets, in the order in which they are asked.
pub fn all(work: &mut Work) -> Result<Vec<AssignmentRule>> {
    let mut rules = store::all_of(work, RuleTarget::Customer)?;
    rules.extend(store::all_of(work, RuleTarget::Task)?);
    shown(work, rules)
}

fn one(work: &mut Work, id: i64) -> Result<AssignmentRule> {
    let rule = store::find(work, id)?.ok_or(Error::NotFound)?;
    shown(work, vec![rule])?.pop().ok_or(Error::NotFound)
}

fn shown(work: &mut Work, rules: Vec<RuleRow>) -> Result<Vec<AssignmentRule>> {
    let rules = with_current_values(work, rules)?;
    let ids: Vec<i64> = rules.iter().map(|rule| rule.id).collect();
    let people = store::people(work, &ids)?;
    let regions = settings::entries(work, Kind::Region)?;
    let sources = settings::entries(work, Kind::SourceChannel)?;
    let today = work.today().to_string();
    let named = |entries: &[settings::Entry], ids: &Option<Vec<i64>>| {
        let ids = ids.iter().flatten();
        ids.filter_map(|id| entries.iter().find(|entry| entry.id == *id))
            .map(|entry| Named { id: entry.id, name: entry.name.clone() })
            .collect()
    };
    let rules = rules.into_iter().map(|rule| AssignmentRule {
        id: rule.id,
        target: rule.target,
        name: rule.name,
        regions: named(&regions, &rule.conditions.regions),
        source_channels: named(&sources, &rule.conditions.sources),
        stages: rule.conditions.stages.clone().unwrap_or_default(),
        method: rule.method,
        people: people.iter().filter(|person| person.rule_id == rule.id).map(|person| person.shown(&today)).collect(),
        is_void: rule.conditions.are_void(),
        enabled: rule.enabled,
        position: rule.position,
        version: rule.version,
    });
    Ok(rules.collect())
}

/// Adds a rule behind those there are.
pub fn add(work: &mut Work, draft: &AssignmentRuleDraft) -> Result<AssignmentRule> {
    let mut fields = Fields::default();
    let target = draft.target.clone().required("target", &mut fields);
    let (name, position) = (draft.name(), draft.position());
    let name = name.required("name", &mut fields);
    let method = draft.method.clone().required("method", &mut fields);
    let enabled = draft.enabled.clone().optional("enabled", &mut fields).unwrap_or(true);
    let position = position.optional("position", &mut fields);
    let conditions = conditions(work, draft, target, Conditions::default(), &mut fields)?;
    let people = people(work, draft.people.clone().required("people", &mut fields), &[], method, &mut fields)?;
    let (Some(target), Some(name), Some(method), Some(people)) = (target, name, method, people) else { return Err(Error::Invalid(fields)) };
    let (count, last) = store::extent(work, target)?;
    if count >= MOST {
        fields.add("target", FieldCode::TooMany { max: MOST as usize });
    }
    fields.into_result()?;
    let position = position.unwrap_or(last.map_or(1, |last| (last + 1).min(9_999)));
    let rule = RuleRow { id: 0, target, name, conditions, method, enabled, position, version: 1 };
    let id = store::insert(work, &rule)?;
    store::set_people(work, id, &people)?;
    changed(work, id, &rule.name, &[])?;
    one(work, id)
}

/// Edits a rule; what it has assigned stays where it is.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &AssignmentRuleDraft) -> Result<AssignmentRule> {
    let before = known(work, id, version)?;
    let mut fields = Fields::default();
    if draft.target.is_given() {
        fields.add("target", FieldCode::NotAllowed);
    }
    let mut after = before.clone();
    if let Some(name) = draft.name().change_required("name", &mut fields) {
        after.name = name;
    }
    if let Some(method) = draft.method.clone().change_required("method", &mut fields) {
        after.method = method;
    }
    if let Some(enabled) = draft.enabled.clone().change_required("enabled", &mut fields) {
        after.enabled = enabled;
    }
    if let Some(position) = draft.position().change_required("position", &mut fields) {
        after.position = position;
    }
    after.conditions = conditions(work, draft, Some(before.target), before.conditions.clone(), &mut fields)?;
    let was: Vec<i64> = store::people(work, &[id])?.iter().map(|person| person.user_id).collect();
    let wanted = draft.people.clone().change_required("people", &mut fields).unwrap_or_else(|| was.clone());
    let people = people(work, Some(wanted), &was, Some(after.method), &mut fields)?;
    fields.into_result()?;
    let changes: Vec<Change> = [
        Change::of("name", &before.name, &after.name),
        Change::of("method", before.method.word(), after.method.word()),
        Change::of("enabled", before.enabled, after.enabled),
        Change::of("position", before.position, after.position),
    ]
    .into_iter()
    .flatten()
    .collect();
    store::update(work, &after)?;
    if let Some(people) = people.filter(|people| *people != was) {
        store::set_people(work, id, &people)?;
    }
    changed(work, id, &after.name, &changes)?;
    one(work, id)
}

/// Removes a rule.
pub fn remove(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let rule = known(work, id, version)?;
    store::delete(work, id)?;
    changed(work, id, &rule.name, &[])
}

fn known(work: &mut Work, id: i64, version: i64) -> Result<RuleRow> {
    let rule = store::find(work, id)?.ok_or(Error::NotFound)?;
    if rule.version != version {
        return Err(Error::Changed(serde_json::to_value(one(work, id)?)?));
    }
    Ok(rule)
}

fn changed(work: &mut Work, id: i64, name: &str, changes: &[Change]) -> Result<()> {
    history::record(work, &Event::new(EventKind::SettingChanged, "assignment_rule", id).with("name", name).with_changes(changes))
}

/// The conditions on top of those there are. Sources are asked of customers, stages of the opportunities of tasks.
fn conditions(
    work: &mut Work,
    draft: &AssignmentRuleDraft,
    target: Option<RuleTarget>,
    before: Conditions,
    fields: &mut Fields,
) -> Result<Conditions> {
    let mut after = before;
    for (field, kind, given) in
        [("regions", Kind::Region, &draft.regions), ("source_channels", Kind::SourceChannel, &draft.source_channels)]
    {
        let Some(wanted) = given.clone().change(field, fields) else { continue };
        let wanted = wanted.unwrap_or_default();
        if kind == Kind::SourceChannel && target == Some(RuleTarget::Task) && !wanted.is_empty() {
            fields.add(field, FieldCode::NotAllowed);
        }
        let ids = entries(work, kind, field, &wanted, fields)?;
        let ids = (!ids.is_empty()).then_some(ids);
        if kind == Kind::Region { after.regions = ids } else { after.sources = ids }
    }
    if let Some(wanted) = draft.stages.clone().change("stages", fields) {
        let wanted = wanted.unwrap_or_default();
        if target == Some(RuleTarget::Customer) && !wanted.is_empty() {
            fields.add("stages", FieldCode::NotAllowed);
        }
        let stages = settings::stages(work)?;
        let known = |key: &String| stages.iter().any(|stage| stage.key == *key && stage.kind == StageKind::Open);
        if !wanted.iter().all(known) {
            fields.add("stages", FieldCode::Unknown);
        }
        after.stages = (!wanted.is_empty()).then_some(wanted);
    }
    Ok(after)
}

fn entries(work: &mut Work, kind: Kind, field: &str, wanted: &[Choice], fields: &mut Fields) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for choice in wanted {
        let found = settings::find_entry(work, kind, choice)?.ok_or(FieldCode::Unknown);
        ids.extend(fields.keep(field, found).map(|entry| entry.id));
    }
    ids.dedup();
    Ok(ids)
}

/// Active people, each once; whoever has left since stays until somebody takes him or her out.
fn people(
    work: &mut Work,
    wanted: Option<Vec<i64>>,
    already: &[i64],
    method: Option<Method>,
    fields: &mut Fields,
) -> Result<Option<Vec<i64>>> {
    let Some(wanted) = wanted else { return Ok(None) };
    let mut ids: Vec<i64> = Vec::new();
    for id in wanted {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        fields.add("people", FieldCode::Required);
    } else if ids.len() > MOST_PEOPLE {
        fields.add("people", FieldCode::TooMany { max: MOST_PEOPLE });
    } else if method == Some(Method::Person) && ids.len() != 1 {
        fields.add("people", ONE_PERSON);
    } else {
        let fresh: Vec<i64> = ids.iter().copied().filter(|id| !already.contains(id)).collect();
        if store::active(work, &fresh)? != fresh.len() as i64 {
            fields.add("people", FieldCode::Unknown);
        }
    }
    Ok(Some(ids))
}

/// Says which rule would take a record and whom, without taking anybody's turn (试算).
pub fn attempt(work: &mut Work, draft: &TrialDraft) -> Result<Trial> {
    let mut fields = Fields::default();
    let target = draft.target.clone().required("target", &mut fields);
    let mut value = |work: &mut Work, kind, field, given: &Given<Choice>| -> Result<Option<i64>> {
        let wanted: Vec<Choice> = given.clone().optional(field, &mut fields).into_iter().collect();
        Ok(entries(work, kind, field, &wanted, &mut fields)?.pop())
    };
    let region_id = value(work, Kind::Region, "region", &draft.region)?;
    let source_id = value(work, Kind::SourceChannel, "source_channel", &draft.source_channel)?;
    let stage = draft.stage.clone().optional("stage", &mut fields);
    if let Some(key) = &stage
        && settings::stage(work, key)?.is_none()
    {
        fields.add("stage", FieldCode::Unknown);
    }
    let Some(target) = target else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let case = Case { region_id, source_id, stage };
    let mut trial = Trial { rule: None, person: None, steps: Vec::new() };
    let rules = store::all_of(work, target)?;
    for rule in with_current_values(work, rules)? {
        let outcome = if trial.rule.is_some() {
            StepOutcome::NotAsked
        } else if !rule.enabled {
            StepOutcome::Off
        } else if !rule.conditions.fit(&case) {
            StepOutcome::NoMatch
        } else {
            let last = store::last_turn(work, rule.id)?;
            match pick(work, &rule, last)? {
                None => StepOutcome::Nobody,
                Some(person) => {
                    trial.person = Some(Named { id: person, name: identity::display_name(work, person)? });
                    trial.rule = Some(Named { id: rule.id, name: rule.name.clone() });
                    StepOutcome::Takes
                }
            }
        };
        trial.steps.push(Step { id: rule.id, name: rule.name, outcome });
    }
    Ok(trial)
}
