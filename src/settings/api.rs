//! How dictionaries, stages, tags, targets and parameters are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::holidays::{self, Holiday, HolidayYear};
use super::model::{Company, CompanyDraft, Entry, EntryDraft, Kind, MergeCounts, MergeInto, Stage, StageDraft, Tag, TagDraft};
use super::store;
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, One, Query, Record};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_entries, create_entry))
        .routes(routes!(edit_entry, delete_entry))
        .routes(routes!(preview_entry_merge))
        .routes(routes!(merge_entry))
        .routes(routes!(preview_tag_merge))
        .routes(routes!(merge_tag))
        .routes(routes!(list_stages))
        .routes(routes!(edit_stage))
        .routes(routes!(read_settings, edit_settings))
        .routes(routes!(list_tags, create_tag))
        .routes(routes!(edit_tag, delete_tag))
        .routes(routes!(list_holidays, set_holidays))
        .merge(super::target_api::routes())
}

fn kind(word: &str) -> Result<Kind> {
    Kind::from_word(word).ok_or(Error::NotFound)
}

/// The values of a dictionary: `industry`, `region`, `source_channel`, `follow_up_method`, `task_kind`, `lost_reason`.
#[utoipa::path(get, path = "/dictionaries/{kind}", tag = "settings", params(("kind" = String, Path)), responses((status = 200, body = Vec<Entry>)))]
async fn list_entries(caller: Caller<can::LookAround>, axum::extract::Path(word): axum::extract::Path<String>) -> Result<Json<Vec<Entry>>> {
    caller.read(move |work| super::entries(work, kind(&word)?)).await.map(Json)
}

/// Add a value to a dictionary (administrator).
#[utoipa::path(post, path = "/dictionaries/{kind}", tag = "settings", params(("kind" = String, Path)), request_body = EntryDraft, responses((status = 201, body = Entry)))]
async fn create_entry(
    caller: Caller<can::ManageSettings>,
    axum::extract::Path(word): axum::extract::Path<String>,
    Json(draft): Json<EntryDraft>,
) -> Result<Created> {
    caller
        .create(draft, move |work, draft| {
            let entry = super::add_entry(work, kind(&word)?, draft)?;
            Ok((format!("/api/v1/dictionaries/{word}/{}", entry.id), entry))
        })
        .await
}

/// A value of a dictionary in a path.
struct EntryPath(String, i64);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for EntryPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        let (word, id) = path.0;
        id.parse().map(|id| EntryPath(word, id)).map_err(|_| Error::NotFound)
    }
}

/// Rename, disable or move a value (administrator).
#[utoipa::path(patch, path = "/dictionaries/{kind}/{id}", tag = "settings", params(("kind" = String, Path), ("id" = i64, Path)), request_body = EntryDraft, responses((status = 200, body = Entry)))]
async fn edit_entry(
    caller: Caller<can::ManageSettings>,
    EntryPath(word, id): EntryPath,
    version: IfMatch,
    Json(draft): Json<EntryDraft>,
) -> Result<Record<Entry>> {
    caller.edit(version, move |work, version| super::edit_entry(work, kind(&word)?, id, version, &draft)).await.map(Record)
}

/// Remove a value that was never used (administrator).
#[utoipa::path(delete, path = "/dictionaries/{kind}/{id}", tag = "settings", params(("kind" = String, Path), ("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_entry(caller: Caller<can::ManageSettings>, EntryPath(word, id): EntryPath, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::delete_entry(work, kind(&word)?, id, version)).await.map(|()| Done)
}

/// What carries a value and would carry another after a merge (administrator).
#[utoipa::path(get, path = "/dictionaries/{kind}/{id}/merge", tag = "settings", params(("kind" = String, Path), ("id" = i64, Path)), responses((status = 200, body = MergeCounts)))]
async fn preview_entry_merge(caller: Caller<can::ManageSettings>, EntryPath(word, id): EntryPath) -> Result<Json<MergeCounts>> {
    caller.report(move |work| super::merge::count_entry(work, kind(&word)?, id)).await.map(Json)
}

/// Merge a value into another: everything that carries it carries the other one, at once (administrator, I61).
#[utoipa::path(post, path = "/dictionaries/{kind}/{id}/merge", tag = "settings", params(("kind" = String, Path), ("id" = i64, Path)), request_body = MergeInto, responses((status = 200, body = Entry)))]
async fn merge_entry(
    caller: Caller<can::ManageSettings>,
    EntryPath(word, id): EntryPath,
    version: IfMatch,
    Json(draft): Json<MergeInto>,
) -> Result<Record<Entry>> {
    caller.edit(version, move |work, version| super::merge_entry(work, kind(&word)?, id, version, &draft)).await.map(Record)
}

/// How many customers have a tag and would get another by a merge (administrator).
#[utoipa::path(get, path = "/tags/{id}/merge", tag = "customers", params(("id" = i64, Path)), responses((status = 200, body = MergeCounts)))]
async fn preview_tag_merge(caller: Caller<can::ManageSettings>, Id(id): Id) -> Result<Json<MergeCounts>> {
    caller.report(move |work| super::merge::count_tag(work, id)).await.map(Json)
}

