//! The rules of one target while records are assigned by them, one or many in one transaction: rules, people, turns and what
//! everybody has in hand are read once and carried along.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::model::{Case, Chosen, Load, Method, RuleRow, RuleTarget, StepOutcome, least_loaded, next_in_turn};
use super::store;
use crate::error::Result;
use crate::identity;
use crate::identity::model::Named;
use crate::platform::work::Work;

/// What people have in hand is counted so far at first; only where everybody has more, ten times as far.
const FIRST_BOUND: i64 = 1_000;

/// One go through the rules of a target.
pub struct Round {
    target: RuleTarget,
    /// False for a preview: it waits for nobody and takes nobody's turn.
    is_real: bool,
    table: Option<Table>,
    last: Option<Taken>,
}

/// What was taken last, to be put back when its record is not saved.
struct Taken {
    /// Which rule, as a place among them.
    rule: usize,
    turn_before: i64,
    person: i64,
    /// True when the rules were read for this very record.
    opened: bool,
}

struct Table {
    rules: Vec<Standing>,
    /// Everybody the rules have taken so far, with the team records belong to then.
    people: HashMap<i64, Option<(Named, Option<i64>)>>,
    loads: HashMap<i64, Load>,
    /// What was given since the loads were counted.
    given: HashMap<i64, i64>,
}

/// A rule with who stands behind it today.
struct Standing {
    rule: RuleRow,
    order: Vec<i64>,
    /// Neither gone nor on leave.
    free: Vec<i64>,
    moved: bool,
}

impl Round {
    /// Assigns what is being saved.
    pub fn of(target: RuleTarget) -> Round {
        Round { target, is_real: true, table: None, last: None }
    }

    /// Says what would be assigned to whom, one after the other.
    pub fn preview(target: RuleTarget) -> Round {
        Round { is_real: false, ..Round::of(target) }
    }

    /// Finds who gets a record; `None` when no rule fits, or none has anybody at work.
    pub fn choose(&mut self, work: &mut Work, case: &Case) -> Result<Option<Chosen>> {
        let (opened, mut table) = self.table(work)?;
        self.last = None;
        let mut chosen = None;
        for place in 0..table.rules.len() {
            let standing = &table.rules[place];
            if !standing.rule.enabled || !standing.rule.conditions.fit(case) {
                continue;
            }
            let turn_before = standing.rule.last_user_id;
            if let Some(taken) = self.take(work, &mut table, place)? {
                self.last = Some(Taken { rule: place, turn_before, person: taken.person.id, opened });
                chosen = Some(taken);
                break;
            }
        }
        self.table = Some(table);
        Ok(chosen)
    }

    /// Every rule in order and what came of asking it, without taking a turn.
    pub(super) fn steps(mut self, work: &mut Work, case: &Case) -> Result<Vec<(RuleRow, Result<Chosen, StepOutcome>)>> {
        let (_, mut table) = self.table(work)?;
        let (mut steps, mut is_taken) = (Vec::new(), false);
        for place in 0..table.rules.len() {
            let rule = table.rules[place].rule.clone();
            let outcome = if is_taken {
                Err(StepOutcome::NotAsked)
            } else if !rule.enabled {
                Err(StepOutcome::Off)
            } else if !rule.conditions.fit(case) {
                Err(StepOutcome::NoMatch)
            } else {
                self.take(work, &mut table, place)?.ok_or(StepOutcome::Nobody)
            };
            is_taken = is_taken || outcome.is_ok();
            steps.push((rule, outcome));
        }
        Ok(steps)
    }

    /// Another record follows; what was taken so far stands.
    pub fn mark(&mut self) {
        self.last = None;
    }

