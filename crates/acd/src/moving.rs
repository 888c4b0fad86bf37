//! Moving: somebody takes a waiting call to another line, where it stands by how long it has waited in all.
//!
//! It leaves its line as one that was taken out of it, and enters the other like any call ([`crate::Entering::since`]).
//! Here is only said whether that can be, before anything has changed: a supervisor who moves a caller wants him
//! served, not sent away by the rule of a line that does not take him.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{CallId, QueueId, Timestamp};

use crate::acd::Acd;
use crate::input::Entering;
use crate::output::{AcdOutbox, QueueOutcome};
use crate::overflow;
use crate::waiting::Entry;

/// Why a call cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum NoMove {
    /// It does not wait in this queue, or its caller has hung up to be called back.
    NotWaiting,
    /// An agent has lifted the phone for it.
    BeingAnswered,
    /// The other queue would not let it in now.
    TurnedAway(QueueOutcome),
}

impl Acd {
    /// Whether a call that waits in `queue` can be moved to `to` now; nothing changes but for what was due.
    ///
    /// # Errors
    /// [`NoMove`] if it cannot.
    pub fn may_move(
        &mut self,
        (call, queue): (CallId, QueueId),
        to: QueueId,
        now: Timestamp,
        out: &mut AcdOutbox,
    ) -> Result<(), NoMove> {
        self.begin(now, out);
        let verdict = judge(self, (call, queue), to);
        self.finish(out);
        verdict
    }
}

fn judge(acd: &Acd, (call, queue): (CallId, QueueId), to: QueueId) -> Result<(), NoMove> {
    let waits = |entry: &&Entry| entry.queue == queue && entry.callback_since.is_none();
    let entry = acd.entries.get(&call).filter(waits).ok_or(NoMove::NotWaiting)?;
    if entry.live.iter().any(|id| acd.offers.get(id).is_some_and(|offer| offer.picked)) {
        return Err(NoMove::BeingAnswered);
    }
    let entering = Entering { priority: entry.priority, ..Entering::new(call, to, entry.received_at) };
    let rules = acd.lines.get(&to).map(|line| &line.rules);
    let there = Entry::new(entering, rules, acd.now);
    overflow::on_arrival(acd, &there).map_or(Ok(()), |(why, _)| Err(NoMove::TurnedAway(why)))
}
