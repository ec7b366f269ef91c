//! What stands in a calendar.

use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::model::Named;
use crate::platform::types::{Day, Instant};
use crate::{row, words};

/// Days a view may span.
pub const LONGEST: i64 = 62;
/// People whose calendars one view may lay over each other (I11).
pub const PEOPLE: usize = 10;
/// Entries a view may hold.
pub const MOST: usize = 2_000;

words! {
    /// What an entry is.
    pub enum EntryKind {
        /// A planned contact, at its hour.
        Plan = "plan",
        /// A task, on the day it is due.
        Task = "task",
    }
}

/// One entry of a calendar (I10).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CalendarEntry)]
pub struct Entry {
    /// `plan` or `task`.
    #[schema(value_type = String)]
    pub kind: EntryKind,
    /// The id of the plan or task.
    pub id: i64,
    /// What it is about.
    pub title: String,
    /// For a plan: its start.
    pub starts_at: Option<Instant>,
    /// For a plan: its end.
    pub ends_at: Option<Instant>,
    /// The business day it stands on.
    pub date: Day,
    /// The status of the plan (`planned`, `done`) or task (`todo`, `in_progress`, `done`).
    pub status: String,
    /// For a plan: how, a key of `follow_up_method`; for a task: its kind, a key of `task_kind`.
    pub method: Option<String>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The opportunity's name.
    pub opportunity_name: Option<String>,
    /// For a task: open and due before today.
    pub overdue: Option<bool>,
    /// For an open plan: another open plan of the same person, among those shown, takes place at the same time (S41).
    pub overlaps: Option<bool>,
    /// For a done plan: the record written from it (S44).
    pub follow_up_id: Option<i64>,
    /// Whose it is.
    pub owner_id: i64,
    /// For `If-Match`.
    pub version: i64,
}

/// The entries of one or more people between two days, in order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Calendar {
    /// Whose entries these are, by name.
    pub people: Vec<Named>,
    /// The entries: by day, tasks before plans, plans by their start.
    pub entries: Vec<Entry>,
    /// True when there were more than 2,000; ask for fewer days.
    pub is_capped: bool,
}

row! {
    /// A plan as the calendar reads it.
    #[derive(Debug)]
    pub struct PlanSlot {
        pub id: i64 = "p.id",
        pub title: String = "p.content",
        pub starts_at: Instant = "p.starts_at",
        pub ends_at: Instant = "p.ends_at",
        pub status: String = "p.status",
        pub method: String = "p.method",
        pub customer_name: String = "c.name",
        pub opportunity_name: Option<String> = "o.name",
        pub follow_up_id: Option<i64> = "p.follow_up_id",
        pub owner_id: i64 = "p.owner_id",
        pub version: i64 = "p.version",
    }
}

row! {
    /// A task as the calendar reads it.
    #[derive(Debug)]
    pub struct TaskDay {
        pub id: i64 = "t.id",
        pub title: String = "t.content",
        pub date: Day = "t.due_on",
        pub status: String = "t.status",
        pub is_open: bool = "t.is_open",
        pub kind: String = "t.kind",
        pub customer_name: Option<String> = "c.name",
        pub opportunity_name: Option<String> = "o.name",
        pub owner_id: i64 = "t.assignee_id",
        pub version: i64 = "t.version",
    }
}

row! {
    /// A plan as a feed tells of it.
    #[derive(Debug)]
    pub struct PlanEvent {
        pub id: i64 = "p.id",
        pub content: String = "p.content",
        pub starts_at: Instant = "p.starts_at",
        pub ends_at: Instant = "p.ends_at",
        pub status: String = "p.status",
        pub method: String = "p.method",
        pub customer_id: i64 = "p.customer_id",
        pub customer_name: String = "c.name",
        pub opportunity_id: Option<i64> = "p.opportunity_id",
        pub opportunity_name: Option<String> = "o.name",
        pub created_at: Instant = "p.created_at",
        pub updated_at: Instant = "p.updated_at",
        pub version: i64 = "p.version",
    }
}

row! {
    /// A task as a feed tells of it.
    #[derive(Debug)]
    pub struct TaskEvent {
        pub id: i64 = "t.id",
        pub content: String = "t.content",
        pub due_on: Day = "t.due_on",
        pub status: String = "t.status",
        pub kind: String = "t.kind",
        pub customer_name: Option<String> = "c.name",
        pub opportunity_name: Option<String> = "o.name",
        pub created_at: Instant = "t.created_at",
        pub updated_at: Instant = "t.updated_at",
        pub version: i64 = "t.version",
    }
}
