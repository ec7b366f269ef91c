//! What a rule is, and whom it takes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::identity::model::{Named, UserStatus};
use crate::platform::db::{Cells, FromRow};
use crate::platform::draft::{Choice, Given};
use crate::platform::http::Versioned;
use crate::platform::types::{FieldCode, name};
use crate::{row, words};

words! {
    /// What a rule assigns.
    pub enum RuleTarget {
        /// New customers.
        Customer = "customer",
        /// New tasks.
        Task = "task",
    }
}

words! {
    /// How a rule chooses among its people.
    pub enum Method {
        /// 固定人员
        Person = "person",
        /// 轮流
        RoundRobin = "round_robin",
        /// 负荷最低: the fewest live customers, or the fewest open tasks.
        LeastLoaded = "least_loaded",
    }
}

words! {
    /// How whoever enters a record wants it assigned.
    pub enum Assign {
        /// By the rules.
        Rules = "rules",
    }
}

words! {
    /// What a trial found of a rule.
    pub enum StepOutcome {
        /// It takes the record.
        Takes = "takes",
        /// It is switched off.
        Off = "off",
        /// Its conditions do not fit.
        NoMatch = "no_match",
        /// It fits, but everybody has left or is on leave.
        Nobody = "nobody",
        /// A rule before it takes the record.
        NotAsked = "not_asked",
    }
}

/// What a rule asks of a record; nothing asked fits everything.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    pub regions: Option<Vec<i64>>,
    pub sources: Option<Vec<i64>>,
    pub stages: Option<Vec<String>>,
}

impl FromRow for Conditions {
    fn from_row(cells: &mut Cells<'_>) -> Result<Conditions> {
        let text: String = FromRow::from_row(cells)?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// What is known of a record that is to be assigned.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// The customer's region.
    pub region_id: Option<i64>,
    /// The customer's main source.
    pub source_id: Option<i64>,
    /// The stage of the task's opportunity.
    pub stage: Option<String>,
}

impl Conditions {
    /// True when all that is asked fits.
    pub fn fit(&self, case: &Case) -> bool {
        let among =
            |wanted: &Option<Vec<i64>>, have: Option<i64>| wanted.as_ref().is_none_or(|ids| have.is_some_and(|id| ids.contains(&id)));
        among(&self.regions, case.region_id)
            && among(&self.sources, case.source_id)
            && self.stages.as_ref().is_none_or(|keys| case.stage.as_ref().is_some_and(|stage| keys.contains(stage)))
    }

    /// True when values it asks for are all gone: it fits nothing any more.
    pub fn are_void(&self) -> bool {
        [&self.regions, &self.sources].into_iter().flatten().any(Vec::is_empty)
    }

    /// The dictionary values it names.
    pub fn value_ids(&self) -> Vec<i64> {
        self.regions.iter().chain(&self.sources).flatten().copied().collect()
    }

    /// Puts what values have become in their place. A rule whose values are all gone fits nothing, rather than everything.
    pub fn follow(&mut self, now: &[(i64, i64)]) {
        for ids in [&mut self.regions, &mut self.sources].into_iter().flatten() {
            *ids = ids.iter().filter_map(|id| now.iter().find(|(old, _)| old == id).map(|(_, new)| *new)).collect();
            ids.dedup();
        }
    }
}

row! {
    /// A rule as kept.
    #[derive(Debug, Clone)]
    pub struct RuleRow {
        pub id: i64 = "r.id",
        pub target: RuleTarget = "r.target",
        pub name: String = "r.name",
        pub conditions: Conditions = "r.conditions",
        pub method: Method = "r.method",
        pub enabled: bool = "r.enabled",
        pub position: i64 = "r.position",
        /// Who had the last turn; 0 for nobody yet.
        pub last_user_id: i64 = "r.last_user_id",
        pub version: i64 = "r.version",
    }
}

row! {
    /// Somebody a rule may take.
    #[derive(Debug, Clone)]
    pub struct PersonRow {
        pub rule_id: i64 = "p.rule_id",
        pub user_id: i64 = "p.user_id",
        pub name: String = "u.name",
        pub status: UserStatus = "u.status",
        pub on_leave_from: String = "coalesce((select max(l.starts_on) from leaves l where l.user_id = u.id), '')",
        pub on_leave_until: String = "coalesce((select max(l.ends_on) from leaves l where l.user_id = u.id), '')",
    }
}

impl PersonRow {
    /// Neither gone nor on leave today; the first and the last day of a leave count.
    pub fn is_at_work(&self, today: &str) -> bool {
        self.status == UserStatus::Active && (today < self.on_leave_from.as_str() || self.on_leave_until.as_str() < today)
    }

