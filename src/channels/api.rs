//! How channels, preferences and the ledger are reached.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::deliver::deliver;
use super::ledger::{self, LedgerFilter, Reminder};
use super::model::{Channel, ChannelDraft, ChannelKind, Kept, Tested};
use super::outbox::Letter;
use super::preferences::{self, Preferences, PreferencesDraft};
use super::{edit, store};
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::identity::actions::Action;
use crate::identity::{Caller, can};
use crate::platform::draft::Given;
use crate::platform::http::{Created, Done, Id, IfMatch, Json, Query, Record};
use crate::platform::page::Page;
use crate::platform::routes::routes;
use crate::platform::types::{FieldCode, Lang};

/// The routes of this room.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_reminders))
        .routes(routes!(read_preferences, set_preferences))
        .routes(routes!(test_own_channel))
        .routes(routes!(list_channels, create_channel))
        .routes(routes!(read_channel, edit_channel, delete_channel))
        .routes(routes!(test_channel))
}

/// The ledger of reminders, the latest due first: one's own lines, an administrator's everybody's.
#[utoipa::path(get, path = "/reminders", tag = "notifications", params(LedgerFilter), responses((status = 200, body = Page<Reminder>)))]
async fn list_reminders(caller: Caller<can::LookAround>, Query(mut filter): Query<LedgerFilter>) -> Result<Json<Page<Reminder>>> {
    let turn = filter.turn()?;
    caller.read(move |work| ledger::page(work, filter, &turn)).await.map(Json)
}

/// What one hears outside the message centre, and when not (I13).
#[utoipa::path(get, path = "/notification-preferences", tag = "notifications", responses((status = 200, body = Preferences)))]
async fn read_preferences(caller: Caller<can::LookAround>) -> Result<Json<Preferences>> {
    caller.read(preferences::own).await.map(Json)
}

/// Change what one hears outside the message centre; what is left out stays.
#[utoipa::path(put, path = "/notification-preferences", tag = "notifications", request_body = PreferencesDraft, responses((status = 200, body = Preferences)))]
async fn set_preferences(caller: Caller<can::LookAround>, Json(draft): Json<PreferencesDraft>) -> Result<Json<Preferences>> {
    let outside = caller.app().relay.outside();
    caller.write(move |work| preferences::set(work, &draft, &outside)).await.map(Json)
}

/// Which of one's own channels to try.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct OwnTest {
    /// `email`, `wecom`, `dingtalk`, `feishu`.
    #[schema(value_type = Option<String>)]
    channel: Given<ChannelKind>,
}

/// Send a test message to oneself.
#[utoipa::path(post, path = "/notification-preferences/test", tag = "notifications", request_body = OwnTest, responses((status = 200, body = Tested)))]
async fn test_own_channel(caller: Caller<can::LookAround>, Json(wanted): Json<OwnTest>) -> Result<Json<Tested>> {
    let found = caller.read(move |work| {
        let mut fields = Fields::default();
        let kind = wanted.channel.required("channel", &mut fields).ok_or(Error::Invalid(fields))?;
        let me = work.actor.user_id;
        let channel = match kind {
            ChannelKind::Email => store::mail(work)?.filter(|mail| !mail.disabled),
            kind if kind.is_bot() => store::own_bot(work, me, kind)?,
            _ => None,
        };
        let channel = channel.ok_or_else(|| Error::field("channel", FieldCode::Unknown))?;
        Ok((channel, own_address(work, kind)?))
    });
    let (channel, address) = found.await?;
    test(&caller, channel, address).await.map(Json)
}

fn own_address(work: &mut crate::platform::work::Work, kind: ChannelKind) -> Result<String> {
    if kind != ChannelKind::Email {
        return Ok(String::new());
    }
    let me = work.actor.user_id;
    let email = store::reader(work, me)?.map(|reader| reader.email).unwrap_or_default();
    if email.is_empty() { Err(Error::field("channel", NO_ADDRESS)) } else { Ok(email) }
}

const NO_ADDRESS: FieldCode = FieldCode::Rule {
    code: "NO_ADDRESS",
    zh: "您的账号没有填写邮箱，请联系管理员",
    en: "Your account has no e-mail address; ask an administrator",
};

