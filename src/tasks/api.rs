//! How tasks are reached.

use axum::extract::DefaultBodyLimit;
use axum::extract::multipart::{Multipart, MultipartRejection};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

use super::acceptance;
use super::model::{Counts, Outcome, Postponement, Reassignment, Return, Status, Task, TaskDraft, TaskEdit};
use crate::app::App;
use crate::attachments::{self, Attachment};
use crate::customers::list::{OfCustomer, any_or_none};
use crate::error::{Error, Problem, Result};
use crate::identity::scope::{self, Owned, Right};
use crate::identity::{Caller, can};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Choice;
use crate::platform::http::{Created, Id, IfMatch, Json, Many, One, Query, Record};
use crate::platform::page::{List, Page, Sort, Turn, any_of};
use crate::platform::routes::routes;
use crate::platform::types::Day;
use crate::platform::work::Work;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tasks, give_task))
        .routes(routes!(count_tasks))
        .routes(routes!(read_task, edit_task))
        .routes(routes!(accept_task))
        .routes(routes!(return_task))
        .routes(routes!(attach_to_task).layer(DefaultBodyLimit::max(attachments::BODY_LIMIT)))
        .merge(super::batch_api::routes())
        .routes(routes!(reassign_task))
        .routes(routes!(postpone_task))
}

/// Which tasks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TaskFilter {
    /// True for one's own.
    #[param(value_type = Option<bool>)]
    mine: One<bool>,
    /// `todo`, `in_progress`, `done`, `cancelled`.
    #[param(value_type = Option<Vec<String>>)]
    status: Many<Status>,
    /// True for open ones whose due date has passed, false for all others.
    #[param(value_type = Option<bool>)]
    overdue: One<bool>,
    /// Whose.
    #[param(value_type = Option<Vec<i64>>)]
    assignee_id: Many<i64>,
    /// Given by whom.
    #[param(value_type = Option<Vec<i64>>)]
    assigner_id: Many<i64>,
    /// Of which opportunities.
    #[param(value_type = Option<Vec<i64>>)]
    opportunity_id: Many<i64>,
    /// Of which customers.
    #[param(value_type = Option<Vec<i64>>)]
    customer_id: Many<i64>,
    /// Due on this day or later.
    #[param(value_type = Option<Day>)]
    due_from: One<Day>,
    /// Due on this day or earlier.
    #[param(value_type = Option<Day>)]
    due_to: One<Day>,
    /// Keys of the dictionary `task_kind`.
    #[param(value_type = Option<Vec<String>>)]
    kind: Many<String>,
    /// Of which teams; 0 for those of none.
    #[param(value_type = Option<Vec<i64>>)]
    team_id: Many<i64>,
    /// With a customer in these regions, ids or names, any of; like the three below only where the reader sees the customer.
    #[param(value_type = Option<Vec<String>>)]
    region: Many<Choice>,
    /// With a customer in these industries: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    industry: Many<Choice>,
    /// With a customer from these sources: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    source_channel: Many<Choice>,
    /// With a customer that has these tags: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    tag: Many<Choice>,
    /// What became of it (I9): `planned` for whatever was not cancelled, `on_time`, `late`, `overdue`.
    #[param(value_type = Option<String>)]
    outcome: One<Outcome>,
    /// `due_date` (the default), `created_at`, each with `-` for the largest first.
    #[param(value_type = Option<String>)]
    sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

/// A filter that has been read, and the page it is for.
struct Wanted {
    mine: bool,
    overdue: Option<bool>,
    outcome: Option<Outcome>,
    customer: OfCustomer,
    filters: Vec<Predicate>,
    turn: Turn,
}

impl TaskFilter {
    /// The page asked for, within the reader's scope.
    pub fn page(self, work: &mut Work) -> Result<Page<Task>> {
        self.read()?.page(work)
    }

    /// The list asked for, to be counted.
    pub fn list(self, work: &mut Work) -> Result<List> {
        let wanted = self.read()?;
        let filters = wanted.narrowed(work)?.0;
        super::store::list(work, filters)
    }

