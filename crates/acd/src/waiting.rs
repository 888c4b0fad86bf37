//! The waiting line of one queue: who is next, who stands where, who may be offered to an agent now.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use model::{AgentId, CallId, FallbackAction, OfferId, Queue, QueueId, Timestamp};

use crate::acd::Acd;
use crate::candidate::Standing;
use crate::input::{Entering, Gone};
use crate::output::{AcdOutbox, AcdOutput, OfferOutcome, QueueOutcome};
use crate::timer::TimerKind;
use crate::{dispatch, never, offer, overflow, strategy};

/// A call's place: higher priority first, then who entered earlier, then the lower call id. It never changes
/// while the call stays in the line, however many offers fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) struct Place {
    /// How far from the highest priority: lower is served first.
    pub(crate) below: u8,
    /// When it entered this line.
    pub(crate) enqueued_at: Timestamp,
    /// The call.
    pub(crate) call: CallId,
}

/// One call in a line.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Entry {
    /// The queue it is in: one at a time.
    pub(crate) queue: QueueId,
    /// Where it stands.
    pub(crate) place: Place,
    /// When it reached the switch.
    pub(crate) received_at: Timestamp,
    /// Its offers that ring, oldest first.
    pub(crate) live: Vec<OfferId>,
    /// How many offers it has had.
    pub(crate) offers_made: u32,
    /// Who declined it: never asked again for this stay in the line.
    pub(crate) declined: BTreeSet<AgentId>,
}

/// One queue: its rules, its line, its members.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Line {
    /// As provisioned.
    pub(crate) rules: Queue,
    /// No longer provisioned; kept while a member still talks on one of its calls.
    pub(crate) deleted: bool,
    /// Everybody who waits, offered ones included.
    pub(crate) places: BTreeSet<Place>,
    /// Those of them who may be offered to one more agent.
    pub(crate) open: BTreeSet<Place>,
    /// The members, logged in or not, and how they stand; kept current by `dispatch::refresh`.
    pub(crate) members: BTreeMap<AgentId, Standing>,
    /// The members who would be given a call; kept current by `dispatch::refresh`.
    pub(crate) available: BTreeSet<AgentId>,
    /// The members who are logged in and reachable (A19); kept current by `dispatch::refresh`.
    pub(crate) staffed: BTreeSet<AgentId>,
}

impl Line {
    /// An empty line.
    pub(crate) fn new(rules: Queue) -> Self {
        Self {
            rules,
            deleted: false,
            places: BTreeSet::new(),
            open: BTreeSet::new(),
            members: BTreeMap::new(),
            available: BTreeSet::new(),
            staffed: BTreeSet::new(),
        }
    }

    /// The position of `place`, from 1. Counts from both ends at once, so that neither a place near the head
    /// nor a newcomer at the tail costs a walk through the line.
    pub(crate) fn position(&self, place: Place) -> u32 {
        let mut ahead = self.places.range(..place);
        let mut behind = self.places.range((Excluded(place), Unbounded));
        let mut steps = 0;
        let position = loop {
            if ahead.next().is_none() {
                break steps + 1;
            }
            if behind.next().is_none() {
                break self.places.len().saturating_sub(steps);
            }
            steps += 1;
        };
        u32::try_from(position).unwrap_or(u32::MAX)
    }

    /// How many callers it takes: the queue's own number within the ACD's limit.
    pub(crate) fn depth_max(&self, limit: u32) -> usize {
        let own = if self.rules.max_callers == 0 { limit } else { self.rules.max_callers.min(limit) };
        usize::try_from(own).unwrap_or(usize::MAX)
    }
}

