//! What a list is when it is exported, and its rows as cells.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::model::Kept;
use crate::customers::{self, Customer, CustomerFilter};
use crate::error::{Error, Result};
use crate::exchange::cell::moment;
use crate::exchange::columns::{Column, Kind};
use crate::exchange::labels::{self, yes};
use crate::exchange::write::Cell;
use crate::follow_ups::{self, FollowUp, FollowUpFilter};
use crate::identity;
use crate::identity::model::Named;
use crate::opportunities::{self, Opportunity, OpportunityFilter};
use crate::platform::page::{List, Sort};
use crate::platform::types::{Instant, Lang};
use crate::platform::work::Work;
use crate::settings::{self, Kind as Dictionary};
use crate::tasks::{Task, TaskFilter};

/// Rows of a page where the list itself is turned over.
const PAGE: &str = "100";

/// A list's query parameters as a list's own filter reads them.
pub fn filter<T: DeserializeOwned>(given: &Map<String, Value>, turned: &[(&str, &str)]) -> Result<T> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut all = Map::new();
    for (name, value) in given.iter().filter(|(name, _)| !matches!(name.as_str(), "limit" | "cursor")) {
        let values: Vec<String> = match value {
            Value::Null => continue,
            Value::Array(values) => values.iter().map(text).collect(),
            value => vec![text(value)],
        };
        all.insert(name.clone(), values.into());
    }
    for (name, value) in turned {
        all.insert((*name).to_owned(), vec![(*value).to_owned()].into());
    }
    serde_json::from_value(Value::Object(all)).map_err(|error| {
        let text = error.to_string();
        match text.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
            Some(name) => Error::UnknownField(format!("filter.{name}")),
            None => Error::Malformed(text),
        }
    })
}

/// The ids of the whole list in its order, where a list can say so at once; `None` where it is turned over page by page.
pub fn ids(work: &mut Work, kind: Kind, given: &Map<String, Value>, most: i64) -> Result<Option<Vec<i64>>> {
    let (list, sort): (List, Sort) = match kind {
        Kind::Customers => {
            let filter: CustomerFilter = filter(given, &[])?;
            let sort = Sort::read(filter.sort.clone(), customers::list::SORTS)?;
            (filter.list(work)?, sort)
        }
        Kind::Opportunities => {
            let filter: OpportunityFilter = filter(given, &[])?;
            let sort = Sort::read(filter.sort.clone(), opportunities::list::SORTS)?;
            (filter.list(work)?, sort)
        }
        Kind::FollowUps | Kind::Tasks | Kind::Company => return Ok(None),
    };
    list.ids_in_order(work, &sort, most).map(Some)
}

/// Those of these records that are still there and in sight, as rows.
pub fn of_ids(work: &mut Work, export: &Kept, ids: &[i64]) -> Result<Vec<Vec<Cell>>> {
    let lang = export.language();
    let columns = export.chosen();
    match export.kind {
        Kind::Customers => {
            let all = customers::of_ids(work, ids)?;
            let beside = Beside::of_customers(work, &all, &columns)?;
            Ok(all.iter().map(|one| columns.iter().map(|column| customer_cell(work, one, column, &beside, lang)).collect()).collect())
        }
        _ => {
            let all = opportunities::of_ids(work, ids)?;
            let numbers = employee_numbers(work, all.iter().filter_map(|one| one.owner_id))?;
            let stages: HashMap<String, String> = settings::stages(work)?.into_iter().map(|stage| (stage.key, stage.name)).collect();
            let cell = |one: &Opportunity, column: &&Column| opportunity_cell(work, one, column, &numbers, &stages);
            Ok(all.iter().map(|one| columns.iter().map(|column| cell(one, column)).collect()).collect())
        }
    }
}

/// A page of a list that is turned over: its rows, how many there are in all, and where the next page begins.
pub struct Turned {
    pub rows: Vec<Vec<Cell>>,
    pub read: usize,
    pub total: i64,
    pub next: Option<String>,
}

