//! The one place that reads the wall clock: anchored at start, then monotone.

use std::time::Instant;

use model::Timestamp;

/// A clock that never runs backwards: wall time at start plus monotone time since.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
    anchor: Timestamp,
}

impl Clock {
    /// Reads the wall clock once.
    #[must_use]
    pub fn start() -> Self {
        Self::start_not_before(Timestamp::ZERO)
    }

    /// As [`Clock::start`], but from `earliest` if the wall clock was set back behind it.
    #[must_use]
    pub fn start_not_before(earliest: Timestamp) -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
        let wall = std::time::SystemTime::now();
        let since_epoch = wall.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), anchor: Timestamp::ZERO.after(since_epoch).max(earliest) }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.anchor.after(self.started.elapsed())
    }

    /// When `at` comes, for a runtime's timer; now if it has passed.
    #[must_use]
    pub fn instant(&self, at: Timestamp) -> Instant {
        self.started + at.since(self.anchor)
    }
}
