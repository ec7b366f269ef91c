//! A row that is a customer: through the same draft and the same checks as the form (S14–S24).

use serde_json::{Value, json};

use super::model::{Mode, Reason};
use super::values::Values;
use super::{Applied, NO_CHANGE, NOT_THERE, THERE_ALREADY};
use crate::assignment::{Assign, Round};
use crate::customers::model::{FollowUpStatus, PhoneCheck, Status, shortened};
use crate::customers::{self, Carried, Customer, CustomerDraft, DuplicateQuestion};
use crate::error::{Error, Fields, Result};
use crate::exchange::{cell, labels};
use crate::identity::scope::Right;
use crate::opportunities::{self, model::WinDraft};
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{FieldCode, Numbered};
use crate::platform::work::Work;

const WON_STAYS: FieldCode = FieldCode::Rule {
    code: "WON_STAYS",
    zh: "成交客户的状态请在客户页面上修改",
    en: "The status of a won customer is changed on the customer's page",
};

const GIVEN_AWAY: FieldCode = FieldCode::Rule {
    code: "GIVEN_AWAY",
    zh: "该行按规则分配给了您无权查看的人员，不能同时设置状态，请清空或指定负责人",
    en: "The rules give this row to somebody whose records you cannot see; leave its status out or name an owner",
};

/// Applies a row.
pub fn apply(work: &mut Work, values: &Values, mode: Mode, by_rules: bool, round: &mut Round) -> Result<Applied> {
    let known = match values.text("number") {
        Some(number) => customers::find(work, &Choice::Name(number.to_owned()), Right::Read)?,
        None => match values.text("name") {
            Some(name) => customers::find_named(work, name, Right::Read)?,
            None => None,
        },
    };
    match (mode, known) {
        (Mode::Create, _) | (Mode::Upsert, None) => create(work, values, by_rules, round),
        (Mode::Skip, Some(known)) => Ok(Applied::skipped(Reason::of("name", &THERE_ALREADY)).about(known.id, &known.number)),
        (Mode::Skip, None) if is_known_elsewhere(work, values)? => Ok(Applied::skipped(Reason::of("name", &THERE_ALREADY))),
        (Mode::Skip, None) => create(work, values, by_rules, round),
        (Mode::Update, None) => Err(Error::field(if values.text("number").is_some() { "number" } else { "name" }, NOT_THERE)),
        (Mode::Update | Mode::Upsert, Some(known)) => update(work, values, known.id),
    }
}

/// Known to somebody else: the row is left alone, and no more is said about it.
fn is_known_elsewhere(work: &mut Work, values: &Values) -> Result<bool> {
    let question = DuplicateQuestion { name: values.plain("name"), ..DuplicateQuestion::default() };
    Ok(customers::check_duplicates(work, &question).is_ok_and(|hits| hits.iter().any(|hit| hit.blocking)))
}

fn draft_of(work: &mut Work, values: &Values) -> Result<CustomerDraft> {
    let names = |text: &str| Ok(cell::several(text).into_iter().map(Choice::Name).collect::<Vec<_>>());
    let name = |text: &str| Ok(Choice::Name(text.to_owned()));
    let owner_id = values.owner(work)?;
    let status = |word: &str| Status::from_word(word).ok_or(FieldCode::Unknown);
    Ok(CustomerDraft {
        name: values.plain("name"),
        contact_name: values.plain("contact_name"),
        phone: values.plain("phone"),
        email: values.plain("email"),
        marketing_consent: values.given("marketing_consent", |text| cell::read_yes(text).ok_or(FieldCode::Unknown)),
        industry: values.given("industry", name),
        tags: values.given("tags", names),
        region: values.given("region", name),
        source_channels: values.given("source_channels", names),
        source_detail: values.plain("source_detail"),
        referrer: values.given("referrer", name),
        credit_code: values.plain("credit_code"),
        address: values.plain("address"),
        remark: values.plain("remark"),
        requirement: values.plain("requirement"),
        status: values.word("status", labels::STATUS).and_then(status),
        owner_id,
        follow_up_status: values
            .word("follow_up_status", labels::FOLLOW_UP_STATUS)
            .and_then(|word| FollowUpStatus::from_word(word).ok_or(FieldCode::Unknown)),
        phone_check: values.word("phone_check", labels::PHONE_CHECK).and_then(|word| PhoneCheck::from_word(word).ok_or(FieldCode::Unknown)),
        ..CustomerDraft::default()
    })
}

fn create(work: &mut Work, values: &Values, by_rules: bool, round: &mut Round) -> Result<Applied> {
    let mut draft = draft_of(work, values)?;
    if by_rules && !draft.owner_id.is_given() {
        draft.assign = Given::Value(Assign::Rules);
    }
    let mut fields = Fields::default();
    let team = values.team(work, &draft.owner_id)?;
    let carried = Carried {
        number: values.carried_number(work, Numbered::Customer).optional("number", &mut fields),
        team_id: team.optional("team", &mut fields),
        created_at: values.carried_time(work, "created_at").optional("created_at", &mut fields),
        last_followed_up_at: values.carried_time(work, "last_followed_up_at").optional("last_followed_up_at", &mut fields),
    };
    let later = CustomerDraft {
        follow_up_status: std::mem::take(&mut draft.follow_up_status),
        phone_check: std::mem::take(&mut draft.phone_check),
        ..CustomerDraft::default()
    };
    let won = draft.status == Given::Value(Status::Won);
    // The deal of a takeover comes with its opportunity, which has a number of its own.
    let deal_follows = won && values.text("won_opportunity").is_some() && work.actor.may("carry_history");
    if won {
        draft.status = Given::Value(Status::Active);
    }
    let customer = match customers::create_carrying(work, &draft, &carried, round) {
        Err(Error::Invalid(more)) => return Err(Error::Invalid(more.and(fields))),
        outcome => outcome?,
    };
    let gone = customer.assignment.as_ref().is_some_and(|assignment| !assignment.in_sight);
    if gone && (won || later.follow_up_status.is_given() || later.phone_check.is_given()) {
        fields.add(if won { "status" } else { "follow_up_status" }, GIVEN_AWAY);
    }
    fields.into_result()?;
    if gone {
        return Ok(Applied::created(customer.row.id, &customer.row.number, customer.row.version, json!({ "deal": Value::Null })));
    }
    let customer = state_of_things(work, customer, later)?;
    let (customer, deal) = if won && !deal_follows { win(work, values, customer)? } else { (customer, Value::Null) };
    Ok(Applied::created(customer.row.id, &customer.row.number, customer.row.version, json!({ "deal": deal })))
}

