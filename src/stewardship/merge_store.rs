//! The rows that a merge moves, with a ledger of each, and how they go back.

use super::merge_model::MoveCounts;
use crate::customers::merging::Snapshot;
use crate::error::Result;
use crate::history::{self, Carried, Kept};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::row;

/// A table whose rows carry the customer's id, with the statements that note its rows, move them and bring them back.
struct Kind {
    /// Reports reckon with what these rows hang on.
    kept: Option<Kept>,
    note: &'static str,
    carry: &'static str,
    back: &'static str,
}

/// In this order: opportunities first, because what hangs on one goes back with it.
const KINDS: [Kind; 8] = [
    Kind {
        kept: Some(Kept::Opportunities),
        note: "-- unscoped: the caller may edit both customers
            insert into merge_moves (merge_id, kind, row_id) select $1, 'opportunity', id from opportunities where customer_id = $2",
        carry: "-- unscoped: the caller may edit both customers
            update opportunities set customer_id = $2 where customer_id = $1",
        back: "-- unscoped: exactly what the merge moved
            update opportunities set customer_id = $1 where customer_id = $2 and id in (select row_id from merge_moves where merge_id = $3 and kind = 'opportunity')",
    },
    Kind {
        kept: None,
        note: "-- unscoped: the caller may edit both customers
            insert into merge_moves (merge_id, kind, row_id) select $1, 'plan', id from follow_up_plans where customer_id = $2",
        carry: "-- unscoped: the caller may edit both customers
            update follow_up_plans set customer_id = $2 where customer_id = $1",
        back: "-- unscoped: what the merge moved, and what was made since on the opportunities it moved
            update follow_up_plans set customer_id = $1 where customer_id = $2
              and (id in (select row_id from merge_moves where merge_id = $3 and kind = 'plan')
                or opportunity_id in (select row_id from merge_moves where merge_id = $3 and kind = 'opportunity'))",
    },
    Kind {
        kept: Some(Kept::FollowUps),
        note: "-- unscoped: the caller may edit both customers
            insert into merge_moves (merge_id, kind, row_id) select $1, 'follow_up', id from follow_ups where customer_id = $2",
        carry: "-- unscoped: the caller may edit both customers
            update follow_ups set customer_id = $2 where customer_id = $1",
        back: "-- unscoped: what the merge moved, and what was made since on the opportunities it moved
            update follow_ups set customer_id = $1 where customer_id = $2
              and (id in (select row_id from merge_moves where merge_id = $3 and kind = 'follow_up')
                or opportunity_id in (select row_id from merge_moves where merge_id = $3 and kind = 'opportunity'))",
    },
    Kind {
        kept: Some(Kept::Tasks),
        note: "-- unscoped: the caller may edit both customers
            insert into merge_moves (merge_id, kind, row_id) select $1, 'task', id from tasks where customer_id = $2",
        carry: "-- unscoped: the caller may edit both customers
            update tasks set customer_id = $2 where customer_id = $1",
        back: "-- unscoped: what the merge moved, and what was made since on the opportunities it moved
            update tasks set customer_id = $1 where customer_id = $2
              and (id in (select row_id from merge_moves where merge_id = $3 and kind = 'task')
                or opportunity_id in (select row_id from merge_moves where merge_id = $3 and kind = 'opportunity'))",
    },
    Kind {
        kept: None,
        note: "insert into merge_moves (merge_id, kind, row_id) select $1, 'event', id from events where customer_id = $2",
        carry: "update events set customer_id = $2 where customer_id = $1",
        back: "update events set customer_id = $1 where customer_id = $2
              and (id in (select row_id from merge_moves where merge_id = $3 and kind = 'event')
                or opportunity_id in (select row_id from merge_moves where merge_id = $3 and kind = 'opportunity'))",
    },
    Kind {
        kept: None,
        note: "insert into merge_moves (merge_id, kind, row_id) select $1, 'requirement', id from requirement_versions where customer_id = $2",
        carry: "update requirement_versions set customer_id = $2 where customer_id = $1",
        back: "update requirement_versions set customer_id = $1 where customer_id = $2
              and id in (select row_id from merge_moves where merge_id = $3 and kind = 'requirement')",
    },
    Kind {
        kept: None,
        note: "insert into merge_moves (merge_id, kind, row_id) select $1, 'comment', id from comments where record_kind = 'customer' and record_id = $2",
        carry: "update comments set record_id = $2 where record_kind = 'customer' and record_id = $1",
        back: "update comments set record_id = $1 where record_kind = 'customer' and record_id = $2
              and id in (select row_id from merge_moves where merge_id = $3 and kind = 'comment')",
    },
    // The groups that the loser was in and the winner was not; the loser's own memberships stay where they are, out of sight.
    Kind {
        kept: None,
        note: "insert into merge_moves (merge_id, kind, row_id)
            select $1, 'group', m.group_id from customer_group_members m, merges g where m.customer_id = $2 and g.id = $1
              and not exists (select 1 from customer_group_members w where w.group_id = m.group_id and w.customer_id = g.winner_id)",
        carry: "insert into customer_group_members (group_id, customer_id, added_at, added_by)
            select m.group_id, $2, m.added_at, m.added_by from customer_group_members m where m.customer_id = $1
              and not exists (select 1 from customer_group_members w where w.group_id = m.group_id and w.customer_id = $2)",
        back: "delete from customer_group_members where customer_id = $2 and customer_id <> $1
              and group_id in (select row_id from merge_moves where merge_id = $3 and kind = 'group')",
    },
];