    fn read(self) -> Result<Wanted> {
        let mut filters: Vec<Predicate> = Vec::new();
        let mut among = |column: &str, values: Vec<Value>| {
            if !values.is_empty() {
                filters.push(any_of(column, values));
            }
        };
        let ids = |ids: Vec<i64>| ids.into_iter().map(Value::Int).collect::<Vec<Value>>();
        among("t.status", self.status.get("status")?.into_iter().map(Value::from).collect());
        among("t.assignee_id", ids(self.assignee_id.get("assignee_id")?));
        among("t.assigner_id", ids(self.assigner_id.get("assigner_id")?));
        among("t.opportunity_id", ids(self.opportunity_id.get("opportunity_id")?));
        among("t.customer_id", ids(self.customer_id.get("customer_id")?));
        among("t.kind", self.kind.get("kind")?.into_iter().map(Value::from).collect());
        if let Some(from) = self.due_from.get("due_from")? {
            filters.push(Predicate::new("t.due_on >= $1", vec![from.into()]));
        }
        if let Some(to) = self.due_to.get("due_to")? {
            filters.push(Predicate::new("t.due_on <= $1", vec![to.into()]));
        }
        filters.extend(any_or_none("t.team_id", self.team_id.get("team_id")?));
        Ok(Wanted {
            outcome: self.outcome.get("outcome")?,
            mine: self.mine.get("mine")?.unwrap_or(false),
            overdue: self.overdue.get("overdue")?,
            customer: OfCustomer {
                region: self.region,
                industry: self.industry,
                source_channel: self.source_channel,
                tag: self.tag,
                ..OfCustomer::default()
            },
            filters,
            turn: Turn::read(Sort::read(self.sort, &[("due_date", "t.due_on"), ("created_at", "t.created_at")])?, self.limit, self.cursor)?,
        })
    }
}

impl Wanted {
    fn page(self, work: &mut Work) -> Result<Page<Task>> {
        let (filters, turn) = self.narrowed(work)?;
        super::list(work, filters, &turn)
    }

    /// With the conditions that need to know who asks, and when.
    fn narrowed(mut self, work: &mut Work) -> Result<(Vec<Predicate>, Turn)> {
        if self.mine {
            self.filters.push(Predicate::new("t.assignee_id = $1", vec![work.actor.user_id.into()]));
        }
        match self.overdue {
            None => {}
            Some(true) => self.filters.push(Predicate::new("(t.is_open and t.due_on < $1)", vec![work.today().into()])),
            Some(false) => self.filters.push(Predicate::new("not (t.is_open and t.due_on < $1)", vec![work.today().into()])),
        }
        let today = || vec![work.today().into()];
        self.filters.extend(self.outcome.map(|outcome| match outcome {
            Outcome::Planned => Predicate::new("t.status <> 'cancelled'", Vec::new()),
            Outcome::OnTime => Predicate::new("(t.status = 'done' and t.done_on <= t.due_on)", Vec::new()),
            Outcome::Late => Predicate::new("(t.status = 'done' and t.done_on > t.due_on)", Vec::new()),
            Outcome::Overdue => Predicate::new("(t.is_open and t.due_on < $1)", today()),
        }));
        if let Some(asked) = self.customer.condition(work, "c.id")? {
            // Whoever may not see the customer of a task learns nothing about it here, either (S4).
            let seen = Predicate::all([scope::predicate(work, Owned::Customers, Right::Read), asked]);
            let text = format!("exists (select 1 from customers c where c.id = t.customer_id and c.deleted_at is null and {})", seen.text);
            self.filters.push(Predicate::new(text, seen.binds));
        }
        Ok((self.filters, self.turn))
    }
}

/// Tasks, the earliest due first.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(TaskFilter), responses((status = 200, body = Page<Task>)))]
async fn list_tasks(caller: Caller<can::ViewTasks>, Query(filter): Query<TaskFilter>) -> Result<Json<Page<Task>>> {
    let wanted = filter.read()?;
    caller.read(move |work| wanted.page(work)).await.map(Json)
}

/// Give a task to oneself or to somebody else (S54–S59).
#[utoipa::path(post, path = "/tasks", tag = "tasks", request_body = TaskDraft, responses((status = 201, body = Task)))]
async fn give_task(caller: Caller<can::EditTasks>, Json(draft): Json<TaskDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let task = super::give(work, draft)?;
            Ok((format!("/api/v1/tasks/{}", task.id), task))
        })
        .await
}

