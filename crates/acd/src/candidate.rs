//! Who may be offered a call, and for every other agent the first reason why not.

use crate::broken;
use model::{AgentId, Strategy, Timestamp};

use crate::acd::Acd;
use crate::agent::Agent;
use crate::decision::Exclusion;
use crate::membership::{Intent, Member};
use crate::standing::Standing;
use crate::strategy::{self, Facts, Key};
use crate::waiting::Entry;

/// Why an agent would not be given a call of this queue, whichever it is; none: she is available. The first
/// reason that holds, in the order of [`Exclusion`].
pub(crate) fn unavailable(facts: &Agent, member: &Member) -> Option<Exclusion> {
    let talking = facts.talking();
    let not_ready = match member.intent {
        Intent::Ready | Intent::SingleCall { .. } => false,
        Intent::NotReady(_) => !broken!(NotReadyIsOffered),
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
        (!facts.reachable() && !broken!(GonePhoneIsOffered), Exclusion::Unreachable),
        (facts.dnd && !broken!(DndIsOffered), Exclusion::Dnd),
        (talking >= facts.max_calls || (single_used && talking > 0), Exclusion::OnCall),
        (
            talking + facts.ringing() >= facts.max_calls + usize::from(broken!(OneRingTooMany))
                || single_rings,
            Exclusion::Ringing,
        ),
        (facts.wrap_up.is_some() && !broken!(WrapUpIsOffered), Exclusion::WrapUp),
        (not_ready, Exclusion::NotReady),
        (member.pending.is_some() || member.leaving || single_used, Exclusion::PendingLeave),
        (facts.delayed, Exclusion::RetryDelay),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// How a member stands, from her facts.
pub(crate) fn standing(facts: &Agent, member: &Member, strategy: Strategy) -> Standing {
    if let Some(why) = unavailable(facts, member) {
        return Standing::Not(why);
    }
    let facts = Facts {
        idle_since: facts.idle_since(member).unwrap_or(Timestamp(i64::MAX)),
        order: member.order,
        tier: member.tier,
        skill_level: member.skill_level,
        last_rung: member.last_rung,
        answered_today: member.answered_today,
    };
    Standing::Free(strategy::key(strategy, &facts))
}

/// What stands between an agent and this one call: it rings her already, or she has declined it.
pub(crate) fn this_call(acd: &Acd, agent: AgentId, entry: &Entry) -> Option<Exclusion> {
    if entry.live.iter().any(|id| acd.offers.get(id).is_some_and(|offer| offer.agent == agent)) {
        Some(Exclusion::Ringing)
    } else if entry.declined.contains(&agent) {
        Some(Exclusion::DeclinedThis)
    } else {
        None
    }
}

/// Whether a free member knows what this call asks for.
pub(crate) fn knows(acd: &Acd, agent: AgentId, entry: &Entry) -> bool {
    entry.asks.is_empty()
        || broken!(SkillsIgnored)
        || acd.kept(agent, entry.queue).is_some_and(|kept| acd.profiles.meet(kept.profile, &entry.asks))
}

/// Whether a free member may be offered this call, now or, in a cascade, when it comes to her tier.
pub(crate) fn may_have(acd: &Acd, agent: AgentId, entry: &Entry) -> bool {
    this_call(acd, agent, entry).is_none() && knows(acd, agent, entry)
}

/// Whether a cascade has come to a free member with this place.
pub(crate) fn is_reached(entry: &Entry, key: Key) -> bool {
    entry.reach.is_none_or(|reach| key.group <= i64::from(reach))
}
