//! Many tasks given at once (批量分派), by region and stage (S60).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::model::{MaybeNamed, Named};
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{Day, Instant};
use crate::{row, words};

words! {
    /// How far a batch of tasks is.
    pub enum BatchState {
        /// Counted, not given.
        Previewed = "previewed",
        /// Given.
        Given = "given",
        /// Taken back: what was open is cancelled.
        Withdrawn = "withdrawn",
    }
}

/// To whom which tasks are given.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = TaskBatchDraft)]
pub struct BatchDraft {
    /// Regions of the customers, by id or name.
    pub region: Given<Vec<Choice>>,
    /// Stages, by key: one task per open opportunity there. Without stages: one task per customer of the regions.
    pub stage: Given<Vec<String>>,
    /// The key of a value of the dictionary `task_kind` (S54).
    pub kind: Given<String>,
    /// 任务内容, 1–1000 characters (S55).
    pub content: Given<String>,
    /// 截止日期, later than today (S58).
    pub due_date: Given<Day>,
    /// `owner` for each record's owner, `rules` to have the rules say who (S65), or one person's id.
    pub assignee: Given<Choice>,
    /// With `rules`: who gets what no rule covers. Without it such rows hold the whole batch back.
    pub otherwise: Given<i64>,
    /// Whether the giver accepts or returns what was done (I3).
    pub needs_acceptance: Given<bool>,
}

/// The preview that is to be given.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = TaskBatchRun)]
pub struct BatchRun {
    /// From the preview; good for 30 minutes.
    pub preview_token: Given<String>,
}

/// What the tasks of a batch have in common, checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Deed {
    pub kind: String,
    pub content: String,
    pub due_date: String,
    pub needs_acceptance: bool,
}

/// What one row of a sheet asks for itself (I34).
#[derive(Debug, Clone)]
pub struct OwnDeed {
    pub kind: String,
    pub content: String,
    pub due_on: Day,
}

row! {
    /// A task that a batch would give.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    #[schema(as = TaskBatchRow)]
    pub struct Candidate {
        /// The customer.
        pub customer_id: i64 = "x.customer_id",
        /// Its number.
        pub customer_number: String = "x.customer_number",
        /// Its name.
        pub customer_name: String = "x.customer_name",
        /// The opportunity; null when the task is about the customer alone.
        pub opportunity_id: Option<i64> = "x.opportunity_id",
        /// Its number.
        pub opportunity_number: Option<String> = "x.opportunity_number",
        /// Its name.
        pub opportunity_name: Option<String> = "x.opportunity_name",
        /// The rule that chose the person (S65).
        #[schema(value_type = Option<Named>)]
        pub rule: MaybeNamed = "cast(null as bigint), cast(null as text)",
        /// What rules ask of it.
        #[serde(skip)]
        pub region_id: Option<i64> = "x.region_id",
        #[serde(skip)]
        pub stage: Option<String> = "x.stage",
        /// True when the person is there as the record's owner.
        #[serde(skip)]
        pub by_owner: bool = "true",
        /// Who would get it; 0 when nobody can.
        pub assignee_id: i64 = "x.owner_id",
        /// The name.
        pub assignee_name: String = "x.owner_name",
    }
}

/// How many tasks one person gets.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TaskBatchAssignee)]
pub struct Share {
    /// The person.
    pub id: i64,
    /// The name.
    pub name: String,
    /// How many tasks.
    pub count: i64,
}

/// What a batch would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TaskBatchPreview)]
pub struct Preview {
    /// To be sent to give exactly these tasks; null while a row is covered by no rule: all or none.
    pub preview_token: Option<String>,
    /// How many tasks.
    pub count: i64,
    /// Rows that no rule covers and nobody is named for.
    pub uncovered: i64,
    /// Records without an owner, or whose owner cannot be given a task.
    pub left_out: i64,
    /// Who gets how many, the most first.
    pub assignees: Vec<Share>,
    /// Every task.
    pub rows: Vec<Candidate>,
}

row! {
    /// A batch as kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "b.id",
        pub deed: String = "b.deed",
        pub state: BatchState = "b.state",
        pub total: i64 = "b.total",
        pub people: i64 = "b.people",
        pub created_at: Instant = "b.created_at",
        pub given_at: Instant = "b.given_at",
        pub withdrawn_at: Instant = "b.withdrawn_at",
    }
}

row! {
    /// One task of a batch, to be given.
    #[derive(Debug, Clone)]
    pub struct Planned {
        pub position: i64 = "r.position",
        pub customer_id: i64 = "r.customer_id",
        pub opportunity_id: i64 = "r.opportunity_id",
        pub assignee_id: i64 = "r.assignee_id",
        /// What a row of a sheet asks for itself; empty for what the batch has in common.
        pub kind: String = "r.kind",
        pub content: String = "r.content",
        pub due_on: String = "r.due_on",
        /// The rule that chose the person; 0 for none.
        pub rule_id: i64 = "r.rule_id",
        pub rule_name: String = "r.rule_name",
    }
}

/// A batch of tasks that was given.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TaskBatch)]
pub struct Batch {
    /// Id.
    pub id: i64,
    /// `given` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: BatchState,
    /// The key of the kind of task.
    pub kind: String,
    /// 任务内容.
    pub content: String,
    /// 截止日期.
    pub due_date: String,
    /// How many tasks were given.
    pub total: i64,
    /// To how many people.
    pub people: i64,
    /// How many are open now.
    pub open: i64,
    /// How many are done.
    pub done: i64,
    /// How many are cancelled.
    pub cancelled: i64,
    /// When it was given.
    pub given_at: Instant,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}
