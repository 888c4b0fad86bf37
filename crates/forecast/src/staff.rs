//! How many agents does each half hour need?
//!
//! Twice, because the two answers say different things: by Erlang A as if each queue had agents of its own, and by
//! running the half hour's load on the core with agents who have the skills and memberships of the provisioned
//! ones. The second knows that an agent of two queues helps both, and that one who lacks a skill helps nobody.
//!
//! Agents are added one by one: each time a copy of the provisioned agent whose queues are furthest below their
//! target, the one of whom there are fewest copies so far. What comes out need not be the smallest possible crew,
//! but each added agent was needed when she was added.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, Directory, ExtensionNumber, Membership, QueueId};

use crate::erlang::{Model, Unsolvable};
use crate::load::{Load, LoadError, Room, Source, Summary, summarise};

/// Most agents that are tried for one half hour.
pub const AGENTS_MAX: u32 = 2_000;
/// Agents beyond the load at which a queue alone meets any target that can be met.
const SEARCH_MAX: u32 = 20_000;

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Share of the calls that are answered in time, 0 to 1.
    pub service_level: f64,
    /// Within so many seconds.
    pub seconds: f64,
    /// Share of their time that agents are busy at most.
    pub max_occupancy: f64,
}

/// What comes in one stretch of time into one queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// The queue.
    pub queue: QueueId,
    /// Calls an hour.
    pub calls_per_hour: f64,
    /// Mean handling time with wrap-up, seconds.
    pub aht: f64,
    /// Mean patience, seconds; none: nobody gives up.
    pub patience: Option<f64>,
}

/// Agents that one queue needs alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alone {
    /// How many.
    pub agents: u32,
    /// Share of the calls then answered in time.
    pub service_level: f64,
    /// Share of their time that they are busy.
    pub occupancy: f64,
}

/// The fewest agents with which one queue alone meets its target, by Erlang A.
///
/// # Errors
/// [`Unsolvable`] if no number does, or the numbers are out of range.
pub fn alone(demand: &Demand, target: &Target) -> Result<Alone, Unsolvable> {
    let model = |agents| Model {
        patience: demand.patience,
        ..Model::hourly(demand.calls_per_hour, demand.aht, agents)
    };
    let meets = |agents: u32| -> Result<Option<Alone>, Unsolvable> {
        let figures = match model(agents).solve() {
            Ok(solution) => solution.figures(target.seconds),
            Err(Unsolvable::Unstable) => return Ok(None),
            Err(why) => return Err(why),
        };
        let found = Alone { agents, service_level: figures.in_time, occupancy: figures.occupancy };
        let fine = found.service_level >= target.service_level && found.occupancy <= target.max_occupancy;
        Ok(fine.then_some(found))
    };
    // The service level grows and the occupancy falls with every agent: the fewest are found by halving.
    let (mut too_few, mut enough) = (0, 1);
    let mut found = meets(enough)?;
    while found.is_none() {
        too_few = enough;
        enough *= 2;
        if enough > SEARCH_MAX {
            return Err(Unsolvable::TooLong);
        }
        found = meets(enough)?;
    }
    while enough - too_few > 1 {
        let middle = too_few.midpoint(enough);
        match meets(middle)? {
            Some(better) => (enough, found) = (middle, Some(better)),
            None => too_few = middle,
        }
    }
    found.ok_or(Unsolvable::OutOfRange)
}

/// A crew found by simulation.
#[derive(Clone, Debug, PartialEq)]
pub struct Crew {
    /// How many agents with the place of each provisioned one, by her extension.
    pub copies: BTreeMap<ExtensionNumber, u32>,
    /// How many in all.
    pub agents: u32,
    /// What came out with them.
    pub summary: Summary,
    /// Whether every queue meets its target; if not, no agent that is provisioned could help.
    pub met: bool,
}

/// How much is simulated for each crew that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Calls of one replication.
    pub calls: u32,
    /// How many replications.
    pub replications: u32,
    /// Everything follows from it.
    pub seed: u64,
}

