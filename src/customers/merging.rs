//! What a merge does to the two customers themselves; what hangs on them is moved by the room of stewardship.

use serde::{Deserialize, Serialize};

use super::{completeness, contacts, store};
use crate::error::{Error, Refusal, Result};
use crate::history;
use crate::platform::db::sql;
use crate::platform::full_text::{self, Index};
use crate::platform::types::{Day, NameKeys, name};
use crate::platform::work::Work;
use crate::row;

row! {
    /// What a merge can change on the customer that stays, as it is kept.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Snapshot {
        pub name: String,
        pub marketing_consent: bool,
        pub industry_id: i64,
        pub region_id: Option<i64>,
        pub source_detail: String,
        pub referrer_id: Option<i64>,
        pub credit_code: Option<String>,
        pub address: String,
        pub remark: String,
        pub requirement: String,
        pub requirement_changed_on: String,
        pub status: String,
        pub follow_up_status: String,
        pub phone: String,
        pub phone_check: String,
        pub phone_checked_at: Option<i64>,
        pub phone_checked_by: Option<i64>,
        pub owner_id: Option<i64>,
        pub team_id: Option<i64>,
    }
}

impl Snapshot {
    /// What was before, wherever nobody has changed since what the merge had made of it.
    fn back(before: Snapshot, after: &Snapshot, now: Snapshot) -> Snapshot {
        fn pick<T: PartialEq>(before: T, after: &T, now: T) -> T {
            if now == *after { before } else { now }
        }
        // Owner and team go together.
        let (owner_id, team_id) = pick((before.owner_id, before.team_id), &(after.owner_id, after.team_id), (now.owner_id, now.team_id));
        // A number is verified by somebody at some time, and no other number with it.
        let checked = |one: &Snapshot| (one.phone_check.clone(), one.phone_checked_at, one.phone_checked_by);
        let (phone_check, phone_checked_at, phone_checked_by) =
            if now.phone == before.phone { pick(checked(&before), &checked(after), checked(&now)) } else { checked(&now) };
        Snapshot {
            name: pick(before.name, &after.name, now.name),
            marketing_consent: pick(before.marketing_consent, &after.marketing_consent, now.marketing_consent),
            industry_id: pick(before.industry_id, &after.industry_id, now.industry_id),
            region_id: pick(before.region_id, &after.region_id, now.region_id),
            source_detail: pick(before.source_detail, &after.source_detail, now.source_detail),
            referrer_id: pick(before.referrer_id, &after.referrer_id, now.referrer_id),
            credit_code: pick(before.credit_code, &after.credit_code, now.credit_code),
            address: pick(before.address, &after.address, now.address),
            remark: pick(before.remark, &after.remark, now.remark),
            requirement: pick(before.requirement, &after.requirement, now.requirement),
            requirement_changed_on: pick(before.requirement_changed_on, &after.requirement_changed_on, now.requirement_changed_on),
            status: pick(before.status, &after.status, now.status),
            follow_up_status: pick(before.follow_up_status, &after.follow_up_status, now.follow_up_status),
            phone: now.phone,
            phone_check,
            phone_checked_at,
            phone_checked_by,
            owner_id,
            team_id,
        }
    }
}

/// The fields as they are.
pub fn snapshot(work: &mut Work, id: i64) -> Result<Snapshot> {
    sql("-- unscoped: the customer was found and locked in the caller's scope\n select {columns} from customers where id = $1")
        .bind(id)
        .one(work)
}

