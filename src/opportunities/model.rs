//! What an opportunity is, and the pure rules of moving it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forecast::ForecastClass;
use crate::customers::NextStep;
use crate::error::{Error, Fields, Result, Warning};
use crate::platform::draft::{Choice, Given};
use crate::platform::http::Versioned;
use crate::platform::types::{Day, FieldCode, Instant, Money, name};
use crate::settings::{Stage, StageKind};
use crate::{row, words};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

words! {
    /// Whether an opportunity is still worked on.
    pub enum Status {
        /// 进行中
        Open = "open",
        /// 赢单
        Won = "won",
        /// 输单
        Lost = "lost",
    }
}

impl From<StageKind> for Status {
    fn from(kind: StageKind) -> Status {
        match kind {
            StageKind::Open => Status::Open,
            StageKind::Won => Status::Won,
            StageKind::Lost => Status::Lost,
        }
    }
}

row! {
    /// An opportunity as it is kept, with the names of what it refers to.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "o.id",
        pub number: String = "o.number",
        pub name: String = "o.name",
        pub customer_id: i64 = "o.customer_id",
        pub customer_number: String = "c.number",
        pub customer_name: String = "c.name",
        pub expected_amount: Money = "o.expected_amount",
        pub owner_id: Option<i64> = "o.owner_id",
        pub owner_name: Option<String> = "u.name",
        pub team_id: Option<i64> = "o.team_id",
        pub team_name: Option<String> = "t.name",
        pub stage: String = "o.stage",
        pub probability: i64 = "s.probability",
        pub limit_days: Option<i64> = "s.limit_days",
        pub status: Status = "o.status",
        pub expected_close_on: String = "o.expected_close_on",
        pub won_amount: Option<Money> = "o.won_amount",
        pub won_on: Option<Day> = "o.won_on",
        pub lost_reason: Option<String> = "o.lost_reason",
        pub competitor: Option<String> = "o.competitor",
        pub forecast_class: String = "o.forecast_class",
        pub source: String = "d.name",
        pub remark: String = "o.remark",
        pub entered_stage_at: Instant = "o.entered_stage_at",
        pub last_followed_up_at: Instant = "o.last_followed_up_at",
        pub created_at: Instant = "o.created_at",
        pub updated_at: Instant = "o.updated_at",
        pub version: i64 = "o.version",
    }
}

/// An opportunity as its reader sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Opportunity {
    /// Id.
    pub id: i64,
    /// 商机编号, `OPP20240315001` (S36).
    pub number: String,
    /// 商机名称.
    pub name: String,
    /// Its customer.
    pub customer_id: i64,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: String,
    /// 预计成交金额 (S37).
    pub expected_amount: Money,
    /// 负责人.
    pub owner_id: Option<i64>,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// The team.
    pub team_id: Option<i64>,
    /// The team's name.
    pub team_name: Option<String>,
    /// The key of the stage it stands at.
    pub stage: String,
    /// The stage's chance of winning, percent.
    pub probability: i64,
    /// `open`, `won`, `lost`.
    #[schema(value_type = String)]
    pub status: Status,
    /// 预计成交日期 (S40).
    pub expected_close_date: Option<Day>,
    /// 预计成交日已过: open, and the expected day is past.
    pub close_overdue: bool,
    /// What it was won for.
    pub won_amount: Option<Money>,
    /// When it was won.
    pub won_date: Option<Day>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// To whom it was lost, where that is known (I28).
    pub competitor: Option<String>,
    /// How sure an open one is: `commit` (承诺), `best_case` (最佳), `pipeline` (储备); null when it is closed (I27).
    #[schema(value_type = Option<String>)]
    pub forecast_class: Option<ForecastClass>,
    /// True when somebody said so; else its stage does.
    pub forecast_class_is_own: bool,
    /// 来源: the customer's main source (S34).
    pub source: String,
    /// 备注.
    pub remark: String,
    /// Since when it stands at its stage.
    pub entered_stage_at: Instant,
    /// Whole days at its stage.
    pub stay_days: i64,
    /// Longer at its stage than the stage's limit (S8).
    pub stuck: bool,
    /// The next plan or open task; none is a warning (S63).
    pub next_step: Option<NextStep>,
    /// The latest contact.
    pub last_followed_up_at: Option<Instant>,
    /// True when the caller may edit it.
    pub can_edit: bool,
    /// When it was entered.
    pub created_at: Instant,
    /// When people last edited it.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
    /// Saved, yet doubtful (S36).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Versioned for Opportunity {
    fn version(&self) -> i64 {
        self.version
    }
}

