//! Plans of contacts to come and records of contacts that were (S41–S51).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::own_reminders::OwnReminders;
use crate::attachments::Attachment;
use crate::error::{Fields, Warning};
use crate::platform::draft::{Choice, Given, Input};
use crate::platform::http::Versioned;
use crate::platform::types::{BusinessZone, Day, FieldCode, Instant};
use crate::{row, words};

/// A record of a contact longer ago than this is marked 补录, in ms.
pub const LATE_ENTRY_MS: i64 = 24 * 3_600_000;

words! {
    /// Where a plan stands.
    pub enum PlanStatus {
        /// Still to come.
        Planned = "planned",
        /// A record was written from it.
        Done = "done",
        /// Called off.
        Cancelled = "cancelled",
    }
}

words! {
    /// What the next action becomes.
    pub enum NextAs {
        /// A task with a due date.
        Task = "task",
        /// A plan with a time.
        Plan = "plan",
    }
}

row! {
    /// A plan as it is kept.
    #[derive(Debug, Clone)]
    pub struct PlanRow {
        pub id: i64 = "p.id",
        pub customer_id: i64 = "p.customer_id",
        pub customer_name: String = "c.name",
        pub customer_number: String = "c.number",
        pub opportunity_id: Option<i64> = "p.opportunity_id",
        pub opportunity_name: Option<String> = "o.name",
        pub owner_id: i64 = "p.owner_id",
        pub owner_name: String = "w.name",
        pub starts_at: Instant = "p.starts_at",
        pub ends_at: Instant = "p.ends_at",
        pub method: String = "p.method",
        pub content: String = "p.content",
        pub status: PlanStatus = "p.status",
        pub follow_up_id: Option<i64> = "p.follow_up_id",
        pub remind_at: Instant = "p.remind_at",
        pub own_reminders: OwnReminders = "p.own_reminders",
        pub created_at: Instant = "p.created_at",
        pub version: i64 = "p.version",
    }
}

/// A planned contact (跟进计划).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Plan {
    /// Id.
    pub id: i64,
    /// The customer.
    pub customer_id: i64,
    /// Its name.
    pub customer_name: String,
    /// Its number.
    pub customer_number: String,
    /// The opportunity, if it is about one.
    pub opportunity_id: Option<i64>,
    /// Its name.
    pub opportunity_name: Option<String>,
    /// In whose calendar it stands.
    pub owner_id: i64,
    /// The owner's name.
    pub owner_name: String,
    /// Start.
    pub starts_at: Instant,
    /// End, on the same day.
    pub ends_at: Instant,
    /// How: a key of the dictionary `follow_up_method`.
    pub method: String,
    /// What it is about.
    pub content: String,
    /// `planned`, `done`, `cancelled`.
    #[schema(value_type = String)]
    pub status: PlanStatus,
    /// The record written from it.
    pub follow_up_id: Option<i64>,
    /// When the owner is (or was) reminded.
    pub remind_at: Instant,
    /// Further reminders the owner gets, in minutes before the start (I13).
    #[schema(value_type = Vec<i64>)]
    pub own_reminders: OwnReminders,
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// When it was made.
    pub created_at: Instant,
    /// For `If-Match`.
    pub version: i64,
    /// What looks doubtful: `PLAN_OVERLAP`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Versioned for Plan {
    fn version(&self) -> i64 {
        self.version
    }
}

impl PlanRow {
    /// The plan as its reader gets it.
    pub fn shown(self, can_edit: bool) -> Plan {
        Plan {
            id: self.id,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            customer_number: self.customer_number,
            opportunity_id: self.opportunity_id,
            opportunity_name: self.opportunity_name,
            owner_id: self.owner_id,
            owner_name: self.owner_name,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            method: self.method,
            content: self.content,
            status: self.status,
            follow_up_id: self.follow_up_id,
            remind_at: self.remind_at,
            own_reminders: self.own_reminders,
            can_edit,
            created_at: self.created_at,
            version: self.version,
            warnings: Vec::new(),
        }
    }
}

