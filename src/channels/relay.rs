//! The relay: sends what waits in the outbox, at least once and always with the same id.
//!
//! Each channel has one sender at a time and its letters go out in turn, so that a crash repeats one message at most; a channel that
//! hangs holds up no other.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::chosen::Enclosed;
use super::deliver::{Outside, deliver};
use super::model::ChannelKind;
use super::outbox::{self, Lease, Letter};
use super::{model, store};
use crate::error::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Lane, Tx};
use crate::platform::secrets::SecretKey;
use crate::platform::types::BusinessZone;
use crate::platform::work::{Actor, Work};

/// So many channels are served at once.
const AT_ONCE: usize = 16;

/// Sends letters. Cheap to clone; clones share their work.
#[derive(Clone)]
pub struct Relay {
    db: Db,
    clock: Clock,
    zone: BusinessZone,
    outside: Arc<Outside>,
    name: Arc<str>,
    busy: Arc<Mutex<HashSet<i64>>>,
    places: Arc<tokio::sync::Semaphore>,
}

/// What a sender holds: the channel as it was, and what goes out first.
type Held = (Lease, model::Kept, Vec<Letter>);

impl Relay {
    /// A relay with a name no other start has.
    pub fn new(db: Db, clock: Clock, config: &Config, secrets: SecretKey) -> Result<Relay> {
        let mut bytes = [0_u8; 12];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let outside = Outside { intranet: config.intranet_hosts.clone(), base_url: config.public_url.clone(), secrets };
        Ok(Relay {
            db,
            clock,
            zone: config.zone()?,
            outside: Arc::new(outside),
            name: name.into(),
            busy: Arc::default(),
            places: Arc::new(tokio::sync::Semaphore::new(AT_ONCE)),
        })
    }

    /// What is outside, as this installation sees it.
    pub fn outside(&self) -> Arc<Outside> {
        Arc::clone(&self.outside)
    }

    /// Sends what is due for ever.
    pub async fn run(self) {
        loop {
            if let Err(error) = self.start_due().await {
                tracing::warn!(%error, "the outbox");
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Sends what is due now and waits for it; answers how many letters were tried.
    pub async fn run_due(&self) -> Result<u64> {
        let mut tried = 0;
        for sender in self.start_due().await? {
            tried += sender.await.map_err(|error| Error::internal(error.to_string()))?;
        }
        Ok(tried)
    }

    async fn start_due(&self) -> Result<Vec<tokio::task::JoinHandle<u64>>> {
        let now = self.clock.now();
        let due = self.db.read(Lane::Lists, move |tx| outbox::due_channels(tx, now)).await?;
        let mut started = Vec::new();
        for channel_id in due {
            if self.is_free(channel_id) {
                let relay = self.clone();
                started.push(tokio::spawn(async move {
                    let _place = relay.places.acquire().await;
                    let tried = relay.serve(channel_id).await.unwrap_or_else(|error| {
                        tracing::warn!(channel_id, %error, "a channel");
                        0
                    });
                    relay.free(channel_id);
                    tried
                }));
            }
        }
        Ok(started)
    }

    /// True when nobody in this process serves the channel; from now on the caller does.
    fn is_free(&self, channel_id: i64) -> bool {
        self.busy.lock().is_ok_and(|mut busy| busy.insert(channel_id))
    }

    fn free(&self, channel_id: i64) {
        if let Ok(mut busy) = self.busy.lock() {
            busy.remove(&channel_id);
        }
    }

    async fn serve(&self, channel_id: i64) -> Result<u64> {
        let Some((lease, channel, mut letters)) = self.hold(channel_id).await? else { return Ok(0) };
        let mut tried = 0;
        while !letters.is_empty() {
            let files = self.files_of(&channel, &letters).await?;
            let outcome = deliver(&self.outside, &channel, &letters, files, self.clock.now()).await;
            tried += letters.len() as u64;
            let (now, zone) = (self.clock.now(), self.zone.clone());
            let settle = move |tx: &mut Tx<'_>| {
                outbox::settle(&mut Work::new(tx, Actor::system("relay"), now, zone.clone()), lease, &letters, &outcome)
            };
            let next = self.db.write(settle, |_| ()).await?;
            letters = next;
        }
        Ok(tried)
    }

    /// What goes along with a letter by e-mail.
    async fn files_of(&self, channel: &model::Kept, letters: &[Letter]) -> Result<Vec<Enclosed>> {
        let Some(letter) = letters.first().filter(|_| channel.kind == ChannelKind::Email) else { return Ok(Vec::new()) };
        let message_id = letter.message_id.clone();
        self.db.read(Lane::Lists, move |tx| outbox::enclosed(tx, &message_id)).await
    }

    async fn hold(&self, channel_id: i64) -> Result<Option<Held>> {
        let (name, now, zone) = (Arc::clone(&self.name), self.clock.now(), self.zone.clone());
        self.db
            .write(
                move |tx| {
                    let Some(lease) = outbox::hold(tx, channel_id, &name, now)? else { return Ok(None) };
                    let Some(channel) = store::find(tx, channel_id)? else { return Ok(None) };
                    let letters = outbox::next(&mut Work::new(tx, Actor::system("relay"), now, zone.clone()), lease)?;
                    if letters.is_empty() {
                        outbox::release(tx, lease)?;
                    }
                    Ok(Some((lease, channel, letters)))
                },
                |_| (),
            )
            .await
    }
}
