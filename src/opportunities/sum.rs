//! What the opportunities of a list come to, for whoever asks: what a figure says, said again by the list behind it (I29).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::list::OpportunityFilter;
use super::store;
use crate::error::Result;
use crate::platform::types::Money;
use crate::platform::work::Work;
use crate::settings::{self, StageKind};

/// A list that counts no further is not summed either, so that asking stays cheap however much there is.
const MOST: i64 = 10_000;
/// Rows summed in one statement.
const LOT: usize = 1_000;

/// The sums of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpportunitySums {
    /// How many there are; 10,000 when there are more.
    pub count: i64,
    /// True when there are more: then nothing is summed.
    pub count_is_capped: bool,
    /// Σ expected amount of all.
    pub expected_amount: Option<Money>,
    /// Σ expected amount × chance of the stage, of the open ones.
    pub weighted_amount: Option<Money>,
    /// Σ won amount of those that are won.
    pub won_amount: Option<Money>,
}

/// The sums of the list of a filter, within the reader's scope.
pub fn sums(work: &mut Work, filter: OpportunityFilter) -> Result<OpportunitySums> {
    let ids = filter.list(work)?.ids(work, MOST + 1)?;
    if ids.len() as i64 > MOST {
        return Ok(OpportunitySums { count: MOST, count_is_capped: true, expected_amount: None, weighted_amount: None, won_amount: None });
    }
    let stages = settings::stages(work)?;
    let chance = |stage: &str| stages.iter().find(|one| one.key == stage && one.kind == StageKind::Open).map(|one| one.probability);
    let mut by_stage: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    for some in ids.chunks(LOT) {
        for (stage, expected, won) in store::sums_by_stage(work, some)? {
            let (all_expected, all_won) = by_stage.entry(stage).or_insert((Money::ZERO, Money::ZERO));
            *all_expected = *all_expected + expected;
            *all_won = *all_won + won;
        }
    }
    // Each stage is rounded once, as in the reports.
    let weighted = by_stage.iter().filter_map(|(stage, (expected, _))| chance(stage).map(|chance| expected.weighted(chance))).sum();
    Ok(OpportunitySums {
        count: ids.len() as i64,
        count_is_capped: false,
        expected_amount: Some(by_stage.values().map(|(expected, _)| *expected).sum()),
        weighted_amount: Some(weighted),
        won_amount: Some(by_stage.values().map(|(_, won)| *won).sum()),
    })
}
