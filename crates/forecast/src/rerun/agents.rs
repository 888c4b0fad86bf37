//! Who is there when: the day's agents in the places that another provisioning gives them.

use std::collections::BTreeMap;

use model::{AgentId, Directory, ExtensionNumber, QueueId, Timestamp};

use super::Rerun;
use crate::day::{Day, Presence};

/// Most times that the working hours of one agent begin or end in a day that is run again.
const EDGES_MAX: usize = 10_000;

/// One agent's change in one queue.
pub(super) type Change = (Timestamp, AgentId, QueueId, Presence);

/// All changes of all memberships of `directory`, by moment.
pub(super) fn changes(day: &Day, directory: &Directory) -> Vec<Change> {
    let first = day.calls.first().map_or(day.from, |call| call.at.min(day.from));
    let mut changes = Vec::new();
    for membership in directory.memberships.values() {
        let agent = directory.agents.get(&membership.agent);
        let extension = agent.and_then(|agent| agent.extension.as_ref());
        let queue = directory.queues.get(&membership.queue);
        let (Some(extension), Some(queue)) = (extension, queue) else { continue };
        let own = day.presence.get(&(extension.clone(), queue.number.clone()));
        let was_member = day.clocks.contains_key(extension);
        let line = match own {
            Some(line) => line.clone(),
            None if was_member => anywhere(day, extension),
            None => vec![(first, Presence::In)],
        };
        changes.extend(line.into_iter().map(|(at, to)| (at, membership.agent, membership.queue, to)));
    }
    changes.sort_by_key(|(at, agent, queue, _)| (*at, *agent, *queue));
    changes
}

/// When working hours begin and end; closed ones are told at the begin of the day too.
pub(super) fn hours(day: &Day, directory: &Directory) -> Vec<(Timestamp, AgentId, bool)> {
    let mut edges = Vec::new();
    for id in directory.agents.keys() {
        let works = |at: Timestamp| directory.works(*id, at);
        let Some((open, _)) = works(day.from) else { continue };
        if !open {
            edges.push((day.from, *id, false));
        }
        let next = |at: &Timestamp| works(*at).and_then(|(_, edge)| edge).filter(|edge| *edge <= day.to);
        let all = std::iter::successors(next(&day.from), next).take(EDGES_MAX);
        edges.extend(all.filter_map(|at| Some((at, *id, works(at)?.0))));
    }
    edges
}

/// Whether an agent who became ready at `at` would not have done so under the other provisioning: by its hours her
/// work is over, by those of the day it was not.
pub(super) fn is_off(rerun: &Rerun<'_>, agent: AgentId, at: Timestamp) -> bool {
    let closed = |directory: &Directory, agent| directory.works(agent, at).is_some_and(|(works, _)| !works);
    let Some(agent) = rerun.directory.agents.get(&agent) else { return false };
    let was = agent.extension.as_ref().and_then(|number| rerun.day.directory.agent_of(number.as_str()));
    closed(&rerun.directory, agent.id) && !was.is_some_and(|was| closed(&rerun.day.directory, was.id))
}

/// What an agent did where she did most: in if she was in anywhere, away if she was away and in nowhere.
fn anywhere(day: &Day, agent: &ExtensionNumber) -> Vec<(Timestamp, Presence)> {
    let mut all: Vec<(Timestamp, &ExtensionNumber, Presence)> = Vec::new();
    for ((who, queue), line) in &day.presence {
        if who == agent {
            all.extend(line.iter().map(|(at, presence)| (*at, queue, *presence)));
        }
    }
    all.sort_by_key(|(at, ..)| *at);
    let mut now: BTreeMap<&ExtensionNumber, Presence> = BTreeMap::new();
    let mut line: Vec<(Timestamp, Presence)> = Vec::new();
    for (at, queue, presence) in all {
        now.insert(queue, presence);
        let rank = |presence: &&Presence| match presence {
            Presence::Out => 0,
            Presence::Away => 1,
            Presence::In => 2,
        };
        let most = now.values().max_by_key(rank).copied().unwrap_or(Presence::Out);
        if line.last().map_or(Presence::Out, |(_, last)| *last) != most {
            line.push((at, most));
        }
    }
    line
}
