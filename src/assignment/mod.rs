//! 分配规则 (S65): who gets a new customer or task that nobody was named for. Rules stand in an order; the first that fits and has
//! somebody at work decides. Which rule it was stands in the record's history.

mod api;
pub mod model;
mod round;
mod store;

pub use api::routes;
pub use model::{Assign, Assignment, Case, Chosen, RuleTarget};
pub use round::Round;
pub use store::loads_of;

use crate::error::{Error, Fields, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::model::Named;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::settings::{self, Kind, StageKind};
use model::{AssignmentRule, AssignmentRuleDraft, Conditions, Method, RulePerson, RuleRow, Step, StepOutcome, Trial, TrialDraft};

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
    let mut round = Round::of(target);
    let chosen = round.choose(work, case)?;
    round.close(work)?;
    Ok(chosen)
}

/// Takes the turns that a preview gave, in its order: true when every rule still stands and has the person. Of many turns of one
/// rule the last is kept.
pub fn take_turns(work: &mut Work, target: RuleTarget, turns: &[(i64, i64)]) -> Result<bool> {
    if turns.is_empty() {
        return Ok(true);
    }
    store::lock(work, target)?;
    let rules: Vec<i64> = store::all_of(work, target)?.into_iter().filter(|rule| rule.enabled).map(|rule| rule.id).collect();
    let people = store::people(work, &rules)?;
    if !turns.iter().all(|(rule, person)| people.iter().any(|one| one.rule_id == *rule && one.user_id == *person)) {
        return Ok(false);
    }
    for rule in rules {
        if let Some((_, person)) = turns.iter().rev().find(|(id, _)| *id == rule) {
            store::note_turn(work, rule, *person)?;
        }
    }
    Ok(true)
}

/// Whether somebody is there to be given something today: active and not on leave, with the team it belongs to then.
pub fn at_work(work: &mut Work, id: i64) -> Result<Option<(Named, Option<i64>)>> {
    if store::is_at_work(work, id)? { identity::active_person(work, id) } else { Ok(None) }
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
    let rule = RuleRow { id: 0, target, name, conditions, method, enabled, position, last_user_id: 0, version: 1 };
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
    let then = one(work, id)?;
    store::update(work, &after)?;
    if let Some(people) = people.filter(|people| *people != was) {
        store::set_people(work, id, &people)?;
    }
    let now = one(work, id)?;
    let changes = changes(work, &then, &now)?;
    changed(work, id, &now.name, &changes)?;
    Ok(now)
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

/// What an edit changed, in the words of whoever reads the log.
fn changes(work: &mut Work, before: &AssignmentRule, after: &AssignmentRule) -> Result<Vec<Change>> {
    let known = settings::stages(work)?;
    let named = |all: &[Named]| all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("、");
    let people = |all: &[RulePerson]| all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("、");
    let stages = |keys: &[String]| {
        let name = |key: &String| known.iter().find(|stage| stage.key == *key).map_or_else(|| key.clone(), |stage| stage.name.clone());
        keys.iter().map(name).collect::<Vec<_>>().join("、")
    };
    let all = [
        Change::of("name", &before.name, &after.name),
        Change::of("regions", named(&before.regions), named(&after.regions)),
        Change::of("source_channels", named(&before.source_channels), named(&after.source_channels)),
        Change::of("stages", stages(&before.stages), stages(&after.stages)),
        Change::of("method", before.method.word(), after.method.word()),
        Change::of("people", people(&before.people), people(&after.people)),
        Change::of("enabled", before.enabled, after.enabled),
        Change::of("position", before.position, after.position),
    ];
    Ok(all.into_iter().flatten().collect())
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
    for (rule, outcome) in Round::preview(target).steps(work, &case)? {
        let outcome = match outcome {
            Ok(chosen) => {
                (trial.rule, trial.person) = (Some(chosen.rule), Some(chosen.person));
                StepOutcome::Takes
            }
            Err(outcome) => outcome,
        };
        trial.steps.push(Step { id: rule.id, name: rule.name, outcome });
    }
    Ok(trial)
}
