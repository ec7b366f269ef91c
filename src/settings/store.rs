use super::model::{Company, Entry, Kind, Stage, Tag};
use crate::error::{Error, Result};
use crate::platform::db::{Value, sql};
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;

fn taken(index: &'static str) -> impl Fn(Error) -> Error {
    move |error| error.when_not_unique(index, || Error::field("name", FieldCode::Duplicate))
}

pub fn entries(work: &mut Work, kind: Kind) -> Result<Vec<Entry>> {
    sql("select {columns} from dictionary_entries where kind = $1 and merged_into is null order by position, id limit 1000")
        .bind(kind)
        .all(work)
}

pub fn entry(work: &mut Work, kind: Kind, id: i64) -> Result<Option<Entry>> {
    entry_where(work, "d.id = $2", kind, id.into())
}

pub fn entry_named(work: &mut Work, kind: Kind, name_fold: &str) -> Result<Option<Entry>> {
    entry_where(work, "d.name_fold = $2", kind, name_fold.into())
}

pub fn entry_keyed(work: &mut Work, kind: Kind, key: &str) -> Result<Option<Entry>> {
    entry_where(work, "d.key = $2", kind, key.into())
}

/// A value that was merged into another still finds it: by its old id, name or key.
fn entry_where(work: &mut Work, condition: &str, kind: Kind, value: Value) -> Result<Option<Entry>> {
    sql(format!(
        "select {{columns}} from dictionary_entries where id = (select coalesce(d.merged_into, d.id) from dictionary_entries d where d.kind = $1 and {condition})"
    ))
    .bind(kind)
    .bind(value)
    .maybe(work)
}

/// A value that is only kept to find what it was merged into makes room for a new one of its name. No name folds to one that begins
/// with a blank.
fn free_name(work: &mut Work, kind: Kind, name: &str) -> Result<()> {
    sql("update dictionary_entries set name_fold = ' ' || cast(id as text) where kind = $1 and name_fold = $2 and merged_into is not null")
        .bind(kind)
        .bind(name::fold(name))
        .run(work)?;
    Ok(())
}

pub fn insert_entry(work: &mut Work, kind: Kind, name: &str, detail_required: bool, disabled: bool, position: Option<i64>) -> Result<i64> {
    free_name(work, kind, name)?;
    let last: Option<i64> = sql("select max(position) from dictionary_entries where kind = $1 and position < 99").bind(kind).one(work)?;
    let id: i64 = sql("insert into dictionary_entries (kind, name, name_fold, disabled, detail_required, position) values ($1, $2, $3, $4, $5, $6) returning id")
        .bind(kind)
        .bind(name)
        .bind(name::fold(name))
        .bind(disabled)
        .bind(detail_required)
        .bind(position.unwrap_or(last.unwrap_or(0) + 1))
        .one(work)
        .map_err(taken("dictionary_entries.name_fold"))
        .map_err(taken("dictionary_entries.kind"))?;
    if kind.is_keyed() {
        sql("update dictionary_entries set key = $2 where id = $1").bind(id).bind(format!("custom_{id}")).run(work)?;
    }
    Ok(id)
}

