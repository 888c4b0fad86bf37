//! The record of one routing decision: who could have had the call, who could not and why, in which order.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, QueueId, Strategy, Timestamp};

use crate::output::QueueOutcome;

/// One routing decision, made once and kept; nothing recomputes it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// The call.
    pub call: CallId,
    /// The queue.
    pub queue: QueueId,
    /// How the order was made.
    pub strategy: Strategy,
    /// The call's place in the line when it was decided; 1 is the head. Of a call that was not let in: the place
    /// behind the last.
    pub position: u32,
    /// Who could have had it, best first, with what the order looked at.
    pub candidates: Vec<Candidate>,
    /// Who could not, grouped by reason, each agent once, in id order.
    pub excluded: Vec<(Exclusion, Vec<AgentId>)>,
    /// Who was offered it: the first candidate, or all of them for ring-all. Empty: it waits, or leaves.
    pub winners: Vec<AgentId>,
    /// The rule by which it leaves the line, or was not let in.
    pub left: Option<QueueOutcome>,
}

/// One agent who could have had the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Candidate {
    /// The agent.
    pub agent: AgentId,
    /// Since when she has been without a call.
    pub idle_since: Timestamp,
    /// Her `order` in the queue.
    pub order: i32,
}

/// Why an agent could not have the call. The first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Exclusion {
    /// Not active: invited or disabled.
    NotActive,
    /// No extension.
    NoExtension,
    /// Her entry in this queue is switched off.
    EntryDisabled,
    /// Not logged in to this queue.
    LoggedOut,
    /// No device registered.
    Unreachable,
    /// Do not disturb.
    Dnd,
    /// On a call.
    OnCall,
    /// Another offer rings her.
    Ringing,
    /// Wrap-up.
    WrapUp,
    /// Not ready.
    NotReady,
    /// Will be logged out or not ready at the end of her call.
    PendingLeave,
    /// She declined this call.
    DeclinedThis,
    /// She missed or could not take a call a moment ago.
    RetryDelay,
    /// She serves another queue first (her order of queues).
    OtherQueueFirst,
}
