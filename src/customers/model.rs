//! What a customer is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::completeness::{Filled, Missing};
use crate::assignment::{Assign, Assignment};
use crate::error::Warning;
use crate::history::Change;
use crate::identity::model::{MaybeNamed, Named};
use crate::platform::draft::{Choice, Given};
use crate::platform::http::Versioned;
use crate::platform::types::{Day, Instant, Money, Phone};
use crate::{row, words};

words! {
    /// 客户状态
    pub enum Status {
        /// 潜在客户
        Potential = "potential",
        /// 意向客户
        Active = "active",
        /// 成交客户
        Won = "won",
        /// 流失客户
        Lost = "lost",
    }
}

words! {
    /// 跟进状态, apart from the status (S27).
    pub enum FollowUpStatus {
        /// 未跟进
        NotStarted = "not_started",
        /// 跟进中
        InProgress = "in_progress",
        /// 暂缓
        Paused = "paused",
        /// 无效
        Invalid = "invalid",
    }
}

words! {
    /// Whether somebody has made sure that the phone is right (S17).
    pub enum PhoneCheck {
        /// 未验证
        Unverified = "unverified",
        /// 有效
        Valid = "valid",
        /// 无效
        Invalid = "invalid",
    }
}

row! {
    /// A customer as it is kept, with the names of what it refers to.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "c.id",
        pub number: String = "c.number",
        pub name: String = "c.name",
        pub contact_name: String = "c.contact_name",
        pub phone: String = "c.phone",
        pub phone_check: PhoneCheck = "c.phone_check",
        pub phone_checked_at: Option<Instant> = "c.phone_checked_at",
        pub phone_checked_by_name: Option<String> = "p.name",
        pub email: String = "c.email",
        pub marketing_consent: bool = "c.marketing_consent",
        pub industry: Named = "i.id, i.name",
        pub region: MaybeNamed = "r.id, r.name",
        pub source_detail: String = "c.source_detail",
        pub referrer_id: Option<i64> = "c.referrer_id",
        pub credit_code: Option<String> = "c.credit_code",
        pub address: String = "c.address",
        pub remark: String = "c.remark",
        pub requirement: String = "c.requirement",
        pub status: Status = "c.status",
        pub follow_up_status: FollowUpStatus = "c.follow_up_status",
        pub deal_date: Option<Day> = "c.deal_date",
        pub contract_amount: Option<Money> = "c.contract_amount",
        pub total_won_amount: Money = "c.total_won_amount",
        pub won_opportunity_id: Option<i64> = "c.won_opportunity_id",
        pub owner_id: Option<i64> = "c.owner_id",
        pub owner_name: Option<String> = "u.name",
        pub team_id: Option<i64> = "c.team_id",
        pub team_name: Option<String> = "t.name",
        pub last_followed_up_at: Instant = "c.last_followed_up_at",
        pub created_at: Instant = "c.created_at",
        pub created_by_name: Option<String> = "b.name",
        pub updated_at: Instant = "c.updated_at",
        pub version: i64 = "c.version",
        pub completeness: i64 = "c.completeness",
    }
}

/// What is going to happen next with a customer or an opportunity.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NextStep {
    /// `plan` or `task`.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
    /// An instant for a plan, a day for a task.
    pub at: String,
    /// What it is about.
    pub text: String,
}

/// A customer in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerRow {
    /// Id.
    pub id: i64,
    /// 客户编号, `CUST20240315001`; never changes, never used again (S23).
    pub number: String,
    /// 客户名称.
    pub name: String,
    /// 联系人姓名, of the main contact.
    pub contact_name: String,
    /// 联系电话: full on the record for those who may edit it, else shortened.
    pub phone: String,
    /// Whether the phone was verified.
    #[schema(value_type = String)]
    pub phone_check: PhoneCheck,
    /// 邮箱.
    pub email: Option<String>,
    /// 同意接收营销资料.
    pub marketing_consent: bool,
    /// 所属行业.
    pub industry: Named,
    /// 标签.
    pub tags: Vec<Named>,
    /// 区域.
    #[schema(value_type = Option<Named>)]
    pub region: MaybeNamed,
    /// 来源渠道; the first is the main source (S21).
    pub source_channels: Vec<Named>,
    /// 来源详情.
    pub source_detail: String,
    /// 统一社会信用代码.
    pub credit_code: Option<String>,
    /// 客户状态.
    #[schema(value_type = String)]
    pub status: Status,
    /// 跟进状态.
    #[schema(value_type = String)]
    pub follow_up_status: FollowUpStatus,
    /// 成交日期 of the latest deal.
    pub deal_date: Option<Day>,
    /// 合同金额 of the latest deal.
    pub contract_amount: Option<Money>,
    /// The sum of all deals.
    pub total_won_amount: Money,
    /// The opportunity of the latest deal.
    pub won_opportunity_id: Option<i64>,
    /// 负责人.
    pub owner_id: Option<i64>,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// The team it belongs to.
    pub team_id: Option<i64>,
    /// The team's name.
    pub team_name: Option<String>,
    /// The latest contact.
    pub last_followed_up_at: Option<Instant>,
    /// The next plan or open task.
    pub next_step: Option<NextStep>,
    /// True when the caller may edit it.
    pub can_edit: bool,
    /// 完整度, 30 to 100 (I49).
    pub completeness: i64,
    /// When it was entered.
    pub created_at: Instant,
    /// When people last edited it.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

