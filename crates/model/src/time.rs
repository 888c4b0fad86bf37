//! Time as a value: it can be written to a journal and set by a simulator.

use borsh::{BorshDeserialize, BorshSerialize};
use std::time::Duration;

/// Microseconds since the Unix epoch, UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The epoch itself; the start of most stories.
    pub const ZERO: Self = Self(0);

    /// `seconds` after the epoch.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// `ms` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms.saturating_mul(1_000))
    }

    /// This moment and `later` after it; the end of time if that cannot be written.
    #[must_use]
    pub fn after(self, later: Duration) -> Self {
        let micros = i64::try_from(later.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros))
    }

    /// This moment and `sooner` before it; the beginning of time if that cannot be written.
    #[must_use]
    pub fn before(self, sooner: Duration) -> Self {
        let micros = i64::try_from(sooner.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_ahead_is_zero_ago() {
        let now = Timestamp::from_secs(10);
        assert_eq!(now.since(Timestamp::from_secs(12)), Duration::ZERO);
        assert_eq!(now.since(Timestamp::from_secs(7)), Duration::from_secs(3));
        assert_eq!(now.after(Duration::from_millis(5)), Timestamp(10_005_000));
        assert_eq!(now.after(Duration::MAX), Timestamp(i64::MAX));
        assert_eq!(now.before(Duration::from_millis(5)), Timestamp(9_995_000));
        assert_eq!(Timestamp(-2).before(Duration::MAX), Timestamp(i64::MIN));
    }
}
