//! Setting up and changing channels. Addresses and secrets go in and never come out.

use serde_json::json;
use url::Url;

use super::deliver::Outside;
use super::model::{Channel, ChannelDraft, ChannelKind, Kept, Smtp, SmtpSecurity, Topic};
use super::preferences::OwnBotDraft;
use super::{address, http, smtp, store};
use crate::error::{Error, Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::draft::Given;
use crate::platform::types::{Email, FieldCode, Instant, name};
use crate::platform::work::Work;

/// The company's channels.
pub fn list(work: &mut Work) -> Result<Vec<Channel>> {
    let kept = store::company(work)?;
    let counts = store::counts(work, &kept.iter().map(|channel| channel.id).collect::<Vec<_>>())?;
    let of = |id: i64| counts.iter().find(|(channel, ..)| *channel == id).map_or((0, 0), |(_, waiting, dead)| (*waiting, *dead));
    Ok(kept.iter().map(|channel| channel.shown(of(channel.id))).collect())
}

/// One channel of the company.
pub fn get(work: &mut Work, id: i64) -> Result<Channel> {
    let kept = company(work, id)?;
    let counts = store::counts(work, &[id])?;
    Ok(kept.shown(counts.first().map_or((0, 0), |(_, waiting, dead)| (*waiting, *dead))))
}

/// A channel of the company with its secrets, for sending.
pub fn company(work: &mut Work, id: i64) -> Result<Kept> {
    store::find(work, id)?.filter(|channel| channel.user_id == 0).ok_or(Error::NotFound)
}

fn empty(kind: ChannelKind, user_id: i64) -> Kept {
    Kept {
        id: 0,
        kind,
        user_id,
        team_id: 0,
        name: String::new(),
        url: String::new(),
        host: String::new(),
        secret: String::new(),
        smtp: String::new(),
        topics: "[]".into(),
        disabled: false,
        failures: 0,
        last_error: String::new(),
        last_error_at: Instant::from_ms(0),
        last_sent_at: Instant::from_ms(0),
        version: 1,
    }
}

/// Sets up a channel of the company.
pub fn create(work: &mut Work, draft: &ChannelDraft, outside: &Outside) -> Result<Channel> {
    let mut fields = Fields::default();
    let kind = draft.kind.clone().and_then(outward).required("kind", &mut fields);
    let Some(kind) = kind else { return Err(Error::Invalid(fields)) };
    if kind == ChannelKind::Email && store::mail(work)?.is_some() {
        fields.add("kind", FieldCode::Duplicate);
    }
    let mut channel = empty(kind, 0);
    if !draft.name.is_given() {
        fields.add("name", FieldCode::Required);
    }
    let needed: &[(&str, bool)] = match kind {
        ChannelKind::Email => &[("smtp_host", draft.smtp_host.is_given()), ("smtp_from", draft.smtp_from.is_given())],
        ChannelKind::Webhook => &[("url", draft.url.is_given()), ("secret", draft.secret.is_given())],
        _ => &[("url", draft.url.is_given())],
    };
    for (field, _) in needed.iter().filter(|(_, given)| !given) {
        fields.add(*field, FieldCode::Required);
    }
    apply(work, &mut channel, draft, outside, &mut fields)?;
    fields.into_result()?;
    let id = store::insert(work, &channel)?;
    noted(work, id, &channel.name)?;
    get(work, id)
}

/// Changes a channel of the company.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &ChannelDraft, outside: &Outside) -> Result<Channel> {
    let mut channel = company(work, id)?;
    if channel.version != version {
        return Err(Error::Changed(serde_json::to_value(get(work, id)?)?));
    }
    let mut fields = Fields::default();
    if draft.kind.clone().change_required("kind", &mut fields).is_some_and(|kind| kind != channel.kind) {
        fields.add("kind", FieldCode::NotAllowed);
    }
    apply(work, &mut channel, draft, outside, &mut fields)?;
    // What was forgotten with a lost key is entered anew before it opens.
    if fields.is_empty() && !channel.disabled && channel.kind != ChannelKind::Email && channel.url.is_empty() {
        fields.add("url", FieldCode::Required);
    }
    if fields.is_empty() && !channel.disabled && channel.kind == ChannelKind::Webhook && channel.secret.is_empty() {
        fields.add("secret", FieldCode::Required);
    }
    fields.into_result()?;
    store::update(work, &channel)?;
    noted(work, id, &channel.name)?;
    get(work, id)
}

