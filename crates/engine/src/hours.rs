//! Working hours of agents: the engine keeps the clock, the ACD does what follows (A50).

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use acd::AcdInput;
use model::AgentId;

use crate::engine::Engine;
use crate::step::Step;
use crate::timer::TimerKind;

/// Whether the hours of each agent who has some were open when last looked at.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Hours {
    open: BTreeMap<AgentId, bool>,
}

impl Hours {
    /// Whether the hours of each agent were open when last looked at.
    pub(crate) fn open(&self) -> &BTreeMap<AgentId, bool> {
        &self.open
    }
}

/// Goes on from what hours were when last looked at: what has begun or ended since happens now.
pub(crate) fn take_over(engine: &mut Engine, open: &[(AgentId, bool)], step: &Step<'_>) {
    for (agent, open) in open {
        if let Some(known) = engine.hours.open.get_mut(agent) {
            *known = *open;
        }
    }
    configure(engine, step);
}

/// After a change of provisioning: hours came, went, or are others now.
pub(crate) fn configure(engine: &mut Engine, step: &Step<'_>) {
    let known: Vec<AgentId> = engine.hours.open.keys().copied().collect();
    let agents = engine.directory.agents.values().filter(|agent| agent.hours.is_some());
    let mut agents: Vec<AgentId> = agents.map(|agent| agent.id).collect();
    agents.extend(known);
    agents.sort_unstable();
    agents.dedup();
    for agent in agents {
        look(engine, agent, step);
    }
}

/// Looks whether the hours of an agent are open now, tells the ACD if that is new, and sets the clock for the
/// next edge.
pub(crate) fn look(engine: &mut Engine, agent: AgentId, step: &Step<'_>) {
    let timer = TimerKind::HoursEdge(agent);
    let Some((open, edge)) = engine.directory.works(agent, step.now) else {
        engine.timers.stop(timer);
        if engine.hours.open.remove(&agent) == Some(false) {
            engine.tell_acd(AcdInput::Hours { agent, open: true }, step);
        }
        return;
    };
    match edge {
        Some(edge) => engine.timers.set(timer, edge),
        None => engine.timers.stop(timer),
    }
    if engine.hours.open.insert(agent, open).unwrap_or(true) != open {
        engine.tell_acd(AcdInput::Hours { agent, open }, step);
    }
}