/// A crew of copies of the provisioned agents with which every queue in `demands` meets its target.
///
/// # Errors
/// [`LoadError`] if a number is out of range.
pub fn crew(
    provisioned: &Directory,
    demands: &[Demand],
    target: &Target,
    effort: Effort,
) -> Result<Crew, LoadError> {
    let mut copies: BTreeMap<AgentId, u32> = provisioned.agents.keys().map(|agent| (*agent, 0)).collect();
    for queue in demands.iter().map(|demand| demand.queue) {
        // Nobody can be told from nobody: each queue begins with one who serves it, if there is one.
        if !copies.iter().any(|(agent, count)| *count > 0 && serves(provisioned, *agent, queue)) {
            add(provisioned, &mut copies, queue);
        }
    }
    loop {
        let load = load(provisioned, &copies, demands, target, effort).prepare()?;
        let tallies: Vec<_> = (0..effort.replications).map(|index| load.replication(index)).collect();
        let summary = summarise(&tallies);
        let lacking = lacking(&summary, demands, target);
        let agents = copies.values().sum();
        // The queue that lacks most and has somebody who could be added.
        let grew =
            agents < AGENTS_MAX && lacking.iter().any(|(_, queue)| add(provisioned, &mut copies, *queue));
        if grew {
            continue;
        }
        let named = copies
            .into_iter()
            .filter_map(|(agent, count)| Some((provisioned.agents.get(&agent)?.extension.clone()?, count)));
        return Ok(Crew { copies: named.collect(), agents, summary, met: lacking.is_empty() });
    }
}

/// Queues below their target, the furthest first.
fn lacking(summary: &Summary, demands: &[Demand], target: &Target) -> Vec<(f64, QueueId)> {
    let too_busy = summary.occupancy.mean > target.max_occupancy;
    let gap = |(results, demand): (&crate::load::Results, &Demand)| {
        let gap = target.service_level - results.in_time.mean;
        (gap > 0.0 || too_busy).then_some((gap, demand.queue))
    };
    let mut lacking: Vec<_> = summary.sources.iter().zip(demands).filter_map(gap).collect();
    lacking.sort_by(|a, b| b.0.total_cmp(&a.0));
    lacking
}

fn serves(provisioned: &Directory, agent: AgentId, queue: QueueId) -> bool {
    let Some(rules) = provisioned.queues.get(&queue) else { return false };
    let Some(of) = provisioned.agents.get(&agent) else { return false };
    let member = provisioned.memberships.get(&(queue, agent)).is_some_and(|member| member.enabled);
    let knows = rules.skills.iter().all(|need| need.is_met(&of.skills, std::time::Duration::MAX));
    member && knows && of.status == model::AgentStatus::Active && of.extension.is_some()
}

/// Adds one more of those who serve this queue, of whom there are fewest; among equals of whoever serves the fewest
/// other queues. False if nobody serves it.
fn add(provisioned: &Directory, copies: &mut BTreeMap<AgentId, u32>, queue: QueueId) -> bool {
    let breadth = |agent: AgentId| provisioned.memberships_of(agent).count();
    let candidates = copies.iter().filter(|(agent, _)| serves(provisioned, **agent, queue));
    let best = candidates.min_by_key(|(agent, count)| (**count, breadth(**agent), **agent));
    let Some(best) = best.map(|(agent, _)| *agent) else { return false };
    copies.entry(best).and_modify(|count| *count += 1);
    true
}

/// The load of one stretch of time on a crew of copies.
fn load(
    provisioned: &Directory,
    copies: &BTreeMap<AgentId, u32>,
    demands: &[Demand],
    target: &Target,
    effort: Effort,
) -> Load {
    let mut directory = provisioned.clone();
    directory.agents.clear();
    directory.memberships.clear();
    let mut next = 1;
    let queues: BTreeSet<QueueId> = demands.iter().map(|demand| demand.queue).collect();
    for (agent, count) in copies {
        let Some(of) = provisioned.agents.get(agent) else { continue };
        for _ in 0..*count {
            let id = AgentId(next);
            next += 1;
            directory.agents.insert(id, model::Agent { id, ..of.clone() });
            for member in provisioned.memberships_of(*agent).filter(|member| queues.contains(&member.queue)) {
                directory.insert_membership(Membership { agent: id, ..member.clone() });
            }
        }
    }
    let source = |demand: &Demand| Source {
        queue: demand.queue,
        calls_per_hour: demand.calls_per_hour,
        aht: demand.aht,
        patience: demand.patience,
        priority: 0,
        room: Room::AsProvisioned,
    };
    Load {
        directory,
        sources: demands.iter().map(source).collect(),
        calls: effort.calls,
        ring_delay: 0.0,
        threshold: target.seconds,
        seed: effort.seed,
    }
}