/// Removes a channel of the company with what waits for it.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let channel = company(work, id)?;
    if channel.version != version {
        return Err(Error::Changed(serde_json::to_value(get(work, id)?)?));
    }
    store::delete(work, id)?;
    noted(work, id, &channel.name)
}

/// Who changed which channel stands in the log; what its secret was does not.
fn noted(work: &mut Work, id: i64, name: &str) -> Result<()> {
    history::record(work, &Event::new(EventKind::SettingChanged, "channel", id).with("name", json!(name)))
}

fn outward(kind: ChannelKind) -> Result<ChannelKind, FieldCode> {
    if kind == ChannelKind::InApp { Err(FieldCode::Unknown) } else { Ok(kind) }
}

fn apply(work: &mut Work, channel: &mut Kept, draft: &ChannelDraft, outside: &Outside, fields: &mut Fields) -> Result<()> {
    let intranet = &outside.intranet;
    let draft = draft.clone();
    let is_mail = channel.kind == ChannelKind::Email;
    if let Some(name) = draft.name.and_then(|text| name::text(&text, 50)).change_required("name", fields) {
        channel.name = name;
    }
    if let Some(disabled) = draft.disabled.change_required("disabled", fields) {
        channel.disabled = disabled;
    }
    if let Some(secret) = draft.secret.and_then(|text| secret(&text)).change("secret", fields) {
        if secret.is_none() && channel.kind == ChannelKind::Webhook {
            fields.add("secret", FieldCode::Required);
        }
        channel.set_secret(&outside.secrets, &secret.unwrap_or_default())?;
    }
    let not_here: &[(&str, bool)] = if is_mail {
        &[("url", draft.url.is_given()), ("team_id", draft.team_id.is_given()), ("topics", draft.topics.is_given())]
    } else {
        &[
            ("smtp_host", draft.smtp_host.is_given()),
            ("smtp_port", draft.smtp_port.is_given()),
            ("smtp_security", draft.smtp_security.is_given()),
            ("smtp_user", draft.smtp_user.is_given()),
            ("smtp_from", draft.smtp_from.is_given()),
        ]
    };
    for (field, _) in not_here.iter().filter(|(_, given)| *given) {
        fields.add(*field, FieldCode::NotAllowed);
    }
    if is_mail {
        let given = MailDraft {
            host: draft.smtp_host,
            port: draft.smtp_port,
            security: draft.smtp_security,
            user: draft.smtp_user,
            from: draft.smtp_from,
        };
        channel.smtp = store::smtp_text(Some(&given.onto(channel.smtp(), intranet, fields)))?;
        return Ok(());
    }
    if let Some(url) = draft.url.and_then(|text| bot_url(channel.kind, &text, intranet)).change_required("url", fields) {
        channel.set_url(&outside.secrets, &url)?;
    }
    if let Some(team_id) = draft.team_id.change("team_id", fields) {
        if let Some(id) = team_id
            && !store::team_exists(work, id)?
        {
            fields.add("team_id", FieldCode::Unknown);
        }
        channel.team_id = team_id.unwrap_or(0);
    }
    if let Some(mut topics) = draft.topics.change_required("topics", fields) {
        topics.sort_unstable();
        topics.dedup();
        let words: Vec<&str> = topics.into_iter().map(Topic::word).collect();
        channel.topics = serde_json::to_string(&words)?;
    }
    Ok(())
}

struct MailDraft {
    host: Given<String>,
    port: Given<i64>,
    security: Given<SmtpSecurity>,
    user: Given<String>,
    from: Given<String>,
}

