//! INVITE server transaction (RFC 3261 section 17.2.1, RFC 6026 section 7.1).

use std::time::Duration;

use super::Reaction;
use crate::timer::{TimerName, Timings};

/// The state machine for an INVITE we received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteServer {
    state: State,
    reliable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Proceeding,
    /// A failure was sent; the ACK is awaited.
    Completed {
        interval: Duration,
    },
    /// The ACK of the failure came.
    Confirmed,
    /// A 2xx was sent; the dialog, not the transaction, sends it again.
    Accepted,
}

impl InviteServer {
    /// An INVITE came.
    pub fn start(reliable: bool) -> Self {
        InviteServer { state: State::Proceeding, reliable }
    }

    /// Whether no final answer was given.
    pub fn is_open(&self) -> bool {
        self.state == State::Proceeding
    }

    /// Whether a 2xx was given: then the ACK is the dialog's.
    pub fn has_accepted(&self) -> bool {
        self.state == State::Accepted
    }

    /// The INVITE came again.
    pub fn request(&self) -> Reaction {
        match self.state {
            State::Proceeding | State::Completed { .. } => Reaction::send(),
            State::Confirmed | State::Accepted => Reaction::nothing(),
        }
    }

    /// We answer. Nothing happens if a final answer was given before.
    pub fn respond(&mut self, status: u16, timings: &Timings) -> Reaction {
        if !self.is_open() {
            return Reaction::nothing();
        }
        match status {
            ..200 => Reaction::send(),
            200..=299 => {
                self.state = State::Accepted;
                Reaction::send().then_only(TimerName::L, timings.give_up())
            }
            300.. => {
                self.state = State::Completed { interval: timings.t1 };
                let reaction = Reaction::send().then_only(TimerName::H, timings.give_up());
                if self.reliable { reaction } else { reaction.and(TimerName::G, timings.t1) }
            }
        }
    }

    /// The ACK of a failure came.
    pub fn ack(&mut self, timings: &Timings) -> Reaction {
        match self.state {
            State::Completed { .. } => {
                self.state = State::Confirmed;
                Reaction::nothing().then_absorb(TimerName::I, timings.t4, self.reliable)
            }
            State::Proceeding | State::Confirmed | State::Accepted => Reaction::nothing(),
        }
    }

    /// A timer is due.
    pub fn timer(&mut self, name: TimerName, timings: &Timings) -> Reaction {
        match (&mut self.state, name) {
            (State::Completed { interval }, TimerName::G) => {
                *interval = timings.back_off(*interval);
                Reaction::send().and(TimerName::G, *interval)
            }
            // Without an ACK the peer has the failure or is gone: there is nobody to tell.
            (State::Completed { .. }, TimerName::H)
            | (State::Confirmed, TimerName::I)
            | (State::Accepted, TimerName::L) => Reaction::over(),
            (State::Proceeding | State::Completed { .. } | State::Confirmed | State::Accepted, _) => {
                Reaction::nothing()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_sent_again_until_the_ack() {
        let timings = Timings::default();
        let mut fsm = InviteServer::start(false);
        assert!(fsm.respond(180, &timings).send);
        assert!(fsm.respond(486, &timings).send);
        let waits: Vec<_> =
            (0..5).map(|_| fsm.timer(TimerName::G, &timings).set[0].unwrap().1.as_millis()).collect();
        assert_eq!(waits, [1000, 2000, 4000, 4000, 4000]);
        assert!(fsm.request().send);
        assert_eq!(fsm.ack(&timings).set[0], Some((TimerName::I, timings.t4)));
        assert!(!fsm.request().send);
        assert!(fsm.timer(TimerName::I, &timings).ended);
    }

    #[test]
    fn a_final_answer_is_the_last_one() {
        let timings = Timings::default();
        let mut fsm = InviteServer::start(false);
        assert!(fsm.respond(200, &timings).send);
        assert_eq!(fsm.respond(487, &timings), Reaction::nothing());
        assert_eq!(fsm.request(), Reaction::nothing());
        assert!(fsm.timer(TimerName::L, &timings).ended);
    }

    #[test]
    fn a_reliable_transport_needs_no_retransmission_and_no_absorbing() {
        let timings = Timings::default();
        let mut fsm = InviteServer::start(true);
        assert_eq!(fsm.respond(404, &timings).set[1], None);
        assert!(fsm.ack(&timings).ended);
    }
}
