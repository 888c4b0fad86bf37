//! The engine: matches an input and calls one function in one room. It contains no rule.

use std::sync::Arc;

use model::{AgentId, CallId, Directory, LegId, OfferId, PlayId, QueueId, Timestamp};

use crate::input::Input;
use crate::limits::Limits;
use crate::outbox::Outbox;
use crate::record::CallRecord;
use crate::view::{AgentView, CallView, QueueView, View};

/// Where the counters of this engine start, so that no id is ever used again.
#[derive(Clone, Copy, Debug)]
pub struct FirstIds {
    /// The first call.
    pub call: CallId,
    /// The first dialed leg; odd.
    pub leg: LegId,
    /// The first offer.
    pub offer: OfferId,
    /// The first player run.
    pub play: PlayId,
}

/// Everything that decides, for one domain.
#[derive(Debug)]
pub struct Engine {
    directory: Arc<Directory>,
    limits: Limits,
    first: FirstIds,
}

impl Engine {
    /// An engine for `directory`. Two engines with the same ids and inputs agree in everything.
    #[must_use]
    pub fn new(directory: Arc<Directory>, limits: Limits, first: FirstIds, now: Timestamp) -> Self {
        let _ = now;
        Self { directory, limits, first }
    }

    /// Applies one input. Commands, events and replies are appended to `out`.
    ///
    /// `now` must not be earlier than in the previous call; an earlier value is read as the same moment.
    pub fn handle(&mut self, input: Input, now: Timestamp, out: &mut Outbox) {
        let _ = (input, now, out, &self.limits, &self.first);
    }

    /// When [`Input::Tick`] is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        None
    }

    /// A read-only view for snapshots.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { engine: self }
    }

    /// What is provisioned.
    #[must_use]
    pub fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// Live calls.
    #[must_use]
    pub fn call_count(&self) -> usize {
        0
    }

    pub(crate) fn view_agents(&self) -> Vec<AgentView> {
        Vec::new()
    }
    pub(crate) fn view_agent(&self, _agent: AgentId) -> Option<AgentView> {
        None
    }
    pub(crate) fn view_queues(&self) -> Vec<QueueView> {
        Vec::new()
    }
    pub(crate) fn view_queue(&self, _queue: QueueId) -> Option<QueueView> {
        None
    }
    pub(crate) fn view_calls(&self) -> Vec<CallView> {
        Vec::new()
    }
    pub(crate) fn view_call(&self, _call: CallId) -> Option<CallView> {
        None
    }
    pub(crate) fn view_record(&self, _call: CallId) -> Option<CallRecord> {
        None
    }
    pub(crate) fn view_waiting(&self, _queue: QueueId) -> Vec<acd::WaitingView> {
        Vec::new()
    }
}
