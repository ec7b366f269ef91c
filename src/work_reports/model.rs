//! What a work report is: a day, a week or a month of somebody's work, in figures and in words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::figures::WorkFigures;
use crate::error::{Error, Fields, Result};
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::{Day, FieldCode, Instant, name};
use crate::{row, words};

/// Characters of each part.
const TEXT: usize = 5_000;

words! {
    /// How long a time a report is about.
    pub enum ReportKind {
        /// 日报
        Daily = "daily",
        /// 周报, Monday to Sunday.
        Weekly = "weekly",
        /// 月报
        Monthly = "monthly",
    }
}

words! {
    /// How far a report has come.
    pub enum ReportState {
        /// Being written, seen by its author alone.
        Draft = "draft",
        /// Sent to who leads the author; its figures stand.
        Submitted = "submitted",
    }
}

/// The days a report is about, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: Day,
    pub last: Day,
}

impl ReportKind {
    /// The day, week or month that a day belongs to.
    pub fn around(self, day: Day) -> Period {
        match self {
            ReportKind::Daily => Period { first: day, last: day },
            ReportKind::Weekly => Period { first: day.monday(), last: day.monday().add_days(6) },
            ReportKind::Monthly => Period { first: day.first_of_month(), last: day.last_of_month() },
        }
    }

    /// What messages call it, in Chinese and English.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            ReportKind::Daily => ("日报", "daily report"),
            ReportKind::Weekly => ("周报", "weekly report"),
            ReportKind::Monthly => ("月报", "monthly report"),
        }
    }
}

row! {
    /// A report as it was kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "w.id",
        pub kind: ReportKind = "w.kind",
        pub starts_on: Day = "w.starts_on",
        pub ends_on: Day = "w.ends_on",
        pub state: ReportState = "w.state",
        pub author_id: i64 = "w.author_id",
        pub author_name: String = "u.name",
        pub team_name: Option<String> = "t.name",
        pub manager_id: i64 = "w.manager_id",
        pub manager_name: Option<String> = "l.name",
        pub done: String = "w.done",
        pub problems: String = "w.problems",
        pub plan: String = "w.plan",
        pub figures: String = "w.figures",
        pub submitted_at: Instant = "w.submitted_at",
        pub updated_at: Instant = "w.updated_at",
        pub version: i64 = "w.version",
    }
}

/// A work report in a list (I35).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkReportRow {
    /// Id.
    pub id: i64,
    /// `daily`, `weekly` or `monthly`.
    #[schema(value_type = String)]
    pub kind: ReportKind,
    /// The first day it is about.
    pub starts_on: Day,
    /// The last one.
    pub ends_on: Day,
    /// `draft` or `submitted`.
    #[schema(value_type = String)]
    pub state: ReportState,
    /// Whose work.
    pub author_id: i64,
    /// The author's name.
    pub author_name: String,
    /// The team it was written in.
    pub team_name: Option<String>,
    /// Who it was submitted to.
    pub manager_name: Option<String>,
    /// The beginning of what was done.
    pub summary: String,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

/// A whole work report (日报, 周报, 月报; I35).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkReport {
    /// What a list shows of it.
    #[serde(flatten)]
    pub row: WorkReportRow,
    /// 完成: what was done.
    pub done: String,
    /// 问题: what stands in the way.
    pub problems: String,
    /// 计划: what comes next.
    pub plan: String,
    /// The figures: of a draft as they are now, of a submitted report as they were then.
    pub figures: WorkFigures,
    /// True when the reader may write on it.
    pub can_edit: bool,
}

impl Versioned for WorkReport {
    fn version(&self) -> i64 {
        self.row.version
    }
}

