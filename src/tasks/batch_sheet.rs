//! 任务分配表 (I34): every row of a sheet is a task of its own. All are shown with what is wrong with them; without a mistake they
//! are kept as a batch, and given, listed and taken back like any other (S60).

use serde::Serialize;
use utoipa::ToSchema;

use super::batch_model::{Candidate, Deed, Share};
use super::give::{Template, template};
use super::link::{self, Target};
use super::model::TaskDraft;
use super::{batch, batch_store, store};
use crate::customers;
use crate::error::{Error, FieldProblem, Fields, Result};
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned, Right};
use crate::identity::sessions::Token;
use crate::opportunities;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;

/// Rows of a sheet, at most: they are given in one transaction.
pub const MOST: usize = batch::MOST;

const NOT_YOURS: FieldCode = FieldCode::Rule {
    code: "NOT_YOURS",
    zh: "您不能编辑该记录，无法为其分派任务",
    en: "You cannot edit this record, so no task can be given for it",
};

const CLOSED: FieldCode = FieldCode::Rule { code: "CLOSED", zh: "商机已关闭", en: "The opportunity is closed" };

/// A row as it was read: its cells as a draft, and what could not be read.
#[derive(Debug, Clone, Default)]
pub struct SheetTask {
    /// The line, as the spreadsheet program counts.
    pub line: i64,
    /// The task. Without an assignee the record's owner gets it, and without a record whoever sends the sheet.
    pub draft: TaskDraft,
    /// What could not be read.
    pub wrong: Fields,
}

/// A row of the sheet as it would be given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskSheetRow)]
pub struct SheetRow {
    /// The line, as the spreadsheet program counts.
    pub line: i64,
    /// The key of the kind of task, where it is known.
    pub kind: Option<String>,
    /// 任务内容.
    pub content: Option<String>,
    /// 截止日期.
    pub due_date: Option<Day>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The opportunity's name.
    pub opportunity_name: Option<String>,
    /// Who would get it.
    pub assignee_name: Option<String>,
    /// What is wrong with it; empty when it can be given.
    pub problems: Vec<FieldProblem>,
}

/// What a sheet would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskSheetPreview)]
pub struct SheetPreview {
    /// To be sent to `POST /tasks/batch` to give exactly these tasks; null while a row is wrong: all or none.
    pub preview_token: Option<String>,
    /// How many tasks.
    pub count: i64,
    /// Rows with something wrong.
    pub bad: i64,
    /// Who gets how many, the most first.
    pub assignees: Vec<Share>,
    /// Every row.
    pub rows: Vec<SheetRow>,
}

/// A row that can be given.
pub struct Ready {
    pub kind: String,
    pub content: String,
    pub due_on: Day,
    pub candidate: Candidate,
}

/// Judges every row, and keeps them for [`batch::give`] when all are good. `name` is what the batch is called.
pub fn preview(work: &mut Work, name: &str, tasks: &[SheetTask]) -> Result<SheetPreview> {
    let lang = work.actor.lang;
    let (mut rows, mut ready) = (Vec::new(), Vec::new());
    for task in tasks {
        let (mut row, fields, good) = judge(work, task)?;
        let told = fields.iter().map(|(field, code)| FieldProblem {
            field: field.to_owned(),
            code: code.code().to_owned(),
            message: code.message(lang),
        });
        row.problems = told.collect();
        rows.push(row);
        ready.extend(good);
    }
    let bad = rows.iter().filter(|row| !row.problems.is_empty()).count();
    let candidates: Vec<Candidate> = ready.iter().map(|one| one.candidate.clone()).collect();
    let assignees = batch::shares(&candidates);
    let mut preview_token = None;
    if bad == 0
        && let Some(deed) = deed_of(name, &ready)
    {
        let token = Token::generate()?;
        let id = batch_store::insert(work, &token.hash(), &deed, assignees.len() as i64, &candidates)?;
        for (position, one) in ready.iter().enumerate() {
            batch_store::keep_own_deed(work, id, position as i64, &one.kind, &one.content, one.due_on)?;
        }
        preview_token = Some(token.0);
    }
    Ok(SheetPreview { preview_token, count: rows.len() as i64, bad: bad as i64, assignees, rows })
}