/// A customer with everything about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Customer {
    /// What lists show, too.
    #[serde(flatten)]
    pub row: CustomerRow,
    /// 地址.
    pub address: String,
    /// 备注.
    pub remark: String,
    /// 客户需求; its versions are kept (S6).
    pub requirement: String,
    /// The customer who referred this one (S22).
    pub referrer_id: Option<i64>,
    /// When the phone was verified; null when it was not (S17).
    pub phone_checked_at: Option<Instant>,
    /// By whom.
    pub phone_checked_by_name: Option<String>,
    /// Who entered it.
    pub created_by_name: Option<String>,
    /// What would make it more complete, the heaviest first (I49).
    pub missing: Vec<Missing>,
    /// Saved, yet doubtful (S17).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// How it came to its owner; only in the answer to a creation by the rules (S65).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
}

impl Versioned for Customer {
    fn version(&self) -> i64 {
        self.row.version
    }
}

/// What stands beside a kept customer in other tables.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub tags: Vec<Named>,
    pub sources: Vec<Named>,
    pub next_step: Option<NextStep>,
    pub can_edit: bool,
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Kept {
    /// The customer as lists show it: always with the phone shortened.
    pub fn row(&self, beside: Beside) -> CustomerRow {
        CustomerRow {
            id: self.id,
            number: self.number.clone(),
            name: self.name.clone(),
            contact_name: self.contact_name.clone(),
            phone: shortened(&self.phone),
            phone_check: self.phone_check,
            email: some(&self.email),
            marketing_consent: self.marketing_consent,
            industry: self.industry.clone(),
            tags: beside.tags,
            region: self.region.clone(),
            source_channels: beside.sources,
            source_detail: self.source_detail.clone(),
            credit_code: self.credit_code.clone(),
            status: self.status,
            follow_up_status: self.follow_up_status,
            deal_date: self.deal_date,
            contract_amount: self.contract_amount,
            total_won_amount: self.total_won_amount,
            won_opportunity_id: self.won_opportunity_id,
            owner_id: self.owner_id,
            owner_name: self.owner_name.clone(),
            team_id: self.team_id,
            team_name: self.team_name.clone(),
            last_followed_up_at: (self.last_followed_up_at.ms() > 0).then_some(self.last_followed_up_at),
            next_step: beside.next_step,
            can_edit: beside.can_edit,
            completeness: self.completeness,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }

    /// The whole customer; the phone is full for those who may edit it.
    pub fn whole(self, beside: Beside) -> Customer {
        let mut row = self.row(beside);
        if row.can_edit {
            row.phone.clone_from(&self.phone);
        }
        let missing = Filled {
            email: self.email.clone(),
            region_id: self.region.0.as_ref().map(|region| region.id),
            credit_code: self.credit_code.clone(),
            address: self.address.clone(),
            requirement: self.requirement.clone(),
            phone_check: self.phone_check,
        }
        .missing();
        Customer {
            row,
            missing,
            address: self.address,
            remark: self.remark,
            requirement: self.requirement,
            referrer_id: self.referrer_id,
            phone_checked_at: self.phone_checked_at,
            phone_checked_by_name: self.phone_checked_by_name,
            created_by_name: self.created_by_name,
            warnings: Vec::new(),
            assignment: None,
        }
    }
}

/// `138****8000`.
pub fn shortened(phone: &str) -> String {
    Phone::from_stored(phone).map_or_else(String::new, |phone| phone.shortened())
}

/// A customer to be entered or edited (S14–S22).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerDraft {
    /// 客户名称 as on the business licence, 1–100 characters, unique (S15). Required.
    pub name: Given<String>,
    /// 联系人姓名 of the main contact, 1–50 characters. Required.
    pub contact_name: Given<String>,
    /// On creation only: 职务 of the main contact, ≤ 50 characters.
    pub contact_title: Given<String>,
    /// 联系电话, an 11-digit mobile number (S17). Required.
    pub phone: Given<String>,
    /// 邮箱.
    pub email: Given<String>,
    /// 同意接收营销资料 (S18).
    pub marketing_consent: Given<bool>,
    /// 所属行业: id or name. Required.
    pub industry: Given<Choice>,
    /// 标签: ids or names, at most 20; a new name makes a new tag (S20).
    pub tags: Given<Vec<Choice>>,
    /// 区域: id or name.
    pub region: Given<Choice>,
    /// 来源渠道: ids or names, the first is the main one. Required.
    pub source_channels: Given<Vec<Choice>>,
    /// 来源详情, ≤ 200 characters; required when a channel demands it (S14).
    pub source_detail: Given<String>,
    /// The referring customer: id or number (S22).
    pub referrer: Given<Choice>,
    /// 统一社会信用代码.
    pub credit_code: Given<String>,
    /// 地址, ≤ 200 characters.
    pub address: Given<String>,
    /// 备注, ≤ 2000 characters.
    pub remark: Given<String>,
    /// 客户需求, ≤ 2000 characters (S6).
    pub requirement: Given<String>,
    /// 客户状态: `potential`, `active`, `lost`; `won` is reached by its own verb.
    #[schema(value_type = Option<String>)]
    pub status: Given<Status>,
    /// The owner; one's own self by default. On an edit the customer is handed over, and both are told.
    pub owner_id: Given<i64>,
    /// The team it belongs to, one of its owner's; by default the one worked in, or that of the new owner (S13).
    pub team_id: Given<i64>,
    /// On creation only: `rules` to have the rules say who gets it (S65); then nobody is named.
    #[schema(value_type = Option<String>)]
    pub assign: Given<Assign>,
    /// On edits only: 跟进状态 (S27).
    #[schema(value_type = Option<String>)]
    pub follow_up_status: Given<FollowUpStatus>,
    /// On edits only: the result of verifying the phone (S17).
    #[schema(value_type = Option<String>)]
    pub phone_check: Given<PhoneCheck>,
    /// On edits of the requirement: the follow-up record of this customer in which it was told (S6).
    pub requirement_follow_up_id: Given<i64>,
    /// On edits that leave `won`: whether the won opportunity is opened again (S30).
    pub reopen_opportunity: Given<bool>,
    /// 成交日期: refused here, the verb that wins takes it (S28).
    pub deal_date: Given<Day>,
    /// 合同金额: refused here, the verb that wins takes it (S28).
    pub contract_amount: Given<Money>,
}

