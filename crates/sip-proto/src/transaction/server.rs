//! Non-INVITE server transaction (RFC 3261 section 17.2.2).

use super::Reaction;
use crate::timer::{TimerName, Timings};

/// The state machine for a request we received that is no INVITE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    state: State,
    reliable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Trying,
    Proceeding,
    Completed,
}

impl Server {
    /// A request came. Timer J runs from the start here: after it the peer no longer waits, and
    /// an application that never answers must not hold the transaction for ever.
    pub fn start(reliable: bool, timings: &Timings) -> (Self, Reaction) {
        let reaction = Reaction::deliver().and(TimerName::J, timings.give_up());
        (Server { state: State::Trying, reliable }, reaction)
    }

    /// Whether no final answer was given.
    pub fn is_open(&self) -> bool {
        self.state != State::Completed
    }

    /// The request came again.
    pub fn request(&self) -> Reaction {
        match self.state {
            State::Trying => Reaction::nothing(),
            State::Proceeding | State::Completed => Reaction::send(),
        }
    }

    /// We answer. Nothing happens if a final answer was given before.
    pub fn respond(&mut self, status: u16, timings: &Timings) -> Reaction {
        match (&self.state, status) {
            (State::Completed, _) => Reaction::nothing(),
            (State::Trying | State::Proceeding, ..200) => {
                self.state = State::Proceeding;
                Reaction::send()
            }
            (State::Trying | State::Proceeding, 200..) => {
                self.state = State::Completed;
                Reaction::send().then_absorb(TimerName::J, timings.give_up(), self.reliable)
            }
        }
    }

    /// A timer is due.
    pub fn timer(&mut self, name: TimerName) -> Reaction {
        if name == TimerName::J { Reaction::over() } else { Reaction::nothing() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retransmissions_are_answered_as_before_until_timer_j() {
        let timings = Timings::default();
        let (mut fsm, _) = Server::start(false, &timings);
        assert!(!fsm.request().send);
        assert!(fsm.respond(200, &timings).send);
        assert!(fsm.request().send);
        assert_eq!(fsm.respond(500, &timings), Reaction::nothing());
        assert!(fsm.timer(TimerName::J).ended);
        let (mut fsm, _) = Server::start(true, &timings);
        assert!(fsm.respond(200, &timings).ended);
    }
}
