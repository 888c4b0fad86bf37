//! The expected wait: a plain estimate that is none until there is something to estimate from.
//!
//! A caller at position p of a line, whose queue has n agents and whose calls take m on average, work after the
//! call included, waits about p·m/n: n agents become free n times in m. It takes no notice of who of the n serves
//! other queues too, of priorities, nor of callers who give up; it is a bound to turn callers away by, not a
//! promise to read out.

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::time::Duration;

/// The weight of what was known against one call more: 1/8 for the newest.
const WEIGHT: u64 = 8;

/// How long a queue's calls take, as an exponentially weighted mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Handling {
    /// Microseconds; none before the first call.
    mean: Option<u64>,
}

impl Handling {
    /// One more call has taken this long.
    pub(crate) fn took(&mut self, length: Duration) {
        let length = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
        self.mean = Some(match self.mean {
            None => length,
            Some(_) if broken!(LastCallIsTheMean) => length,
            Some(mean) => (mean / WEIGHT * (WEIGHT - 1)).saturating_add(length / WEIGHT),
        });
    }

    /// How long a caller at `position` waits with `agents` to serve the line; none without data or agents.
    pub(crate) fn wait(&self, position: usize, agents: u32) -> Option<Duration> {
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        let wait = self.mean?.saturating_mul(position).checked_div(agents.into())?;
        Some(Duration::from_micros(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_position_times_handling_by_agents() {
        let mut handling = Handling::default();
        assert_eq!(handling.wait(3, 2), None);
        handling.took(Duration::from_secs(80));
        assert_eq!(handling.wait(3, 2), Some(Duration::from_secs(120)));
        assert_eq!(handling.wait(3, 0), None);
        handling.took(Duration::from_secs(160));
        assert_eq!(handling.wait(1, 1), Some(Duration::from_secs(90)));
    }
}
