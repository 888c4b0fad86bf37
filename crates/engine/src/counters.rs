//! What each queue has done since the start.
//!
//! The law of conservation: `offered = answered + every way out + waiting`, after every step.

use acd::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use std::time::Duration;

use acd::QueueOutcome;
use model::{Directory, QueueId};

use crate::view::QueueCounters;

/// Counters by queue.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Counters {
    queues: BTreeMap<QueueId, QueueCounters>,
    /// Callers who are to be called back.
    pending: BTreeMap<QueueId, u32>,
}

impl Counters {
    /// A call entered the line, or tried to.
    pub(crate) fn offered(&mut self, queue: QueueId) {
        self.of(queue).offered += 1;
    }

    /// An agent answered after `waited`; `in_time` is none where the queue has no threshold.
    pub(crate) fn answered(&mut self, queue: QueueId, waited: Duration, in_time: Option<bool>) {
        let counters = self.of(queue);
        counters.answered += if broken!(AnswerCountedTwice) { 2 } else { 1 };
        counters.answered_in_time += u64::from(in_time == Some(true));
        counters.wait_ms = counters.wait_ms.saturating_add(millis(waited));
    }

    /// An answered call had waited so long; when it came, it was to wait `expected`. Both milliseconds.
    pub(crate) fn estimated(&mut self, queue: QueueId, expected: u64, waited: u64) {
        let counters = self.of(queue);
        counters.estimated += 1;
        counters.estimate_error_ms = counters.estimate_error_ms.saturating_add(expected.abs_diff(waited));
        counters.estimate_exceeded += u64::from(waited > expected);
    }

    /// A caller is to be called back.
    pub(crate) fn callback_begins(&mut self, queue: QueueId) {
        *self.pending.entry(queue).or_default() += 1;
    }

    /// That is over.
    pub(crate) fn callback_ends(&mut self, queue: QueueId, outcome: QueueOutcome) {
        if let Some(pending) = self.pending.get_mut(&queue) {
            *pending = pending.saturating_sub(1);
        }
        let counters = self.of(queue);
        match outcome {
            QueueOutcome::CallbackDone => counters.callbacks_done += 1,
            QueueOutcome::CallbackFailed => counters.callbacks_failed += 1,
            QueueOutcome::Answered
            | QueueOutcome::Abandoned
            | QueueOutcome::OverflowTimeout
            | QueueOutcome::Full
            | QueueOutcome::NoAgents
            | QueueOutcome::Removed
            | QueueOutcome::QueueGone
            | QueueOutcome::Closed
            | QueueOutcome::Night
            | QueueOutcome::Exited
            | QueueOutcome::CallbackRequested => counters.callbacks_cancelled += 1,
        }
    }

    /// How many are to be called back, those being called included.
    pub(crate) fn pending_callbacks(&self, queue: QueueId) -> u32 {
        self.pending.get(&queue).copied().unwrap_or_default()
    }

    /// How many are to be called back in all queues.
    pub(crate) fn all_pending_callbacks(&self) -> u32 {
        self.pending.values().sum()
    }

    /// It left the line otherwise; `late` is whether that was after the threshold.
    pub(crate) fn left(&mut self, queue: QueueId, outcome: QueueOutcome, late: bool) {
        let counters = self.of(queue);
        *counters.left.entry(outcome).or_default() += 1;
        counters.abandoned_late += u64::from(late && outcome == QueueOutcome::Abandoned);
    }

    /// A call of the queue is over after this talk.
    pub(crate) fn talked(&mut self, queue: QueueId, talked: Duration) {
        let counters = self.of(queue);
        counters.talk_ms = counters.talk_ms.saturating_add(millis(talked));
    }

    pub(crate) fn view(&self, queue: QueueId) -> QueueCounters {
        self.queues.get(&queue).cloned().unwrap_or_default()
    }

    /// All of them, by queue.
    pub(crate) fn all(&self) -> &BTreeMap<QueueId, QueueCounters> {
        &self.queues
    }

    /// Goes on from these.
    pub(crate) fn set(&mut self, queue: QueueId, counters: QueueCounters) {
        self.queues.insert(queue, counters);
    }

    /// Forgets queues that are not provisioned any more.
    pub(crate) fn configure(&mut self, directory: &Directory) {
        self.queues.retain(|queue, _| directory.queues.contains_key(queue));
        self.pending.retain(|queue, pending| *pending > 0 || directory.queues.contains_key(queue));
    }

    fn of(&mut self, queue: QueueId) -> &mut QueueCounters {
        self.queues.entry(queue).or_default()
    }
}

/// Whole milliseconds, as views and events say durations.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Whether `waited` is within a threshold of `sla_time` seconds; none without one.
pub(crate) fn in_time(waited: Duration, sla_time: u32) -> Option<bool> {
    (sla_time > 0)
        .then(|| waited <= Duration::from_secs(u64::from(sla_time) + u64::from(broken!(ThresholdOffByOne))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_of_exactly_the_threshold_is_in_time_and_none_has_no_answer() {
        assert_eq!(in_time(Duration::from_secs(20), 20), Some(true));
        assert_eq!(in_time(Duration::from_millis(20_001), 20), Some(false));
        assert_eq!(in_time(Duration::ZERO, 0), None);
    }

    #[test]
    fn only_the_abandoned_are_counted_as_abandoned_late() {
        let mut counters = Counters::default();
        let queue = QueueId(1);
        counters.left(queue, QueueOutcome::Abandoned, false);
        counters.left(queue, QueueOutcome::Abandoned, true);
        counters.left(queue, QueueOutcome::OverflowTimeout, true);
        let view = counters.view(queue);
        assert_eq!(view.abandoned_late, 1);
        assert_eq!(view.left[&QueueOutcome::Abandoned], 2);
    }
}
