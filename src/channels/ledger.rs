//! 提醒台账: a line for every reminder that was planned, and for every message that left the house, with what became of it.
//!
//! A line is written in the transaction that plans the reminder and changed in the transaction that sends it, so that ledger and
//! messages cannot tell different stories.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ledger_store as store;
use super::model::{ChannelKind, Message};
use crate::error::Result;
use crate::identity::model::Named;
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Input;
use crate::platform::http::{Many, One};
use crate::platform::page::{Page, Sort, Turn, any_of};
use crate::platform::types::{BusinessZone, Day, FieldCode, Instant};
use crate::platform::work::Work;
use crate::{row, words};

words! {
    /// What became of a reminder.
    pub enum State {
        /// Still to come.
        Planned = "planned",
        /// Sent, not yet seen.
        Sent = "sent",
        /// Opened in the message centre.
        Seen = "seen",
        /// Given up.
        Failed = "failed",
        /// Its cause went away: moved, called off, done.
        Cancelled = "cancelled",
        /// There was no use in sending it any more.
        Skipped = "skipped",
    }
}

/// A reminder to come.
#[derive(Debug, Clone)]
pub struct Planned<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// What it is about.
    pub about: (&'static str, i64),
    /// Whom it is for.
    pub user_id: i64,
    /// When.
    pub due_at: Instant,
    /// A path of the page.
    pub link: &'a str,
    /// The key of its message: one line for each.
    pub key: &'a str,
}

/// Notes a reminder of the message centre that is to come. One that was called off comes back; one that was sent stays sent.
pub fn plan(work: &mut Work, planned: &Planned) -> Result<()> {
    store::plan(work, planned)
}

/// Calls off what is still planned about a record, letters that wait outside included.
pub fn cancel(work: &mut Work, about: (&'static str, i64), reason: &str) -> Result<()> {
    store::cancel_letters(work, about)?;
    store::cancel(work, about, reason)
}

/// Calls off the reminders a plan's owner asked for; what he asks for now is noted anew.
pub fn clear_own(work: &mut Work, plan_id: i64) -> Result<()> {
    store::clear(work, ("plan", plan_id), "plan_own_reminder")
}

/// A planned reminder that has no use any more.
pub fn skip(work: &mut Work, key: &str, reason: &str) -> Result<()> {
    store::skip(work, key, reason)
}

/// A planned reminder waits for the end of quiet hours.
pub fn delay(work: &mut Work, key: &str, until: Instant) -> Result<()> {
    store::delay(work, key, until)
}

/// The message of a reminder stands in the message centre: planned before or not.
pub fn told(work: &mut Work, planned: &Planned, notification_id: i64) -> Result<()> {
    store::plan(work, planned)?;
    store::told(work, planned.key, notification_id)
}

/// The reader has opened one message, or all.
pub fn seen(work: &mut Work, only: Option<i64>) -> Result<()> {
    store::seen(work, only)
}

/// A line for a message that waits to leave the house.
pub(super) fn to_be_sent(work: &mut Work, message: &Message, channel: ChannelKind, message_id: &str, due_at: Instant) -> Result<i64> {
    store::insert_external(work, message, channel, message_id, due_at)
}

row! {
    /// A line of the ledger as it is kept.
    #[derive(Debug, Clone)]
    pub struct Line {
        id: i64 = "r.id",
        kind: String = "r.kind",
        record_kind: String = "r.record_kind",
        record_id: i64 = "r.record_id",
        user_id: i64 = "r.user_id",
        user_name: Option<String> = "w.name",
        channel: ChannelKind = "r.channel",
        link: String = "r.link",
        due_at: Instant = "r.due_at",
        state: State = "r.state",
        reason: String = "r.reason",
        attempts: i64 = "r.attempts",
        message_id: String = "r.message_id",
        sent_at: Instant = "r.sent_at",
        seen_at: Instant = "r.seen_at",
        created_at: Instant = "r.created_at",
        updated_at: Instant = "r.updated_at",
    }
}

/// A reminder and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reminder {
    /// Id.
    pub id: i64,
    /// What kind of message: `plan_reminder`, `task_overdue` …
    pub kind: String,
    /// What it is about: `plan`, `task`, `customer`, `opportunity`, `user`.
    pub record_kind: String,
    /// Its id.
    pub record_id: i64,
    /// Whom it is for.
    pub recipient: Named,
    /// `in_app`, `email`, `wecom`, `dingtalk`, `feishu`, `webhook`.
    #[schema(value_type = String)]
    pub channel: ChannelKind,
    /// A path of the page.
    pub link: String,
    /// When it is (or was) to be sent.
    pub due_at: Instant,
    /// `planned`, `sent`, `seen`, `failed`, `cancelled`, `skipped`.
    #[schema(value_type = String)]
    pub state: State,
    /// Why it was not sent, or what went wrong last.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The id it is sent under, the same for every repetition; empty in the message centre.
    pub message_id: String,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// When it was opened.
    pub seen_at: Option<Instant>,
    /// When it was planned.
    pub created_at: Instant,
    /// When this line last changed.
    pub updated_at: Instant,
}

