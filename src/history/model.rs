//! Events and their words.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::platform::types::{Instant, Lang};
use crate::{row, words};

words! {
    /// What can happen.
    pub enum EventKind {
        /// A customer was entered.
        CustomerCreated = "customer_created",
        /// Fields of a customer changed.
        CustomerEdited = "customer_edited",
        /// A customer got another owner.
        CustomerOwnerChanged = "customer_owner_changed",
        /// A rule said who gets a new customer (S65).
        CustomerAssigned = "customer_assigned",
        /// A customer was won (S28).
        CustomerWon = "customer_won",
        /// A customer left the won state (S30).
        CustomerReopened = "customer_reopened",
        /// A customer was shared (S3).
        CustomerShared = "customer_shared",
        /// A share ended.
        ShareEnded = "share_ended",
        /// A customer went to the recycle bin.
        CustomerDeleted = "customer_deleted",
        /// A customer came back from the recycle bin (I45).
        CustomerRestored = "customer_restored",
        /// A customer was deleted for good (I45).
        CustomerPurged = "customer_purged",
        /// Two customers became one.
        CustomerMerged = "customer_merged",
        /// A merge was taken back.
        MergeUndone = "merge_undone",
        /// A phone was shown in full (I41).
        PhoneRevealed = "phone_revealed",
        /// A contact was added.
        ContactAdded = "contact_added",
        /// A contact was edited.
        ContactEdited = "contact_edited",
        /// A contact was removed.
        ContactRemoved = "contact_removed",
        /// An opportunity was entered.
        OpportunityCreated = "opportunity_created",
        /// Fields of an opportunity changed.
        OpportunityEdited = "opportunity_edited",
        /// An opportunity got another owner (S38).
        OpportunityOwnerChanged = "opportunity_owner_changed",
        /// An opportunity moved to another stage (S53).
        StageChanged = "stage_changed",
        /// An opportunity went to the recycle bin.
        OpportunityDeleted = "opportunity_deleted",
        /// An opportunity came back from the recycle bin (I45).
        OpportunityRestored = "opportunity_restored",
        /// An opportunity was deleted for good (I45).
        OpportunityPurged = "opportunity_purged",
        /// A follow-up was planned (S41).
        PlanMade = "plan_made",
        /// A plan was edited or moved.
        PlanEdited = "plan_edited",
        /// A plan was called off.
        PlanCancelled = "plan_cancelled",
        /// A follow-up was recorded (S47).
        FollowUpRecorded = "follow_up_recorded",
        /// A record was edited.
        FollowUpEdited = "follow_up_edited",
        /// A file was attached (S49).
        AttachmentAdded = "attachment_added",
        /// A file was removed.
        AttachmentRemoved = "attachment_removed",
        /// A task was given (S59).
        TaskCreated = "task_created",
        /// The SOP of a stage gave a task (I8).
        TaskFromSop = "task_from_sop",
        /// A rule said who gets a new task (S65).
        TaskAssigned = "task_assigned",
        /// A task was edited or started.
        TaskEdited = "task_edited",
        /// A task was done (I1).
        TaskCompleted = "task_completed",
        /// A task was called off.
        TaskCancelled = "task_cancelled",
        /// A task went to somebody else (I6).
        TaskReassigned = "task_reassigned",
        /// A task got a later date (I5).
        TaskPostponed = "task_postponed",
        /// What was done was accepted (I3).
        TaskAccepted = "task_accepted",
        /// A task was sent back (I3).
        TaskReturned = "task_returned",
        /// Somebody commented on a record.
        CommentAdded = "comment_added",
        /// A comment was changed by its author.
        CommentEdited = "comment_edited",
        /// A comment was taken back by its author.
        CommentDeleted = "comment_deleted",
        /// Somebody submitted a report of his or her work (I35).
        WorkReportSubmitted = "work_report_submitted",
        /// Many tasks were given at once (S60).
        TaskBatchGiven = "task_batch_given",
        /// Tasks given at once were taken back (S60).
        TaskBatchWithdrawn = "task_batch_withdrawn",
        /// Somebody logged in.
        LoggedIn = "logged_in",
        /// A log-in failed.
        LogInFailed = "log_in_failed",
        /// Somebody logged out.
        LoggedOut = "logged_out",
        /// A password was changed by its owner.
        PasswordChanged = "password_changed",
        /// Somebody gave a program access on his or her behalf.
        ApiTokenCreated = "api_token_created",
        /// Somebody ended a program's access.
        ApiTokenRevoked = "api_token_revoked",
        /// A password was reset by an administrator (S11).
        PasswordReset = "password_reset",
        /// A person was added.
        UserCreated = "user_created",
        /// A person was edited.
        UserEdited = "user_edited",
        /// An account was disabled.
        UserDisabled = "user_disabled",
        /// An account was enabled.
        UserEnabled = "user_enabled",
        /// A team was added.
        TeamCreated = "team_created",
        /// A team was edited or its members changed.
        TeamEdited = "team_edited",
        /// A team was removed.
        TeamDeleted = "team_deleted",
        /// A dictionary value, stage, tag or parameter changed.
        SettingChanged = "setting_changed",
        /// A target was set (I22).
        TargetSet = "target_set",
        /// A target was taken back (I22).
        TargetRemoved = "target_removed",
        /// Targets came in with a spreadsheet (I22).
        TargetsImported = "targets_imported",
        /// Figures go out by themselves from now on (I31).
        SubscriptionMade = "subscription_made",
        /// They do so no more.
        SubscriptionEnded = "subscription_ended",
        /// A dictionary value or tag was merged into another (I61).
        SettingMerged = "setting_merged",
        /// The value an opportunity carried was merged into another (I61).
        ValueMerged = "value_merged",
        /// A customer group was made (S32).
        GroupCreated = "group_created",
        /// A customer group was edited.
        GroupEdited = "group_edited",
        /// A customer group was removed; its customers stay.
        GroupDeleted = "group_deleted",
        /// A customer was put into a group.
        CustomerGrouped = "customer_grouped",
        /// A customer was taken out of a group.
        CustomerUngrouped = "customer_ungrouped",
        /// Something was done to many customers at once (S33).
        BatchRun = "batch_run",
        /// A notice was published (I62).
        NoticePublished = "notice_published",
        /// A notice was withdrawn.
        NoticeWithdrawn = "notice_withdrawn",
        /// A spreadsheet was imported (I46).
        ImportDone = "import_done",
        /// An import was taken back.
        ImportUndone = "import_undone",
        /// A list was exported (I47).
        ExportMade = "export_made",
    }
}

