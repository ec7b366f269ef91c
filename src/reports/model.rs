//! What a report says: a table of figures, what they mean, and where the records behind each stand.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::types::{Day, Instant, Money};
use crate::{row, words};

words! {
    /// What a report is sliced by (S9).
    pub enum By {
        /// 团队
        Team = "team",
        /// 人员
        Owner = "owner",
        /// 区域
        Region = "region",
        /// 行业
        Industry = "industry",
        /// 主来源
        Source = "source_channel",
        /// 标签; a customer with several tags counts for each.
        Tag = "tag",
        /// 输单原因, of lost opportunities alone.
        LostReason = "lost_reason",
        /// 竞争对手, of lost opportunities alone.
        Competitor = "competitor",
        /// The stage lost from, of lost opportunities alone.
        LostStage = "lost_stage",
    }
}

/// A share, exact and as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Rate {
    /// What is counted; amounts in 分.
    pub numerator: i64,
    /// What it is a share of, never 0.
    pub denominator: i64,
    /// Per cent with one decimal, rounded half up; above 100 as it is.
    pub percent: f64,
}

impl Rate {
    /// None when there is nothing to divide by: 「—」, not 0 %.
    pub fn of(numerator: i64, denominator: i64) -> Option<Rate> {
        if denominator <= 0 {
            return None;
        }
        let tenths = (i128::from(numerator) * 2_000 + i128::from(denominator)).div_euclid(i128::from(denominator) * 2);
        Some(Rate { numerator, denominator, percent: tenths as f64 / 10.0 })
    }
}

/// One number of a report; what it does not have is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ReportCell)]
pub struct Cell {
    /// How many records.
    pub count: Option<i64>,
    /// The sum of their amounts.
    pub sum: Option<Money>,
    /// A share.
    pub rate: Option<Rate>,
    /// A length of time.
    pub seconds: Option<i64>,
    /// Of a length of time: how many of the stays still last and are counted up to now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lasting: Option<i64>,
    /// The list behind the number, below `/api/v1`: it has the same count and the same sum. Null in a look back.
    pub drill: Option<String>,
}

impl Cell {
    /// An amount without records of its own.
    pub fn money(sum: Option<Money>) -> Cell {
        Cell { sum, ..Cell::default() }
    }

    /// A share.
    pub fn rate(numerator: i64, denominator: i64) -> Cell {
        Cell { rate: Rate::of(numerator, denominator), ..Cell::default() }
    }

    /// A length of time.
    pub fn seconds(seconds: Option<i64>) -> Cell {
        Cell { seconds, ..Cell::default() }
    }
}

words! {
    /// How a column is to be read.
    pub enum Shape {
        /// `count`.
        Count = "count",
        /// `count` and `sum`.
        CountAndSum = "count_and_sum",
        /// `sum`.
        Money = "money",
        /// `rate`.
        Rate = "rate",
        /// `rate`, of 100 points.
        Score = "score",
        /// `seconds`.
        Duration = "duration",
    }
}

/// A column of a report.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ReportColumn)]
pub struct Column {
    /// Its word.
    pub key: String,
    /// Its heading, in the reader's language.
    pub label: String,
    /// How it is to be read.
    #[schema(value_type = String)]
    pub shape: Shape,
}

/// A row of a report.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ReportRow)]
pub struct Row {
    /// The stage, or the id of the team, person or value; empty for those without one.
    pub key: String,
    /// Its name; null for those without one.
    pub name: Option<String>,
    /// In the order of the columns.
    pub cells: Vec<Cell>,
}

/// What the figures mean, in the reader's language (I30).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ReportDefinition)]
pub struct Definition {
    /// How they are reckoned.
    pub formula: String,
    /// Which date puts a record into the period.
    pub date_field: String,
    /// Whose record it is taken for.
    pub owner_basis: String,
    /// What counts and what does not.
    pub includes: String,
}

/// Follow-ups at one hour of the week (I24).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HeatCell {
    /// 1 (Monday) to 7.
    pub weekday: i64,
    /// 0–23.
    pub hour: i64,
    /// How many.
    pub count: i64,
    /// The list behind it; null in a look back.
    pub drill: Option<String>,
}

/// An opportunity that stays too long (S8).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StuckOpportunity {
    /// Id.
    pub id: i64,
    /// Business number; empty in a look back when the reader does not see it now.
    pub number: String,
    /// Name; empty as the number is.
    pub name: String,
    /// The stage it stands at.
    pub stage: String,
    /// The name of that stage.
    pub stage_name: String,
    /// Who owns it.
    pub owner_id: Option<i64>,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// The expected amount.
    pub expected_amount: Money,
    /// How long it has stood there.
    pub stayed_seconds: i64,
    /// How much longer than the limit.
    pub excess_seconds: i64,
}

/// A report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Report {
    /// The moment the figures are of.
    pub as_of: Instant,
    /// True when that moment was asked for: no number has a list behind it then, lists show what there is now.
    pub looks_back: bool,
    /// First day of the period.
    pub from: Day,
    /// Last day of the period.
    pub to: Day,
    /// What the rows are; null for the report's own.
    #[schema(value_type = Option<String>)]
    pub group_by: Option<By>,
    /// For the look back at a forecast: the day it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Day>,
    /// What the figures mean.
    pub definition: Definition,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// All of it, not the sum of the rows: a record may stand in several.
    pub total: Row,
    /// For 跟进工作量: the hours of the week with a contact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heat: Vec<HeatCell>,
    /// For 周期与停留: the opportunities over their limit, the most excessive first, 50 at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stuck: Vec<StuckOpportunity>,
}

words! {
    /// Which hours count in a stay (I26).
    pub enum Hours {
        /// All of them.
        Calendar = "calendar",
        /// Those of working days, by the table of holidays.
        Working = "working",
    }
}

row! {
    /// A forecast that was kept (I27).
    #[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
    pub struct ForecastSnapshot {
        /// The day it was taken.
        pub taken_on: Day = "w.taken_on",
        /// The moment.
        pub taken_at: Instant = "w.taken_at",
    }
}

/// The forecasts that were kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForecastSnapshots {
    /// The newest first, those of the last five years.
    pub items: Vec<ForecastSnapshot>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_divide_by_is_no_rate() {
        assert_eq!(Rate::of(0, 0), None);
        assert_eq!(Rate::of(5, 0), None);
        assert_eq!(Rate::of(0, 4).map(|rate| rate.percent), Some(0.0));
        assert_eq!(Rate::of(1, 3).map(|rate| rate.percent), Some(33.3));
        assert_eq!(Rate::of(2, 3).map(|rate| rate.percent), Some(66.7));
        assert_eq!(Rate::of(1, 2_000).map(|rate| rate.percent), Some(0.1));
        assert_eq!(Rate::of(5, 4).map(|rate| rate.percent), Some(125.0));
    }
}
