//! An agent is not to be disturbed, or may be again. Her states stay what they are; she is offered nothing.

use model::AgentId;

use crate::acd::Acd;
use crate::offer;
use crate::output::{AcdOutbox, OfferOutcome};

/// She set it, or somebody for her. What rings her stops and goes on to others.
pub(crate) fn changed(acd: &mut Acd, agent: AgentId, on: bool, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    facts.dnd = on;
    acd.touch(agent);
    if on {
        offer::withdraw(acd, agent, None, OfferOutcome::AgentLeft, out);
    }
}

impl Acd {
    /// Whether an agent is not to be disturbed.
    #[must_use]
    pub fn is_dnd(&self, agent: AgentId) -> bool {
        self.agents.get(&agent).is_some_and(|facts| facts.dnd)
    }
}