impl EventKind {
    /// The sentence of the timeline; `{…}` stands for a member of the event's detail.
    fn template(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            EventKind::CustomerCreated => ("创建客户", "Customer created"),
            EventKind::CustomerEdited => ("编辑客户资料", "Customer edited"),
            EventKind::CustomerOwnerChanged => ("负责人由 {old} 变更为 {new}", "Owner changed from {old} to {new}"),
            EventKind::CustomerAssigned => ("按分配规则「{rule}」分配给 {name}", "Assigned to {name} by the rule “{rule}”"),
            EventKind::CustomerWon => ("客户成交，金额 {amount}，日期 {date}", "Won on {date} for {amount}"),
            EventKind::CustomerReopened => ("客户离开成交状态", "No longer won"),
            EventKind::CustomerShared => ("共享给 {name}（{access}）", "Shared with {name} ({access})"),
            EventKind::ShareEnded => ("取消对 {name} 的共享", "No longer shared with {name}"),
            EventKind::CustomerDeleted => ("删除客户：{reason}", "Customer deleted: {reason}"),
            EventKind::CustomerRestored => ("从回收站恢复客户", "Customer restored"),
            EventKind::CustomerPurged => ("彻底删除客户 {number}", "Customer {number} deleted for good"),
            EventKind::CustomerMerged => ("{loser} 合并至 {winner}", "{loser} merged into {winner}"),
            EventKind::MergeUndone => ("撤销合并：{loser} 从 {winner} 拆分", "Merge undone: {loser} taken out of {winner}"),
            EventKind::PhoneRevealed => ("查看完整号码：{reason}", "Full phone shown: {reason}"),
            EventKind::ContactAdded => ("新增联系人 {name}", "Contact {name} added"),
            EventKind::ContactEdited => ("编辑联系人 {name}", "Contact {name} edited"),
            EventKind::ContactRemoved => ("删除联系人 {name}", "Contact {name} removed"),
            EventKind::OpportunityCreated => ("创建商机「{name}」", "Opportunity “{name}” created"),
            EventKind::OpportunityEdited => ("编辑商机「{name}」", "Opportunity “{name}” edited"),
            EventKind::OpportunityOwnerChanged => {
                ("商机「{name}」负责人由 {old} 变更为 {new}", "Owner of “{name}” changed from {old} to {new}")
            }
            EventKind::StageChanged => ("商机「{name}」阶段：{from} → {to}", "“{name}” moved: {from} → {to}"),
            EventKind::OpportunityDeleted => ("删除商机「{name}」：{reason}", "Opportunity “{name}” deleted: {reason}"),
            EventKind::OpportunityRestored => ("从回收站恢复商机「{name}」", "Opportunity “{name}” restored"),
            EventKind::OpportunityPurged => ("彻底删除商机 {number}", "Opportunity {number} deleted for good"),
            EventKind::PlanMade => ("新增跟进计划：{content}", "Follow-up planned: {content}"),
            EventKind::PlanEdited => ("调整跟进计划：{content}", "Follow-up plan changed: {content}"),
            EventKind::PlanCancelled => ("取消跟进计划：{content}", "Follow-up plan cancelled: {content}"),
            EventKind::FollowUpRecorded => ("跟进记录：{result}", "Followed up: {result}"),
            EventKind::FollowUpEdited => ("修改跟进记录", "Follow-up record edited"),
            EventKind::AttachmentAdded => ("上传附件 {name}", "Attached {name}"),
            EventKind::AttachmentRemoved => ("删除附件 {name}", "Removed {name}"),
            EventKind::TaskCreated => ("新建任务：{content}", "Task: {content}"),
            EventKind::TaskFromSop => ("阶段SOP「{sop}」新建任务：{content}", "Stage SOP “{sop}” gave a task: {content}"),
            EventKind::TaskAssigned => ("按分配规则「{rule}」指派给 {name}：{content}", "Given to {name} by the rule “{rule}”: {content}"),
            EventKind::TaskEdited => ("编辑任务：{content}", "Task edited: {content}"),
            EventKind::TaskCompleted => ("完成任务：{content}", "Task done: {content}"),
            EventKind::TaskCancelled => ("取消任务：{content}", "Task cancelled: {content}"),
            EventKind::TaskReassigned => ("任务转派给 {name}：{content}", "Task given to {name}: {content}"),
            EventKind::TaskPostponed => ("任务延期至 {date}：{content}", "Task postponed to {date}: {content}"),
            EventKind::TaskAccepted => ("验收任务：{content}", "Task accepted: {content}"),
            EventKind::TaskReturned => ("退回任务：{content}（{reason}）", "Task sent back: {content} ({reason})"),
            EventKind::CommentAdded => ("评论「{name}」", "Commented on “{name}”"),
            EventKind::CommentEdited => ("修改对「{name}」的评论", "Comment on “{name}” edited"),
            EventKind::CommentDeleted => ("删除对「{name}」的评论", "Comment on “{name}” deleted"),
            EventKind::WorkReportSubmitted => ("提交{name}", "Submitted the {name}"),
            EventKind::TaskBatchGiven => ("批量分派任务 {count} 项，{people} 人", "{count} tasks given to {people} people"),
            EventKind::TaskBatchWithdrawn => ("撤回批量任务 {count} 项", "{count} tasks of a batch withdrawn"),
            EventKind::LoggedIn => ("登录", "Logged in"),
            EventKind::LogInFailed => ("登录失败", "Log-in failed"),
            EventKind::LoggedOut => ("退出登录", "Logged out"),
            EventKind::PasswordChanged => ("修改密码", "Password changed"),
            EventKind::ApiTokenCreated => ("新建 API 令牌「{name}」", "API token “{name}” made"),
            EventKind::ApiTokenRevoked => ("作废 API 令牌「{name}」", "API token “{name}” ended"),
            EventKind::PasswordReset => ("重置密码", "Password reset"),
            EventKind::UserCreated => ("新增人员 {name}", "Person {name} added"),
            EventKind::UserEdited => ("编辑人员 {name}", "Person {name} edited"),
            EventKind::UserDisabled => ("停用账号 {name}", "Account {name} disabled"),
            EventKind::UserEnabled => ("启用账号 {name}", "Account {name} enabled"),
            EventKind::TeamCreated => ("新增团队 {name}", "Team {name} added"),
            EventKind::TeamEdited => ("编辑团队 {name}", "Team {name} edited"),
            EventKind::TeamDeleted => ("删除团队 {name}", "Team {name} removed"),
            EventKind::SettingChanged => ("修改设置 {name}", "Setting {name} changed"),
            EventKind::NoticePublished => ("发布公告「{name}」", "Notice “{name}” published"),
            EventKind::NoticeWithdrawn => ("撤回公告「{name}」", "Notice “{name}” withdrawn"),
            EventKind::ImportDone => (
                "导入「{name}」：新增 {created}，更新 {updated}，跳过 {skipped}，错误 {bad}",
                "Imported “{name}”: {created} created, {updated} updated, {skipped} skipped, {bad} refused",
            ),
            EventKind::ImportUndone => {
                ("撤销导入「{name}」：撤回 {undone}，保留 {kept}", "Import “{name}” taken back: {undone} undone, {kept} kept")
            }
            EventKind::ExportMade => ("导出{kind} {rows} 行（{format}）", "Exported {kind}: {rows} rows ({format})"),
            EventKind::TargetSet => ("设定 {period} 业绩目标 {amount}", "Target for {period} set to {amount}"),
            EventKind::TargetRemoved => ("移除 {period} 业绩目标 {amount}", "Target for {period} of {amount} removed"),
            EventKind::TargetsImported => ("导入业绩目标 {count} 项", "{count} targets imported"),
            EventKind::SubscriptionMade => ("订阅报表，发到{channel}", "Subscribed to a report over {channel}"),
            EventKind::SubscriptionEnded => ("取消订阅报表", "Ended the subscription to a report"),
            EventKind::SettingMerged => ("{name} 合并到 {into}（{count} 条记录）", "{name} merged into {into} ({count} records)"),
            EventKind::ValueMerged => ("选项合并：{old} → {new}", "Value merged: {old} → {new}"),
            EventKind::GroupCreated => ("新建客户分组 {name}", "Customer group {name} made"),
            EventKind::GroupEdited => ("编辑客户分组 {name}", "Customer group {name} edited"),
            EventKind::GroupDeleted => ("删除客户分组 {name}", "Customer group {name} removed"),
            EventKind::CustomerGrouped => ("加入分组 {name}", "Added to group {name}"),
            EventKind::CustomerUngrouped => ("移出分组 {name}", "Removed from group {name}"),
            EventKind::BatchRun => ("批量操作「{action}」：{count} 个客户", "Batch “{action}”: {count} customers"),
        };
        if lang == Lang::Zh { zh } else { en }
    }
}

