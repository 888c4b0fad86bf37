//! Leaving a line by rule: too full, too long, nobody there.

use crate::broken;
use model::{CallId, FallbackAction, Queue, QueueId};

use crate::acd::Acd;
use crate::output::{AcdOutbox, AcdOutput, OfferOutcome, QueueOutcome};
use crate::waiting::{self, Entry};
use crate::{dispatch, record as decision};

/// What happens to a call that may not join a line: full, nobody there (A19), no such queue.
pub(crate) fn on_arrival(acd: &Acd, entry: &Entry) -> Option<(QueueOutcome, FallbackAction)> {
    let Some(line) = acd.lines.get(&entry.queue) else {
        return Some((QueueOutcome::QueueGone, FallbackAction::default()));
    };
    if line.deleted {
        return Some((QueueOutcome::QueueGone, line.rules.on_no_answer.clone()));
    }
    if entry.callback_since.is_some() {
        return None;
    }
    // One that is to be moved here from another line waits already.
    let others = acd.entries.len() - usize::from(acd.entries.contains_key(&entry.place.call));
    let waiting = u32::try_from(others).unwrap_or(u32::MAX);
    let full = acd.waiting_max.is_some_and(|most| waiting >= most);
    if full || line.places.len() >= line.depth_max(acd.limits.queue_depth_max) {
        return Some((QueueOutcome::Full, fallback(&line.rules, QueueOutcome::Full)));
    }
    if !line.rules.wait_when_no_agents && line.staffed == 0 && !broken!(EntersForNobody) {
        return Some((QueueOutcome::NoAgents, fallback(&line.rules, QueueOutcome::NoAgents)));
    }
    let most = u64::from(line.rules.max_expected_wait);
    if most > 0
        && !broken!(ExpectedWaitIgnored)
        && acd.expected_wait(entry.queue).is_some_and(|wait| wait.as_secs() > most)
    {
        return Some((QueueOutcome::Full, fallback(&line.rules, QueueOutcome::Full)));
    }
    None
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

/// The caller pressed a key: if it is one that his queue knows, he leaves the line by it, whoever is being rung.
pub(crate) fn exits(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    let Some(entry) = acd.entries.get(&call) else { return };
    let Some(exit) = acd.lines.get(&entry.queue).and_then(|line| line.rules.in_queue.exit.as_ref()) else {
        return;
    };
    let next = Some(exit.to.clone());
    waiting::leave(acd, call, (OfferOutcome::CallerGone, QueueOutcome::Exited), next, out);
}

/// An agent who had lifted the phone was not joined: a longest wait that passed meanwhile ends now.
pub(crate) fn after_picked(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    let Some(entry) = acd.entries.get(&call) else { return };
    let Some(line) = acd.lines.get(&entry.queue) else { return };
    if entry.wait_limit(&line.rules, &acd.limits).is_some_and(|limit| limit <= acd.now) {
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
    if broken!(NobodyLeftForgotten)
        || line.rules.wait_when_no_agents
        || line.deleted
        || line.staffed > 0
        || line.places.is_empty()
    {
        return;
    }
    // Who has hung up to be called back does not wait on the line, and who is being picked up not for a member.
    let on_the_line = |call: &CallId| {
        acd.entries
            .get(call)
            .filter(|entry| entry.pickup.is_none())
            .is_some_and(|entry| entry.callback_since.is_none() || broken!(CallbackLeavesWithTheLastAgent))
    };
    let calls: Vec<CallId> = line.places.iter().map(|place| place.call).filter(on_the_line).collect();
    for call in calls {
        leave_by_rule(acd, call, QueueOutcome::NoAgents, out);
    }
}

/// Takes a call out of its line and says what the queue's rules plan for it.
fn leave_by_rule(acd: &mut Acd, call: CallId, outcome: QueueOutcome, out: &mut AcdOutbox) {
    // The record names everybody as she stands now, not as before this step.
    dispatch::refresh_stale(acd);
    let Some(entry) = acd.entries.get(&call) else { return };
    if entry.callback_since.is_some() && outcome == QueueOutcome::OverflowTimeout {
        // There is nobody on the line to be led elsewhere.
        let ends = (OfferOutcome::WaitExpired, QueueOutcome::CallbackFailed);
        return waiting::leave(acd, call, ends, None, out);
    }
    let queue = entry.queue;
    if let Some(decision) = decision::of_rule(acd, entry, outcome) {
        let decision = decision::keep(acd, decision);
        out.push(AcdOutput::Decided { decision });
    }
    let next = acd.lines.get(&queue).map(|line| fallback(&line.rules, outcome)).unwrap_or_default();
    waiting::leave(acd, call, (OfferOutcome::WaitExpired, outcome), Some(next), out);
}

/// Leaves the record of a rule that takes a call out of its line or does not let it in.
pub(crate) fn record(acd: &mut Acd, entry: &Entry, outcome: QueueOutcome, out: &mut AcdOutbox) {
    if let Some(decision) = decision::of_rule(acd, entry, outcome) {
        let decision = decision::keep(acd, decision);
        out.push(AcdOutput::Decided { decision });
    }
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
        | QueueOutcome::QueueGone
        | QueueOutcome::Closed
        | QueueOutcome::Night
        | QueueOutcome::Exited
        | QueueOutcome::CallbackRequested
        | QueueOutcome::CallbackDone
        | QueueOutcome::CallbackFailed => None,
    };
    own.unwrap_or(&rules.on_no_answer).clone()
}
