//! Who sees which records: the one place where it is written (I40). Every read of an owned table goes through here.

use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Sql, Value, sql};
use crate::platform::full_text;
use crate::platform::page::{Scope, Walk, any_of};
use crate::platform::work::{Reach, Work};

/// The kinds of records that belong to somebody. Contacts, plans, records, attachments and timeline entries are visible exactly
/// when their opportunity, else their customer, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owned {
    /// `customers c`
    Customers,
    /// `opportunities o`
    Opportunities,
    /// `contacts k`
    Contacts,
    /// `follow_up_plans p`
    Plans,
    /// `follow_ups f`
    FollowUps,
    /// `tasks t`
    Tasks,
    /// `work_reports w`
    WorkReports,
}

/// What somebody wants to do with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// See it.
    Read,
    /// Change it.
    Edit,
}

/// Puts conditions together while numbering their binds.
#[derive(Default)]
struct Either {
    parts: Vec<String>,
    binds: Vec<Value>,
}

impl Either {
    fn or(&mut self, predicate: Predicate) {
        let mut text = String::new();
        predicate.append_to(&mut text, &mut self.binds);
        self.parts.push(text);
    }

    fn done(self) -> Predicate {
        match self.parts.len() {
            0 => Predicate::new("false", Vec::new()),
            _ => Predicate::new(format!("({})", self.parts.join(" or ")), self.binds),
        }
    }
}

/// Whether a condition is to be served by an index of its own column, or judged on rows met by another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Index,
    /// The plus before the column keeps both engines from gathering all rows of an owner or a team, only to sort them.
    Row,
}

impl Use {
    fn of(self, column: &str) -> String {
        if self == Use::Row { format!("+{column}") } else { column.to_owned() }
    }
}

/// Customers shared with the caller today.
fn shared(work: &Work, column: &str, right: Right, by: Use) -> Predicate {
    let actor = &work.actor;
    let mut binds: Vec<Value> = vec![work.today().into(), actor.user_id.into()];
    binds.extend(actor.team_ids.iter().map(|team| Value::Int(-team)));
    let places: Vec<String> = (2..=binds.len()).map(|number| format!("${number}")).collect();
    let access = if right == Right::Edit { " and s.access = 'edit'" } else { "" };
    Predicate::new(
        format!(
            "{} in (select s.customer_id from shares s where s.grantee_key in ({}) and s.ends_on >= $1{access})",
            by.of(column),
            places.join(", ")
        ),
        binds,
    )
}

/// The columns that say whose a record is.
struct Belonging {
    owners: &'static [&'static str],
    team: &'static str,
    /// The customer whose shares count.
    share: Option<&'static str>,
}

fn belonging(owned: Owned, right: Right) -> Belonging {
    let share = |column| (right == Right::Read).then_some(column);
    match owned {
        Owned::Customers => Belonging { owners: &["c.owner_id"], team: "c.team_id", share: Some("c.id") },
        // Sharing a customer shares its opportunities for reading only.
        Owned::Opportunities => Belonging { owners: &["o.owner_id"], team: "o.team_id", share: share("o.customer_id") },
        _ => Belonging { owners: &["t.assignee_id", "t.assigner_id", "t.created_by"], team: "t.team_id", share: None },
    }
}

/// The walks that together cover what the caller sees: own, one per team, shared.
fn walks(work: &Work, owned: Owned, right: Right) -> Vec<Walk> {
    if matches!(owned, Owned::Contacts | Owned::Plans | Owned::FollowUps) {
        return walks_through_parent(work, owned, right).into_iter().map(Walk::from).collect();
    }
    if owned == Owned::WorkReports {
        return vec![Walk::from(of_reports(work, right))];
    }
    let columns = belonging(owned, right);
    let equal = |column: &str, id: i64| Predicate::new(format!("{column} = $1"), vec![Value::Int(id)]);
    let me = work.actor.user_id;
    let own = columns.owners.iter().map(|column| Walk { rows: equal(column, me), gram: Some(full_text::owner_gram(me)) });
    let mut all: Vec<Walk> = own.collect();
    if let Reach::Teams(teams) = &work.actor.reach {
        all.extend(teams.iter().map(|id| Walk { rows: equal(columns.team, *id), gram: Some(full_text::team_gram(*id)) }));
    }
    all.extend(columns.share.map(|column| Walk::from(shared(work, column, right, Use::Index))));
    all
}