/// Turns a list over; rows that came after the export began are left out.
pub fn page(work: &mut Work, export: &Kept, cursor: Option<&str>) -> Result<Turned> {
    let given: Map<String, Value> = serde_json::from_str(&export.filter)?;
    let mut turned = vec![("limit", PAGE)];
    turned.extend(cursor.map(|cursor| ("cursor", cursor)));
    let columns = export.chosen();
    let lang = export.language();
    match export.kind {
        Kind::FollowUps => {
            let mut filter: FollowUpFilter = filter(&given, &turned)?;
            let turn = filter.turn()?;
            let page = follow_ups::records::page(work, filter, &turn)?;
            let methods = keyed(work, Dictionary::FollowUpMethod)?;
            let cell = |one: &FollowUp, column: &&Column| follow_up_cell(work, one, column, &methods, lang);
            let rows = page.items.iter().filter(|one| one.created_at <= export.created_at);
            let rows = rows.map(|one| columns.iter().map(|column| cell(one, column)).collect()).collect();
            Ok(Turned { rows, read: page.items.len(), total: page.total, next: page.next_cursor })
        }
        _ => {
            let filter: TaskFilter = filter(&given, &turned)?;
            let page = filter.page(work)?;
            let kinds = keyed(work, Dictionary::TaskKind)?;
            let cell = |one: &Task, column: &&Column| task_cell(work, one, column, &kinds, lang);
            let rows = page.items.iter().filter(|one| one.created_at <= export.created_at);
            let rows = rows.map(|one| columns.iter().map(|column| cell(one, column)).collect()).collect();
            Ok(Turned { rows, read: page.items.len(), total: page.total, next: page.next_cursor })
        }
    }
}

fn keyed(work: &mut Work, kind: Dictionary) -> Result<HashMap<String, String>> {
    Ok(settings::entries(work, kind)?.into_iter().map(|entry| (entry.key, entry.name)).collect())
}

fn employee_numbers(work: &mut Work, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() { Ok(HashMap::new()) } else { Ok(identity::employee_numbers(work, &ids)?.into_iter().collect()) }
}

/// What stands in other tables, by id.
struct Beside {
    people: HashMap<i64, String>,
    referrers: HashMap<i64, String>,
    deals: HashMap<i64, String>,
}

impl Beside {
    fn of_customers(work: &mut Work, all: &[Customer], columns: &[&Column]) -> Result<Beside> {
        let wanted = |key: &str| columns.iter().any(|column| column.key == key);
        let (mut referrers, mut deals) = (HashMap::new(), HashMap::new());
        if wanted("referrer") {
            let ids: Vec<i64> = all.iter().filter_map(|one| one.referrer_id).collect();
            if !ids.is_empty() {
                referrers = customers::of_ids(work, &ids)?.into_iter().map(|one| (one.row.id, one.row.number)).collect();
            }
        }
        if wanted("won_opportunity") {
            let ids: Vec<i64> = all.iter().filter_map(|one| one.row.won_opportunity_id).collect();
            if !ids.is_empty() {
                deals = opportunities::of_ids(work, &ids)?.into_iter().map(|one| (one.id, one.number)).collect();
            }
        }
        Ok(Beside { people: employee_numbers(work, all.iter().filter_map(|one| one.row.owner_id))?, referrers, deals })
    }
}

fn joined(names: &[Named]) -> String {
    names.iter().map(|name| name.name.as_str()).collect::<Vec<_>>().join("、")
}

fn text(value: Option<impl ToString>) -> Cell {
    Cell::Text(value.map_or_else(String::new, |value| value.to_string()))
}

fn amount(value: Option<impl ToString>) -> Cell {
    Cell::Amount(value.map_or_else(String::new, |value| value.to_string()))
}

fn time(work: &Work, at: Option<Instant>) -> Cell {
    Cell::Text(at.map_or_else(String::new, |at| moment(at, work.zone())))
}

fn at(map: &HashMap<i64, String>, id: Option<i64>) -> Cell {
    text(id.and_then(|id| map.get(&id)))
}

fn customer_cell(work: &Work, customer: &Customer, column: &Column, beside: &Beside, lang: Lang) -> Cell {
    let row = &customer.row;
    match column.key {
        "number" => text(Some(&row.number)),
        "name" => text(Some(&row.name)),
        "contact_name" => text(Some(&row.contact_name)),
        "phone" => text(Some(&row.phone)),
        "email" => text(row.email.as_ref()),
        "industry" => text(Some(&row.industry.name)),
        "tags" => Cell::Text(joined(&row.tags)),
        "region" => text(row.region.0.as_ref().map(|region| &region.name)),
        "source_channels" => Cell::Text(joined(&row.source_channels)),
        "source_detail" => text(Some(&row.source_detail)),
        "credit_code" => text(row.credit_code.as_ref()),
        "address" => text(Some(&customer.address)),
        "requirement" => text(Some(&customer.requirement)),
        "remark" => text(Some(&customer.remark)),
        "status" => Cell::Text(labels::title(labels::STATUS, row.status.word(), lang)),
        "follow_up_status" => Cell::Text(labels::title(labels::FOLLOW_UP_STATUS, row.follow_up_status.word(), lang)),
        "phone_check" => Cell::Text(labels::title(labels::PHONE_CHECK, row.phone_check.word(), lang)),
        "marketing_consent" => text(Some(yes(row.marketing_consent, lang))),
        "referrer" => at(&beside.referrers, customer.referrer_id),
        "owner" => text(row.owner_name.as_ref()),
        "owner_number" => at(&beside.people, row.owner_id),
        "team" => text(row.team_name.as_ref()),
        "deal_date" => text(row.deal_date),
        "contract_amount" => amount(row.contract_amount),
        "won_opportunity" => at(&beside.deals, row.won_opportunity_id),
        "total_won_amount" => amount(Some(row.total_won_amount)),
        "last_followed_up_at" => time(work, row.last_followed_up_at),
        "created_at" => time(work, Some(row.created_at)),
        "created_by" => text(customer.created_by_name.as_ref()),
        "updated_at" => time(work, Some(row.updated_at)),
        _ => Cell::Text(String::new()),
    }
}