/// Merge a tag into another: every customer that has it gets the other one (administrator, S20).
#[utoipa::path(post, path = "/tags/{id}/merge", tag = "customers", params(("id" = i64, Path)), request_body = MergeInto, responses((status = 200, body = Tag)))]
async fn merge_tag(caller: Caller<can::ManageSettings>, Id(id): Id, version: IfMatch, Json(draft): Json<MergeInto>) -> Result<Record<Tag>> {
    caller.edit(version, move |work, version| super::merge_tag(work, id, version, &draft)).await.map(Record)
}

/// The stages, in order.
#[utoipa::path(get, path = "/stages", tag = "settings", responses((status = 200, body = Vec<Stage>)))]
async fn list_stages(caller: Caller<can::LookAround>) -> Result<Json<Vec<Stage>>> {
    caller.read(super::stages).await.map(Json)
}

/// Edit a stage's name, probability or limit (administrator).
#[utoipa::path(patch, path = "/stages/{key}", tag = "settings", params(("key" = String, Path)), request_body = StageDraft, responses((status = 200, body = Stage)))]
async fn edit_stage(
    caller: Caller<can::ManageSettings>,
    axum::extract::Path(key): axum::extract::Path<String>,
    version: IfMatch,
    Json(draft): Json<StageDraft>,
) -> Result<Record<Stage>> {
    caller.edit(version, move |work, version| super::edit_stage(work, &key, version, &draft)).await.map(Record)
}

/// The company's parameters.
#[utoipa::path(get, path = "/settings", tag = "settings", responses((status = 200, body = Company)))]
async fn read_settings(caller: Caller<can::LookAround>) -> Result<Record<Company>> {
    caller.read(super::company).await.map(Record)
}

/// Edit the company's parameters (administrator).
#[utoipa::path(patch, path = "/settings", tag = "settings", request_body = CompanyDraft, responses((status = 200, body = Company)))]
async fn edit_settings(caller: Caller<can::ManageSettings>, version: IfMatch, Json(draft): Json<CompanyDraft>) -> Result<Record<Company>> {
    caller.edit(version, move |work, version| super::edit_company(work, version, &draft)).await.map(Record)
}

/// Which tags.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct TagFilter {
    /// Part of the name.
    #[param(value_type = Option<String>)]
    q: One<String>,
}

/// The tags; at most 200.
#[utoipa::path(get, path = "/tags", tag = "customers", params(TagFilter), responses((status = 200, body = Vec<Tag>)))]
async fn list_tags(caller: Caller<can::ViewCustomers>, Query(filter): Query<TagFilter>) -> Result<Json<Vec<Tag>>> {
    let text = filter.q.get("q")?;
    caller.read(move |work| super::tags(work, text.as_deref())).await.map(Json)
}

/// Add a tag; a known name answers the tag that has it.
#[utoipa::path(post, path = "/tags", tag = "customers", request_body = TagDraft, responses((status = 201, body = Tag)))]
async fn create_tag(caller: Caller<can::EditCustomers>, Json(draft): Json<TagDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let mut fields = Fields::default();
            let name = draft.name.clone().required("name", &mut fields).ok_or(Error::Invalid(fields))?;
            let id = super::add_tag(work, &name)?.map_err(|code| Error::field("name", code))?.id;
            let tag = store::tag(work, id)?.ok_or(Error::NotFound)?;
            Ok((format!("/api/v1/tags/{id}"), tag))
        })
        .await
}

/// Rename a tag everywhere (administrator).
#[utoipa::path(patch, path = "/tags/{id}", tag = "customers", params(("id" = i64, Path)), request_body = TagDraft, responses((status = 200, body = Tag)))]
async fn edit_tag(caller: Caller<can::ManageSettings>, Id(id): Id, version: IfMatch, Json(draft): Json<TagDraft>) -> Result<Record<Tag>> {
    caller.edit(version, move |work, version| super::rename_tag(work, id, version, &draft)).await.map(Record)
}

/// Remove a tag no customer has (administrator).
#[utoipa::path(delete, path = "/tags/{id}", tag = "customers", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_tag(caller: Caller<can::ManageSettings>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::delete_tag(work, id, version)).await.map(|()| Done)
}

/// Which year.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct YearFilter {
    /// The year; this one when left out.
    #[param(value_type = Option<i64>)]
    year: One<i64>,
}

/// Days off and days made up for (休/班) of a year.
#[utoipa::path(get, path = "/holidays", tag = "settings", params(YearFilter), responses((status = 200, body = Vec<Holiday>)))]
async fn list_holidays(caller: Caller<can::LookAround>, Query(filter): Query<YearFilter>) -> Result<Json<Vec<Holiday>>> {
    let year = filter.year.get("year")?;
    caller.read(move |work| holidays::of_year(work, year.unwrap_or_else(|| i64::from(work.today().year())))).await.map(Json)
}

/// Put other days off and days made up for in the place of those of a year (administrator).
#[utoipa::path(put, path = "/holidays", tag = "settings", params(YearFilter), request_body = HolidayYear, responses((status = 200, body = Vec<Holiday>)))]
async fn set_holidays(
    caller: Caller<can::ManageSettings>,
    Query(filter): Query<YearFilter>,
    Json(draft): Json<HolidayYear>,
) -> Result<Json<Vec<Holiday>>> {
    let year = filter.year.get("year")?;
    caller.write(move |work| holidays::set_year(work, year.unwrap_or_else(|| i64::from(work.today().year())), &draft)).await.map(Json)
}