/// Moves what carries the customer's id.
pub fn carry_rows(work: &mut Work, merge: i64, loser: i64, winner: i64) -> Result<()> {
    let theirs = Predicate::new("x.customer_id = $1", vec![Value::Int(loser)]);
    for kind in &KINDS {
        if let Some(kept) = kind.kept {
            history::keep_all(work, kept, &theirs)?;
        }
        sql(kind.note).bind(merge).bind(loser).run(work)?;
        sql(kind.carry).bind(loser).bind(winner).run(work)?;
    }
    Ok(())
}

/// Moves it back.
pub fn bring_rows_back(work: &mut Work, merge: i64, loser: i64, winner: i64) -> Result<()> {
    let ours = Predicate::new("x.customer_id = $1", vec![Value::Int(winner)]);
    for kind in &KINDS {
        if let Some(kept) = kind.kept {
            history::keep_all(work, kept, &ours)?;
        }
        sql(kind.back).bind(loser).bind(winner).bind(merge).run(work)?;
    }
    Ok(())
}

/// The live opportunities of a customer, whoever owns them; locked where there are several writers.
pub fn opportunities_of(work: &mut Work, customer_id: i64) -> Result<Vec<i64>> {
    if work.has_concurrent_writers() {
        let _: Vec<i64> =
            sql("-- unscoped: only locks\n select id from opportunities where customer_id = $1 order by id limit 10000 for update")
                .bind(customer_id)
                .all(work)?;
    }
    sql("-- unscoped: only ids, to be indexed anew\n select id from opportunities where customer_id = $1 and deleted_at is null order by id limit 10000")
        .bind(customer_id)
        .all(work)
}

pub fn note(work: &mut Work, merge: i64, kind: &str, row_id: i64, detail: &str) -> Result<()> {
    sql("insert into merge_moves (merge_id, kind, row_id, detail) values ($1, $2, $3, $4)")
        .bind(merge)
        .bind(kind)
        .bind(row_id)
        .bind(detail)
        .run(work)?;
    Ok(())
}

/// What the ledger has of a kind: row and detail.
pub fn noted(work: &mut Work, merge: i64, kind: &str) -> Result<Vec<(i64, String)>> {
    sql("select row_id, detail from merge_moves where merge_id = $1 and kind = $2 order by row_id limit 100000")
        .bind(merge)
        .bind(kind)
        .all(work)
}

