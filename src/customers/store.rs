//! How customers are kept.

use std::collections::HashMap;

use super::model::{Beside, Customer, CustomerRow, Facts, Kept, PhoneCheck, Status};
use super::next_step;
use crate::error::{DuplicateHit, Error, Refusal, Result};
use crate::history::{self, Carried};
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::full_text::{self, Belongs, Index};
use crate::platform::page::{List, Page, Turn, any_of};
use crate::platform::types::grams::Findable;
use crate::platform::types::{BusinessNumber, Day, Money, NameKeys, name};
use crate::platform::work::Work;
use crate::row;

/// Where the names beside a customer come from.
const JOINS: &str = "join dictionary_entries i on i.id = c.industry_id
    left join dictionary_entries r on r.id = c.region_id
    left join users u on u.id = c.owner_id
    left join users b on b.id = c.created_by
    left join users p on p.id = c.phone_checked_by
    left join teams t on t.id = c.team_id";

/// One visible, live customer.
pub fn kept(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    sql(format!("select {{columns}} from customers c {JOINS} where c.id = $1 and c.deleted_at is null and {{visible}}"))
        .bind(id)
        .part("visible", &visible)
        .maybe(work)
}

/// The customer as its reader sees it.
pub fn whole(work: &mut Work, id: i64) -> Result<Option<Customer>> {
    let Some(kept) = kept(work, id)? else { return Ok(None) };
    let beside = beside(work, std::slice::from_ref(&kept))?.remove(&id).unwrap_or_default();
    Ok(Some(kept.whole(beside)))
}

/// A customer that whoever entered it cannot see any more, because the rules gave it away; shown once, phone shortened (S65).
pub fn newborn(work: &mut Work, id: i64) -> Result<Customer> {
    let kept: Kept = sql(format!("-- unscoped: the caller has just entered it and is told what became of it\n select {{columns}} from customers c {JOINS} where c.id = $1"))
        .bind(id)
        .one(work)?;
    let beside = beside(work, std::slice::from_ref(&kept))?.remove(&id).unwrap_or_default();
    Ok(kept.whole(beside))
}

/// Those of several customers that the reader sees, whole, in the order asked for.
pub fn of_ids(work: &mut Work, ids: &[i64]) -> Result<Vec<Customer>> {
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    let among = any_of("c.id", ids.iter().copied().map(Value::Int).collect());
    let rows: Vec<Kept> =
        sql(format!("select {{columns}} from customers c {JOINS} where {{among}} and c.deleted_at is null and {{visible}}"))
            .part("among", &among)
            .part("visible", &visible)
            .all(work)?;
    let mut beside = beside(work, &rows)?;
    let mut whole: HashMap<i64, Customer> = rows
        .into_iter()
        .map(|kept| (kept.id, beside.remove(&kept.id).unwrap_or_default(), kept))
        .map(|(id, beside, kept)| (id, kept.whole(beside)))
        .collect();
    Ok(ids.iter().filter_map(|id| whole.remove(id)).collect())
}

/// What stands beside several customers, in one query per table.
fn beside(work: &mut Work, kept: &[Kept]) -> Result<HashMap<i64, Beside>> {
    let ids: Vec<i64> = kept.iter().map(|one| one.id).collect();
    let ids = ids.as_slice();
    let mut all: HashMap<i64, Beside> = ids.iter().map(|id| (*id, Beside::default())).collect();
    for (id, kind, link) in links_of(work, ids)? {
        let beside = all.entry(id).or_default();
        match kind {
            Link::Tag => beside.tags.push(link),
            Link::Source => beside.sources.push(link),
        }
    }
    for (id, step) in next_step::of(work, next_step::Of::Customers, ids)? {
        all.entry(id).or_default().next_step = Some(step);
    }
    if work.actor.may("edit_customers") {
        let rows: Vec<_> = kept.iter().map(|one| (one.id, one.owner_id, one.team_id)).collect();
        for id in scope::editable_rows(work, Owned::Customers, &rows)? {
            all.entry(id).or_default().can_edit = true;
        }
    }
    Ok(all)
}

