//! Where an agent's time goes.

use std::collections::BTreeMap;

use acd::AgentState;
use model::{NotReadyReason, QueueId, Timestamp};

use super::Presence;

/// What an agent's time went into; microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// Ready for some queue, or at work on a call.
    pub staffed: i64,
    /// Of that, rung, talking or in wrap-up.
    pub busy: i64,
    /// Queue calls answered.
    pub answered: u64,
    states: BTreeMap<QueueId, Doing>,
    since: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    Nothing,
    Free,
    Busy,
}

impl Clocks {
    /// What she does in one queue has changed.
    pub fn change(&mut self, now: Timestamp, queue: QueueId, state: &AgentState) {
        self.run_to(now);
        self.states.insert(queue, doing(state));
    }

    /// Counts what has passed until `now`.
    pub fn run_to(&mut self, now: Timestamp) {
        let passed = now.0.saturating_sub(self.since.0).max(0);
        self.since = self.since.max(now);
        match self.states.values().max() {
            Some(Doing::Busy) => {
                self.staffed += passed;
                self.busy += passed;
            }
            Some(Doing::Free) => self.staffed += passed,
            Some(Doing::Nothing) | None => {}
        }
    }

    /// Share of her staffed time in which she was busy.
    #[must_use]
    pub fn occupancy(&self) -> f64 {
        if self.staffed == 0 { 0.0 } else { self.busy as f64 / self.staffed as f64 }
    }
}

const fn doing(state: &AgentState) -> Doing {
    match state {
        AgentState::Offline | AgentState::LoggedOut | AgentState::NotReady { .. } => Doing::Nothing,
        AgentState::Ready => Doing::Free,
        AgentState::Ringing { .. }
        | AgentState::QueueCall { .. }
        | AgentState::OtherCall { .. }
        | AgentState::WrapUp { .. } => Doing::Busy,
    }
}

/// Whether a state is what a missed call made of her.
pub(crate) const fn is_after_miss(state: &AgentState) -> bool {
    match state {
        AgentState::NotReady { reason } => matches!(reason, NotReadyReason::Rna | NotReadyReason::Declined),
        AgentState::Offline
        | AgentState::LoggedOut
        | AgentState::Ready
        | AgentState::Ringing { .. }
        | AgentState::QueueCall { .. }
        | AgentState::OtherCall { .. }
        | AgentState::WrapUp { .. } => false,
    }
}

/// What a state says of her own will; what a missed call or the end of her hours made of her is not her will.
pub(crate) const fn presence(state: &AgentState) -> Presence {
    match state {
        AgentState::Offline | AgentState::LoggedOut => Presence::Out,
        AgentState::NotReady { reason }
            if !is_after_miss(state) && !matches!(reason, NotReadyReason::Hours) =>
        {
            Presence::Away
        }
        AgentState::NotReady { .. }
        | AgentState::Ready
        | AgentState::Ringing { .. }
        | AgentState::QueueCall { .. }
        | AgentState::OtherCall { .. }
        | AgentState::WrapUp { .. } => Presence::In,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_as_busy_where_she_works_in_any_queue_and_as_staffed_where_she_could() {
        let mut clocks = Clocks::default();
        let (a, b) = (QueueId(1), QueueId(2));
        let at = Timestamp::from_secs;
        clocks.change(at(10), a, &AgentState::Ready);
        clocks.change(at(10), b, &AgentState::NotReady { reason: NotReadyReason::Login });
        clocks.change(at(30), a, &AgentState::QueueCall { call: model::CallId(1) });
        clocks.change(at(35), a, &AgentState::WrapUp { until: None });
        clocks.change(at(40), a, &AgentState::Ready);
        clocks.change(at(70), a, &AgentState::LoggedOut);
        clocks.run_to(at(100));
        assert_eq!((clocks.staffed, clocks.busy), (60_000_000, 10_000_000));
        assert!((clocks.occupancy() - 1.0 / 6.0).abs() < 1e-12);
    }
}
