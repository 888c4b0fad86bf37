//! What can happen, as it is told on the event socket.

use serde::Serialize;
use utoipa::ToSchema;

use super::words::{ActorItem, FallbackWord, FlowEndWord, GroupOutcomeWord, OfferOutcomeWord};
use crate::time::Time;
use crate::v1::agents::view::{ForwardWord, PendingWord, StateWord};
use crate::v1::calls::view::CallItem;
use crate::v1::queues::view::{OutcomeWord, StrategyWord};

/// What happened. Queues by number, agents by extension, calls by id; durations in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventItem {
    /// A call began.
    CallArrived {
        /// The call.
        call: String,
    },
    /// A leg of a call was dialed, rings, was answered, or is over.
    LegChanged {
        /// The call.
        call: String,
        /// The leg.
        leg: String,
    },
    /// A call entered a flow.
    FlowBegan {
        /// The call.
        call: String,
        /// The flow.
        flow: String,
    },
    /// It came to a step of the flow.
    FlowStep {
        /// The call.
        call: String,
        /// The flow.
        flow: String,
        /// The step.
        step: String,
    },
    /// Its caller keyed what a step had asked for. The digits are not told.
    DigitsCollected {
        /// The call.
        call: String,
        /// The flow.
        flow: String,
        /// The variable that they are kept in; empty: they were an extension.
        variable: String,
        /// How many digits.
        length: u8,
    },
    /// A plan of the flow's failed and the next one was taken.
    FlowFellBack {
        /// The call.
        call: String,
        /// The flow.
        flow: String,
        /// Which plan.
        rule: FallbackWord,
    },
    /// It left the flow.
    FlowEnded {
        /// The call.
        call: String,
        /// The flow.
        flow: String,
        /// How.
        how: FlowEndWord,
    },
    /// A call came to a ring group.
    RingGroupBegan {
        /// The call.
        call: String,
        /// The group's number.
        ring_group: String,
    },
    /// It left the ring group.
    RingGroupEnded {
        /// The call.
        call: String,
        /// The group's number.
        ring_group: String,
        /// How.
        outcome: GroupOutcomeWord,
    },
    /// A call stands in a line.
    CallQueued {
        /// The call.
        call: String,
        /// The queue.
        queue: String,
        /// Its place, from 1.
        position: u32,
    },
    /// A waiting caller has heard the introduction of his queue.
    IntroHeard {
        /// The call.
        call: String,
        /// The queue.
        queue: String,
    },
    /// A routing decision was made. The whole of it is at the call's `why`.
    Decided {
        /// The call.
        call: String,
        /// The queue.
        queue: String,
        /// How the order was made.
        strategy: StrategyWord,
        /// The call's place in the line.
        position: u32,
        /// How many could have had it.
        candidates: usize,
        /// To whom it is offered; nobody: it waits.
        winners: Vec<String>,
        /// All of it in words.
        text: String,
    },
    /// An agent is being rung.
    OfferMade {
        /// The offer.
        offer: String,
        /// The call.
        call: String,
        /// The queue.
        queue: String,
        /// The agent.
        agent: String,
    },
    /// An offer ended without the agent talking.
    OfferEnded {
        /// The offer.
        offer: String,
        /// The call.
        call: String,
        /// The queue.
        queue: String,
        /// The agent.
        agent: String,
        /// How.
        outcome: OfferOutcomeWord,
    },
    /// Two parties hear each other.
    CallConnected {
        /// The call.
        call: String,
        /// The queue, for a queue call.
        queue: Option<String>,
        /// The agent who answered, if an agent's phone did.
        agent: Option<String>,
        /// Seconds from entering the line to the answer; 0 for a direct call.
        waited: f64,
    },
    /// One side of a talk has left, and the other is on its way to a number.
    CallTransferred {
        /// The call.
        call: String,
        /// Whose side left, if it was an agent's.
        agent: Option<String>,
        /// Where it goes.
        to: String,
    },
    /// One of two who talk was put on hold, or they hear each other again.
    HoldChanged {
        /// The call.
        call: String,
        /// On hold.
        held: bool,
    },
    /// A call left a line other than by an answer.
    CallLeftQueue {
        /// The call.
        call: String,
        /// The queue.
        queue: String,
        /// How.
        outcome: OutcomeWord,
    },
    /// A call is over.
    CallEnded {
        /// The call.
        call: String,
        /// Its record.
        record: Box<CallItem>,
    },
    /// What an agent does in one queue changed.
    AgentChanged {
        /// The agent.
        agent: String,
        /// The queue.
        queue: String,
        /// What she does now.
        state: StateWord,
        /// Why she is not ready.
        reason: Option<String>,
        /// Whether she would be given a call.
        available_for_dispatch: bool,
        /// What happens when her call ends.
        pending: Option<PendingWord>,
        /// Why she will be not ready then.
        pending_reason: Option<String>,
        /// Who caused it.
        actor: ActorItem,
    },
    /// Phones of an extension came or went.
    DeviceChanged {
        /// The extension.
        extension: String,
        /// Whether at least one is registered.
        registered: bool,
    },
    /// Night mode was switched.
    NightModeChanged {
        /// Of which queue; null: of the domain.
        queue: Option<String>,
        /// Whether it is on now.
        on: bool,
        /// Who did it.
        actor: ActorItem,
    },
    /// Do not disturb of an extension was set or taken back.
    DndChanged {
        /// The extension.
        extension: String,
        /// Not to be disturbed.
        on: bool,
        /// Who did it.
        actor: ActorItem,
    },
    /// When an agent's calls go to her personal phone was set, or which phone that is.
    ForwardingChanged {
        /// The agent.
        agent: String,
        /// When they go there now.
        forward_when: ForwardWord,
        /// Who did it.
        actor: ActorItem,
    },
    /// An agent's call link was shut or opened.
    CallLinkChanged {
        /// The agent.
        agent: String,
        /// Whether it leads to nobody now.
        private: bool,
        /// Who did it.
        actor: ActorItem,
    },
    /// A caller left a message.
    MessageLeft {
        /// The mailbox, by number.
        mailbox: String,
        /// The message.
        message: String,
        /// The call it was left in.
        call: String,
        /// How long it is, seconds.
        seconds: u32,
    },
    /// A message counts as heard now, or as new again.
    MessageMarked {
        /// The mailbox, by number.
        mailbox: String,
        /// The message.
        message: String,
        /// Whether it counts as heard.
        read: bool,
    },
    /// A message was put into text: it can be read with its mailbox's messages.
    MessageTranscribed {
        /// The mailbox, by number.
        mailbox: String,
        /// The message.
        message: String,
    },
    /// A message is gone.
    MessageDeleted {
        /// The mailbox, by number; its id if it is provisioned no more.
        mailbox: String,
        /// The message.
        message: String,
        /// Why: `deleted`, `emailed`, `lapsed` or `mailbox_gone`.
        why: &'static str,
    },
    /// A message could not be recorded. An operator must look at the disk.
    RecordingFailed {
        /// The mailbox, by number.
        mailbox: String,
        /// The call.
        call: String,
    },
    /// After too many wrong PINs a mailbox lets nobody in for a while.
    MailboxLocked {
        /// The mailbox, by number.
        mailbox: String,
        /// Until when.
        until: Time,
    },
    /// Provisioning was taken over; the message is `whole`.
    DirectoryChanged,
    /// A rule of the server's own was found broken and the call was ended. An operator must look.
    CallFaulted {
        /// The call.
        call: String,
        /// What was found.
        what: &'static str,
    },
    /// A new call was refused because a limit was reached; it has no record.
    CallRefused {
        /// Why.
        cause: &'static str,
    },
    /// Something changed for which there is no other name.
    Updated,
}
