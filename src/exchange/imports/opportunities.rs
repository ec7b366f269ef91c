//! A row that is an opportunity (S34–S40): its customer by number or name, its stage by name.

use serde_json::{Value, json};

use super::model::{Mode, Reason};
use super::values::Values;
use super::{Applied, NO_CHANGE, NOT_THERE, THERE_ALREADY};
use crate::customers;
use crate::error::{Error, Fields, Result};
use crate::identity::scope::Right;
use crate::opportunities::{self, Carried, Opportunity, OpportunityDraft, StageChange};
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{FieldCode, Numbered, name};
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

/// Applies a row.
pub fn apply(work: &mut Work, values: &Values, mode: Mode) -> Result<Applied> {
    let customer = customer_of(work, values)?;
    let known = match (values.text("number"), &customer, values.text("name")) {
        (Some(number), _, _) => opportunities::find(work, &Choice::Name(number.to_owned()), Right::Read)?,
        (None, Some(customer), Some(name)) if mode != Mode::Create => opportunities::find_named(work, customer.id, name, Right::Read)?,
        _ => None,
    };
    match (mode, known) {
        (Mode::Create, _) | (Mode::Upsert | Mode::Skip, None) => create(work, values, customer),
        (Mode::Skip, Some(known)) => Ok(Applied::skipped(Reason::of("name", &THERE_ALREADY)).about(known.id, &known.number)),
        (Mode::Update, None) => Err(Error::field(if values.text("number").is_some() { "number" } else { "name" }, NOT_THERE)),
        (Mode::Update | Mode::Upsert, Some(known)) => update(work, values, known.id),
    }
}

fn customer_of(work: &mut Work, values: &Values) -> Result<Option<customers::Brief>> {
    match (values.text("customer_number"), values.text("customer_name")) {
        (Some(number), _) => customers::find(work, &Choice::Name(number.to_owned()), Right::Read),
        (None, Some(name)) => customers::find_named(work, name, Right::Read),
        (None, None) => Ok(None),
    }
}

/// The stage of the row, by name or key.
fn stage_of(work: &mut Work, values: &Values) -> Result<Given<Stage>> {
    let Some(text) = values.text("stage") else { return Ok(Given::Absent) };
    let wanted = name::fold(text);
    let found = settings::stages(work)?.into_iter().find(|stage| name::fold(&stage.name) == wanted || stage.key == text);
    Ok(found.map_or(Given::Bad(FieldCode::Unknown), Given::Value))
}

fn create(work: &mut Work, values: &Values, customer: Option<customers::Brief>) -> Result<Applied> {
    let mut fields = Fields::default();
    let stage = stage_of(work, values)?.optional("stage", &mut fields);
    let owner_id = values.owner(work)?;
    let team = values.team(work, &owner_id)?;
    let carried = Carried {
        number: values.carried_number(work, Numbered::Opportunity).optional("number", &mut fields),
        team_id: team.optional("team", &mut fields),
        created_at: values.carried_time(work, "created_at").optional("created_at", &mut fields),
    };
    let since = values.carried_time(work, "entered_stage_at").optional("entered_stage_at", &mut fields);
    let field = if values.text("customer_number").is_some() { "customer_number" } else { "customer_name" };
    match &customer {
        None if values.text(field).is_none() => fields.add(field, FieldCode::Required),
        None => fields.add(field, NOT_THERE),
        Some(_) => {}
    }
    let draft = OpportunityDraft {
        name: values.plain("name"),
        // A customer that was not found is named above.
        customer_id: customer.as_ref().map_or(Given::Absent, |customer| Given::Value(customer.id)),
        expected_amount: values.money("expected_amount"),
        expected_close_date: values.day("expected_close_date"),
        stage: match &stage {
            Some(stage) if stage.kind == StageKind::Open => Given::Value(stage.key.clone()),
            _ => Given::Absent,
        },
        owner_id,
        remark: values.plain("remark"),
        ..OpportunityDraft::default()
    };
    let opportunity = match opportunities::create_carrying(work, &draft, &carried) {
        Err(Error::Invalid(more)) if customer.is_none() => return Err(Error::Invalid(more.without("customer_id").and(fields))),
        Err(Error::Invalid(more)) => return Err(Error::Invalid(more.and(fields))),
        outcome => outcome?,
    };
    fields.into_result()?;
    let opportunity = match stage {
        Some(stage) if stage.kind != StageKind::Open => move_to(work, values, &opportunity, &stage)?,
        _ => opportunity,
    };
    if let Some(at) = since {
        opportunities::keep_stage_entry(work, opportunity.id, at)?;
    }
    Ok(Applied::created(opportunity.id, &opportunity.number, opportunity.version, Value::Null))
}

fn move_to(work: &mut Work, values: &Values, before: &Opportunity, stage: &Stage) -> Result<Opportunity> {
    let only = |kind: StageKind| stage.kind == kind;
    let change = StageChange {
        stage: Given::Value(stage.key.clone()),
        won_amount: if only(StageKind::Won) { values.money("won_amount") } else { Given::Absent },
        won_date: if only(StageKind::Won) { values.day("won_date") } else { Given::Absent },
        lost_reason: if only(StageKind::Lost) { values.plain("lost_reason") } else { Given::Absent },
        competitor: if only(StageKind::Lost) { values.plain("competitor") } else { Given::Absent },
    };
    opportunities::change_stage(work, before.id, before.version, &change)
}

fn update(work: &mut Work, values: &Values, id: i64) -> Result<Applied> {
    let before = opportunities::get(work, &Choice::Id(id))?;
    let mut fields = Fields::default();
    let stage = stage_of(work, values)?.optional("stage", &mut fields);
    let draft = OpportunityDraft {
        name: values.plain("name"),
        expected_amount: values.money("expected_amount"),
        expected_close_date: values.day("expected_close_date"),
        owner_id: values.owner(work)?,
        remark: values.plain("remark"),
        ..OpportunityDraft::default()
    };
    let mut old = json!({});
    let mut keep = |given: bool, field: &str, value: Value| {
        if given {
            old[field] = value;
        }
    };
    keep(draft.name.is_given(), "name", json!(before.name));
    keep(draft.expected_amount.is_given(), "expected_amount", json!(before.expected_amount));
    keep(draft.expected_close_date.is_given(), "expected_close_date", json!(before.expected_close_date));
    keep(draft.remark.is_given(), "remark", json!(before.remark));
    keep(draft.owner_id.is_given() && before.owner_id.is_some(), "owner_id", json!(before.owner_id));
    let after = match opportunities::edit(work, id, before.version, &draft) {
        Err(Error::Invalid(more)) => return Err(Error::Invalid(more.and(fields))),
        outcome => outcome?,
    };
    fields.into_result()?;
    let mut kept = json!({ "fields": old });
    let after = match stage {
        Some(stage) if stage.key != before.stage || stage.kind != StageKind::Open => {
            kept["stage"] = json!({
                "stage": before.stage, "won_amount": before.won_amount, "won_date": before.won_date,
                "lost_reason": before.lost_reason, "competitor": before.competitor,
            });
            move_to(work, values, &after, &stage)?
        }
        _ => after,
    };
    if after.version == before.version {
        return Ok(Applied::skipped(Reason::of("", &NO_CHANGE)).about(id, &before.number));
    }
    Ok(Applied::updated(id, &before.number, after.version, kept))
}
