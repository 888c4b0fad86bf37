//! Time as the caller gives it: microseconds since an origin only the caller knows.

use std::ops::{Add, Sub};
use std::time::Duration;

/// A point in time, in microseconds since an arbitrary origin.
///
/// Two moments of the same caller may be compared; a moment says nothing about the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

impl Moment {
    /// The time that has passed since `earlier`; zero if `earlier` is in fact later.
    pub fn saturating_since(self, earlier: Moment) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// The moment `by` before this one, but not before the origin.
    pub fn saturating_sub(self, by: Duration) -> Moment {
        Moment(self.0.saturating_sub(micros(by)))
    }

    /// The next whole multiple of `step`; this moment if it is one.
    pub(crate) fn rounded_up(self, step: Duration) -> Moment {
        Moment(self.0.checked_next_multiple_of(micros(step)).unwrap_or(self.0))
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;

    /// Stops at the end of time instead of wrapping round to its beginning.
    fn add(self, by: Duration) -> Moment {
        Moment(self.0.saturating_add(micros(by)))
    }
}

impl Sub for Moment {
    type Output = Duration;

    fn sub(self, earlier: Moment) -> Duration {
        self.saturating_since(earlier)
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_never_wraps_and_subtracting_never_goes_below_zero() {
        assert_eq!(Moment(u64::MAX) + Duration::from_secs(1), Moment(u64::MAX));
        assert_eq!(Moment(5) - Moment(9), Duration::ZERO);
        assert_eq!(Moment(5).saturating_sub(Duration::from_secs(1)), Moment(0));
        assert_eq!(Moment(1) + Duration::from_millis(2), Moment(2001));
    }
}
