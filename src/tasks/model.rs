//! A task, and the rules it obeys by itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::assignment::Assign;
use crate::attachments::Attachment;
use crate::error::{Error, Fields, Result};
use crate::identity::model::Named;
use crate::platform::draft::{Choice, Given};
use crate::platform::http::Versioned;
use crate::platform::types::{Day, FieldCode, Instant, name};
use crate::platform::work::{Actor, Reach};
use crate::{row, words};

/// 任务内容 at most (S55), characters.
pub const CONTENT_LIMIT: usize = 1_000;
/// 完成情况 at most (I1), characters.
const FEEDBACK_LIMIT: usize = 2_000;
/// A reason at most (I5, I6), characters.
const REASON_LIMIT: usize = 500;

words! {
    /// How far a task is (I2). 已逾期 is no status: it follows from the due date.
    pub enum Status {
        /// 待办
        Todo = "todo",
        /// 进行中
        InProgress = "in_progress",
        /// 已完成
        Done = "done",
        /// 已取消
        Cancelled = "cancelled",
    }
}

words! {
    /// What became of a task by its due date (I9).
    pub enum Outcome {
        /// Not called off: it was to be done.
        Planned = "planned",
        /// Done on the due date or before.
        OnTime = "on_time",
        /// Done after the due date.
        Late = "late",
        /// Open, and the due date has passed.
        Overdue = "overdue",
    }
}

impl Status {
    /// True while somebody still has to do it.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Todo | Status::InProgress)
    }
}

/// S58: 「截止日期需晚于当前日期」.
pub const DUE_NOT_LATER: FieldCode =
    FieldCode::Rule { code: "DUE_NOT_LATER", zh: "截止日期需晚于当前日期", en: "The due date must be later than today" };

const NOT_POSTPONED: FieldCode =
    FieldCode::Rule {
        code: "NOT_POSTPONED", zh: "新的截止日期需晚于原截止日期", en: "The new due date must be later than the old one"
    };

const ONLY_BY_COMPLETING: FieldCode = FieldCode::Rule {
    code: "ONLY_BY_COMPLETING",
    zh: "请通过「完成任务」填写完成情况",
    en: "Complete the task and say how it went instead",
};

/// The customer named is not the one the opportunity belongs to.
pub(super) const OTHER_CUSTOMER: FieldCode =
    FieldCode::Rule { code: "OTHER_CUSTOMER", zh: "所选商机不属于该客户", en: "The opportunity belongs to another customer" };

/// A due date lies strictly behind today (S58).
pub fn due_after(due: Day, today: Day) -> Result<Day, FieldCode> {
    if due > today { Ok(due) } else { Err(DUE_NOT_LATER) }
}

/// True when the task should have been done by now; due today is still in time (I2, I4).
pub fn is_overdue(status: Status, due: Day, today: Day) -> bool {
    status.is_open() && due < today
}

/// True when the caller stands above the people of this team: may complete their tasks (I1).
pub fn manages(actor: &Actor, team_id: Option<i64>) -> bool {
    match &actor.reach {
        Reach::All => true,
        Reach::Teams(teams) => team_id.is_some_and(|team| teams.contains(&team)),
        Reach::Own => false,
    }
}

row! {
    /// A task as kept.
    #[derive(Debug, Clone)]
    pub struct TaskRow {
        pub id: i64 = "t.id",
        pub kind: String = "t.kind",
        pub content: String = "t.content",
        pub customer_id: Option<i64> = "t.customer_id",
        pub opportunity_id: Option<i64> = "t.opportunity_id",
        pub team_id: Option<i64> = "t.team_id",
        pub assignee_id: i64 = "t.assignee_id",
        pub assignee_name: String = "a.name",
        pub assigner_id: i64 = "t.assigner_id",
        pub assigner_name: String = "g.name",
        pub assigned_at: Instant = "t.assigned_at",
        pub due_on: Day = "t.due_on",
        pub status: Status = "t.status",
        pub feedback: String = "t.feedback",
        pub completed_at: Option<Instant> = "t.completed_at",
        pub completed_by: Option<i64> = "t.completed_by",
        pub completed_by_name: Option<String> = "d.name",
        pub postponed_count: i64 = "t.postponed_count",
        pub needs_acceptance: bool = "t.needs_acceptance",
        pub accepted_at: Instant = "t.accepted_at",
        pub returned_count: i64 = "t.returned_count",
        pub returned_reason: String = "t.returned_reason",
        pub done_on: String = "t.done_on",
        pub sop_template_id: i64 = "t.sop_template_id",
        pub sop_template_name: Option<String> = "w.name",
        pub rule_id: i64 = "t.rule_id",
        pub rule_name: String = "t.rule_name",
        pub created_by: i64 = "t.created_by",
        pub created_at: Instant = "t.created_at",
        pub updated_at: Instant = "t.updated_at",
        pub version: i64 = "t.version",
    }
}

