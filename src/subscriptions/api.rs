//! How subscriptions are reached.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::model::{Subscription, SubscriptionDraft, SubscriptionOverview};
use crate::app::App;
use crate::channels::chosen::ChosenWay;
use crate::error::Result;
use crate::identity::{Caller, can};
use crate::platform::http::{Created, Done, Id, IfMatch, Json, One, Query, Record};
use crate::platform::page::{Page, Sort, Turn};
use crate::platform::routes::routes;

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_subscriptions, create_subscription))
        .routes(routes!(subscription_channels))
        .routes(routes!(all_subscriptions))
        .routes(routes!(read_subscription, edit_subscription, delete_subscription))
        .routes(routes!(test_subscription))
}

/// One's own subscriptions (I31).
#[utoipa::path(get, path = "/subscriptions", tag = "reports", responses((status = 200, body = Vec<Subscription>)))]
async fn list_subscriptions(caller: Caller<can::ViewReports>) -> Result<Json<Vec<Subscription>>> {
    caller.read(super::own).await.map(Json)
}

/// Subscribe to a report or a board.
#[utoipa::path(post, path = "/subscriptions", tag = "reports", request_body = SubscriptionDraft, responses((status = 201, body = Subscription)))]
async fn create_subscription(caller: Caller<can::ViewReports>, Json(draft): Json<SubscriptionDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let subscription = super::create(work, draft)?;
            Ok((format!("/api/v1/subscriptions/{}", subscription.id), subscription))
        })
        .await
}

/// The ways on which one may be sent something: the own address, own bots, and for whoever may tell a team something its bots.
#[utoipa::path(get, path = "/subscriptions/channels", tag = "reports", responses((status = 200, body = Vec<ChosenWay>)))]
async fn subscription_channels(caller: Caller<can::ViewReports>) -> Result<Json<Vec<ChosenWay>>> {
    caller.read(super::ways).await.map(Json)
}

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct SubscriptionTurn {
    /// `-id` (default) or `id`.
    #[param(value_type = Option<String>)]
    sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

/// Everybody's subscriptions: whose, when, and whether they work, never what they say (administrator).
#[utoipa::path(get, path = "/subscriptions/all", tag = "reports", params(SubscriptionTurn), responses((status = 200, body = Page<SubscriptionOverview>)))]
async fn all_subscriptions(
    caller: Caller<can::ManageSettings>,
    Query(query): Query<SubscriptionTurn>,
) -> Result<Json<Page<SubscriptionOverview>>> {
    let turn = Turn::read(Sort::read(query.sort, &[("-id", "s.id")])?, query.limit, query.cursor)?;
    caller.read(move |work| super::overview(work, &turn)).await.map(Json)
}

/// One of one's own subscriptions.
#[utoipa::path(get, path = "/subscriptions/{id}", tag = "reports", params(("id" = i64, Path)), responses((status = 200, body = Subscription)))]
async fn read_subscription(caller: Caller<can::ViewReports>, Id(id): Id) -> Result<Record<Subscription>> {
    caller.look(move |work| super::get(work, id)).await.map(Record)
}

/// Change its name, way or hour, or let it pause.
#[utoipa::path(patch, path = "/subscriptions/{id}", tag = "reports", params(("id" = i64, Path)), request_body = SubscriptionDraft, responses((status = 200, body = Subscription)))]
async fn edit_subscription(
    caller: Caller<can::ViewReports>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<SubscriptionDraft>,
) -> Result<Record<Subscription>> {
    caller.edit(version, move |work, version| super::edit(work, id, version, &draft)).await.map(Record)
}

/// End a subscription.
#[utoipa::path(delete, path = "/subscriptions/{id}", tag = "reports", params(("id" = i64, Path)), responses((status = 204, description = "ended")))]
async fn delete_subscription(caller: Caller<can::ViewReports>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| super::delete(work, id, version)).await.map(|()| Done)
}

/// Send it now, besides its hour.
#[utoipa::path(post, path = "/subscriptions/{id}/test", tag = "reports", params(("id" = i64, Path)), responses((status = 200, body = Subscription)))]
async fn test_subscription(caller: Caller<can::ViewReports>, Id(id): Id) -> Result<Record<Subscription>> {
    caller.write(move |work| super::test(work, id)).await.map(Record)
}