/// What a customer is linked to.
#[derive(Clone, Copy, PartialEq)]
enum Link {
    Tag,
    Source,
}

/// The tags of a customer that was found in the caller's scope.
pub fn tag_ids(work: &mut Work, id: i64) -> Result<Vec<i64>> {
    sql("select tag_id from customer_tags where customer_id = $1 order by tag_id").bind(id).all(work)
}

/// The version of a customer that was found in the caller's scope.
pub fn version(work: &mut Work, id: i64) -> Result<i64> {
    sql("-- unscoped: the customer was found and locked in the caller's scope\n select version from customers where id = $1")
        .bind(id)
        .one(work)
}

/// Tags in the order of their making and sources in the order of their choosing, of several customers in one query.
fn links_of(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, Link, Named)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let among = |column| any_of(column, ids.iter().copied().map(Value::Int).collect());
    let mut rows: Vec<(i64, bool, i64, Named)> = sql("select ct.customer_id, true, g.id, g.id, g.name from customer_tags ct join tags g on g.id = ct.tag_id where {tagged}
         union all
         select cs.customer_id, false, cs.position, d.id, d.name from customer_sources cs join dictionary_entries d on d.id = cs.entry_id where {sourced}")
    .part("tagged", &among("ct.customer_id"))
    .part("sourced", &among("cs.customer_id"))
    .all(work)?;
    rows.sort_by_key(|(customer, _, place, _)| (*customer, *place));
    Ok(rows.into_iter().map(|(customer, is_tag, _, named)| (customer, if is_tag { Link::Tag } else { Link::Source }, named)).collect())
}

/// The facts of a visible customer, to be edited.
pub fn facts(work: &mut Work, id: i64) -> Result<Option<(Kept, Facts)>> {
    let Some(kept) = kept(work, id)? else { return Ok(None) };
    let (tags, sources): (Vec<_>, Vec<_>) = links_of(work, &[id])?.into_iter().partition(|(_, kind, _)| *kind == Link::Tag);
    let named = |links: Vec<(i64, Link, Named)>| links.into_iter().map(|(_, _, link)| link).collect();
    let facts = Facts::of(&kept, named(tags), named(sources));
    Ok(Some((kept, facts)))
}

/// A page of a list.
pub fn page(work: &mut Work, list: &List, turn: &Turn) -> Result<Page<CustomerRow>> {
    let page: Page<Kept> = list.fetch(work, turn, &format!("join customers c on c.id = page.id {JOINS}"))?;
    let mut beside = beside(work, &page.items)?;
    Ok(page.map(|kept| kept.row(beside.remove(&kept.id).unwrap_or_default())))
}

/// What is known of a customer at birth besides its facts.
pub struct Birth {
    pub number: BusinessNumber,
    pub owner_id: Option<i64>,
    pub team_id: Option<i64>,
}

fn name_taken(error: Error) -> Error {
    // Somebody was faster: a second run finds the other record and can say which.
    error.when_not_unique("customers.name_fold", || Error::LostRace).when_not_unique("customers.credit_code", || Error::LostRace)
}

pub fn insert(work: &mut Work, facts: &Facts, birth: &Birth) -> Result<i64> {
    let (now, today, by) = (work.now(), work.today(), work.actor.by_id());
    let requirement_day = if facts.requirement.is_empty() { String::new() } else { today.to_string() };
    let id: i64 = sql("insert into customers (number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email, marketing_consent,
            industry_id, region_id, primary_source_id, source_detail, referrer_id, credit_code, address, remark, requirement, requirement_changed_on,
            status, follow_up_status, owner_id, team_id, last_contact_on, created_at, created_on, created_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $25, $27, $26) returning id")
    .bind(birth.number.to_string())
    .bind(birth.number.key())
    .bind(facts.name.as_str())
    .bind(name::fold(&facts.name))
    .bind(name::variant_fold(&facts.name))
    .bind(NameKeys::of(&facts.name).full)
    .bind(facts.contact_name.as_str())
    .bind(facts.phone.as_str())
    .bind(facts.email.as_str())
    .bind(facts.marketing_consent)
    .bind(facts.industry.id)
    .bind(facts.region.as_ref().map(|region| region.id))
    .bind(facts.sources.first().map(|source| source.id))
    .bind(facts.source_detail.as_str())
    .bind(facts.referrer_id)
    .bind(facts.credit_code.clone())
    .bind(facts.address.as_str())
    .bind(facts.remark.as_str())
    .bind(facts.requirement.as_str())
    .bind(requirement_day)
    .bind(facts.status)
    .bind(facts.follow_up_status)
    .bind(birth.owner_id)
    .bind(birth.team_id)
    .bind(today)
    .bind(now)
    .bind(by)
    .one(work)
    .map_err(name_taken)?;
    replace_links(work, id, facts, true)?;
    Ok(id)
}

