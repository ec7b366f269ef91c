//! Every kind of job and every schedule, on one page.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::batches::{self, RunBatch};
use crate::channels;
use crate::customers::shares;
use crate::error::Result;
use crate::exchange::{exports, imports};
use crate::follow_ups::RemindPlan;
use crate::identity::{self, sessions, throttle};
use crate::morning::{daily, expiry, silence};
use crate::notices;
use crate::platform::idempotency;
use crate::platform::jobs::{self, Job, Register};
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;
use crate::reports;
use crate::stewardship;
use crate::subscriptions;
use crate::tasks::{self, overdue};
use crate::work_reports::missing;

/// Every kind of job.
pub fn register() -> Register {
    Register::default()
        .with::<CleanUp>()
        .with::<RemindPlan>()
        .with::<RemindOverdue>()
        .with::<notices::TellNotice>()
        .with::<EmptyBin>()
        .with::<RunBatch>()
        .with::<imports::ImportRows>()
        .with::<imports::UndoRows>()
        .with::<TellDay>()
        .with::<RemindSilence>()
        .with::<RemindExpiry>()
        .with::<RemindWorkReports>()
        .with::<KeepForecast>()
        .with::<subscriptions::FallDue>()
}

/// Puts every schedule into the queue, once however many processes start.
pub async fn schedule(app: &App) -> Result<()> {
    app.system("schedule", |work| {
        identity::fill_name_keys(work)?;
        exports::resume(work)?;
        imports::resume(work)?;
        CleanUp::next(work)?;
        RemindOverdue::next(work)?;
        EmptyBin::next(work)?;
        TellDay::next(work)?;
        RemindSilence::next(work)?;
        RemindExpiry::next(work)?;
        RemindWorkReports::next(work)?;
        KeepForecast::next(work)
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
        tasks::batch::forget_old(work)?;
        imports::forget_old(work)?;
        channels::forget_old(work)?;
        subscriptions::forget_old(work)?;
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

/// A daily look over many records, a few at a time so that nobody waits for it. `after` is the last one it has seen.
macro_rules! daily_look {
    ($(#[$meta:meta])* $name:ident = $kind:literal at $hour:expr, $minute:expr => $look:path) => {
        $(#[$meta])*
        #[derive(Serialize, Deserialize)]
        struct $name {
            #[serde(default)]
            after: String,
        }

        impl $name {
            fn next(work: &mut Work) -> Result<()> {
                let at = next_at(work, $hour, $minute);
                let first = $name { after: String::new() };
                jobs::enqueue_once(work, &format!("{} {}", Self::KIND, at.day_in(work.zone())), at, &first)
            }
        }

        impl Job for $name {
            const KIND: &'static str = $kind;

            fn run(self, work: &mut Work) -> Result<()> {
                match $look(work, &self.after)? {
                    Some(after) => jobs::enqueue(work, work.now(), &$name { after }),
                    None => $name::next(work),
                }
            }
        }
    };
}

daily_look! {
    /// On working days at 08:30: everybody's work of the day (I14).
    TellDay = "tell_day" at 8, 30 => daily::tell
}

daily_look! {
    /// Every day at 09:05: customers nobody has spoken to for long (I15).
    RemindSilence = "remind_silence" at 9, 5 => silence::remind
}

daily_look! {
    /// Every day at 09:10: closing dates that passed, shares that end (I16).
    RemindExpiry = "remind_expiry" at 9, 10 => expiry::remind
}

daily_look! {
    /// On working days at 18:00: whoever wants it hears that the daily report is missing (I35).
    RemindWorkReports = "remind_work_reports" at missing::HOUR, 0 => missing::remind
}

/// Every Monday at 00:05: the forecast as it stands (I27), some owners at a time.
#[derive(Serialize, Deserialize)]
struct KeepForecast {
    /// The day it is of, once begun.
    day: Option<Day>,
    /// The last owner whose sums were taken.
    after: Option<i64>,
}

impl KeepForecast {
    fn next(work: &mut Work) -> Result<()> {
        let mut at = next_at(work, 0, 5);
        let day = at.day_in(work.zone());
        if day.monday() != day {
            at = Instant::at(day.monday().add_days(7), 0, 5, work.zone());
        }
        let key = format!("{} {}", Self::KIND, at.day_in(work.zone()));
        jobs::enqueue_once(work, &key, at, &KeepForecast { day: None, after: None })
    }
}

impl Job for KeepForecast {
    const KIND: &'static str = "keep_forecast";

    fn run(self, work: &mut Work) -> Result<()> {
        let day = self.day.unwrap_or_else(|| work.today());
        match reports::keep_forecast(work, day, self.after)? {
            Some(after) => jobs::enqueue(work, work.now(), &KeepForecast { day: Some(day), after: Some(after) }),
            None => KeepForecast::next(work),
        }
    }
}

/// The next time the business clock shows `hour:minute`.
fn next_at(work: &Work, hour: i8, minute: i8) -> Instant {
    let today = work.today();
    let at = Instant::at(today, hour, minute, work.zone());
    if at > work.now() { at } else { Instant::at(today.add_days(1), hour, minute, work.zone()) }
}
