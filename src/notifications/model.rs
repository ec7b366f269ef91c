//! Messages to a person and their words.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::channels::{Message, Topic};
use crate::history::model::fill;
use crate::platform::types::{Instant, Lang};
use crate::{row, words};

words! {
    /// What a message is about.
    pub enum NoticeKind {
        /// A planned follow-up is near (S45).
        PlanReminder = "plan_reminder",
        /// A planned follow-up is near, as its owner asked to be told (I13).
        PlanOwnReminder = "plan_own_reminder",
        /// The work of the day; not for the message centre (I14).
        DailyWork = "daily_work",
        /// Nobody has spoken to a customer for long (I15).
        CustomerSilent = "customer_silent",
        /// The day an opportunity was to be won has passed (I16).
        CloseOverdue = "close_overdue",
        /// A customer's share is about to end (I16).
        ShareEnding = "share_ending",
        /// Somebody gave a plan to the reader.
        PlanReceived = "plan_received",
        /// A plan of the reader went to somebody else.
        PlanHandedOver = "plan_handed_over",
        /// Somebody gave a task to the reader (S61).
        TaskAssigned = "task_assigned",
        /// Somebody gave several tasks to the reader at once (S61).
        TasksAssigned = "tasks_assigned",
        /// A task was passed on to the reader (I6).
        TaskReceived = "task_received",
        /// A task of the reader went to somebody else (I6).
        TaskHandedOver = "task_handed_over",
        /// A task the reader gave was done (I1).
        TaskCompleted = "task_completed",
        /// A task of the reader was called off.
        TaskCancelled = "task_cancelled",
        /// A task of the reader got another date (I5).
        TaskPostponed = "task_postponed",
        /// What the reader did was accepted (I3).
        TaskAccepted = "task_accepted",
        /// A task was sent back to the reader (I3).
        TaskReturned = "task_returned",
        /// Several tasks of the reader were called off at once (S60).
        TasksWithdrawn = "tasks_withdrawn",
        /// A task of the reader is overdue (I4).
        TaskOverdue = "task_overdue",
        /// A task of somebody the reader leads is overdue (I4).
        TeamTaskOverdue = "team_task_overdue",
        /// An opportunity came to the reader (S38).
        OpportunityReceived = "opportunity_received",
        /// An opportunity of the reader went to somebody else (S38).
        OpportunityHandedOver = "opportunity_handed_over",
        /// A customer came to the reader.
        CustomerReceived = "customer_received",
        /// A customer of the reader went to somebody else.
        CustomerHandedOver = "customer_handed_over",
        /// Several customers came to the reader at once.
        CustomersReceived = "customers_received",
        /// Several customers of the reader went to somebody else at once.
        CustomersHandedOver = "customers_handed_over",
        /// A notice was published to the reader (I62).
        NoticePublished = "notice_published",
        /// The reader was mentioned in a comment (S4).
        Mentioned = "mentioned",
        /// Somebody commented on a work report of the reader's, or on one submitted to the reader (I35).
        Commented = "commented",
        /// Somebody the reader leads submitted a work report (I35).
        WorkReportSubmitted = "work_report_submitted",
        /// The reader has not submitted today's report (I35).
        WorkReportMissing = "work_report_missing",
        /// A long batch of the reader has ended (S33).
        BatchFinished = "batch_finished",
        /// A customer was shared with the reader (S3).
        CustomerShared = "customer_shared",
        /// A customer of the reader was merged with another.
        CustomerMerged = "customer_merged",
    }
}

impl NoticeKind {
    /// Under which topic a person chooses it.
    pub fn topic(self) -> Topic {
        match self {
            NoticeKind::PlanReminder | NoticeKind::PlanOwnReminder => Topic::PlanReminder,
            NoticeKind::PlanReceived | NoticeKind::PlanHandedOver => Topic::Plans,
            NoticeKind::TaskOverdue | NoticeKind::TeamTaskOverdue => Topic::Overdue,
            NoticeKind::TaskAssigned
            | NoticeKind::TasksAssigned
            | NoticeKind::TaskReceived
            | NoticeKind::TaskHandedOver
            | NoticeKind::TaskCompleted
            | NoticeKind::TaskCancelled
            | NoticeKind::TaskAccepted
            | NoticeKind::TaskReturned
            | NoticeKind::TasksWithdrawn
            | NoticeKind::TaskPostponed => Topic::Tasks,
            NoticeKind::NoticePublished => Topic::Notices,
            NoticeKind::Mentioned | NoticeKind::Commented => Topic::Comments,
            NoticeKind::WorkReportSubmitted | NoticeKind::WorkReportMissing => Topic::WorkReports,
            NoticeKind::DailyWork => Topic::Daily,
            NoticeKind::CustomerSilent => Topic::Silence,
            NoticeKind::CloseOverdue | NoticeKind::ShareEnding => Topic::Expiry,
            NoticeKind::OpportunityReceived
            | NoticeKind::OpportunityHandedOver
            | NoticeKind::CustomerReceived
            | NoticeKind::CustomerHandedOver
            | NoticeKind::CustomersReceived
            | NoticeKind::CustomersHandedOver
            | NoticeKind::BatchFinished
            | NoticeKind::CustomerMerged
            | NoticeKind::CustomerShared => Topic::HandOvers,
        }
    }

