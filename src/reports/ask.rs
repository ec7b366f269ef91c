//! What a reader asks of a report: a period, some filters, and what to slice by.

use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{By, Hours};
use crate::error::{Error, Result};
use crate::follow_ups::model::Bound;
use crate::history;
use crate::platform::draft::Choice;
use crate::platform::http::{Many, One};
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// The longest period of a report.
const MOST_DAYS: i64 = 3_660;

/// What a report is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// First day; the first of this month when left out.
    #[param(value_type = Option<String>)]
    pub from: One<Day>,
    /// Last day; the last of this month when left out.
    #[param(value_type = Option<String>)]
    pub to: One<Day>,
    /// Teams, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub team_id: Many<i64>,
    /// People, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub owner_id: Many<i64>,
    /// 区域: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub region: Many<Choice>,
    /// 所属行业: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub industry: Many<Choice>,
    /// 来源渠道: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub source_channel: Many<Choice>,
    /// 标签: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub tag: Many<Choice>,
    /// `team`, `owner`, `region`, `industry`, `source_channel`, `tag`; of 输单分析 also `lost_reason`, `competitor`, `lost_stage`.
    #[param(value_type = Option<String>)]
    pub group_by: One<By>,
    /// Of 周期与停留: `calendar` (default) or `working`, by the table of holidays.
    #[param(value_type = Option<String>)]
    pub hours: One<Hours>,
    /// 截至: a moment that has passed, or a day for its end; the figures are those of then. Now when left out.
    #[param(value_type = Option<String>)]
    pub as_of: One<Bound>,
    /// Of 预测回顾: the day of the kept forecast; the newest when left out.
    #[param(value_type = Option<String>)]
    pub snapshot: One<Day>,
}

/// Parameters of a list, in order; every value is a number, a day or a key.
pub type Pairs = Vec<(&'static str, String)>;

/// A checked question.
#[derive(Debug, Clone)]
pub struct Ask {
    pub from: Day,
    pub to: Day,
    pub by: Option<By>,
    pub teams: Vec<i64>,
    pub owners: Vec<i64>,
    /// What is asked of the customer.
    pub customer: Pairs,
}

impl ReportQuery {
    /// Checks it against the dictionaries. Asked for the past, everything that is read from here on is of then.
    pub fn check(self, work: &mut Work) -> Result<Ask> {
        match self.check_with_losses(work)? {
            Ask { by: Some(By::LostReason | By::Competitor | By::LostStage), .. } => Err(Error::field("group_by", FieldCode::NotAllowed)),
            ask => Ok(ask),
        }
    }

    /// The same where lost opportunities may be sliced by why and from where.
    pub fn check_with_losses(self, work: &mut Work) -> Result<Ask> {
        if let Some(as_of) = self.as_of.get("as_of")? {
            let at = as_of.last(work.zone());
            history::look_back(work, at)?;
        }
        let today = work.today();
        let from = self.from.get("from")?.unwrap_or(today.first_of_month());
        let to = self.to.get("to")?.unwrap_or(from.max(today).last_of_month());
        if to < from || from.days_until(to) > MOST_DAYS {
            return Err(Error::field("to", FieldCode::OutOfRange { min: from.to_string(), max: from.add_days(MOST_DAYS).to_string() }));
        }
        let mut customer = Pairs::new();
        for (field, kind, wanted) in [
            ("region", Kind::Region, self.region),
            ("industry", Kind::Industry, self.industry),
            ("source_channel", Kind::SourceChannel, self.source_channel),
        ] {
            for choice in wanted.get(field)? {
                let entry = settings::find_entry(work, kind, &choice)?.ok_or_else(|| Error::field(field, FieldCode::Unknown))?;
                customer.push((field, entry.id.to_string()));
            }
        }
        for choice in self.tag.get("tag")? {
            let tag = settings::find_tag(work, &choice)?.ok_or_else(|| Error::field("tag", FieldCode::Unknown))?;
            customer.push(("tag", tag.id.to_string()));
        }
        Ok(Ask {
            from,
            to,
            by: self.group_by.get("group_by")?,
            teams: self.team_id.get("team_id")?,
            owners: self.owner_id.get("owner_id")?,
            customer,
        })
    }
}
