//! How a message leaves the house (I13–I17): e-mail, group bots, webhooks; the ledger of every reminder; what a person wants to hear
//! and when.
//!
//! A message is posted in the transaction of its cause: a row of the outbox for every way that leads to its reader. The relay sends
//! it later, at least once and always with the same message id; what became of it stands in the ledger.

mod address;
mod api;
pub mod chosen;
mod deliver;
mod edit;
mod http;
pub mod ledger;
mod ledger_store;
pub mod model;
mod outbox;
pub mod preferences;
mod quiet;
mod relay;
mod sign;
mod smtp;
mod store;
mod words;

pub use api::routes;
pub use model::{Message, Topic};
pub use outbox::backlog;
pub use preferences::quiet_until;
pub use relay::Relay;
pub use store::{forget_secrets, keeps_secrets};

use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::platform::types::{Instant, Lang};
use crate::platform::work::Work;
use model::{ChannelKind, Way};

/// Puts a message on every way that leads to its reader, in the transaction of its cause (I13). Each way takes a message with the
/// same key once.
pub fn post(work: &mut Work, message: &Message) -> Result<()> {
    let ways = store::ways_to(work, message.user_id)?;
    if ways.is_empty() {
        return Ok(());
    }
    let Some(reader) = store::reader(work, message.user_id)? else { return Ok(()) };
    let wanted = preferences::of(work, message.user_id)?;
    let now = work.now();
    let quiet = wanted.quiet.and_then(|quiet| quiet.until(now, work.zone()));
    let undisturbed = match (quiet, message.latest) {
        (Some(end), Some(latest)) => end.min(latest).max(now),
        (Some(end), None) => end,
        (None, _) => now,
    };
    for way in ways {
        let personal = way.user_id > 0 || way.kind == ChannelKind::Email;
        let wants = if personal { wanted.wants(message.topic, way.kind) } else { way.wants(message.topic) };
        let reaches = match way.kind {
            ChannelKind::Email => !reader.email.is_empty(),
            _ => personal || way.team_id == 0 || reader.team_ids.contains(&way.team_id),
        };
        if wants && reaches {
            let run_at = if personal { undisturbed } else { now };
            put(work, message, &way, &reader, run_at)?;
        }
    }
    Ok(())
}

/// Answers the line of the ledger and the id the message goes under.
fn put(work: &mut Work, message: &Message, way: &Way, reader: &model::Reader, run_at: Instant) -> Result<(i64, String)> {
    let (title, body) = message.words(preferences::language(&reader.language));
    // A group has to know whom it is about.
    let title = if way.user_id == 0 && way.kind.is_bot() { format!("【{}】{title}", reader.name) } else { title.to_owned() };
    let message_id = message_id(&message.key, way.id);
    let reminder_id = ledger::to_be_sent(work, message, way.kind, &message_id, run_at)?;
    outbox::insert(
        work,
        &outbox::NewLetter {
            message_id: message_id.clone(),
            channel_id: way.id,
            reminder_id,
            kind: message.kind,
            user_id: message.user_id,
            address: if way.kind == ChannelKind::Email { reader.email.clone() } else { String::new() },
            title,
            body: body.to_owned(),
            link: message.link.clone(),
            run_at,
        },
    )?;
    Ok((reminder_id, message_id))
}

/// Puts another body on a message to somebody, as far as it has not left the house. The words are Chinese and English.
pub fn reword(work: &mut Work, user_id: i64, key: &str, (zh, en): (&str, &str)) -> Result<()> {
    let ways = store::all_ways_to(work, user_id)?;
    if ways.is_empty() {
        return Ok(());
    }
    let language = store::preferences(work, user_id)?.map_or(Lang::Zh, |kept| preferences::language(&kept.language));
    let body = if language == Lang::En { en } else { zh };
    outbox::reword(work, &ways.into_iter().map(|way| message_id(key, way)).collect::<Vec<_>>(), body)
}

/// The same message on the same way has the same id, however often it is sent.
fn message_id(key: &str, channel_id: i64) -> String {
    let digest = Sha256::digest(format!("{key}\n{channel_id}").as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Forgets what is long over: letters given up a month ago, lines of the ledger after two years.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let now = work.now();
    outbox::forget_dead(work, now.plus_ms(-30 * 86_400_000))?;
    ledger_store::forget(work, now.plus_ms(-730 * 86_400_000))
}

#[cfg(test)]
mod tests {
    use super::message_id;

    #[test]
    fn an_id_belongs_to_a_message_on_a_way() {
        assert_eq!(message_id("plan 1", 2), message_id("plan 1", 2));
        assert_ne!(message_id("plan 1", 2), message_id("plan 1", 3));
        assert_ne!(message_id("plan 1", 2), message_id("plan 12", 2));
        assert_eq!(message_id("plan 1", 2).len(), 32);
    }
}