/// Something to be written down.
#[derive(Debug, Clone)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The kind of record: `customer`, `opportunity`, `plan`, `follow_up`, `task`, `user` …
    pub record_kind: &'static str,
    /// The record.
    pub record_id: i64,
    /// The customer whose timeline it belongs to.
    pub customer_id: Option<i64>,
    /// The opportunity whose timeline it belongs to.
    pub opportunity_id: Option<i64>,
    /// What the sentence needs, and under `changes` the changed fields.
    pub detail: Value,
}

impl Event {
    /// An event about a record.
    pub fn new(kind: EventKind, record_kind: &'static str, record_id: i64) -> Event {
        Event { kind, record_kind, record_id, customer_id: None, opportunity_id: None, detail: json!({}) }
    }

    /// On the timeline of a customer.
    #[must_use]
    pub fn on_customer(mut self, customer_id: i64) -> Event {
        self.customer_id = Some(customer_id);
        self
    }

    /// On the timeline of an opportunity, if any.
    #[must_use]
    pub fn on_opportunity(mut self, opportunity_id: Option<i64>) -> Event {
        self.opportunity_id = opportunity_id;
        self
    }

    /// With a member of its detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Event {
        self.detail[name] = json!(value);
        self
    }

    /// With the fields that changed.
    #[must_use]
    pub fn with_changes(self, changes: &[Change]) -> Event {
        self.with("changes", changes)
    }
}