impl Kept {
    /// The report as a list shows it.
    pub fn row(&self) -> WorkReportRow {
        WorkReportRow {
            id: self.id,
            kind: self.kind,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            state: self.state,
            author_id: self.author_id,
            author_name: self.author_name.clone(),
            team_name: self.team_name.clone(),
            manager_name: self.manager_name.clone(),
            summary: self.done.chars().take(100).collect(),
            submitted_at: (self.submitted_at.ms() > 0).then_some(self.submitted_at),
            updated_at: self.updated_at,
            version: self.version,
        }
    }

    /// The whole report.
    pub fn shown(self, figures: WorkFigures, reader: i64) -> WorkReport {
        WorkReport {
            row: self.row(),
            can_edit: self.author_id == reader && self.state == ReportState::Draft,
            done: self.done,
            problems: self.problems,
            plan: self.plan,
            figures,
        }
    }
}

/// What a report would begin with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkReportStart {
    /// `daily`, `weekly` or `monthly`.
    #[schema(value_type = String)]
    pub kind: ReportKind,
    /// The first day.
    pub starts_on: Day,
    /// The last day.
    pub ends_on: Day,
    /// The figures as they are now.
    pub figures: WorkFigures,
    /// One's report about these days, if there is one.
    pub report_id: Option<i64>,
}

/// A report to be written or changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorkReportDraft {
    /// `daily`, `weekly` or `monthly`. Required for a new one, not to be changed later.
    #[schema(value_type = Option<String>)]
    pub kind: Given<ReportKind>,
    /// A day it is about, today or earlier. Required for a new one, not to be changed later.
    pub on: Given<Day>,
    /// 完成, up to 5,000 characters; must be there when it is submitted.
    pub done: Given<String>,
    /// 问题, up to 5,000 characters.
    pub problems: Given<String>,
    /// 计划, up to 5,000 characters.
    pub plan: Given<String>,
}

/// The parts in words.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    pub done: String,
    pub problems: String,
    pub plan: String,
}

fn part(given: Given<String>, field: &str, before: String, fields: &mut Fields) -> String {
    let text = given.and_then(|text| name::paragraph_or_empty(&text, TEXT)).change(field, fields);
    text.map_or(before, Option::unwrap_or_default)
}

impl WorkReportDraft {
    /// Checks a new report; every wrong field is named.
    pub fn check_new(self, today: Day) -> Result<(ReportKind, Period, Parts)> {
        let mut fields = Fields::default();
        let kind = self.kind.required("kind", &mut fields);
        let on = self.on.and_then(|on| on.not_after(today)).required("on", &mut fields);
        let parts = Parts {
            done: part(self.done, "done", String::new(), &mut fields),
            problems: part(self.problems, "problems", String::new(), &mut fields),
            plan: part(self.plan, "plan", String::new(), &mut fields),
        };
        match (kind, on) {
            (Some(kind), Some(on)) if fields.is_empty() => Ok((kind, kind.around(on), parts)),
            _ => Err(Error::Invalid(fields)),
        }
    }

    /// Checks a change; the days of a report stay.
    pub fn check_change(self, before: Parts) -> Result<Parts> {
        let mut fields = Fields::default();
        for (given, field) in [(self.kind.is_given(), "kind"), (self.on.is_given(), "on")] {
            if given {
                fields.add(field, FieldCode::NotAllowed);
            }
        }
        let parts = Parts {
            done: part(self.done, "done", before.done, &mut fields),
            problems: part(self.problems, "problems", before.problems, &mut fields),
            plan: part(self.plan, "plan", before.plan, &mut fields),
        };
        fields.into_result()?;
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_belongs_to_its_week_and_month() {
        let day = |text: &str| Day::parse(text).unwrap();
        let period = |first: &str, last: &str| Period { first: day(first), last: day(last) };
        assert_eq!(ReportKind::Daily.around(day("2024-03-20")), period("2024-03-20", "2024-03-20"));
        assert_eq!(ReportKind::Weekly.around(day("2024-03-24")), period("2024-03-18", "2024-03-24"));
        assert_eq!(ReportKind::Monthly.around(day("2024-02-29")), period("2024-02-01", "2024-02-29"));
    }
}