/// True when somebody has stayed at a stage for longer than its limit: exactly at the limit is not yet too long, a second more is (S8).
pub fn is_stuck(entered_at: Instant, now: Instant, limit_days: Option<i64>) -> bool {
    limit_days.is_some_and(|days| now.ms_since(entered_at) > days * DAY_MS)
}

impl Kept {
    /// The day it is expected to close, if one was given.
    pub fn expected_close_date(&self) -> Option<Day> {
        Day::from_stored(&self.expected_close_on)
    }

    /// The opportunity as its reader sees it.
    pub fn seen(self, now: Instant, today: Day, next_step: Option<NextStep>, can_edit: bool) -> Opportunity {
        let open = self.status == Status::Open;
        let expected_close_date = self.expected_close_date();
        Opportunity {
            close_overdue: open && expected_close_date.is_some_and(|day| day < today),
            stay_days: now.ms_since(self.entered_stage_at).max(0) / DAY_MS,
            stuck: open && is_stuck(self.entered_stage_at, now, self.limit_days),
            expected_close_date,
            id: self.id,
            number: self.number,
            name: self.name,
            customer_id: self.customer_id,
            customer_number: self.customer_number,
            customer_name: self.customer_name,
            expected_amount: self.expected_amount,
            owner_id: self.owner_id,
            owner_name: self.owner_name,
            team_id: self.team_id,
            team_name: self.team_name,
            stage: self.stage,
            probability: self.probability,
            status: self.status,
            won_amount: self.won_amount,
            won_date: self.won_on,
            lost_reason: self.lost_reason,
            competitor: self.competitor,
            forecast_class: open.then(|| ForecastClass::read(&self.forecast_class, self.probability)),
            forecast_class_is_own: open && !self.forecast_class.is_empty(),
            source: self.source,
            remark: self.remark,
            entered_stage_at: self.entered_stage_at,
            next_step,
            last_followed_up_at: (self.last_followed_up_at.ms() > 0).then_some(self.last_followed_up_at),
            can_edit,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            warnings: Vec::new(),
        }
    }
}

/// An opportunity to be entered or edited (S34–S40).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpportunityDraft {
    /// 商机名称, 1–100 characters. Required.
    pub name: Given<String>,
    /// 关联客户 by id; this or `customer_number` is required on creation and fixed afterwards.
    pub customer_id: Given<i64>,
    /// 关联客户 by number, in any case, spaces trimmed (S35).
    pub customer_number: Given<String>,
    /// 预计成交金额 in 元, at most two decimals, 0.00 allowed (S37). Required.
    pub expected_amount: Given<Money>,
    /// 预计成交日期 (S40).
    pub expected_close_date: Given<Day>,
    /// On creation: the key of an open stage; the first by default (S39).
    pub stage: Given<String>,
    /// 负责人: an active member of one's teams; oneself by default (S38).
    pub owner_id: Given<i64>,
    /// 备注, ≤ 2000 characters.
    pub remark: Given<String>,
    /// `commit` (承诺), `best_case` (最佳), `pipeline` (储备); null for what the stage says (I27).
    #[schema(value_type = Option<String>)]
    pub forecast_class: Given<ForecastClass>,
}

/// A move to another stage (S52).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StageChange {
    /// The key of the stage. Required.
    pub stage: Given<String>,
    /// 成交金额, more than 0; required for `won`.
    pub won_amount: Given<Money>,
    /// 成交日期, today or earlier; required for `won`.
    pub won_date: Given<Day>,
    /// 输单原因, 1–200 characters; required for `lost`.
    pub lost_reason: Given<String>,
    /// 竞争对手 it was lost to, 1–50 characters; only for `lost` (I28).
    pub competitor: Given<String>,
}

/// Where an opportunity goes, with what the place demands.
#[derive(Debug, Clone, PartialEq)]
pub enum Move {
    /// To an open stage.
    Open,
    /// Won, for how much and when.
    Won { amount: Money, on: Day },
    /// Lost: why, and to whom where that is known.
    Lost { reason: String, competitor: Option<String> },
}

