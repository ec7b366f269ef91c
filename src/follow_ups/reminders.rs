//! The reminder of a plan, a day ahead, once (S45, S46).
//!
//! Its job is kept in the transaction of the plan and knows the start it was kept for. When it runs, it looks whether the plan
//! still stands at that start; a moved, done or cancelled plan ends it silently. The message's key makes it one per plan, start
//! and recipient, whoever sends it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Notice as Ahead, PlanRow, PlanStatus};
use super::store;
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
        let Some(plan) = store::plan(work, self.plan)? else { return Ok(()) };
        let stands = plan.status == PlanStatus::Planned && plan.starts_at == self.starts_at;
        if !stands || plan.ends_at <= work.now() {
            return Ok(());
        }
        let late = work.now().ms_since(plan.remind_at) > PUNCTUAL_MS;
        send(work, &plan, Ahead::DayAhead, late)
    }
}

/// Keeps the reminder for its time.
pub fn keep(work: &mut Work, plan: &PlanRow) -> Result<()> {
    jobs::enqueue(work, plan.remind_at, &RemindPlan { plan: plan.id, starts_at: plan.starts_at })
}

/// Reminds the owner now, unless he was reminded of this start before.
pub fn send(work: &mut Work, plan: &PlanRow, ahead: Ahead, late: bool) -> Result<()> {
    let mut detail = words(work, plan)?;
    detail["mark"] = match ahead {
        Ahead::DayAhead => json!(""),
        Ahead::Short => json!({ "zh": "（不足1天）", "en": " (less than a day ahead)" }),
    };
    let mut notice = Notice::new(plan.owner_id, NoticeKind::PlanReminder, detail, plan.parent().link());
    notice.late = late;
    notice.dedupe_key = Some(format!("plan {} {} {} in_app", plan.id, plan.starts_at.ms(), plan.owner_id));
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
