//! What is asked of a report again and again: its filters, and a period that moves along with the calendar.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded::Serializer;
use utoipa::ToSchema;

use crate::error::{Error, Fields, Result};
use crate::platform::draft::{Given, Input};
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;
use crate::reports;
use crate::words;

words! {
    /// A period as people say it.
    pub enum Span {
        /// The one the report takes by itself.
        Usual = "usual",
        /// 本周, from Monday.
        ThisWeek = "this_week",
        /// 上周
        LastWeek = "last_week",
        /// 本月
        ThisMonth = "this_month",
        /// 上月
        LastMonth = "last_month",
        /// 本季度
        ThisQuarter = "this_quarter",
        /// 上季度
        LastQuarter = "last_quarter",
        /// 本年
        ThisYear = "this_year",
        /// 去年
        LastYear = "last_year",
        /// Days that stay: `from` to `to`.
        Fixed = "fixed",
    }
}

impl Span {
    /// First and last day as of a day; nothing for those that bring none of their own.
    pub fn days(self, today: Day) -> Option<(Day, Day)> {
        let months = |first: Day, count: i64| (first, first.add_months(count).add_days(-1));
        let (month, quarter, year) = (today.first_of_month(), today.first_of_quarter(), today.first_of_year());
        Some(match self {
            Span::Usual | Span::Fixed => return None,
            Span::ThisWeek => (today.monday(), today.monday().add_days(6)),
            Span::LastWeek => (today.monday().add_days(-7), today.monday().add_days(-1)),
            Span::ThisMonth => months(month, 1),
            Span::LastMonth => months(month.add_months(-1), 1),
            Span::ThisQuarter => months(quarter, 3),
            Span::LastQuarter => months(quarter.add_months(-3), 3),
            Span::ThisYear => months(year, 12),
            Span::LastYear => months(year.add_months(-12), 12),
        })
    }
}

/// What may be asked besides the period, as the report's own address calls it.
const FILTERS: [&str; 7] = ["team_id", "owner_id", "region", "industry", "source_channel", "tag", "kind"];
/// Values of one filter.
const MOST_VALUES: usize = 50;
/// Characters of one value.
const LONGEST_VALUE: usize = 100;

/// What is asked of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportQuestion)]
pub struct Question {
    /// The report's name, as in its address.
    pub report: String,
    /// `usual` (the report's own), `this_week`, `last_week`, `this_month`, `last_month`, `this_quarter`, `last_quarter`, `this_year`,
    /// `last_year`, `fixed`.
    #[schema(value_type = String)]
    pub period: Span,
    /// First day of a fixed period.
    #[serde(default)]
    pub from: Option<Day>,
    /// Last day of a fixed period.
    #[serde(default)]
    pub to: Option<Day>,
    /// What it is sliced by.
    #[serde(default)]
    pub group_by: Option<String>,
    /// Of 周期与停留: `calendar` or `working`.
    #[serde(default)]
    pub hours: Option<String>,
    /// `team_id`, `owner_id`, `region`, `industry`, `source_channel`, `tag`, and `kind` of tasks: ids or names, any of.
    #[serde(default)]
    pub filters: BTreeMap<String, Vec<String>>,
}

impl Question {
    /// A report of a span and nothing else.
    pub fn of(report: &str, period: Span) -> Question {
        Question { report: report.into(), period, from: None, to: None, group_by: None, hours: None, filters: BTreeMap::new() }
    }

    /// The text behind the question mark, as of a day.
    pub fn asked(&self, today: Day) -> String {
        let mut out = Serializer::new(String::new());
        let days = match (self.from, self.to) {
            (Some(from), Some(to)) if self.period == Span::Fixed => Some((from, to)),
            _ => self.period.days(today),
        };
        if let Some((from, to)) = days {
            out.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
        }
        for (name, value) in [("group_by", &self.group_by), ("hours", &self.hours)] {
            if let Some(value) = value {
                out.append_pair(name, value);
            }
        }
        for (name, values) in &self.filters {
            for value in values {
                out.append_pair(name, value);
            }
        }
        out.finish()
    }
}

/// What is to be asked of a report.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ReportQuestionDraft)]
pub struct QuestionDraft {
    /// The report's name, as in its address. Required.
    pub report: Given<String>,
    /// A word for the period; `usual` when left out.
    #[schema(value_type = Option<String>)]
    pub period: Given<Span>,
    /// First day of a `fixed` period.
    #[schema(value_type = Option<String>)]
    pub from: Given<Day>,
    /// Last day of a `fixed` period.
    #[schema(value_type = Option<String>)]
    pub to: Given<Day>,
    /// What it is sliced by.
    pub group_by: Given<String>,
    /// Of 周期与停留: `calendar` or `working`.
    pub hours: Given<String>,
    /// `team_id`, `owner_id`, `region`, `industry`, `source_channel`, `tag`, `kind`: ids or names, any of.
    #[schema(value_type = Option<BTreeMap<String, Vec<String>>>)]
    pub filters: Given<Filters>,
}