fn child_alias(owned: Owned) -> &'static str {
    match owned {
        Owned::Plans => "p",
        Owned::FollowUps => "f",
        _ => "k",
    }
}

/// What hangs on a record is in sight when the record is; for single records and filtered sets.
fn through_parent(work: &Work, owned: Owned, right: Right) -> Predicate {
    let customer = predicate(work, Owned::Customers, right);
    let opportunity = predicate(work, Owned::Opportunities, right);
    let alias = child_alias(owned);
    let by_customer = format!("exists (select 1 from customers c where c.id = {alias}.customer_id and c.deleted_at is null and {{c}})");
    if owned == Owned::Contacts {
        return into_predicate(sql(by_customer).part("c", &customer));
    }
    into_predicate(
        sql(format!(
            "(({alias}.opportunity_id is null and {by_customer}) or \
             exists (select 1 from opportunities o where o.id = {alias}.opportunity_id and o.deleted_at is null and {{o}}))"
        ))
        .part("c", &customer)
        .part("o", &opportunity),
    )
}

/// The same for lists: from the few parents to what hangs on them, never over the whole table asking each row for its parent.
fn walks_through_parent(work: &Work, owned: Owned, right: Right) -> Vec<Predicate> {
    let alias = child_alias(owned);
    // The plus keeps SQLite from walking every row without an opportunity: 4 s instead of 10 ms on a million records.
    let alone = if owned == Owned::Contacts { String::new() } else { format!("+{alias}.opportunity_id is null and ") };
    let by_customer = walks(work, Owned::Customers, right).into_iter().map(|Walk { rows: walk, .. }| {
        let text = format!("({alone}{alias}.customer_id in (select c.id from customers c where c.deleted_at is null and {{walk}}))");
        into_predicate(sql(text).part("walk", &walk))
    });
    if owned == Owned::Contacts {
        return by_customer.collect();
    }
    let by_opportunity = walks(work, Owned::Opportunities, right).into_iter().map(|Walk { rows: walk, .. }| {
        let text = format!("{alias}.opportunity_id in (select o.id from opportunities o where o.deleted_at is null and {{walk}})");
        into_predicate(sql(text).part("walk", &walk))
    });
    by_customer.chain(by_opportunity).collect()
}

fn into_predicate(statement: Sql) -> Predicate {
    let (text, binds) = statement.into_parts();
    Predicate { text, binds }
}

/// The condition that holds exactly for the records the caller may read or edit, on the table's usual alias (see [`Owned`]).
pub fn predicate(work: &Work, owned: Owned, right: Right) -> Predicate {
    // Who sees everything still does not see what hangs on a deleted customer or opportunity.
    if matches!(owned, Owned::Contacts | Owned::Plans | Owned::FollowUps) {
        return through_parent(work, owned, right);
    }
    if owned == Owned::WorkReports {
        return of_reports(work, right);
    }
    visible_by(work, owned, right, Use::Index)
}

/// One's own reports, and what was submitted to oneself or by the people of teams in reach; one's own are written by oneself alone.
fn of_reports(work: &Work, right: Right) -> Predicate {
    let me = work.actor.user_id;
    if !work.actor.may("write_work_reports") {
        return Predicate::new("false", Vec::new());
    }
    let own = Predicate::new("w.author_id = $1", vec![me.into()]);
    if right == Right::Edit {
        return own;
    }
    let submitted = Predicate::new("w.state = 'submitted'", Vec::new());
    let to_me = Predicate::new("w.manager_id = $1", vec![me.into()]);
    let told = match &work.actor.reach {
        Reach::All => submitted,
        Reach::Own => Predicate::all([submitted, to_me]),
        Reach::Teams(teams) => {
            let within = any_of("w.team_id", teams.iter().copied().map(Value::Int).collect());
            Predicate::all([submitted, Predicate::any([to_me, within])])
        }
    };
    Predicate::any([own, told])
}

/// Several teams are one `in` here: for a single record or a filtered set that is what both engines do best.
fn visible_by(work: &Work, owned: Owned, right: Right, by: Use) -> Predicate {
    let me = work.actor.user_id;
    let teams: &[i64] = match &work.actor.reach {
        Reach::All => return Predicate::new("true", Vec::new()),
        Reach::Teams(teams) => teams,
        Reach::Own => &[],
    };
    let columns = belonging(owned, right);
    let mut either = Either::default();
    for column in columns.owners {
        either.or(Predicate::new(format!("{} = $1", by.of(column)), vec![me.into()]));
    }
    if !teams.is_empty() {
        either.or(any_of(&by.of(columns.team), teams.iter().copied().map(Value::Int).collect()));
    }
    if let Some(column) = columns.share {
        either.or(shared(work, column, right, by));
    }
    either.done()
}

