//! What the morning messages are made of.

use crate::error::Result;
use crate::platform::db::sql;
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;
use crate::row;

const SETTINGS: &str = "reminder_settings";

pub fn settings(work: &mut Work) -> Result<Option<String>> {
    sql("select value from parameters where key = $1").bind(SETTINGS).maybe(work)
}

pub fn set_settings(work: &mut Work, text: &str) -> Result<()> {
    sql("insert into parameters (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value")
        .bind(SETTINGS)
        .bind(text)
        .run(work)?;
    Ok(())
}

/// Active people, in the order of their ids.
pub fn people(work: &mut Work, after: i64, limit: i64) -> Result<Vec<i64>> {
    sql("select id from users where id > $1 and status = 'active' order by id limit $2").bind(after).bind(limit).all(work)
}

/// A person's open tasks due by today: due day and content, the oldest first.
pub fn tasks_due(work: &mut Work, user_id: i64, today: Day) -> Result<Vec<(Day, String)>> {
    sql("-- unscoped: everybody's own tasks, told to nobody else
         select due_on, content from tasks where assignee_id = $1 and is_open and due_on <= $2 order by due_on, id limit 500")
    .bind(user_id)
    .bind(today)
    .all(work)
}

/// A person's plans of the day: start, customer, content.
pub fn plans_of_day(work: &mut Work, user_id: i64, from: Instant, to: Instant) -> Result<Vec<(Instant, String, String)>> {
    sql("-- unscoped: everybody's own plans, told to nobody else
         select p.starts_at, c.name, p.content from follow_up_plans p join customers c on c.id = p.customer_id
         where p.owner_id = $1 and p.status = 'planned' and p.starts_at >= $2 and p.starts_at <= $3 and c.deleted_at is null
         order by p.starts_at, p.id limit 100")
    .bind(user_id)
    .bind(from)
    .bind(to)
    .all(work)
}

row! {
    /// A customer nobody has spoken to for long.
    pub struct Silent {
        pub id: i64,
        pub name: String,
        pub number: String,
        pub owner_id: i64,
        pub last_contact_on: Day,
    }
}

/// Customers in work whose last contact lies in a span of days, behind the one seen last.
pub fn silent(work: &mut Work, from: Day, to: Day, behind: (&str, i64), limit: i64) -> Result<Vec<Silent>> {
    sql("-- unscoped: told to the owner of each
         select {columns} from customers where deleted_at is null and last_contact_on >= $1 and last_contact_on <= $2
           and (last_contact_on, id) > ($3, $4) and status in ('potential', 'active') and owner_id is not null
         order by last_contact_on, id limit $5")
    .bind(from)
    .bind(to)
    .bind(behind.0)
    .bind(behind.1)
    .bind(limit)
    .all(work)
}

row! {
    /// An open opportunity whose expected closing date has passed.
    pub struct Overdue {
        pub id: i64 = "o.id",
        pub name: String = "o.name",
        pub customer: String = "c.name",
        pub owner_id: i64 = "o.owner_id",
        pub expected_close_on: Day = "o.expected_close_on",
    }
}

pub fn close_overdue(work: &mut Work, from: Day, before: Day, behind: (&str, i64), limit: i64) -> Result<Vec<Overdue>> {
    sql("-- unscoped: told to the owner of each
         select {columns} from opportunities o join customers c on c.id = o.customer_id
         where o.deleted_at is null and o.expected_close_on >= $1 and o.expected_close_on < $2 and (o.expected_close_on, o.id) > ($3, $4)
           and o.status = 'open' and o.owner_id is not null order by o.expected_close_on, o.id limit $5")
    .bind(from)
    .bind(before)
    .bind(behind.0)
    .bind(behind.1)
    .bind(limit)
    .all(work)
}

row! {
    /// A person's sight of a customer that is about to end.
    pub struct Ending {
        pub id: i64 = "s.id",
        pub customer_id: i64 = "c.id",
        pub name: String = "c.name",
        pub number: String = "c.number",
        pub user_id: i64 = "s.grantee_key",
        pub ends_on: Day = "s.ends_on",
    }
}

pub fn shares_ending(work: &mut Work, from: Day, to: Day, behind: (&str, i64), limit: i64) -> Result<Vec<Ending>> {
    sql("-- unscoped: told to whoever the customer is shared with
         select {columns} from shares s join customers c on c.id = s.customer_id
         where s.ends_on < '9999-12-31' and s.ends_on >= $1 and s.ends_on <= $2 and (s.ends_on, s.id) > ($3, $4) and s.grantee_key > 0
           and c.deleted_at is null order by s.ends_on, s.id limit $5")
    .bind(from)
    .bind(to)
    .bind(behind.0)
    .bind(behind.1)
    .bind(limit)
    .all(work)
}
