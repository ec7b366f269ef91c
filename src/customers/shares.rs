//! Whom a customer is shared with: a person or a team, for reading or editing, for ever or until a day (S3).

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{find, lock};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::identity::scope::{self, Owned, Right};
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::db::{Cells, FromRow, Predicate, Value, sql};
use crate::platform::draft::{Choice, Given};
use crate::platform::live::Push;
use crate::platform::types::{Day, FieldCode, Instant};
use crate::platform::work::Work;
use crate::words;

/// Kept for a share without an end.
const NO_END: &str = "9999-12-31";

words! {
    /// Whom something is shared with.
    pub enum Grantee {
        /// A person.
        User = "user",
        /// Everybody in a team.
        Team = "team",
    }
}

words! {
    /// What the other may do.
    pub enum Access {
        /// 只读
        Read = "read",
        /// 可编辑
        Edit = "edit",
    }
}

/// A share of a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Share {
    /// Id.
    pub id: i64,
    /// A person or a team.
    #[schema(value_type = String)]
    pub grantee_type: Grantee,
    /// Whose id it is.
    pub grantee_id: i64,
    /// The name of the person or team.
    pub grantee_name: String,
    /// What the other may do.
    #[schema(value_type = String)]
    pub access: Access,
    /// The last day, if there is one.
    pub ends_on: Option<Day>,
    /// Since when.
    pub created_at: Instant,
    /// Who shared it.
    pub by_name: Option<String>,
}

impl FromRow for Share {
    const COLUMNS: &'static str = "s.id, s.grantee_key, coalesce(u.name, t.name, ''), s.access, s.ends_on, s.created_at, b.name";

    fn from_row(cells: &mut Cells<'_>) -> Result<Share> {
        let id = FromRow::from_row(cells)?;
        let key: i64 = FromRow::from_row(cells)?;
        let grantee_name = FromRow::from_row(cells)?;
        let access = FromRow::from_row(cells)?;
        let ends_on: Day = FromRow::from_row(cells)?;
        Ok(Share {
            id,
            grantee_type: if key > 0 { Grantee::User } else { Grantee::Team },
            grantee_id: key.abs(),
            grantee_name,
            access,
            ends_on: (ends_on.to_string() != NO_END).then_some(ends_on),
            created_at: FromRow::from_row(cells)?,
            by_name: FromRow::from_row(cells)?,
        })
    }
}

/// A share to be made.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShareDraft {
    /// `user` or `team`. Required.
    #[schema(value_type = Option<String>)]
    pub grantee_type: Given<Grantee>,
    /// An active person or a team. Required.
    pub grantee_id: Given<i64>,
    /// `read` or `edit`. Required.
    #[schema(value_type = Option<String>)]
    pub access: Given<Access>,
    /// The last day, today or later.
    pub ends_on: Given<Day>,
}

const SOURCE: &str = "from shares s left join users u on u.id = s.grantee_key left join teams t on t.id = -s.grantee_key left join users b on b.id = s.created_by";

/// The shares of a visible customer.
pub fn all(work: &mut Work, customer: &Choice) -> Result<Vec<Share>> {
    let brief = find(work, customer, Right::Read)?.ok_or(Error::NotFound)?;
    sql(format!("select {{columns}} {SOURCE} where s.customer_id = $1 order by s.id limit 500")).bind(brief.id).all(work)
}

/// Shares a customer; sharing again with the same one replaces what was granted.
pub fn share(work: &mut Work, customer_id: i64, draft: &ShareDraft) -> Result<Share> {
    let brief = lock(work, customer_id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, customer_id)?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    let grantee_type = draft.grantee_type.required("grantee_type", &mut fields);
    let grantee_id = draft.grantee_id.required("grantee_id", &mut fields);
    let access = draft.access.required("access", &mut fields);
    let today = work.today();
    let ends_on = draft.ends_on.and_then(|day| day.not_before(today)).optional("ends_on", &mut fields);
    let grantee = match (grantee_type, grantee_id) {
        (Some(Grantee::User), Some(id)) => identity::active_person(work, id)?.map(|(person, _)| (person.id, person.name)),
        (Some(Grantee::Team), Some(id)) => identity::teams::find(work, id)?.map(|team| (-team.id, team.name)),
        _ => None,
    };
    if grantee_type.is_some() && grantee_id.is_some() && grantee.is_none() {
        fields.add("grantee_id", FieldCode::Unknown);
    }
    let (Some((key, grantee_name)), Some(access)) = (grantee, access) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let id = grant(work, customer_id, key, access, ends_on, false)?;
    let spoken = match access {
        Access::Read => json!({ "zh": "只读", "en": "read" }),
        Access::Edit => json!({ "zh": "可编辑", "en": "edit" }),
    };
    let event =
        Event::new(EventKind::CustomerShared, "share", id).on_customer(customer_id).with("name", &grantee_name).with("access", &spoken);
    history::record(work, &event)?;
    if key > 0 && key != work.actor.user_id {
        let me = work.actor.user_id;
        let detail = json!({ "customer": brief.name, "number": brief.number, "by": identity::display_name(work, me)?, "access": spoken });
        notifications::send(work, &Notice::new(key, NoticeKind::CustomerShared, detail, format!("/customers/{customer_id}")))?;
    }
    work.push(Push::Resync);
    sql(format!("select {{columns}} {SOURCE} where s.id = $1")).bind(id).one(work)
}

