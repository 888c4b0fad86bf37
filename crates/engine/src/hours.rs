//! Working hours of agents: the engine keeps the clock, the ACD does what follows (A50).

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};

use acd::AcdInput;
use model::{AgentId, Timestamp};

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
    look(engine, step);
}

/// Looks whose hours are open now, tells the ACD what is new, all at once, and sets the clock for the next edge. Also
/// after a change of provisioning: hours came, went, or are others now.
pub(crate) fn look(engine: &mut Engine, step: &Step<'_>) {
    let scheduled = engine.directory.agents.values().filter(|agent| agent.hours.is_some());
    let works = scheduled.filter_map(|agent| Some((agent.id, engine.directory.works(agent.id, step.now)?)));
    let mut next: Option<Timestamp> = None;
    let mut open = BTreeMap::new();
    for (agent, (works, edge)) in works {
        open.insert(agent, works);
        next = next.into_iter().chain(edge).min();
    }
    match next {
        Some(edge) => engine.timers.set(TimerKind::HoursEdge, edge),
        None => engine.timers.stop(TimerKind::HoursEdge),
    }
    let before = std::mem::replace(&mut engine.hours.open, open);
    // Who has no hours works always.
    let known = before.keys().chain(engine.hours.open.keys()).copied().collect::<BTreeSet<AgentId>>();
    let is_open = |hours: &BTreeMap<AgentId, bool>, agent| hours.get(&agent).copied().unwrap_or(true);
    let edges = known.into_iter().filter_map(|agent| {
        let now = is_open(&engine.hours.open, agent);
        (now != is_open(&before, agent)).then_some((agent, now))
    });
    let edges: Vec<(AgentId, bool)> = edges.collect();
    if !edges.is_empty() {
        engine.tell_acd(AcdInput::Hours { edges }, step);
    }
}
