//! Dictionary values, stages, tags, targets and the company's own parameters.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::Money;
use crate::{row, words};

words! {
    /// The dictionaries an administrator keeps (I61).
    pub enum Kind {
        /// 所属行业
        Industry = "industry",
        /// 区域
        Region = "region",
        /// 来源渠道
        SourceChannel = "source_channel",
        /// 跟进方式
        FollowUpMethod = "follow_up_method",
        /// 任务类型
        TaskKind = "task_kind",
        /// 输单原因
        LostReason = "lost_reason",
    }
}

impl Kind {
    /// True when records keep the value's key instead of its id.
    pub fn is_keyed(self) -> bool {
        matches!(self, Kind::FollowUpMethod | Kind::TaskKind)
    }
}

row! {
    /// One value of a dictionary.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Entry {
        /// Id.
        pub id: i64,
        /// Name, unique in its dictionary.
        pub name: String,
        /// The word records carry, for methods and kinds of tasks; else empty.
        pub key: String,
        /// Stays on old records, cannot be newly chosen (S19).
        pub disabled: bool,
        /// For sources: 来源详情 must be given (S14).
        pub detail_required: bool,
        /// Order in drop-downs.
        pub position: i64,
        /// For `If-Match`.
        pub version: i64,
    }
}

impl Versioned for Entry {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A value to be added or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EntryDraft {
    /// Name, 1–50 characters.
    pub name: Given<String>,
    /// Whether it can be newly chosen.
    pub disabled: Given<bool>,
    /// For sources: whether 来源详情 must be given.
    pub detail_required: Given<bool>,
    /// Order in drop-downs, 0–9999.
    pub position: Given<i64>,
}

words! {
    /// What standing at a stage means for the opportunity.
    pub enum StageKind {
        /// Being worked on.
        Open = "open",
        /// Won.
        Won = "won",
        /// Lost.
        Lost = "lost",
    }
}

row! {
    /// A stage of the pipeline (S39).
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Stage {
        /// Its word: `initial_contact`, `needs_analysis`, `proposal`, `negotiation`, `won`, `lost`.
        pub key: String,
        /// Its name on screen.
        pub name: String,
        /// Chance of winning, percent.
        pub probability: i64,
        /// Longest healthy stay, days; null for none (S8).
        pub limit_days: Option<i64>,
        /// What standing here means.
        #[schema(value_type = String)]
        pub kind: StageKind,
        /// Order.
        pub position: i64,
        /// For `If-Match`.
        pub version: i64,
        /// The pipeline it belongs to.
        #[serde(skip)]
        pub pipeline_id: i64,
    }
}

impl Versioned for Stage {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A stage to be edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StageDraft {
    /// Name, 1–20 characters.
    pub name: Given<String>,
    /// Chance of winning, 0–100 percent.
    pub probability: Given<i64>,
    /// Longest healthy stay, 1–3650 days; null for none.
    pub limit_days: Given<i64>,
}

row! {
    /// The company's own parameters.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Company {
        /// Its name.
        pub company_name: String = "name",
        /// True when tasks can only be given within one's own teams (S57).
        pub assign_tasks_within_teams_only: bool = "tasks_within_teams_only",
        /// True when only directors, managers and administrators make new tags (S20).
        pub leaders_create_tags_only: bool,
        /// A manager hears of an overdue task so many days after its assignee (I4).
        pub tell_manager_after_days: i64,
        /// For `If-Match`.
        pub version: i64,
    }
}

impl Versioned for Company {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Parameters to be edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyDraft {
    /// Its name, 1–100 characters.
    pub company_name: Given<String>,
    /// Whether tasks can only be given within one's own teams.
    pub assign_tasks_within_teams_only: Given<bool>,
    /// Whether only directors, managers and administrators make new tags.
    pub leaders_create_tags_only: Given<bool>,
    /// How many days after the assignee a manager hears of an overdue task, 0–30.
    pub tell_manager_after_days: Given<i64>,
}

words! {
    /// Whom a target is for.
    pub enum TargetOwner {
        /// The company; its owner id is 0.
        Company = "company",
        /// A team.
        Team = "team",
        /// A person.
        User = "user",
    }
}

row! {
    /// What is to be won in a month (I22).
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Target {
        /// Id.
        pub id: i64 = "g.id",
        /// The month, `2024-03`.
        pub period: String = "g.period",
        /// Whom it is for.
        #[schema(value_type = String)]
        pub owner_type: TargetOwner = "g.owner_type",
        /// The team or person; 0 for the company.
        pub owner_id: i64 = "g.owner_id",
        /// The name of the team or person.
        pub owner_name: Option<String> = "coalesce(u.name, t.name)",
        /// The amount.
        pub amount: Money = "g.amount",
        /// Grows with every change.
        pub version: i64 = "g.version",
    }
}

/// A target to be set.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetDraft {
    /// The month, `2024-03`.
    pub period: Given<String>,
    /// Whom it is for.
    #[schema(value_type = Option<String>)]
    pub owner_type: Given<TargetOwner>,
    /// The team or person; left out for the company.
    pub owner_id: Given<i64>,
    /// The amount, more than 0.
    pub amount: Given<Money>,
    /// Why, 1–200 characters; required when another amount stood there.
    pub reason: Given<String>,
}

/// A tag's or value's new name.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TagDraft {
    /// Name, 1–20 characters, unique ignoring case (S20).
    pub name: Given<String>,
}

row! {
    /// A tag (S20).
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Tag {
        /// Id.
        pub id: i64,
        /// Name.
        pub name: String,
        /// For `If-Match`.
        pub version: i64,
    }
}

impl Versioned for Tag {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Into what a value or tag is to be merged (I61).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MergeInto {
    /// The id of the one that stays. Required.
    pub into: Given<i64>,
}

/// What carries a value or tag, and would carry the other one after a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MergeCounts {
    /// Customers, those in the recycle bin included.
    pub customers: i64,
    /// Opportunities.
    pub opportunities: i64,
    /// Follow-up plans and records.
    pub follow_ups: i64,
    /// Tasks.
    pub tasks: i64,
    /// Teams.
    pub teams: i64,
    /// All of these.
    pub total: i64,
}