impl TaskRow {
    /// True when the caller may say that it is done: the assignee or his or her manager (I1).
    pub fn may_be_completed_by(&self, actor: &Actor) -> bool {
        actor.may("edit_tasks") && (self.assignee_id == actor.user_id || manages(actor, self.team_id))
    }

    /// True when the caller gave it, and so says whether what was done will do (I3).
    pub fn was_given_by(&self, actor: &Actor) -> bool {
        actor.may("edit_tasks") && (self.assigner_id == actor.user_id || self.created_by == actor.user_id)
    }

    /// Done, and whoever gave it has not said yet whether it will do.
    pub fn awaits_acceptance(&self) -> bool {
        self.needs_acceptance && self.status == Status::Done && self.accepted_at.ms() == 0
    }
}

row! {
    /// What a task is about, as far as everybody may know who has the task: number and name (S4).
    #[derive(Debug, Clone)]
    pub struct Link {
        pub id: i64 = "x.id",
        pub number: String = "x.number",
        pub name: String = "x.name",
        /// True when the caller can open it.
        pub visible: bool = "x.visible",
    }
}

/// A task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Task {
    /// Id.
    pub id: i64,
    /// The key of a value of the dictionary `task_kind` (S54).
    pub kind: String,
    /// 任务内容.
    pub content: String,
    /// The customer, when the reader can open it.
    pub customer_id: Option<i64>,
    /// Its number.
    pub customer_number: Option<String>,
    /// Its name.
    pub customer_name: Option<String>,
    /// The opportunity, when the reader can open it.
    pub opportunity_id: Option<i64>,
    /// Its number.
    pub opportunity_number: Option<String>,
    /// Its name.
    pub opportunity_name: Option<String>,
    /// True when the reader can open everything the task is linked to (S4).
    pub link_visible: bool,
    /// Who has to do it.
    pub assignee_id: i64,
    /// The name.
    pub assignee_name: String,
    /// Who gave it to the assignee (S59).
    pub assigner_id: i64,
    /// The name.
    pub assigner_name: String,
    /// When it was given.
    pub assigned_at: Instant,
    /// 截止日期.
    pub due_date: Day,
    /// `todo`, `in_progress`, `done`, `cancelled`.
    #[schema(value_type = String)]
    pub status: Status,
    /// Open, and the due date has passed (I2).
    pub overdue: bool,
    /// By how many days; 0 when not overdue.
    pub overdue_days: i64,
    /// 完成情况 (I1).
    pub feedback: Option<String>,
    /// When it was done.
    pub completed_at: Option<Instant>,
    /// Who said so.
    pub completed_by_name: Option<String>,
    /// How often it was postponed (I5).
    pub postponed_count: i64,
    /// The template of a stage's SOP that made it (I8).
    pub sop_template_id: Option<i64>,
    /// Its name.
    pub sop_template_name: Option<String>,
    /// The rule that gave it to whoever has it (S65); null once somebody gave it to another by hand.
    pub assigned_by_rule: Option<Named>,
    /// Whether whoever gave it accepts or returns what was done (I3).
    pub needs_acceptance: bool,
    /// Done, and not yet accepted.
    pub awaits_acceptance: bool,
    /// When it was accepted.
    pub accepted_at: Option<Instant>,
    /// How often it was sent back.
    pub returned_count: i64,
    /// Why it was sent back last.
    pub returned_reason: Option<String>,
    /// Files that show what was done (I1).
    pub attachments: Vec<Attachment>,
    /// Whether the reader may accept it or send it back now.
    pub can_accept: bool,
    /// Whether the reader may change it now.
    pub can_edit: bool,
    /// Whether the reader may say that it is done (I1).
    pub can_complete: bool,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Task {
    fn version(&self) -> i64 {
        self.version
    }
}

