//! The only place where the time of day comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::types::Instant;

/// This machine's clock, in ms since 1970 UTC; only for measuring how far another clock is away.
pub(crate) fn machine_now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// The clock handed to whoever needs the time. Cheap to clone; all clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Fixed time in ms for tests; 0 = follow the machine.
    stopped_at: AtomicI64,
    /// How far the database's clock is ahead of the machine's (PostgreSQL).
    skew: AtomicI64,
    /// How far a demonstration has moved the clock.
    moved: AtomicI64,
}

impl Clock {
    /// A clock that follows the machine.
    pub fn running() -> Clock {
        Clock::default()
    }

    /// A clock that stands still until it is moved.
    pub fn stopped_at(now: Instant) -> Clock {
        let clock = Clock::default();
        clock.inner.stopped_at.store(now.ms(), Ordering::SeqCst);
        clock
    }

    /// The time.
    pub fn now(&self) -> Instant {
        match self.inner.stopped_at.load(Ordering::SeqCst) {
            0 => Instant::from_ms(machine_now_ms() + self.inner.skew.load(Ordering::SeqCst) + self.inner.moved.load(Ordering::SeqCst)),
            fixed => Instant::from_ms(fixed),
        }
    }

    /// True when it stands still between moves.
    pub fn is_stopped(&self) -> bool {
        self.inner.stopped_at.load(Ordering::SeqCst) != 0
    }

    /// True when it shows another time than the machine's: it was moved, or stands still.
    pub fn goes_its_own_way(&self) -> bool {
        self.is_stopped() || self.inner.moved.load(Ordering::SeqCst) != 0
    }

    /// Makes the clock show `now`; a running one runs on from there.
    pub fn move_to(&self, now: Instant) {
        if self.is_stopped() {
            self.inner.stopped_at.store(now.ms(), Ordering::SeqCst);
        } else {
            let moved = now.ms() - machine_now_ms() - self.inner.skew.load(Ordering::SeqCst);
            self.inner.moved.store(moved, Ordering::SeqCst);
        }
    }

    /// Follows the database's clock, which is `skew` ms ahead of this machine's.
    pub fn follow(&self, skew: i64) {
        self.inner.skew.store(skew, Ordering::SeqCst);
    }
}
