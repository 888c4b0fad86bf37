//! Pickup: an agent takes a chosen waiting call, past its place in the line and past the strategy.
//!
//! It needs what the rules of a queue do not ask for: that somebody named her, or she herself. So she need be neither
//! ready nor logged in, nor a member; but she can have no more calls than she is given at a time, and her phone must
//! be there. Her wrap-up ends with it. Whatever else the queues ring her with goes to others, and so does whoever
//! else is rung for this call; while it rings her it rings nobody else. If she does not take it, it goes on from its
//! old place.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, OfferId, QueueId, Timestamp};

use crate::acd::Acd;
use crate::decision::{Counts, Decision, Exclusion};
use crate::output::{AcdOutbox, AcdOutput, AgentState, OfferOutcome};
use crate::short::Short;
use crate::timer::TimerKind;
use crate::{offer, record, waiting, wrap_up};

/// Why a call cannot be picked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum NoPickup {
    /// It does not wait in this queue.
    NotWaiting,
    /// Another agent has lifted the phone for it.
    BeingAnswered,
    /// It has rung as often as a call may.
    OffersUsedUp,
    /// She can have no call now.
    Agent(Exclusion),
}

impl Acd {
    /// Offers a waiting call to this agent at once, because she or somebody for her chose it.
    ///
    /// # Errors
    /// [`NoPickup`] if that cannot be; then nothing has changed but for what was due.
    pub fn pick_up(
        &mut self,
        (call, queue): (CallId, QueueId),
        agent: AgentId,
        now: Timestamp,
        out: &mut AcdOutbox,
    ) -> Result<(), NoPickup> {
        self.begin(now, out);
        let verdict = judge(self, (call, queue), agent);
        if let Ok(own) = verdict {
            carry_out(self, (call, queue), agent, own, out);
        }
        self.finish(out);
        verdict.map(drop)
    }

    /// What the queues do with an agent, whether she is a member of one or not: none if they neither ring her nor
    /// have her talk.
    #[must_use]
    pub fn engaged(&self, agent: AgentId) -> Option<AgentState> {
        let facts = self.agents.get(&agent)?;
        let talks = facts.queue_legs.first().map(|leg| AgentState::OtherCall { call: leg.call });
        talks.or_else(|| facts.rings.first().map(|ring| AgentState::Ringing { offer: ring.offer }))
    }
}

impl Acd {
    /// Whether an agent talks, on whatever call.
    #[must_use]
    pub fn talks(&self, agent: AgentId) -> bool {
        self.agents.get(&agent).is_some_and(|facts| facts.talking() > 0)
    }

    /// Whether any call rings an agent.
    #[must_use]
    pub fn rings(&self, agent: AgentId) -> bool {
        self.agents.get(&agent).is_some_and(|facts| facts.ringing() > 0)
    }
}

/// Whether it can be; the offer of it that rings her already, if there is one.
fn judge(acd: &Acd, (call, queue): (CallId, QueueId), agent: AgentId) -> Result<Option<OfferId>, NoPickup> {
    let entry = acd.entries.get(&call).filter(|entry| entry.queue == queue).ok_or(NoPickup::NotWaiting)?;
    let is_hers = |id: &&OfferId| acd.offers.get(id).is_some_and(|offer| offer.agent == agent);
    let own = entry.live.iter().find(is_hers).copied();
    let lifted = |id: &OfferId| acd.offers.get(id).is_some_and(|offer| offer.picked);
    if entry.live.iter().any(|id| Some(*id) != own && lifted(id)) {
        return Err(NoPickup::BeingAnswered);
    }
    if own.is_some() {
        return Ok(own);
    }
    if entry.offers_made >= acd.limits.offers_per_call_max {
        return Err(NoPickup::OffersUsedUp);
    }
    cannot(acd, agent).map_or(Ok(None), |why| Err(NoPickup::Agent(why)))
}

/// Why she can have no call, whoever wants it.
fn cannot(acd: &Acd, agent: AgentId) -> Option<Exclusion> {
    let Some(facts) = acd.agents.get(&agent).filter(|facts| !facts.deleted) else {
        return Some(Exclusion::NotActive);
    };
    // What the queues ring her with makes room, unless she has lifted the phone.
    let stays = |id: &OfferId| acd.offers.get(id).is_some_and(|offer| offer.picked);
    let rung = facts.ringing() - facts.rings.iter().filter(|ring| !stays(&ring.offer)).count();
    let rules = [
        (!facts.active, Exclusion::NotActive),
        (!facts.has_extension, Exclusion::NoExtension),
        (!facts.reachable(), Exclusion::Unreachable),
        (facts.dnd, Exclusion::Dnd),
        (facts.talking() >= facts.max_calls, Exclusion::OnCall),
        (facts.talking() + rung >= facts.max_calls, Exclusion::Ringing),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

fn carry_out(
    acd: &mut Acd,
    (call, queue): (CallId, QueueId),
    agent: AgentId,
    own: Option<OfferId>,
    out: &mut AcdOutbox,
) {
    wrap_up::end(acd, agent, out);
    let Some(entry) = acd.entries.get_mut(&call) else { return };
    entry.declined.remove(&agent);
    let others: Vec<OfferId> = entry.live.iter().copied().filter(|id| Some(*id) != own).collect();
    for id in others {
        offer::end(acd, id, OfferOutcome::PickedUp, out);
    }
    make_room(acd, agent, own, out);
    let Some(decision) = decision(acd, (call, queue), agent, own) else { return };
    let decision = record::keep(acd, decision);
    match own {
        Some(_) => out.push(AcdOutput::Decided { decision }),
        None => offer::make(acd, agent, &decision, out),
    }
    // The newest of its offers: all others have ended.
    if let Some(entry) = acd.entries.get_mut(&call) {
        entry.pickup = entry.live.last().copied();
        if entry.reach.take().is_some() {
            acd.timers.stop(TimerKind::Grows(call));
        }
        waiting::reopen(acd, call);
    }
}

/// Whatever else the queues ring her with goes to others, as far as she can have no more.
fn make_room(acd: &mut Acd, agent: AgentId, own: Option<OfferId>, out: &mut AcdOutbox) {
    while own.is_none()
        && let Some(facts) = acd.agents.get(&agent)
        && facts.talking() + facts.ringing() >= facts.max_calls
    {
        let lifted = |id: OfferId| acd.offers.get(&id).is_some_and(|offer| offer.picked);
        let newest = facts.rings.iter().rev().map(|ring| ring.offer).find(|id| !lifted(*id));
        let Some(newest) = newest else { return };
        offer::end(acd, newest, OfferOutcome::AgentLeft, out);
    }
}

/// The record: nobody was compared with anybody.
fn decision(
    acd: &Acd,
    (call, queue): (CallId, QueueId),
    agent: AgentId,
    own: Option<OfferId>,
) -> Option<Decision> {
    let entry = acd.entries.get(&call)?;
    let line = acd.lines.get(&queue)?;
    Some(Decision {
        at: acd.now,
        call,
        queue,
        strategy: line.rules.strategy,
        position: line.position(entry.place),
        needs: entry.asks.clone(),
        candidates: Short::new(),
        candidate_count: 0,
        excluded: Vec::new(),
        excluded_counts: Counts::default(),
        winners: own.is_none().then_some(agent).into_iter().collect(),
        picked_up: Some(agent),
        left: None,
    })
}