/// Takes back on the kept customer what a merge changed; a name or code that somebody else bears by now refuses.
pub fn put_back(work: &mut Work, id: i64, before: Snapshot, after: &Snapshot) -> Result<()> {
    let now = snapshot(work, id)?;
    let back = Snapshot::back(before, after, now.clone());
    if back == now {
        return Ok(());
    }
    refuse_taken(work, &back, id)?;
    history::keep(work, history::Kept::Customers, id)?;
    if back.requirement != now.requirement {
        store::keep_requirement(work, id, &now.requirement, &back.requirement, None)?;
    }
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set name = $2, name_fold = $3, name_variant = $4, name_key = $5, marketing_consent = $6, industry_id = $7, region_id = $8,
            source_detail = $9, referrer_id = $10, credit_code = $11, address = $12, remark = $13, requirement = $14, requirement_changed_on = $15,
            status = $16, follow_up_status = $17, phone_check = $18, owner_id = $19, team_id = $20, phone_checked_at = $21,
            phone_checked_by = $22 where id = $1")
    .bind(id)
    .bind(back.name.as_str())
    .bind(name::fold(&back.name))
    .bind(name::variant_fold(&back.name))
    .bind(NameKeys::of(&back.name).full)
    .bind(back.marketing_consent)
    .bind(back.industry_id)
    .bind(back.region_id)
    .bind(back.source_detail)
    .bind(back.referrer_id)
    .bind(back.credit_code)
    .bind(back.address)
    .bind(back.remark)
    .bind(back.requirement)
    .bind(back.requirement_changed_on)
    .bind(back.status)
    .bind(back.follow_up_status)
    .bind(back.phone_check)
    .bind(back.owner_id)
    .bind(back.team_id)
    .bind(back.phone_checked_at)
    .bind(back.phone_checked_by)
    .run(work)
    .map_err(|error| error.when_not_unique("customers.name_fold", || Error::LostRace))?;
    Ok(())
}

/// Refuses when another live customer bears the name or the credit code by now (S15).
pub fn refuse_taken(work: &mut Work, customer: &Snapshot, id: i64) -> Result<()> {
    if let Some(hit) = store::same_name(work, &customer.name, id)?.into_iter().next() {
        return Err(Error::Refused(Refusal::DuplicateName(hit)));
    }
    if let Some(code) = &customer.credit_code
        && let Some(hit) = store::same_credit_code(work, code, id)?.into_iter().next()
    {
        return Err(Error::Refused(Refusal::DuplicateCreditCode(hit)));
    }
    Ok(())
}

/// Takes a customer out of all lists; its number and id find the one it went into from now on (S23).
pub fn retire(work: &mut Work, id: i64, into: i64) -> Result<()> {
    history::keep(work, history::Kept::Customers, id)?;
    let (now, by) = (work.now(), work.actor.by_id());
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set deleted_at = $2, deleted_by = $3, deleted_reason = '', merged_into = $4, updated_at = $2, version = version + 1 where id = $1")
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(into)
    .run(work)?;
    full_text::remove(work, Index::Customers, id)
}

/// Brings a customer back from a merge or from the recycle bin; answers its version.
pub fn revive(work: &mut Work, id: i64) -> Result<i64> {
    history::keep(work, history::Kept::Customers, id)?;
    let now = work.now();
    let version = sql("-- unscoped: found among what the caller may restore
         update customers set deleted_at = null, deleted_by = null, deleted_reason = null, merged_into = null, updated_at = $2, version = version + 1
         where id = $1 returning version")
    .bind(id)
    .bind(now)
    .one(work)
    .map_err(|error: Error| {
        error
            .when_not_unique("customers.name_fold", || Error::LostRace)
            .when_not_unique("customers.credit_code", || Error::LostRace)
    })?;
    store::index(work, id)?;
    Ok(version)
}

/// Makes one of a customer's contacts its main one.
pub fn make_primary(work: &mut Work, id: i64, contact_id: i64) -> Result<()> {
    contacts::make_primary(work, id, contact_id)?;
    contacts::copy_primary(work, id)
}

/// After contacts, links or records came or went: the days of contact from the records there are, the search index, the
/// completeness; answers the new version.
pub fn settle(work: &mut Work, id: i64) -> Result<i64> {
    history::keep(work, history::Kept::Customers, id)?;
    contacts::copy_primary(work, id)?;
    let (on, at): (Option<Day>, Option<i64>) = sql("-- unscoped: the customer was found and locked in the caller's scope
         select max(contacted_on), max(contacted_at) from follow_ups where customer_id = $1")
    .bind(id)
    .one(work)?;
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set last_followed_up_at = $2, last_contact_on = coalesce($3, created_on) where id = $1")
    .bind(id)
    .bind(at.unwrap_or(0))
    .bind(on)
    .run(work)?;
    completeness::note(work, id)?;
    store::index(work, id)?;
    store::touch(work, id)
}