row! {
    /// A contact of one of the two.
    #[derive(Debug, Clone)]
    pub struct ContactRow {
        pub id: i64,
        pub name: String,
        pub phone: String,
        pub is_primary: bool,
        pub live: bool = "deleted_at is null",
    }
}

/// All contacts of a customer, removed ones included.
pub fn contacts_of(work: &mut Work, customer_id: i64) -> Result<Vec<ContactRow>> {
    sql("-- unscoped: the caller may edit both customers\n select {columns} from contacts where customer_id = $1 order by id limit 10000")
        .bind(customer_id)
        .all(work)
}

/// Gives a contact to a customer, not as its main one; a twin of one there is goes into the background.
pub fn move_contact(work: &mut Work, id: i64, customer_id: i64, removed_at: Option<Instant>) -> Result<()> {
    sql("-- unscoped: the caller may edit both customers
         update contacts set customer_id = $2, is_primary = false, deleted_at = coalesce(deleted_at, $3), version = version + 1 where id = $1")
    .bind(id)
    .bind(customer_id)
    .bind(removed_at)
    .run(work)?;
    Ok(())
}

/// Brings a removed contact back.
pub fn revive_contact(work: &mut Work, id: i64, removed_at: Option<Instant>) -> Result<()> {
    sql("-- unscoped: exactly what the merge moved
         update contacts set deleted_at = null where id = $1 and (deleted_at = $2 or cast($2 as bigint) is null)")
    .bind(id)
    .bind(removed_at)
    .run(work)?;
    Ok(())
}

row! {
    /// A share of one of the two.
    #[derive(Debug, Clone)]
    pub struct ShareRow {
        pub id: i64,
        pub grantee_key: i64,
        pub access: String,
        pub ends_on: String,
    }
}

pub fn shares_of(work: &mut Work, customer_id: i64) -> Result<Vec<ShareRow>> {
    sql("select {columns} from shares where customer_id = $1 order by id limit 10000").bind(customer_id).all(work)
}

pub fn put_share(work: &mut Work, share: &ShareRow, customer_id: i64) -> Result<()> {
    history::keep(work, Kept::Shares, share.id)?;
    sql("update shares set customer_id = $2, access = $3, ends_on = $4 where id = $1")
        .bind(share.id)
        .bind(customer_id)
        .bind(share.access.as_str())
        .bind(share.ends_on.as_str())
        .run(work)?;
    Ok(())
}

/// Lets somebody read a customer until further notice; answers the share.
pub fn let_read(work: &mut Work, customer_id: i64, user_id: i64) -> Result<i64> {
    let (now, by) = (work.now(), work.actor.by_id());
    sql("insert into shares (customer_id, grantee_key, access, created_at, created_by) values ($1, $2, 'read', $3, $4) returning id")
        .bind(customer_id)
        .bind(user_id)
        .bind(now)
        .bind(by)
        .one(work)
}

/// Takes back a later end that the merge gave, unless somebody has set another since.
pub fn shorten_share(work: &mut Work, id: i64, until: &str, ends_on: &str) -> Result<()> {
    history::keep(work, Kept::Shares, id)?;
    sql("update shares set ends_on = $3 where id = $1 and ends_on = $2").bind(id).bind(until).bind(ends_on).run(work)?;
    Ok(())
}

pub fn drop_share(work: &mut Work, id: i64) -> Result<()> {
    history::keep(work, Kept::Shares, id)?;
    sql("delete from shares where id = $1").bind(id).run(work)?;
    Ok(())
}

/// Adds the tags and sources that only the one that goes has; it keeps its own for the day the merge is taken back.
pub fn unite_labels(work: &mut Work, merge: i64, loser: i64, winner: i64) -> Result<()> {
    sql("insert into merge_moves (merge_id, kind, row_id) select $1, 'tag', tag_id from customer_tags where customer_id = $2
           and tag_id not in (select tag_id from customer_tags where customer_id = $3)")
    .bind(merge)
    .bind(loser)
    .bind(winner)
    .run(work)?;
    sql("insert into customer_tags (customer_id, tag_id) select $2, row_id from merge_moves where merge_id = $1 and kind = 'tag'")
        .bind(merge)
        .bind(winner)
        .run(work)?;
    sql("insert into merge_moves (merge_id, kind, row_id) select $1, 'source', entry_id from customer_sources where customer_id = $2
           and entry_id not in (select entry_id from customer_sources where customer_id = $3)")
    .bind(merge)
    .bind(loser)
    .bind(winner)
    .run(work)?;
    let came = |kind: &str, entry: &str| {
        let text =
            format!("x.customer_id = $1 and x.{entry} in (select m.row_id from merge_moves m where m.merge_id = $2 and m.kind = '{kind}')");
        Predicate::new(text, vec![Value::Int(winner), Value::Int(merge)])
    };
    history::keep_not_carried(work, Carried::Tags, &came("tag", "tag_id"))?;
    sql("insert into customer_sources (customer_id, entry_id, position)
         select $2, row_id, 1000 + row_id from merge_moves where merge_id = $1 and kind = 'source'")
    .bind(merge)
    .bind(winner)
    .run(work)?;
    history::keep_not_carried(work, Carried::Sources, &came("source", "entry_id"))
}

pub fn part_labels(work: &mut Work, merge: i64, winner: i64) -> Result<()> {
    let own = Predicate::new("x.customer_id = $1", vec![Value::Int(winner)]);
    history::keep_carried(work, Carried::Tags, &own)?;
    history::keep_carried(work, Carried::Sources, &own)?;
    sql("delete from customer_tags where customer_id = $2 and tag_id in (select row_id from merge_moves where merge_id = $1 and kind = 'tag')")
        .bind(merge)
        .bind(winner)
        .run(work)?;
    // A customer is never left without its main source.
    sql("-- unscoped: the kept customer was found and locked in the caller's scope
         delete from customer_sources where customer_id = $2 and entry_id in (select row_id from merge_moves where merge_id = $1 and kind = 'source')
           and entry_id <> (select primary_source_id from customers where id = $2)")
    .bind(merge)
    .bind(winner)
    .run(work)?;
    Ok(())
}

/// Those merged into the one that goes follow it.
pub fn carry_former(work: &mut Work, merge: i64, loser: i64, winner: i64) -> Result<()> {
    sql("-- unscoped: their numbers find the merged record\n insert into merge_moves (merge_id, kind, row_id) select $1, 'former', id from customers where merged_into = $2")
        .bind(merge)
        .bind(loser)
        .run(work)?;
    sql("-- unscoped: their numbers find the merged record\n update customers set merged_into = $2 where merged_into = $1")
        .bind(loser)
        .bind(winner)
        .run(work)?;
    Ok(())
}

pub fn bring_former_back(work: &mut Work, merge: i64, loser: i64) -> Result<()> {
    sql("-- unscoped: their numbers find the merged record
         update customers set merged_into = $2 where id in (select row_id from merge_moves where merge_id = $1 and kind = 'former')")
    .bind(merge)
    .bind(loser)
    .run(work)?;
    Ok(())
}

pub fn begin(work: &mut Work, loser: i64, winner: i64, loser_before: &Snapshot, winner_before: &Snapshot) -> Result<i64> {
    let (now, by) = (work.now(), work.actor.by_id());
    sql("insert into merges (loser_id, winner_id, loser_before, winner_before, winner_after, merged_at, merged_by) values ($1, $2, $3, $4, '', $5, $6) returning id")
        .bind(loser)
        .bind(winner)
        .bind(serde_json::to_string(loser_before)?)
        .bind(serde_json::to_string(winner_before)?)
        .bind(now)
        .bind(by)
        .one(work)
}

pub fn finish(work: &mut Work, merge: i64, winner_after: &Snapshot) -> Result<()> {
    sql("update merges set winner_after = $2 where id = $1").bind(merge).bind(serde_json::to_string(winner_after)?).run(work)?;
    Ok(())
}

row! {
    /// A merge as it was kept.
    #[derive(Debug, Clone)]
    pub struct Merge {
        pub id: i64 = "m.id",
        pub loser_id: i64 = "m.loser_id",
        pub winner_id: i64 = "m.winner_id",
        pub winner_before: String = "m.winner_before",
        pub winner_after: String = "m.winner_after",
        pub merged_at: Instant = "m.merged_at",
        pub undone: bool = "m.undone_at is not null",
        pub number: String = "c.number",
        pub name: String = "c.name",
        pub by_name: Option<String> = "u.name",
    }
}

const SOURCE: &str = "from merges m join customers c on c.id = m.loser_id left join users u on u.id = m.merged_by";

pub fn find(work: &mut Work, id: i64) -> Result<Option<Merge>> {
    sql(format!("-- unscoped: the kept customer is looked for in the caller's scope next\n select {{columns}} {SOURCE} where m.id = $1"))
        .bind(id)
        .maybe(work)
}

/// The merges into a customer that stand, newest first.
pub fn into(work: &mut Work, winner: i64) -> Result<Vec<Merge>> {
    sql(format!(
        "-- unscoped: the kept customer was found in the caller's scope\n select {{columns}} {SOURCE} where m.winner_id = $1 and m.undone_at is null order by m.id desc limit 100"
    ))
    .bind(winner)
    .all(work)
}

/// False when somebody else was faster.
pub fn mark_undone(work: &mut Work, id: i64) -> Result<bool> {
    let (now, by) = (work.now(), work.actor.by_id());
    Ok(sql("update merges set undone_at = $2, undone_by = $3 where id = $1 and undone_at is null").bind(id).bind(now).bind(by).run(work)?
        == 1)
}

/// True when the customer is neither deleted nor merged on.
pub fn is_live(work: &mut Work, id: i64) -> Result<bool> {
    let live: Option<i64> =
        sql("-- unscoped: only whether it is still there\n select id from customers where id = $1 and deleted_at is null")
            .bind(id)
            .maybe(work)?;
    Ok(live.is_some())
}

pub fn counts(work: &mut Work, customer_id: i64, winner_id: i64) -> Result<MoveCounts> {
    let mut count = |text: &'static str| -> Result<i64> { sql(text).bind(customer_id).one(work) };
    Ok(MoveCounts {
        contacts: count(
            "-- unscoped: counts only; the caller may edit the customer\n select count(*) from contacts where customer_id = $1 and deleted_at is null",
        )?,
        opportunities: count(
            "-- unscoped: counts only; the caller may edit the customer\n select count(*) from opportunities where customer_id = $1 and deleted_at is null",
        )?,
        plans: count(
            "-- unscoped: counts only; the caller may edit the customer\n select count(*) from follow_up_plans where customer_id = $1",
        )?,
        follow_ups: count(
            "-- unscoped: counts only; the caller may edit the customer\n select count(*) from follow_ups where customer_id = $1",
        )?,
        tasks: count("-- unscoped: counts only; the caller may edit the customer\n select count(*) from tasks where customer_id = $1")?,
        attachments: count(
            "-- unscoped: counts only; the caller may edit the customer
             select count(*) from attachments where deleted_at is null and (
               (record_kind = 'follow_up' and record_id in (select id from follow_ups where customer_id = $1))
               or (record_kind = 'task' and record_id in (select id from tasks where customer_id = $1)))",
        )?,
        shares: count("select count(*) from shares where customer_id = $1")?,
        events: count("select count(*) from events where customer_id = $1")?,
        comments: count("select count(*) from comments where record_kind = 'customer' and record_id = $1 and deleted_at = 0")?,
        requirement_versions: count("select count(*) from requirement_versions where customer_id = $1")?,
        groups: sql("select count(*) from customer_group_members m where m.customer_id = $1
               and not exists (select 1 from customer_group_members w where w.group_id = m.group_id and w.customer_id = $2)")
        .bind(customer_id)
        .bind(winner_id)
        .one(work)?,
    })
}