/// Teams that hold this share of all teams or more are judged row by row: walking each of them would find what is everywhere.
const WIDE: i64 = 4;

/// The scope of a list.
pub fn of(work: &mut Work, owned: Owned) -> Result<Scope> {
    let whole = predicate(work, owned, Right::Read);
    let wide = match &work.actor.reach {
        Reach::All => true,
        Reach::Own => false,
        Reach::Teams(teams) => {
            let within = teams.len() as i64;
            let all: i64 = sql("select count(*) from teams").one(work)?;
            within > 1 && within * WIDE >= all
        }
    };
    let by_row = match (owned, &work.actor.reach) {
        (Owned::Customers | Owned::Opportunities | Owned::Tasks, _) => visible_by(work, owned, Right::Read, Use::Row),
        (Owned::Plans | Owned::FollowUps, Reach::All) if !work.looks_back() => hangs_on_nothing_deleted(owned),
        (Owned::Plans | Owned::FollowUps, Reach::All) => whole.clone(),
        (Owned::Plans | Owned::FollowUps, _) => hangs_on_what_is_seen(work, owned, wide),
        (Owned::Contacts | Owned::WorkReports, _) => whole.clone(),
    };
    let walks = match owned {
        _ if !wide => walks(work, owned, Right::Read),
        Owned::Customers | Owned::Opportunities | Owned::Tasks => vec![by_row.clone().into()],
        Owned::Contacts | Owned::Plans | Owned::FollowUps | Owned::WorkReports => vec![whole.clone().into()],
    };
    let apart = if wide { Vec::new() } else { apart(work, owned) };
    Ok(Scope { whole, by_row, walks, apart })
}

/// What is in sight, told apart by how it came into sight; none for what is never walked so.
fn apart(work: &Work, owned: Owned) -> Vec<(Predicate, &'static str)> {
    let leading = |owned: Owned| {
        let Belonging { owners, team, .. } = belonging(owned, Right::Read);
        let teams = if let Reach::Teams(teams) = &work.actor.reach { teams.len() } else { 0 };
        owners.iter().copied().chain(std::iter::repeat_n(team, teams)).chain([""])
    };
    match owned {
        Owned::Customers | Owned::Opportunities => {
            let mut earlier: Vec<Predicate> = Vec::new();
            let walks = walks(work, owned, Right::Read).into_iter().zip(leading(owned));
            walks
                .map(|(Walk { rows, .. }, column)| {
                    let own = Predicate::all([rows.clone()].into_iter().chain(earlier.iter().cloned()));
                    earlier.push(Predicate { text: format!("not coalesce({}, false)", rows.text), ..rows });
                    (own, column)
                })
                .collect()
        }
        Owned::FollowUps => {
            let through = |alone: &str, column: &'static str, parent, table, of| {
                let text = format!("{alone}{column} in ({{ids}})");
                (into_predicate(sql(text).part("ids", &ids_in_sight(work, parent, table, of, false))), column)
            };
            // The plus: see `walks_through_parent`.
            vec![
                through("+f.opportunity_id is null and ", "f.customer_id", Owned::Customers, "customers", "c"),
                through("", "f.opportunity_id", Owned::Opportunities, "opportunities", "o"),
            ]
        }
        _ => Vec::new(),
    }
}

/// The ids of all customers or opportunities in sight.
fn ids_in_sight(work: &Work, parent: Owned, table: &str, of: &str, wide: bool) -> Predicate {
    let ways: Vec<Predicate> = match wide {
        true => vec![visible_by(work, parent, Right::Read, Use::Row)],
        false => walks(work, parent, Right::Read).into_iter().map(|walk| walk.rows).collect(),
    };
    let (mut text, mut binds) = (String::new(), Vec::new());
    for way in ways {
        let begin = if text.is_empty() { "" } else { " union all " };
        text.push_str(&format!("{begin}select {of}.id from {table} {of} where {of}.deleted_at is null and "));
        way.append_to(&mut text, &mut binds);
    }
    Predicate { text, binds }
}

