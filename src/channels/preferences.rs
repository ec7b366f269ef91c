//! What a person wants to hear outside the message centre, in which language, and when not (I13). The message centre gets everything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::deliver::Outside;
use super::model::{ChannelKind, OwnBot, Topic};
use super::quiet::{Quiet, time_of_day};
use super::{edit, store};
use crate::error::{Error, Fields, Result};
use crate::platform::draft::{Given, Input};
use crate::platform::types::{FieldCode, Instant, Lang};
use crate::platform::work::Work;
use crate::row;

row! {
    /// Preferences as they are kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub language: String,
        pub topics: String,
        pub quiet_from: String,
        pub quiet_to: String,
    }
}

/// What a person wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    topics: BTreeMap<Topic, Vec<ChannelKind>>,
    /// When not to be disturbed.
    pub quiet: Option<Quiet>,
}

impl Wanted {
    /// Whether messages of this topic go over this channel.
    pub fn wants(&self, topic: Topic, channel: ChannelKind) -> bool {
        self.topics.get(&topic).is_some_and(|channels| channels.contains(&channel))
    }
}

/// The channels a person chooses among.
const CHOSEN: [ChannelKind; 4] = [ChannelKind::Email, ChannelKind::WeCom, ChannelKind::DingTalk, ChannelKind::Feishu];

/// Who has chosen nothing hears of plans, of what is overdue and of the day's work, everywhere.
fn untold() -> BTreeMap<Topic, Vec<ChannelKind>> {
    let loud = [Topic::PlanReminder, Topic::Overdue, Topic::Daily, Topic::Silence, Topic::Expiry];
    Topic::ALL.iter().map(|topic| (*topic, if loud.contains(topic) { CHOSEN.to_vec() } else { Vec::new() })).collect()
}

fn parsed(text: &str) -> BTreeMap<Topic, Vec<ChannelKind>> {
    let kept: BTreeMap<String, Vec<String>> = serde_json::from_str(text).unwrap_or_default();
    let mut all = untold();
    for (topic, channels) in kept {
        if let Some(topic) = Topic::from_word(&topic) {
            all.insert(topic, channels.iter().filter_map(|channel| ChannelKind::from_word(channel)).collect());
        }
    }
    all
}

/// What a person wants.
pub fn of(work: &mut Work, user_id: i64) -> Result<Wanted> {
    Ok(match store::preferences(work, user_id)? {
        None => Wanted { topics: untold(), quiet: None },
        Some(kept) => Wanted { topics: parsed(&kept.topics), quiet: Quiet::new(&kept.quiet_from, &kept.quiet_to) },
    })
}

/// When the quiet hours of a person end, if it is quiet now.
pub fn quiet_until(work: &mut Work, user_id: i64) -> Result<Option<Instant>> {
    let now = work.now();
    Ok(of(work, user_id)?.quiet.and_then(|quiet| quiet.until(now, work.zone())))
}

/// The language a person is written to in.
pub fn language(word: &str) -> Lang {
    if word == "en" { Lang::En } else { Lang::Zh }
}

/// What one hears outside the message centre, and when not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preferences {
    /// The language of messages outside: `zh-CN` or `en`.
    pub language: String,
    /// Start of the quiet hours, `22:00`; null for none.
    pub quiet_from: Option<String>,
    /// Their end.
    pub quiet_to: Option<String>,
    /// The channels of every topic.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub topics: BTreeMap<Topic, Vec<ChannelKind>>,
    /// True when the company can send e-mail.
    pub mail_is_set_up: bool,
    /// One's own address; null for none.
    pub email: Option<String>,
    /// One's own bots.
    pub bots: Vec<OwnBot>,
}

/// The reader's own preferences.
pub fn own(work: &mut Work) -> Result<Preferences> {
    let me = work.actor.user_id;
    let kept = store::preferences(work, me)?;
    let email = store::reader(work, me)?.map(|reader| reader.email).filter(|email| !email.is_empty());
    let bots = store::own_bots(work, me)?.iter().map(super::model::Kept::own).collect();
    let mail_is_set_up = store::mail(work)?.is_some_and(|mail| !mail.disabled);
    let text = |time: String| (!time.is_empty()).then_some(time);
    Ok(match kept {
        None => Preferences {
            language: work.actor.lang.tag().to_owned(),
            quiet_from: None,
            quiet_to: None,
            topics: untold(),
            mail_is_set_up,
            email,
            bots,
        },
        Some(kept) => Preferences {
            topics: parsed(&kept.topics),
            language: kept.language,
            quiet_from: text(kept.quiet_from),
            quiet_to: text(kept.quiet_to),
            mail_is_set_up,
            email,
            bots,
        },
    })
}

