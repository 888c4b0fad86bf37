//! Offers: one call presented to one agent, until she answers or it ends otherwise.

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::sync::Arc;

use model::{AgentId, CallId, OfferId, QueueId};

use crate::acd::Acd;
use crate::agent::{QueueLeg, Ring, missed};
use crate::decision::Decision;
use crate::input::OfferFailure;
use crate::membership::Intent;
use crate::output::{AcdOutbox, AcdOutput, OfferOutcome};
use crate::timer::TimerKind;
use crate::waiting::{self, Entry};
use crate::{growth, never, overflow};

/// A live offer: it rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Offer {
    /// The call.
    pub(crate) call: CallId,
    /// The queue it waits in.
    pub(crate) queue: QueueId,
    /// The agent.
    pub(crate) agent: AgentId,
    /// She has lifted the phone: no clock ends it any more.
    pub(crate) picked: bool,
}

/// Rings an agent for a waiting call.
pub(crate) fn make(acd: &mut Acd, agent: AgentId, decision: &Arc<Decision>, out: &mut AcdOutbox) {
    let (call, queue) = (decision.call, decision.queue);
    let Some(line) = acd.lines.get(&queue) else { return };
    let Some(entry) = acd.entries.get_mut(&call) else { return };
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let offer = OfferId(acd.next_offer);
    acd.next_offer += 1;
    let rings_out = acd.now.after(growth::ring_time(line, entry));
    // A limit that has passed waits for whoever has lifted, and ends no ring that begins now.
    let limit = entry.wait_limit(&line.rules, &acd.limits).filter(|limit| *limit > acd.now);
    let until = limit.map_or(rings_out, |limit| limit.min(rings_out));
    entry.live.push(offer);
    entry.offers_made = entry.offers_made.saturating_add(1);
    facts.rings.push(Ring { offer, queue });
    if let Some(member) = facts.memberships.get_mut(&queue) {
        member.last_rung = if broken!(RingForgotten) { None } else { Some(acd.now) };
    }
    acd.offers.insert(offer, Offer { call, queue, agent, picked: false });
    acd.timers.set(TimerKind::OfferExpires(offer), rings_out);
    acd.touch(agent);
    waiting::reopen(acd, call);
    out.push(AcdOutput::Offered { offer, call, queue, agent, until, decision: Arc::clone(decision) });
}

/// The agent has lifted the phone. What follows decides: she is joined, or this offer ends.
pub(crate) fn picked(acd: &mut Acd, id: OfferId) {
    if let Some(offer) = acd.offers.get_mut(&id).filter(|_| !broken!(LiftedIsCutOff)) {
        offer.picked = true;
        acd.timers.stop(TimerKind::OfferExpires(id));
    }
}

/// The agent answered. Of all offers of a call the first answer wins; an offer that is over gets nothing.
pub(crate) fn answered(acd: &mut Acd, id: OfferId, out: &mut AcdOutbox) {
    let Some(Offer { call, queue, agent, .. }) = acd.offers.get(&id).copied() else { return };
    let Some(Entry { live, enqueued_at, pickup, .. }) = waiting::take(acd, call) else {
        never::fault(out, call, "an offer rang for a call that did not wait");
        end(acd, id, OfferOutcome::CallerGone, out);
        return;
    };
    acd.offers.remove(&id);
    acd.timers.stop(TimerKind::OfferExpires(id));
    out.push(AcdOutput::Connected { offer: id, call, queue, agent, enqueued_at });
    let picked_up = pickup == Some(id);
    connect(acd, agent, id, QueueLeg { queue, call, since: acd.now, picked_up });
    for other in live.iter().copied().filter(|other| *other != id) {
        if broken!(LoserHasMissed) {
            expired(acd, other, out);
        }
        end(acd, other, OfferOutcome::AnsweredElsewhere, out);
    }
}

