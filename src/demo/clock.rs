//! The demonstration's clock: it starts at `--now`, is kept across restarts and only ever moves forward.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::identity::sessions;
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::live::Push;
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;

/// The clock is moved at most so far at once, ms: 400 days.
const FARTHEST_MS: i64 = 400 * 86_400_000;

/// A process that is killed loses at most so much of the demonstration's time.
const KEPT_EVERY: Duration = Duration::from_secs(30);

const EARLIER: FieldCode =
    FieldCode::Rule { code: "NOT_EARLIER", zh: "时钟只能向前拨，不能早于当前时间", en: "The clock only moves forward" };

const TOO_FAR: FieldCode = FieldCode::Rule { code: "TOO_FAR", zh: "一次最多向前拨 400 天", en: "At most 400 days ahead at once" };

/// Sets the clock when a demonstration starts: it goes on where it stood, or at `--now` when that is later.
pub async fn resume(app: &App) -> Result<()> {
    let wanted = app.config.start()?;
    let kept = app.system("demo clock", kept).await?;
    match (kept, wanted) {
        (Some(kept), Some(wanted)) if wanted < kept => {
            eprintln!("--now {wanted}: 演示时钟已走到 {kept}，不会倒退 / the demonstration's clock stands at {kept} and does not go back");
            app.clock.move_to(kept);
        }
        (_, Some(wanted)) => app.clock.move_to(wanted),
        (Some(kept), None) => app.clock.move_to(kept),
        (None, None) => {}
    }
    Ok(())
}

/// Writes down where the clock stands, once it goes its own way.
pub async fn keep(app: &App) -> Result<()> {
    if !app.clock.goes_its_own_way() {
        return Ok(());
    }
    app.system("demo clock", |work| {
        let now = work.now().ms().to_string();
        sql("insert into parameters (key, value) values ('demo_clock', $1) on conflict (key) do update set value = $1").bind(now).run(work)
    })
    .await
    .map(|_| ())
}

/// Keeps writing it down while the product runs.
pub async fn watch(app: App) {
    loop {
        tokio::time::sleep(KEPT_EVERY).await;
        if let Err(error) = keep(&app).await {
            tracing::warn!(%error, "the demonstration's clock");
        }
    }
}

fn kept(work: &mut Work) -> Result<Option<Instant>> {
    let text: Option<String> = sql("select value from parameters where key = 'demo_clock'").maybe(work)?;
    Ok(text.and_then(|ms| ms.parse().ok()).map(Instant::from_ms))
}

/// Where the clock shall stand.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DemoClock)]
pub struct Move {
    /// The new time: not earlier than it is, at most 400 days ahead. Required.
    pub now: Given<Instant>,
    /// True carries everybody's session over; otherwise sessions age by the jump.
    pub keep_sessions: Given<bool>,
}

/// Where it stands now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DemoClockMoved)]
pub struct Moved {
    /// The time it shows.
    pub now: Instant,
    /// How many jobs fell due on the way and were done.
    pub jobs_run: u64,
}

/// Judges a move and carries sessions over when asked to: before the clock moves, so that none ends on the way.
pub fn begin(work: &mut Work, wanted: &Move) -> Result<Instant> {
    let now = work.now();
    let mut fields = Fields::default();
    let keep_sessions = wanted.keep_sessions.clone().optional("keep_sessions", &mut fields).unwrap_or(false);
    let target = wanted
        .now
        .clone()
        .and_then(|target| judge(target, now))
        .required("now", &mut fields)
        .ok_or_else(|| Error::Invalid(fields.clone()))?;
    fields.into_result()?;
    if keep_sessions {
        sessions::carry_over(work, target.ms_since(now))?;
    }
    Ok(target)
}

fn judge(target: Instant, now: Instant) -> Result<Instant, FieldCode> {
    match target.ms_since(now) {
        ..0 => Err(EARLIER),
        0..=FARTHEST_MS => Ok(target),
        _ => Err(TOO_FAR),
    }
}

/// Moves the clock from due job to due job and tells open pages to look again.
pub async fn advance(app: &App, target: Instant) -> Result<Moved> {
    let jobs_run = app.runner.advance(target).await?;
    keep(app).await?;
    app.live.send(vec![Push::Resync]);
    Ok(Moved { now: app.clock.now(), jobs_run })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_forward_and_not_too_far() {
        let now = Instant::from_ms(1_710_723_600_000);
        assert_eq!(judge(now, now), Ok(now));
        assert_eq!(judge(now.plus_ms(-1), now), Err(EARLIER));
        assert!(judge(now.plus_ms(FARTHEST_MS), now).is_ok());
        assert_eq!(judge(now.plus_ms(FARTHEST_MS + 1), now), Err(TOO_FAR));
    }
}
