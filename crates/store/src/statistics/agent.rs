//! An agent's figures: what she was offered, and what she did all the time.
//!
//! Her times are whole milliseconds of moments that were cut to milliseconds first, so that they add up without a rest:
//! the states of an interval are all of it, and those of all intervals all of the span.

use std::collections::BTreeMap;

use engine::LegStatus;
use model::{QueueId, Timestamp};

use super::Held;
use super::intervals::Intervals;

/// What an agent does, the more telling the later. What she does is the most telling of what she does in her queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No phone of hers is registered.
    Offline,
    /// Not logged in.
    LoggedOut,
    /// Takes no queue calls.
    NotReady,
    /// Takes queue calls.
    Ready,
    /// Works after a call.
    WrapUp,
    /// A queue call rings her.
    Ringing,
    /// Talks on a call that is not of a queue.
    OtherCall,
    /// Talks on a queue call.
    QueueCall,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Offline,
        Self::LoggedOut,
        Self::NotReady,
        Self::Ready,
        Self::WrapUp,
        Self::Ringing,
        Self::OtherCall,
        Self::QueueCall,
    ];

    /// Its word in the agent log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::LoggedOut => "logged_out",
            Self::NotReady => "not_ready",
            Self::Ready => "ready",
            Self::WrapUp => "wrap_up",
            Self::Ringing => "ringing",
            Self::OtherCall => "other_call",
            Self::QueueCall => "queue_call",
        }
    }

    /// That of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether she is logged in.
    #[must_use]
    pub const fn is_logged_in(self) -> bool {
        match self {
            Self::Offline | Self::LoggedOut => false,
            Self::NotReady
            | Self::Ready
            | Self::WrapUp
            | Self::Ringing
            | Self::OtherCall
            | Self::QueueCall => true,
        }
    }
}

/// How long she was in each state, milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    states: BTreeMap<State, u64>,
    /// Before the first thing that is known of her.
    pub unknown_ms: u64,
}

impl Times {
    /// In one of them.
    #[must_use]
    pub fn of(&self, state: State) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// In all in which she is logged in.
    #[must_use]
    pub fn logged_in_ms(&self) -> u64 {
        self.states.iter().filter(|(state, _)| state.is_logged_in()).map(|(_, ms)| ms).sum()
    }

    /// In all of them, what is not known too.
    #[must_use]
    pub fn all_ms(&self) -> u64 {
        self.states.values().sum::<u64>() + self.unknown_ms
    }

    /// Takes the times of another interval, or of another agent, in.
    pub fn take_in(&mut self, Self { states, unknown_ms }: &Self) {
        for (state, ms) in states {
            *self.states.entry(*state).or_default() += ms;
        }
        self.unknown_ms += unknown_ms;
    }

    fn add(&mut self, state: Option<State>, ms: u64) {
        match state {
            Some(state) => *self.states.entry(state).or_default() += ms,
            None => self.unknown_ms += ms,
        }
    }
}

/// A change of what she does in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub queue: QueueId,
    /// What she does from then on; none: nothing there any more.
    pub state: Option<State>,
}

/// How long she was in each state in each interval, until `until` at the latest. `changes` are in order; those before the
/// first interval say what she did when it began.
#[must_use]
pub fn times(intervals: &Intervals, changes: &[Change], until: Timestamp) -> Vec<Times> {
    let mut times = vec![Times::default(); intervals.count()];
    let mut queues: BTreeMap<QueueId, State> = BTreeMap::new();
    let end = ms(intervals.end()).min(ms(until));
    let mut at = ms(intervals.begin());
    let bounds: Vec<(i64, i64)> = intervals.iter().map(|(begins, ends)| (ms(begins), ms(ends))).collect();
    let mut index = 0;
    let mut spend = |to: i64, state: Option<State>| {
        while at < to.min(end) {
            let Some(((_, ends), times)) = bounds.get(index).zip(times.get_mut(index)) else { return };
            let until = (*ends).min(to).min(end);
            times.add(state, u64::try_from(until - at).unwrap_or_default());
            at = until;
            if at >= *ends {
                index += 1;
            }
        }
    };
    for change in changes {
        spend(ms(change.at), queues.values().max().copied());
        match change.state {
            Some(state) => queues.insert(change.queue, state),
            None => queues.remove(&change.queue),
        };
    }
    spend(end, queues.values().max().copied());
    times
}

/// A moment in whole milliseconds.
fn ms(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}

/// A call's way to her phone, as figures are made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Whether it was of a queue.
    pub of_queue: bool,
    /// How it ended.
    pub status: LegStatus,
    /// How long it lasted from her answer to its end, milliseconds; none if she did not answer.
    pub talked_ms: Option<u64>,
    /// What of that she had the other one on hold.
    pub held: Held,
}

/// Sums over an agent's calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentFigures {
    /// Queue calls that her phones were called for: each is counted below exactly once.
    pub offered: u64,
    /// She answered.
    pub answered: u64,
    /// It rang out.
    pub missed: u64,
    /// She declined.
    pub declined: u64,
    /// Her phones were busy, or could not be reached.
    pub unreachable: u64,
    /// It stopped before: the caller was gone, or somebody else had answered.
    pub withdrawn: u64,
    /// How long she was on queue calls, together.
    pub talk_ms: u64,
    /// How often she put their callers on hold.
    pub holds: u64,
    /// How long together, milliseconds; it is part of the talk.
    pub hold_ms: u64,
    /// Other calls that were answered.
    pub other_calls: u64,
    /// How long they lasted, together.
    pub other_talk_ms: u64,
    /// How often she put somebody on hold on them.
    pub other_holds: u64,
    /// How long together, milliseconds.
    pub other_hold_ms: u64,
}

impl AgentFigures {
    /// Takes the figures of another interval, or of another agent, in.
    pub fn take_in(&mut self, other: &Self) {
        // Taken apart, so that a figure that comes is not forgotten here.
        let Self {
            offered,
            answered,
            missed,
            declined,
            unreachable,
            withdrawn,
            talk_ms,
            holds,
            hold_ms,
            other_calls,
            other_talk_ms,
            other_holds,
            other_hold_ms,
        } = other;
        self.offered += offered;
        self.answered += answered;
        self.missed += missed;
        self.declined += declined;
        self.unreachable += unreachable;
        self.withdrawn += withdrawn;
        self.talk_ms += talk_ms;
        self.holds += holds;
        self.hold_ms += hold_ms;
        self.other_calls += other_calls;
        self.other_talk_ms += other_talk_ms;
        self.other_holds += other_holds;
        self.other_hold_ms += other_hold_ms;
    }

    /// Counts a leg.
    pub fn add(&mut self, leg: &Leg) {
        if !leg.of_queue {
            self.other_calls += u64::from(leg.talked_ms.is_some());
            self.other_talk_ms += leg.talked_ms.unwrap_or_default();
            self.other_holds += leg.held.count;
            self.other_hold_ms += leg.held.ms;
            return;
        }
        self.offered += 1;
        self.talk_ms += leg.talked_ms.unwrap_or_default();
        self.holds += leg.held.count;
        self.hold_ms += leg.held.ms;
        match leg.status {
            LegStatus::Answered => self.answered += 1,
            LegStatus::NoAnswer => self.missed += 1,
            LegStatus::Declined => self.declined += 1,
            LegStatus::Busy | LegStatus::Failed => self.unreachable += 1,
            LegStatus::Cancelled | LegStatus::Ringing => self.withdrawn += 1,
        }
    }
}