    /// Title and body; `{…}` stands for a member of the detail.
    fn templates(self, lang: Lang) -> (&'static str, &'static str) {
        let (zh, en) = match self {
            NoticeKind::PlanReminder => (
                ("跟进提醒{mark}：{customer}", "{starts} {method}{opportunity}：{content}"),
                ("Follow-up reminder{mark}: {customer}", "{starts} {method}{opportunity}: {content}"),
            ),
            NoticeKind::PlanOwnReminder => (
                ("{ahead}后跟进：{customer}", "{starts} {method}{opportunity}：{content}"),
                ("Follow-up in {ahead}: {customer}", "{starts} {method}{opportunity}: {content}"),
            ),
            NoticeKind::DailyWork => (
                ("今日工作：{plans}个计划、{due}项到期、{overdue}项逾期", "{lines}"),
                ("Today: {plans} planned, {due} due, {overdue} overdue", "{lines}"),
            ),
            NoticeKind::CustomerSilent => (
                ("{days}天未跟进：{customer}", "客户编号 {number}，上次联系 {last}"),
                ("No contact for {days} days: {customer}", "Number {number}, last contact {last}"),
            ),
            NoticeKind::CloseOverdue => (
                ("预计成交日已过：{opportunity}", "客户：{customer}，预计成交日 {due}"),
                ("Expected close has passed: {opportunity}", "Customer: {customer}, expected {due}"),
            ),
            NoticeKind::ShareEnding => {
                (("客户共享将于 {due} 到期：{customer}", "客户编号 {number}"), ("The share of {customer} ends on {due}", "Number {number}"))
            }
            NoticeKind::PlanReceived => (
                ("{by} 把跟进计划交给您：{customer}", "{starts} {method}{opportunity}：{content}"),
                ("{by} gave you a follow-up plan: {customer}", "{starts} {method}{opportunity}: {content}"),
            ),
            NoticeKind::PlanHandedOver => (
                ("{by} 把您的跟进计划交给 {name}：{customer}", "{starts} {method}{opportunity}：{content}"),
                ("{by} gave your follow-up plan to {name}: {customer}", "{starts} {method}{opportunity}: {content}"),
            ),
            NoticeKind::TaskAssigned => {
                (("新任务：{kind}", "{content}（截止 {due}，{by} 指派）"), ("New task: {kind}", "{content} (due {due}, from {by})"))
            }
            NoticeKind::TasksAssigned => (
                ("新任务：{kind}，共 {count} 项", "{content}（截止 {due}，{by} 指派）"),
                ("{count} new tasks: {kind}", "{content} (due {due}, from {by})"),
            ),
            NoticeKind::TasksWithdrawn => (
                ("{by} 撤回了任务：{kind}，共 {count} 项", "{content}（截止 {due}）"),
                ("{by} withdrew {count} tasks: {kind}", "{content} (due {due})"),
            ),
            NoticeKind::TaskAccepted => (("{by} 验收了任务：{kind}", "{content}"), ("{by} accepted a task: {kind}", "{content}")),
            NoticeKind::TaskReturned => {
                (("{by} 退回了任务：{kind}", "{content}：{reason}"), ("{by} sent a task back: {kind}", "{content}: {reason}"))
            }
            NoticeKind::TaskReceived => (
                ("{by} 把任务转给您：{kind}", "{content}（截止 {due}）{reason}"),
                ("{by} passed a task on to you: {kind}", "{content} (due {due}) {reason}"),
            ),
            NoticeKind::TaskHandedOver => (
                ("{by} 把您的任务转给 {name}：{kind}", "{content}（截止 {due}）{reason}"),
                ("{by} passed your task on to {name}: {kind}", "{content} (due {due}) {reason}"),
            ),
            NoticeKind::TaskCompleted => {
                (("{by} 完成了任务：{kind}", "{content}：{feedback}"), ("{by} has done a task: {kind}", "{content}: {feedback}"))
            }
            NoticeKind::TaskCancelled => {
                (("{by} 取消了任务：{kind}", "{content}（截止 {due}）"), ("{by} called a task off: {kind}", "{content} (due {due})"))
            }
            NoticeKind::TaskPostponed => (
                ("{by} 调整了任务截止日期：{kind}", "{content}：{old} → {due} {reason}"),
                ("{by} changed a task's date: {kind}", "{content}: {old} → {due} {reason}"),
            ),
            NoticeKind::TaskOverdue => {
                (("任务逾期{days}天：{kind}", "{content}（截止 {due}）"), ("Task overdue by {days} d: {kind}", "{content} (due {due})"))
            }
            NoticeKind::TeamTaskOverdue => (
                ("{name} 的任务逾期{days}天：{kind}", "{content}（截止 {due}）"),
                ("A task of {name} is overdue by {days} d: {kind}", "{content} (due {due})"),
            ),
            NoticeKind::OpportunityReceived => (
                ("{by} 把商机交给您：{opportunity}", "客户：{customer}"),
                ("{by} gave you an opportunity: {opportunity}", "Customer: {customer}"),
            ),
            NoticeKind::OpportunityHandedOver => (
                ("{by} 把您的商机交给 {name}：{opportunity}", "客户：{customer}"),
                ("{by} gave your opportunity to {name}: {opportunity}", "Customer: {customer}"),
            ),
            NoticeKind::CustomerReceived => {
                (("{by} 把客户交给您：{customer}", "客户编号 {number}"), ("{by} gave you a customer: {customer}", "Number {number}"))
            }
            NoticeKind::CustomerHandedOver => (
                ("{by} 把您的客户交给 {name}：{customer}", "客户编号 {number}"),
                ("{by} gave your customer to {name}: {customer}", "Number {number}"),
            ),
            NoticeKind::CustomersReceived => (("{by} 把 {count} 个客户交给您", "{names}"), ("{by} gave you {count} customers", "{names}")),
            NoticeKind::CustomersHandedOver => {
                (("{by} 把您的 {count} 个客户交给 {name}", "{names}"), ("{by} gave {count} of your customers to {name}", "{names}"))
            }
            NoticeKind::NoticePublished => {
                (("公告：{title}", "{by} 发布，请阅读并确认"), ("Notice: {title}", "From {by}; please read and confirm"))
            }
            NoticeKind::Mentioned => (("{by} 提到了您：{record}", "{text}"), ("{by} mentioned you: {record}", "{text}")),
            NoticeKind::Commented => (("{by} 评论了{record}", "{text}"), ("{by} commented on the {record}", "{text}")),
            NoticeKind::WorkReportSubmitted => (("{by} 提交了{report}", "{text}"), ("{by} submitted the {report}", "{text}")),
            NoticeKind::WorkReportMissing => (
                ("今天的日报还没有提交", "{day}，提交后主管即可看到"),
                ("Today's report is not submitted yet", "{day}; your manager sees it once it is"),
            ),
            NoticeKind::BatchFinished => (
                ("批量操作「{action}」已完成", "成功 {done} 个，未处理 {failed} 个"),
                ("Batch “{action}” has ended", "{done} done, {failed} not done"),
            ),
            NoticeKind::CustomerShared => (
                ("{by} 把客户共享给您：{customer}", "客户编号 {number}（{access}）"),
                ("{by} shared a customer with you: {customer}", "Number {number} ({access})"),
            ),
            NoticeKind::CustomerMerged => (
                ("{by} 合并了客户：{winner}", "{loser} 已并入 {winner}"),
                ("{by} merged customers: {winner}", "{loser} went into {winner}"),
            ),
        };
        if lang == Lang::Zh { zh } else { en }
    }
}

