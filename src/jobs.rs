//! Every kind of job and every schedule, on one page.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::batches::{self, RunBatch};
use crate::customers::shares;
use crate::error::Result;
use crate::exchange::{exports, imports};
use crate::follow_ups::RemindPlan;
use crate::identity::{self, sessions, throttle};
use crate::platform::idempotency;
use crate::platform::jobs::{self, Job, Register};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::stewardship;
use crate::tasks::overdue;

/// Every kind of job.
pub fn register() -> Register {
    Register::default()
        .with::<CleanUp>()
        .with::<RemindPlan>()
        .with::<RemindOverdue>()
        .with::<EmptyBin>()
        .with::<RunBatch>()
        .with::<imports::ImportRows>()
        .with::<imports::UndoRows>()
}

/// Puts every schedule into the queue, once however many processes start.
pub async fn schedule(app: &App) -> Result<()> {
    app.system("schedule", |work| {
        identity::fill_name_keys(work)?;
        exports::resume(work)?;
        CleanUp::next(work)?;
        RemindOverdue::next(work)?;
        EmptyBin::next(work)
    })
    .await
}

/// Every night at 03:00: forget what has expired.
#[derive(Serialize, Deserialize)]
struct CleanUp {}

impl CleanUp {
    fn next(work: &mut Work) -> Result<()> {
        let at = next_at(work, 3, 0);
        jobs::enqueue_once(work, &format!("{} {}", Self::KIND, at.day_in(work.zone())), at, &CleanUp {})
    }
}

impl Job for CleanUp {
    const KIND: &'static str = "clean_up";

    fn run(self, work: &mut Work) -> Result<()> {
        sessions::forget_old(work)?;
        throttle::forget_old(work)?;
        idempotency::forget_old(work)?;
        batches::forget_old(work)?;
        imports::forget_old(work)?;
        CleanUp::next(work)
    }
}

/// Every morning at 09:00: tell of overdue tasks (I4).
#[derive(Serialize, Deserialize)]
struct RemindOverdue {}

impl RemindOverdue {
    fn next(work: &mut Work) -> Result<()> {
        let at = next_at(work, overdue::HOUR, 0);
        jobs::enqueue_once(work, &format!("{} {}", Self::KIND, at.day_in(work.zone())), at, &RemindOverdue {})
    }
}

impl Job for RemindOverdue {
    const KIND: &'static str = "remind_overdue_tasks";

    fn run(self, work: &mut Work) -> Result<()> {
        overdue::remind(work)?;
        RemindOverdue::next(work)
    }
}

/// Every night at 03:30: what has lain in the recycle bin for thirty days goes for good (I45), and sight that comes with work
/// takes the place of shares that ended yesterday.
#[derive(Serialize, Deserialize)]
struct EmptyBin {}

impl EmptyBin {
    fn next(work: &mut Work) -> Result<()> {
        let at = next_at(work, 3, 30);
        jobs::enqueue_once(work, &format!("{} {}", Self::KIND, at.day_in(work.zone())), at, &EmptyBin {})
    }
}

impl Job for EmptyBin {
    const KIND: &'static str = "empty_recycle_bin";

    fn run(self, work: &mut Work) -> Result<()> {
        if stewardship::purge_old(work)? {
            // Short transactions: nobody waits for the whole bin.
            let now = work.now();
            return jobs::enqueue(work, now, &EmptyBin {});
        }
        let yesterday = work.today().add_days(-1);
        shares::settle_ended(work, yesterday)?;
        EmptyBin::next(work)
    }
}

/// The next time the business clock shows `hour:minute`.
fn next_at(work: &Work, hour: i8, minute: i8) -> Instant {
    let today = work.today();
    let at = Instant::at(today, hour, minute, work.zone());
    if at > work.now() { at } else { Instant::at(today.add_days(1), hour, minute, work.zone()) }
}