/// A plan to be made.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanDraft {
    /// The opportunity (id or number), or else the customer.
    #[schema(value_type = Option<Choice>)]
    pub opportunity_id: Given<Choice>,
    /// The customer (id or number).
    #[schema(value_type = Option<Choice>)]
    pub customer_id: Given<Choice>,
    /// Start, not in the past.
    pub starts_at: Given<Instant>,
    /// End, after the start and on the same day.
    pub ends_at: Given<Instant>,
    /// A key of the dictionary `follow_up_method`.
    pub method: Given<String>,
    /// What it is about, 1–500 characters.
    pub content: Given<String>,
    /// In whose calendar it stands; the caller's by default.
    pub owner_id: Given<i64>,
    /// Up to three reminders besides the one a day ahead, in minutes before the start, 15–10,080 (I13).
    #[schema(value_type = Option<Vec<i64>>)]
    pub own_reminders: Given<OwnReminders>,
}

/// A plan to be moved, changed, given to somebody else or called off.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanEdit {
    /// Start, not in the past.
    pub starts_at: Given<Instant>,
    /// End.
    pub ends_at: Given<Instant>,
    /// How.
    pub method: Given<String>,
    /// What it is about.
    pub content: Given<String>,
    /// In whose calendar it stands.
    pub owner_id: Given<i64>,
    /// `cancelled` calls it off.
    #[schema(value_type = Option<String>)]
    pub status: Given<PlanStatus>,
    /// The reminders besides the one a day ahead, in minutes before the start; all of them.
    #[schema(value_type = Option<Vec<i64>>)]
    pub own_reminders: Given<OwnReminders>,
}

/// Judges a slot: it ends after it starts and on the same business day, and what is newly set does not start in the past (S41).
/// `names` are the fields of start and end in the body.
pub fn judge_slot(
    names: (&'static str, &'static str),
    (starts_at, ends_at): (Instant, Instant),
    new_start: Option<Instant>,
    zone: &BusinessZone,
    fields: &mut Fields,
) {
    if new_start.is_some_and(|now| starts_at < now) {
        fields.add(
            names.0,
            FieldCode::Rule {
                code: "IN_PAST",
                zh: "开始时间不能早于当前时间；已发生的联系请填写跟进记录",
                en: "must not be in the past; a contact that has happened belongs in a follow-up record",
            },
        );
    }
    if ends_at <= starts_at {
        fields.add(names.1, FieldCode::EndBeforeStart);
    } else if ends_at.day_in(zone) != starts_at.day_in(zone) {
        fields.add(
            names.1,
            FieldCode::Rule {
                code: "OTHER_DAY", zh: "结束时间须与开始时间在同一天", en: "must be on the same day as the start"
            },
        );
    }
}

/// When a plan made at `now` is to be reminded of: a day ahead (S45), or at once when that has passed (S46).
pub fn remind_at(starts_at: Instant, now: Instant, zone: &BusinessZone) -> (Instant, Notice) {
    let a_day_before = starts_at.one_day_before(zone);
    if a_day_before < now { (now, Notice::Short) } else { (a_day_before, Notice::DayAhead) }
}

/// How much notice a reminder gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The whole day.
    DayAhead,
    /// Less than a day: reminded at once (不足1天).
    Short,
}

row! {
    /// A record as it is kept.
    #[derive(Debug, Clone)]
    pub struct FollowUpRow {
        pub id: i64 = "f.id",
        pub customer_id: i64 = "f.customer_id",
        pub customer_name: String = "c.name",
        pub customer_number: String = "c.number",
        pub opportunity_id: Option<i64> = "f.opportunity_id",
        pub opportunity_name: Option<String> = "o.name",
        pub plan_id: Option<i64> = "f.plan_id",
        pub author_id: i64 = "f.author_id",
        pub author_name: String = "w.name",
        pub method: String = "f.method",
        pub contacted_at: Instant = "f.contacted_at",
        pub result: String = "f.result",
        pub next_action: String = "f.next_action",
        pub next_action_due: Option<Day> = "f.next_action_due",
        pub late_entry: bool = "f.late_entry",
        pub task_id: Option<i64> = "f.task_id",
        pub next_plan_id: Option<i64> = "f.next_plan_id",
        pub created_at: Instant = "f.created_at",
        pub updated_at: Instant = "f.updated_at",
        pub version: i64 = "f.version",
    }
}