/// Which channels each topic goes over.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix(BTreeMap<Topic, Vec<ChannelKind>>);

impl Input for Matrix {
    fn from_json(value: Value) -> Result<Matrix, FieldCode> {
        let Value::Object(members) = value else { return Err(FieldCode::WrongType) };
        let mut all = BTreeMap::new();
        for (word, channels) in members {
            let topic = Topic::from_word(&word).ok_or(FieldCode::Unknown)?;
            let mut channels = Vec::<ChannelKind>::from_json(channels)?;
            channels.sort_unstable();
            channels.dedup();
            if channels.iter().any(|channel| !CHOSEN.contains(channel)) {
                return Err(FieldCode::Unknown);
            }
            all.insert(topic, channels);
        }
        Ok(Matrix(all))
    }

    fn from_text(_: &str) -> Result<Matrix, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// A bot of one's own: an address to set it up or change it, none to remove it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnBotDraft {
    /// `wecom`, `dingtalk`, `feishu`.
    #[schema(value_type = String)]
    pub kind: ChannelKind,
    /// Its address; null removes the bot, left out keeps the address.
    #[schema(value_type = Option<String>)]
    pub url: Given<String>,
    /// Its secret; null removes it, left out keeps it.
    #[schema(value_type = Option<String>)]
    pub secret: Given<String>,
}

impl Input for OwnBotDraft {
    fn from_json(value: Value) -> Result<OwnBotDraft, FieldCode> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            kind: String,
            #[serde(default)]
            url: Given<String>,
            #[serde(default)]
            secret: Given<String>,
        }
        let body: Body = serde_json::from_value(value).map_err(|_| FieldCode::WrongType)?;
        let kind = ChannelKind::from_word(&body.kind).filter(|kind| kind.is_bot()).ok_or(FieldCode::Unknown)?;
        Ok(OwnBotDraft { kind, url: body.url, secret: body.secret })
    }

    fn from_text(_: &str) -> Result<OwnBotDraft, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// Preferences to be changed; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PreferencesDraft {
    /// `zh-CN` or `en`.
    pub language: Given<String>,
    /// Start of the quiet hours, `22:00`; null together with the end for none.
    pub quiet_from: Given<String>,
    /// Their end.
    pub quiet_to: Given<String>,
    /// The channels of topics.
    #[schema(value_type = Option<BTreeMap<String, Vec<String>>>)]
    pub topics: Given<Matrix>,
    /// Bots of one's own.
    #[schema(value_type = Option<Vec<OwnBotDraft>>)]
    pub bots: Given<Vec<OwnBotDraft>>,
}

/// Changes the caller's own preferences.
pub fn set(work: &mut Work, draft: &PreferencesDraft, outside: &Outside) -> Result<Preferences> {
    let before = own(work)?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    let language = draft.language.and_then(known_language).change_required("language", &mut fields).unwrap_or(before.language);
    let quiet_from = draft.quiet_from.and_then(time_of_day).change("quiet_from", &mut fields).unwrap_or(before.quiet_from);
    let quiet_to = draft.quiet_to.and_then(time_of_day).change("quiet_to", &mut fields).unwrap_or(before.quiet_to);
    match (&quiet_from, &quiet_to) {
        (Some(_), None) => fields.add("quiet_to", FieldCode::Required),
        (None, Some(_)) => fields.add("quiet_from", FieldCode::Required),
        (Some(from), Some(to)) if from == to => fields.add("quiet_to", FieldCode::EndBeforeStart),
        _ => {}
    }
    let mut topics = before.topics;
    if let Some(Matrix(changed)) = draft.topics.change_required("topics", &mut fields) {
        topics.extend(changed);
    }
    let me = work.actor.user_id;
    for bot in draft.bots.optional("bots", &mut fields).unwrap_or_default() {
        edit::set_own_bot(work, me, &bot, outside, &mut fields)?;
    }
    if !fields.is_empty() {
        return Err(Error::Invalid(fields));
    }
    let topics = serde_json::to_string(&topics)?;
    let kept = Kept { language, topics, quiet_from: quiet_from.unwrap_or_default(), quiet_to: quiet_to.unwrap_or_default() };
    store::set_preferences(work, me, &kept)?;
    own(work)
}

fn known_language(text: String) -> Result<String, FieldCode> {
    match text.as_str() {
        "zh-CN" | "en" => Ok(text),
        _ => Err(FieldCode::Unknown),
    }
}