impl Line {
    fn shown(self) -> Reminder {
        Reminder {
            id: self.id,
            kind: self.kind,
            record_kind: self.record_kind,
            record_id: self.record_id,
            recipient: Named { id: self.user_id, name: self.user_name.unwrap_or_default() },
            channel: self.channel,
            link: self.link,
            due_at: self.due_at,
            state: self.state,
            reason: self.reason,
            attempts: self.attempts,
            message_id: self.message_id,
            sent_at: super::model::some(self.sent_at),
            seen_at: super::model::some(self.seen_at),
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// An end of the period: a whole day, or a moment.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// A business day.
    Day(Day),
    /// A moment.
    At(Instant),
}

impl Input for End {
    fn from_text(text: &str) -> Result<End, FieldCode> {
        Day::parse(text).map(End::Day).or_else(|_| Instant::parse(text).map(End::At).map_err(|_| FieldCode::InvalidDate))
    }
}

/// Which lines of the ledger.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct LedgerFilter {
    /// Only the reader's own; who may not see others' gets his or her own anyway.
    #[param(value_type = Option<bool>)]
    mine: One<bool>,
    /// `planned`, `sent`, `seen`, `failed`, `cancelled`, `skipped`; repeatable.
    #[param(value_type = Option<Vec<String>>)]
    state: Many<State>,
    /// `in_app`, `email`, `wecom`, `dingtalk`, `feishu`, `webhook`; repeatable.
    #[param(value_type = Option<Vec<String>>)]
    channel: Many<ChannelKind>,
    /// Whom they are for.
    #[param(value_type = Option<i64>)]
    recipient_id: One<i64>,
    /// Due from: a day or a moment.
    #[param(value_type = Option<String>)]
    from: One<End>,
    /// Due until: a day, whole, or a moment.
    #[param(value_type = Option<String>)]
    to: One<End>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

impl LedgerFilter {
    /// The part that is turned over.
    pub fn turn(&mut self) -> Result<Turn> {
        let latest_first = Sort { name: "due_at", column: "r.due_at", descending: true };
        Turn::read(latest_first, std::mem::take(&mut self.limit), std::mem::take(&mut self.cursor))
    }

    fn predicates(self, zone: &BusinessZone) -> Result<(bool, Option<i64>, Vec<Predicate>)> {
        let mine = self.mine.get("mine")?.unwrap_or(false);
        let recipient = self.recipient_id.get("recipient_id")?;
        let mut all = Vec::new();
        let states = self.state.get("state")?;
        if !states.is_empty() {
            all.push(any_of("r.state", states.into_iter().map(Value::from).collect()));
        }
        let channels = self.channel.get("channel")?;
        if !channels.is_empty() {
            all.push(any_of("r.channel", channels.into_iter().map(Value::from).collect()));
        }
        if let Some(from) = self.from.get("from")? {
            let from = match from {
                End::Day(day) => Instant::start_of(day, zone),
                End::At(at) => at,
            };
            all.push(Predicate::new("r.due_at >= $1", vec![from.into()]));
        }
        if let Some(to) = self.to.get("to")? {
            let to = match to {
                End::Day(day) => Instant::end_of(day, zone),
                End::At(at) => at,
            };
            all.push(Predicate::new("r.due_at <= $1", vec![to.into()]));
        }
        Ok((mine, recipient, all))
    }
}

/// A page of the ledger: one's own lines; an administrator's everybody's.
pub fn page(work: &mut Work, filter: LedgerFilter, turn: &Turn) -> Result<Page<Reminder>> {
    let zone = work.zone().clone();
    let (mine, recipient, mut filters) = filter.predicates(&zone)?;
    let me = work.actor.user_id;
    let whose = if work.actor.may("manage_settings") && !mine { recipient } else { Some(me) };
    if let Some(recipient) = recipient.filter(|recipient| whose != Some(*recipient)) {
        // Somebody else's ledger is empty, as far as the reader can tell.
        filters.push(Predicate::new("r.user_id = $1", vec![recipient.into()]));
    }
    Ok(store::page(work, whose, filters, turn)?.map(Line::shown))
}
