//! What has happened, told to everyone. The switch numbers them, without gaps, for each domain.

use borsh::BorshSerialize;
use std::sync::Arc;

use acd::{AgentState, Decision, OfferOutcome, Pending, QueueOutcome};
use callflow::Fallback;
use model::{
    AgentId, CallId, ExtensionNumber, FlowId, ForwardWhen, LegId, MailboxId, OfferId, QueueId, RecordId,
    Timestamp,
};

use crate::cause::Cause;
use crate::mailboxes::Message;
use crate::record::CallRecord;
use crate::request::Actor;

/// One thing that has happened.
#[derive(Clone, Debug, BorshSerialize)]
pub struct Event {
    /// What.
    pub kind: EventKind,
}

/// How a caller left a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize)]
pub enum FlowEnd {
    /// By a way out that the flow names.
    Left,
    /// Whom the flow rang has answered.
    Answered,
    /// The call was over.
    CallEnded,
    /// It went on and on.
    TooLong,
}

/// What has happened.
#[derive(Clone, Debug, BorshSerialize)]
pub enum EventKind {
    /// A call began.
    CallArrived {
        /// The call.
        call: CallId,
    },
    /// A leg of a call changed: dialed, ringing, answered, ended.
    LegChanged {
        /// The call.
        call: CallId,
        /// The leg.
        leg: LegId,
    },
    /// A call entered a flow.
    FlowBegan {
        /// The call.
        call: CallId,
        /// The flow.
        flow: FlowId,
    },
    /// It came to a step.
    FlowStep {
        /// The call.
        call: CallId,
        /// The flow.
        flow: FlowId,
        /// The step's name.
        step: String,
    },
    /// Its caller keyed something that a step had asked for.
    DigitsCollected {
        /// The call.
        call: CallId,
        /// The flow.
        flow: FlowId,
        /// Where it is kept; empty: it was an extension.
        variable: String,
        /// How many digits.
        length: u8,
    },
    /// A plan of the flow's failed and the next one was taken.
    FlowFellBack {
        /// The call.
        call: CallId,
        /// The flow.
        flow: FlowId,
        /// Which plan.
        rule: Fallback,
    },
    /// It left the flow.
    FlowEnded {
        /// The call.
        call: CallId,
        /// The flow.
        flow: FlowId,
        /// How.
        how: FlowEnd,
    },
    /// A call came to a ring group.
    RingGroupBegan {
        /// The call.
        call: CallId,
        /// The group.
        group: ExtensionNumber,
    },
    /// It left the ring group.
    RingGroupEnded {
        /// The call.
        call: CallId,
        /// The group.
        group: ExtensionNumber,
        /// How.
        outcome: GroupOutcome,
    },
    /// A call stands in a line.
    CallQueued {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// Its place.
        position: u32,
    },
    /// A waiting caller has heard the introduction of his queue. Where that is to be heard as a whole, his call is
    /// offered from now on.
    IntroHeard {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
    },
    /// A routing decision was made.
    Decided {
        /// The record of it.
        decision: Arc<Decision>,
    },
    /// An agent is being rung.
    OfferMade {
        /// The offer.
        offer: OfferId,
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The agent.
        agent: AgentId,
    },
    /// An offer ended without her talking.
    OfferEnded {
        /// The offer.
        offer: OfferId,
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The agent.
        agent: AgentId,
        /// How.
        outcome: OfferOutcome,
    },
    /// Caller and agent, or two extensions, hear each other.
    CallConnected {
        /// The call.
        call: CallId,
        /// The queue, for a queue call.
        queue: Option<QueueId>,
        /// The agent who answered, if an agent's phone did.
        agent: Option<AgentId>,
        /// From entering the line to the answer, milliseconds; 0 for a direct call.
        waited_ms: u64,
    },
    /// One side of a talk has left, and the other is on its way to a number.
    CallTransferred {
        /// The call.
        call: CallId,
        /// Whose side left, if it was an agent's.
        agent: Option<AgentId>,
        /// Where it goes.
        to: String,
    },
    /// One of two who talk was put on hold, or they hear each other again.
    HoldChanged {
        /// The call.
        call: CallId,
        /// On hold.
        held: bool,
    },
    /// A call left a line other than by an answer.
    CallLeftQueue {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// How.
        outcome: QueueOutcome,
    },
    /// A call is over; its one record.
    CallEnded {
        /// All of it.
        record: Arc<CallRecord>,
    },
    /// What an agent does in one queue changed.
    AgentChanged {
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// What she does now.
        state: AgentState,
        /// Whether she would be given a call.
        available: bool,
        /// What happens when her call ends.
        pending: Option<Pending>,
        /// Who caused it.
        actor: Actor,
    },
    /// An extension's devices came or went.
    DeviceChanged {
        /// The extension.
        extension: ExtensionNumber,
        /// Whether at least one is registered.
        registered: bool,
    },
    /// Night mode was switched.
    NightModeChanged {
        /// Of which queue; none: of the domain.
        queue: Option<QueueId>,
        /// On or off.
        on: bool,
        /// Who did it.
        actor: Actor,
    },
    /// Do not disturb of an extension was set or taken back.
    DndChanged {
        /// The extension.
        extension: ExtensionNumber,
        /// Not to be disturbed.
        on: bool,
        /// Who did it; the switch itself for a phone of no agent.
        actor: Actor,
    },
    /// When an agent's calls go to her personal phone was set, or which phone that is.
    ForwardingChanged {
        /// The agent.
        agent: AgentId,
        /// When they go there now.
        forward_when: ForwardWhen,
        /// Who did it.
        actor: Actor,
    },
    /// An agent's call link was shut or opened.
    CallLinkChanged {
        /// The agent.
        agent: AgentId,
        /// Whether it leads to nobody now.
        private: bool,
        /// Who did it.
        actor: Actor,
    },
    /// A caller left a message.
    MessageLeft {
        /// The box.
        mailbox: MailboxId,
        /// The message.
        message: Message,
        /// The call it was left in.
        call: CallId,
    },
    /// A message counts as heard now, or as new again.
    MessageMarked {
        /// The box.
        mailbox: MailboxId,
        /// The message.
        record: RecordId,
        /// Whether it counts as heard.
        read: bool,
    },
    /// A message was put into text.
    MessageTranscribed {
        /// The box.
        mailbox: MailboxId,
        /// The message.
        record: RecordId,
    },
    /// A message is gone.
    MessageDeleted {
        /// The box.
        mailbox: MailboxId,
        /// The message.
        record: RecordId,
        /// Why.
        why: MessageGone,
    },
    /// A message could not be recorded; its caller was told. An operator must look at the disk.
    RecordingFailed {
        /// The box.
        mailbox: MailboxId,
        /// The call.
        call: CallId,
    },
    /// After too many wrong PINs a mailbox lets nobody in for a while.
    MailboxLocked {
        /// The box.
        mailbox: MailboxId,
        /// Until when.
        until: Timestamp,
    },
    /// Provisioning was taken over.
    DirectoryChanged,
    /// A rule of ours was found broken; the call was ended. An operator must look.
    CallFaulted {
        /// The call.
        call: CallId,
        /// What was found.
        what: &'static str,
    },
    /// A new call was refused without a record of its own, because a limit was reached.
    CallRefused {
        /// Why.
        cause: Cause,
    },
}