    /// The record since the mark was not saved after all: whoever it went to has not had the turn.
    pub fn back(&mut self, work: &Work) {
        let Some(taken) = self.last.take() else { return };
        // The lock went with the record; somebody else may take turns now.
        if taken.opened && self.is_real && work.has_concurrent_writers() {
            self.table = None;
        }
        let Some(table) = &mut self.table else { return };
        table.rules[taken.rule].rule.last_user_id = taken.turn_before;
        *table.given.entry(taken.person).or_insert(0) -= 1;
    }

    /// Keeps whose turns were taken, in the transaction of the records.
    pub fn close(self, work: &mut Work) -> Result<()> {
        for standing in self.table.into_iter().flat_map(|table| table.rules).filter(|standing| standing.moved && self.is_real) {
            store::note_turn(work, standing.rule.id, standing.rule.last_user_id)?;
        }
        Ok(())
    }

    /// The rules as they stand, and whether they were read just now. Of two parallel saves the second waits here and then sees whose
    /// turn the first has taken. A save that makes many records takes turns of several rules: all are locked at once, so that nobody
    /// waits in a circle.
    fn table(&mut self, work: &mut Work) -> Result<(bool, Table)> {
        if let Some(table) = self.table.take() {
            return Ok((false, table));
        }
        if self.is_real {
            store::lock(work, self.target)?;
        }
        let rules = store::all_of(work, self.target)?;
        let rules = super::with_current_values(work, rules)?;
        let people = store::people(work, &rules.iter().map(|rule| rule.id).collect::<Vec<_>>())?;
        let today = work.today().to_string();
        let standing = rules.into_iter().map(|rule| {
            let own = people.iter().filter(|person| person.rule_id == rule.id);
            Standing {
                order: own.clone().map(|person| person.user_id).collect(),
                free: own.filter(|person| person.is_at_work(&today)).map(|person| person.user_id).collect(),
                rule,
                moved: false,
            }
        });
        Ok((true, Table { rules: standing.collect(), people: HashMap::new(), loads: HashMap::new(), given: HashMap::new() }))
    }

    /// Whom the rule takes, and that it was his or her turn.
    fn take(&self, work: &mut Work, table: &mut Table, place: usize) -> Result<Option<Chosen>> {
        let Standing { rule, order, free, .. } = &table.rules[place];
        let (rule, free) = (rule.clone(), free.clone());
        let next = match rule.method {
            Method::Person => free.first().copied(),
            Method::RoundRobin => next_in_turn(order, &free, rule.last_user_id),
            Method::LeastLoaded => self.least_loaded(work, table, &free)?,
        };
        let Some(id) = next else { return Ok(None) };
        let known = match table.people.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(identity::active_person(work, id)?),
        };
        let Some((person, team_id)) = known.clone() else { return Ok(None) };
        let standing = &mut table.rules[place];
        (standing.rule.last_user_id, standing.moved) = (id, true);
        *table.given.entry(id).or_insert(0) += 1;
        Ok(Some(Chosen { rule: Named { id: rule.id, name: rule.name }, person, team_id }))
    }

    fn least_loaded(&self, work: &mut Work, table: &mut Table, free: &[i64]) -> Result<Option<i64>> {
        let mut bound = FIRST_BOUND;
        loop {
            let open: Vec<i64> =
                free.iter().copied().filter(|id| table.loads.get(id).is_none_or(|load| load.or_more && load.counted < bound)).collect();
            if !open.is_empty() {
                for (id, counted) in store::loads(work, self.target, &open, bound)? {
                    table.loads.insert(id, Load { counted, or_more: counted >= bound });
                    // What is being saved is among what was counted; what is only shown is not.
                    if self.is_real {
                        table.given.remove(&id);
                    }
                }
            }
            let load = |id: i64| {
                let load = table.loads.get(&id).copied().unwrap_or(Load { counted: 0, or_more: false });
                Load { counted: load.counted + table.given.get(&id).copied().unwrap_or(0), ..load }
            };
            match least_loaded(free, load) {
                None if !free.is_empty() => bound *= 10,
                found => return Ok(found),
            }
        }
    }
}
