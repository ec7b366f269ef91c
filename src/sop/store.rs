//! How templates are kept, and which tasks they made.

use super::model::SopTemplate;
use crate::error::{Error, Result};
use crate::platform::db::sql;
use crate::platform::work::Work;
use crate::row;

pub fn all(work: &mut Work) -> Result<Vec<SopTemplate>> {
    sql("select {columns} from sop_templates s order by s.stage, s.position, s.id limit 1000").all(work)
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<SopTemplate>> {
    sql("select {columns} from sop_templates s where s.id = $1").bind(id).maybe(work)
}

/// The enabled templates of a stage, in order. None of them is removed before the tasks they make stand.
pub fn enabled_at(work: &mut Work, stage: &str) -> Result<Vec<SopTemplate>> {
    if work.has_concurrent_writers() {
        let _: Vec<i64> =
            sql("select id from sop_templates where stage = $1 and enabled order by id limit 50 for key share").bind(stage).all(work)?;
    }
    sql("select {columns} from sop_templates s where s.stage = $1 and s.enabled order by s.position, s.id limit 50").bind(stage).all(work)
}

/// How many templates the stage has, and the last position among them.
pub fn extent(work: &mut Work, stage: &str) -> Result<(i64, Option<i64>)> {
    sql("select count(*), max(position) from sop_templates where stage = $1").bind(stage).one(work)
}

pub fn insert(work: &mut Work, template: &SopTemplate) -> Result<i64> {
    let now = work.now();
    sql("insert into sop_templates (stage, name, kind, content, due_workdays, assignee, enabled, position, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) returning id")
    .bind(template.stage.as_str())
    .bind(template.name.as_str())
    .bind(template.kind.as_str())
    .bind(template.content.as_str())
    .bind(template.due_workdays)
    .bind(template.assignee)
    .bind(template.enabled)
    .bind(template.position)
    .bind(now)
    .one(work)
}

pub fn update(work: &mut Work, template: &SopTemplate) -> Result<()> {
    let now = work.now();
    let touched =
        sql("update sop_templates set name = $3, kind = $4, content = $5, due_workdays = $6, assignee = $7, enabled = $8, position = $9,
           updated_at = $10, version = version + 1 where id = $1 and version = $2")
        .bind(template.id)
        .bind(template.version)
        .bind(template.name.as_str())
        .bind(template.kind.as_str())
        .bind(template.content.as_str())
        .bind(template.due_workdays)
        .bind(template.assignee)
        .bind(template.enabled)
        .bind(template.position)
        .bind(now)
        .run(work)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

/// Locks a template before it is removed: whoever makes tasks of it is waited for, and whoever comes later finds it gone.
pub fn lock(work: &mut Work, id: i64) -> Result<()> {
    if work.has_concurrent_writers() {
        let _: Option<i64> = sql("select id from sop_templates where id = $1 for update").bind(id).maybe(work)?;
    }
    Ok(())
}

pub fn has_made(work: &mut Work, id: i64) -> Result<bool> {
    let found: Option<i64> = sql("select 1 from sop_tasks where template_id = $1 limit 1").bind(id).maybe(work)?;
    Ok(found.is_some())
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from sop_templates where id = $1").bind(id).run(work)?;
    Ok(())
}

row! {
    /// An opportunity that entered the stage it stands at.
    #[derive(Debug, Clone)]
    pub struct Entered {
        pub id: i64 = "o.id",
        pub customer_id: i64 = "o.customer_id",
        pub stage: String = "o.stage",
        pub owner_id: Option<i64> = "o.owner_id",
        pub team_id: Option<i64> = "o.team_id",
    }
}

/// The customer's opportunities that entered their stage in this very unit of work, as the log has it.
pub fn entered_now(work: &mut Work, customer_id: i64) -> Result<Vec<Entered>> {
    let now = work.now();
    sql("-- unscoped: the caller has just moved them
         select {columns} from opportunities o where o.customer_id = $1 and o.entered_stage_at = $2 and o.deleted_at is null order by o.id limit 50")
    .bind(customer_id)
    .bind(now)
    .all(work)
}

/// True for the first who makes the task of this template for this opportunity: none is made twice (I8).
pub fn claim(work: &mut Work, opportunity_id: i64, template_id: i64) -> Result<bool> {
    let now = work.now();
    let made = sql("insert into sop_tasks (opportunity_id, template_id, made_at) values ($1, $2, $3) on conflict (opportunity_id, template_id) do nothing")
        .bind(opportunity_id)
        .bind(template_id)
        .bind(now)
        .run(work)?;
    Ok(made == 1)
}
