//! 工作台: what waits for the person who asks, today, and how far the quarter's target is reached.
//!
//! Every list is a page of the room it comes from, asked for one's own records, so its number and its rows are those of the list
//! behind it (I29).

mod api;
pub mod model;
mod store;

pub use api::routes;
pub use model::MyDay;

use crate::customers::{self, CustomerFilter, CustomerRow};
use crate::error::Result;
use crate::follow_ups::{self, Plan, PlanFilter};
use crate::opportunities::{self, Opportunity, OpportunityFilter};
use crate::platform::db::Predicate;
use crate::platform::http::{Many, One};
use crate::platform::page::{Page, Sort, Turn};
use crate::platform::types::Money;
use crate::platform::work::Work;
use crate::settings::{self, model::TargetOwner};
use crate::tasks::{self, Task};
use model::{GreetingCounts, Quarter, TargetProgress};

/// Rows of each list at most.
const MOST: i64 = 10;
/// A customer is silent after so many days without contact (I15).
const SILENT_DAYS: i64 = 14;
/// An opportunity closes soon when it is expected within so many days.
const SOON_DAYS: i64 = 7;

/// The day of the person who asks.
pub fn of_caller(work: &mut Work) -> Result<MyDay> {
    let (me, today) = (work.actor.user_id, work.today());
    let overdue = own_tasks(work, Predicate::new("t.due_on < $1", vec![today.into()]))?;
    let due_today = own_tasks(work, Predicate::new("t.due_on = $1", vec![today.into()]))?;
    let plans = plans_today(work)?;
    let own_open =
        || OpportunityFilter { owner_id: one(me), status: one(opportunities::model::Status::Open), ..OpportunityFilter::default() };
    let without = OpportunityFilter { without_next_step: given(true), ..own_open() };
    let without = opportunities::page(work, without, &first("updated_at", "o.updated_at"))?;
    let closing = OpportunityFilter { close_from: given(today), close_to: given(today.add_days(SOON_DAYS)), ..own_open() };
    let closing: Page<Opportunity> = opportunities::page(work, closing, &first("expected_close_date", "o.expected_close_on"))?;
    let silent = CustomerFilter { owner_id: one(me), not_followed_up_days: given(SILENT_DAYS), ..CustomerFilter::default() };
    let silent: Page<CustomerRow> = customers::page(work, silent, &first("last_followed_up_at", "c.last_followed_up_at"))?;
    Ok(MyDay {
        date: today,
        greeting_counts: GreetingCounts {
            overdue: overdue.total,
            due_today: due_today.total,
            planned_today: plans.total,
            without_next_step: without.total,
        },
        overdue_tasks: overdue.items,
        due_today: due_today.items,
        plans_today: plans.items,
        without_next_step: without.items,
        silent_customers: silent.items,
        closing_soon: closing.items,
        target: target(work)?,
    })
}

fn own_tasks(work: &mut Work, due: Predicate) -> Result<Page<Task>> {
    let mine = Predicate::new("t.is_open and t.assignee_id = $1", vec![work.actor.user_id.into()]);
    tasks::list(work, vec![mine, due], &first("due_date", "t.due_on"))
}

fn plans_today(work: &mut Work) -> Result<Page<Plan>> {
    let today = follow_ups::model::Bound::Day(work.today());
    let filter = PlanFilter {
        owner_id: one(work.actor.user_id),
        status: one(follow_ups::model::PlanStatus::Planned),
        from: given(today),
        to: given(today),
        ..PlanFilter::default()
    };
    follow_ups::plans::page(work, filter, &first("starts_at", "p.starts_at"))
}

/// The quarter's target of the caller, what was won towards it and what is still open (I21).
fn target(work: &mut Work) -> Result<TargetProgress> {
    let (me, today) = (work.actor.user_id, work.today());
    let quarter = Quarter::of(today);
    let amount = settings::target_sum(work, TargetOwner::User, me, &quarter.months())?;
    let won = store::won_in(work, quarter)?;
    let stages = settings::stages(work)?;
    let chance = |key: &str| stages.iter().find(|stage| stage.key == key).map_or(0, |stage| stage.probability);
    let weighted: Money = store::open_by_stage(work)?.into_iter().map(|(stage, sum)| sum.weighted(chance(&stage))).sum();
    Ok(TargetProgress::new(today, amount, won, weighted))
}

fn first(name: &'static str, column: &'static str) -> Turn {
    Turn::first(Sort { name, column, descending: false }, MOST)
}

fn one<T>(value: T) -> Many<T> {
    Many(vec![Ok(value)])
}

fn given<T>(value: T) -> One<T> {
    One(Some(Ok(value)))
}
