use super::model::{MOST, PlanSlot, TaskDay};
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::{Day, Instant};
use crate::platform::work::{Reach, Work};

/// True for oneself and for whoever is within one's reach.
pub fn may_look_at(work: &mut Work, person: i64) -> Result<bool> {
    if person == work.actor.user_id {
        return Ok(true);
    }
    let found: Option<i64> = match work.actor.reach.clone() {
        Reach::Own => None,
        Reach::All => sql("select id from users where id = $1").bind(person).maybe(work)?,
        Reach::Teams(teams) => {
            let among = any_of("m.team_id", teams.into_iter().map(Value::Int).collect());
            sql("select m.user_id from team_members m where m.user_id = $1 and {among} limit 1")
                .bind(person)
                .part("among", &among)
                .maybe(work)?
        }
    };
    Ok(found.is_some())
}

/// The plans of a person that begin between two moments and that the reader may see, one more than shown at most.
pub fn plans(work: &mut Work, person: i64, from: Instant, to: Instant) -> Result<Vec<PlanSlot>> {
    let visible = scope::predicate(work, Owned::Plans, Right::Read);
    sql(format!(
        "select {{columns}} from follow_up_plans p join customers c on c.id = p.customer_id left join opportunities o on o.id = p.opportunity_id
         where p.owner_id = $1 and p.starts_at >= $2 and p.starts_at <= $3 and p.status <> 'cancelled' and {{visible}}
         order by p.starts_at, p.id limit {}",
        MOST + 1
    ))
    .bind(person)
    .bind(from)
    .bind(to)
    .part("visible", &visible)
    .all(work)
}

/// The tasks of a person that are due between two days and that the reader may see, one more than shown at most.
pub fn tasks(work: &mut Work, person: i64, from: Day, to: Day) -> Result<Vec<TaskDay>> {
    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    sql(format!(
        "select {{columns}} from tasks t left join customers c on c.id = t.customer_id left join opportunities o on o.id = t.opportunity_id
         where t.assignee_id = $1 and t.due_on >= $2 and t.due_on <= $3 and t.status <> 'cancelled' and {{visible}}
         order by t.due_on, t.id limit {}",
        MOST + 1
    ))
    .bind(person)
    .bind(from)
    .bind(to)
    .part("visible", &visible)
    .all(work)
}
