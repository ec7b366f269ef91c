//! The targets of a year as a tree: company, teams, people; what stands at each node against the sum of what stands below (I22).

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::TargetOwner;
use super::target_store::Person;
use super::{target_store, targets};
use crate::error::Result;
use crate::identity::model::{Team, TeamKind};
use crate::identity::teams;
use crate::platform::types::Money;
use crate::platform::work::Work;

/// Twelve months of one owner.
type Year = [Option<Money>; 12];

/// What is to be won in a month, quarter or year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct TargetFigures {
    /// What is set; for quarter and year the sum of the months. Null when nothing is.
    pub amount: Option<Money>,
    /// The sum of what is set directly below, or further below where nothing is; null when nothing is anywhere.
    pub below: Option<Money>,
    /// `amount` less `below`; null when either is missing.
    pub difference: Option<Money>,
}

/// The company, a team or a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TargetNode {
    /// What it is.
    #[schema(value_type = String)]
    pub owner_type: TargetOwner,
    /// The team or person; 0 for the company.
    pub owner_id: i64,
    /// Its name.
    pub name: String,
    /// 工号 of a person.
    pub employee_number: Option<String>,
    /// 0 for the company, 1 for what stands directly below it, and so on.
    pub depth: i64,
    /// January to December.
    pub months: Vec<TargetFigures>,
    /// The four quarters.
    pub quarters: Vec<TargetFigures>,
    /// The year.
    pub year: TargetFigures,
}

/// The targets of a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TargetTree {
    /// The year.
    pub year: i64,
    /// From the top down, each node followed by what stands below it. A person in several teams stands in the oldest of them.
    pub nodes: Vec<TargetNode>,
}

struct Grower {
    set: HashMap<(TargetOwner, i64), Year>,
    teams: HashMap<Option<i64>, Vec<Team>>,
    people: HashMap<Option<i64>, Vec<Person>>,
    nodes: Vec<TargetNode>,
}

/// Adds what is there; nothing and nothing is nothing.
fn plus(one: Option<Money>, other: Option<Money>) -> Option<Money> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

fn figures(amount: Option<Money>, below: Option<Money>) -> TargetFigures {
    TargetFigures { amount, below, difference: amount.zip(below).map(|(amount, below)| amount - below) }
}

fn sum(months: &[Option<Money>]) -> Option<Money> {
    months.iter().copied().fold(None, plus)
}

impl Grower {
    /// Adds a node and all below it; answers what it counts for one floor up.
    fn grow(&mut self, owner: (TargetOwner, i64), name: String, number: Option<String>, depth: i64, below_it: &[Option<i64>]) -> Year {
        let amounts = self.set.get(&owner).copied().unwrap_or_default();
        let place = self.nodes.len();
        let nothing = figures(None, None);
        self.nodes.push(TargetNode {
            owner_type: owner.0,
            owner_id: owner.1,
            name,
            employee_number: number,
            depth,
            months: Vec::new(),
            quarters: Vec::new(),
            year: nothing,
        });
        let mut below: Year = [None; 12];
        for key in below_it {
            let mut parts: Vec<Year> = Vec::new();
            for team in self.teams.remove(key).unwrap_or_default() {
                parts.push(self.grow((TargetOwner::Team, team.id), team.name, None, depth + 1, &[Some(team.id)]));
            }
            for person in self.people.remove(key).unwrap_or_default() {
                parts.push(self.grow((TargetOwner::User, person.id), person.name, Some(person.number), depth + 1, &[]));
            }
            for part in parts {
                for (sum, one) in below.iter_mut().zip(part) {
                    *sum = plus(*sum, one);
                }
            }
        }
        let node = &mut self.nodes[place];
        node.months = amounts.iter().zip(&below).map(|(amount, below)| figures(*amount, *below)).collect();
        node.quarters = amounts.chunks(3).zip(below.chunks(3)).map(|(amounts, below)| figures(sum(amounts), sum(below))).collect();
        node.year = figures(sum(&amounts), sum(&below));
        let mut counts = amounts;
        for (own, below) in counts.iter_mut().zip(below) {
            *own = own.or(below);
        }
        counts
    }
}

/// The tree of a year.
pub fn tree(work: &mut Work, year: i64) -> Result<TargetTree> {
    let (first, last) = (format!("{year:04}-01"), format!("{year:04}-12"));
    let mut set: HashMap<(TargetOwner, i64), Year> = HashMap::new();
    for (kind, id, period, amount) in target_store::between(work, &first, &last)? {
        let month: usize = period.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
        if let Some(place) = set.entry((kind, id)).or_insert([None; 12]).get_mut(month.wrapping_sub(1)) {
            *place = Some(amount);
        }
    }
    // The topmost node is the company itself: its target is the company's.
    let all = teams::all(work)?;
    let roots: Vec<i64> = all.iter().filter(|team| team.kind == TeamKind::Company).map(|team| team.id).collect();
    let mut teams: HashMap<Option<i64>, Vec<Team>> = HashMap::new();
    for team in all.into_iter().filter(|team| team.kind != TeamKind::Company) {
        let above = team.parent_id.filter(|parent| !roots.contains(parent));
        teams.entry(above).or_default().push(team);
    }
    let mut people: HashMap<Option<i64>, Vec<Person>> = HashMap::new();
    for person in target_store::people(work, &first, &last)? {
        people.entry(person.team_id.filter(|team| !roots.contains(team))).or_default().push(person);
    }
    let name = targets::company_name(work)?;
    let mut grower = Grower { set, teams, people, nodes: Vec::new() };
    grower.grow((TargetOwner::Company, 0), name, None, 0, &[None]);
    Ok(TargetTree { year, nodes: grower.nodes })
}
