//! How a calendar is reached.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::feed::{self, FeedState, Knock, NewFeed};
use super::free::{self, FreeSlots};
use super::model::{Calendar, LONGEST, PEOPLE};
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::identity::{Anonymous, Caller, can};
use crate::platform::http::{Created, Done, Json, Many, One, Query};
use crate::platform::routes::routes;
use crate::platform::types::{Day, FieldCode};

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read_calendar))
        .routes(routes!(find_free_time))
        .routes(routes!(read_feed_state, make_feed, end_feed))
        .routes(routes!(read_feed))
}

/// Which days of whose calendar.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct Span {
    /// The first day. Required.
    #[param(value_type = String)]
    from: One<Day>,
    /// The last day, at most 61 days later. Required.
    #[param(value_type = String)]
    to: One<Day>,
    /// Whose calendars, at most 10; one's own by default.
    #[param(value_type = Option<Vec<i64>>)]
    user_id: Many<i64>,
}

/// Which people are to be free for how long.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct FreeTime {
    /// The first day. Required.
    #[param(value_type = String)]
    from: One<Day>,
    /// The last day, at most 61 days later. Required.
    #[param(value_type = String)]
    to: One<Day>,
    /// Who, at most 10; oneself by default.
    #[param(value_type = Option<Vec<i64>>)]
    user_id: Many<i64>,
    /// How long, 15 to 540 minutes; 60 by default.
    #[param(value_type = Option<i64>)]
    minutes: One<i64>,
}

/// Two days, both there, in order and not too far from each other.
fn days(from: One<Day>, to: One<Day>, fields: &mut Fields) -> Option<(Day, Day)> {
    let mut day = |given: One<Day>, field: &str| fields.keep(field, given.0.unwrap_or(Err(FieldCode::Required)));
    // Both are looked at before either is missed: every wrong field is named.
    let (from, to) = (day(from, "from"), day(to, "to"));
    let (from, to) = (from?, to?);
    let last = from.add_days(LONGEST - 1);
    if to < from || to > last {
        fields.add("to", FieldCode::OutOfRange { min: from.to_string(), max: last.to_string() });
    }
    Some((from, to))
}

/// People without repetition; nobody means the caller.
fn people(given: Many<i64>, fields: &mut Fields) -> Vec<i64> {
    let mut all = fields.keep("user_id", given.0.into_iter().collect::<Result<Vec<i64>, FieldCode>>()).unwrap_or_default();
    all.sort_unstable();
    all.dedup();
    if all.len() > PEOPLE {
        fields.add("user_id", FieldCode::TooMany { max: PEOPLE });
    }
    all
}

/// Plans and tasks between two days (I10): one's own, or those of several people within one's reach laid over each other (I11).
#[utoipa::path(get, path = "/calendar", tag = "calendar", params(Span), responses((status = 200, body = Calendar)))]
async fn read_calendar(caller: Caller<can::ViewCalendar>, Query(span): Query<Span>) -> Result<Json<Calendar>> {
    let mut fields = Fields::default();
    let (found, whose) = (days(span.from, span.to, &mut fields), people(span.user_id, &mut fields));
    let (from, to) = found.filter(|_| fields.is_empty()).ok_or(Error::Invalid(fields))?;
    caller.read(move |work| super::of_people(work, &or_me(whose, work.actor.user_id), from, to)).await.map(Json)
}

fn or_me(people: Vec<i64>, me: i64) -> Vec<i64> {
    if people.is_empty() { vec![me] } else { people }
}

/// When people are free together, from now on: 09:00 to 18:00 on working days, between the plans they have (I11).
#[utoipa::path(get, path = "/calendar/free", tag = "calendar", params(FreeTime), responses((status = 200, body = FreeSlots)))]
async fn find_free_time(caller: Caller<can::ViewCalendar>, Query(wanted): Query<FreeTime>) -> Result<Json<FreeSlots>> {
    let mut fields = Fields::default();
    let (found, whose) = (days(wanted.from, wanted.to, &mut fields), people(wanted.user_id, &mut fields));
    let minutes = fields.keep("minutes", wanted.minutes.0.unwrap_or(Ok(60))).unwrap_or(60);
    if !(15..=540).contains(&minutes) {
        fields.add("minutes", FieldCode::OutOfRange { min: "15".into(), max: "540".into() });
    }
    let (from, to) = found.filter(|_| fields.is_empty()).ok_or(Error::Invalid(fields))?;
    caller.read(move |work| free::find(work, &or_me(whose, work.actor.user_id), from, to, minutes)).await.map(Json)
}

/// Whether one's calendar can be subscribed to from other programs (I12).
#[utoipa::path(get, path = "/calendar/feed", tag = "calendar", responses((status = 200, body = FeedState)))]
async fn read_feed_state(caller: Caller<can::ViewCalendar>) -> Result<Json<FeedState>> {
    caller.read(feed::state).await.map(Json)
}

/// Give one's calendar a new secret address, which is shown this once; the one before it ends (I12).
#[utoipa::path(post, path = "/calendar/feed", tag = "calendar", responses((status = 201, body = NewFeed)))]
async fn make_feed(caller: Caller<can::ViewCalendar>) -> Result<Created> {
    caller.create_secret((), |work, ()| Ok(("/api/v1/calendar/feed".to_owned(), feed::make(work)?))).await
}

/// End the secret address of one's calendar.
#[utoipa::path(delete, path = "/calendar/feed", tag = "calendar", responses((status = 204, description = "ended")))]
async fn end_feed(caller: Caller<can::ViewCalendar>) -> Result<Done> {
    caller.write(feed::end).await.map(|()| Done)
}

/// A person's calendar for other programs (RFC 5545), under `{secret}.ics`; no session, the secret says whose. An ended secret and the
/// one of a disabled account are not found.
#[utoipa::path(get, path = "/calendar/feed/{file}", tag = "calendar", params(("file" = String, Path, description = "the secret with `.ics` behind it")),
    responses((status = 200, body = String, content_type = "text/calendar")))]
async fn read_feed(anonymous: Anonymous, file: Result<Path<String>, axum::extract::rejection::PathRejection>) -> Result<Response> {
    let Path(file) = file.map_err(|_| Error::NotFound)?;
    let secret = file.strip_suffix(".ics").unwrap_or_default().to_owned();
    let from = anonymous.address.clone();
    let (user_id, domain) = match anonymous.write(move |work| feed::knock(work, &secret, &from)).await? {
        Knock::Wait(seconds) => return Err(Error::TooMany(seconds)),
        Knock::Unknown => return Err(Error::NotFound),
        Knock::Known(user_id, domain) => (user_id, domain),
    };
    let app = anonymous.app.clone();
    let text = anonymous.report("calendar feed", move |work| feed::written(work, &app, user_id, &domain)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"chengdan.ics\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, text).into_response())
}