    /// As the settings show it.
    pub fn shown(&self, today: &str) -> RulePerson {
        RulePerson {
            id: self.user_id,
            name: self.name.clone(),
            status: self.status,
            on_leave_from: (self.on_leave_until.as_str() >= today).then(|| self.on_leave_from.clone()),
            on_leave_until: (self.on_leave_until.as_str() >= today).then(|| self.on_leave_until.clone()),
        }
    }
}

/// Whose turn it is: the first free one behind whoever had the last turn, in the order of the rule.
pub fn next_in_turn(order: &[i64], free: &[i64], last: i64) -> Option<i64> {
    let from = order.iter().position(|id| *id == last).map_or(0, |place| place + 1);
    order[from..].iter().chain(&order[..from]).find(|id| free.contains(id)).copied()
}

/// What somebody has in hand, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Counted up to the bound.
    pub counted: i64,
    /// True when the bound was reached: there may be more.
    pub or_more: bool,
}

/// Who has the least; of several the first of the rule. `None` while that hangs on somebody who was not counted to the end.
pub fn least_loaded(free: &[i64], load: impl Fn(i64) -> Load) -> Option<i64> {
    let least = free.iter().copied().min_by_key(|id| load(*id).counted)?;
    (!load(least).or_more).then_some(least)
}

/// Whom the rules took.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The rule.
    pub rule: Named,
    /// The person.
    pub person: Named,
    /// The team the record belongs to then.
    pub team_id: Option<i64>,
}

/// How a record came to its owner, said once in the answer that creates it (S65).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Assignment {
    /// The rule; null when none fitted and the record stayed with whoever entered it.
    pub rule: Option<Named>,
    /// Who has it now.
    pub owner: Named,
    /// False when whoever entered it cannot open it any more.
    pub in_sight: bool,
}

/// Somebody a rule may take.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RulePerson {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Whether the person can log in; who cannot is passed over.
    #[schema(value_type = String)]
    pub status: UserStatus,
    /// The first day of a leave that is under way or ahead; passed over from then on.
    pub on_leave_from: Option<String>,
    /// Its last day; passed over until then.
    pub on_leave_until: Option<String>,
}

