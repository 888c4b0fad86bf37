//! What is shown of agents.

use store::report::Language;
use store::statistics::AgentInterval;
use store::statistics::agent::State;

use crate::sheet::Figures;
use crate::when::{clock, percent};
use crate::words::{define, say};

impl Figures for AgentInterval {
    fn merge(&mut self, other: &Self) {
        self.figures.take_in(&other.figures);
        self.times.take_in(&other.times);
    }

    fn is_something(&self) -> bool {
        self.times.logged_in_ms() > 0 || self.figures.offered > 0 || self.figures.other_calls > 0
    }

    fn cells(&self) -> Vec<String> {
        let time = |state| clock(self.times.of(state));
        let of = &self.figures;
        vec![
            clock(self.times.logged_in_ms()),
            time(State::Ready),
            time(State::NotReady),
            time(State::Ringing),
            time(State::QueueCall),
            time(State::WrapUp),
            time(State::OtherCall),
            of.offered.to_string(),
            of.answered.to_string(),
            of.missed.to_string(),
            of.declined.to_string(),
            of.holds.to_string(),
            clock(of.hold_ms),
        ]
    }

    fn sums(&self, language: Language) -> Vec<(&'static str, String)> {
        let time = |state| clock(self.times.of(state));
        let (times, of) = (&self.times, &self.figures);
        let busy = times.of(State::QueueCall) + times.of(State::Ringing) + times.of(State::WrapUp);
        let named = |word, value| (say(language, word), value);
        vec![
            named("logged-in", clock(times.logged_in_ms())),
            named("ready", time(State::Ready)),
            named("not-ready", time(State::NotReady)),
            named("queue-calls", of.answered.to_string()),
            named("missed", (of.missed + of.declined).to_string()),
            named("wrap-up", time(State::WrapUp)),
            named("other-calls", of.other_calls.to_string()),
            named("occupancy", percent(busy, busy + times.of(State::Ready))),
        ]
    }

    fn columns(language: Language) -> Vec<&'static str> {
        [
            "logged-in",
            "ready",
            "not-ready",
            "rung",
            "queue-call",
            "wrap-up",
            "other-call",
            "offered",
            "answered",
            "missed",
            "declined",
            "holds",
            "on-hold",
        ]
        .map(|word| say(language, word))
        .to_vec()
    }

    fn called(language: Language) -> (&'static str, &'static str) {
        (say(language, "agent"), say(language, "by-agent"))
    }
}

/// What the numbers mean.
pub(crate) fn definitions(language: Language) -> Vec<(&'static str, &'static str)> {
    [
        ("logged-in", "logged-in"),
        ("ready", "states"),
        ("offered", "agent-offered"),
        ("missed", "missed"),
        ("holds", "agent-holds"),
        ("other-calls", "other-calls"),
        ("occupancy", "occupancy"),
    ]
    .map(|(word, definition)| (say(language, word), define(language, definition)))
    .to_vec()
}
