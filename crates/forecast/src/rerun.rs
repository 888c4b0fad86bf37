//! A recorded day under another provisioning: what would have happened?
//!
//! The same core as in production runs with the other queues, members, skills and rules. From the day it takes:
//!
//! * every call with its moment, its number and what it dialed; a number that the other provisioning routes to a
//!   queue goes there, every other call to the queue with the number of its first line;
//! * how long it then talked. Who was never answered talks as long as another caller of that queue, by chance;
//! * patience. Who gave up gives up at that same wait; who was answered sooner waited that long at least, and beyond
//!   that gives up as the day's own callers did ([`Patience`]), by chance;
//! * agents. She is there, away or out of a queue as she was; in a queue that is new to her as in her others. Who
//!   is new is there from the first to the last call. Working hours are those of the other provisioning: who was sent
//!   home by hers goes on until the others end or she logs out, and nobody becomes ready after they have ended who
//!   did so while hers went on;
//! * how long it takes her to answer: as long as it took on this call, else on another by chance; and offers are
//!   missed as often as she missed them. Direct calls keep her busy as they did;
//! * wrap-up by the rules of the other provisioning, cut short where she had cut it short.
//!
//! Chance comes from the seed. Several runs with different chance give means and their errors.

mod agents;
mod figures;
mod lot;
mod touched;
mod world;

use std::collections::BTreeMap;

use model::{Did, Directory, FallbackAction, Queue};

use crate::day::{Day, PastCall};
use lot::Lot;

pub use figures::{AgentFigures, Counts, Figures, gini, past};
pub use touched::touched;

/// Most runs of one comparison.
pub const RUNS_MAX: u32 = 1_000;

/// A day made ready to be run again.
#[derive(Debug)]
pub struct Rerun<'a> {
    day: &'a Day,
    directory: Directory,
    seed: u64,
    lot: Lot,
}

impl<'a> Rerun<'a> {
    /// The day under `directory`.
    #[must_use]
    pub fn new(day: &'a Day, directory: Directory, seed: u64) -> Self {
        Self { lot: Lot::of(day), day, directory, seed }
    }

    /// Run number `index`; each is independent of the others, so they may run side by side.
    #[must_use]
    pub fn run(&self, index: u32) -> Figures {
        self.run_while(index, &mut || true).unwrap_or_default()
    }

    /// The same as long as `go_on` says so, which is asked every few hundred steps; none if it was stopped.
    #[must_use]
    pub fn run_while(&self, index: u32, go_on: &mut dyn FnMut() -> bool) -> Option<Figures> {
        world::run(self, index, go_on)
    }

    /// Where a call goes: its queue, and the number that routes it, if one does.
    fn entry(&self, call: &PastCall) -> (Option<&Queue>, Option<&Did>) {
        let did = self.directory.numbers.get(&call.dialed);
        let number = match did.map(|did| &did.open) {
            Some(FallbackAction::Queue(number)) => number,
            Some(
                FallbackAction::Extension(_)
                | FallbackAction::Flow(_)
                | FallbackAction::RingGroup(_)
                | FallbackAction::External(_)
                | FallbackAction::Hangup { .. }
                | FallbackAction::Voicemail { .. },
            )
            | None => &call.queue,
        };
        (self.directory.queue(number.as_str()), did)
    }
}

/// How many calls of the day find no queue under this provisioning, by the number of the queue that is missing.
#[must_use]
pub fn unrouted(rerun: &Rerun<'_>) -> BTreeMap<String, u64> {
    let mut missing = BTreeMap::new();
    for call in rerun.day.calls.iter().filter(|call| rerun.entry(call).0.is_none()) {
        *missing.entry(call.queue.to_string()).or_default() += 1;
    }
    missing
}

#[cfg(doc)]
use crate::patience::Patience;