/// `for_opportunity` marks a share that came with work on the customer and goes with it.
fn grant(work: &mut Work, customer_id: i64, key: i64, access: Access, ends_on: Option<Day>, for_opportunity: bool) -> Result<i64> {
    let own = vec![Value::Int(customer_id), Value::Int(key)];
    history::keep_all(work, history::Kept::Shares, &Predicate::new("x.customer_id = $1 and x.grantee_key = $2", own))?;
    let (now, by) = (work.now(), work.actor.by_id());
    sql("insert into shares (customer_id, grantee_key, access, ends_on, created_at, created_by, for_opportunity) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (grantee_key, customer_id) do update set access = $3, ends_on = $4, created_at = $5, created_by = $6, for_opportunity = $7 returning id")
    .bind(customer_id)
    .bind(key)
    .bind(access)
    .bind(ends_on.map_or_else(|| NO_END.to_owned(), |day| day.to_string()))
    .bind(now)
    .bind(by)
    .bind(for_opportunity)
    .one(work)
}

/// The one rule of sight that comes with work (docs/decisions/0002): a person owns a live opportunity or a planned follow-up of the
/// customer, and could not read it otherwise, exactly as long as the marked share is there. Called wherever an opportunity or a plan
/// is given, handed on, ended, deleted or restored; what was shared by hand is never touched.
pub fn settle_sight(work: &mut Work, customer_id: i64, user_id: i64) -> Result<()> {
    if !works_on(work, customer_id, user_id)? {
        let own = vec![Value::Int(customer_id), Value::Int(user_id)];
        let marked = Predicate::new("x.customer_id = $1 and x.grantee_key = $2 and x.for_opportunity", own);
        history::keep_all(work, history::Kept::Shares, &marked)?;
        sql("delete from shares where customer_id = $1 and grantee_key = $2 and for_opportunity")
            .bind(customer_id)
            .bind(user_id)
            .run(work)?;
        return Ok(());
    }
    let sees = identity::as_person(work, user_id, |work| Ok(find(work, &Choice::Id(customer_id), Right::Read)?.is_some()))?;
    if sees.unwrap_or(true) {
        return Ok(());
    }
    let id = grant(work, customer_id, user_id, Access::Read, None, true)?;
    let name = identity::display_name(work, user_id)?;
    let event = Event::new(EventKind::CustomerShared, "share", id)
        .on_customer(customer_id)
        .with("name", name)
        .with("access", json!({ "zh": "只读", "en": "read" }));
    history::record(work, &event)
}

/// The rule for everybody who works on the customer and everybody who has sight of it through work.
pub fn settle_all(work: &mut Work, customer_id: i64) -> Result<()> {
    let mut people = workers(work, customer_id)?;
    let marked: Vec<i64> = sql("select grantee_key from shares where customer_id = $1 and for_opportunity and grantee_key > 0 limit 1000")
        .bind(customer_id)
        .all(work)?;
    people.extend(marked);
    people.sort_unstable();
    people.dedup();
    people.into_iter().try_for_each(|person| settle_sight(work, customer_id, person))
}

/// Shares by hand that ended with `day`: whoever still works on the customer keeps reading it.
pub fn settle_ended(work: &mut Work, day: Day) -> Result<()> {
    let ended: Vec<(i64, i64)> =
        sql("select customer_id, grantee_key from shares where ends_on = $1 and grantee_key > 0 order by id limit 5000")
            .bind(day)
            .all(work)?;
    ended.into_iter().try_for_each(|(customer_id, person)| settle_sight(work, customer_id, person))
}

/// True while the person owns a live opportunity of the customer, or a planned follow-up of it or of a live opportunity.
fn works_on(work: &mut Work, customer_id: i64, user_id: i64) -> Result<bool> {
    let found: Option<i64> = sql("-- unscoped: only whether this person has work there
         select 1 from opportunities where customer_id = $1 and owner_id = $2 and deleted_at is null
         union all
         select 1 from follow_up_plans where customer_id = $1 and owner_id = $2 and status = 'planned'
           and (opportunity_id is null or opportunity_id in (select id from opportunities where customer_id = $1 and deleted_at is null))
         limit 1")
    .bind(customer_id)
    .bind(user_id)
    .maybe(work)?;
    Ok(found.is_some())
}

/// Owners of the customer's live opportunities and planned follow-ups.
fn workers(work: &mut Work, customer_id: i64) -> Result<Vec<i64>> {
    sql("-- unscoped: they keep sight of the customer, whoever asks
         select owner_id from opportunities where customer_id = $1 and deleted_at is null and owner_id is not null
         union
         select owner_id from follow_up_plans where customer_id = $1 and status = 'planned'
         limit 1000")
    .bind(customer_id)
    .all(work)
}

/// Ends a share at once.
pub fn end(work: &mut Work, customer_id: i64, share_id: i64) -> Result<()> {
    lock(work, customer_id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, customer_id)?;
    let share: Share = sql(format!("select {{columns}} {SOURCE} where s.id = $1 and s.customer_id = $2"))
        .bind(share_id)
        .bind(customer_id)
        .maybe(work)?
        .ok_or(Error::NotFound)?;
    let marked: bool = sql("select for_opportunity from shares where id = $1").bind(share_id).one(work)?;
    if marked && works_on(work, customer_id, share.grantee_id)? {
        return Err(Error::Refused(Refusal::SightNeeded));
    }
    history::keep(work, history::Kept::Shares, share_id)?;
    sql("delete from shares where id = $1").bind(share_id).run(work)?;
    history::record(
        work,
        &Event::new(EventKind::ShareEnded, "share", share_id).on_customer(customer_id).with("name", &share.grantee_name),
    )?;
    if share.grantee_type == Grantee::User {
        settle_sight(work, customer_id, share.grantee_id)?;
    }
    work.push(Push::Resync);
    Ok(())
}