fn opportunity_cell(
    work: &Work,
    one: &Opportunity,
    column: &Column,
    people: &HashMap<i64, String>,
    stages: &HashMap<String, String>,
) -> Cell {
    match column.key {
        "number" => text(Some(&one.number)),
        "name" => text(Some(&one.name)),
        "customer_number" => text(Some(&one.customer_number)),
        "customer_name" => text(Some(&one.customer_name)),
        "expected_amount" => amount(Some(one.expected_amount)),
        "expected_close_date" => text(one.expected_close_date),
        "stage" => text(stages.get(&one.stage).or(Some(&one.stage))),
        "won_amount" => amount(one.won_amount),
        "won_date" => text(one.won_date),
        "lost_reason" => text(one.lost_reason.as_ref()),
        "competitor" => text(one.competitor.as_ref()),
        "source" => text(Some(&one.source)),
        "owner" => text(one.owner_name.as_ref()),
        "owner_number" => at(people, one.owner_id),
        "team" => text(one.team_name.as_ref()),
        "remark" => text(Some(&one.remark)),
        "entered_stage_at" => time(work, Some(one.entered_stage_at)),
        "created_at" => time(work, Some(one.created_at)),
        "updated_at" => time(work, Some(one.updated_at)),
        _ => Cell::Text(String::new()),
    }
}

fn follow_up_cell(work: &Work, one: &FollowUp, column: &Column, methods: &HashMap<String, String>, lang: Lang) -> Cell {
    match column.key {
        "contacted_at" => time(work, Some(one.contacted_at)),
        "customer_name" => text(Some(&one.customer_name)),
        "opportunity_name" => text(one.opportunity_name.as_ref()),
        "author" => text(Some(&one.author_name)),
        "method" => text(methods.get(&one.method).or(Some(&one.method))),
        "result" => text(Some(&one.result)),
        "next_action" => text(Some(&one.next_action)),
        "next_action_due" => text(one.next_action_due),
        "late_entry" => text(Some(yes(one.late_entry, lang))),
        "created_at" => time(work, Some(one.created_at)),
        _ => Cell::Text(String::new()),
    }
}

fn task_cell(work: &Work, one: &Task, column: &Column, kinds: &HashMap<String, String>, lang: Lang) -> Cell {
    match column.key {
        "kind" => text(kinds.get(&one.kind).or(Some(&one.kind))),
        "content" => text(Some(&one.content)),
        "customer_number" => text(one.customer_number.as_ref()),
        "customer_name" => text(one.customer_name.as_ref()),
        "opportunity_number" => text(one.opportunity_number.as_ref()),
        "opportunity_name" => text(one.opportunity_name.as_ref()),
        "assignee" => text(Some(&one.assignee_name)),
        "assigner" => text(Some(&one.assigner_name)),
        "due_date" => text(Some(one.due_date)),
        "status" => Cell::Text(labels::title(labels::TASK_STATUS, one.status.word(), lang)),
        "feedback" => text(one.feedback.as_ref()),
        "completed_at" => time(work, one.completed_at),
        "created_at" => time(work, Some(one.created_at)),
        _ => Cell::Text(String::new()),
    }
}

/// Reads the filter of a list that is turned over, to find what is wrong with it.
pub fn try_page(work: &mut Work, kind: Kind, given: &Map<String, Value>) -> Result<()> {
    match kind {
        Kind::FollowUps => {
            let mut filter: FollowUpFilter = filter(given, &[])?;
            filter.turn()?;
            filter.predicates(work).map(|_| ())
        }
        _ => filter::<TaskFilter>(given, &[("limit", "1")])?.page(work).map(|_| ()),
    }
}
