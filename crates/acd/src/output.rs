//! What the ACD says: things to do for the engine, and things that have happened.

use borsh::{BorshDeserialize, BorshSerialize};
use std::sync::Arc;

use model::{AgentId, CallId, FallbackAction, NotReadyReason, OfferId, QueueId, Timestamp};

use crate::decision::Decision;
use crate::input::AgentAction;

/// Appended to by [`crate::Acd::handle`]; the caller owns and clears it.
#[derive(Debug, Default, BorshSerialize)]
pub struct AcdOutbox {
    /// In the order in which they happened.
    pub outputs: Vec<AcdOutput>,
}

impl AcdOutbox {
    /// Appends what has happened.
    pub(crate) fn push(&mut self, output: AcdOutput) {
        self.outputs.push(output);
    }
}

/// One thing that has happened. The engine acts on some of them and tells the world of all.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize)]
pub enum AcdOutput {
    /// The call stands in the line. Position counts from 1.
    Queued {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// Its place now.
        position: u32,
        /// When it entered this line; kept through every requeue.
        enqueued_at: Timestamp,
    },
    /// Do: ring this agent.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The agent.
        agent: AgentId,
        /// When it lapses.
        until: Timestamp,
        /// Why she.
        decision: Arc<Decision>,
    },
    /// The offer is over without this agent talking. Do: stop ringing her, unless she ended it herself.
    OfferEnded {
        /// The offer.
        offer: OfferId,
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The agent.
        agent: AgentId,
        /// How it ended.
        outcome: OfferOutcome,
    },
    /// The record of why a call gets nobody. It begins to wait, or waits again after its last offer ended; or, with
    /// `left`, a rule takes it out of its line or does not let it in, and [`AcdOutput::LeftQueue`] follows. It has
    /// no winners.
    Decided {
        /// The decision.
        decision: Arc<Decision>,
    },
    /// Do: bridge. The offer was live when she answered; it is the only one of this call that is ever accepted.
    Connected {
        /// The offer.
        offer: OfferId,
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The agent.
        agent: AgentId,
        /// When it entered the line.
        enqueued_at: Timestamp,
    },
    /// The call left the line other than by [`AcdOutput::Connected`]. Do: `next`, if any.
    LeftQueue {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// How: exactly one for each time it was in a line.
        outcome: QueueOutcome,
        /// When it entered the line.
        enqueued_at: Timestamp,
        /// What the queue's rules say comes next; none if the caller is gone.
        next: Option<FallbackAction>,
    },
    /// What one agent does, as one of her queues sees it, has changed. Exactly one for each change.
    AgentChanged {
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// What she does now.
        state: AgentState,
        /// When that began.
        since: Timestamp,
        /// Whether she would be given a call.
        available: bool,
        /// What happens when her call ends, if she asked for something.
        pending: Option<Pending>,
    },
    /// She is no member of this queue any more.
    AgentRemoved {
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
    },
    /// A rule that can never break was broken: this call must be ended and an operator told.
    Faulted {
        /// The call.
        call: CallId,
        /// What was found.
        what: &'static str,
    },
}

/// How an offer ended without the two of them talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum OfferOutcome {
    /// It rang out (RONA): counts as missed.
    NoAnswer,
    /// She declined.
    Declined,
    /// Her phone was busy.
    Busy,
    /// Her phone could not be reached.
    Unreachable,
    /// Another agent of a ring-all offer was first; never a miss (A14).
    AnsweredElsewhere,
    /// The caller hung up or was taken away; never a miss.
    CallerGone,
    /// The caller's longest wait passed while it rang (A21); never a miss.
    WaitExpired,
    /// She, or somebody for her, left ready or logged out while it rang, or chose another call.
    AgentLeft,
    /// Another agent chose this very call; never a miss.
    PickedUp,
}

/// How a call's stay in one line ended. Abandoned is not overflow (A22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum QueueOutcome {
    /// An agent answered.
    Answered,
    /// The caller hung up.
    Abandoned,
    /// The longest wait passed.
    OverflowTimeout,
    /// The line was full on arrival.
    Full,
    /// Nobody was logged in and reachable.
    NoAgents,
    /// Taken out by somebody.
    Removed,
    /// The queue went away under it.
    QueueGone,
    /// The queue was out of its hours, or on a holiday, on arrival.
    Closed,
    /// The queue was in night mode on arrival.
    Night,
    /// The caller pressed the key that leads out of the line.
    Exited,
    /// The caller has asked to be called back and waits on the line no longer; his entry keeps his place.
    CallbackRequested,
    /// He was called back and has answered.
    CallbackDone,
    /// He was to be called back, and was not reached in time.
    CallbackFailed,
}

impl QueueOutcome {
    /// Whether the queue took nobody at that time, so that nothing was decided about the call.
    #[must_use]
    pub const fn is_turned_away(self) -> bool {
        match self {
            Self::Closed | Self::Night => true,
            Self::Answered
            | Self::Abandoned
            | Self::OverflowTimeout
            | Self::Full
            | Self::NoAgents
            | Self::Removed
            | Self::QueueGone
            | Self::Exited
            | Self::CallbackRequested
            | Self::CallbackDone
            | Self::CallbackFailed => false,
        }
    }
}

/// What an agent is doing, as one of her queues sees it (domain 3.4, first match).
///
/// Derived from login, intent, legs, the wrap-up clock and registration; nothing stores it and nothing else
/// writes it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum AgentState {
    /// No device is registered.
    Offline,
    /// Registered, not logged in to this queue.
    LoggedOut,
    /// Logged in, takes no queue calls.
    NotReady {
        /// Why.
        reason: NotReadyReason,
    },
    /// Takes calls.
    Ready,
    /// An offer rings her.
    Ringing {
        /// Which.
        offer: OfferId,
    },
    /// She talks on a call of this queue.
    QueueCall {
        /// Which.
        call: CallId,
    },
    /// She talks on any other call.
    OtherCall {
        /// Which.
        call: CallId,
    },
    /// Work after a call; without end until she acts if `until` is none.
    WrapUp {
        /// When it ends by itself.
        until: Option<Timestamp>,
    },
}

/// What happens when an agent's call ends, because somebody asked during it. The last one asked wins (A15).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Pending {
    /// She is logged out.
    Logout,
    /// She is not ready.
    NotReady(NotReadyReason),
}

/// What one membership answered to an [`AgentAction`].
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MembershipResult {
    /// The queue.
    pub queue: QueueId,
    /// What was asked.
    pub action: AgentAction,
    /// What she does there now, or why not.
    pub result: Result<MembershipState, Refusal>,
}

/// What she does in one queue after an action.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MembershipState {
    /// The state.
    pub state: AgentState,
    /// What will happen at the end of her call: the API answers 202 then.
    pub pending: Option<Pending>,
}

/// Why an action was refused in one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Refusal {
    /// She is no member of it.
    NotAMember,
    /// She has no extension (RC-6).
    NoExtension,
    /// She is not active: invited or disabled (TK-10).
    NotActive,
    /// She is not logged in there (A7).
    NotLoggedIn,
    /// Her entry is switched off.
    EntryDisabled,
    /// It makes no sense in the state she is in.
    WrongState,
}
