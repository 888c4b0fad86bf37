//! Why not: what stood between an agent and the last calls of her queues, from the records made when they were
//! decided. Nothing here decides anew.

use borsh::{BorshDeserialize, BorshSerialize};
use std::sync::Arc;

use model::{AgentId, CallId, QueueId, Timestamp};

use crate::acd::Acd;
use crate::decision::{Decision, Exclusion};
use crate::line::Line;
use crate::membership::Member;
use crate::skills::Profiles;
use crate::standing::{Kept, Mark};

/// Why one queue gives an agent no call.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NoCall {
    /// The queue.
    pub queue: QueueId,
    /// What stands in the way of any call now; none: she is free.
    pub standing: Option<Exclusion>,
    /// Since when.
    pub since: Timestamp,
    /// The last decision that considered her and rang somebody else or nobody; none: there has been none since
    /// she was last rung or joined, or it is too long ago to be kept.
    pub passed: Option<PassedOver>,
}

/// A decision that passed an agent over.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PassedOver {
    /// The decision.
    pub decision: Arc<Decision>,
    /// Why not she.
    pub why: WhyNot,
}

/// Why a decision was not for her.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum WhyNot {
    /// She could not have it.
    Excluded(Exclusion),
    /// She could have had it, and these were ahead of her.
    Behind(Vec<AgentId>),
}

impl Acd {
    /// For each of her queues why she was not given its last call, by queue id. Empty for nobody's id.
    ///
    /// It reads what was kept when the calls were decided: each queue its last decisions
    /// ([`crate::Limits::decisions_kept`]), each membership how it stood of late.
    #[must_use]
    pub fn why_no_call(&self, agent: AgentId) -> Vec<NoCall> {
        let Some(facts) = self.agents.get(&agent) else { return Vec::new() };
        let why = |(queue, member): (&QueueId, &Member)| {
            no_call(&self.profiles, agent, &member.kept, (*queue, self.lines.get(queue)?))
        };
        facts.memberships.iter().filter_map(why).collect()
    }

    /// The last decision about a waiting call; none if it does not wait.
    #[must_use]
    pub fn last_decision(&self, call: CallId) -> Option<Arc<Decision>> {
        self.entries.get(&call)?.last_decision.clone()
    }
}

fn no_call(
    profiles: &Profiles,
    agent: AgentId,
    kept: &Kept,
    (queue, line): (QueueId, &Line),
) -> Option<NoCall> {
    let mark = kept.mark()?;
    let newest = line.recent.iter().rev();
    // A decision that rang her ends the search: what lies before it did not keep her from a call.
    let passed = newest.take_while(|(_, decision)| !decision.winners.contains(&agent)).find_map(
        |(number, decision)| {
            let why = why_not(profiles, agent, decision, kept.at(*number)?)?;
            Some(PassedOver { decision: Arc::clone(decision), why })
        },
    );
    Some(NoCall { queue, standing: mark.why_not, since: mark.at, passed })
}

/// How a decision saw an agent: by name, else as she stood. None if the line decided it, not the agents.
fn why_not(profiles: &Profiles, agent: AgentId, decision: &Decision, stood: Mark) -> Option<WhyNot> {
    if let Some((why, _)) = decision.excluded.iter().find(|(_, agents)| agents.contains(&agent)) {
        return Some(WhyNot::Excluded(*why));
    }
    if decision.candidate_count == 0 && decision.excluded_counts.is_empty() {
        return None;
    }
    if let Some(why) = stood.why_not {
        return Some(WhyNot::Excluded(why));
    }
    if !profiles.meet(stood.profile, &decision.needs) {
        return Some(WhyNot::Excluded(Exclusion::SkillMissing));
    }
    Some(WhyNot::Behind(decision.winners.to_vec()))
}
