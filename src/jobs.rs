//! Every kind of job and every schedule, on one page.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;
use crate::exchange::{exports, imports};
use crate::follow_ups::RemindPlan;
use crate::identity::{sessions, throttle};
use crate::platform::idempotency;
use crate::platform::jobs::{self, Job, Register};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::tasks::overdue;

/// Every kind of job.
pub fn register() -> Register {
    Register::default()
        .with::<CleanUp>()
        .with::<RemindPlan>()
        .with::<RemindOverdue>()
        .with::<imports::ImportRows>()
        .with::<imports::UndoRows>()
}

/// Puts every schedule into the queue, once however many processes start.
pub async fn schedule(app: &App) -> Result<()> {
    app.system("schedule", |work| {
        exports::resume(work)?;
        CleanUp::next(work)?;
        RemindOverdue::next(work)
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

/// The next time the business clock shows `hour:minute`.
fn next_at(work: &Work, hour: i8, minute: i8) -> Instant {
    let today = work.today();
    let at = Instant::at(today, hour, minute, work.zone());
    if at > work.now() { at } else { Instant::at(today.add_days(1), hour, minute, work.zone()) }
}
