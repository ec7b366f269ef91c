//! 任务分配表 (I34): every row of a sheet is a task of its own. All are shown with what is wrong with them; without a mistake they
//! are kept as a batch, and given, listed and taken back like any other (S60).

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::batch_model::{Candidate, Deed, OwnDeed, Share};
use super::model::{self, TaskDraft};
use super::{batch, batch_store, distinct, store};
use crate::error::{Error, FieldProblem, Fields, Result};
use crate::identity::model::MaybeNamed;
use crate::identity::scope::{self, Owned, Right};
use crate::identity::sessions::Token;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;
use crate::settings::{self, Kind};
use crate::{customers, opportunities};

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

/// A sheet that was judged, and what of it is to be kept.
pub struct Judged {
    /// What is answered; without its token.
    pub preview: SheetPreview,
    /// What the batch is called and its rows; nothing while a row is wrong.
    pub batch: Option<(Deed, Vec<Candidate>, Vec<OwnDeed>)>,
}

/// Judges every row; a look-up for the sheet, none for a row. `name` is what the batch is called.
pub fn judge(work: &mut Work, name: &str, tasks: &[SheetTask]) -> Result<Judged> {
    let lang = work.actor.lang;
    let known = Known::gather(work, tasks)?;
    let (mut rows, mut ready, mut deeds) = (Vec::new(), Vec::new(), Vec::new());
    for task in tasks {
        let (mut row, fields, good) = known.judge(task);
        let told = fields.iter().map(|(field, code)| FieldProblem {
            field: field.to_owned(),
            code: code.code().to_owned(),
            message: code.message(lang),
        });
        row.problems = told.collect();
        rows.push(row);
        if let Some((candidate, deed)) = good {
            ready.push(candidate);
            deeds.push(deed);
        }
    }
    let bad = rows.iter().filter(|row| !row.problems.is_empty()).count();
    let assignees = batch::shares(&ready);
    let preview = SheetPreview { preview_token: None, count: rows.len() as i64, bad: bad as i64, assignees, rows };
    let batch = deed_of(name, &deeds).filter(|_| bad == 0).map(|deed| (deed, ready, deeds));
    Ok(Judged { preview, batch })
}

/// Keeps a sheet without a mistake for [`batch::give`], which looks again at everything that may have changed; answers its token.
pub fn keep(work: &mut Work, people: i64, deed: &Deed, rows: &[Candidate], deeds: &[OwnDeed]) -> Result<String> {
    let token = Token::generate()?;
    batch_store::insert(work, &token.hash(), deed, people, rows, deeds)?;
    Ok(token.0)
}

/// What the batch is called in lists and messages: the first row's kind, and by when the first is due.
fn deed_of(name: &str, deeds: &[OwnDeed]) -> Option<Deed> {
    let first = deeds.first()?;
    let due = deeds.iter().map(|deed| deed.due_on).min()?;
    Some(Deed { kind: first.kind.clone(), content: name.to_owned(), due_date: due.to_string(), needs_acceptance: false })
}

/// What the rows of a sheet speak of, gathered at once.
struct Known {
    me: i64,
    today: Day,
    /// Kinds of tasks by key; false for one that is disabled.
    kinds: HashMap<String, bool>,
    customers: HashMap<String, customers::Brief>,
    opportunities: HashMap<String, opportunities::Brief>,
    /// Names of the customers that opportunities belong to, in sight or not (S4).
    customer_names: HashMap<i64, String>,
    editable_customers: Vec<i64>,
    editable_opportunities: Vec<i64>,
    people: HashMap<i64, super::Eligible>,
}

/// A choice as a key.
fn spelled(choice: &Choice) -> String {
    match choice {
        Choice::Id(id) => format!("#{id}"),
        Choice::Name(text) => text.clone(),
    }
}

impl Known {
    fn gather(work: &mut Work, tasks: &[SheetTask]) -> Result<Known> {
        let kinds = settings::entries(work, Kind::TaskKind)?.into_iter().map(|entry| (entry.key, !entry.disabled)).collect();
        let value = |given: &Given<Choice>| if let Given::Value(choice) = given { Some(choice.clone()) } else { None };
        let wanted: Vec<Choice> = tasks.iter().filter_map(|task| value(&task.draft.customer_id)).collect();
        let mut numbers: Vec<&str> = Vec::new();
        for task in tasks {
            if let Given::Value(number) = &task.draft.opportunity_number {
                numbers.push(number);
            }
        }
        let customers = customers::find_each(work, &wanted, Right::Read)?;
        let opportunities = opportunities::find_each(work, &numbers, Right::Read)?;
        let opportunity_ids = distinct(opportunities.iter().map(|(_, brief)| brief.id));
        let customer_ids = distinct(customers.iter().map(|(_, brief)| brief.id));
        let of_opportunities = distinct(opportunities.iter().map(|(_, brief)| brief.customer_id));
        let names = store::customer_links(work, of_opportunities)?;
        let owners = customers.iter().map(|(_, brief)| brief.owner_id).chain(opportunities.iter().map(|(_, brief)| brief.owner_id));
        let named = tasks.iter().filter_map(|task| if let Given::Value(id) = task.draft.assignee_id { Some(id) } else { None });
        let me = work.actor.user_id;
        let people = distinct(owners.flatten().chain(named).chain([me]));
        Ok(Known {
            me,
            today: work.today(),
            kinds,
            customers: customers.into_iter().map(|(choice, brief)| (spelled(&choice), brief)).collect(),
            opportunities: opportunities.into_iter().collect(),
            customer_names: names.into_iter().map(|link| (link.id, link.name)).collect(),
            editable_customers: scope::editable(work, Owned::Customers, &customer_ids)?,
            editable_opportunities: scope::editable(work, Owned::Opportunities, &opportunity_ids)?,
            people: super::each_may_be_given_to(work, &people)?,
        })
    }