/// For whoever sees a part: the customers and opportunities in sight are gathered once, instead of asking for every record's parent.
fn hangs_on_what_is_seen(work: &Work, owned: Owned, wide: bool) -> Predicate {
    let alias = child_alias(owned);
    let text = format!(
        "(case when {alias}.opportunity_id is null then {alias}.customer_id in ({{customers}}) else {alias}.opportunity_id in ({{opportunities}}) end)"
    );
    into_predicate(
        sql(text)
            .part("customers", &ids_in_sight(work, Owned::Customers, "customers", "c", wide))
            .part("opportunities", &ids_in_sight(work, Owned::Opportunities, "opportunities", "o", wide)),
    )
}

/// For whoever sees everything: what is deleted is little, and looked up once instead of every record's parent.
fn hangs_on_nothing_deleted(owned: Owned) -> Predicate {
    let alias = child_alias(owned);
    Predicate::new(
        format!(
            "(case when {alias}.opportunity_id is null
               then {alias}.customer_id not in (select c.id from customers c where c.deleted_at is not null and c.merged_into is null
                                                union all select c.id from customers c where c.merged_into is not null)
               else {alias}.opportunity_id not in (select o.id from opportunities o where o.deleted_at is not null) end)"
        ),
        Vec::new(),
    )
}

/// Which of these records the caller may edit.
pub fn editable(work: &mut Work, owned: Owned, ids: &[i64]) -> Result<Vec<i64>> {
    among(work, owned, Right::Edit, ids)
}

/// Which of these records the caller sees, deleted ones included: whoever saw a record may hear that it is gone.
pub fn visible(work: &mut Work, owned: Owned, ids: &[i64]) -> Result<Vec<i64>> {
    among(work, owned, Right::Read, ids)
}

fn among(work: &mut Work, owned: Owned, right: Right, ids: &[i64]) -> Result<Vec<i64>> {
    // Not even who sees everything sees what somebody has not submitted yet.
    if ids.is_empty() || (matches!(work.actor.reach, Reach::All) && owned != Owned::WorkReports) {
        return Ok(ids.to_vec());
    }
    let chosen = predicate(work, owned, right);
    let (table, alias) = match owned {
        Owned::Customers => ("customers c", "c"),
        Owned::Opportunities => ("opportunities o", "o"),
        Owned::Contacts => ("contacts k", "k"),
        Owned::Plans => ("follow_up_plans p", "p"),
        Owned::FollowUps => ("follow_ups f", "f"),
        Owned::Tasks => ("tasks t", "t"),
        Owned::WorkReports => ("work_reports w", "w"),
    };
    let among = any_of(&format!("{alias}.id"), ids.iter().copied().map(Value::Int).collect());
    sql(format!("select {alias}.id from {table} where {{among}} and {{visible}}")).part("among", &among).part("visible", &chosen).all(work)
}

/// Which of these records, given as (id, owner, team), the caller may edit. Those of one's own and of the teams in reach need no
/// look at the database; only for the others are the shares asked.
pub fn editable_rows(work: &mut Work, owned: Owned, rows: &[(i64, Option<i64>, Option<i64>)]) -> Result<Vec<i64>> {
    let within = |team: &Option<i64>| matches!((&work.actor.reach, team), (Reach::Teams(teams), Some(team)) if teams.contains(team));
    let own = |owner: &Option<i64>| *owner == Some(work.actor.user_id);
    let (mut ids, mut others) = (Vec::new(), Vec::new());
    for (id, owner, team) in rows {
        if own(owner) || within(team) { ids.push(*id) } else { others.push(*id) }
    }
    ids.extend(editable(work, owned, &others)?);
    Ok(ids)
}

/// A record that is visible but may not be edited is forbidden; [`Error::NotFound`] was already answered for the invisible.
pub fn require_edit(work: &mut Work, owned: Owned, id: i64) -> Result<()> {
    if editable(work, owned, &[id])?.is_empty() { Err(Error::Forbidden) } else { Ok(()) }
}

/// The teams at and below those a manager belongs to or leads.
pub(super) fn teams_below(tx: &mut crate::platform::db::Tx, user_id: i64) -> Result<Vec<i64>> {
    sql("with recursive down (id) as (
           select team_id from team_members where user_id = $1
           union select id from teams where manager_id = $1
           union select t.id from teams t join down d on t.parent_id = d.id)
         select id from down order by id")
    .bind(user_id)
    .all(tx)
}