/// What a form cannot say of a new customer: how far the follow-up is and whether the phone was verified.
fn state_of_things(work: &mut Work, customer: Customer, later: CustomerDraft) -> Result<Customer> {
    let as_born = matches!(later.follow_up_status, Given::Absent | Given::Value(FollowUpStatus::NotStarted))
        && matches!(later.phone_check, Given::Absent | Given::Value(PhoneCheck::Unverified));
    if as_born { Ok(customer) } else { opportunities::edit_customer(work, customer.row.id, customer.row.version, &later) }
}

/// Wins a customer with the date and amount of the row; answers the opportunity that was made for it, if one was.
fn win(work: &mut Work, values: &Values, customer: Customer) -> Result<(Customer, Value)> {
    let draft =
        WinDraft { deal_date: values.day("deal_date"), contract_amount: values.money("contract_amount"), opportunity: Given::Absent };
    let customer = opportunities::win_customer(work, customer.row.id, customer.row.version, &draft, None)?;
    let deal = match customer.row.won_opportunity_id {
        Some(id) => {
            let opportunity = opportunities::get(work, &Choice::Id(id))?;
            json!({ "id": id, "version": opportunity.version })
        }
        None => Value::Null,
    };
    Ok((customer, deal))
}

fn update(work: &mut Work, values: &Values, id: i64) -> Result<Applied> {
    let before = customers::get(work, &Choice::Id(id))?;
    let mut draft = draft_of(work, values)?;
    // What an export shows to a reader is no new number.
    if values.text("phone") == Some(shortened(&before.row.phone).as_str()) {
        draft.phone = Given::Absent;
    }
    let to_win = draft.status == Given::Value(Status::Won) && before.row.status != Status::Won;
    match &draft.status {
        Given::Value(status) if *status == before.row.status || to_win => draft.status = Given::Absent,
        Given::Value(_) if before.row.status == Status::Won => draft.status = Given::Bad(WON_STAYS),
        _ => {}
    }
    let old = old_values(&draft, &before);
    let after = opportunities::edit_customer(work, id, before.row.version, &draft)?;
    let (after, deal) = if to_win { win(work, values, after)? } else { (after, Value::Null) };
    if after.row.version == before.row.version {
        return Ok(Applied::skipped(Reason::of("", &NO_CHANGE)).about(id, &before.row.number));
    }
    let old_status = if to_win { json!(before.row.status.word()) } else { Value::Null };
    let kept = json!({ "fields": old, "deal": deal, "status": old_status });
    Ok(Applied::updated(id, &before.row.number, after.row.version, kept))
}

/// What the given fields were before, as a draft would set them again.
fn old_values(draft: &CustomerDraft, before: &Customer) -> Value {
    let row = &before.row;
    let ids = |all: &[crate::identity::model::Named]| json!(all.iter().map(|one| one.id).collect::<Vec<_>>());
    let mut old = json!({});
    let mut keep = |given: bool, field: &str, value: Value| {
        if given {
            old[field] = value;
        }
    };
    keep(draft.name.is_given(), "name", json!(row.name));
    keep(draft.contact_name.is_given(), "contact_name", json!(row.contact_name));
    keep(draft.phone.is_given(), "phone", json!(row.phone));
    keep(draft.email.is_given(), "email", json!(row.email));
    keep(draft.marketing_consent.is_given(), "marketing_consent", json!(row.marketing_consent));
    keep(draft.industry.is_given(), "industry", json!(row.industry.id));
    keep(draft.tags.is_given(), "tags", ids(&row.tags));
    keep(draft.region.is_given(), "region", json!(row.region.0.as_ref().map(|region| region.id)));
    keep(draft.source_channels.is_given(), "source_channels", ids(&row.source_channels));
    keep(draft.source_detail.is_given(), "source_detail", json!(row.source_detail));
    keep(draft.referrer.is_given(), "referrer", json!(before.referrer_id));
    keep(draft.credit_code.is_given(), "credit_code", json!(row.credit_code));
    keep(draft.address.is_given(), "address", json!(before.address));
    keep(draft.remark.is_given(), "remark", json!(before.remark));
    keep(draft.requirement.is_given(), "requirement", json!(before.requirement));
    keep(draft.status.is_given(), "status", json!(row.status.word()));
    keep(draft.owner_id.is_given() && row.owner_id.is_some(), "owner_id", json!(row.owner_id));
    keep(draft.follow_up_status.is_given(), "follow_up_status", json!(row.follow_up_status.word()));
    keep(draft.phone_check.is_given(), "phone_check", json!(row.phone_check.word()));
    old
}