    fn judge(&self, task: &SheetTask) -> (SheetRow, Fields, Option<(Candidate, OwnDeed)>) {
        let draft = &task.draft;
        // What could not be read is told once, under its own reason.
        let already: Vec<&str> = task.wrong.iter().map(|(field, _)| field).collect();
        let mut judged = Fields::default();
        let kind = draft.kind.clone().and_then(|key| self.kind(key)).required("kind", &mut judged);
        let content = draft.content.clone().and_then(model::content).required("content", &mut judged);
        let due = draft.due_date.clone().and_then(|due| model::due_after(due, self.today)).required("due_date", &mut judged);
        for field in &already {
            judged = judged.without(field);
        }
        let mut fields = task.wrong.clone().and(judged);
        let about = self.about(draft, &mut fields);
        let wanted = match draft.assignee_id {
            Given::Value(id) => Some(id),
            Given::Absent | Given::Null => Some(about.owner_id.unwrap_or(self.me)),
            Given::Bad(_) => None,
        };
        let assignee = wanted.filter(|_| !already.contains(&"assignee_id")).and_then(|id| {
            let given = self.people.get(&id).cloned().unwrap_or(Err(FieldCode::Unknown));
            fields.keep("assignee_id", given).map(|(person, _)| person)
        });
        let row = SheetRow {
            line: task.line,
            kind: kind.clone(),
            content: content.clone(),
            due_date: due,
            customer_name: about.customer_name.clone(),
            opportunity_name: about.opportunity_name.clone(),
            assignee_name: assignee.as_ref().map(|person| person.name.clone()),
            problems: Vec::new(),
        };
        let good = match (kind, content, due, assignee) {
            (Some(kind), Some(content), Some(due_on), Some(assignee)) if fields.is_empty() => {
                let candidate = Candidate {
                    customer_id: about.customer_id.unwrap_or(0),
                    customer_number: String::new(),
                    customer_name: about.customer_name.unwrap_or_default(),
                    opportunity_id: about.opportunity_id,
                    opportunity_number: None,
                    opportunity_name: about.opportunity_name,
                    rule: MaybeNamed(None),
                    region_id: None,
                    stage: None,
                    by_owner: !draft.assignee_id.is_given() && about.owner_id.is_some(),
                    assignee_id: assignee.id,
                    assignee_name: assignee.name,
                };
                Some((candidate, OwnDeed { kind, content, due_on }))
            }
            _ => None,
        };
        (row, fields, good)
    }

    fn kind(&self, key: String) -> Result<String, FieldCode> {
        match self.kinds.get(&key) {
            None => Err(FieldCode::Unknown),
            Some(false) => Err(FieldCode::Disabled),
            Some(true) => Ok(key),
        }
    }

    /// The record of a row must be one the caller may edit, and an opportunity one that is worked on, as for every batch (S60). An
    /// opportunity brings its customer.
    fn about(&self, draft: &TaskDraft, fields: &mut Fields) -> About {
        let opportunity = draft.opportunity_number.clone().change("opportunity_number", fields).flatten();
        let customer = draft.customer_id.clone().change("customer_id", fields).flatten();
        let customer = match customer.map(|choice| self.customers.get(&spelled(&choice))) {
            Some(None) => {
                fields.add("customer_id", FieldCode::Unknown);
                return About::default();
            }
            found => found.flatten(),
        };
        let Some(number) = opportunity else {
            let Some(customer) = customer else { return About::default() };
            if !self.editable_customers.contains(&customer.id) {
                fields.add("customer_id", NOT_YOURS);
            }
            return About {
                customer_id: Some(customer.id),
                opportunity_id: None,
                owner_id: customer.owner_id,
                customer_name: Some(customer.name.clone()),
                opportunity_name: None,
            };
        };
        let Some(opportunity) = self.opportunities.get(&number) else {
            fields.add("opportunity_number", FieldCode::Unknown);
            return About::default();
        };
        if customer.is_some_and(|customer| customer.id != opportunity.customer_id) {
            fields.add("opportunity_number", model::OTHER_CUSTOMER);
        }
        if !self.editable_opportunities.contains(&opportunity.id) {
            fields.add("opportunity_id", NOT_YOURS);
        } else if opportunity.status != "open" {
            fields.add("opportunity_id", CLOSED);
        }
        About {
            customer_id: Some(opportunity.customer_id),
            opportunity_id: Some(opportunity.id),
            owner_id: opportunity.owner_id,
            customer_name: self.customer_names.get(&opportunity.customer_id).cloned(),
            opportunity_name: Some(opportunity.name.clone()),
        }
    }
}

/// The record a row is about.
#[derive(Default)]
struct About {
    customer_id: Option<i64>,
    opportunity_id: Option<i64>,
    owner_id: Option<i64>,
    customer_name: Option<String>,
    opportunity_name: Option<String>,
}

/// Refuses a sheet that is longer than a batch may be.
pub fn too_long() -> Error {
    Error::field("file", FieldCode::TooMany { max: MOST })
}
