//! A template of the stage's standard procedure, and the rules it obeys by itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Fields;
use crate::history::Change;
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::{FieldCode, name};
use crate::{row, words};

/// The longest time for a task, working days.
const MOST_WORKDAYS: i64 = 250;

words! {
    /// Who does what a template asks for.
    pub enum SopAssignee {
        /// 商机负责人
        Owner = "owner",
        /// 负责人所在团队的主管
        Manager = "manager",
    }
}

row! {
    /// What has to be done when an opportunity enters a stage (I8).
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct SopTemplate {
        /// Id.
        pub id: i64 = "s.id",
        /// The key of the stage.
        pub stage: String = "s.stage",
        /// What the step is called, 1–50 characters.
        pub name: String = "s.name",
        /// The key of a value of the dictionary `task_kind`.
        pub kind: String = "s.kind",
        /// 任务内容.
        pub content: String = "s.content",
        /// Due so many working days after the stage is entered.
        pub due_workdays: i64 = "s.due_workdays",
        /// `owner` or `manager`.
        #[schema(value_type = String)]
        pub assignee: SopAssignee = "s.assignee",
        /// Disabled ones make no tasks.
        pub enabled: bool = "s.enabled",
        /// Order within the stage.
        pub position: i64 = "s.position",
        /// For `If-Match`.
        pub version: i64 = "s.version",
    }
}

impl Versioned for SopTemplate {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A template to be added or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SopTemplateDraft {
    /// The key of the stage; fixed after creation. Required.
    pub stage: Given<String>,
    /// What the step is called, 1–50 characters. Required.
    pub name: Given<String>,
    /// The key of a value of the dictionary `task_kind`. Required.
    pub kind: Given<String>,
    /// 任务内容, 1–1000 characters. Required.
    pub content: Given<String>,
    /// Due so many working days after the stage is entered, 1–250. Required.
    pub due_workdays: Given<i64>,
    /// `owner` (the default) or `manager`.
    #[schema(value_type = Option<String>)]
    pub assignee: Given<SopAssignee>,
    /// False for one that makes no tasks; true when left out.
    pub enabled: Given<bool>,
    /// Order within the stage, 0–9999; last when left out.
    pub position: Given<i64>,
}

/// What of a template is left to look up: the kind's key has not been compared with the dictionary yet.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub name: Option<String>,
    pub kind: Option<String>,
    pub content: Option<String>,
    pub due_workdays: Option<i64>,
    pub assignee: Option<SopAssignee>,
    pub enabled: Option<bool>,
    pub position: Option<i64>,
}

fn in_range(value: i64, min: i64, max: i64) -> Result<i64, FieldCode> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(FieldCode::OutOfRange { min: min.to_string(), max: max.to_string() }) }
}

impl SopTemplateDraft {
    /// Judges everything but the stage; a new one lacks nothing.
    pub fn check(&self, is_new: bool, fields: &mut Fields) -> Wanted {
        let draft = self.clone();
        let name = draft.name.and_then(|text| name::text(&text, 50));
        let content = draft.content.and_then(|text| name::paragraph(&text, 1_000));
        let due = draft.due_workdays.and_then(|days| in_range(days, 1, MOST_WORKDAYS));
        let position = draft.position.and_then(|position| in_range(position, 0, 9_999));
        if is_new {
            return Wanted {
                name: name.required("name", fields),
                kind: draft.kind.required("kind", fields),
                content: content.required("content", fields),
                due_workdays: due.required("due_workdays", fields),
                assignee: draft.assignee.optional("assignee", fields),
                enabled: draft.enabled.optional("enabled", fields),
                position: position.optional("position", fields),
            };
        }
        Wanted {
            name: name.change_required("name", fields),
            kind: draft.kind.change_required("kind", fields),
            content: content.change_required("content", fields),
            due_workdays: due.change_required("due_workdays", fields),
            assignee: draft.assignee.change_required("assignee", fields),
            enabled: draft.enabled.change_required("enabled", fields),
            position: position.change_required("position", fields),
        }
    }
}

/// What differs between two states of a template.
pub fn changes(before: &SopTemplate, after: &SopTemplate) -> Vec<Change> {
    [
        Change::of("name", &before.name, &after.name),
        Change::of("kind", &before.kind, &after.kind),
        Change::of("content", &before.content, &after.content),
        Change::of("due_workdays", before.due_workdays, after.due_workdays),
        Change::of("assignee", before.assignee.word(), after.assignee.word()),
        Change::of("enabled", before.enabled, after.enabled),
        Change::of("position", before.position, after.position),
    ]
    .into_iter()
    .flatten()
    .collect()
}