/// How a call left a ring group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize)]
pub enum GroupOutcome {
    /// A member answered.
    Answered,
    /// Nobody did.
    NoAnswer,
    /// All who are there are on a call, or declined.
    Busy,
    /// Nobody can be rung.
    Unavailable,
    /// The caller is gone, or was led elsewhere.
    CallerGone,
}

/// Why a message is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize)]
pub enum MessageGone {
    /// Somebody deleted it.
    Deleted,
    /// It was sent by e-mail, and its box keeps no such ones.
    Emailed,
    /// It was kept for as long as its box says.
    Lapsed,
    /// Its box is provisioned no more.
    MailboxGone,
}

impl EventKind {
    /// The name under which it goes out.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CallArrived { .. } => "call_arrived",
            Self::LegChanged { .. } => "leg_changed",
            Self::FlowBegan { .. } => "flow_began",
            Self::FlowStep { .. } => "flow_step",
            Self::DigitsCollected { .. } => "digits_collected",
            Self::FlowFellBack { .. } => "flow_fell_back",
            Self::FlowEnded { .. } => "flow_ended",
            Self::RingGroupBegan { .. } => "ring_group_began",
            Self::RingGroupEnded { .. } => "ring_group_ended",
            Self::CallQueued { .. } => "call_queued",
            Self::IntroHeard { .. } => "intro_heard",
            Self::Decided { .. } => "decided",
            Self::OfferMade { .. } => "offer_made",
            Self::OfferEnded { .. } => "offer_ended",
            Self::CallConnected { .. } => "call_connected",
            Self::CallTransferred { .. } => "call_transferred",
            Self::HoldChanged { .. } => "hold_changed",
            Self::CallLeftQueue { .. } => "call_left_queue",
            Self::CallEnded { .. } => "call_ended",
            Self::AgentChanged { .. } => "agent_changed",
            Self::DeviceChanged { .. } => "device_changed",
            Self::NightModeChanged { .. } => "night_mode_changed",
            Self::DndChanged { .. } => "dnd_changed",
            Self::ForwardingChanged { .. } => "forwarding_changed",
            Self::CallLinkChanged { .. } => "call_link_changed",
            Self::MessageLeft { .. } => "message_left",
            Self::MessageMarked { .. } => "message_marked",
            Self::MessageTranscribed { .. } => "message_transcribed",
            Self::MessageDeleted { .. } => "message_deleted",
            Self::RecordingFailed { .. } => "recording_failed",
            Self::MailboxLocked { .. } => "mailbox_locked",
            Self::DirectoryChanged => "directory_changed",
            Self::CallFaulted { .. } => "call_faulted",
            Self::CallRefused { .. } => "call_refused",
        }
    }
}
