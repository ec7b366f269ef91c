//! The reminders of a plan: one a day ahead, once (S45, S46), and up to three its owner asked for (I13).
//!
//! Each is a line of the ledger and a job, kept in the transaction of the plan; the job knows the start it was kept for. When it
//! runs, it looks whether the plan still stands at that start; a moved, done or cancelled plan ends it silently. The message's key
//! makes it one per plan, start and recipient, whoever sends it. In quiet hours it waits for their end, but never past the start.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Notice as Ahead, PlanRow, PlanStatus, remind_at};
use super::own_reminders::{OwnReminders, ahead_in_words};
use super::store;
use crate::channels::{self, ledger};
use crate::error::Result;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::jobs::{self, Job};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// A reminder that runs later than this after it was due is marked 补发, in ms.
const PUNCTUAL_MS: i64 = 60_000;

/// Reminds the owner of a plan, if it still starts at `starts_at`.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindPlan {
    plan: i64,
    starts_at: Instant,
    /// For a reminder the owner asked for: so many minutes ahead.
    #[serde(default)]
    minutes: Option<i64>,
    /// The end of the quiet hours it waited for.
    #[serde(default)]
    put_off_to: Option<Instant>,
}

impl RemindPlan {
    /// Which plan.
    pub fn plan(&self) -> i64 {
        self.plan
    }
}

impl Job for RemindPlan {
    const KIND: &'static str = "remind_plan";

    fn run(self, work: &mut Work) -> Result<()> {
        store::lock_plan(work, self.plan)?;
        let Some(plan) = store::plan(work, self.plan)? else { return over(work, self.plan, "gone") };
        let asked_for = self.minutes.is_none_or(|minutes| plan.own_reminders.minutes().contains(&minutes));
        let stands = plan.status == PlanStatus::Planned && plan.starts_at == self.starts_at && asked_for;
        if !stands {
            return Ok(());
        }
        if plan.ends_at <= work.now() {
            return ledger::skip(work, &key(&plan, self.minutes), "over");
        }
        let due_at = match (self.put_off_to, self.minutes) {
            (Some(end), _) => end,
            (None, Some(minutes)) => OwnReminders::due(plan.starts_at, minutes),
            (None, None) => plan.remind_at,
        };
        if self.put_off_to.is_none() && put_off(work, &plan, self.minutes)? {
            return Ok(());
        }
        let late = work.now().ms_since(due_at) > PUNCTUAL_MS;
        // Put off or not, less than a day ahead is less than a day ahead.
        let ahead = if plan.remind_at > plan.starts_at.one_day_before(work.zone()) { Ahead::Short } else { Ahead::DayAhead };
        match self.minutes {
            None => send(work, &plan, ahead, late, due_at),
            Some(minutes) => send_own(work, &plan, minutes, late, due_at),
        }
    }
}

fn key(plan: &PlanRow, minutes: Option<i64>) -> String {
    let own = minutes.map(|minutes| format!(" own {minutes}")).unwrap_or_default();
    format!("plan {} {} {}{own} in_app", plan.id, plan.starts_at.ms(), plan.owner_id)
}

/// A new or moved plan: the reminder a day ahead, or at once, and those its owner asked for.
pub fn keep_all(work: &mut Work, plan: &PlanRow, ahead: Ahead) -> Result<()> {
    match ahead {
        Ahead::DayAhead => {
            note(work, plan, None, plan.remind_at)?;
            keep(work, plan, None, plan.remind_at, None)?;
        }
        Ahead::Short => {
            note(work, plan, None, work.now())?;
            if !put_off(work, plan, None)? {
                let due_at = work.now();
                send(work, plan, Ahead::Short, false, due_at)?;
            }
        }
    }
    keep_own(work, plan)
}

/// A plan that changed hands: what is to come finds the new owner; what has come already is told at once.
pub fn pass_on(work: &mut Work, plan: &PlanRow) -> Result<()> {
    let now = work.now();
    if plan.remind_at > now {
        note(work, plan, None, plan.remind_at)?;
    } else if plan.starts_at >= now {
        let (_, ahead) = remind_at(plan.starts_at, now, work.zone());
        note(work, plan, None, now)?;
        if !put_off(work, plan, None)? {
            send(work, plan, ahead, false, now)?;
        }
    }
    keep_own(work, plan)
}