/// A message about to be sent.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Who is told.
    pub user_id: i64,
    /// What it is about.
    pub kind: NoticeKind,
    /// What its words need, an object.
    pub detail: Value,
    /// Where it leads: a path of the page.
    pub link: String,
    /// True when it is sent later than it was due (补发, S46).
    pub late: bool,
    /// What must be told only once: a second message with the same key is silently not sent.
    pub dedupe_key: Option<String>,
    /// What it is about: kind and id of a record; `("message", 0)` when nothing is named.
    pub about: (&'static str, i64),
    /// The comment it tells of; 0 for none. What becomes of the comment becomes of its words here.
    pub comment_id: i64,
    /// When it was due; a message that has this stands in the ledger of reminders.
    pub due_at: Option<Instant>,
    /// Quiet hours do not hold it back beyond this moment.
    pub latest: Option<Instant>,
}

impl Notice {
    /// A message with its words.
    pub fn new(user_id: i64, kind: NoticeKind, detail: Value, link: String) -> Notice {
        Notice {
            user_id,
            kind,
            detail,
            link,
            late: false,
            dedupe_key: None,
            about: ("message", 0),
            comment_id: 0,
            due_at: None,
            latest: None,
        }
    }
}

impl Notice {
    /// The message as it leaves the house.
    pub fn message(&self, key: String, now: Instant) -> Message {
        let words = |lang| (titled(self.kind, &self.detail, self.late, lang), fill(self.kind.templates(lang).1, &self.detail, lang));
        Message {
            user_id: self.user_id,
            topic: self.kind.topic(),
            kind: self.kind.word(),
            zh: words(Lang::Zh),
            en: words(Lang::En),
            link: self.link.clone(),
            about: self.about,
            due_at: self.due_at.unwrap_or(now),
            latest: self.latest,
            key,
        }
    }
}