/// What the batch is called in lists and messages: the first row's kind, and by when the first is due.
fn deed_of(name: &str, ready: &[Ready]) -> Option<Deed> {
    let first = ready.first()?;
    let due = ready.iter().map(|one| one.due_on).min()?;
    Some(Deed { kind: first.kind.clone(), content: name.to_owned(), due_date: due.to_string(), needs_acceptance: false })
}

fn judge(work: &mut Work, task: &SheetTask) -> Result<(SheetRow, Fields, Option<Ready>)> {
    let mut fields = task.wrong.clone();
    let draft = task.draft.clone();
    // What could not be read is told once, under its own reason.
    let mut judged = Fields::default();
    let Template { kind, content, due } = template(work, &draft, &mut judged)?;
    let already: Vec<String> = fields.iter().map(|(field, _)| field.to_owned()).collect();
    for field in &already {
        judged = judged.without(field);
    }
    fields = fields.and(judged);
    let target = link::chosen(work, draft.customer_id, draft.opportunity_id, draft.opportunity_number, Target::default(), &mut fields)?;
    let owner = record(work, target, &mut fields)?;
    let me = work.actor.user_id;
    let wanted = match draft.assignee_id {
        Given::Value(id) => Some(id),
        Given::Absent | Given::Null => Some(owner.owner_id.unwrap_or(me)),
        Given::Bad(_) => None,
    };
    let assignee: Option<Named> = match wanted {
        Some(id) if !already.iter().any(|field| field == "assignee_id") => {
            fields.keep("assignee_id", super::may_be_given_to(work, id)?).map(|(person, _)| person)
        }
        _ => None,
    };
    let row = SheetRow {
        line: task.line,
        kind: kind.clone(),
        content: content.clone(),
        due_date: due,
        customer_name: owner.customer_name.clone(),
        opportunity_name: owner.opportunity_name.clone(),
        assignee_name: assignee.as_ref().map(|person| person.name.clone()),
        problems: Vec::new(),
    };
    let good = match (kind, content, due, assignee) {
        (Some(kind), Some(content), Some(due_on), Some(assignee)) if fields.is_empty() => Some(Ready {
            kind,
            content,
            due_on,
            candidate: Candidate {
                customer_id: target.customer_id.unwrap_or(0),
                customer_number: String::new(),
                customer_name: owner.customer_name.unwrap_or_default(),
                opportunity_id: target.opportunity_id,
                opportunity_number: None,
                opportunity_name: owner.opportunity_name,
                assignee_id: assignee.id,
                assignee_name: assignee.name,
            },
        }),
        _ => None,
    };
    Ok((row, fields, good))
}

/// What is known of the record a row is about.
#[derive(Default)]
struct About {
    owner_id: Option<i64>,
    customer_name: Option<String>,
    opportunity_name: Option<String>,
}

/// The record must be one the caller may edit, and an opportunity one that is worked on, as for every batch (S60).
fn record(work: &mut Work, target: Target, fields: &mut Fields) -> Result<About> {
    let Some(customer_id) = target.customer_id else { return Ok(About::default()) };
    let names = store::customer_links(work, vec![customer_id])?;
    let customer_name = names.into_iter().next().map(|link| link.name);
    if let Some(id) = target.opportunity_id {
        let names = store::opportunity_links(work, vec![id])?;
        let opportunity_name = names.into_iter().next().map(|link| link.name);
        if scope::editable(work, Owned::Opportunities, &[id])?.is_empty() {
            fields.add("opportunity_id", NOT_YOURS);
        } else if !link::is_open(work, customer_id, Some(id))? {
            fields.add("opportunity_id", CLOSED);
        }
        let owner_id = opportunities::find(work, &Choice::Id(id), Right::Read)?.and_then(|found| found.owner_id);
        return Ok(About { owner_id, customer_name, opportunity_name });
    }
    if scope::editable(work, Owned::Customers, &[customer_id])?.is_empty() {
        fields.add("customer_id", NOT_YOURS);
    }
    let owner_id = customers::find(work, &Choice::Id(customer_id), Right::Read)?.and_then(|found| found.owner_id);
    Ok(About { owner_id, customer_name, opportunity_name: None })
}

/// Refuses a sheet that is longer than a batch may be.
pub fn too_long() -> Error {
    Error::field("file", FieldCode::TooMany { max: MOST })
}
