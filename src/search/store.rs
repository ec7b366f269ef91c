//! What is looked through besides the lists of customers and opportunities.

use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::sql;
use crate::platform::full_text::{self, Index};
use crate::platform::types::Day;
use crate::platform::work::Work;
use crate::row;

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

/// Contacts of the visible customers that the index finds; some hundreds are enough to pick eight from.
pub fn contacts(work: &mut Work, text: &str) -> Result<Vec<ContactRow>> {
    let matching = full_text::matching(work, Index::Customers, "c.id", text);
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    sql("select {columns} from customers c join contacts k on k.customer_id = c.id
         where c.deleted_at is null and k.deleted_at is null and {matching} and {visible} limit 500")
    .part("matching", &matching)
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
