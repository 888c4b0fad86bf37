//! Call records: what is kept of a call when it is over. Exactly one for each call.

use borsh::{BorshDeserialize, BorshSerialize};
use std::sync::Arc;

use acd::{Decision, OfferOutcome, QueueOutcome};
use model::{AgentId, CallId, CallerId, ExtensionNumber, LegId, QueueId, RecordId, Timestamp, TrunkId};

use crate::cause::Cause;

/// What is kept of a call.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CallRecord {
    /// The call.
    pub call: CallId,
    /// Where to.
    pub direction: Direction,
    /// Who called.
    pub caller: CallerId,
    /// What was dialed.
    pub dialed: String,
    /// When it reached us.
    pub started_at: Timestamp,
    /// When a person first answered: an agent or a dialed party, not music or a prompt.
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Timestamp,
    /// Why it was over.
    pub cause: Cause,
    /// Each stay in a queue, in order.
    pub queues: Vec<QueueStay>,
    /// Each leg, in order, the caller's first.
    pub legs: Vec<LegRecord>,
    /// What was recorded of it, in order.
    pub recordings: Vec<Recorded>,
    /// Each routing decision, in order.
    pub decisions: Vec<Arc<Decision>>,
}

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Direction {
    /// From a trunk, or by a call link.
    Inbound,
    /// To a trunk.
    Outbound,
    /// Between extensions of the domain, feature codes too.
    Internal,
}

/// One stay in one queue.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueueStay {
    /// The queue.
    pub queue: QueueId,
    /// Its number then.
    pub number: ExtensionNumber,
    /// When it entered the line.
    pub entered_at: Timestamp,
    /// When it left it.
    pub left_at: Timestamp,
    /// How: exactly one.
    pub outcome: QueueOutcome,
    /// Who answered.
    pub agent: Option<AgentId>,
    /// Whether it was answered within the queue's threshold in force when it entered; none without threshold.
    pub in_time: Option<bool>,
}

/// What two said to each other while they heard each other: a file for each.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Recorded {
    /// Whose leg, and the recording of what is said on it; the caller's first.
    pub sides: [(LegId, RecordId); 2],
    /// From when.
    pub from: Timestamp,
    /// Until when; none: it goes on.
    pub until: Option<Timestamp>,
}

/// One leg.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LegRecord {
    /// The leg.
    pub leg: LegId,
    /// Whose extension, if it is one.
    pub extension: Option<ExtensionNumber>,
    /// Whose, if it is an agent's.
    pub agent: Option<AgentId>,
    /// Which trunk, if it is one's.
    pub trunk: Option<TrunkId>,
    /// Through which queue it was dialed.
    pub queue: Option<QueueId>,
    /// Arrived or dialed.
    pub started_at: Timestamp,
    /// First alerted.
    pub ringing_at: Option<Timestamp>,
    /// Answered.
    pub answered_at: Option<Timestamp>,
    /// Over.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub status: LegStatus,
    /// Why it ended.
    pub cause: Option<Cause>,
    /// How often who is on it put the other one on hold.
    pub holds: Holds,
}

/// How often somebody put the other one on hold, by a request or by a key of the phone, and for how long. What lasts
/// still is not among it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Holds {
    /// How often.
    pub count: u32,
    /// How long together, microseconds.
    pub micros: u64,
}

/// Whether whoever made the call with these legs followed an agent's call link: the first is his.
#[must_use]
pub fn by_call_link(legs: &[LegRecord]) -> bool {
    legs.first().is_some_and(LegRecord::is_guest)
}

impl LegRecord {
    /// Whether it was dialed by us: the ids that we give are odd.
    #[must_use]
    pub const fn is_dialed(&self) -> bool {
        self.leg.0 % 2 == 1
    }

    /// Whether it came by an agent's call link: from no phone of ours and through no trunk.
    pub(crate) const fn is_guest(&self) -> bool {
        !self.is_dialed() && self.extension.is_none() && self.trunk.is_none()
    }

    /// Of a leg that begins at `now`; whose it is, is still to be said.
    pub(crate) const fn begun(leg: LegId, now: Timestamp) -> Self {
        Self {
            leg,
            extension: None,
            agent: None,
            trunk: None,
            queue: None,
            started_at: now,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
            status: LegStatus::Ringing,
            cause: None,
            holds: Holds { count: 0, micros: 0 },
        }
    }
}

/// How a leg ended, or how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum LegStatus {
    /// Not answered yet.
    Ringing,
    /// Answered.
    Answered,
    /// Rang out.
    NoAnswer,
    /// Declined.
    Declined,
    /// Busy.
    Busy,
    /// Could not be reached or set up.
    Failed,
    /// Stopped by us or the caller before an answer; somebody else may have answered.
    Cancelled,
}

impl From<OfferOutcome> for LegStatus {
    fn from(outcome: OfferOutcome) -> Self {
        match outcome {
            OfferOutcome::NoAnswer => Self::NoAnswer,
            OfferOutcome::Declined => Self::Declined,
            OfferOutcome::Busy => Self::Busy,
            OfferOutcome::Unreachable => Self::Failed,
            OfferOutcome::AnsweredElsewhere
            | OfferOutcome::CallerGone
            | OfferOutcome::WaitExpired
            | OfferOutcome::AgentLeft
            | OfferOutcome::PickedUp => Self::Cancelled,
        }
    }
}