/// A contact that was (跟进记录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowUp {
    /// Id.
    pub id: i64,
    /// The customer.
    pub customer_id: i64,
    /// Its name.
    pub customer_name: String,
    /// Its number.
    pub customer_number: String,
    /// The opportunity, if it was about one.
    pub opportunity_id: Option<i64>,
    /// Its name.
    pub opportunity_name: Option<String>,
    /// The plan it was written from.
    pub plan_id: Option<i64>,
    /// Who wrote it.
    pub author_id: i64,
    /// The author's name.
    pub author_name: String,
    /// How: a key of the dictionary `follow_up_method`.
    pub method: String,
    /// When the contact was.
    pub contacted_at: Instant,
    /// 沟通结果.
    pub result: String,
    /// 下一步行动.
    pub next_action: String,
    /// By when.
    pub next_action_due: Option<Day>,
    /// True when it was written more than 24 h after the contact (补录).
    pub late_entry: bool,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// The task its next action became.
    pub task_id: Option<i64>,
    /// The plan its next action became.
    pub next_plan_id: Option<i64>,
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// When it was written.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
    /// What looks doubtful about the plan it led to: `PLAN_OVERLAP`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Versioned for FollowUp {
    fn version(&self) -> i64 {
        self.version
    }
}

impl FollowUpRow {
    /// The record as its reader gets it.
    pub fn shown(self, attachments: Vec<Attachment>, can_edit: bool) -> FollowUp {
        FollowUp {
            id: self.id,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            customer_number: self.customer_number,
            opportunity_id: self.opportunity_id,
            opportunity_name: self.opportunity_name,
            plan_id: self.plan_id,
            author_id: self.author_id,
            author_name: self.author_name,
            method: self.method,
            contacted_at: self.contacted_at,
            result: self.result,
            next_action: self.next_action,
            next_action_due: self.next_action_due,
            late_entry: self.late_entry,
            attachments,
            task_id: self.task_id,
            next_plan_id: self.next_plan_id,
            can_edit,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            warnings: Vec::new(),
        }
    }
}

/// A record to be written.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FollowUpDraft {
    /// The opportunity (id or number), or else the customer.
    #[schema(value_type = Option<Choice>)]
    pub opportunity_id: Given<Choice>,
    /// The customer (id or number).
    #[schema(value_type = Option<Choice>)]
    pub customer_id: Given<Choice>,
    /// The plan that is done by it; then neither opportunity nor customer need be given.
    pub plan_id: Given<i64>,
    /// How; the plan's method by default.
    pub method: Given<String>,
    /// When the contact was: now by default, never in the future.
    pub contacted_at: Given<Instant>,
    /// 沟通结果, 1–2000 characters.
    pub result: Given<String>,
    /// 下一步行动, 1–500 characters.
    pub next_action: Given<String>,
    /// By when the next action is due.
    pub next_action_due: Given<Day>,
    /// Makes a task or a plan of the next action, in the same step.
    #[schema(value_type = Option<String>)]
    pub next_action_as: Given<NextAs>,
    /// Whose task or plan that is; the caller's by default.
    pub next_action_owner_id: Given<i64>,
    /// With `next_action_as: plan`: its start; without start and end it is half an hour on the day of `next_action_due`.
    pub next_plan_starts_at: Given<Instant>,
    /// With `next_action_as: plan`: its end.
    pub next_plan_ends_at: Given<Instant>,
}

/// The record that completes a plan.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Completion {
    /// How; as planned by default.
    pub method: Given<String>,
    /// When the contact was: now by default, never in the future.
    pub contacted_at: Given<Instant>,
    /// 沟通结果, 1–2000 characters.
    pub result: Given<String>,
    /// 下一步行动, 1–500 characters.
    pub next_action: Given<String>,
    /// By when the next action is due.
    pub next_action_due: Given<Day>,
    /// Makes a task or a plan of the next action, in the same step.
    #[schema(value_type = Option<String>)]
    pub next_action_as: Given<NextAs>,
    /// Whose task or plan that is; the caller's by default.
    pub next_action_owner_id: Given<i64>,
    /// With `next_action_as: plan`: its start; without start and end it is half an hour on the day of `next_action_due`.
    pub next_plan_starts_at: Given<Instant>,
    /// With `next_action_as: plan`: its end.
    pub next_plan_ends_at: Given<Instant>,
}

impl Completion {
    /// The record it makes.
    pub fn of_plan(&self, plan_id: i64) -> FollowUpDraft {
        let draft = self.clone();
        FollowUpDraft {
            opportunity_id: Given::Absent,
            customer_id: Given::Absent,
            plan_id: Given::Value(plan_id),
            method: draft.method,
            contacted_at: draft.contacted_at,
            result: draft.result,
            next_action: draft.next_action,
            next_action_due: draft.next_action_due,
            next_action_as: draft.next_action_as,
            next_action_owner_id: draft.next_action_owner_id,
            next_plan_starts_at: draft.next_plan_starts_at,
            next_plan_ends_at: draft.next_plan_ends_at,
        }
    }
}

