//! What happened, told to open pages: after the commit, in one process or in many. Only kinds and ids travel.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc, watch};

use super::db::Db;

/// Something a page may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Push {
    /// A record was created, edited or deleted.
    Changed {
        /// Its room: `customer`, `opportunity`, `follow_up`, `plan`, `task`.
        kind: String,
        /// Its id.
        id: i64,
        /// Its version now.
        version: i64,
    },
    /// Something a person keeps for himself or herself changed: only his or her windows are told.
    Own {
        /// The person.
        user_id: i64,
        /// Its room: `dashboard`.
        kind: String,
        /// Its id.
        id: i64,
        /// Its version now.
        version: i64,
    },
    /// A person has a new message or has read one.
    Message {
        /// The person.
        user_id: i64,
    },
    /// A person's rights or sessions have changed: open streams look again.
    Access {
        /// The person.
        user_id: i64,
    },
    /// Pushes may have been missed: fetch again what is shown.
    Resync,
}

impl Push {
    /// A record changed.
    pub fn changed(kind: &str, id: i64, version: i64) -> Push {
        Push::Changed { kind: kind.to_owned(), id, version }
    }

    /// What a person keeps for himself or herself changed.
    pub fn own(user_id: i64, kind: &str, id: i64, version: i64) -> Push {
        Push::Own { user_id, kind: kind.to_owned(), id, version }
    }
}

/// The hub of one process. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    outgoing: mpsc::UnboundedSender<Push>,
    streams: broadcast::Sender<Arc<Vec<Push>>>,
    seats: Seats,
    ended: Arc<watch::Sender<bool>>,
}

/// How many streams each session has open.
type Seats = Arc<Mutex<HashMap<String, usize>>>;

/// The place of one open stream; given back when dropped.
pub struct Seat {
    seats: Seats,
    key: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.key) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.key);
            }
        }
    }
}

/// Pushes of this long are sent together.
const TOGETHER: Duration = Duration::from_millis(50);
/// PostgreSQL refuses longer texts.
const LONGEST: usize = 7_000;

impl Live {
    /// Starts the hub on `db`; must run inside the async runtime.
    pub fn start(db: Db) -> Live {
        let (outgoing, mut waiting) = mpsc::unbounded_channel::<Push>();
        let (streams, _) = broadcast::channel(256);
        let live = Live { outgoing, streams: streams.clone(), seats: Seats::default(), ended: Arc::new(watch::Sender::new(false)) };
        let hub = streams.clone();
        db.listen(move |message| {
            let pushes = match message {
                None => vec![Push::Resync],
                Some(text) => serde_json::from_str(&text).unwrap_or_else(|_| vec![Push::Resync]),
            };
            let _ = hub.send(Arc::new(pushes));
        });
        tokio::spawn(async move {
            while let Some(first) = waiting.recv().await {
                tokio::time::sleep(TOGETHER).await;
                let mut together = vec![first];
                while let Ok(push) = waiting.try_recv() {
                    if !together.contains(&push) {
                        together.push(push);
                    }
                }
                if db.is_embedded() {
                    let _ = streams.send(Arc::new(together));
                    continue;
                }
                let text = serde_json::to_string(&together).unwrap_or_default();
                let text = if text.len() > LONGEST { serde_json::to_string(&[Push::Resync]).unwrap_or_default() } else { text };
                if db.notify(text).await.is_err() {
                    let _ = streams.send(Arc::new(vec![Push::Resync]));
                }
            }
        });
        live
    }

    /// Sends after a commit.
    pub fn send(&self, pushes: Vec<Push>) {
        for push in pushes {
            let _ = self.outgoing.send(push);
        }
    }

    /// A stream of what happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Push>>> {
        self.streams.subscribe()
    }

    /// A place for one more stream of this session, unless it has `most` already.
    pub fn take_seat(&self, session: &str, most: usize) -> Option<Seat> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.entry(session.to_owned()).or_default();
        if *taken >= most {
            return None;
        }
        *taken += 1;
        Some(Seat { seats: Arc::clone(&self.seats), key: session.to_owned() })
    }

    /// Ends every stream: the product is being stopped, and an open stream would hold it up.
    pub fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits for [`Live::end`].
    pub async fn ended(&self) {
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}
