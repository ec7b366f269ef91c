//! The figures of somebody's day, week or month, taken from the records.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Period, ReportKind};
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::sql;
use crate::platform::types::{Day, Instant, Money};
use crate::platform::work::Work;
use crate::row;
use crate::settings::holidays;

/// Plans that are written out.
const PLANS_SHOWN: i64 = 10;

row! {
    /// A follow-up that is planned next.
    #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
    pub struct PlanAhead {
        /// Id; 0 in reports from before it was kept.
        #[serde(default)]
        pub id: i64 = "p.id",
        /// When it begins.
        pub starts_at: Instant = "p.starts_at",
        /// With whom.
        pub customer_name: String = "c.name",
        /// What about.
        pub content: String = "p.content",
    }
}

/// What somebody has done in the days of a report, in figures (I35).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkFigures {
    /// The moment the figures are true for.
    pub as_of: Instant,
    /// Follow-up records of contacts in these days.
    pub follow_ups: i64,
    /// Customers of one's own that were entered.
    pub customers_new: i64,
    /// Opportunities of one's own that were entered.
    pub opportunities_new: i64,
    /// Opportunities that one moved to another stage, each counted once.
    pub opportunities_moved: i64,
    /// Opportunities that one won.
    pub opportunities_won: i64,
    /// What they brought.
    pub won_amount: Money,
    /// Tasks that one had and that were done.
    pub tasks_done: i64,
    /// Open tasks that were overdue at that moment.
    pub tasks_overdue: i64,
    /// Follow-ups planned for the time after these days: the next working day, week or month.
    pub plans_ahead: i64,
    /// The first ten of them.
    pub next_plans: Vec<PlanAhead>,
}

/// The caller's own figures.
pub fn own(work: &mut Work, kind: ReportKind, period: Period) -> Result<WorkFigures> {
    let (opportunities_won, won_amount) = won(work, period)?;
    let ahead = ahead(work, kind, period)?;
    let (plans_ahead, next_plans) = plans(work, ahead)?;
    Ok(WorkFigures {
        as_of: work.now(),
        follow_ups: within(
            work,
            "-- unscoped: what the caller has written\n select count(*) from follow_ups where author_id = $1 and contacted_at >= $2 and contacted_at <= $3",
            period,
        )?,
        customers_new: within(
            work,
            "-- unscoped: the caller's own\n select count(*) from customers where owner_id = $1 and created_at >= $2 and created_at <= $3 and deleted_at is null",
            period,
        )?,
        opportunities_new: within(
            work,
            "-- unscoped: the caller's own\n select count(*) from opportunities where owner_id = $1 and created_at >= $2 and created_at <= $3 and deleted_at is null",
            period,
        )?,
        opportunities_moved: within(
            work,
            "select count(distinct opportunity_id) from stage_changes where by_id = $1 and at >= $2 and at <= $3 and from_stage is not null",
            period,
        )?,
        opportunities_won,
        won_amount,
        tasks_done: tasks_done(work, period)?,
        tasks_overdue: tasks_overdue(work)?,
        plans_ahead,
        next_plans,
    })
}

/// A count of what is the caller's between the first and the last moment of the days.
fn within(work: &mut Work, text: &'static str, period: Period) -> Result<i64> {
    let (me, zone) = (work.actor.user_id, work.zone().clone());
    sql(text).bind(me).bind(Instant::start_of(period.first, &zone)).bind(Instant::end_of(period.last, &zone)).one(work)
}

fn won(work: &mut Work, period: Period) -> Result<(i64, Money)> {
    let me = work.actor.user_id;
    let (count, sum): (i64, Option<Money>) = sql("-- unscoped: what somebody has won stays his or her own figure (I21)
         select count(*), cast(sum(won_amount) as bigint) from opportunities
         where deleted_at is null and status = 'won' and won_by = $1 and won_on >= $2 and won_on <= $3")
    .bind(me)
    .bind(period.first)
    .bind(period.last)
    .one(work)?;
    Ok((count, sum.unwrap_or(Money::ZERO)))
}

fn tasks_done(work: &mut Work, period: Period) -> Result<i64> {
    let me = work.actor.user_id;
    sql("-- unscoped: the caller's own tasks
         select count(*) from tasks where assignee_id = $1 and done_on >= $2 and done_on <= $3 and status = 'done'")
    .bind(me)
    .bind(period.first)
    .bind(period.last)
    .one(work)
}

fn tasks_overdue(work: &mut Work) -> Result<i64> {
    let (me, today) = (work.actor.user_id, work.today());
    sql("-- unscoped: the caller's own tasks\n select count(*) from tasks where assignee_id = $1 and is_open and due_on < $2")
        .bind(me)
        .bind(today)
        .one(work)
}

/// The days that a report looks ahead to.
fn ahead(work: &mut Work, kind: ReportKind, period: Period) -> Result<Period> {
    let next: Day = period.last.add_days(1);
    Ok(match kind {
        ReportKind::Daily => Period { first: next, last: holidays::workdays_after(work, period.last, 1)? },
        ReportKind::Weekly | ReportKind::Monthly => kind.around(next),
    })
}

/// Leaves out the plans that the reader may not see: what was sent is read by somebody with other eyes (S3).
pub fn keep_visible(work: &mut Work, figures: &mut WorkFigures) -> Result<()> {
    let ids: Vec<i64> = figures.next_plans.iter().map(|plan| plan.id).collect();
    let visible = scope::visible(work, Owned::Plans, &ids)?;
    figures.next_plans.retain(|plan| visible.contains(&plan.id));
    Ok(())
}

fn plans(work: &mut Work, ahead: Period) -> Result<(i64, Vec<PlanAhead>)> {
    let (me, zone) = (work.actor.user_id, work.zone().clone());
    let (from, to) = (Instant::start_of(ahead.first, &zone), Instant::end_of(ahead.last, &zone));
    // A plan stays its owner's when the customer is taken out of his sight: then he no longer reads it.
    let visible = scope::predicate(work, Owned::Plans, Right::Read);
    let count = sql(
        "select count(*) from follow_up_plans p join customers c on c.id = p.customer_id
         where p.owner_id = $1 and p.starts_at >= $2 and p.starts_at <= $3 and p.status = 'planned' and c.deleted_at is null and {visible}",
    )
    .bind(me)
    .bind(from)
    .bind(to)
    .part("visible", &visible)
    .one(work)?;
    let first = sql("select {columns} from follow_up_plans p join customers c on c.id = p.customer_id
         where p.owner_id = $1 and p.starts_at >= $2 and p.starts_at <= $3 and p.status = 'planned' and c.deleted_at is null and {visible}
         order by p.starts_at, p.id limit $4")
    .bind(me)
    .bind(from)
    .bind(to)
    .bind(PLANS_SHOWN)
    .part("visible", &visible)
    .all(work)?;
    Ok((count, first))
}
