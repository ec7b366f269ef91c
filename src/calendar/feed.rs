//! One's calendar in other programs (订阅日历, I12): a secret address that they read, with what its owner sees at that moment.

use serde::Serialize;
use utoipa::ToSchema;

use super::ical::{self, Event, Span};
use super::model::{PlanEvent, TaskEvent};
use super::store;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{self, sessions::Token, throttle};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::settings::{self, model::Kind};

const DAY_MS: i64 = 86_400_000;
/// How far back and ahead the events of a feed lie, in days.
const BEHIND: i64 = 90;
const AHEAD: i64 = 400;
/// What was called off stays so long, so that every program hears of it, in days.
const CANCELLED: i64 = 30;
/// Requests of one feed, and wrong secrets from one address, in five minutes.
const READS: i64 = 60;
const GUESSES: i64 = 30;
const WINDOW_MS: i64 = 5 * 60_000;

/// A new address for one's calendar; it is shown this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewFeed {
    /// The address, below that of the product.
    pub path: String,
    /// Since when.
    pub created_at: Instant,
}

/// Whether one's calendar can be subscribed to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeedState {
    /// True when there is an address.
    pub active: bool,
    /// Since when.
    pub created_at: Option<Instant>,
    /// When a program last read it.
    pub read_at: Option<Instant>,
}

/// Gives the caller's calendar an address; the one before it ends.
pub fn make(work: &mut Work) -> Result<NewFeed> {
    let secret = Token::generate()?;
    let domain: String = Token::generate()?.hash().chars().take(16).collect();
    store::keep_feed(work, &secret.hash(), &domain)?;
    Ok(NewFeed { path: format!("/api/v1/calendar/feed/{}.ics", secret.0), created_at: work.now() })
}

/// Ends the address of the caller's calendar, if there is one.
pub fn end(work: &mut Work) -> Result<()> {
    store::end_feed(work)
}

/// Whether the caller's calendar has an address.
pub fn state(work: &mut Work) -> Result<FeedState> {
    let found = store::own_feed(work)?;
    let (created_at, read_at) = found.map_or((None, None), |(created, read)| (Some(created), (read.ms() > 0).then_some(read)));
    Ok(FeedState { active: created_at.is_some(), created_at, read_at })
}

/// What a knock at an address comes to.
pub enum Knock {
    /// Too often: wait so many seconds.
    Wait(u64),
    /// There is no such address.
    Unknown,
    /// Whose it is, and what makes the ids of its events unique in the world.
    Known(i64, String),
}

/// Finds whose address it is; counts the visit, or the guess.
pub fn knock(work: &mut Work, secret: &str, from: &str) -> Result<Knock> {
    let guesses = format!("feed-address:{from}");
    if let Some(seconds) = throttle::closed(work, &guesses)? {
        return Ok(Knock::Wait(seconds));
    }
    let Some((user_id, domain)) = store::feed_of(work, &Token(secret.to_owned()).hash())? else {
        throttle::knock(work, &guesses, GUESSES, WINDOW_MS)?;
        return Ok(Knock::Unknown);
    };
    if let Some(seconds) = throttle::knock(work, &format!("feed:{user_id}"), READS, WINDOW_MS)? {
        return Ok(Knock::Wait(seconds));
    }
    store::note_read(work, user_id)?;
    Ok(Knock::Known(user_id, domain))
}

/// The calendar of a person as that person sees it now; somebody without an active account has none.
pub fn written(work: &mut Work, app: &App, user_id: i64, domain: &str) -> Result<String> {
    identity::sessions::as_person(work, user_id, |work| {
        if !work.actor.may("view_calendar") {
            return Err(Error::NotFound);
        }
        let (from, to) = (work.now().plus_ms(-BEHIND * DAY_MS), work.now().plus_ms(AHEAD * DAY_MS));
        let kept = work.now().plus_ms(-CANCELLED * DAY_MS);
        let (first, last) = (from.day_in(work.zone()), to.day_in(work.zone()));
        let methods = settings::entries(work, Kind::FollowUpMethod)?;
        let kinds = settings::entries(work, Kind::TaskKind)?;
        let named = |entries: &[settings::model::Entry], key: &str| {
            entries.iter().find(|entry| entry.key == key).map_or_else(|| key.to_owned(), |entry| entry.name.clone())
        };
        let base = app.config.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        let mut events = Vec::new();
        for plan in store::plan_events(work, from, to, kept)? {
            let method = named(&methods, &plan.method);
            events.push(plan.event(domain, &method, base.as_deref()));
        }
        for task in store::task_events(work, first, last, kept)? {
            let kind = named(&kinds, &task.kind);
            events.push(task.event(domain, &kind, base.as_deref()));
        }
        let name = format!("成单日程 · {}", identity::display_name(work, user_id)?);
        Ok(ical::written(&name, work.zone(), (from, to), &events))
    })?
    .ok_or(Error::NotFound)
}

impl PlanEvent {
    fn event(self, domain: &str, method: &str, base: Option<&str>) -> Event {
        let about = self.opportunity_name.map_or_else(String::new, |name| format!("（{name}）"));
        let link = match self.opportunity_id {
            Some(id) => format!("/opportunities/{id}"),
            None => format!("/customers/{}", self.customer_id),
        };
        Event {
            uid: format!("plan-{}@{domain}.chengdan", self.id),
            sequence: self.version - 1,
            created_at: self.created_at,
            changed_at: self.updated_at,
            span: Span::Hours(self.starts_at, self.ends_at),
            summary: format!("{method}：{}{about}", self.customer_name),
            description: self.content,
            url: base.map(|base| format!("{base}{link}")),
            cancelled: self.status == "cancelled",
        }
    }
}

impl TaskEvent {
    fn event(self, domain: &str, kind: &str, base: Option<&str>) -> Event {
        let done = if self.status == "done" { "✓ " } else { "" };
        let about: Vec<String> = [self.customer_name, self.opportunity_name].into_iter().flatten().collect();
        Event {
            uid: format!("task-{}@{domain}.chengdan", self.id),
            sequence: self.version - 1,
            created_at: self.created_at,
            changed_at: self.updated_at,
            span: Span::Day(self.due_on),
            summary: format!("{done}{kind}：{}", self.content),
            description: about.join(" · "),
            url: base.map(|base| format!("{base}/tasks?task={}", self.id)),
            cancelled: self.status == "cancelled",
        }
    }
}
