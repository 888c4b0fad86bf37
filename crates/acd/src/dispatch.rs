//! Dispatch: the only place where a call and an agent are paired.
//!
//! It runs at the end of every step, for the queues in which something has changed: a call came or came back,
//! or an agent became available. Calls are served from the head of the line; an agent of several queues goes to
//! her first one (domain 3.4, multi-queue rule c). When it is done, no caller waits whom a free agent could
//! serve. It never walks a line: it ends when no agent is left, and skips only calls that those agents declined.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

use model::{AgentId, CallId, QueueId, Timestamp};

use crate::acd::Acd;
use crate::agent::Agent;
use crate::candidate::Standing;
use crate::decision::{Candidate, Decision};
use crate::output::{AcdOutbox, AcdOutput};
use crate::waiting::{Line, Place};
use crate::{candidate, offer, overflow, strategy};

/// Pairs what can be paired, then records the decision of every call that begins to wait for somebody.
pub(crate) fn run(acd: &mut Acd, out: &mut AcdOutbox) {
    let unserved: Vec<CallId> = acd.step.unserved.iter().copied().collect();
    for call in unserved {
        overflow::offers_used_up(acd, call, out);
    }
    loop {
        refresh_stale(acd);
        let queues: Vec<QueueId> = acd.step.dirty.iter().copied().collect();
        let mut served = false;
        for queue in &queues {
            overflow::nobody_left(acd, *queue, out);
            served |= serve(acd, *queue, out);
        }
        if !served && acd.step.stale.is_empty() {
            acd.step.dirty.clear();
            break;
        }
    }
    for call in std::mem::take(&mut acd.step.unserved) {
        if let Some(decision) = decide(acd, call, Vec::new(), 0) {
            out.push(AcdOutput::Decided { decision: Arc::new(decision) });
        }
    }
}

/// Brings the lines' sets of available and staffing agents up to what has changed.
pub(crate) fn refresh_stale(acd: &mut Acd) {
    for agent in std::mem::take(&mut acd.step.stale) {
        refresh(acd, agent);
    }
}

fn refresh(acd: &mut Acd, agent: AgentId) {
    let Some(facts) = acd.agents.get(&agent) else { return };
    for (queue, member) in &facts.memberships {
        let Some(line) = acd.lines.get_mut(queue) else { continue };
        let standing = candidate::standing(facts, member);
        if let Some(kept) = line.members.get_mut(&agent) {
            *kept = standing;
        }
        match standing {
            Standing::Not(_) => {
                line.available.remove(&agent);
            }
            Standing::Free { .. } => {
                if line.available.insert(agent) {
                    acd.step.dirty.insert(*queue);
                }
            }
        }
        if facts.staffs(member) {
            line.staffed.insert(agent);
        } else if line.staffed.remove(&agent) {
            acd.step.dirty.insert(*queue);
        }
    }
}

/// Offers calls of one queue, head first, while there are agents for them; true if it made an offer.
fn serve(acd: &mut Acd, queue: QueueId, out: &mut AcdOutbox) -> bool {
    let mut served = false;
    let mut passed: Option<Place> = None;
    loop {
        let Some(line) = acd.lines.get(&queue).filter(|line| !line.available.is_empty()) else {
            return served;
        };
        let Some(place) = next_open(line, passed) else { return served };
        let here = first_choice(acd, queue);
        if here.as_ref().is_some_and(BTreeSet::is_empty) {
            return served;
        }
        passed = Some(place);
        served |= offer_to(acd, place.call, here.as_ref(), out);
    }
}

/// The next call that may be offered, after `passed`.
fn next_open(line: &Line, passed: Option<Place>) -> Option<Place> {
    match passed {
        None => line.open.first().copied(),
        Some(place) => line.open.range((Excluded(place), Unbounded)).next().copied(),
    }
}

/// Offers one call to the best of `here` (of all, if none), or to all of them; false if none of them may have it.
fn offer_to(acd: &mut Acd, call: CallId, here: Option<&BTreeSet<AgentId>>, out: &mut AcdOutbox) -> bool {
    let Some(entry) = acd.entries.get(&call) else { return false };
    let Some(line) = acd.lines.get(&entry.queue) else { return false };
    let candidates = candidate::candidates(acd, line, entry, here);
    if candidates.is_empty() {
        return false;
    }
    let left = acd.limits.offers_per_call_max.saturating_sub(entry.offers_made);
    let room = strategy::offers_at_once(line.rules.strategy, &acd.limits)
        .saturating_sub(entry.live.len())
        .min(usize::try_from(left).unwrap_or(usize::MAX));
    let Some(decision) = decide(acd, call, candidates, room).map(Arc::new) else { return false };
    for winner in &decision.winners {
        offer::make(acd, *winner, &decision, out);
    }
    refresh_stale(acd);
    !decision.winners.is_empty()
}

/// The record of a decision about a waiting call: of the candidates, given in id order, the `room` best win.
fn decide(acd: &Acd, call: CallId, mut candidates: Vec<Candidate>, room: usize) -> Option<Decision> {
    let entry = acd.entries.get(&call)?;
    let line = acd.lines.get(&entry.queue)?;
    let excluded = candidate::excluded(acd, line, entry, &candidates);
    strategy::rank(line.rules.strategy, &mut candidates);
    Some(Decision {
        at: acd.now,
        call,
        queue: entry.queue,
        strategy: line.rules.strategy,
        position: line.position(entry.place),
        excluded,
        winners: candidates.iter().take(room).map(|candidate| candidate.agent).collect(),
        candidates,
        left: None,
    })
}

/// The available agents of a queue whom no other queue has a better claim on. Only queues in which something
/// changed in this step can have one: in the others every available agent has already been used. None: all of them.
fn first_choice(acd: &Acd, queue: QueueId) -> Option<BTreeSet<AgentId>> {
    let line = acd.lines.get(&queue)?;
    let rivals: Vec<QueueId> = acd
        .step
        .dirty
        .iter()
        .filter(|other| **other != queue && acd.lines.get(other).is_some_and(|line| !line.open.is_empty()))
        .copied()
        .collect();
    if rivals.is_empty() {
        return None;
    }
    let prefers = |agent: &AgentId| {
        let Some(facts) = acd.agents.get(agent) else { return false };
        let Some(own) = claim(acd, facts, *agent, queue) else { return false };
        !rivals.iter().any(|rival| claim(acd, facts, *agent, *rival).is_some_and(|other| other < own))
    };
    Some(line.available.iter().filter(|agent| prefers(agent)).copied().collect())
}

/// How strong a queue's claim on an agent is, less is stronger: her own priority, the queue's weight, the head
/// entry's age, the queue's number (shorter first, then by digits). None: no call there that she may have.
type Claim<'a> = (i32, Reverse<i32>, Timestamp, (usize, &'a str));

fn claim<'a>(acd: &'a Acd, facts: &Agent, agent: AgentId, queue: QueueId) -> Option<Claim<'a>> {
    let member = facts.memberships.get(&queue)?;
    let line = acd.lines.get(&queue).filter(|line| line.available.contains(&agent))?;
    let head = line.open.iter().find(|place| {
        acd.entries.get(&place.call).is_some_and(|entry| candidate::may_have(facts, agent, entry))
    })?;
    let number = line.rules.number.as_str();
    let rules = &line.rules;
    Some((member.queue_priority, Reverse(rules.weight), head.enqueued_at, (number.len(), number)))
}