/// One field before and after; both as the API would show them, empty for nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The field.
    pub field: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

impl Change {
    /// A change of `field`, if there is one.
    pub fn of(field: &str, old: impl ToString, new: impl ToString) -> Option<Change> {
        let (old, new) = (old.to_string(), new.to_string());
        (old != new).then(|| Change { field: field.to_owned(), old, new })
    }

    /// The same for values that may be missing.
    pub fn of_optional(field: &str, old: Option<impl ToString>, new: Option<impl ToString>) -> Option<Change> {
        let text = |value: Option<String>| value.unwrap_or_default();
        Change::of(field, text(old.map(|value| value.to_string())), text(new.map(|value| value.to_string())))
    }
}

row! {
    /// An event as it was kept.
    #[derive(Debug, Clone)]
    pub struct Entry {
        /// Its id.
        pub id: i64 = "e.id",
        at: Instant = "e.at",
        kind: EventKind = "e.kind",
        record_kind: String = "e.record_kind",
        record_id: i64 = "e.record_id",
        by_name: Option<String> = "u.name",
        cause: String = "e.cause",
        detail: String = "e.detail",
    }
}

/// One entry of a timeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Its id.
    pub id: i64,
    /// When it happened.
    pub at: Instant,
    /// Who did it; 「系统：…」 with the cause when nobody did.
    pub by_name: String,
    /// What happened, for programs.
    #[schema(value_type = String)]
    pub kind: EventKind,
    /// The kind of record it is about.
    pub record_kind: String,
    /// The record.
    pub record_id: i64,
    /// What happened, in the reader's language.
    pub title: String,
    /// The fields that changed.
    pub changes: Vec<LabelledChange>,
    /// Whatever else there is to show.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// A changed field with its name in the reader's language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LabelledChange {
    /// The field.
    pub field: String,
    /// Its name.
    pub label: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

