//! What the dates and the stage log of an opportunity tell: entered, won, lost, reached in a period (I18–I21).

use super::forecast::{self, ForecastClass};
use super::reached;
use crate::customers::list::any_or_none;
use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Value};
use crate::platform::http::{Many, One};
use crate::platform::page::any_of;
use crate::platform::types::{Day, FieldCode, Instant};
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

/// From and to, both included.
pub type Between = (One<Day>, One<Day>);

/// What is asked of the past of an opportunity.
pub struct Told {
    pub created: Between,
    pub won: Between,
    pub won_by: Many<i64>,
    pub won_team_id: Many<i64>,
    pub lost: Between,
    pub lost_reason: Many<String>,
    pub competitor: Many<String>,
    pub lost_stage: Many<String>,
    pub forecast_class: Many<ForecastClass>,
    pub reached: One<String>,
    pub reached_in: Between,
    pub also_reached: One<String>,
}

impl Told {
    /// The conditions on `opportunities o`.
    pub fn predicates(self, work: &mut Work) -> Result<Vec<Predicate>> {
        let mut all = Vec::new();
        let zone = work.zone().clone();
        moments(&mut all, "o.created_at", self.created.0.get("created_from")?, self.created.1.get("created_to")?, work);
        let (from, to) = (self.won.0.get("won_from")?, self.won.1.get("won_to")?);
        if from.is_some() || to.is_some() {
            all.push(Predicate::new("o.status = 'won'", Vec::new()));
        }
        all.extend(from.map(|day| Predicate::new("o.won_on >= $1", vec![day.into()])));
        all.extend(to.map(|day| Predicate::new("o.won_on <= $1", vec![day.into()])));
        all.extend(any_or_none("o.won_by", self.won_by.get("won_by")?));
        all.extend(any_or_none("o.won_team_id", self.won_team_id.get("won_team_id")?));
        let (from, to) = (self.lost.0.get("lost_from")?, self.lost.1.get("lost_to")?);
        if from.is_some() || to.is_some() {
            all.push(Predicate::new("o.status = 'lost'", Vec::new()));
            // The same rows: so the index of stages serves.
            let lost = settings::stages(work)?.into_iter().filter(|stage| stage.kind == StageKind::Lost);
            all.push(any_of("o.stage", lost.map(|stage| stage.key.into()).collect()));
        }
        // Nothing moves an opportunity within 输单: it was lost when it came to stand there.
        moments(&mut all, "o.entered_stage_at", from, to, work);
        all.extend(lost(self.lost_reason.get("lost_reason")?, self.competitor.get("competitor")?, self.lost_stage.get("lost_stage")?));
        let classes = self.forecast_class.get("forecast_class")?;
        if !classes.is_empty() {
            all.push(forecast::condition(work, &classes)?);
        }
        let stages = settings::stages(work)?;
        if work.looks_back() {
            all.extend(reached_by_log(work, &stages, (self.reached, self.reached_in, self.also_reached))?);
            return Ok(all);
        }
        let of_stage = |field: &str, key: &str| match reached::place(&stages, key) {
            Some(place) => reached::column(place),
            None => Err(Error::field(field, FieldCode::Unknown)),
        };
        let (from, to) = (self.reached_in.0.get("reached_from")?, self.reached_in.1.get("reached_to")?);
        if let Some(key) = self.reached.get("reached")? {
            let column = of_stage("reached", &key)?;
            // Nothing was reached before the first stage, nor after the last that was.
            if let Some(day) = from {
                let begin = Instant::start_of(day, &zone);
                all.push(Predicate::new("o.last_reached_at >= $1", vec![begin.into()]));
                all.push(Predicate::new(format!("{column} >= $1"), vec![begin.into()]));
            } else {
                all.push(Predicate::new(format!("{column} > 0"), Vec::new()));
            }
            if let Some(day) = to {
                let end = Instant::start_of(day.add_days(1), &zone);
                all.push(Predicate::new("o.reached_1 < $1", vec![end.into()]));
                all.push(Predicate::new(format!("{column} < $1"), vec![end.into()]));
            }
        }
        if let Some(key) = self.also_reached.get("also_reached")? {
            all.push(Predicate::new(format!("{} > 0", of_stage("also_reached", &key)?), Vec::new()));
        }
        Ok(all)
    }
}