fn titled(kind: NoticeKind, detail: &Value, late: bool, lang: Lang) -> String {
    let late = match (late, lang) {
        (false, _) => "",
        (true, Lang::Zh) => "【补发】",
        (true, Lang::En) => "[late] ",
    };
    format!("{late}{}", fill(kind.templates(lang).0, detail, lang))
}

row! {
    /// A message as it was kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        id: i64 = "n.id",
        kind: NoticeKind = "n.kind",
        detail: String = "n.detail",
        link: String = "n.link",
        late: bool = "n.late",
        created_at: Instant = "n.created_at",
        read_at: Instant = "n.read_at",
    }
}

/// A message to the reader (I17).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notification {
    /// Id.
    pub id: i64,
    /// What it is about, for programs.
    #[schema(value_type = String)]
    pub kind: NoticeKind,
    /// One line, in the reader's language.
    pub title: String,
    /// The rest.
    pub body: String,
    /// Where it leads: a path of the page, such as `/opportunities/12`.
    pub link: String,
    /// When it was read; null while unread.
    pub read_at: Option<Instant>,
    /// When it was sent.
    pub created_at: Instant,
    /// True when it came later than it was due (补发).
    pub late: bool,
}

impl Kept {
    /// The message in the reader's words.
    pub fn told(self, lang: Lang) -> Notification {
        let detail: Value = serde_json::from_str(&self.detail).unwrap_or_default();
        let body = self.kind.templates(lang).1;
        Notification {
            id: self.id,
            kind: self.kind,
            title: titled(self.kind, &detail, self.late, lang),
            body: fill(body, &detail, lang),
            link: self.link,
            read_at: (self.read_at.ms() > 0).then_some(self.read_at),
            created_at: self.created_at,
            late: self.late,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_late_reminder_says_so_in_both_languages() {
        let detail = json!({
            "customer": "华为技术", "starts": "2024-03-20 14:00", "method": "电话拜访", "content": "确认报价",
            "opportunity": { "zh": "（ERP）", "en": " (ERP)" }, "mark": { "zh": "（不足1天）", "en": " (less than a day ahead)" },
        });
        let kept = Kept {
            id: 1,
            kind: NoticeKind::PlanReminder,
            detail: detail.to_string(),
            link: "/opportunities/1".into(),
            late: true,
            created_at: Instant::from_ms(1),
            read_at: Instant::from_ms(0),
        };
        let zh = kept.clone().told(Lang::Zh);
        assert_eq!(zh.title, "【补发】跟进提醒（不足1天）：华为技术");
        assert_eq!(zh.body, "2024-03-20 14:00 电话拜访（ERP）：确认报价");
        assert_eq!(zh.read_at, None);
        assert_eq!(kept.told(Lang::En).title, "[late] Follow-up reminder (less than a day ahead): 华为技术");
    }

    #[test]
    fn every_kind_has_words_in_both_languages() {
        for kind in NoticeKind::ALL {
            assert_ne!(kind.templates(Lang::Zh).0, kind.templates(Lang::En).0);
        }
    }
}
