//! An agent of several queues: which of them she serves first (domain 3.4, multi-queue rule c).
//!
//! First her own order of queues (`queue_priority`), then the queues' `weight`, then the head that has waited
//! longest, then the lower number. Weight is strict, but not for ever: a head that has waited for
//! [`crate::Limits::starves_after`] goes before every weight, the longest waiting first. So behind agents of equal
//! order nobody waits longer than that bound and the time in which those agents serve who waits longer still.

use crate::broken;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use model::{AgentId, QueueId, Timestamp};

use crate::acd::Acd;
use crate::agent::Agent;
use crate::candidate::{self, is_reached};
use crate::standing::Standing;
use crate::waiting::Entry;

/// The free agents of a queue whom no other queue has a better claim on. Only queues in which something changed
/// in this step can have one: in the others every free agent has already been used. None: all of them.
pub(super) fn first_choice(acd: &Acd, queue: QueueId) -> Option<BTreeSet<AgentId>> {
    if acd.step.dirty.len() < 2 {
        return None;
    }
    let is_rival = |other: QueueId| {
        other != queue
            && acd.lines.get(&other).is_some_and(|line| !line.open.is_empty() && !line.free.is_empty())
    };
    let rivals: Vec<QueueId> = acd.step.dirty.iter().filter(|other| is_rival(*other)).collect();
    if rivals.is_empty() {
        return None;
    }
    let prefers = |agent: &AgentId| {
        let Some(facts) = acd.agents.get(agent) else { return false };
        let Some(own) = claim(acd, facts, *agent, queue) else { return false };
        !facts.memberships.keys().any(|rival| {
            rivals.binary_search(rival).is_ok()
                && claim(acd, facts, *agent, *rival).is_some_and(|other| other < own)
        })
    };
    let line = acd.lines.get(&queue)?;
    let here: BTreeSet<AgentId> = line.free.iter().map(|(_, agent)| agent).filter(prefers).collect();
    (here.len() < line.free.len()).then_some(here)
}

/// How strong a queue's claim on an agent is, less is stronger: her own priority, whether somebody starves, the
/// queue's weight, the head entry's age, the queue's number (shorter first, then by digits). None: no call there
/// that she may have.
type Claim<'a> = (i32, Weight, Timestamp, (usize, &'a str));

/// What stands between her order and the age of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// The head has waited too long for weights to count.
    Starves,
    /// The queue's own; higher is stronger.
    Of(Reverse<i32>),
}

fn claim<'a>(acd: &'a Acd, facts: &Agent, agent: AgentId, queue: QueueId) -> Option<Claim<'a>> {
    let member = facts.memberships.get(&queue)?;
    let line = acd.lines.get(&queue)?;
    let kept = &member.kept;
    let Standing::Free(key) = kept.standing else { return None };
    let fits = |entry: &Entry| candidate::this_call(acd, agent, entry).is_none() && is_reached(entry, key);
    let classes = line.open.classes().filter(|(needs, _)| acd.profiles.meet(kept.profile, needs));
    let heads = classes.filter_map(|(_, places)| {
        places.iter().find_map(|place| acd.entries.get(&place.call).filter(|entry| fits(entry)))
    });
    let head = heads.min_by_key(|entry| entry.place)?;
    let number = line.rules.number.as_str();
    let starves = acd.now.since(head.waits_since) >= acd.limits.starves_after;
    let weight = if starves {
        Weight::Starves
    } else {
        Weight::Of(Reverse(if broken!(WeightIgnored) { 0 } else { line.rules.weight }))
    };
    let order = if broken!(QueueOrderIgnored) { 0 } else { member.queue_priority };
    Some((order, weight, head.waits_since, (number.len(), number)))
}
