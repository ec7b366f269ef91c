//! What a merge needs to know, and what it tells.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::customers::Customer;
use crate::platform::draft::{Choice, Given, Input};
use crate::platform::types::{FieldCode, Instant};
use crate::words;

/// How long a merge can be taken back, in ms.
pub const UNDO_MS: i64 = 7 * 24 * 3_600_000;

words! {
    /// Which of the two records a field is kept from.
    pub enum Side {
        /// The record that goes.
        This = "this",
        /// The record that stays.
        Into = "into",
    }
}

/// From which record each field is kept; the staying one's by default, and the other's where the staying one has none.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Keep {
    /// 客户名称.
    #[schema(value_type = Option<String>)]
    pub name: Given<Side>,
    /// The main contact.
    #[schema(value_type = Option<String>)]
    pub contact: Given<Side>,
    /// 所属行业.
    #[schema(value_type = Option<String>)]
    pub industry: Given<Side>,
    /// 区域.
    #[schema(value_type = Option<String>)]
    pub region: Given<Side>,
    /// 来源详情.
    #[schema(value_type = Option<String>)]
    pub source_detail: Given<Side>,
    /// 统一社会信用代码.
    #[schema(value_type = Option<String>)]
    pub credit_code: Given<Side>,
    /// 地址.
    #[schema(value_type = Option<String>)]
    pub address: Given<Side>,
    /// 备注.
    #[schema(value_type = Option<String>)]
    pub remark: Given<Side>,
    /// 客户需求.
    #[schema(value_type = Option<String>)]
    pub requirement: Given<Side>,
    /// 客户状态; a won deal of either makes the record won.
    #[schema(value_type = Option<String>)]
    pub status: Given<Side>,
    /// 跟进状态.
    #[schema(value_type = Option<String>)]
    pub follow_up_status: Given<Side>,
    /// 同意接收营销资料.
    #[schema(value_type = Option<String>)]
    pub marketing_consent: Given<Side>,
    /// 介绍人.
    #[schema(value_type = Option<String>)]
    pub referrer: Given<Side>,
    /// 负责人; who is not kept keeps reading the record.
    #[schema(value_type = Option<String>)]
    pub owner: Given<Side>,
}

impl Input for Keep {
    fn from_json(value: serde_json::Value) -> Result<Keep, FieldCode> {
        serde_json::from_value(value).map_err(|_| FieldCode::WrongType)
    }

    fn from_text(_: &str) -> Result<Keep, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// Into which record, and what is kept from which.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MergeDraft {
    /// The customer that stays: id or number. Required.
    pub into: Given<Choice>,
    /// Its version as the caller knows it; a newer one is answered with 412.
    pub into_version: Given<i64>,
    /// From which record each field is kept.
    pub keep: Given<Keep>,
}

/// One field of both records, as text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldPair {
    /// Its name in `keep`.
    pub field: &'static str,
    /// In the record that goes; choices by their API word.
    pub this: String,
    /// In the record that stays.
    pub into: String,
    /// Which is kept unless something else is said.
    #[schema(value_type = String)]
    pub default: Side,
}

/// What moves with a merge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoveCounts {
    /// Contacts.
    pub contacts: i64,
    /// Opportunities, those in the recycle bin not counted.
    pub opportunities: i64,
    /// Follow-up plans.
    pub plans: i64,
    /// Follow-up records.
    pub follow_ups: i64,
    /// Tasks.
    pub tasks: i64,
    /// Files of those records and tasks.
    pub attachments: i64,
    /// Shares.
    pub shares: i64,
    /// Entries of the timeline.
    pub events: i64,
    /// Comments.
    pub comments: i64,
    /// Versions of the requirement.
    pub requirement_versions: i64,
    /// Groups filled by hand that the record that stays is not in yet.
    pub groups: i64,
}

/// Both records side by side before a merge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergePreview {
    /// The record that goes.
    pub this: Customer,
    /// The record that stays.
    pub into: Customer,
    /// Their fields.
    pub fields: Vec<FieldPair>,
    /// What moves.
    pub moves: MoveCounts,
}

/// What became of a merge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeDone {
    /// For taking it back.
    pub merge_id: i64,
    /// Until when it can be taken back.
    pub undo_until: Instant,
    /// The record that stays; as it was before when the caller gave it away with the merge.
    pub customer: Customer,
}

/// What became of taking a merge back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeUndone {
    /// The record that came back.
    pub restored_id: i64,
    /// Its number.
    pub restored_number: String,
    /// Its name.
    pub restored_name: String,
    /// The record that had stayed.
    pub kept_id: i64,
}

/// A merge into a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeRow {
    /// Id.
    pub id: i64,
    /// The number that finds this record now, too.
    pub number: String,
    /// The name it had.
    pub name: String,
    /// When it was merged.
    pub merged_at: Instant,
    /// Who merged it.
    pub by_name: Option<String>,
    /// Until when it can be taken back.
    pub undo_until: Instant,
    /// True while it can be.
    pub can_undo: bool,
}
