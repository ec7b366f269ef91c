//! 任务分配表 on its way in (I34): read by the child like every spreadsheet, judged row by row, and given as a batch (S60).

use std::collections::HashMap;

use axum::extract::DefaultBodyLimit;
use axum::extract::multipart::{Multipart, MultipartRejection};
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

use super::columns::{Column, Kind, is_reason};
use super::imports::values::{self, Values};
use super::incoming;
use super::sheet::{Line, Reading, SheetRow};
use crate::app::App;
use crate::customers;
use crate::error::{Error, Fields, Result};
use crate::identity::model::Named;
use crate::identity::scope::Right;
use crate::identity::{self, Caller, can};
use crate::platform::draft::{Choice, Given};
use crate::platform::http::Json;
use crate::platform::routes::routes;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;
use crate::settings::{self, Kind as Dictionary};
use crate::tasks::batch_sheet::{self as sheet, Judged, SheetPreview, SheetTask};
use crate::tasks::model::TaskDraft;

/// The columns a sheet may fill in; the others of an export are ignored.
const FILLED: [&str; 7] = ["kind", "content", "customer_number", "customer_name", "opportunity_number", "assignee", "due_date"];
/// Without these no row could be good.
const NEEDED: [&str; 3] = ["kind", "content", "due_date"];
/// How the sample row of the form begins.
const SAMPLE: [&str; 2] = ["（示例）", "(Sample)"];

const NOT_THE_FORM: FieldCode = FieldCode::Rule {
    code: "HEADERS_NOT_TEMPLATE",
    zh: "表头与任务分配表模板不一致，至少需要任务类型、任务内容、截止日期",
    en: "The headers are not those of the task form: kind, content and due date are needed",
};

/// The routes of task sheets.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview_task_sheet).layer(DefaultBodyLimit::max(incoming::BODY_LIMIT)))
}

/// A filled-in 任务分配表.
#[derive(ToSchema)]
#[schema(as = TaskSheetUpload)]
#[allow(dead_code, reason = "only describes the body")]
struct Upload {
    /// `.xlsx` or `.csv`, at most 1,000 rows.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Read a 任务分配表 and show what it would give; without a mistake it is kept for `POST /tasks/batch` (I34, S60).
#[utoipa::path(post, path = "/tasks/batch/sheet", tag = "tasks", request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = SheetPreview)))]
async fn preview_task_sheet(
    caller: Caller<can::GiveTaskBatches>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Json<SheetPreview>> {
    // The right is judged before anything of the file is read.
    caller.read(|_| Ok(())).await?;
    let body = body.map_err(|_| Error::UnsupportedMedia)?;
    let (file_name, incoming) = incoming::single(&caller.app().files, body).await?;
    let mut reading = Reading::start(caller.app().config.sheet_reader.as_ref(), incoming.path()).await?;
    let Some(Line::Header(header)) = reading.next().await? else { return Err(Error::internal("a file without header")) };
    let columns = columns_of(&header)?;
    let mut rows = Vec::new();
    while let Some(line) = reading.next().await? {
        if let Line::Row(row) = line {
            rows.push(row);
        }
        if rows.len() > sheet::MOST {
            return Err(sheet::too_long());
        }
    }
    // Judged on a reader's snapshot: however long a sheet is, nobody waits to write meanwhile.
    let Judged { mut preview, batch } = caller.read(move |work| judge(work, &file_name, &columns, &rows)).await?;
    if let Some((deed, rows, deeds)) = batch {
        let people = preview.assignees.len() as i64;
        preview.preview_token = Some(caller.write(move |work| sheet::keep(work, people, &deed, &rows, &deeds)).await?);
    }
    Ok(Json(preview))
}

type Columns = Vec<Option<&'static Column>>;

fn columns_of(header: &[String]) -> Result<Columns> {
    let columns: Columns = header
        .iter()
        .map(|title| if is_reason(title) { None } else { Kind::Tasks.of_template(title) })
        .map(|column| column.filter(|column| FILLED.contains(&column.key)))
        .collect();
    let has = |key: &&str| columns.iter().flatten().any(|column| column.key == *key);
    if NEEDED.iter().all(has) { Ok(columns) } else { Err(Error::field("file", NOT_THE_FORM)) }
}

fn judge(work: &mut Work, file_name: &str, columns: &Columns, rows: &[SheetRow]) -> Result<Judged> {
    let entries = settings::entries(work, Dictionary::TaskKind)?;
    let mut kinds: HashMap<String, String> = HashMap::new();
    for entry in entries {
        kinds.insert(name::fold(&entry.name), entry.key.clone());
        kinds.insert(entry.key.clone(), entry.key);
    }
    let mut lines = Vec::new();
    for row in rows {
        let values = Values::of(columns, &row.cells);
        if !values.text("content").is_some_and(|text| SAMPLE.iter().any(|sample| text.starts_with(sample))) {
            lines.push((row.line, values));
        }
    }
    if lines.is_empty() {
        return Err(Error::field("file", FieldCode::Required));
    }
    let texts = |key: &str| -> Vec<&str> {
        let mut texts: Vec<&str> = lines.iter().filter_map(|(_, values)| values.text(key)).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    let people = identity::called_each(work, &texts("assignee"))?;
    let customers = customers::find_each_named(work, &texts("customer_name"), Right::Read)?;
    let tasks: Vec<SheetTask> = lines.iter().map(|(line, values)| task_of(&kinds, &people, &customers, values, *line)).collect();
    sheet::judge(work, file_name, &tasks)
}

fn task_of(
    kinds: &HashMap<String, String>,
    people: &HashMap<String, Vec<Named>>,
    customers: &HashMap<String, customers::Brief>,
    values: &Values,
    line: i64,
) -> SheetTask {
    let mut wrong = Fields::default();
    let assignee_id = match values.text("assignee").map(|text| values::only_one(people.get(text).map_or(&[], Vec::as_slice))) {
        None => Given::Absent,
        Some(Ok(id)) => Given::Value(id),
        Some(Err(code)) => {
            wrong.add("assignee_id", code);
            Given::Absent
        }
    };
    let named = |text: &str| Ok(Choice::Name(text.to_owned()));
    let customer_id = if values.text("customer_number").is_some() {
        values.given("customer_number", named)
    } else {
        match values.text("customer_name").map(|text| customers.get(&name::fold(text))) {
            None => Given::Absent,
            Some(Some(found)) => Given::Value(Choice::Id(found.id)),
            Some(None) => {
                wrong.add("customer_id", FieldCode::Unknown);
                Given::Absent
            }
        }
    };
    let draft = TaskDraft {
        kind: values.given("kind", |text| kinds.get(&name::fold(text)).cloned().ok_or(FieldCode::Unknown)),
        content: values.plain("content"),
        customer_id,
        opportunity_number: values.plain("opportunity_number"),
        assignee_id,
        due_date: values.day("due_date"),
        ..TaskDraft::default()
    };
    SheetTask { line, draft, wrong }
}
