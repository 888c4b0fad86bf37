//! What happened, as it is told on the event socket.

use engine::EventKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::words::{ActorItem, FallbackWord, FlowEndWord, GroupOutcomeWord, OfferOutcomeWord};
use super::{mailboxes, reach};
use crate::time::{Time, seconds_of_ms};
use crate::v1::agents::view::{ForwardWord, PendingWord, StateWord, pending_reason, reason};
use crate::v1::calls::view::{CallItem, LEGS_SHOWN_MAX};
use crate::v1::calls::words;
use crate::v1::names::Names;
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

/// An event of the engine in words, its ids as names.
pub(super) fn item(kind: &EventKind, names: Names<'_>) -> EventItem {
    match kind {
        EventKind::CallArrived { call } => EventItem::CallArrived { call: call.to_string() },
        EventKind::LegChanged { call, leg } => {
            EventItem::LegChanged { call: call.to_string(), leg: leg.to_string() }
        }
        EventKind::FlowBegan { .. }
        | EventKind::FlowStep { .. }
        | EventKind::DigitsCollected { .. }
        | EventKind::FlowFellBack { .. }
        | EventKind::FlowEnded { .. } => super::words::in_flow(kind, names),
        EventKind::CallQueued { call, queue, position } => {
            EventItem::CallQueued { call: call.to_string(), queue: names.queue(*queue), position: *position }
        }
        EventKind::IntroHeard { call, queue } => {
            EventItem::IntroHeard { call: call.to_string(), queue: names.queue(*queue) }
        }
        EventKind::Decided { decision } => decided(decision, names),
        EventKind::OfferMade { offer, call, queue, agent } => EventItem::OfferMade {
            offer: offer.to_string(),
            call: call.to_string(),
            queue: names.queue(*queue),
            agent: names.agent(*agent),
        },
        EventKind::OfferEnded { offer, call, queue, agent, outcome } => EventItem::OfferEnded {
            offer: offer.to_string(),
            call: call.to_string(),
            queue: names.queue(*queue),
            agent: names.agent(*agent),
            outcome: (*outcome).into(),
        },
        EventKind::CallConnected { call, queue, agent, waited_ms } => EventItem::CallConnected {
            call: call.to_string(),
            queue: queue.map(|queue| names.queue(queue)),
            agent: agent.map(|agent| names.agent(agent)),
            waited: seconds_of_ms(*waited_ms),
        },
        EventKind::CallLeftQueue { call, queue, outcome } => EventItem::CallLeftQueue {
            call: call.to_string(),
            queue: names.queue(*queue),
            outcome: (*outcome).into(),
        },
        EventKind::CallEnded { record } => EventItem::CallEnded {
            call: record.call.to_string(),
            record: Box::new(CallItem::ended(record, names, LEGS_SHOWN_MAX)),
        },
        EventKind::AgentChanged { .. } => agent_changed(kind, names),
        EventKind::DeviceChanged { .. }
        | EventKind::NightModeChanged { .. }
        | EventKind::DndChanged { .. }
        | EventKind::ForwardingChanged { .. }
        | EventKind::RingGroupBegan { .. }
        | EventKind::RingGroupEnded { .. } => reach::item(kind, names),
        EventKind::MessageLeft { .. }
        | EventKind::MessageMarked { .. }
        | EventKind::MessageTranscribed { .. }
        | EventKind::MessageDeleted { .. }
        | EventKind::RecordingFailed { .. }
        | EventKind::MailboxLocked { .. } => mailboxes::item(kind, names),
        EventKind::DirectoryChanged => EventItem::DirectoryChanged,
        EventKind::CallFaulted { call, what } => EventItem::CallFaulted { call: call.to_string(), what },
        EventKind::CallRefused { cause } => EventItem::CallRefused { cause: cause.as_str() },
    }
}

fn decided(decision: &engine::Decision, names: Names<'_>) -> EventItem {
    EventItem::Decided {
        call: decision.call.to_string(),
        queue: names.queue(decision.queue),
        strategy: decision.strategy.into(),
        position: decision.position,
        candidates: decision.candidates.len(),
        winners: decision.winners.iter().map(|agent| names.agent(*agent)).collect(),
        text: words::decision(decision, names),
    }
}

fn agent_changed(kind: &EventKind, names: Names<'_>) -> EventItem {
    let EventKind::AgentChanged { agent, queue, state, available, pending, actor } = kind else {
        return EventItem::Updated;
    };
    EventItem::AgentChanged {
        agent: names.agent(*agent),
        queue: names.queue(*queue),
        state: state.into(),
        reason: reason(state),
        available_for_dispatch: *available,
        pending: pending.as_ref().map(Into::into),
        pending_reason: pending.as_ref().and_then(pending_reason),
        actor: ActorItem::new(actor, names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::CallId;

    #[test]
    fn a_message_goes_out_under_the_name_that_the_engine_gives_it() {
        let directory = model::Directory::new(model::Tenant::new(model::TenantId(1), "a"));
        let kinds = [
            EventKind::CallArrived { call: CallId(1) },
            EventKind::LegChanged { call: CallId(1), leg: model::LegId(2) },
            EventKind::DirectoryChanged,
            EventKind::NightModeChanged { queue: None, on: true, actor: engine::Actor::Owner },
            EventKind::CallFaulted { call: CallId(1), what: "x" },
            EventKind::CallRefused { cause: engine::Cause::Congestion },
            EventKind::CallConnected { call: CallId(1), queue: None, agent: None, waited_ms: 0 },
        ];
        for kind in kinds {
            let sent = serde_json::to_value(item(&kind, Names(&directory))).unwrap();
            assert_eq!(sent["type"], kind.name());
        }
    }
}
