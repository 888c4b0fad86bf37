//! What a number or a queue does at a moment: open, closed, on a holiday, in night mode.
//!
//! Pure look-ups in the directory. A call and the question what a call would meet ([`crate::what_if`]) read the
//! same rules here.

use acd::QueueOutcome;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{Did, Directory, FallbackAction, Opening, Queue, Timestamp};

use crate::night::NightMode;

/// Which of a number's rules holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum NumberRule {
    /// It is open.
    Open,
    /// It is out of its hours.
    Closed,
    /// It is on a holiday.
    Holiday,
    /// The domain is in night mode.
    Night,
}

/// The rule of a number that holds at `at`, and what it plans. Night mode is stronger than the hours, a holiday
/// than the slots of the week.
pub(crate) fn number<'a>(
    directory: &Directory,
    night: &NightMode,
    did: &'a Did,
    at: Timestamp,
) -> (NumberRule, &'a FallbackAction) {
    let closed = did.closed.as_ref();
    if let Some(action) = did.night.as_ref().or(closed).filter(|_| night.domain()) {
        return (NumberRule::Night, action);
    }
    let (rule, action) = match directory.opening(did.hours.as_deref(), at) {
        Opening::Open => (NumberRule::Open, None),
        Opening::Closed => (NumberRule::Closed, closed),
        Opening::Holiday(_) => (NumberRule::Holiday, did.holiday.as_ref().or(closed)),
    };
    (rule, action.unwrap_or(&did.open))
}

/// Why a queue lets nobody in at `at`, and where its callers go instead; none if it is open.
///
/// The domain's night mode is one of those queues only that have a plan for it: the queue that answers at night
/// stays open.
pub(crate) fn queue<'a>(
    directory: &Directory,
    night: &NightMode,
    queue: &'a Queue,
    at: Timestamp,
) -> Option<(QueueOutcome, &'a FallbackAction)> {
    if is_in_night_mode(night, queue) {
        return Some((QueueOutcome::Night, queue.on_night.as_ref().unwrap_or(&queue.on_no_answer)));
    }
    match directory.opening(queue.hours.as_deref(), at) {
        Opening::Open => None,
        Opening::Closed | Opening::Holiday(_) => {
            Some((QueueOutcome::Closed, queue.on_closed.as_ref().unwrap_or(&queue.on_no_answer)))
        }
    }
}

/// Whether a queue is in night mode: by its own switch, or by the domain's if it has a plan for it.
pub(crate) fn is_in_night_mode(night: &NightMode, queue: &Queue) -> bool {
    night.queue(queue.id) || night.domain() && queue.on_night.is_some()
}