pub fn update_entry(work: &mut Work, kind: Kind, entry: &Entry) -> Result<()> {
    free_name(work, kind, &entry.name)?;
    let touched = sql("update dictionary_entries set name = $3, name_fold = $4, disabled = $5, detail_required = $6, position = $7, version = version + 1 where id = $1 and version = $2")
        .bind(entry.id)
        .bind(entry.version)
        .bind(entry.name.as_str())
        .bind(name::fold(&entry.name))
        .bind(entry.disabled)
        .bind(entry.detail_required)
        .bind(entry.position)
        .run(work)
        .map_err(taken("dictionary_entries.name_fold"))
        .map_err(taken("dictionary_entries.kind"))?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

pub fn entry_in_use(work: &mut Work, kind: Kind, entry: &Entry) -> Result<bool> {
    let probe = match kind {
        Kind::Industry => sql("-- unscoped: whether the value is used at all, deleted records included\n select 1 from customers where industry_id = $1 limit 1").bind(entry.id),
        Kind::Region => sql("-- unscoped: whether the value is used at all, deleted records included\n select 1 from (select region_id from customers where region_id = $1 union all select region_id from teams where region_id = $1) as used limit 1").bind(entry.id),
        Kind::SourceChannel => sql("select 1 from customer_sources where entry_id = $1 limit 1").bind(entry.id),
        Kind::FollowUpMethod => sql("-- unscoped: whether the value is used at all\n select 1 from (select method from follow_up_plans where method = $1 union all select method from follow_ups where method = $1) as used limit 1").bind(entry.key.as_str()),
        Kind::TaskKind => sql("-- unscoped: whether the value is used at all\n select 1 from (select kind from tasks where kind = $1 union all select kind from sop_templates where kind = $1) as used limit 1").bind(entry.key.as_str()),
        Kind::LostReason => sql("-- unscoped: whether the value is used at all\n select 1 from opportunities where lost_reason = $1 limit 1").bind(entry.name.as_str()),
    };
    let found: Option<i64> = probe.maybe(work)?;
    Ok(found.is_some())
}

pub fn delete_entry(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from dictionary_entries where id = $1").bind(id).run(work)?;
    Ok(())
}

pub fn stages(work: &mut Work) -> Result<Vec<Stage>> {
    sql("select {columns} from stages where pipeline_id = (select id from pipelines where is_default) order by position, id limit 50")
        .all(work)
}

pub fn update_stage(work: &mut Work, stage: &Stage) -> Result<()> {
    let touched = sql("update stages set name = $3, probability = $4, limit_days = $5, version = version + 1 where pipeline_id = $6 and key = $1 and version = $2")
        .bind(stage.key.as_str())
        .bind(stage.version)
        .bind(stage.name.as_str())
        .bind(stage.probability)
        .bind(stage.limit_days)
        .bind(stage.pipeline_id)
        .run(work)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

pub fn company(work: &mut Work) -> Result<Company> {
    sql("select {columns} from company where id = 1").one(work)
}

pub fn update_company(work: &mut Work, company: &Company) -> Result<()> {
    let touched = sql("update company set name = $2, tasks_within_teams_only = $3, leaders_create_tags_only = $4, tell_manager_after_days = $5, version = version + 1 where id = 1 and version = $1")
        .bind(company.version)
        .bind(company.company_name.as_str())
        .bind(company.assign_tasks_within_teams_only)
        .bind(company.leaders_create_tags_only)
        .bind(company.tell_manager_after_days)
        .run(work)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

pub fn tags(work: &mut Work) -> Result<Vec<Tag>> {
    sql("select {columns} from tags where merged_into is null order by name_fold, id limit 5000").all(work)
}

pub fn tag(work: &mut Work, id: i64) -> Result<Option<Tag>> {
    sql("select {columns} from tags where id = (select coalesce(g.merged_into, g.id) from tags g where g.id = $1)").bind(id).maybe(work)
}

pub fn tag_named(work: &mut Work, name_fold: &str) -> Result<Option<Tag>> {
    sql("select {columns} from tags where id = (select coalesce(g.merged_into, g.id) from tags g where g.name_fold = $1)")
        .bind(name_fold)
        .maybe(work)
}

pub fn insert_tag(work: &mut Work, name: &str) -> Result<i64> {
    sql("insert into tags (name, name_fold) values ($1, $2) returning id")
        .bind(name)
        .bind(name::fold(name))
        .one(work)
        .map_err(|error: Error| error.when_not_unique("tags.name_fold", || Error::LostRace))
}

pub fn rename_tag(work: &mut Work, id: i64, name: &str) -> Result<()> {
    // What was merged is still looked up by its id: it only makes room for the name.
    sql("update tags set name_fold = ' ' || cast(id as text) where name_fold = $1 and merged_into is not null")
        .bind(name::fold(name))
        .run(work)?;
    sql("update tags set name = $2, name_fold = $3, version = version + 1 where id = $1")
        .bind(id)
        .bind(name)
        .bind(name::fold(name))
        .run(work)
        .map_err(taken("tags.name_fold"))?;
    Ok(())
}

pub fn tag_in_use(work: &mut Work, id: i64) -> Result<bool> {
    let found: Option<i64> = sql("select 1 from customer_tags where tag_id = $1 limit 1").bind(id).maybe(work)?;
    Ok(found.is_some())
}

pub fn delete_tag(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from tags where id = $1").bind(id).run(work)?;
    Ok(())
}
