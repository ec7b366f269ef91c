//! What is looked through besides the lists of customers and opportunities.

use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::Day;
use crate::platform::work::Work;
use crate::row;

row! {
    /// A customer.
    pub struct CustomerRow {
        pub id: i64 = "c.id",
        pub name: String = "c.name",
        pub number: String = "c.number",
        pub contact_name: String = "c.contact_name",
        pub phone: String = "c.phone",
        pub owner_name: Option<String> = "u.name",
    }
}

row! {
    /// An opportunity.
    pub struct OpportunityRow {
        pub id: i64 = "o.id",
        pub name: String = "o.name",
        pub number: String = "o.number",
        pub customer_name: String = "c.name",
        pub owner_name: Option<String> = "u.name",
    }
}

/// What the columns of customers found come from.
pub const OF_CUSTOMERS: &str = "join customers c on c.id = page.id left join users u on u.id = c.owner_id";

/// What the columns of opportunities found come from.
pub const OF_OPPORTUNITIES: &str =
    "join opportunities o on o.id = page.id join customers c on c.id = o.customer_id left join users u on u.id = o.owner_id";

row! {
    /// A contact with its customer.
    pub struct ContactRow {
        pub id: i64 = "k.id",
        pub name: String = "k.name",
        pub phone: String = "k.phone",
        pub customer_name: String = "c.name",
        pub customer_number: String = "c.number",
    }
}

row! {
    /// An open task.
    pub struct TaskRow {
        pub id: i64 = "t.id",
        pub content: String = "t.content",
        pub due_on: Day = "t.due_on",
    }
}

/// Contacts of these customers, which the caller sees.
pub fn contacts_of(work: &mut Work, customers: &[i64]) -> Result<Vec<ContactRow>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let among = any_of("k.customer_id", customers.iter().copied().map(Value::Int).collect());
    let visible = scope::predicate(work, Owned::Contacts, Right::Read);
    sql("select {columns} from contacts k join customers c on c.id = k.customer_id
         where {among} and k.deleted_at is null and {visible} limit 1000")
    .part("among", &among)
    .part("visible", &visible)
    .all(work)
}

/// The caller's own open tasks, the earliest due first.
pub fn own_open_tasks(work: &mut Work) -> Result<Vec<TaskRow>> {
    let me = work.actor.user_id;
    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    sql("select {columns} from tasks t where t.is_open and t.assignee_id = $1 and {visible} order by t.due_on, t.id limit 500")
        .bind(me)
        .part("visible", &visible)
        .all(work)
}