/// How many of one's own tasks stand where; each equals the rows of its list (S62).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TaskCounts)]
pub struct Counts {
    /// 待办 and 进行中.
    pub open: i64,
    /// Open, and the due date has passed.
    pub overdue: i64,
    /// Open and due today.
    pub due_today: i64,
    /// 已完成.
    pub done: i64,
}

/// A task to be given.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TaskDraft {
    /// The key of a value of the dictionary `task_kind` (S54).
    pub kind: Given<String>,
    /// 任务内容, 1–1000 characters (S55).
    pub content: Given<String>,
    /// The customer, by id or number.
    pub customer_id: Given<Choice>,
    /// The opportunity, by id or number; its customer comes along (S56).
    pub opportunity_id: Given<Choice>,
    /// The same by number.
    pub opportunity_number: Given<String>,
    /// Who has to do it; oneself when left out (S57).
    pub assignee_id: Given<i64>,
    /// `rules` to have the rules say who has to do it (S65); then nobody is named.
    #[schema(value_type = Option<String>)]
    pub assign: Given<Assign>,
    /// 截止日期, later than today (S58).
    pub due_date: Given<Day>,
    /// Whether whoever gave it accepts or returns what was done (I3); false when left out.
    pub needs_acceptance: Given<bool>,
}

/// What changes of a task.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TaskEdit {
    /// The key of a value of the dictionary `task_kind` (S54).
    pub kind: Given<String>,
    /// 任务内容, 1–1000 characters (S55).
    pub content: Given<String>,
    /// The customer, by id or number; null for none.
    pub customer_id: Given<Choice>,
    /// The opportunity, by id or number; null for none.
    pub opportunity_id: Given<Choice>,
    /// The same by number.
    pub opportunity_number: Given<String>,
    /// 截止日期, later than today when it changes (S58).
    pub due_date: Given<Day>,
    /// `todo`, `in_progress` or `cancelled`.
    #[schema(value_type = Option<String>)]
    pub status: Given<Status>,
    /// Whether whoever gave it accepts or returns what was done (I3).
    pub needs_acceptance: Given<bool>,
}

/// How a task went (I1).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Completion {
    /// 完成情况, 1–2000 characters.
    pub feedback: Given<String>,
}

/// Why a task is sent back (I3).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = TaskReturn)]
pub struct Return {
    /// Why, 1–500 characters.
    pub reason: Given<String>,
}

/// Who does it from now on (I6).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reassignment {
    /// The new assignee.
    pub assignee_id: Given<i64>,
    /// Why, 1–500 characters.
    pub reason: Given<String>,
}

/// By when it is done instead (I5).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Postponement {
    /// Later than today and than the old due date (S58).
    pub due_date: Given<Day>,
    /// Why, 1–500 characters.
    pub reason: Given<String>,
}

/// The next step that a follow-up record turns into a task (S48).
#[derive(Debug, Clone)]
pub struct NewFromFollowUp {
    /// The customer followed up.
    pub customer_id: i64,
    /// The opportunity it was about.
    pub opportunity_id: Option<i64>,
    /// 下一步行动.
    pub content: String,
    /// 下一步日期, later than today.
    pub due_date: Day,
    /// Who takes the step.
    pub assignee_id: i64,
    /// The record it comes from.
    pub follow_up_id: i64,
}

/// A task that the SOP of a stage asks for (I8).
#[derive(Debug, Clone)]
pub struct NewFromSop {
    /// The template.
    pub template_id: i64,
    /// What it is called.
    pub template_name: String,
    /// The key of the kind of task.
    pub kind: String,
    /// 任务内容.
    pub content: String,
    /// The customer.
    pub customer_id: i64,
    /// The opportunity that entered the stage.
    pub opportunity_id: i64,
    /// Who has to do it.
    pub assignee_id: i64,
    /// The team it belongs to.
    pub team_id: Option<i64>,
    /// 截止日期.
    pub due_on: Day,
}