/// Filters as they are sent: a value, or several.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Filters(BTreeMap<String, Vec<String>>);

impl Input for Filters {
    fn from_json(value: Value) -> Result<Filters, FieldCode> {
        let Value::Object(given) = value else { return Err(FieldCode::WrongType) };
        let mut all = BTreeMap::new();
        for (name, value) in given {
            if !FILTERS.contains(&name.as_str()) {
                return Err(FieldCode::Unknown);
            }
            let values: Vec<String> = match value {
                Value::Null => continue,
                Value::Array(values) => values.into_iter().map(text).collect::<Result<_, _>>()?,
                one => vec![text(one)?],
            };
            if values.len() > MOST_VALUES {
                return Err(FieldCode::TooMany { max: MOST_VALUES });
            }
            if !values.is_empty() {
                all.insert(name, values);
            }
        }
        Ok(Filters(all))
    }

    fn from_text(_: &str) -> Result<Filters, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

fn text(value: Value) -> Result<String, FieldCode> {
    match value {
        Value::String(text) if text.chars().count() <= LONGEST_VALUE => Ok(text),
        Value::String(_) => Err(FieldCode::TooLong { max: LONGEST_VALUE }),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(FieldCode::WrongType),
    }
}

impl QuestionDraft {
    /// Judges it with the report's own rules; one of those `kept` already stays, also when a value it names is gone since.
    pub fn check(self, work: &mut Work, kept: &[Question], fields: &mut Fields) -> Result<Option<Question>> {
        let report = self.report.and_then(known).required("report", fields);
        let period = self.period.optional("period", fields).unwrap_or(Span::Usual);
        let (mut from, mut to) = (self.from.optional("from", fields), self.to.optional("to", fields));
        if period == Span::Fixed {
            for (name, missing) in [("from", from.is_none()), ("to", to.is_none())] {
                if missing {
                    fields.add(name, FieldCode::Required);
                }
            }
        } else {
            (from, to) = (None, None);
        }
        let group_by = self.group_by.and_then(short).optional("group_by", fields);
        let hours = self.hours.and_then(short).optional("hours", fields);
        let filters = self.filters.optional("filters", fields).unwrap_or_default().0;
        let Some(report) = report.filter(|_| fields.is_empty()) else { return Ok(None) };
        let question = Question { report, period, from, to, group_by, hours, filters };
        if kept.contains(&question) {
            return Ok(Some(question));
        }
        let asked = question.asked(work.today());
        match reports::check(work, &question.report, &asked) {
            Ok(()) => Ok(Some(question)),
            Err(Error::Invalid(found)) => {
                *fields = std::mem::take(fields).and(found);
                Ok(None)
            }
            // This report has no such filter.
            Err(Error::UnknownField(_) | Error::Malformed(_)) => {
                fields.add("filters", FieldCode::NotAllowed);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

fn known(report: String) -> Result<String, FieldCode> {
    if reports::title_of(&report).is_some() { Ok(report) } else { Err(FieldCode::Unknown) }
}

fn short(text: String) -> Result<String, FieldCode> {
    if text.chars().count() <= 40 { Ok(text) } else { Err(FieldCode::TooLong { max: 40 }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(span: Span, today: &str) -> (String, String) {
        let (from, to) = span.days(Day::parse(today).unwrap()).unwrap();
        (from.to_string(), to.to_string())
    }

    // I29: a period moves along with the calendar, over the ends of months and years.
    #[test]
    fn a_span_is_whole_and_moves_along() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(days(Span::ThisWeek, "2024-03-18"), pair("2024-03-18", "2024-03-24"));
        assert_eq!(days(Span::LastWeek, "2024-01-01"), pair("2023-12-25", "2023-12-31"));
        assert_eq!(days(Span::ThisMonth, "2024-02-29"), pair("2024-02-01", "2024-02-29"));
        assert_eq!(days(Span::LastMonth, "2024-01-31"), pair("2023-12-01", "2023-12-31"));
        assert_eq!(days(Span::LastMonth, "2024-03-31"), pair("2024-02-01", "2024-02-29"));
        assert_eq!(days(Span::ThisQuarter, "2024-03-31"), pair("2024-01-01", "2024-03-31"));
        assert_eq!(days(Span::LastQuarter, "2024-02-01"), pair("2023-10-01", "2023-12-31"));
        assert_eq!(days(Span::ThisYear, "2024-12-31"), pair("2024-01-01", "2024-12-31"));
        assert_eq!(days(Span::LastYear, "2024-01-01"), pair("2023-01-01", "2023-12-31"));
    }

    #[test]
    fn what_is_asked_is_an_address() {
        let mut question = Question::of("losses", Span::LastMonth);
        question.group_by = Some("lost_reason".into());
        question.filters.insert("region".into(), vec!["华东".into(), "7".into()]);
        let asked = question.asked(Day::parse("2024-03-18").unwrap());
        assert_eq!(asked, "from=2024-02-01&to=2024-02-29&group_by=lost_reason&region=%E5%8D%8E%E4%B8%9C&region=7");
    }
}
