//! How sure a deal is: 承诺, 最佳, 储备; by the chance of its stage unless somebody says otherwise (I27).

use crate::error::Result;
use crate::platform::db::{Predicate, Value};
use crate::platform::page::any_of;
use crate::platform::work::Work;
use crate::settings::{self, StageKind};
use crate::words;

words! {
    /// How sure an open opportunity is to be won when it is expected to.
    pub enum ForecastClass {
        /// 承诺
        Commit = "commit",
        /// 最佳
        BestCase = "best_case",
        /// 储备
        Pipeline = "pipeline",
    }
}

impl ForecastClass {
    /// From this chance on a stage means 承诺.
    pub const COMMIT_FROM: i64 = 70;
    /// From this chance on a stage means 最佳.
    pub const BEST_CASE_FROM: i64 = 40;

    /// What a stage of this chance means by itself.
    pub fn of(probability: i64) -> ForecastClass {
        match probability {
            Self::COMMIT_FROM.. => ForecastClass::Commit,
            Self::BEST_CASE_FROM.. => ForecastClass::BestCase,
            _ => ForecastClass::Pipeline,
        }
    }

    /// What somebody said, or else what the stage means.
    pub fn read(own: &str, probability: i64) -> ForecastClass {
        ForecastClass::from_word(own).unwrap_or_else(|| ForecastClass::of(probability))
    }
}

/// The condition on `opportunities o`: open, and of one of these classes.
pub fn condition(work: &mut Work, classes: &[ForecastClass]) -> Result<Predicate> {
    let stages = settings::stages(work)?;
    let of_class = stages.iter().filter(|stage| stage.kind == StageKind::Open && classes.contains(&ForecastClass::of(stage.probability)));
    let keys: Vec<Value> = of_class.map(|stage| stage.key.as_str().into()).collect();
    let own = any_of("o.forecast_class", classes.iter().map(|class| class.word().into()).collect());
    let by_stage = Predicate::all([Predicate::new("o.forecast_class = ''", Vec::new()), any_of("o.stage", keys.clone())]);
    let either = if keys.is_empty() { own } else { Predicate::any([own, by_stage]) };
    Ok(Predicate::all([Predicate::new("o.status = 'open'", Vec::new()), either]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_the_stage_says_it_unless_somebody_does() {
        let all = [0, 39, 40, 69, 70, 100].map(ForecastClass::of);
        use ForecastClass::{BestCase, Commit, Pipeline};
        assert_eq!(all, [Pipeline, Pipeline, BestCase, BestCase, Commit, Commit]);
        assert_eq!(ForecastClass::read("commit", 10), Commit);
        assert_eq!(ForecastClass::read("", 10), Pipeline);
    }
}
