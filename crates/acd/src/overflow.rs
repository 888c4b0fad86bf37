//! Leaving a line by rule: too full, too long, nobody there.

use std::time::Duration;

use model::{CallId, FallbackAction, Queue, QueueId, Timestamp};

use crate::acd::Acd;
use crate::output::{AcdOutbox, OfferOutcome, QueueOutcome};
use crate::waiting;

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
pub(crate) fn wait_expired(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    leave_by_rule(acd, call, QueueOutcome::OverflowTimeout, out);
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
    let Some(entry) = acd.entries.get(&call) else { return };
    let next = acd.lines.get(&entry.queue).map(|line| fallback(&line.rules, outcome)).unwrap_or_default();
    waiting::leave(acd, call, (OfferOutcome::WaitExpired, outcome), Some(next), out);
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
