//! Every clock of the ACD in one table: set, stopped or fired, never forgotten.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeSet;

use model::{AgentId, CallId, OfferId, Timestamp};

use crate::table::Table;

/// What is due, and for whom. At the same moment the earlier kind of this list fires first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub(crate) enum TimerKind {
    /// The longest wait of a call has passed. Before the offers, so that the limit cuts the ring (A21).
    WaitExpires(CallId),
    /// An offer has rung for its whole ring time.
    OfferExpires(OfferId),
    /// The set of agents whom a call rings grows. After the offers, so that who has missed it is known.
    Grows(CallId),
    /// A waiting call asks for less.
    Relaxes(CallId),
    /// The wrap-up clock of an agent has run down.
    WrapUpEnds(AgentId),
    /// An agent who missed a call or whose phone was busy may be offered calls again.
    DelayEnds(AgentId),
    /// The login of an agent without a device has outlived it for long enough.
    GraceEnds(AgentId),
}

/// The table: at most one moment for each kind and owner.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Timers {
    by_time: BTreeSet<(Timestamp, TimerKind)>,
    by_kind: Table<TimerKind, Timestamp>,
}

impl Timers {
    /// Sets or moves a timer.
    pub(crate) fn set(&mut self, kind: TimerKind, at: Timestamp) {
        self.stop(kind);
        self.by_kind.insert(kind, at);
        self.by_time.insert((at, kind));
    }

    /// Stops a timer, if it runs.
    pub(crate) fn stop(&mut self, kind: TimerKind) {
        if let Some(at) = self.by_kind.remove(&kind) {
            self.by_time.remove(&(at, kind));
        }
    }

    /// Takes out the first timer that is due at `limit` or before.
    pub(crate) fn pop_due(&mut self, limit: Timestamp) -> Option<TimerKind> {
        let (at, kind) = *self.by_time.first()?;
        if at > limit {
            return None;
        }
        self.stop(kind);
        Some(kind)
    }

    /// The first moment at which something is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// When a timer is due, if it runs.
    pub(crate) fn at(&self, kind: TimerKind) -> Option<Timestamp> {
        self.by_kind.get(&kind).copied()
    }

    /// All that run, for the audit.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TimerKind, Timestamp)> {
        self.by_kind.iter().map(|(kind, at)| (*kind, *at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_set_twice_fires_once_at_the_later_setting() {
        let mut timers = Timers::default();
        timers.set(TimerKind::OfferExpires(OfferId(1)), Timestamp::from_secs(5));
        timers.set(TimerKind::OfferExpires(OfferId(1)), Timestamp::from_secs(9));
        assert_eq!(timers.pop_due(Timestamp::from_secs(8)), None);
        assert_eq!(timers.next(), Some(Timestamp::from_secs(9)));
        assert_eq!(timers.pop_due(Timestamp::from_secs(9)), Some(TimerKind::OfferExpires(OfferId(1))));
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn the_longest_wait_fires_before_the_ring_of_the_same_moment() {
        let mut timers = Timers::default();
        timers.set(TimerKind::OfferExpires(OfferId(1)), Timestamp::from_secs(5));
        timers.set(TimerKind::WaitExpires(CallId(9)), Timestamp::from_secs(5));
        assert_eq!(timers.pop_due(Timestamp::from_secs(5)), Some(TimerKind::WaitExpires(CallId(9))));
    }
}