/// The reminders the owner asked for; one whose time has passed already is not sent.
pub fn keep_own(work: &mut Work, plan: &PlanRow) -> Result<()> {
    ledger::clear_own(work, plan.id)?;
    for &minutes in plan.own_reminders.minutes() {
        let due_at = OwnReminders::due(plan.starts_at, minutes);
        note(work, plan, Some(minutes), due_at)?;
        if due_at <= work.now() {
            ledger::skip(work, &key(plan, Some(minutes)), "past")?;
        } else {
            keep(work, plan, Some(minutes), due_at, None)?;
        }
    }
    Ok(())
}

/// Nothing more is said about a plan: moved, called off, done, gone.
pub fn over(work: &mut Work, plan_id: i64, reason: &str) -> Result<()> {
    ledger::cancel(work, ("plan", plan_id), reason)
}

fn keep(work: &mut Work, plan: &PlanRow, minutes: Option<i64>, at: Instant, put_off_to: Option<Instant>) -> Result<()> {
    jobs::enqueue(work, at, &RemindPlan { plan: plan.id, starts_at: plan.starts_at, minutes, put_off_to })
}

fn note(work: &mut Work, plan: &PlanRow, minutes: Option<i64>, due_at: Instant) -> Result<()> {
    let kind = if minutes.is_some() { NoticeKind::PlanOwnReminder } else { NoticeKind::PlanReminder };
    let (link, key) = (plan.parent().link(), key(plan, minutes));
    ledger::plan(
        work,
        &ledger::Planned { kind: kind.word(), about: ("plan", plan.id), user_id: plan.owner_id, due_at, link: &link, key: &key },
    )
}

/// True when the owner's quiet hours hold the reminder back: to their end, but never past the start.
fn put_off(work: &mut Work, plan: &PlanRow, minutes: Option<i64>) -> Result<bool> {
    let Some(end) = channels::quiet_until(work, plan.owner_id)? else { return Ok(false) };
    let until = end.min(plan.starts_at);
    if until <= work.now() {
        return Ok(false);
    }
    ledger::delay(work, &key(plan, minutes), until)?;
    keep(work, plan, minutes, until, Some(until))?;
    Ok(true)
}

/// Reminds the owner now, unless he was reminded of this start before.
fn send(work: &mut Work, plan: &PlanRow, ahead: Ahead, late: bool, due_at: Instant) -> Result<()> {
    let mut detail = words(work, plan)?;
    detail["mark"] = match ahead {
        Ahead::DayAhead => json!(""),
        Ahead::Short => json!({ "zh": "（不足1天）", "en": " (less than a day ahead)" }),
    };
    told(work, plan, NoticeKind::PlanReminder, detail, key(plan, None), late, due_at)
}

fn send_own(work: &mut Work, plan: &PlanRow, minutes: i64, late: bool, due_at: Instant) -> Result<()> {
    let mut detail = words(work, plan)?;
    let (zh, en) = ahead_in_words(minutes);
    detail["ahead"] = json!({ "zh": zh, "en": en });
    told(work, plan, NoticeKind::PlanOwnReminder, detail, key(plan, Some(minutes)), late, due_at)
}

fn told(work: &mut Work, plan: &PlanRow, kind: NoticeKind, detail: Value, key: String, late: bool, due_at: Instant) -> Result<()> {
    let mut notice = Notice::new(plan.owner_id, kind, detail, plan.parent().link());
    notice.late = late;
    notice.about = ("plan", plan.id);
    notice.due_at = Some(due_at);
    // It has waited for the end of the quiet hours already, as far as the start allows.
    notice.latest = Some(plan.starts_at.min(work.now()));
    notice.dedupe_key = Some(key);
    notifications::send(work, &notice)?;
    Ok(())
}

/// What every message about a plan says: customer, opportunity, start, method, content (S45).
pub fn words(work: &mut Work, plan: &PlanRow) -> Result<Value> {
    let method = settings::choose_key(work, Kind::FollowUpMethod, &plan.method, Some(&plan.method))?;
    let (day, time) = work.zone().wall(plan.starts_at);
    let opportunity = match &plan.opportunity_name {
        Some(name) => json!({ "zh": format!("（{name}）"), "en": format!(" ({name})") }),
        None => json!(""),
    };
    Ok(json!({
        "plan_id": plan.id,
        "customer": plan.customer_name,
        "opportunity": opportunity,
        "starts": format!("{day} {}", time.strftime("%H:%M")),
        "method": method.map_or_else(|_| plan.method.clone(), |entry| entry.name),
        "content": plan.content,
    }))
}
