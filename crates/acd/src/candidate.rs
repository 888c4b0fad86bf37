//! Who may be offered a call, and for every other agent the first reason why not.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, Timestamp};

use crate::acd::Acd;
use crate::agent::Agent;
use crate::decision::{Candidate, Exclusion};
use crate::membership::{Intent, Member};
use crate::waiting::{Entry, Line};

/// Why an agent would not be given a call of this queue, whichever it is; none: she is available.
pub(crate) fn unavailable(facts: &Agent, member: &Member) -> Option<Exclusion> {
    exclusion(facts, member, ThisCall::default())
}

/// What stands between an agent and one particular call.
#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct ThisCall {
    /// She declined it.
    declined: bool,
    /// It rings her already.
    rings_her: bool,
}

/// The first reason that holds, in the order of [`Exclusion`].
fn exclusion(facts: &Agent, member: &Member, call: ThisCall) -> Option<Exclusion> {
    let talking = facts.talking();
    let not_ready = match member.intent {
        Intent::Ready | Intent::SingleCall { .. } => false,
        Intent::NotReady(_) => true,
    };
    let (single_used, single_rings) = match member.intent {
        Intent::SingleCall { request, used } => (used, facts.rings_for(request)),
        Intent::Ready | Intent::NotReady(_) => (false, false),
    };
    let rules = [
        (!facts.active, Exclusion::NotActive),
        (!facts.has_extension, Exclusion::NoExtension),
        (!member.enabled, Exclusion::EntryDisabled),
        (!member.logged_in, Exclusion::LoggedOut),
        (!facts.reachable(), Exclusion::Unreachable),
        (facts.dnd, Exclusion::Dnd),
        (talking >= facts.max_calls || (single_used && talking > 0), Exclusion::OnCall),
        (talking + facts.ringing() >= facts.max_calls || single_rings || call.rings_her, Exclusion::Ringing),
        (facts.wrap_up.is_some(), Exclusion::WrapUp),
        (not_ready, Exclusion::NotReady),
        (member.pending.is_some() || member.leaving || single_used, Exclusion::PendingLeave),
        (call.declined, Exclusion::DeclinedThis),
        (facts.delayed, Exclusion::RetryDelay),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// What stands between this agent and this call.
pub(crate) fn this_call(facts: &Agent, agent: AgentId, entry: &Entry) -> ThisCall {
    ThisCall {
        declined: entry.declined.contains(&agent),
        rings_her: facts.rings.iter().any(|ring| entry.live.contains(&ring.offer)),
    }
}

/// Whether an available agent may be offered this call too.
pub(crate) fn may_have(facts: &Agent, agent: AgentId, entry: &Entry) -> bool {
    let call = this_call(facts, agent, entry);
    !call.declined && !call.rings_her
}

/// How a member stands to the calls of her queue, whichever they are. Kept with the line, because a decision
/// names every member: with two hundred of them it must not derive two hundred states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Standing {
    /// She would be given a call.
    Free {
        /// Since when she has been without a call; none: she is on one now.
        idle_since: Option<Timestamp>,
        /// Her `order` in the queue.
        order: i32,
    },
    /// She would not.
    Not(Exclusion),
}

/// How she stands, from her facts.
pub(crate) fn standing(facts: &Agent, member: &Member) -> Standing {
    match unavailable(facts, member) {
        Some(why) => Standing::Not(why),
        None => Standing::Free { idle_since: facts.idle_since(member), order: member.order },
    }
}

/// Whether a call means the same to every agent: it rings nobody, and nobody has declined it.
fn is_fresh(entry: &Entry) -> bool {
    entry.live.is_empty() && entry.declined.is_empty()
}

/// The candidates among `here` (all members, if none), in id order: those who are free and may have this call.
pub(crate) fn candidates(
    acd: &Acd,
    line: &Line,
    entry: &Entry,
    here: Option<&BTreeSet<AgentId>>,
) -> Vec<Candidate> {
    let is_fresh = is_fresh(entry);
    let may = |agent: &AgentId| {
        here.is_none_or(|here| here.contains(agent))
            && (is_fresh || acd.agents.get(agent).is_some_and(|facts| may_have(facts, *agent, entry)))
    };
    let mut found = Vec::with_capacity(here.unwrap_or(&line.available).len());
    for (agent, standing) in &line.members {
        match standing {
            Standing::Free { idle_since, order } if may(agent) => found.push(Candidate {
                agent: *agent,
                idle_since: idle_since.unwrap_or(acd.now),
                order: *order,
            }),
            Standing::Free { .. } | Standing::Not(_) => {}
        }
    }
    found
}

/// All members who are not among the candidates, by the first reason that holds. The candidates come in id order,
/// as [`candidates`] gives them.
pub(crate) fn excluded(
    acd: &Acd,
    line: &Line,
    entry: &Entry,
    candidates: &[Candidate],
) -> Vec<(Exclusion, Vec<AgentId>)> {
    if candidates.len() == line.members.len() {
        return Vec::new();
    }
    let mut chosen = candidates.iter().map(|candidate| candidate.agent).peekable();
    let is_fresh = is_fresh(entry);
    let mut groups: BTreeMap<Exclusion, Vec<AgentId>> = BTreeMap::new();
    for (agent, standing) in &line.members {
        if chosen.next_if_eq(agent).is_some() {
            continue;
        }
        let why = match standing {
            Standing::Not(why) if is_fresh => Some(*why),
            Standing::Free { .. } if is_fresh => None,
            Standing::Free { .. } | Standing::Not(_) => {
                let Some(facts) = acd.agents.get(agent) else { continue };
                let Some(member) = facts.memberships.get(&line.rules.id) else { continue };
                exclusion(facts, member, this_call(facts, *agent, entry))
            }
        };
        groups.entry(why.unwrap_or(Exclusion::OtherQueueFirst)).or_default().push(*agent);
    }
    groups.into_iter().collect()
}
