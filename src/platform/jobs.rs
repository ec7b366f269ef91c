//! The durable queue: what must happen later, kept in the same transaction as its cause, run once.
//!
//! A job is claimed with a lease and a fence number; its effect and its removal are one transaction that only the holder of the
//! newest fence can commit. So a worker that was slow, killed or doubled can neither lose a job nor do it twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::clock::Clock;
use super::db::{Db, Lane, Tx, sql, sql_for};
use super::live::Live;
use super::types::{BusinessZone, Instant};
use super::work::{Actor, Work};
use crate::error::{Error, Result};

/// What waits though it is due, and what was given up; each counted up to 10,000.
#[derive(Debug, Clone, Copy)]
pub struct Backlog {
    /// How many are due.
    pub due: i64,
    /// When the oldest of them was due.
    pub oldest: Option<Instant>,
    /// How many were given up after their last attempt.
    pub failed: i64,
}

/// How far the queue is behind.
pub fn backlog(tx: &mut Tx, now: Instant) -> Result<Backlog> {
    let (due, oldest) = sql(
        "select count(*), min(run_at) from (select run_at from jobs where state = 'waiting' and run_at <= $1 order by run_at, id limit 10000) as due",
    )
    .bind(now)
    .one(tx)?;
    let failed = sql("select count(*) from (select id from jobs where state = 'dead' limit 10000) as dead").one(tx)?;
    Ok(Backlog { due, oldest, failed })
}

const AT_ONCE: i64 = 20;
const LEASE_MS: i64 = 30_000;
/// After so many failures a job is set aside for a person to look at.
const ATTEMPTS: i64 = 10;

/// Something that can be done later. Its fields are its payload.
pub trait Job: Serialize + DeserializeOwned {
    /// The name under which it is kept.
    const KIND: &'static str;
    /// Does it; called inside the transaction that also removes the job.
    fn run(self, work: &mut Work) -> Result<()>;
    /// What is left to say when it has failed too often; called inside the transaction that sets it aside.
    fn give_up(self, _work: &mut Work) -> Result<()> {
        Ok(())
    }
}

/// Keeps a job for `run_at`, in the transaction of `work`.
pub fn enqueue<J: Job>(work: &mut Work, run_at: Instant, job: &J) -> Result<()> {
    insert(work, run_at, job, None)
}

/// Keeps a job unless one with the same key waits already.
pub fn enqueue_once<J: Job>(work: &mut Work, key: &str, run_at: Instant, job: &J) -> Result<()> {
    insert(work, run_at, job, Some(key))
}

fn insert<J: Job>(work: &mut Work, run_at: Instant, job: &J, key: Option<&str>) -> Result<()> {
    let now = work.now();
    sql("insert into jobs (kind, payload, run_at, unique_key, created_at) values ($1, $2, $3, $4, $5) on conflict (unique_key) do nothing")
        .bind(J::KIND)
        .bind(serde_json::to_string(job)?)
        .bind(run_at)
        .bind(key)
        .bind(now)
        .run(work)?;
    Ok(())
}

type Run = fn(&mut Work, &str) -> Result<()>;

/// What can be done with a kind of job.
#[derive(Clone, Copy)]
struct Kind {
    run: Run,
    give_up: Run,
}

/// Every kind of job there is.
#[derive(Default, Clone)]
pub struct Register {
    kinds: HashMap<&'static str, Kind>,
}

impl Register {
    /// Adds a kind.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Register {
        let kind = Kind {
            run: |work, payload| serde_json::from_str::<J>(payload)?.run(work),
            give_up: |work, payload| serde_json::from_str::<J>(payload)?.give_up(work),
        };
        self.kinds.insert(J::KIND, kind);
        self
    }
}

/// Runs jobs when they are due. Cheap to clone; clones of one process take turns.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    clock: Clock,
    zone: BusinessZone,
    live: Live,
    register: Arc<Register>,
    turn: Arc<tokio::sync::Mutex<()>>,
    name: Arc<str>,
}

struct Claimed {
    id: i64,
    kind: String,
    payload: String,
    fence: i64,
    attempts: i64,
}

