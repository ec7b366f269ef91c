//! When an opportunity first reached each stage. The stage log tells it, too; it is kept beside the opportunity because a funnel asks
//! all of them at once (I18). `doctor` compares the two.

use crate::error::{Error, Result};
use crate::platform::db::sql;
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

/// Stages on the way to the deal that there is room for.
const PLACES: usize = 8;
const COLUMNS: [&str; PLACES] =
    ["o.reached_1", "o.reached_2", "o.reached_3", "o.reached_4", "o.reached_5", "o.reached_6", "o.reached_7", "o.reached_8"];

/// The moment of each place, 0 for one not reached; and the latest of them.
pub struct Reached {
    pub at: [i64; PLACES],
    pub last: i64,
}

/// The place of an open or won stage on the way to the deal, from 1.
pub fn place(stages: &[Stage], key: &str) -> Option<usize> {
    let found = stages.iter().filter(|stage| stage.kind != StageKind::Lost).position(|stage| stage.key == key)?;
    (found < PLACES).then_some(found + 1)
}

/// The column of `opportunities o` with the moment of a place; 0 stands for never.
pub fn column(place: usize) -> Result<&'static str> {
    COLUMNS.get(place.wrapping_sub(1)).copied().ok_or_else(|| Error::internal(format!("no room for stage {place}")))
}

/// Whoever stands at a stage has reached those before it: 0 for a lost one.
pub fn place_of(work: &mut Work, stage: &Stage) -> Result<i64> {
    Ok(place(&settings::stages(work)?, &stage.key).map_or(0, |place| place as i64))
}

/// What a log says: moments and the stages entered then.
pub fn of_log(stages: &[Stage], log: &[(Instant, String)]) -> Reached {
    let mut at = [0; PLACES];
    for (moment, key) in log {
        for reached in at.iter_mut().take(place(stages, key).unwrap_or(0)) {
            if *reached == 0 || moment.ms() < *reached {
                *reached = moment.ms();
            }
        }
    }
    Reached { last: at.into_iter().max().unwrap_or(0), at }
}

/// Keeps what the log says after its moments were set by hand.
pub fn keep(work: &mut Work, id: i64) -> Result<()> {
    let log: Vec<(Instant, String)> =
        sql("select at, to_stage from stage_changes where opportunity_id = $1 order by id limit 10000").bind(id).all(work)?;
    let Reached { at, last } = of_log(&settings::stages(work)?, &log);
    sql("-- unscoped: the opportunity was entered a moment ago
         update opportunities set reached_1 = $2, reached_2 = $3, reached_3 = $4, reached_4 = $5, reached_5 = $6, reached_6 = $7,
            reached_7 = $8, reached_8 = $9, last_reached_at = $10 where id = $1")
    .bind(id)
    .binds(at.map(Into::into))
    .bind(last)
    .run(work)?;
    Ok(())
}
