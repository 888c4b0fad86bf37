//! What an event is about: its subject, and the queue and agent that it is of. Webhooks send in order of subject,
//! filters choose by queue and agent; both ask here, so that no event means one thing to one and another to the
//! other.

use engine::EventKind;
use model::{AgentId, CallId, Directory, ExtensionNumber, MailboxId, QueueId};

use crate::v1::names::Names;

/// The one thing whose events must be told in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A call.
    Call(CallId),
    /// An agent, in all her queues.
    Agent(AgentId),
    /// What is registered at an extension.
    Phone(ExtensionNumber),
    /// A queue itself, not who waits there.
    Queue(QueueId),
    /// A mailbox and its messages.
    Mailbox(MailboxId),
    /// All of the domain.
    Domain,
}

impl Subject {
    /// `call 17`, `agent 1001`.
    pub(super) fn in_words(&self, names: Names<'_>) -> String {
        match self {
            Self::Call(call) => format!("call {call}"),
            Self::Agent(agent) => format!("agent {}", names.agent(*agent)),
            Self::Phone(extension) => format!("phone {extension}"),
            Self::Queue(queue) => format!("queue {}", names.queue(*queue)),
            Self::Mailbox(mailbox) => format!("mailbox {}", names.mailbox(*mailbox)),
            Self::Domain => "domain".into(),
        }
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    pub(super) subject: Subject,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
}

impl About {
    /// The call, if it is about one.
    pub(super) const fn call(&self) -> Option<CallId> {
        match self.subject {
            Subject::Call(call) => Some(call),
            Subject::Agent(_)
            | Subject::Phone(_)
            | Subject::Queue(_)
            | Subject::Mailbox(_)
            | Subject::Domain => None,
        }
    }

    /// The queue in whose name it happened, also where it is a queue's mailbox.
    pub(super) fn queue(&self, directory: &Directory) -> Option<QueueId> {
        self.queue.or_else(|| match &self.subject {
            Subject::Mailbox(mailbox) => {
                directory.queue(directory.mailboxes.get(mailbox)?.number.as_str()).map(|queue| queue.id)
            }
            Subject::Call(_)
            | Subject::Agent(_)
            | Subject::Phone(_)
            | Subject::Queue(_)
            | Subject::Domain => None,
        })
    }

    /// The agent whom it concerns, also by her phone or her mailbox.
    pub(super) fn agent(&self, directory: &Directory) -> Option<AgentId> {
        let whose = |number: &ExtensionNumber| directory.agent_of(number.as_str()).map(|agent| agent.id);
        self.agent.or_else(|| match &self.subject {
            Subject::Phone(extension) => whose(extension),
            Subject::Mailbox(mailbox) => whose(&directory.mailboxes.get(mailbox)?.number),
            Subject::Call(_) | Subject::Agent(_) | Subject::Queue(_) | Subject::Domain => None,
        })
    }
}

/// What an event of this kind is about.
pub(super) fn about(kind: &EventKind) -> About {
    let of = |subject, queue, agent| About { subject, queue, agent };
    let call = |call: &CallId, queue, agent| of(Subject::Call(*call), queue, agent);
    match kind {
        EventKind::CallArrived { call: id }
        | EventKind::LegChanged { call: id, .. }
        | EventKind::FlowBegan { call: id, .. }
        | EventKind::FlowStep { call: id, .. }
        | EventKind::DigitsCollected { call: id, .. }
        | EventKind::FlowFellBack { call: id, .. }
        | EventKind::FlowEnded { call: id, .. }
        | EventKind::RingGroupBegan { call: id, .. }
        | EventKind::RingGroupEnded { call: id, .. }
        | EventKind::HoldChanged { call: id, .. }
        | EventKind::CallFaulted { call: id, .. } => call(id, None, None),
        EventKind::CallEnded { record } => call(&record.call, None, None),
        EventKind::CallTransferred { call: id, agent, .. } => call(id, None, *agent),
        EventKind::CallConnected { call: id, queue, agent, .. } => call(id, *queue, *agent),
        EventKind::CallQueued { call: id, queue, .. }
        | EventKind::IntroHeard { call: id, queue }
        | EventKind::CallLeftQueue { call: id, queue, .. } => call(id, Some(*queue), None),
        EventKind::Decided { decision } => call(&decision.call, Some(decision.queue), None),
        EventKind::OfferMade { call: id, queue, agent, .. }
        | EventKind::OfferEnded { call: id, queue, agent, .. } => call(id, Some(*queue), Some(*agent)),
        EventKind::AgentChanged { agent, queue, .. } => {
            of(Subject::Agent(*agent), Some(*queue), Some(*agent))
        }
        EventKind::ForwardingChanged { agent, .. } | EventKind::CallLinkChanged { agent, .. } => {
            of(Subject::Agent(*agent), None, Some(*agent))
        }
        EventKind::DeviceChanged { extension, .. } | EventKind::DndChanged { extension, .. } => {
            of(Subject::Phone(extension.clone()), None, None)
        }
        EventKind::NightModeChanged { queue: Some(queue), .. } => {
            of(Subject::Queue(*queue), Some(*queue), None)
        }
        EventKind::MessageLeft { mailbox, .. }
        | EventKind::MessageMarked { mailbox, .. }
        | EventKind::MessageTranscribed { mailbox, .. }
        | EventKind::MessageDeleted { mailbox, .. }
        | EventKind::RecordingFailed { mailbox, .. }
        | EventKind::MailboxLocked { mailbox, .. } => of(Subject::Mailbox(*mailbox), None, None),
        EventKind::NightModeChanged { queue: None, .. }
        | EventKind::DirectoryChanged
        | EventKind::CallRefused { .. } => of(Subject::Domain, None, None),
    }
}
