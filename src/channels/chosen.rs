//! A way somebody chose for what he or she asked to be sent (I31): the own address, the own bot, the bot of a team one speaks to.
//! Topics and quiet hours have no say: the hour was chosen, too.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ChannelKind, Kept, Message, Way};
use super::{outbox, preferences, put, store};
use crate::error::Result;
use crate::identity;
use crate::platform::types::Lang;
use crate::platform::work::{Reach, Work};
use crate::words;

/// The company's e-mail to the reader's own address, as a channel's id.
pub const OWN_MAIL: i64 = 0;

/// What such a message is called in the ledger.
pub const KIND: &str = outbox::ALONE;

/// A way one may choose.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SubscriptionChannel)]
pub struct ChosenWay {
    /// The channel; 0 for e-mail to one's own address.
    pub id: i64,
    /// `email`, `wecom`, `dingtalk`, `feishu`.
    #[schema(value_type = String)]
    pub kind: ChannelKind,
    /// The own address, or the name of the bot; empty for a bot of one's own.
    pub name: String,
    /// True when others read it, too: the bot of a team or of everybody.
    pub is_shared: bool,
}

words! {
    /// Why a way is none.
    pub enum NoWay {
        /// The company sends no e-mail.
        NoMail = "no_mail",
        /// The person has no address.
        NoAddress = "no_address",
        /// The channel is gone, switched off, or no longer the person's to use.
        NoChannel = "no_channel",
    }
}

/// A file that goes along with an e-mail.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Who reads along is told on purpose: by whoever may tell a team something, and only a team within reach.
fn may_use(work: &Work, channel: &Kept) -> bool {
    if channel.disabled || !channel.kind.is_bot() {
        return false;
    }
    if channel.user_id > 0 {
        return channel.user_id == work.actor.user_id;
    }
    work.actor.may("publish_notices")
        && match &work.actor.reach {
            Reach::All => true,
            Reach::Teams(teams) => teams.contains(&channel.team_id),
            Reach::Own => false,
        }
}

fn shown(channel: &Kept) -> ChosenWay {
    ChosenWay { id: channel.id, kind: channel.kind, name: channel.name.clone(), is_shared: channel.user_id == 0 }
}

/// The ways the caller may choose.
pub fn ways(work: &mut Work) -> Result<Vec<ChosenWay>> {
    let me = work.actor.user_id;
    let mut all = Vec::new();
    if own_mail(work)?.is_ok() {
        let address = store::reader(work, me)?.map(|reader| reader.email).unwrap_or_default();
        all.push(ChosenWay { id: OWN_MAIL, kind: ChannelKind::Email, name: address, is_shared: false });
    }
    for channel in store::own_bots(work, me)?.into_iter().chain(store::company(work)?) {
        if may_use(work, &channel) {
            all.push(shown(&channel));
        }
    }
    Ok(all)
}

fn own_mail(work: &mut Work) -> Result<Result<Kept, NoWay>> {
    let me = work.actor.user_id;
    let Some(mail) = store::mail(work)?.filter(|mail| !mail.disabled) else { return Ok(Err(NoWay::NoMail)) };
    let has_address = store::reader(work, me)?.is_some_and(|reader| !reader.email.is_empty());
    Ok(if has_address { Ok(mail) } else { Err(NoWay::NoAddress) })
}

/// The language the caller wants to be written to in, if he or she has said so.
pub fn language(work: &mut Work) -> Result<Option<Lang>> {
    let me = work.actor.user_id;
    let word = store::reader(work, me)?.map(|reader| reader.language).filter(|word| !word.is_empty());
    Ok(word.map(|word| preferences::language(&word)))
}

/// The channel of a way, if the caller may use it now.
pub fn find(work: &mut Work, id: i64) -> Result<Result<Kept, NoWay>> {
    if id == OWN_MAIL {
        return own_mail(work);
    }
    Ok(store::find(work, id)?.filter(|channel| may_use(work, channel)).ok_or(NoWay::NoChannel))
}

/// Why figures on their way must not leave any more: since they were posted their reader may have been disabled, or have lost the
/// right to them or to the way.
pub fn obstacle(work: &mut Work, letter: &outbox::Letter, channel_id: i64, kind: ChannelKind) -> Result<Option<&'static str>> {
    if letter.kind != KIND && !outbox::has_files(work, &letter.message_id)? {
        return Ok(None);
    }
    let way = if kind == ChannelKind::Email { OWN_MAIL } else { channel_id };
    let judged = identity::as_person(work, letter.user_id, |work| {
        if !work.actor.may("view_reports") {
            return Ok(Some("no_right"));
        }
        Ok(find(work, way)?.err().map(NoWay::word))
    })?;
    Ok(judged.unwrap_or(Some("disabled")))
}

/// Puts a message to the caller on the way he or she chose, in the transaction of its cause; answers its line in the ledger.
pub fn send(work: &mut Work, channel: &Kept, message: &Message, files: &[Enclosed]) -> Result<i64> {
    let reader = store::reader(work, message.user_id)?.ok_or(crate::error::Error::NotFound)?;
    let way = Way { id: channel.id, kind: channel.kind, user_id: channel.user_id, team_id: channel.team_id, topics: String::new() };
    let now = work.now();
    let (reminder_id, message_id) = put(work, message, &way, &reader, now)?;
    if channel.kind == ChannelKind::Email {
        for file in files {
            outbox::enclose(work, &message_id, file)?;
        }
    }
    Ok(reminder_id)
}