impl Runner {
    /// A runner with a name no other start has.
    pub fn new(db: Db, clock: Clock, zone: BusinessZone, live: Live, register: Register) -> Result<Runner> {
        let mut bytes = [0_u8; 12];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Runner { db, clock, zone, live, register: Arc::new(register), turn: Arc::default(), name: name.into() })
    }

    /// Runs due jobs for ever.
    pub async fn run(self) {
        loop {
            match self.run_due().await {
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the job queue"),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Runs what is due now; answers how many jobs were done.
    pub async fn run_due(&self) -> Result<u64> {
        let _turn = self.turn.lock().await;
        self.drain().await
    }

    /// Moves the clock to `target`, stopping at every job that falls due on the way; answers how many were done.
    pub async fn advance(&self, target: Instant) -> Result<u64> {
        let _turn = self.turn.lock().await;
        let mut done = 0;
        while let Some(due) = self.next_due().await? {
            if due > target {
                break;
            }
            if due > self.clock.now() {
                self.clock.move_to(due);
            }
            let ran = self.drain().await?;
            if ran == 0 {
                break;
            }
            done += ran;
        }
        self.clock.move_to(target);
        Ok(done + self.drain().await?)
    }

    async fn next_due(&self) -> Result<Option<Instant>> {
        self.db.read(Lane::Lists, |tx| sql("select run_at from jobs where state = 'waiting' order by run_at, id limit 1").maybe(tx)).await
    }

    async fn drain(&self) -> Result<u64> {
        let mut done = 0;
        loop {
            let now = self.clock.now();
            if self.next_due().await?.is_none_or(|due| due > now) {
                return Ok(done);
            }
            let claimed = self.claim(now).await?;
            if claimed.is_empty() {
                return Ok(done);
            }
            for job in claimed {
                done += u64::from(self.run_one(job).await?);
            }
        }
    }

    async fn claim(&self, now: Instant) -> Result<Vec<Claimed>> {
        let name = Arc::clone(&self.name);
        let rows: Vec<(i64, String, String, i64, i64)> = self
            .db
            .write(
                move |tx| {
                    sql_for(
                        tx,
                        "update jobs set lease_owner = $1, fence = fence + 1 where id in
                           (select id from jobs where state = 'waiting' and run_at <= $2 order by run_at, id limit $3)
                         returning id, kind, payload, fence, attempts",
                        "update jobs set lease_owner = $1, fence = fence + 1,
                           lease_until = cast(extract(epoch from clock_timestamp()) * 1000 as bigint) + $4 where id in
                           (select id from jobs where state = 'waiting' and run_at <= $2
                              and lease_until < cast(extract(epoch from clock_timestamp()) * 1000 as bigint)
                            order by run_at, id limit $3 for update skip locked)
                         returning id, kind, payload, fence, attempts",
                    )
                    .bind(&*name)
                    .bind(now)
                    .bind(AT_ONCE)
                    .binds(tx.has_concurrent_writers().then_some(LEASE_MS.into()))
                    .all(tx)
                },
                |_| (),
            )
            .await?;
        let mut claimed: Vec<Claimed> =
            rows.into_iter().map(|(id, kind, payload, fence, attempts)| Claimed { id, kind, payload, fence, attempts }).collect();
        claimed.sort_by_key(|job| job.id);
        Ok(claimed)
    }

    /// True when the job was done by this runner.
    async fn run_one(&self, job: Claimed) -> Result<bool> {
        let Some(Kind { run, .. }) = self.register.kinds.get(job.kind.as_str()).copied() else {
            self.set_back(&job, "no such kind of job").await?;
            return Ok(false);
        };
        let (id, fence, payload) = (job.id, job.fence, job.payload.clone());
        let (clock, zone, live) = (self.clock.clone(), self.zone.clone(), self.live.clone());
        let outcome = self
            .db
            .write(
                move |tx| {
                    if sql("delete from jobs where id = $1 and fence = $2").bind(id).bind(fence).run(tx)? == 0 {
                        return Ok(None);
                    }
                    let mut work = Work::new(tx, Actor::system("job"), clock.now(), zone.clone());
                    run(&mut work, &payload)?;
                    Ok(Some(work.into_pushes()))
                },
                move |pushes| live.send(pushes.clone().unwrap_or_default()),
            )
            .await;
        match outcome {
            Ok(done) => Ok(done.is_some()),
            Err(error) => {
                tracing::warn!(kind = job.kind, %error, "a job failed");
                self.set_back(&job, &error.to_string()).await?;
                Ok(false)
            }
        }
    }

    async fn set_back(&self, job: &Claimed, reason: &str) -> Result<()> {
        let attempts = job.attempts + 1;
        let wait_ms = 1_000 * 2_i64.pow(u32::try_from(attempts.min(10)).unwrap_or(10));
        let again = self.clock.now().plus_ms(wait_ms);
        let state = if attempts >= ATTEMPTS { "dead" } else { "waiting" };
        let (id, fence, reason) = (job.id, job.fence, reason.to_owned());
        let (clock, zone, live) = (self.clock.clone(), self.zone.clone(), self.live.clone());
        let last_word = self.register.kinds.get(job.kind.as_str()).filter(|_| state == "dead").map(|kind| kind.give_up);
        let payload = job.payload.clone();
        self.db
            .write(
                move |tx| {
                    let ours = sql(
                        "update jobs set attempts = $3, run_at = $4, state = $5, last_error = $6, lease_until = 0 where id = $1 and fence = $2",
                    )
                    .bind(id)
                    .bind(fence)
                    .bind(attempts)
                    .bind(again)
                    .bind(state)
                    .bind(reason.as_str())
                    .run(tx)?;
                    let Some(give_up) = last_word.filter(|_| ours == 1) else { return Ok(Vec::new()) };
                    let mut work = Work::new(tx, Actor::system("job"), clock.now(), zone.clone());
                    give_up(&mut work, &payload)?;
                    Ok(work.into_pushes())
                },
                move |pushes| live.send(pushes.clone()),
            )
            .await?;
        Ok(())
    }
}