/// A call enters a line, unless the queue's rules send it elsewhere at once.
pub(crate) fn enqueue(acd: &mut Acd, entering: Entering, out: &mut AcdOutbox) {
    let Entering { call, queue, priority, received_at, .. } = entering;
    if acd.entries.contains_key(&call) {
        never::fault(out, call, "a call entered a line while it stood in one");
        return;
    }
    let enqueued_at = acd.now;
    // Timers that fired in this step may have sent the last agent home.
    dispatch::refresh_stale(acd);
    let place = Place { below: u8::MAX - priority, enqueued_at, call };
    let entry =
        Entry { queue, place, received_at, live: Vec::new(), offers_made: 0, declined: BTreeSet::new() };
    if let Some((outcome, next)) = overflow::on_arrival(acd, queue) {
        overflow::record(acd, &entry, outcome, out);
        out.push(AcdOutput::LeftQueue { call, queue, outcome, enqueued_at, next: Some(next) });
        return;
    }
    let Some(line) = acd.lines.get_mut(&queue) else { return };
    line.places.insert(place);
    out.push(AcdOutput::Queued { call, queue, position: line.position(place), enqueued_at });
    if let Some(until) = overflow::wait_limit(&line.rules, enqueued_at) {
        acd.timers.set(TimerKind::WaitExpires(call), until);
    }
    acd.entries.insert(call, entry);
    reopen(acd, call);
}

/// The caller hung up or was taken away; nothing if the call does not wait.
pub(crate) fn caller_gone(acd: &mut Acd, call: CallId, why: Gone, out: &mut AcdOutbox) {
    let outcome = match why {
        Gone::HungUp => QueueOutcome::Abandoned,
        Gone::Removed => QueueOutcome::Removed,
    };
    leave(acd, call, (OfferOutcome::CallerGone, outcome), None, out);
}

/// Takes a call out of its line: its offers end, and the world is told how and where to next.
pub(crate) fn leave(
    acd: &mut Acd,
    call: CallId,
    (offers, outcome): (OfferOutcome, QueueOutcome),
    next: Option<FallbackAction>,
    out: &mut AcdOutbox,
) {
    let Some(entry) = take(acd, call) else { return };
    for id in entry.live {
        offer::end(acd, id, offers, out);
    }
    let (queue, enqueued_at) = (entry.queue, entry.place.enqueued_at);
    out.push(AcdOutput::LeftQueue { call, queue, outcome, enqueued_at, next });
}

/// Takes a call's entry out of the tables, its clock with it; its offers are the caller's business.
pub(crate) fn take(acd: &mut Acd, call: CallId) -> Option<Entry> {
    let entry = acd.entries.remove(&call)?;
    if let Some(line) = acd.lines.get_mut(&entry.queue) {
        line.places.remove(&entry.place);
        line.open.remove(&entry.place);
    }
    acd.timers.stop(TimerKind::WaitExpires(call));
    acd.step.unserved.remove(&call);
    Some(entry)
}

/// Says anew whether a waiting call may be offered to one more agent, after its offers or the rules changed.
pub(crate) fn reopen(acd: &mut Acd, call: CallId) {
    let Some(entry) = acd.entries.get(&call) else { return };
    let Some(line) = acd.lines.get_mut(&entry.queue) else { return };
    let room = entry.live.len() < strategy::offers_at_once(line.rules.strategy, &acd.limits);
    if room && entry.offers_made < acd.limits.offers_per_call_max {
        line.open.insert(entry.place);
        acd.step.dirty.insert(entry.queue);
    } else {
        line.open.remove(&entry.place);
    }
    if entry.live.is_empty() {
        acd.step.unserved.insert(call);
    } else {
        acd.step.unserved.remove(&call);
    }
}

/// All waiting calls by id.
pub(crate) type Entries = BTreeMap<CallId, Entry>;

#[cfg(test)]
mod tests {
    use super::*;
    use model::ExtensionNumber;

    #[test]
    fn positions_are_dense_and_follow_priority_then_age() {
        let rules = Queue::new(QueueId(1), ExtensionNumber::parse("8000").unwrap(), "Support");
        let mut line = Line::new(rules);
        let place = |priority: u8, second: i64, call: u64| Place {
            below: u8::MAX - priority,
            enqueued_at: Timestamp::from_secs(second),
            call: CallId(call),
        };
        let order = [place(9, 30, 7), place(0, 10, 1), place(0, 10, 2), place(0, 20, 3), place(0, 25, 4)];
        for place in [order[3], order[0], order[4], order[2], order[1]] {
            line.places.insert(place);
        }
        let positions: Vec<u32> = order.iter().map(|place| line.position(*place)).collect();
        assert_eq!(positions, [1, 2, 3, 4, 5]);
    }
}
