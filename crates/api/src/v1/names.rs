//! From ids to the numbers that people know.

use model::{AgentId, AgentStatus, Directory, FlowId, MailboxId, QueueId, TrunkId};

/// Names things by what is provisioned at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a>(pub(crate) &'a Directory);

impl Names<'_> {
    /// A queue's number. One that is not provisioned any more has `#` and its id.
    pub(crate) fn queue(self, id: QueueId) -> String {
        self.0.queues.get(&id).map_or_else(|| format!("#{id}"), |queue| queue.number.to_string())
    }

    /// A flow's number. One that is not provisioned any more has `#` and its id.
    pub(crate) fn flow(self, id: FlowId) -> String {
        self.0.flows.get(&id).map_or_else(|| format!("#{id}"), |flow| flow.number.to_string())
    }

    /// A queue's name; its number as above if it is gone.
    pub(crate) fn queue_name(self, id: QueueId) -> String {
        self.0.queues.get(&id).map_or_else(|| format!("#{id}"), |queue| queue.name.clone())
    }

    /// An agent's extension, or `#` and her id where she has none or is not provisioned any more.
    pub(crate) fn agent(self, id: AgentId) -> String {
        self.0
            .agents
            .get(&id)
            .and_then(|agent| agent.extension.as_ref())
            .map_or_else(|| format!("#{id}"), ToString::to_string)
    }

    /// An agent's full name.
    pub(crate) fn agent_name(self, id: AgentId) -> Option<String> {
        self.0.agents.get(&id).map(|agent| agent.name.clone())
    }

    /// An agent's status. One that is not provisioned any more is shut off.
    pub(crate) fn agent_status(self, id: AgentId) -> AgentStatus {
        self.0.agents.get(&id).map_or(AgentStatus::Disabled, |agent| agent.status)
    }

    /// `Ann Ash (1001)`.
    pub(crate) fn agent_in_words(self, id: AgentId) -> String {
        match self.agent_name(id) {
            Some(name) => format!("{name} ({})", self.agent(id)),
            None => format!("a former agent ({})", self.agent(id)),
        }
    }

    /// A mailbox's number. One that is not provisioned any more has `#` and its id.
    pub(crate) fn mailbox(self, id: MailboxId) -> String {
        self.0.mailboxes.get(&id).map_or_else(|| format!("#{id}"), |mailbox| mailbox.number.to_string())
    }

    /// A disposition's label; none if it is not provisioned any more.
    pub(crate) fn disposition(self, code: &str) -> Option<String> {
        self.0.dispositions.get(code).map(|disposition| disposition.label.clone())
    }

    /// A trunk's name.
    pub(crate) fn trunk(self, id: TrunkId) -> String {
        self.0.trunks.get(&id).map_or_else(|| format!("#{id}"), |trunk| trunk.name.clone())
    }
}
