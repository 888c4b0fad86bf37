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
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
        let wall = std::time::SystemTime::now();
        let since_epoch = wall.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), anchor: Timestamp::ZERO.after(since_epoch) }
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
