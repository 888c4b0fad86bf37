//! What one step produced; the caller owns the buffer and clears it.

use borsh::BorshSerialize;
use std::collections::BTreeSet;

use model::{AgentId, CallId, QueueId, RequestId};

use crate::command::Command;
use crate::event::{Event, EventKind};
use crate::request::{Rejection, Reply};

/// What one step produced.
#[derive(Debug, Default, BorshSerialize)]
pub struct Outbox {
    /// What the shell must do, in this order.
    pub commands: Vec<Command>,
    /// What has happened, in this order.
    pub events: Vec<Event>,
    /// Exactly one for each request.
    pub replies: Vec<(RequestId, Result<Reply, Rejection>)>,
    /// Whose view may differ from before the step.
    pub touched: Touched,
}

/// Whose view may differ from before the step.
#[derive(Debug, Default, BorshSerialize)]
pub struct Touched {
    /// Agents.
    pub agents: BTreeSet<AgentId>,
    /// Queues.
    pub queues: BTreeSet<QueueId>,
    /// Live calls; one that is not in the view any more has ended.
    pub calls: BTreeSet<CallId>,
    /// The domain itself.
    pub domain: bool,
    /// Everything: provisioning changed.
    pub all: bool,
}

impl Touched {
    /// Whether the step left every view as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all && !self.domain && self.agents.is_empty() && self.queues.is_empty() && self.calls.is_empty()
    }
}

impl Outbox {
    /// Adds an event.
    pub fn event(&mut self, kind: EventKind) {
        self.events.push(Event { kind });
    }

    /// Empties it for the next step, keeping its memory.
    pub fn clear(&mut self) {
        self.commands.clear();
        self.events.clear();
        self.replies.clear();
        self.touched.agents.clear();
        self.touched.queues.clear();
        self.touched.calls.clear();
        self.touched.domain = false;
        self.touched.all = false;
    }
}
