//! A unit of work: an open transaction, who asks, what time it is, and what is to be pushed once it is committed.

use std::ops::{Deref, DerefMut};

use super::db::{Former, Tx};
use super::live::Push;
use super::types::{BusinessZone, Day, Instant, Lang};
use crate::error::Result;

/// How far a caller's eyes reach; owners and teams are ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    All,
    /// What these teams own, besides one's own and what is shared.
    Teams(Vec<i64>),
    /// One's own and what is shared.
    Own,
}

/// Through which door something came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The page or a program, through the API.
    Api,
    /// A spreadsheet that a person had imported.
    Import,
    /// A rule, a schedule or the demonstration; never a person.
    System,
}

impl Door {
    /// The word kept in the logs.
    pub fn word(self) -> &'static str {
        match self {
            Door::Api => "api",
            Door::Import => "import",
            Door::System => "system",
        }
    }
}

/// On whose behalf a unit of work runs.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user; 0 for the system.
    pub user_id: i64,
    /// Why the system acts; empty for people.
    pub cause: &'static str,
    /// The team chosen at log-in.
    pub team_id: Option<i64>,
    /// The teams the user belongs to.
    pub team_ids: Vec<i64>,
    /// Which records are visible.
    pub reach: Reach,
    /// Names of the actions the role allows.
    pub permissions: &'static [&'static str],
    /// The way in.
    pub door: Door,
    /// The language the actor reads.
    pub lang: Lang,
}

impl Actor {
    /// The product itself, acting for a named reason. It sees everything, so what it reads must not leave the process unscoped.
    pub fn system(cause: &'static str) -> Actor {
        Actor {
            user_id: 0,
            cause,
            team_id: None,
            team_ids: Vec::new(),
            reach: Reach::All,
            permissions: &[],
            door: Door::System,
            lang: Lang::Zh,
        }
    }

    /// True when the role allows the action; the system may do everything.
    pub fn may(&self, action: &str) -> bool {
        self.door == Door::System || self.permissions.contains(&action)
    }

    /// The user's id for a log row; null for the system.
    pub fn by_id(&self) -> Option<i64> {
        (self.user_id != 0).then_some(self.user_id)
    }
}

/// The handle every verb takes: statements run through it (it derefs to the transaction).
pub struct Work<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    /// Who asks.
    pub actor: Actor,
    /// The time, the same for the whole unit; in a look back the moment looked back on.
    now: Instant,
    /// When the unit really happens.
    happens: Instant,
    zone: BusinessZone,
    pushes: Vec<Push>,
    /// True while single messages are held back, because one per person will tell of many records at once.
    quiet: bool,
}

impl<'a, 'tx> Work<'a, 'tx> {
    /// Opens a unit of work on a transaction.
    pub fn new(tx: &'a mut Tx<'tx>, actor: Actor, now: Instant, zone: BusinessZone) -> Work<'a, 'tx> {
        Work { tx, actor, now, happens: now, zone, pushes: Vec::new(), quiet: false }
    }

    /// The time at which this unit happens.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The business day on which it happens.
    pub fn today(&self) -> Day {
        self.now.day_in(&self.zone)
    }

    /// From now on it is this moment, and what is read stood so then; nothing can be written any more.
    pub fn look_back(&mut self, at: Instant, tables: Vec<Former>) {
        self.now = at;
        self.tx.look_back(tables);
    }

    /// Reads what there is now, in the midst of a look back: of what stood then, not everything may still be shown.
    pub fn as_of_now<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let then = std::mem::replace(&mut self.now, self.happens);
        let past = self.tx.look_up()?;
        let outcome = read(self);
        self.now = then;
        self.tx.look_back_again(past);
        outcome
    }

    /// What is said in Chinese and in English, in the reader's language.
    pub fn said(&self, (zh, en): (&str, &str)) -> String {
        if self.actor.lang == Lang::En { en.to_owned() } else { zh.to_owned() }
    }

    /// The zone of business days.
    pub fn zone(&self) -> &BusinessZone {
        &self.zone
    }

    /// Does something to one of many records: the messages it would send are left to whoever does it to all of them.
    pub fn quietly<T>(&mut self, deed: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.quiet, true);
        let outcome = deed(self);
        self.quiet = before;
        outcome
    }

    /// True inside [`Work::quietly`].
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// To be pushed to open pages after the commit.
    pub fn push(&mut self, push: Push) {
        if !self.pushes.contains(&push) {
            self.pushes.push(push);
        }
    }

    /// What there is to push.
    pub fn into_pushes(self) -> Vec<Push> {
        self.pushes
    }
}

impl<'tx> Deref for Work<'_, 'tx> {
    type Target = Tx<'tx>;

    fn deref(&self) -> &Tx<'tx> {
        self.tx
    }
}

impl<'tx> DerefMut for Work<'_, 'tx> {
    fn deref_mut(&mut self) -> &mut Tx<'tx> {
        self.tx
    }
}