/// The facts of a customer that people enter, all of them good.
#[derive(Debug, Clone)]
pub struct Facts {
    pub name: String,
    pub contact_name: String,
    pub phone: String,
    pub email: String,
    pub marketing_consent: bool,
    pub industry: Named,
    pub tags: Vec<Named>,
    pub region: Option<Named>,
    pub sources: Vec<Named>,
    pub source_detail: String,
    pub referrer_id: Option<i64>,
    pub credit_code: Option<String>,
    pub address: String,
    pub remark: String,
    pub requirement: String,
    pub status: Status,
    pub follow_up_status: FollowUpStatus,
    pub phone_check: PhoneCheck,
}

/// Names in a log row.
fn joined(names: &[Named]) -> String {
    names.iter().map(|name| name.name.as_str()).collect::<Vec<_>>().join("、")
}

impl Facts {
    /// The facts of a kept customer.
    pub fn of(kept: &Kept, tags: Vec<Named>, sources: Vec<Named>) -> Facts {
        Facts {
            name: kept.name.clone(),
            contact_name: kept.contact_name.clone(),
            phone: kept.phone.clone(),
            email: kept.email.clone(),
            marketing_consent: kept.marketing_consent,
            industry: kept.industry.clone(),
            tags,
            region: kept.region.0.clone(),
            sources,
            source_detail: kept.source_detail.clone(),
            referrer_id: kept.referrer_id,
            credit_code: kept.credit_code.clone(),
            address: kept.address.clone(),
            remark: kept.remark.clone(),
            requirement: kept.requirement.clone(),
            status: kept.status,
            follow_up_status: kept.follow_up_status,
            phone_check: kept.phone_check,
        }
    }

    /// What changed from `before` to these facts (S26, I50). Phones are shortened: the log is read by more people than the record.
    pub fn changes_since(&self, before: &Facts) -> Vec<Change> {
        let name_of = |region: &Option<Named>| region.as_ref().map(|region| region.name.clone());
        let phone = (before.phone != self.phone).then(|| Change {
            field: "phone".into(),
            old: shortened(&before.phone),
            new: shortened(&self.phone),
        });
        [
            Change::of("name", &before.name, &self.name),
            Change::of("contact_name", &before.contact_name, &self.contact_name),
            phone,
            Change::of("email", &before.email, &self.email),
            Change::of("marketing_consent", before.marketing_consent, self.marketing_consent),
            Change::of("industry", &before.industry.name, &self.industry.name),
            Change::of("tags", joined(&before.tags), joined(&self.tags)),
            Change::of_optional("region", name_of(&before.region), name_of(&self.region)),
            Change::of("source_channels", joined(&before.sources), joined(&self.sources)),
            Change::of("source_detail", &before.source_detail, &self.source_detail),
            Change::of_optional("referrer", before.referrer_id, self.referrer_id),
            Change::of_optional("credit_code", before.credit_code.as_ref(), self.credit_code.as_ref()),
            Change::of("address", &before.address, &self.address),
            Change::of("remark", &before.remark, &self.remark),
            Change::of("requirement", &before.requirement, &self.requirement),
            Change::of("status", before.status.word(), self.status.word()),
            Change::of("follow_up_status", before.follow_up_status.word(), self.follow_up_status.word()),
            Change::of("phone_check", before.phone_check.word(), self.phone_check.word()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Why a customer is deleted.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reason {
    /// 1–200 characters.
    pub reason: Given<String>,
}
