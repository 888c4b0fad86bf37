//! What of a plan live calls would feel: it is compared with the running switch before the plan is carried out.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, ExtensionNumber, Queue, QueueId};

use super::difference::called;
use crate::directory::Snapshot;

/// What live calls would feel of a plan. Nothing here is a change of its own: the plan's lines have them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Queues that go away.
    pub removed_queues: Vec<RemovedQueue>,
    /// Limits of lines that become tighter.
    pub lowered_limits: Vec<LoweredLimit>,
    /// Agents who leave a queue, or are switched off in it.
    pub ended_memberships: Vec<EndedMembership>,
}

/// A queue that goes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedQueue {
    /// The queue.
    pub queue: QueueId,
    /// Its number.
    pub number: ExtensionNumber,
}

/// A limit of a line that becomes tighter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoweredLimit {
    /// The queue.
    pub queue: QueueId,
    /// Its number.
    pub number: ExtensionNumber,
    /// `max_callers`, `max_waiting_time` or `max_expected_wait`.
    pub field: &'static str,
    /// What it was; 0: no limit.
    pub from: u32,
    /// What it will be, at least 1.
    pub to: u32,
}

/// An agent who leaves a queue, or is switched off in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedMembership {
    /// The agent.
    pub agent: AgentId,
    /// Her extension, or her e-mail if she has none.
    pub called: String,
    /// The queue.
    pub queue: QueueId,
    /// Its number.
    pub number: ExtensionNumber,
}

impl Effects {
    /// Whether live calls would feel nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.removed_queues.is_empty() && self.lowered_limits.is_empty() && self.ended_memberships.is_empty()
    }

    /// What lies between two states of a domain.
    pub(super) fn between(current: Option<&Snapshot>, target: &Snapshot) -> Self {
        let Some(current) = current else { return Self::default() };
        let mut effects = Self::default();
        let after: BTreeMap<QueueId, &Queue> = target.queues.iter().map(|queue| (queue.id, queue)).collect();
        for queue in &current.queues {
            match after.get(&queue.id) {
                None => effects
                    .removed_queues
                    .push(RemovedQueue { queue: queue.id, number: queue.number.clone() }),
                Some(after) => effects.lowered_limits.extend(lowered(queue, after)),
            }
        }
        effects.ended_memberships = ended(current, target);
        effects
    }
}

fn lowered(old: &Queue, new: &Queue) -> Vec<LoweredLimit> {
    let limits = [
        ("max_callers", old.max_callers, new.max_callers),
        ("max_waiting_time", old.max_waiting_time, new.max_waiting_time),
        ("max_expected_wait", old.max_expected_wait, new.max_expected_wait),
    ];
    let tighter = limits.into_iter().filter(|(_, from, to)| *to > 0 && (*from == 0 || to < from));
    tighter
        .map(|(field, from, to)| LoweredLimit { queue: old.id, number: old.number.clone(), field, from, to })
        .collect()
}

fn ended(current: &Snapshot, target: &Snapshot) -> Vec<EndedMembership> {
    let live = |rows: &Snapshot| -> BTreeSet<(QueueId, AgentId)> {
        rows.memberships.iter().filter(|row| row.enabled).map(|row| (row.queue, row.agent)).collect()
    };
    let queues: BTreeMap<QueueId, &ExtensionNumber> =
        current.queues.iter().map(|queue| (queue.id, &queue.number)).collect();
    let agents: BTreeMap<AgentId, String> =
        current.agents.iter().map(|row| (row.agent.id, called(&row.agent))).collect();
    live(current)
        .difference(&live(target))
        .filter_map(|(queue, agent)| {
            let number = (*queues.get(queue)?).clone();
            Some(EndedMembership { agent: *agent, called: agents.get(agent)?.clone(), queue: *queue, number })
        })
        .collect()
}