/// Writes the facts that people edit; the version grows.
pub fn update(work: &mut Work, id: i64, version: i64, facts: &Facts, requirement_changed: bool) -> Result<()> {
    history::keep(work, history::Kept::Customers, id)?;
    let (now, today) = (work.now(), work.today());
    let touched = sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set name = $3, name_fold = $4, name_variant = $5, name_key = $6, marketing_consent = $7, industry_id = $8, region_id = $9,
            primary_source_id = $10, source_detail = $11, referrer_id = $12, credit_code = $13, address = $14, remark = $15, requirement = $16,
            requirement_changed_on = case when $17 then $18 else requirement_changed_on end,
            status = $19, follow_up_status = $20, phone_check = $21, updated_at = $22, version = version + 1
         where id = $1 and version = $2")
    .bind(id)
    .bind(version)
    .bind(facts.name.as_str())
    .bind(name::fold(&facts.name))
    .bind(name::variant_fold(&facts.name))
    .bind(NameKeys::of(&facts.name).full)
    .bind(facts.marketing_consent)
    .bind(facts.industry.id)
    .bind(facts.region.as_ref().map(|region| region.id))
    .bind(facts.sources.first().map(|source| source.id))
    .bind(facts.source_detail.as_str())
    .bind(facts.referrer_id)
    .bind(facts.credit_code.clone())
    .bind(facts.address.as_str())
    .bind(facts.remark.as_str())
    .bind(facts.requirement.as_str())
    .bind(requirement_changed)
    .bind(today)
    .bind(facts.status)
    .bind(facts.follow_up_status)
    .bind(facts.phone_check)
    .bind(now)
    .run(work)
    .map_err(name_taken)?;
    if touched == 0 {
        return Err(Error::LostRace);
    }
    replace_links(work, id, facts, false)
}

/// Writes tags and sources anew; a customer that was there before keeps which it had.
fn replace_links(work: &mut Work, id: i64, facts: &Facts, born: bool) -> Result<()> {
    let own = Predicate::new("x.customer_id = $1", vec![Value::Int(id)]);
    if !born {
        history::keep_carried(work, Carried::Tags, &own)?;
        history::keep_carried(work, Carried::Sources, &own)?;
    }
    sql("delete from customer_tags where customer_id = $1").bind(id).run(work)?;
    for tag in &facts.tags {
        sql("insert into customer_tags (customer_id, tag_id) values ($1, $2)").bind(id).bind(tag.id).run(work)?;
    }
    sql("delete from customer_sources where customer_id = $1").bind(id).run(work)?;
    for (position, source) in facts.sources.iter().enumerate() {
        sql("insert into customer_sources (customer_id, entry_id, position) values ($1, $2, $3)")
            .bind(id)
            .bind(source.id)
            .bind(position as i64)
            .run(work)?;
    }
    if !born {
        history::keep_not_carried(work, Carried::Tags, &own)?;
        history::keep_not_carried(work, Carried::Sources, &own)?;
    }
    Ok(())
}

/// Notes who has looked at the phone, and when (S17); nobody has at a number that is not verified.
pub fn note_phone_check(work: &mut Work, id: i64, check: PhoneCheck) -> Result<()> {
    let (now, by) = match check {
        PhoneCheck::Unverified => (None, None),
        _ => (Some(work.now()), work.actor.by_id()),
    };
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set phone_checked_at = $2, phone_checked_by = $3 where id = $1")
    .bind(id)
    .bind(now)
    .bind(by)
    .run(work)?;
    Ok(())
}