/// What can be changed of a record; who and when are kept (S47).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FollowUpEdit {
    /// How.
    pub method: Given<String>,
    /// 沟通结果.
    pub result: Given<String>,
    /// 下一步行动.
    pub next_action: Given<String>,
    /// By when.
    pub next_action_due: Given<Day>,
}

/// Judges when a contact was; true marks it 补录.
pub fn judge_contact(contacted_at: Instant, now: Instant) -> Result<bool, FieldCode> {
    if contacted_at > now {
        return Err(FieldCode::Rule { code: "IN_FUTURE", zh: "联系时间不能晚于当前时间", en: "must not be later than now" });
    }
    Ok(now.ms_since(contacted_at) > LATE_ENTRY_MS)
}

/// An end of a period: a day, whole, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// A business day.
    Day(Day),
    /// A moment.
    At(Instant),
}

impl Input for Bound {
    fn from_text(text: &str) -> Result<Bound, FieldCode> {
        Day::parse(text).map(Bound::Day).or_else(|_| Instant::parse(text).map(Bound::At).map_err(|_| FieldCode::InvalidDate))
    }
}

impl Bound {
    /// The first moment it means.
    pub fn first(self, zone: &BusinessZone) -> Instant {
        match self {
            Bound::Day(day) => Instant::start_of(day, zone),
            Bound::At(at) => at,
        }
    }

    /// The last moment it means.
    pub fn last(self, zone: &BusinessZone) -> Instant {
        match self {
            Bound::Day(day) => Instant::end_of(day, zone),
            Bound::At(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn codes(starts: &str, ends: &str, now: &str) -> Vec<String> {
        let mut fields = Fields::default();
        judge_slot(("starts_at", "ends_at"), (at(starts), at(ends)), Some(at(now)), &BusinessZone::default(), &mut fields);
        let text = format!("{fields:?}");
        ["IN_PAST", "EndBeforeStart", "OTHER_DAY"].iter().filter(|code| text.contains(**code)).map(|code| (*code).to_owned()).collect()
    }

    // S41
    #[test]
    fn a_slot_lies_ahead_and_within_one_business_day() {
        let now = "2024-03-18T09:00:00+08:00";
        assert!(codes("2024-03-20T14:00:00+08:00", "2024-03-20T15:00:00+08:00", now).is_empty());
        assert!(codes(now, "2024-03-18T09:00:01+08:00", now).is_empty());
        assert_eq!(codes("2024-03-18T08:59:59+08:00", "2024-03-18T10:00:00+08:00", now), ["IN_PAST"]);
        assert_eq!(codes("2024-03-20T14:00:00+08:00", "2024-03-20T14:00:00+08:00", now), ["EndBeforeStart"]);
        assert_eq!(codes("2024-03-20T23:00:00+08:00", "2024-03-21T00:30:00+08:00", now), ["OTHER_DAY"]);
        // The same day in Shanghai although not in UTC.
        assert!(codes("2024-03-20T07:30:00+08:00", "2024-03-20T08:30:00+08:00", now).is_empty());
    }

    // S45, S46
    #[test]
    fn the_reminder_is_a_day_ahead_or_at_once() {
        let zone = BusinessZone::default();
        let start = at("2024-03-20T14:00:00+08:00");
        let remind = |now: &str| remind_at(start, at(now), &zone);
        assert_eq!(remind("2024-03-18T09:00:00+08:00"), (at("2024-03-19T14:00:00+08:00"), Notice::DayAhead));
        assert_eq!(remind("2024-03-19T14:00:00+08:00"), (at("2024-03-19T14:00:00+08:00"), Notice::DayAhead));
        assert_eq!(remind("2024-03-19T14:00:01+08:00"), (at("2024-03-19T14:00:01+08:00"), Notice::Short));
    }

    // S47
    #[test]
    fn a_contact_is_never_ahead_and_late_after_a_day() {
        let now = at("2024-03-18T09:00:00+08:00");
        assert_eq!(judge_contact(now, now), Ok(false));
        assert_eq!(judge_contact(now.plus_ms(-LATE_ENTRY_MS), now), Ok(false));
        assert_eq!(judge_contact(now.plus_ms(-LATE_ENTRY_MS - 1), now), Ok(true));
        assert_eq!(judge_contact(now.plus_ms(1), now).unwrap_err().code(), "IN_FUTURE");
    }
}
