//! The stream of server-sent events behind an open page. Every stream looks through its own reader's eyes: a push is told only
//! when the record is in the reader's scope at that moment, and only kind, id and version leave.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{MissedTickBehavior, interval_at};
use tokio_stream::wrappers::ReceiverStream;

use super::store;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned};
use crate::identity::{Caller, can};
use crate::platform::live::{Push, Seat};
use crate::platform::work::Work;

/// A sign of life, and a look whether the session still stands.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Between processes a push can get lost unnoticed, so pages fetch anew this often.
const RESYNC: Duration = Duration::from_secs(30);
/// Open pages of one session.
const PER_SESSION: usize = 5;
/// Events that wait for a slow reader.
const WAITING: usize = 64;
/// More changed records of one kind than this are not told one by one.
const MANY: usize = 300;

/// Opens a stream; one that comes back after a break begins with `resync`.
pub async fn open(caller: &Caller<can::LookAround>, returns: bool) -> Result<Response> {
    let (app, token_hash) = (caller.app().clone(), caller.token_hash().to_owned());
    let pushes = app.live.subscribe();
    let user_id = app.watcher(&token_hash, |work| Ok(work.actor.user_id)).await?;
    let seat = app.live.take_seat(&token_hash, PER_SESSION).ok_or(Error::TooMany(5))?;
    let (events, stream) = mpsc::channel(WAITING);
    tokio::spawn(Stream { app, token_hash, user_id, events, told: 0, _seat: seat }.run(pushes, returns));
    let mut response = Sse::new(ReceiverStream::new(stream)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

struct Stream {
    app: App,
    token_hash: String,
    user_id: i64,
    events: mpsc::Sender<Result<Event, Infallible>>,
    /// Numbers the events, so that a browser that comes back says so (`Last-Event-ID`).
    told: u64,
    _seat: Seat,
}

/// The reader has gone or may no longer listen.
struct Over;

/// What a batch of pushes means to one reader.
struct News {
    unread: Option<i64>,
    changed: Vec<(String, i64, i64)>,
    resync: bool,
}

impl Stream {
    async fn run(mut self, mut pushes: broadcast::Receiver<Arc<Vec<Push>>>, returns: bool) {
        let mut life = interval_at(tokio::time::Instant::now() + SIGN_OF_LIFE, SIGN_OF_LIFE);
        let mut resync = interval_at(tokio::time::Instant::now() + RESYNC, RESYNC);
        life.set_missed_tick_behavior(MissedTickBehavior::Delay);
        resync.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let between_processes = !self.app.db.is_embedded();
        let mut going = if returns { self.tell("resync", json!({})).await } else { self.greet().await };
        while going.is_ok() {
            going = tokio::select! {
                batch = pushes.recv() => match batch {
                    Ok(batch) => self.hear(&batch).await,
                    Err(RecvError::Lagged(_)) => self.tell("resync", json!({})).await,
                    Err(RecvError::Closed) => Err(Over),
                },
                _ = life.tick() => self.show_life().await,
                _ = resync.tick(), if between_processes => self.tell("resync", json!({})).await,
                () = self.events.closed() => Err(Over),
                () = self.app.live.ended() => Err(Over),
            };
        }
    }

    /// A message that came between the page's own look and this stream must not wait for the next one.
    async fn greet(&mut self) -> Result<(), Over> {
        self.comment("here").await?;
        match self.app.watcher(&self.token_hash, store::unread).await {
            Ok(unread) => self.tell("notification", json!({ "unread": unread })).await,
            Err(_) => self.tell("resync", json!({})).await,
        }
    }

    async fn hear(&mut self, batch: &Arc<Vec<Push>>) -> Result<(), Over> {
        let user_id = self.user_id;
        let concerns = |push: &Push| match push {
            Push::Changed { .. } | Push::Resync => true,
            Push::Message { user_id: to } | Push::Access { user_id: to } | Push::Own { user_id: to, .. } => *to == user_id,
        };
        if !batch.iter().any(concerns) {
            return Ok(());
        }
        let heard = Arc::clone(batch);
        let news = match self.app.watcher(&self.token_hash, move |work| news(work, &heard)).await {
            Ok(news) => news,
            Err(Error::Unauthenticated | Error::PasswordChangeRequired | Error::Forbidden) => return Err(Over),
            Err(error) => {
                tracing::warn!(%error, "a stream could not look");
                return self.tell("resync", json!({})).await;
            }
        };
        if news.resync {
            self.tell("resync", json!({})).await?;
        }
        if let Some(unread) = news.unread {
            self.tell("notification", json!({ "unread": unread })).await?;
        }
        for (kind, id, version) in news.changed {
            self.tell("record-changed", json!({ "kind": kind, "id": id, "version": version })).await?;
        }
        Ok(())
    }

    async fn show_life(&mut self) -> Result<(), Over> {
        match self.app.watcher(&self.token_hash, |_| Ok(())).await {
            Err(Error::Unauthenticated | Error::PasswordChangeRequired | Error::Forbidden) => Err(Over),
            _ => self.comment("alive").await,
        }
    }

    async fn comment(&mut self, text: &str) -> Result<(), Over> {
        self.events.send(Ok(Event::default().comment(text))).await.map_err(|_| Over)
    }

    async fn tell(&mut self, name: &str, data: Value) -> Result<(), Over> {
        self.told += 1;
        let event = Event::default().id(self.told.to_string()).event(name).data(data.to_string());
        self.events.send(Ok(event)).await.map_err(|_| Over)
    }
}

/// What of a batch the reader may hear, with one question per kind of record.
fn news(work: &mut Work, batch: &[Push]) -> Result<News> {
    let mut news = News { unread: None, changed: Vec::new(), resync: false };
    let mut by_kind: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for push in batch {
        match push {
            Push::Changed { kind, id, version } => by_kind.entry(kind).or_default().push((*id, *version)),
            Push::Message { user_id } if *user_id == work.actor.user_id => news.unread = Some(store::unread(work)?),
            Push::Own { user_id, kind, id, version } if *user_id == work.actor.user_id => {
                news.changed.push((kind.clone(), *id, *version));
            }
            Push::Resync => news.resync = true,
            Push::Own { .. } | Push::Message { .. } | Push::Access { .. } => {}
        }
    }
    for (kind, records) in by_kind {
        let Some(owned) = owned(kind) else { continue };
        if records.len() > MANY {
            news.resync = true;
            continue;
        }
        let ids: Vec<i64> = records.iter().map(|(id, _)| *id).collect();
        let visible = scope::visible(work, owned, &ids)?;
        let told = records.into_iter().filter(|(id, _)| visible.contains(id)).map(|(id, version)| (kind.to_owned(), id, version));
        news.changed.extend(told);
    }
    Ok(news)
}

fn owned(kind: &str) -> Option<Owned> {
    match kind {
        "customer" => Some(Owned::Customers),
        "opportunity" => Some(Owned::Opportunities),
        "contact" => Some(Owned::Contacts),
        "plan" => Some(Owned::Plans),
        "follow_up" => Some(Owned::FollowUps),
        "task" => Some(Owned::Tasks),
        "work_report" => Some(Owned::WorkReports),
        _ => None,
    }
}