impl Entry {
    /// The entry in the reader's words.
    pub fn told(self, lang: Lang) -> TimelineEntry {
        let mut detail: Value = serde_json::from_str(&self.detail).unwrap_or_default();
        let changes: Vec<Change> = serde_json::from_value(detail["changes"].take()).unwrap_or_default();
        if let Some(members) = detail.as_object_mut() {
            members.remove("changes");
        }
        let by_name = match (self.by_name, lang) {
            (Some(name), _) => name,
            (None, Lang::Zh) => format!("系统：{}", self.cause),
            (None, Lang::En) => format!("System: {}", self.cause),
        };
        TimelineEntry {
            id: self.id,
            at: self.at,
            by_name,
            kind: self.kind,
            record_id: self.record_id,
            title: fill(self.kind.template(lang), &detail, lang),
            changes: changes
                .into_iter()
                .map(|change| LabelledChange {
                    label: label(&self.record_kind, &change.field, lang),
                    field: change.field,
                    old: change.old,
                    new: change.new,
                })
                .collect(),
            record_kind: self.record_kind,
            detail,
        }
    }
}

/// Puts the members of `detail` into a sentence; a member `{"zh", "en"}` speaks the reader's language.
pub(crate) fn fill(template: &str, detail: &Value, lang: Lang) -> String {
    let mut out = template.to_owned();
    for (name, value) in detail.as_object().into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Object(words) => {
                words.get(if lang == Lang::Zh { "zh" } else { "en" }).and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            other => other.to_string(),
        };
        out = out.replace(&format!("{{{name}}}"), &text);
    }
    out
}