impl StageChange {
    /// Judges a move to `stage`: 成交 asks amount and date, 输单 a reason, other stages neither (S28, S52).
    pub fn check(&self, stage: &Stage, today: Day) -> Result<Move> {
        let draft = self.clone();
        let mut fields = Fields::default();
        let outcome = match stage.kind {
            StageKind::Won => {
                let amount = draft.won_amount.and_then(Money::positive).required("won_amount", &mut fields);
                let on = draft.won_date.and_then(|day| day.not_after(today)).required("won_date", &mut fields);
                amount.zip(on).map(|(amount, on)| Move::Won { amount, on })
            }
            StageKind::Lost => {
                let competitor = draft.competitor.and_then(|text| name::text(&text, 50)).optional("competitor", &mut fields);
                let reason = draft.lost_reason.and_then(|text| name::text(&text, 200)).required("lost_reason", &mut fields);
                reason.map(|reason| Move::Lost { reason, competitor })
            }
            StageKind::Open => Some(Move::Open),
        };
        let misplaced = [
            ("won_amount", stage.kind != StageKind::Won && self.won_amount.is_given() && self.won_amount != Given::Null),
            ("won_date", stage.kind != StageKind::Won && self.won_date.is_given() && self.won_date != Given::Null),
            ("lost_reason", stage.kind != StageKind::Lost && self.lost_reason.is_given() && self.lost_reason != Given::Null),
            ("competitor", stage.kind != StageKind::Lost && self.competitor.is_given() && self.competitor != Given::Null),
        ];
        for (field, _) in misplaced.into_iter().filter(|(_, wrong)| *wrong) {
            fields.add(field, FieldCode::NotAllowed);
        }
        match outcome {
            Some(outcome) if fields.is_empty() => Ok(outcome),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

/// A customer is won (S28).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WinDraft {
    /// 成交日期, today or earlier. Required.
    pub deal_date: Given<Day>,
    /// 合同金额, more than 0. Required.
    pub contract_amount: Given<Money>,
    /// The opportunity that was won, or `"new"`; needed while there are open ones (S29).
    pub opportunity: Given<Choice>,
}

/// 「{客户名称}-成交-{YYYYMMDD}」; the customer's name is cut so that the whole has at most 100 characters (S29).
pub fn deal_name(customer: &str, on: Day) -> String {
    let tail = format!("-成交-{}", on.as_number());
    let head: String = customer.chars().take(100 - tail.chars().count()).collect();
    head + &tail
}

row! {
    /// A row of the stage log (S53).
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct StageLogRow {
        /// Id.
        pub id: i64 = "g.id",
        /// The stage left; null when the opportunity was entered.
        pub from: Option<String> = "g.from_stage",
        /// The stage entered.
        pub to: String = "g.to_stage",
        /// When, by the server's clock.
        pub at: Instant = "g.at",
        /// Who; null when the system did.
        pub by: Option<String> = "u.name",
        /// Why the system did.
        pub cause: String = "g.cause",
        /// How long it stood at the stage left, in seconds.
        pub seconds_in_previous: Option<i64> = "g.seconds_in_previous",
    }
}

/// A column of the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Column {
    /// The stage's key.
    pub stage: String,
    /// The stage's name.
    pub name: String,
    /// `open`, `won`, `lost`.
    #[schema(value_type = String)]
    pub kind: StageKind,
    /// How many opportunities stand there.
    pub count: i64,
    /// The sum of their amounts (what they were won for in the won column).
    pub sum: Money,
    /// The sum weighted with the stage's probability.
    pub weighted_sum: Money,
    /// The first of them, longest at the stage first.
    pub cards: Vec<Opportunity>,
    /// For the rest, through the list filtered by the stage.
    pub next_cursor: Option<String>,
}

/// The board: a column per stage; won and lost ones of the last 90 days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Board {
    /// In the order of the stages.
    pub columns: Vec<Column>,
    /// The moment the figures are of.
    pub as_of: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    // S8: exactly at the limit is not stuck, one second over is.
    #[test]
    fn stuck_begins_behind_the_limit() {
        let entered = Instant::parse("2024-03-01T09:00:00+08:00").unwrap();
        let at_limit = Instant::parse("2024-03-15T09:00:00+08:00").unwrap();
        assert!(!is_stuck(entered, at_limit, Some(14)));
        assert!(is_stuck(entered, at_limit.plus_ms(1_000), Some(14)));
        assert!(!is_stuck(entered, at_limit.plus_ms(1_000), None));
    }

    // S29: the whole name fits 100 characters.
    #[test]
    fn the_name_of_a_deal_is_cut_to_fit() {
        assert_eq!(deal_name("华为技术", day("2024-03-15")), "华为技术-成交-20240315");
        assert_eq!(deal_name(&"长".repeat(100), day("2024-03-15")).chars().count(), 100);
    }
}
