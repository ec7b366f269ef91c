//! What is commented on. A comment is in sight exactly when its record is.

use crate::customers;
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned, Right};
use crate::opportunities;
use crate::platform::db::sql;
use crate::platform::draft::Choice;
use crate::platform::work::Work;
use crate::words;
use crate::work_reports;

words! {
    /// The kinds of records that carry comments.
    pub enum SubjectKind {
        /// A customer.
        Customer = "customer",
        /// An opportunity.
        Opportunity = "opportunity",
        /// A task.
        Task = "task",
        /// A report of somebody's work.
        WorkReport = "work_report",
    }
}

/// A record that carries comments, as the caller sees it.
#[derive(Debug, Clone)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: i64,
    /// For pushes.
    pub version: i64,
    /// What messages call it, in Chinese and English.
    pub name: (String, String),
    /// Who hears of every comment, mentioned or not; none where only mentions are told.
    pub concerned: Vec<i64>,
}

impl Subject {
    /// Where its comments stand in the page.
    pub fn link(&self) -> String {
        match self.kind {
            SubjectKind::Customer => format!("/customers/{}?tab=comments", self.id),
            SubjectKind::Opportunity => format!("/opportunities/{}?tab=comments", self.id),
            SubjectKind::Task => format!("/tasks?task={}", self.id),
            SubjectKind::WorkReport => format!("/work-reports?id={}", self.id),
        }
    }

    /// Keeps a customer from being merged into another before the comment stands on it.
    pub fn hold(&self, work: &mut Work) -> Result<()> {
        if self.kind != SubjectKind::Customer {
            return Ok(());
        }
        customers::lock(work, self.id)?.filter(|now| now.id == self.id).map(drop).ok_or(Error::LostRace)
    }

    /// Where its comments are in the API.
    pub fn location(&self) -> String {
        let room = match self.kind {
            SubjectKind::Customer => "customers",
            SubjectKind::Opportunity => "opportunities",
            SubjectKind::Task => "tasks",
            SubjectKind::WorkReport => "work-reports",
        };
        format!("/api/v1/{room}/{}/comments", self.id)
    }
}

/// The record with this id or number, if the caller sees it; the old id of a merged customer finds the kept one.
pub fn find(work: &mut Work, kind: SubjectKind, wanted: &Choice) -> Result<Option<Subject>> {
    let (owned, text, id) = match kind {
        SubjectKind::WorkReport => return work_report(work, wanted),
        SubjectKind::Customer => (
            Owned::Customers,
            "select c.id, c.version, c.name from customers c where c.id = $1 and c.deleted_at is null and {visible}",
            customers::id_of(work, wanted)?,
        ),
        SubjectKind::Opportunity => (
            Owned::Opportunities,
            "select o.id, o.version, o.name from opportunities o where o.id = $1 and o.deleted_at is null and {visible}",
            opportunities::id_of(work, wanted)?,
        ),
        SubjectKind::Task => {
            let id = if let Choice::Id(id) = wanted { Some(*id) } else { None };
            (Owned::Tasks, "select t.id, t.version, t.content from tasks t where t.id = $1 and {visible}", id)
        }
    };
    let Some(id) = id else { return Ok(None) };
    let visible = scope::predicate(work, owned, Right::Read);
    let found: Option<(i64, i64, String)> = sql(text).bind(id).part("visible", &visible).maybe(work)?;
    Ok(found.map(|(id, version, name)| Subject { kind, id, version, name: (name.clone(), name), concerned: Vec::new() }))
}

/// The author of a report hears what is said about it, and so does whoever it was sent to.
fn work_report(work: &mut Work, wanted: &Choice) -> Result<Option<Subject>> {
    let Choice::Id(id) = wanted else { return Ok(None) };
    Ok(work_reports::brief(work, *id)?.map(|brief| Subject {
        kind: SubjectKind::WorkReport,
        id: brief.id,
        version: brief.version,
        name: brief.title,
        concerned: [brief.author_id, brief.manager_id].into_iter().filter(|id| *id > 0).collect(),
    }))
}