/// The company's channels (administrator). Addresses and secrets are never answered.
#[utoipa::path(get, path = "/channels", tag = "settings", responses((status = 200, body = Vec<Channel>)))]
async fn list_channels(caller: Caller<can::ManageSettings>) -> Result<Json<Vec<Channel>>> {
    caller.read(edit::list).await.map(Json)
}

/// Set up a channel: the mail server, a group's bot, a webhook (administrator).
#[utoipa::path(post, path = "/channels", tag = "settings", request_body = ChannelDraft, responses((status = 201, body = Channel)))]
async fn create_channel(caller: Caller<can::ManageSettings>, Json(draft): Json<ChannelDraft>) -> Result<Created> {
    let outside = caller.app().relay.outside();
    caller
        .create(draft, move |work, draft| {
            edit::create(work, draft, &outside).map(|channel| (format!("/api/v1/channels/{}", channel.id), channel))
        })
        .await
}

/// One channel of the company (administrator).
#[utoipa::path(get, path = "/channels/{id}", tag = "settings", params(("id" = i64, Path)), responses((status = 200, body = Channel)))]
async fn read_channel(caller: Caller<can::ManageSettings>, Id(id): Id) -> Result<Record<Channel>> {
    caller.read(move |work| edit::get(work, id)).await.map(Record)
}

/// Change a channel (administrator); a secret left out stays.
#[utoipa::path(patch, path = "/channels/{id}", tag = "settings", params(("id" = i64, Path)), request_body = ChannelDraft, responses((status = 200, body = Channel)))]
async fn edit_channel(
    caller: Caller<can::ManageSettings>,
    Id(id): Id,
    version: IfMatch,
    Json(draft): Json<ChannelDraft>,
) -> Result<Record<Channel>> {
    let outside = caller.app().relay.outside();
    caller.edit(version, move |work, version| edit::edit(work, id, version, &draft, &outside)).await.map(Record)
}

/// Remove a channel with what waits for it (administrator).
#[utoipa::path(delete, path = "/channels/{id}", tag = "settings", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_channel(caller: Caller<can::ManageSettings>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| edit::delete(work, id, version)).await.map(|()| Done)
}

/// Send a test message over a channel (administrator); e-mail goes to the caller's own address.
#[utoipa::path(post, path = "/channels/{id}/test", tag = "settings", params(("id" = i64, Path)), responses((status = 200, body = Tested)))]
async fn test_channel(caller: Caller<can::ManageSettings>, Id(id): Id) -> Result<Json<Tested>> {
    let found = caller.read(move |work| {
        let channel = edit::company(work, id)?;
        let address = own_address(work, channel.kind)?;
        Ok((channel, address))
    });
    let (channel, address) = found.await?;
    test(&caller, channel, address).await.map(Json)
}

/// Sends outside of any transaction, then notes what came of it.
async fn test<A: Action>(caller: &Caller<A>, channel: Kept, address: String) -> Result<Tested> {
    let now = caller.app().clock.now();
    let message_id = super::message_id(&format!("test {}", now.ms()), channel.id);
    let (title, body) = match caller.lang() {
        Lang::Zh => ("成单：测试消息", "收到这条消息，说明通道可用。"),
        Lang::En => ("Chengdan: a test message", "This message shows that the channel works."),
    };
    let letter = Letter {
        id: 0,
        message_id: message_id.clone(),
        reminder_id: 0,
        kind: "test".into(),
        user_id: 0,
        address,
        title: title.into(),
        body: body.into(),
        link: "/notifications".into(),
        batch: String::new(),
        attempts: 0,
        created_at: now,
    };
    let outcome = deliver(&caller.app().relay.outside(), &channel, &[letter], Vec::new(), now).await;
    let error = outcome.err().map(|failure| failure.reason);
    let noted = error.clone();
    caller.write(move |work| store::note_test(work, channel.id, noted.as_deref())).await?;
    Ok(Tested { sent: error.is_none(), error: error.unwrap_or_default(), message_id })
}