pub(super) fn content(text: String) -> Result<String, FieldCode> {
    name::paragraph(&text, CONTENT_LIMIT)
}

impl Completion {
    /// Judges it.
    pub fn check(&self) -> Result<String> {
        let mut fields = Fields::default();
        let feedback = self.feedback.clone().and_then(|text| name::paragraph(&text, FEEDBACK_LIMIT)).required("feedback", &mut fields);
        feedback.ok_or(Error::Invalid(fields))
    }
}

pub(super) fn reason(given: &Given<String>, fields: &mut Fields) -> Option<String> {
    given.clone().and_then(|text| name::paragraph(&text, REASON_LIMIT)).required("reason", fields)
}

impl Postponement {
    /// Judges it against the date the task has (S58).
    pub fn check(&self, old: Day, today: Day) -> Result<(Day, String)> {
        let mut fields = Fields::default();
        let due = self
            .due_date
            .clone()
            .and_then(|due| due_after(due, today))
            .and_then(|due| if due > old { Ok(due) } else { Err(NOT_POSTPONED) })
            .required("due_date", &mut fields);
        let reason = reason(&self.reason, &mut fields);
        match (due, reason) {
            (Some(due), Some(reason)) => Ok((due, reason)),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

/// A status somebody may set by hand: done has its own verb, because it needs 完成情况 (I1).
pub(super) fn status_by_hand(status: Status) -> Result<Status, FieldCode> {
    if status == Status::Done { Err(ONLY_BY_COMPLETING) } else { Ok(status) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::work::Door;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    // S58: today is too early, tomorrow is the first that will do.
    #[test]
    fn a_due_date_lies_behind_today() {
        let today = day("2024-03-18");
        assert_eq!(due_after(day("2024-03-17"), today), Err(DUE_NOT_LATER));
        assert_eq!(due_after(today, today), Err(DUE_NOT_LATER));
        assert_eq!(due_after(day("2024-03-19"), today), Ok(day("2024-03-19")));
    }

    // I2, I4: due today is in time; what is done or cancelled is never overdue.
    #[test]
    fn overdue_begins_on_the_day_after() {
        let due = day("2024-03-18");
        assert!(!is_overdue(Status::Todo, due, due));
        assert!(is_overdue(Status::Todo, due, day("2024-03-19")));
        assert!(is_overdue(Status::InProgress, due, day("2024-03-19")));
        assert!(!is_overdue(Status::Done, due, day("2024-03-19")));
        assert!(!is_overdue(Status::Cancelled, due, day("2024-03-19")));
    }

    // I5: later than the old date, and later than today.
    #[test]
    fn postponing_leads_forward() {
        let today = day("2024-03-18");
        let to = |due: &str, reason: &str| Postponement { due_date: Given::Value(day(due)), reason: Given::Value(reason.into()) };
        assert!(to("2024-03-21", "客户改期").check(day("2024-03-20"), today).is_ok());
        assert!(to("2024-03-20", "客户改期").check(day("2024-03-20"), today).is_err());
        assert!(to("2024-03-18", "客户改期").check(day("2024-03-10"), today).is_err());
        assert!(to("2024-03-21", " ").check(day("2024-03-20"), today).is_err());
    }

    // I1: a manager is somebody whose reach covers the team.
    #[test]
    fn a_manager_reaches_the_team() {
        let with = |reach: Reach| Actor {
            user_id: 1,
            cause: "",
            team_id: None,
            team_ids: Vec::new(),
            reach,
            permissions: &["edit_tasks"],
            door: Door::Api,
            lang: crate::platform::types::Lang::Zh,
        };
        assert!(manages(&with(Reach::All), None));
        assert!(manages(&with(Reach::Teams(vec![3, 4])), Some(4)));
        assert!(!manages(&with(Reach::Teams(vec![3, 4])), Some(5)));
        assert!(!manages(&with(Reach::Teams(vec![3, 4])), None));
        assert!(!manages(&with(Reach::Own), Some(4)));
    }
}
