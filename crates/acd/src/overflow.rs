//! Leaving a line by rule: too full, too long, nobody there.

use std::sync::Arc;
use std::time::Duration;

use model::{CallId, FallbackAction, Queue, QueueId, Timestamp};

use crate::acd::Acd;
use crate::decision::Decision;
use crate::output::{AcdOutbox, AcdOutput, OfferOutcome, QueueOutcome};
use crate::waiting::{self, Entry};
use crate::{candidate, dispatch, strategy};

/// What happens to a call that may not join a line: full, nobody there (A19), no such queue.
pub(crate) fn on_arrival(acd: &Acd, queue: QueueId) -> Option<(QueueOutcome, FallbackAction)> {
    let Some(line) = acd.lines.get(&queue) else {
        return Some((QueueOutcome::QueueGone, FallbackAction::default()));
    };
    if line.deleted {
        return Some((QueueOutcome::QueueGone, line.rules.on_no_answer.clone()));
    }
    if line.places.len() >= line.depth_max(acd.limits.queue_depth_max) {
        return Some((QueueOutcome::Full, fallback(&line.rules, QueueOutcome::Full)));
    }
    if !line.rules.wait_when_no_agents && line.staffed.is_empty() {
        return Some((QueueOutcome::NoAgents, fallback(&line.rules, QueueOutcome::NoAgents)));
    }
    None
}

/// When the longest wait of a call that entered at `enqueued_at` has passed, if it has an end.
pub(crate) fn wait_limit(rules: &Queue, enqueued_at: Timestamp) -> Option<Timestamp> {
    let seconds = u64::from(rules.max_waiting_time);
    (seconds > 0).then(|| enqueued_at.after(Duration::from_secs(seconds)))
}

/// The longest wait has passed. It cuts the ring of whoever is being rung (A21).
///
/// An agent who has lifted the phone is not cut off: if she is not joined after all, the call leaves then.
pub(crate) fn wait_expired(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    let Some(entry) = acd.entries.get(&call) else { return };
    if entry.live.iter().any(|id| acd.offers.get(id).is_some_and(|offer| offer.picked)) {
        return;
    }
    leave_by_rule(acd, call, QueueOutcome::OverflowTimeout, out);
}

/// An agent who had lifted the phone was not joined: a longest wait that passed meanwhile ends now.
pub(crate) fn after_picked(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    let Some(entry) = acd.entries.get(&call) else { return };
    let Some(line) = acd.lines.get(&entry.queue) else { return };
    if wait_limit(&line.rules, entry.place.enqueued_at).is_some_and(|limit| limit <= acd.now) {
        wait_expired(acd, call, out);
    }
}

/// A call whose last offer has ended, and which may have no more, counts as unanswered.
pub(crate) fn offers_used_up(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    let Some(entry) = acd.entries.get(&call) else { return };
    if entry.live.is_empty() && entry.offers_made >= acd.limits.offers_per_call_max {
        leave_by_rule(acd, call, QueueOutcome::OverflowTimeout, out);
    }
}

/// The last agent has left a queue whose callers do not wait for nobody (A20): all of them go, head first.
pub(crate) fn nobody_left(acd: &mut Acd, queue: QueueId, out: &mut AcdOutbox) {
    let Some(line) = acd.lines.get(&queue) else { return };
    if line.rules.wait_when_no_agents || line.deleted || !line.staffed.is_empty() {
        return;
    }
    let calls: Vec<CallId> = line.places.iter().map(|place| place.call).collect();
    for call in calls {
        leave_by_rule(acd, call, QueueOutcome::NoAgents, out);
    }
}

/// Takes a call out of its line and says what the queue's rules plan for it.
fn leave_by_rule(acd: &mut Acd, call: CallId, outcome: QueueOutcome, out: &mut AcdOutbox) {
    // The record names everybody as she stands now, not as before this step.
    dispatch::refresh_stale(acd);
    let Some(entry) = acd.entries.get(&call) else { return };
    record(acd, entry, outcome, out);
    let next = acd.lines.get(&entry.queue).map(|line| fallback(&line.rules, outcome)).unwrap_or_default();
    waiting::leave(acd, call, (OfferOutcome::WaitExpired, outcome), Some(next), out);
}

/// Leaves the record of a rule that takes a call out of its line or does not let it in: who could not have it and
/// why, unless the line is what stands in the way. Agents who became free in the very step in which the wait ended
/// are named as candidates.
pub(crate) fn record(acd: &Acd, entry: &Entry, outcome: QueueOutcome, out: &mut AcdOutbox) {
    let Some(line) = acd.lines.get(&entry.queue) else { return };
    let place = entry.place;
    let waits = line.places.contains(&place);
    let behind_all = u32::try_from(line.places.len()).unwrap_or(u32::MAX).saturating_add(1);
    let (mut candidates, mut excluded) = (Vec::new(), Vec::new());
    if matches!(outcome, QueueOutcome::NoAgents | QueueOutcome::OverflowTimeout) {
        candidates = candidate::candidates(acd, line, entry, None);
        excluded = candidate::excluded(acd, line, entry, &candidates);
        strategy::rank(line.rules.strategy, &mut candidates);
    }
    let decision = Decision {
        at: acd.now,
        call: place.call,
        queue: entry.queue,
        strategy: line.rules.strategy,
        position: if waits { line.position(place) } else { behind_all },
        candidates,
        excluded,
        winners: Vec::new(),
        left: Some(outcome),
    };
    out.push(AcdOutput::Decided { decision: Arc::new(decision) });
}

/// The queue's plan for this outcome; what is not said is as for no answer.
fn fallback(rules: &Queue, outcome: QueueOutcome) -> FallbackAction {
    let own = match outcome {
        QueueOutcome::Full => rules.on_full.as_ref(),
        QueueOutcome::NoAgents => rules.on_no_agents.as_ref(),
        QueueOutcome::Answered
        | QueueOutcome::Abandoned
        | QueueOutcome::OverflowTimeout
        | QueueOutcome::Removed
        | QueueOutcome::QueueGone => None,
    };
    own.unwrap_or(&rules.on_no_answer).clone()
}