/// What was reached, by the stage log: what is kept beside an opportunity is of now, not of a past moment.
fn reached_by_log(
    work: &Work,
    stages: &[Stage],
    (reached, reached_in, also_reached): (One<String>, Between, One<String>),
) -> Result<Vec<Predicate>> {
    let mut all = Vec::new();
    let way = |field: &str, key: &str| from_here(stages, key).ok_or_else(|| Error::field(field, FieldCode::Unknown));
    let (from, to) = (reached_in.0.get("reached_from")?, reached_in.1.get("reached_to")?);
    if let Some(key) = reached.get("reached")? {
        let end = to.map(|day| Instant::start_of(day.add_days(1), work.zone()));
        all.push(entered(way("reached", &key)?, end));
        if let Some(from) = from {
            let before = entered(way("reached", &key)?, Some(Instant::start_of(from, work.zone())));
            all.push(Predicate::new(format!("not {}", before.text), before.binds));
        }
    }
    if let Some(key) = also_reached.get("also_reached")? {
        all.push(entered(way("also_reached", &key)?, None));
    }
    Ok(all)
}

/// A stage and all later open or won ones; a stage that is neither leads nowhere.
fn from_here(stages: &[Stage], key: &str) -> Option<Vec<Value>> {
    let here = stages.iter().find(|stage| stage.key == key && stage.kind != StageKind::Lost)?;
    let later = stages.iter().filter(|stage| stage.kind != StageKind::Lost && stage.position >= here.position);
    Some(later.map(|stage| stage.key.as_str().into()).collect())
}

/// The log says that it entered one of these stages, before `end`.
fn entered(stages: Vec<Value>, end: Option<Instant>) -> Predicate {
    let mut conditions = vec![any_of("g.to_stage", stages)];
    conditions.extend(end.map(|at| Predicate::new("g.at < $1", vec![at.into()])));
    let all = Predicate::all(conditions);
    Predicate::new(format!("exists (select 1 from stage_changes g where g.opportunity_id = o.id and {})", all.text), all.binds)
}

/// The stage an opportunity `o` left when it was lost; null for one that never stood elsewhere.
pub const LOST_FROM: &str =
    "(select g.from_stage from stage_changes g where g.opportunity_id = o.id and g.to_stage = o.stage order by g.id desc limit 1)";
/// Whom an opportunity `o` was lost to.
pub const LOST_TO: &str = "coalesce(o.competitor, 'none')";
/// What stands for no stage at all, and for nobody.
const NONE: &str = "none";

fn lost(reasons: Vec<String>, competitors: Vec<String>, stages: Vec<String>) -> Vec<Predicate> {
    let mut all = Vec::new();
    if !reasons.is_empty() || !competitors.is_empty() || !stages.is_empty() {
        all.push(Predicate::new("o.status = 'lost'", Vec::new()));
    }
    if !reasons.is_empty() {
        all.push(any_of("o.lost_reason", reasons.into_iter().map(Value::from).collect()));
    }
    if !competitors.is_empty() {
        all.push(any_of(LOST_TO, competitors.into_iter().map(Value::from).collect()));
    }
    if !stages.is_empty() {
        all.push(any_of(&format!("coalesce({LOST_FROM}, '{NONE}')"), stages.into_iter().map(Value::from).collect()));
    }
    all
}

fn moments(all: &mut Vec<Predicate>, column: &str, from: Option<Day>, to: Option<Day>, work: &Work) {
    let zone = work.zone();
    all.extend(from.map(|day| Predicate::new(format!("{column} >= $1"), vec![Instant::start_of(day, zone).into()])));
    all.extend(to.map(|day| Predicate::new(format!("{column} < $1"), vec![Instant::start_of(day.add_days(1), zone).into()])));
}
