//! What happened, from the engine's words into those of the event socket.

use engine::EventKind;

use super::event::EventItem;
use super::words::ActorItem;
use super::{flows, mailboxes, reach};
use crate::time::seconds_of_ms;
use crate::v1::agents::view::{pending_reason, reason};
use crate::v1::calls::view::{CallItem, LEGS_SHOWN_MAX};
use crate::v1::calls::words;
use crate::v1::names::Names;

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
        | EventKind::FlowEnded { .. } => flows::item(kind, names),
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
        EventKind::CallTransferred { .. } | EventKind::HoldChanged { .. } => controlled(kind, names),
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
        | EventKind::CallLinkChanged { .. }
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

/// What somebody did with a talk.
fn controlled(kind: &EventKind, names: Names<'_>) -> EventItem {
    if let EventKind::CallTransferred { call, agent, to } = kind {
        let agent = agent.map(|agent| names.agent(agent));
        return EventItem::CallTransferred { call: call.to_string(), agent, to: to.clone() };
    }
    let EventKind::HoldChanged { call, held } = kind else { return EventItem::Updated };
    EventItem::HoldChanged { call: call.to_string(), held: *held }
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
    use engine::{Actor, Cause, Fallback, FlowEnd, GroupOutcome, MessageGone};
    use model::{
        AgentId, CallId, ExtensionNumber, FlowId, ForwardWhen, LegId, MailboxId, QueueId, RecordId, Timestamp,
    };

    /// One event of each kind that another file puts into words, and some of those that this one does.
    fn kinds() -> Vec<EventKind> {
        let (call, flow, mailbox, record) = (CallId(1), FlowId(2), MailboxId(3), RecordId(4));
        let number = |text| ExtensionNumber::parse(text).expect("a number");
        vec![
            EventKind::CallArrived { call },
            EventKind::LegChanged { call, leg: LegId(2) },
            EventKind::FlowBegan { call, flow },
            EventKind::FlowStep { call, flow, step: "menu".into() },
            EventKind::DigitsCollected { call, flow, variable: "pin".into(), length: 4 },
            EventKind::FlowFellBack { call, flow, rule: Fallback::Star },
            EventKind::FlowEnded { call, flow, how: FlowEnd::Left },
            EventKind::IntroHeard { call, queue: QueueId(1) },
            EventKind::CallConnected { call, queue: None, agent: None, waited_ms: 0 },
            EventKind::CallTransferred { call, agent: None, to: "8000".into() },
            EventKind::HoldChanged { call, held: true },
            EventKind::DeviceChanged { extension: number("1001"), registered: true },
            EventKind::NightModeChanged { queue: None, on: true, actor: Actor::Owner },
            EventKind::DndChanged { extension: number("1001"), on: true, actor: Actor::Owner },
            EventKind::ForwardingChanged {
                agent: AgentId(1),
                forward_when: ForwardWhen::Always,
                actor: Actor::Owner,
            },
            EventKind::CallLinkChanged { agent: AgentId(1), private: true, actor: Actor::Owner },
            EventKind::RingGroupBegan { call, group: number("7100") },
            EventKind::RingGroupEnded { call, group: number("7100"), outcome: GroupOutcome::Answered },
            EventKind::MessageMarked { mailbox, record, read: true },
            EventKind::MessageTranscribed { mailbox, record },
            EventKind::MessageDeleted { mailbox, record, why: MessageGone::Lapsed },
            EventKind::RecordingFailed { mailbox, call },
            EventKind::MailboxLocked { mailbox, until: Timestamp::ZERO },
            EventKind::DirectoryChanged,
            EventKind::CallFaulted { call, what: "x" },
            EventKind::CallRefused { cause: Cause::Congestion },
        ]
    }

    #[test]
    fn a_message_goes_out_under_the_name_that_the_engine_gives_it() {
        let directory = model::Directory::new(model::Tenant::new(model::TenantId(1), "a"));
        for kind in kinds() {
            let sent = serde_json::to_value(item(&kind, Names(&directory))).unwrap();
            assert_eq!(sent["type"], kind.name());
        }
    }
}
