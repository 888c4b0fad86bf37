//! A day as it was: who called, how long he waited or talked, who was there to take calls.
//!
//! [`Recorder`] is fed with what an engine said, step by step, from a journal for instance; [`Day`] is what it
//! keeps: enough to run the day again under another provisioning ([`crate::rerun`]), and the figures of the day
//! itself. Queues and agents go by their numbers, because another provisioning has other ids.

mod presence;
mod recorder;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Directory, ExtensionNumber, Pii, Timestamp};

pub use presence::Clocks;
pub(crate) use presence::is_after_miss;
pub use recorder::Recorder;

/// Most calls that are kept of a day; later ones are counted only.
pub const CALLS_MAX: usize = 2_000_000;

/// A day as it was.
#[derive(Clone, Debug)]
pub struct Day {
    /// What was provisioned, at the end of it.
    pub directory: Arc<Directory>,
    /// Every call that stood in a line, by arrival.
    pub calls: Vec<PastCall>,
    /// What each agent did in each of her queues; by moment.
    pub presence: BTreeMap<Post, Vec<(Timestamp, Presence)>>,
    /// When an agent was on a call that was no queue's.
    pub other_calls: Vec<(ExtensionNumber, Timestamp, Timestamp)>,
    /// How many offers each agent had, and how many of them she missed or declined.
    pub offers: BTreeMap<ExtensionNumber, (u64, u64)>,
    /// How long agents stayed away after a missed call made them not ready, microseconds.
    pub away_after_miss: Vec<i64>,
    /// What each agent's time went into.
    pub clocks: BTreeMap<ExtensionNumber, Clocks>,
    /// From the first to the last thing that happened.
    pub from: Timestamp,
    /// See `from`.
    pub to: Timestamp,
    /// Calls that were not kept, because there are more than [`CALLS_MAX`].
    pub calls_dropped: u64,
}

impl Day {
    /// Leaves only the last `calls`, with what agents did from then on; [`Self::clocks`] stay those of the whole.
    pub fn keep_last(&mut self, calls: usize) {
        let Some(first) = self.calls.len().checked_sub(calls.max(1)).and_then(|first| self.calls.get(first))
        else {
            return;
        };
        let from = first.at;
        self.from = from;
        self.calls.retain(|call| call.at >= from);
        self.other_calls.retain(|(_, _, to)| *to > from);
        for line in self.presence.values_mut() {
            let before = line.iter().filter(|(at, _)| *at <= from).count();
            line.drain(..before.saturating_sub(1));
            if let Some((at, _)) = line.first_mut().filter(|_| before > 0) {
                *at = from;
            }
        }
    }
}

/// An agent's place in a queue, by their numbers.
pub type Post = (ExtensionNumber, ExtensionNumber);

/// What an agent did in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Logged out, or no phone.
    Out,
    /// Logged in and not ready by her own will.
    Away,
    /// Ready, at work on a call, or not ready only because her working hours were over.
    In,
}

/// A call as it was.
#[derive(Clone, Debug)]
pub struct PastCall {
    /// When it reached its first line.
    pub at: Timestamp,
    /// Who called.
    pub caller: Pii<String>,
    /// What was dialed.
    pub dialed: String,
    /// Its first line.
    pub queue: ExtensionNumber,
    /// How long it stood in lines, microseconds.
    pub waited: i64,
    /// Within which wait an answer counted as in time, microseconds.
    pub threshold: i64,
    /// How it ended.
    pub end: PastEnd,
}

/// How a call's stay in line ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastEnd {
    /// An agent answered.
    Answered {
        /// Who; none if she has no extension any more.
        agent: Option<ExtensionNumber>,
        /// How long she was rung, microseconds.
        ring: i64,
        /// How long they talked, microseconds.
        talk: i64,
        /// How long she then worked on, where she ended that herself, microseconds.
        wrap_up: Option<i64>,
    },
    /// The caller gave up.
    Abandoned,
    /// A rule sent him away, or somebody took him out.
    Left,
}
