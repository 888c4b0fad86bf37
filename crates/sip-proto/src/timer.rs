//! Timers by the names RFC 3261 gives them, and the one table that holds them all.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::time::Moment;

/// A timer of a transaction (RFC 3261 section 17 and table 4, RFC 6026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerName {
    /// INVITE client: send the request again.
    A,
    /// INVITE client: no answer at all, or no end 64*T1 after a CANCEL.
    B,
    /// INVITE client: it rings and rings. A proxy's timer in the RFC; here the limit on ringing.
    C,
    /// INVITE client: absorb retransmitted failures.
    D,
    /// Client: send the request again.
    E,
    /// Client: no final answer.
    F,
    /// INVITE server: send the failure again.
    G,
    /// INVITE server: no ACK for the failure.
    H,
    /// INVITE server: absorb retransmitted ACKs.
    I,
    /// Server: answer retransmissions; before the answer, the limit on waiting for one.
    J,
    /// Client: absorb retransmitted answers.
    K,
    /// INVITE server: absorb retransmitted INVITEs after a 2xx.
    L,
    /// INVITE client: take retransmitted and forked 2xx.
    M,
}

impl TimerName {
    /// Whether this timer sends something again; the others end something.
    pub(crate) fn is_retransmission(self) -> bool {
        match self {
            TimerName::A | TimerName::E | TimerName::G => true,
            TimerName::B
            | TimerName::C
            | TimerName::D
            | TimerName::F
            | TimerName::H
            | TimerName::I
            | TimerName::J
            | TimerName::K
            | TimerName::L
            | TimerName::M => false,
        }
    }
}

/// Timers that only forget something are due together, at whole multiples of this: each would wake the program by
/// itself, and a transaction that is remembered a moment longer is as good.
const FORGET_TOGETHER: Duration = Duration::from_millis(100);

impl TimerName {
    /// When a timer that was set for `at` may be served: at that moment, or soon after for those that do nothing
    /// but end a wait for copies of what has been dealt with.
    pub(crate) fn served_at(self, at: Moment) -> Moment {
        match self {
            TimerName::D | TimerName::I | TimerName::J | TimerName::K | TimerName::L | TimerName::M => {
                at.rounded_up(FORGET_TOGETHER)
            }
            TimerName::A
            | TimerName::B
            | TimerName::C
            | TimerName::E
            | TimerName::F
            | TimerName::G
            | TimerName::H => at,
        }
    }
}

/// The lengths all timers follow from (RFC 3261 section 17.1.1.1 and 17.1.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// Estimate of a round trip.
    pub t1: Duration,
    /// Longest wait between retransmissions.
    pub t2: Duration,
    /// How long a message may stay in the network.
    pub t4: Duration,
    /// Timer D on UDP: at least 32 s.
    pub d: Duration,
    /// Timer C here: how long an INVITE we sent may ring.
    pub c: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Timings {
            t1: Duration::from_millis(500),
            t2: Duration::from_secs(4),
            t4: Duration::from_secs(5),
            d: Duration::from_secs(32),
            // Longer than any ring or queue announcement before an answer that we know of.
            c: Duration::from_secs(600),
        }
    }
}

impl Timings {
    /// 64*T1: how long one waits for an answer, or an ACK.
    pub fn give_up(&self) -> Duration {
        self.t1.saturating_mul(64)
    }

    /// The wait after `interval`: twice as long, but not longer than T2.
    pub(crate) fn back_off(&self, interval: Duration) -> Duration {
        interval.saturating_mul(2).min(self.t2)
    }
}

/// Names one set timer, so that it can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerId {
    at: Moment,
    number: u64,
}

/// All timers, ordered by when they are due; those due together in the order they were set.
#[derive(Debug)]
pub(crate) struct Timers<T> {
    table: BTreeMap<TimerId, T>,
    next: u64,
}

impl<T> Timers<T> {
    pub(crate) fn new() -> Self {
        Timers { table: BTreeMap::new(), next: 0 }
    }

    pub(crate) fn set(&mut self, at: Moment, what: T) -> TimerId {
        let id = TimerId { at, number: self.next };
        self.next = self.next.wrapping_add(1);
        self.table.insert(id, what);
        id
    }

    pub(crate) fn stop(&mut self, id: Option<TimerId>) {
        if let Some(id) = id {
            self.table.remove(&id);
        }
    }

    /// Takes the first timer that is due.
    pub(crate) fn due(&mut self, now: Moment) -> Option<T> {
        let entry = self.table.first_entry()?;
        (entry.key().at <= now).then(|| entry.remove())
    }

    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        self.table.first_key_value().map(|(id, _)| id.at)
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_forgets_is_served_together_and_never_early() {
        for (at, served) in [(0, 0), (1, 100_000), (100_000, 100_000), (100_001, 200_000)] {
            assert_eq!(TimerName::K.served_at(Moment(at)), Moment(served));
            assert_eq!(TimerName::F.served_at(Moment(at)), Moment(at));
        }
        assert_eq!(TimerName::L.served_at(Moment(u64::MAX)), Moment(u64::MAX));
    }

    #[test]
    fn timers_come_in_the_order_they_are_due_and_stopped_ones_do_not_come() {
        let mut timers = Timers::new();
        timers.set(Moment(20), 'b');
        timers.set(Moment(10), 'a');
        let stopped = timers.set(Moment(15), 'x');
        timers.set(Moment(20), 'c');
        timers.stop(Some(stopped));
        assert_eq!(timers.next_deadline(), Some(Moment(10)));
        assert_eq!(timers.due(Moment(9)), None);
        assert_eq!(timers.due(Moment(30)), Some('a'));
        assert_eq!((timers.due(Moment(30)), timers.due(Moment(30))), (Some('b'), Some('c')));
        assert_eq!((timers.due(Moment(30)), timers.len()), (None, 0));
    }
}
