//! Signs of life: whether somebody still answers behind a connection that stands.
//!
//! A WebSocket stays open while the page behind it is frozen or the computer is asleep: a call that is sent there
//! rings nobody. So each is asked for an answer now and then (OPTIONS, RFC 3261 section 11), and whatever comes on
//! it is one. Where several questions in a row were not answered nobody is there, until something is heard again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::{Flow, Moment};

/// How patient we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeartbeatLimits {
    /// Silence after which is asked, and the time that an answer has.
    pub every: Duration,
    /// So many questions without an answer, one after the other, and nobody is there.
    pub unanswered_max: u32,
    /// How often is asked where nobody is: a page that wakes answers all that it was asked meanwhile.
    pub silent_every: Duration,
}

impl Default for HeartbeatLimits {
    /// Asked after 5 s of silence, gone after two questions: 15 s after it was heard last, at the latest.
    fn default() -> Self {
        Self { every: Duration::from_secs(5), unanswered_max: 2, silent_every: Duration::from_secs(60) }
    }
}

/// What is to be done about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Ask for an answer.
    Ask(Flow),
    /// Nobody is there.
    Silent(Flow),
}

#[derive(Clone, Copy, Debug)]
struct Beat {
    due: Moment,
    unanswered: u32,
    silent: bool,
}

/// The connections that are watched.
#[derive(Debug, Default)]
pub struct Heartbeats {
    limits: HeartbeatLimits,
    beats: BTreeMap<Flow, Beat>,
    by_time: BTreeSet<(Moment, Flow)>,
}

impl Heartbeats {
    /// None yet.
    #[must_use]
    pub fn new(limits: HeartbeatLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Watches a connection, on which something was heard just now.
    pub fn watch(&mut self, flow: Flow, now: Moment) {
        self.set(flow, Beat { due: now + self.limits.every, unanswered: 0, silent: false });
    }

    /// Watches it no more.
    pub fn forget(&mut self, flow: Flow) {
        if let Some(beat) = self.beats.remove(&flow) {
            self.by_time.remove(&(beat.due, flow));
        }
    }

    /// Something came. True if nobody had been there.
    pub fn heard(&mut self, flow: Flow, now: Moment) -> bool {
        let Some(was_silent) = self.beats.get(&flow).map(|beat| beat.silent) else { return false };
        self.watch(flow, now);
        was_silent
    }

    /// Something was sent that is answered at once wherever somebody is: it is the last question.
    pub fn expect(&mut self, flow: Flow, now: Moment) {
        let (most, by) = (self.limits.unanswered_max, now + self.limits.every);
        let beat = self.beats.get(&flow).copied();
        if let Some(beat) = beat.filter(|beat| !beat.silent && (beat.unanswered < most || beat.due > by)) {
            self.set(flow, Beat { due: by, unanswered: most, ..beat });
        }
    }

    /// The next thing to be done at this moment; to be called until there is none.
    pub fn next_due(&mut self, now: Moment) -> Option<Due> {
        let (_, flow) = self.by_time.first().copied().filter(|(due, _)| *due <= now)?;
        let beat = self.beats.get(&flow).copied()?;
        let HeartbeatLimits { every, unanswered_max, silent_every } = self.limits;
        if beat.silent {
            self.set(flow, Beat { due: now + silent_every, ..beat });
            return Some(Due::Ask(flow));
        }
        if beat.unanswered >= unanswered_max {
            self.set(flow, Beat { due: now + silent_every, silent: true, ..beat });
            return Some(Due::Silent(flow));
        }
        self.set(flow, Beat { due: now + every, unanswered: beat.unanswered + 1, ..beat });
        Some(Due::Ask(flow))
    }

    /// When there is something to be done.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Moment> {
        self.by_time.first().map(|(due, _)| *due)
    }

    fn set(&mut self, flow: Flow, beat: Beat) {
        self.forget(flow);
        self.beats.insert(flow, beat);
        self.by_time.insert((beat.due, flow));
    }
}
