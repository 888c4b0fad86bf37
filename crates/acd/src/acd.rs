//! The ACD: routes each input to the room that owns it and decides nothing itself.

use model::{AgentId, CallId, Directory, OfferId, QueueId, Timestamp};

use crate::input::{AcdInput, AgentAction, Scope};
use crate::limits::Limits;
use crate::output::{AcdOutbox, AgentState, MembershipResult, Pending};

/// Who gets which call, for one domain.
#[derive(Debug)]
pub struct Acd {
    limits: Limits,
    next_offer: u64,
}

/// One membership as it stands, for snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipView {
    /// The queue.
    pub queue: QueueId,
    /// The agent.
    pub agent: AgentId,
    /// What she does.
    pub state: AgentState,
    /// Since when.
    pub since: Timestamp,
    /// Whether she would be given a call.
    pub available: bool,
    /// What happens when her call ends.
    pub pending: Option<Pending>,
    /// Queue calls answered.
    pub answered: u64,
    /// Offers that rang out.
    pub missed: u64,
}

/// One waiting call as it stands, for snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingView {
    /// The call.
    pub call: CallId,
    /// From 1.
    pub position: u32,
    /// Higher is served first.
    pub priority: u8,
    /// When it entered this line.
    pub enqueued_at: Timestamp,
    /// Who is being rung for it.
    pub offered_to: Vec<AgentId>,
}

impl Acd {
    /// An ACD without provisioning. `first_offer` starts the offer ids.
    #[must_use]
    pub fn new(limits: Limits, first_offer: OfferId) -> Self {
        Self { limits, next_offer: first_offer.0 }
    }

    /// Takes over a new directory between two inputs; live calls, lines and clocks go on.
    pub fn configure(&mut self, directory: &Directory, now: Timestamp, out: &mut AcdOutbox) {
        let _ = (directory, now, out, &self.limits, self.next_offer);
    }

    /// Applies one input.
    pub fn handle(&mut self, input: AcdInput, now: Timestamp, out: &mut AcdOutbox) {
        let _ = (input, now, out);
    }

    /// Applies what an agent, or somebody for her, asked: one result for each membership in `scope`.
    pub fn act(
        &mut self,
        agent: AgentId,
        scope: Scope,
        action: AgentAction,
        now: Timestamp,
        out: &mut AcdOutbox,
    ) -> Vec<MembershipResult> {
        let _ = (agent, scope, action, now, out);
        Vec::new()
    }

    /// When [`AcdInput::Tick`] is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        None
    }

    /// The memberships of one agent as they stand, by queue id.
    #[must_use]
    pub fn memberships(&self, agent: AgentId) -> Vec<MembershipView> {
        let _ = agent;
        Vec::new()
    }

    /// The waiting line of one queue, head first.
    #[must_use]
    pub fn waiting(&self, queue: QueueId) -> Vec<WaitingView> {
        let _ = queue;
        Vec::new()
    }

    /// How many wait in one queue, offered ones included.
    #[must_use]
    pub fn waiting_count(&self, queue: QueueId) -> usize {
        let _ = queue;
        0
    }

    /// Whether the agent is on a call, rung or in wrap-up (for direct calls: busy), and whether she can be rung.
    #[must_use]
    pub fn reachable(&self, agent: AgentId) -> bool {
        let _ = agent;
        false
    }
}