/// People edited something that belongs to the customer: a contact, a share, the owner.
pub fn touch(work: &mut Work, id: i64) -> Result<i64> {
    let now = work.now();
    sql("-- unscoped: the customer was found in the caller's scope
         update customers set updated_at = $2, version = version + 1 where id = $1 returning version")
    .bind(id)
    .bind(now)
    .one(work)
}

/// Gives the customer to somebody.
pub fn set_owner(work: &mut Work, id: i64, owner_id: i64, team_id: Option<i64>) -> Result<()> {
    history::keep(work, history::Kept::Customers, id)?;
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set owner_id = $2, team_id = $3 where id = $1")
    .bind(id)
    .bind(owner_id)
    .bind(team_id)
    .run(work)?;
    index(work, id)
}

/// Puts the customer into the recycle bin.
pub fn delete(work: &mut Work, id: i64, reason: &str) -> Result<()> {
    history::keep(work, history::Kept::Customers, id)?;
    let (now, by) = (work.now(), work.actor.by_id());
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set deleted_at = $2, deleted_by = $3, deleted_reason = $4, updated_at = $2, version = version + 1 where id = $1")
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(reason)
    .run(work)?;
    full_text::remove(work, Index::Customers, id)
}

/// True when live opportunities hang on the customer, whoever owns them.
pub fn has_opportunities(work: &mut Work, id: i64) -> Result<bool> {
    let found: Option<i64> =
        sql("-- unscoped: only whether there is one\n select 1 from opportunities where customer_id = $1 and deleted_at is null limit 1")
            .bind(id)
            .maybe(work)?;
    Ok(found.is_some())
}

pub fn keep_requirement(work: &mut Work, id: i64, old: &str, new: &str, follow_up_id: Option<i64>) -> Result<()> {
    let (now, by) = (work.now(), work.actor.by_id());
    sql("insert into requirement_versions (customer_id, old, new, at, by_id, follow_up_id) values ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(old)
        .bind(new)
        .bind(now)
        .bind(by)
        .bind(follow_up_id)
        .run(work)?;
    Ok(())
}

/// True when the customer has this follow-up record and the caller sees it.
pub fn has_follow_up(work: &mut Work, id: i64, follow_up_id: i64) -> Result<bool> {
    let visible = scope::predicate(work, Owned::FollowUps, Right::Read);
    let found: Option<i64> = sql("select f.id from follow_ups f where f.id = $1 and f.customer_id = $2 and {visible}")
        .bind(follow_up_id)
        .bind(id)
        .part("visible", &visible)
        .maybe(work)?;
    Ok(found.is_some())
}

/// Puts the customer and its contacts into the search index.
pub fn index(work: &mut Work, id: i64) -> Result<()> {
    let (number, customer, detail, address, owner_id, team_id): (String, String, String, String, Option<i64>, Option<i64>) =
        sql("-- unscoped: what is indexed is only found again within a scope\n select number, name, source_detail, address, owner_id, team_id from customers where id = $1").bind(id).one(work)?;
    let contacts: Vec<(String, String)> =
        sql("-- unscoped: what is indexed is only found again within a scope\n select name, phone from contacts where customer_id = $1 and deleted_at is null order by id limit 200").bind(id).all(work)?;
    let merged: Vec<String> = sql("-- unscoped: the numbers of those merged into it find it, too (S23)\n select number from customers where merged_into = $1 order by id limit 200").bind(id).all(work)?;
    let numbers: Vec<&str> = std::iter::once(number.as_str()).chain(merged.iter().map(String::as_str)).collect();
    let names: Vec<&str> = std::iter::once(customer.as_str()).chain(contacts.iter().map(|(name, _)| name.as_str())).collect();
    let phones: Vec<&str> = contacts.iter().map(|(_, phone)| phone.as_str()).collect();
    let record = Findable { names: &names, texts: &[detail.as_str(), address.as_str()], phones: &phones, numbers: &numbers };
    full_text::replace(work, Index::Customers, id, &record, Belongs { owner_id, team_id })
}

fn hit_text(condition: &str) -> String {
    format!(
        "-- unscoped: the duplicate hit of S15 and S17 shows number, owner, team and the shortened phone, nothing more
         select c.number, u.name, t.name from customers c left join users u on u.id = c.owner_id left join teams t on t.id = c.team_id
         where c.deleted_at is null and c.id <> $2 and {condition} order by c.id limit 5"
    )
}

fn hits(work: &mut Work, condition: &str, value: &str, but: i64) -> Result<Vec<DuplicateHit>> {
    let rows: Vec<(String, Option<String>, Option<String>)> = sql(hit_text(condition)).bind(value).bind(but).all(work)?;
    Ok(rows.into_iter().map(|(number, owner_name, team_name)| DuplicateHit { number, owner_name, team_name, phone: None }).collect())
}

/// Live customers with this folded name (S15).
pub fn same_name(work: &mut Work, text: &str, but: i64) -> Result<Vec<DuplicateHit>> {
    hits(work, "c.name_fold = $1", &name::fold(text), but)
}

/// Live customers whose name differs by the legal form only (查重).
pub fn similar_name(work: &mut Work, text: &str, but: i64) -> Result<Vec<DuplicateHit>> {
    hits(work, "c.name_variant = $1", &name::variant_fold(text), but)
}

/// Live customers with this credit code.
pub fn same_credit_code(work: &mut Work, code: &str, but: i64) -> Result<Vec<DuplicateHit>> {
    hits(work, "c.credit_code = $1", code, but)
}

/// Live customers of which a contact has this phone (S17).
pub fn same_phone(work: &mut Work, phone: &str, but: i64) -> Result<Vec<DuplicateHit>> {
    // A switchboard's number may stand in thousands of contacts: they are walked in the order of their customers until five are found.
    let few = "c.id in (select distinct k.customer_id from contacts k join customers o on o.id = k.customer_id and o.deleted_at is null
        where k.phone = $1 and k.deleted_at is null and k.customer_id <> $2 order by k.customer_id limit 5)";
    let found = hits(work, few, phone, but)?;
    Ok(found.into_iter().map(|hit| DuplicateHit { phone: Some(super::model::shortened(phone)), ..hit }).collect())
}

/// Refuses a name or a code that another customer has (S15).
pub fn refuse_duplicates(work: &mut Work, facts: &Facts, but: i64) -> Result<()> {
    if let Some(hit) = same_name(work, &facts.name, but)?.into_iter().next() {
        return Err(Error::Refused(Refusal::DuplicateName(hit)));
    }
    if let Some(code) = &facts.credit_code
        && let Some(hit) = same_credit_code(work, code, but)?.into_iter().next()
    {
        return Err(Error::Refused(Refusal::DuplicateCreditCode(hit)));
    }
    Ok(())
}

row! {
    /// What the deals of a customer show on it.
    #[derive(Debug, Clone, PartialEq)]
    pub struct DealFields {
        pub status: Status,
        pub deal_date: Option<Day>,
        pub contract_amount: Option<Money>,
        pub won_opportunity_id: Option<i64>,
        pub total_won_amount: Money,
    }
}

pub fn deal_fields(work: &mut Work, id: i64) -> Result<DealFields> {
    sql("-- unscoped: a deal shows on its customer, whoever closed it\n select {columns} from customers where id = $1").bind(id).one(work)
}

pub fn set_deal_fields(work: &mut Work, id: i64, fields: &DealFields) -> Result<i64> {
    history::keep(work, history::Kept::Customers, id)?;
    let now = work.now();
    sql("-- unscoped: a deal shows on its customer, whoever closed it
         update customers set status = $2, deal_date = $3, contract_amount = $4, won_opportunity_id = $5, total_won_amount = $6, updated_at = $7, version = version + 1
         where id = $1 returning version")
    .bind(id)
    .bind(fields.status)
    .bind(fields.deal_date)
    .bind(fields.contract_amount)
    .bind(fields.won_opportunity_id)
    .bind(fields.total_won_amount)
    .bind(now)
    .one(work)
}
