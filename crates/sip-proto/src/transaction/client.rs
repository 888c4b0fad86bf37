//! Non-INVITE client transaction (RFC 3261 section 17.1.2).

use std::time::Duration;

use super::{Fault, Reaction};
use crate::timer::{TimerName, Timings};

/// The state machine for a request we sent that is no INVITE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    state: State,
    reliable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Trying { interval: Duration },
    Proceeding,
    Completed,
}

impl Client {
    /// The request goes out.
    pub fn start(reliable: bool, timings: &Timings) -> (Self, Reaction) {
        let state = State::Trying { interval: timings.t1 };
        let mut reaction = Reaction::send().and(TimerName::F, timings.give_up());
        if !reliable {
            reaction = reaction.and(TimerName::E, timings.t1);
        }
        (Client { state, reliable }, reaction)
    }

    /// A response came.
    pub fn response(&mut self, status: u16, timings: &Timings) -> Reaction {
        match (&self.state, status) {
            (State::Completed, _) => Reaction::nothing(),
            (State::Trying { .. } | State::Proceeding, ..200) => {
                self.state = State::Proceeding;
                Reaction::deliver()
            }
            (State::Trying { .. } | State::Proceeding, 200..) => {
                self.state = State::Completed;
                Reaction::deliver().then_absorb(TimerName::K, timings.t4, self.reliable)
            }
        }
    }

    /// A timer is due.
    pub fn timer(&mut self, name: TimerName, timings: &Timings) -> Reaction {
        match (&mut self.state, name) {
            (State::Trying { interval }, TimerName::E) => {
                *interval = timings.back_off(*interval);
                Reaction::send().and(TimerName::E, *interval)
            }
            (State::Proceeding, TimerName::E) => Reaction::send().and(TimerName::E, timings.t2),
            (State::Trying { .. } | State::Proceeding, TimerName::F) => Reaction::failed(Fault::Timeout),
            (State::Completed, TimerName::K) => Reaction::over(),
            (State::Trying { .. } | State::Proceeding | State::Completed, _) => Reaction::nothing(),
        }
    }

    /// The transport failed.
    pub fn transport_failed(&mut self) -> Reaction {
        match self.state {
            State::Trying { .. } | State::Proceeding => Reaction::failed(Fault::Transport),
            State::Completed => Reaction::nothing(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_sent_again_up_to_t2_and_given_up_by_timer_f() {
        let timings = Timings::default();
        let (mut fsm, first) = Client::start(false, &timings);
        assert!(first.send);
        let waits: Vec<_> =
            (0..4).map(|_| fsm.timer(TimerName::E, &timings).set[0].unwrap().1.as_millis()).collect();
        assert_eq!(waits, [1000, 2000, 4000, 4000]);
        assert!(fsm.response(100, &timings).deliver);
        assert_eq!(fsm.timer(TimerName::E, &timings).set[0].unwrap().1, timings.t2);
        assert_eq!(fsm.timer(TimerName::F, &timings).fault, Some(Fault::Timeout));
    }

    #[test]
    fn the_final_answer_is_delivered_once() {
        let timings = Timings::default();
        let (mut fsm, _) = Client::start(false, &timings);
        assert!(fsm.response(200, &timings).deliver);
        assert_eq!(fsm.response(200, &timings), Reaction::nothing());
        assert!(fsm.timer(TimerName::K, &timings).ended);
        let (mut fsm, _) = Client::start(true, &timings);
        assert!(fsm.response(200, &timings).ended);
    }
}
