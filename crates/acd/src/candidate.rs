//! Who may be offered a call, and for every other agent the first reason why not.

use std::collections::{BTreeMap, BTreeSet};

use model::AgentId;

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
#[derive(Clone, Copy, Debug, Default)]
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

/// The candidates among `here`, unordered: available agents of the line whose first choice this queue is.
pub(crate) fn candidates(acd: &Acd, line: &Line, entry: &Entry, here: &BTreeSet<AgentId>) -> Vec<Candidate> {
    let candidate = |agent: &AgentId| {
        let facts = acd.agents.get(agent)?;
        let member = facts.memberships.get(&line.rules.id)?;
        may_have(facts, *agent, entry).then(|| Candidate {
            agent: *agent,
            idle_since: facts.idle_since(member, acd.now),
            order: member.order,
        })
    };
    here.iter().filter_map(candidate).collect()
}

/// All members who are not among the candidates, by the first reason that holds.
pub(crate) fn excluded(
    acd: &Acd,
    line: &Line,
    entry: &Entry,
    candidates: &[Candidate],
) -> Vec<(Exclusion, Vec<AgentId>)> {
    let chosen: BTreeSet<AgentId> = candidates.iter().map(|candidate| candidate.agent).collect();
    let mut groups: BTreeMap<Exclusion, Vec<AgentId>> = BTreeMap::new();
    for agent in line.members.difference(&chosen) {
        let Some(facts) = acd.agents.get(agent) else { continue };
        let Some(member) = facts.memberships.get(&line.rules.id) else { continue };
        let why = exclusion(facts, member, this_call(facts, *agent, entry));
        groups.entry(why.unwrap_or(Exclusion::OtherQueueFirst)).or_default().push(*agent);
    }
    groups.into_iter().collect()
}