/// Her ring becomes a leg; the counts and a single call follow.
fn connect(acd: &mut Acd, agent: AgentId, id: OfferId, leg: QueueLeg) {
    acd.touch(agent);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    facts.rings.take(|ring| ring.offer == id);
    facts.queue_legs.push(leg);
    let Some(member) = facts.memberships.get_mut(&leg.queue) else { return };
    member.answered += 1;
    member.answered_today =
        member.answered_today.saturating_add(u32::from(!broken!(AnswerOfTheDayForgotten)));
    member.consecutive_missed = 0;
    let Intent::SingleCall { request: mine, .. } = member.intent else { return };
    for member in facts.memberships.values_mut() {
        match &mut member.intent {
            Intent::SingleCall { request, used } if *request == mine => *used = !broken!(OneCallIsMany),
            Intent::SingleCall { .. } | Intent::Ready | Intent::NotReady(_) => {}
        }
    }
}

/// The agent declined, or could not be had.
pub(crate) fn failed(acd: &mut Acd, id: OfferId, why: OfferFailure, out: &mut AcdOutbox) {
    let Some(Offer { call, queue, agent, .. }) = acd.offers.get(&id).copied() else { return };
    let outcome = match why {
        OfferFailure::Declined => OfferOutcome::Declined,
        OfferFailure::Busy => OfferOutcome::Busy,
        OfferFailure::NoAnswer => OfferOutcome::NoAnswer,
        OfferFailure::Unreachable => OfferOutcome::Unreachable,
    };
    if why == OfferFailure::Declined
        && !broken!(DeclinedIsAskedAgain)
        && let Some(entry) = acd.entries.get_mut(&call)
    {
        entry.declined.insert(agent);
    }
    end(acd, id, outcome, out);
    missed::failed(acd, agent, queue, why, out);
}

/// It rang for its whole time (RONA).
pub(crate) fn expired(acd: &mut Acd, id: OfferId, out: &mut AcdOutbox) {
    let Some(Offer { queue, agent, .. }) = acd.offers.get(&id).copied() else { return };
    end(acd, id, OfferOutcome::NoAnswer, out);
    missed::rang_out(acd, agent, queue, out);
}

/// Ends one offer. The call, if it still waits, may be offered again from its old place.
pub(crate) fn end(acd: &mut Acd, id: OfferId, outcome: OfferOutcome, out: &mut AcdOutbox) {
    let Some(Offer { call, queue, agent, picked }) = acd.offers.remove(&id) else { return };
    acd.timers.stop(TimerKind::OfferExpires(id));
    if let Some(facts) = acd.agents.get_mut(&agent) {
        facts.rings.take(|ring| ring.offer == id);
    }
    acd.touch(agent);
    if let Some(entry) = acd.entries.get_mut(&call) {
        entry.live.take(|live| *live == id);
        if entry.pickup.take_if(|pickup| *pickup == id).is_some() {
            // Nobody else may be there for it by now.
            acd.step.dirty.insert(queue);
        }
        waiting::reopen(acd, call);
    }
    #[cfg(feature = "broken")]
    if broken!(RequeuedAtTheTail) {
        waiting::to_the_tail(acd, call);
    }
    out.push(AcdOutput::OfferEnded { offer: id, call, queue, agent, outcome });
    if picked {
        overflow::after_picked(acd, call, out);
    }
}

/// Stops what rings an agent, of one queue or of all.
pub(crate) fn withdraw(
    acd: &mut Acd,
    agent: AgentId,
    queue: Option<QueueId>,
    outcome: OfferOutcome,
    out: &mut AcdOutbox,
) {
    let Some(facts) = acd.agents.get(&agent) else { return };
    let of = |ring: &&Ring| queue.is_none_or(|queue| ring.queue == queue);
    let ids: Vec<OfferId> = facts.rings.iter().filter(of).map(|ring| ring.offer).collect();
    for id in ids {
        end(acd, id, outcome, out);
    }
}

/// Stops the newest rings of an agent who has more calls than she is given at a time.
pub(crate) fn shed(acd: &mut Acd, agent: AgentId, out: &mut AcdOutbox) {
    while let Some(facts) = acd.agents.get(&agent)
        && let Some(newest) = facts.rings.last().map(|ring| ring.offer)
        && facts.talking() + facts.rings.len() > facts.max_calls
    {
        end(acd, newest, OfferOutcome::AgentLeft, out);
    }
}
