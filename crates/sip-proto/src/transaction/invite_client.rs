//! INVITE client transaction (RFC 3261 section 17.1.1, RFC 6026 section 7.2).

use std::time::Duration;

use super::{Fault, Reaction};
use crate::timer::{TimerName, Timings};

/// The state machine for an INVITE we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteClient {
    state: State,
    reliable: bool,
    abandoned: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Calling {
        interval: Duration,
    },
    Proceeding,
    /// A 2xx came; more may, from other branches.
    Accepted,
    /// A failure came and was acknowledged.
    Completed,
}

impl InviteClient {
    /// The request goes out.
    pub fn start(reliable: bool, timings: &Timings) -> (Self, Reaction) {
        let state = State::Calling { interval: timings.t1 };
        let mut reaction = Reaction::send().and(TimerName::B, timings.give_up());
        if !reliable {
            reaction = reaction.and(TimerName::A, timings.t1);
        }
        (InviteClient { state, reliable, abandoned: false }, reaction)
    }

    /// Whether a provisional answer has come and no final one: when a CANCEL may be sent.
    pub fn is_proceeding(&self) -> bool {
        self.state == State::Proceeding
    }

    /// Whether no final answer has come.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Calling { .. } | State::Proceeding)
    }

    /// A response came.
    pub fn response(&mut self, status: u16, timings: &Timings) -> Reaction {
        match (&self.state, status) {
            (State::Calling { .. } | State::Proceeding, 100..=199) => {
                self.state = State::Proceeding;
                if self.abandoned {
                    return Reaction::deliver();
                }
                Reaction::deliver().then_only(TimerName::C, timings.c)
            }
            (State::Calling { .. } | State::Proceeding, 200..=299) => {
                self.state = State::Accepted;
                Reaction::deliver().then_only(TimerName::M, timings.give_up())
            }
            (State::Calling { .. } | State::Proceeding, _) => {
                self.state = State::Completed;
                let reaction = Reaction { ack: true, ..Reaction::deliver() };
                reaction.then_absorb(TimerName::D, timings.d, self.reliable)
            }
            (State::Accepted, 200..=299) => Reaction::deliver(),
            (State::Completed, 300..) => Reaction { ack: true, ..Reaction::nothing() },
            (State::Accepted | State::Completed, _) => Reaction::nothing(),
        }
    }

    /// Its answer is no longer wanted, for a CANCEL or a BYE: it must come within 64*T1 now
    /// (RFC 3261 section 9.1).
    pub fn abandoned(&mut self, timings: &Timings) -> Reaction {
        match self.state {
            State::Proceeding => {
                self.abandoned = true;
                Reaction::nothing().then_only(TimerName::B, timings.give_up())
            }
            State::Calling { .. } | State::Accepted | State::Completed => Reaction::nothing(),
        }
    }

    /// A timer is due.
    pub fn timer(&mut self, name: TimerName) -> Reaction {
        match (&mut self.state, name) {
            (State::Calling { interval }, TimerName::A) => {
                // Timer A doubles without bound (17.1.1.2): timer B ends it.
                *interval = interval.saturating_mul(2);
                Reaction::send().and(TimerName::A, *interval)
            }
            (State::Calling { .. } | State::Proceeding, TimerName::B) => Reaction::failed(Fault::Timeout),
            (State::Proceeding, TimerName::C) => {
                Reaction { fault: Some(Fault::RangTooLong), ..Reaction::nothing() }
            }
            (State::Accepted, TimerName::M) | (State::Completed, TimerName::D) => Reaction::over(),
            (State::Calling { .. } | State::Proceeding | State::Accepted | State::Completed, _) => {
                Reaction::nothing()
            }
        }
    }

    /// The transport failed.
    pub fn transport_failed(&mut self) -> Reaction {
        match self.state {
            State::Calling { .. } | State::Proceeding => Reaction::failed(Fault::Transport),
            State::Accepted | State::Completed => Reaction::nothing(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T1: Duration = Duration::from_millis(500);

    #[test]
    fn an_unanswered_invite_is_sent_again_at_doubling_intervals_until_timer_b() {
        let timings = Timings::default();
        let (mut fsm, first) = InviteClient::start(false, &timings);
        assert_eq!(first.set, [Some((TimerName::B, T1 * 64)), Some((TimerName::A, T1))]);
        for factor in [2, 4, 8, 16, 32] {
            let again = fsm.timer(TimerName::A);
            assert!(again.send);
            assert_eq!(again.set[0], Some((TimerName::A, T1 * factor)));
        }
        assert_eq!(fsm.timer(TimerName::B).fault, Some(Fault::Timeout));
    }

    #[test]
    fn a_failure_is_acknowledged_each_time_and_delivered_once() {
        let timings = Timings::default();
        let (mut fsm, _) = InviteClient::start(false, &timings);
        let first = fsm.response(486, &timings);
        assert!(first.ack && first.deliver && !first.ended);
        let again = fsm.response(486, &timings);
        assert!(again.ack && !again.deliver);
        assert!(fsm.timer(TimerName::D).ended);
    }

    #[test]
    fn on_a_reliable_transport_nothing_is_sent_again_and_a_failure_ends_it_at_once() {
        let timings = Timings::default();
        let (mut fsm, first) = InviteClient::start(true, &timings);
        assert_eq!(first.set, [Some((TimerName::B, T1 * 64)), None]);
        assert!(fsm.response(404, &timings).ended);
    }

    #[test]
    fn every_2xx_is_delivered_until_timer_m() {
        let timings = Timings::default();
        let (mut fsm, _) = InviteClient::start(false, &timings);
        assert!(fsm.response(200, &timings).deliver);
        assert!(fsm.response(200, &timings).deliver);
        assert!(!fsm.response(180, &timings).deliver);
        assert!(fsm.timer(TimerName::M).ended);
    }
}