/// One's own tasks, counted for the tabs of 我的任务 (S62).
#[utoipa::path(get, path = "/tasks/counts", tag = "tasks", responses((status = 200, body = Counts)))]
async fn count_tasks(caller: Caller<can::ViewTasks>) -> Result<Json<Counts>> {
    caller.read(super::counts).await.map(Json)
}

/// One task.
#[utoipa::path(get, path = "/tasks/{id}", tag = "tasks", params(("id" = i64, Path)), responses((status = 200, body = Task)))]
async fn read_task(caller: Caller<can::ViewTasks>, Id(id): Id) -> Result<Record<Task>> {
    caller.look(move |work| super::get(work, id)).await.map(Record)
}

/// Edit a task, start it (`status: in_progress`) or call it off (`status: cancelled`).
#[utoipa::path(patch, path = "/tasks/{id}", tag = "tasks", params(("id" = i64, Path)), request_body = TaskEdit,
    responses((status = 200, body = Task), (status = 409, body = Problem, description = "done or cancelled already")))]
async fn edit_task(caller: Caller<can::EditTasks>, Id(id): Id, version: IfMatch, Json(edit): Json<TaskEdit>) -> Result<Record<Task>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &edit)).await.map(Record)
}

/// Say that what was done will do (I3): whoever gave the task.
#[utoipa::path(post, path = "/tasks/{id}/accept", tag = "tasks", params(("id" = i64, Path)), responses((status = 200, body = Task)))]
async fn accept_task(caller: Caller<can::EditTasks>, Id(id): Id, version: IfMatch) -> Result<Record<Task>> {
    caller.edit(version, move |work, version| acceptance::accept(work, id, version)).await.map(Record)
}

/// Send a task back, for a reason (I3): it is open again.
#[utoipa::path(post, path = "/tasks/{id}/return", tag = "tasks", params(("id" = i64, Path)), request_body = Return,
    responses((status = 200, body = Task)))]
async fn return_task(caller: Caller<can::EditTasks>, Id(id): Id, version: IfMatch, Json(wish): Json<Return>) -> Result<Record<Task>> {
    caller.edit(version, move |work, version| acceptance::send_back(work, id, version, &wish)).await.map(Record)
}

/// A file to be attached.
#[derive(ToSchema)]
#[schema(as = TaskUpload)]
#[allow(dead_code, reason = "only describes the body")]
struct Upload {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Attach a file that shows what was done (I1): PDF, Word or Excel by content, at most 10,485,760 bytes, at most 20 per task.
#[utoipa::path(post, path = "/tasks/{id}/attachments", tag = "tasks", params(("id" = i64, Path)),
    request_body(content = Upload, content_type = "multipart/form-data"), responses((status = 201, body = Attachment)))]
async fn attach_to_task(caller: Caller<can::EditTasks>, Id(id): Id, body: Result<Multipart, MultipartRejection>) -> Result<Created> {
    caller.read(move |work| super::carrier(work, id)).await?;
    let body = body.map_err(|_| Error::UnsupportedMedia)?;
    let received = attachments::receive(&caller.app().files, body).await?;
    caller
        .create(received, move |work, received| {
            let carrier = super::carrier(work, id)?;
            let attachment = attachments::attach(work, &carrier, received)?;
            Ok((format!("/api/v1/attachments/{}", attachment.id), attachment))
        })
        .await
}

/// Give a task to somebody else, for a reason (I6).
#[utoipa::path(post, path = "/tasks/{id}/reassign", tag = "tasks", params(("id" = i64, Path)), request_body = Reassignment,
    responses((status = 200, body = Task)))]
async fn reassign_task(
    caller: Caller<can::EditTasks>,
    Id(id): Id,
    version: IfMatch,
    Json(wish): Json<Reassignment>,
) -> Result<Record<Task>> {
    caller.edit(version, move |work, version| super::reassign(work, id, version, &wish)).await.map(Record)
}

/// Give a task a later date, for a reason (I5).
#[utoipa::path(post, path = "/tasks/{id}/postpone", tag = "tasks", params(("id" = i64, Path)), request_body = Postponement,
    responses((status = 200, body = Task)))]
async fn postpone_task(
    caller: Caller<can::EditTasks>,
    Id(id): Id,
    version: IfMatch,
    Json(wish): Json<Postponement>,
) -> Result<Record<Task>> {
    caller.edit(version, move |work, version| super::postpone(work, id, version, &wish)).await.map(Record)
}