impl MailDraft {
    fn onto(self, before: Option<Smtp>, intranet: &[String], fields: &mut Fields) -> Smtp {
        let empty = Smtp { host: String::new(), port: 465, security: SmtpSecurity::Tls, user: String::new(), from: String::new() };
        let mut smtp = before.unwrap_or(empty);
        if let Some(host) = self.host.and_then(|text| host_name(&text)).change_required("smtp_host", fields) {
            smtp.host = host;
        }
        let port = |port: i64| {
            u16::try_from(port).ok().filter(|port| *port > 0).ok_or(FieldCode::OutOfRange { min: "1".into(), max: "65535".into() })
        };
        if let Some(port) = self.port.and_then(port).change_required("smtp_port", fields) {
            smtp.port = port;
        }
        if let Some(security) = self.security.change_required("smtp_security", fields) {
            smtp.security = security;
        }
        if let Some(user) = self.user.and_then(|text| name::text(&text, 200)).change("smtp_user", fields) {
            smtp.user = user.unwrap_or_default();
        }
        if let Some(from) = self.from.and_then(|text| Email::parse(&text)).change_required("smtp_from", fields) {
            smtp.from = from.as_str().to_owned();
        }
        if !smtp.host.is_empty() && smtp::judge(&smtp, intranet).is_err() {
            fields.add("smtp_host", MAIL_REFUSED);
        }
        smtp
    }
}

const MAIL_REFUSED: FieldCode = FieldCode::Rule {
    code: "ADDRESS_REFUSED",
    zh: "邮件服务器须加密并使用 25、465、587 或 2525 端口；内网服务器请在服务器配置 CHENGDAN_INTRANET_HOSTS 中列出",
    en: "A mail server must be encrypted and on port 25, 465, 587 or 2525; list servers of your own network in CHENGDAN_INTRANET_HOSTS",
};

const URL_REFUSED: FieldCode = FieldCode::Rule {
    code: "ADDRESS_REFUSED",
    zh: "只能使用 https 地址，且不得含用户名或密码；内网地址请在服务器配置 CHENGDAN_INTRANET_HOSTS 中列出",
    en: "Only https addresses without user name or password; list hosts of your own network in CHENGDAN_INTRANET_HOSTS",
};

const NOT_THE_PROVIDER: FieldCode =
    FieldCode::Rule {
        code: "NOT_THE_PROVIDER", zh: "不是该平台群机器人的地址", en: "Not the address of a group bot of this provider"
    };

fn host_name(text: &str) -> Result<String, FieldCode> {
    let text = name::text(text, 253)?;
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    if plain { Ok(text) } else { Err(FieldCode::Format) }
}

fn secret(text: &str) -> Result<String, FieldCode> {
    if text.chars().count() > 500 {
        return Err(FieldCode::TooLong { max: 500 });
    }
    Ok(text.trim().to_owned())
}

/// The address of a bot is its provider's, or a host the configuration names.
fn bot_url(kind: ChannelKind, text: &str, intranet: &[String]) -> Result<String, FieldCode> {
    if text.len() > 1_000 {
        return Err(FieldCode::TooLong { max: 1_000 });
    }
    let url = Url::parse(text.trim()).map_err(|_| FieldCode::Format)?;
    http::judge(&url, intranet).map_err(|_| URL_REFUSED)?;
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    let known = kind.hosts();
    if known.is_empty() || known.contains(&host) || address::is_intranet(intranet, host, port) {
        Ok(url.into())
    } else {
        Err(NOT_THE_PROVIDER)
    }
}

/// Sets up, changes or removes a bot that tells only its owner.
pub fn set_own_bot(work: &mut Work, user_id: i64, draft: &OwnBotDraft, outside: &Outside, fields: &mut Fields) -> Result<()> {
    let before = store::own_bot(work, user_id, draft.kind)?;
    let field = |name: &str| format!("bots.{}.{name}", draft.kind.word());
    let mut found = Fields::default();
    let url = draft.url.clone().and_then(|text| bot_url(draft.kind, &text, &outside.intranet)).change(&field("url"), &mut found);
    let secret = draft.secret.clone().and_then(|text| secret(&text)).change(&field("secret"), &mut found);
    if !found.is_empty() {
        *fields = std::mem::take(fields).and(found);
        return Ok(());
    }
    let mut bot = match (before, &url) {
        (Some(before), Some(None)) => return store::delete(work, before.id),
        (None, Some(None) | None) => return Ok(()),
        (Some(before), _) => before,
        (None, Some(Some(_))) => Kept { name: draft.kind.word().to_owned(), ..empty(draft.kind, user_id) },
    };
    if let Some(Some(url)) = url {
        bot.set_url(&outside.secrets, &url)?;
        // It may have been closed with a lost key.
        bot.disabled = false;
    }
    if let Some(secret) = secret {
        bot.set_secret(&outside.secrets, &secret.unwrap_or_default())?;
    }
    if bot.id == 0 { store::insert(work, &bot).map(|_| ()) } else { store::update(work, &bot) }
}