/// A rule that says who gets new records (S65).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssignmentRule {
    /// Id.
    pub id: i64,
    /// `customer` or `task`.
    #[schema(value_type = String)]
    pub target: RuleTarget,
    /// What it is called.
    pub name: String,
    /// Regions of the customer, any of; empty for all.
    pub regions: Vec<Named>,
    /// Main sources of the customer, any of; empty for all.
    pub source_channels: Vec<Named>,
    /// Stages of the task's opportunity, any of; empty for all.
    pub stages: Vec<String>,
    /// `person`, `round_robin` or `least_loaded`.
    #[schema(value_type = String)]
    pub method: Method,
    /// Whom it takes, in turn.
    pub people: Vec<RulePerson>,
    /// True when the regions or sources it asks for were all removed: it fits nothing until it is edited.
    pub is_void: bool,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// Order; the first that fits wins.
    pub position: i64,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for AssignmentRule {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A rule to be added or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AssignmentRuleDraft {
    /// `customer` or `task`; fixed after creation. Required.
    #[schema(value_type = Option<String>)]
    pub target: Given<RuleTarget>,
    /// What it is called, 1–50 characters. Required.
    pub name: Given<String>,
    /// Regions of the customer, by id or name.
    pub regions: Given<Vec<Choice>>,
    /// For customers: main sources, by id or name.
    pub source_channels: Given<Vec<Choice>>,
    /// For tasks: open stages of the opportunity, by key.
    pub stages: Given<Vec<String>>,
    /// `person`, `round_robin` or `least_loaded`. Required.
    #[schema(value_type = Option<String>)]
    pub method: Given<Method>,
    /// Whom it takes, in turn, 1–50; exactly one for `person`. Required.
    pub people: Given<Vec<i64>>,
    /// False for one that is not asked; true when left out.
    pub enabled: Given<bool>,
    /// Order, 0–9999; last when left out.
    pub position: Given<i64>,
}

impl AssignmentRuleDraft {
    /// The name, judged.
    pub fn name(&self) -> Given<String> {
        self.name.clone().and_then(|text| name::text(&text, 50))
    }

    /// The position, judged.
    pub fn position(&self) -> Given<i64> {
        self.position.clone().and_then(|position| {
            if (0..=9_999).contains(&position) { Ok(position) } else { Err(FieldCode::OutOfRange { min: "0".into(), max: "9999".into() }) }
        })
    }
}

/// A record that might come.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = AssignmentTrialDraft)]
pub struct TrialDraft {
    /// `customer` or `task`. Required.
    #[schema(value_type = Option<String>)]
    pub target: Given<RuleTarget>,
    /// The customer's region, by id or name.
    pub region: Given<Choice>,
    /// The customer's main source, by id or name.
    pub source_channel: Given<Choice>,
    /// The stage of the task's opportunity.
    pub stage: Given<String>,
}

/// Which rule would take it (试算).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AssignmentTrial)]
pub struct Trial {
    /// The rule; null when it would stay with whoever enters it.
    pub rule: Option<Named>,
    /// Who would get it now.
    pub person: Option<Named>,
    /// Every rule in its order, and what was found of it.
    pub steps: Vec<Step>,
}

/// What was found of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AssignmentStep)]
pub struct Step {
    /// The rule.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `takes`, `off`, `no_match`, `nobody`, `not_asked`.
    #[schema(value_type = String)]
    pub outcome: StepOutcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    // S65: everybody in turn; who is away is passed over and does not lose the place.
    #[test]
    fn the_turn_goes_round() {
        let order = [3, 1, 2];
        assert_eq!(next_in_turn(&order, &order, 0), Some(3));
        assert_eq!(next_in_turn(&order, &order, 3), Some(1));
        assert_eq!(next_in_turn(&order, &order, 2), Some(3));
        assert_eq!(next_in_turn(&order, &[3, 2], 3), Some(2));
        assert_eq!(next_in_turn(&order, &[1], 1), Some(1));
        assert_eq!(next_in_turn(&order, &[1, 2], 9), Some(1));
        assert_eq!(next_in_turn(&[], &[], 1), None);
    }

    #[test]
    fn who_has_the_least_is_next() {
        let loads = |loads: [(i64, bool); 3]| move |id: i64| Load { counted: loads[id as usize - 1].0, or_more: loads[id as usize - 1].1 };
        assert_eq!(least_loaded(&[1, 2, 3], loads([(4, false), (1, false), (1, false)])), Some(2));
        assert_eq!(least_loaded(&[1, 2, 3], loads([(10, true), (9, false), (10, true)])), Some(2));
        assert_eq!(least_loaded(&[1, 2, 3], loads([(10, true), (10, false), (10, true)])), None);
        assert_eq!(least_loaded(&[], loads([(0, false); 3])), None);
    }

    #[test]
    fn a_rule_whose_values_are_gone_fits_nothing() {
        let mut asked = Conditions { regions: Some(vec![1, 2]), ..Conditions::default() };
        let case = Case { region_id: Some(7), ..Case::default() };
        assert!(!asked.fit(&case));
        asked.follow(&[(1, 1), (2, 7)]);
        assert!(asked.fit(&case));
        assert!(!asked.are_void());
        asked.follow(&[]);
        assert!(!asked.fit(&case) && asked.are_void());
        assert!(Conditions::default().fit(&Case::default()));
    }
}
