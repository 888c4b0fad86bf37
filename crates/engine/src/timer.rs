//! One table of the engine's own deadlines; the ACD keeps its own.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};

use acd::AcdInput;
use model::{CallId, LegId, Timestamp};

use crate::call::{accept, alert, callback, clear, direct, enter, flow, in_queue, prompt, voicemail};
use crate::engine::Engine;
use crate::hours;
use crate::mailboxes;
use crate::step::Step;

/// What a deadline is for. Each owner has at most one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) enum TimerKind {
    /// A dialed party that no queue offered the call to has rung long enough.
    RingTimeout(CallId),
    /// A message should have been over long ago.
    PromptOverdue(CallId),
    /// A caller's flow waits no longer.
    FlowDue(CallId),
    /// A leg that was told to end should have ended long ago.
    EndOverdue(CallId),
    /// A warned caller has pressed no key.
    KeyOverdue(CallId),
    /// An agent who answered should have heard the announcement, or accepted, by now.
    AcceptOverdue(LegId),
    /// The hours of some agent begin or end.
    HoursEdge,
    /// A waiting caller hears something, or what he hears should have been over.
    HearsNext(CallId),
    /// A caller who was not reached is to be called back once more.
    CallbackRetry(CallId),
    /// Places kept over a restart are given up.
    PlacesLapse,
    /// A caller with a mailbox has pressed nothing, or what she hears should have been over.
    VoicemailOverdue(CallId),
    /// A message has been kept for as long as its box says.
    MessagesLapse,
    /// The phone of an offered agent should have said by now that it rings.
    AlertOverdue(LegId),
}

/// Deadlines by kind and by time.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Timers {
    at: BTreeMap<TimerKind, Timestamp>,
    order: BTreeSet<(Timestamp, TimerKind)>,
}

impl Timers {
    /// Sets it, in place of an earlier one of the same kind.
    pub(crate) fn set(&mut self, kind: TimerKind, at: Timestamp) {
        self.stop(kind);
        self.at.insert(kind, at);
        self.order.insert((at, kind));
    }

    pub(crate) fn stop(&mut self, kind: TimerKind) {
        if let Some(at) = self.at.remove(&kind) {
            self.order.remove(&(at, kind));
        }
    }

    /// Takes out the one of this kind, if it is due.
    pub(crate) fn is_due(&mut self, kind: TimerKind, now: Timestamp) -> bool {
        let due = self.at.get(&kind).is_some_and(|at| *at <= now);
        if due {
            self.stop(kind);
        }
        due
    }

    /// Takes out the earliest that is due.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<TimerKind> {
        let &(at, kind) = self.order.first()?;
        if at > now {
            return None;
        }
        self.stop(kind);
        Some(kind)
    }

    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.order.first().map(|&(at, _)| at)
    }
}

/// Lets everything happen that is due.
///
/// Working hours come first, however late the clock is: whose hours are over is not to be given what another deadline
/// sets free. What was not accepted in time is told last, and together with the ACD's own clocks of this moment: a call or
/// an agent that becomes free with it must not be decided upon before them.
pub(crate) fn tick(engine: &mut Engine, step: &mut Step<'_>) {
    if engine.timers.is_due(TimerKind::HoursEdge, step.now) {
        hours::look(engine, step);
    }
    let mut offers = Vec::new();
    while let Some(kind) = engine.timers.due(step.now) {
        match kind {
            TimerKind::RingTimeout(call) => direct::ring_timeout(engine, call, step),
            TimerKind::PromptOverdue(call) => prompt::overdue(engine, call, step),
            TimerKind::FlowDue(call) => flow::tell(engine, call, callflow::Input::Tick, step),
            TimerKind::EndOverdue(call) => clear::end_overdue(engine, call, step),
            TimerKind::KeyOverdue(call) => enter::key_overdue(engine, call, step),
            TimerKind::AcceptOverdue(leg) => offers.extend(accept::overdue(engine, leg, step)),
            TimerKind::AlertOverdue(leg) => alert::overdue(engine, leg, step),
            TimerKind::CallbackRetry(call) => callback::retry(engine, call, step),
            TimerKind::HearsNext(call) => in_queue::due(engine, call, step),
            TimerKind::VoicemailOverdue(call) => voicemail::overdue(engine, call, step),
            TimerKind::MessagesLapse => mailboxes::lapse(engine, step),
            TimerKind::HoursEdge => hours::look(engine, step),
            TimerKind::PlacesLapse => {
                if let Some(next) = engine.resumable.lapse(step.now) {
                    engine.timers.set(TimerKind::PlacesLapse, next);
                }
            }
        }
    }
    let due = if offers.is_empty() { AcdInput::Tick } else { AcdInput::NotAccepted { offers } };
    engine.tell_acd(due, step);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_a_stopped_one_never() {
        let mut timers = Timers::default();
        let (ring, prompt, end) = (
            TimerKind::RingTimeout(CallId(1)),
            TimerKind::PromptOverdue(CallId(2)),
            TimerKind::EndOverdue(CallId(3)),
        );
        timers.set(ring, Timestamp::from_secs(9));
        timers.set(prompt, Timestamp::from_secs(2));
        timers.set(end, Timestamp::from_secs(1));
        timers.set(ring, Timestamp::from_secs(3));
        timers.stop(end);
        assert_eq!(timers.next(), Some(Timestamp::from_secs(2)));
        assert_eq!(timers.due(Timestamp::from_secs(1)), None);
        assert_eq!(timers.due(Timestamp::from_secs(3)), Some(prompt));
        assert_eq!(timers.due(Timestamp::from_secs(3)), Some(ring));
        assert_eq!((timers.due(Timestamp::from_secs(99)), timers.next()), (None, None));
    }
}