/// The name of a field of a kind of record on screen.
pub(super) fn label(kind: &str, field: &str, lang: Lang) -> String {
    let (zh, en) = match field {
        "name" => ("名称", "Name"),
        "contact_name" => ("联系人", "Contact"),
        "phone" => ("联系电话", "Phone"),
        "phone_check" => ("号码验证", "Phone check"),
        "email" => ("邮箱", "E-mail"),
        "marketing_consent" => ("同意接收营销资料", "Marketing consent"),
        "industry" => ("所属行业", "Industry"),
        "region" => ("区域", "Region"),
        "source_channels" => ("来源渠道", "Sources"),
        "source_detail" => ("来源详情", "Source detail"),
        "tags" => ("标签", "Tags"),
        "credit_code" => ("统一社会信用代码", "Credit code"),
        "address" => ("地址", "Address"),
        "remark" => ("备注", "Remark"),
        "requirement" => ("客户需求", "Requirement"),
        "status" if kind == "customer" => ("客户状态", "Status"),
        "status" => ("状态", "Status"),
        "follow_up_status" => ("跟进状态", "Follow-up status"),
        "deal_date" => ("成交日期", "Deal date"),
        "contract_amount" => ("合同金额", "Contract amount"),
        "owner" => ("负责人", "Owner"),
        "team" => ("团队", "Team"),
        "on_leave_from" => ("休假开始", "On leave from"),
        "on_leave_until" => ("休假至", "On leave until"),
        "people" => ("人员", "People"),
        "stages" => ("阶段", "Stages"),
        "regions" => ("区域", "Regions"),
        "due_workdays" => ("工作日", "Working days"),
        "assignee" => ("执行人", "Assignee"),
        "enabled" => ("启用", "Enabled"),
        "position" => ("顺序", "Order"),
        "title" => ("职务", "Title"),
        "primary" => ("主联系人", "Main contact"),
        "expected_amount" => ("预计成交金额", "Expected amount"),
        "expected_close_date" => ("预计成交日期", "Expected close"),
        "forecast_class" => ("预测类别", "Forecast class"),
        "won_amount" => ("成交金额", "Won amount"),
        "won_date" => ("成交日期", "Won on"),
        "lost_reason" => ("输单原因", "Lost reason"),
        "competitor" => ("竞争对手", "Competitor"),
        "stage" => ("阶段", "Stage"),
        "starts_at" => ("开始时间", "Start"),
        "ends_at" => ("结束时间", "End"),
        "method" => ("跟进方式", "Method"),
        "content" => ("内容", "Content"),
        "result" => ("沟通结果", "Result"),
        "next_action" => ("下一步行动", "Next action"),
        "next_action_due" => ("下一步日期", "Next action due"),
        "contacted_at" => ("联系时间", "Contacted at"),
        "kind" => ("类型", "Kind"),
        "due_date" => ("截止日期", "Due date"),
        "role" => ("角色", "Role"),
        "referrer" => ("介绍人", "Referrer"),
        "customer" => ("客户", "Customer"),
        "opportunity" => ("商机", "Opportunity"),
        "contacts" => ("联系人信息", "Contacts"),
        "deleted" => ("已删除", "Deleted"),
        "merged_into" => ("合并至", "Merged into"),
        other => (other, other),
    };
    (if lang == Lang::Zh { zh } else { en }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_takes_its_words_from_the_detail() {
        let detail = json!({ "name": "ERP", "from": { "zh": "初步接触", "en": "First contact" }, "to": { "zh": "成交", "en": "Won" } });
        assert_eq!(fill(EventKind::StageChanged.template(Lang::Zh), &detail, Lang::Zh), "商机「ERP」阶段：初步接触 → 成交");
        assert_eq!(fill(EventKind::StageChanged.template(Lang::En), &detail, Lang::En), "“ERP” moved: First contact → Won");
    }
}
