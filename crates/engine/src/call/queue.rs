//! A call in a line: carrying out what the ACD says about it.

use acd::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::sync::Arc;

use acd::{AcdInput, Decision, Gone, OfferFailure, OfferOutcome, QueueOutcome};
use model::{AgentId, CallId, FallbackAction, LegId, OfferId, QueueId, Strategy, Timestamp};

use crate::agents;
use crate::call::connect::{self, Joined};
use crate::call::{Place, alert, callback, clear, in_queue};
use crate::cause::Cause;
use crate::command::{DialTarget, LegCommand};
use crate::counters::{in_time, millis};
use crate::engine::Engine;
use crate::event::EventKind;
use crate::leg::{Leg, Role, cause_of};
use crate::never::never;
use crate::reach;
use crate::record::{LegRecord, QueueStay};
use crate::step::Step;

/// It stands in the line since `enqueued_at`: answered, with music, from the first time on.
pub(crate) fn queued(
    engine: &mut Engine,
    id: CallId,
    queue: QueueId,
    (position, enqueued_at): (u32, Timestamp),
    step: &mut Step<'_>,
) {
    step.touch_call(id);
    step.event(EventKind::CallQueued { call: id, queue, position });
    let Some(call) = engine.calls.get_mut(&id) else { return };
    if let Some(entry) = call.entry.as_mut().filter(|entry| entry.queue == queue) {
        entry.entered_at = enqueued_at;
    }
    if call.place != (Place::Waiting { queue }) || call.callback.is_some() {
        return;
    }
    connect::answer_caller(engine, id, step);
    let expected = engine.acd.stands(id).and_then(|stands| stands.wait).map(millis);
    if let Some(entry) = engine.calls.get_mut(&id).and_then(|call| call.entry.as_mut()) {
        entry.expected = expected;
    }
    in_queue::begin(engine, id, queue, step);
}

/// Keeps and tells a decision, once, however many offers it led to.
pub(crate) fn decided(engine: &mut Engine, decision: &Arc<Decision>, step: &mut Step<'_>) {
    let max = engine.limits.decisions_per_call_max;
    let Some(call) = engine.calls.get_mut(&decision.call) else { return };
    if call.decisions.iter().any(|kept| Arc::ptr_eq(kept, decision)) {
        return;
    }
    call.keep(Arc::clone(decision), max);
    step.event(EventKind::Decided { decision: Arc::clone(decision) });
}

/// What an offer is about.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Offer {
    pub(crate) offer: OfferId,
    pub(crate) call: CallId,
    pub(crate) queue: QueueId,
    pub(crate) agent: AgentId,
}

/// Rings the agent, at the longest `until` then.
pub(crate) fn offered(engine: &mut Engine, made: Offer, until: Timestamp, step: &mut Step<'_>) {
    let Offer { offer, call: id, queue, agent } = made;
    step.touch_call(id);
    step.event(EventKind::OfferMade { offer, call: id, queue, agent });
    let Some(call) = engine.calls.get(&id) else {
        engine.tell_acd(AcdInput::CallerGone { call: id, why: Gone::Removed }, step);
        return never!(engine, id, "a call that is over was offered", step);
    };
    if call.place != (Place::Waiting { queue }) {
        // It left the line earlier in this step; the end of this offer is among the outputs to come.
        return;
    }
    if call.legs.len() >= engine.limits.legs_per_call_max {
        return clear::end_call(engine, id, Cause::Congestion, step);
    }
    let extension = engine.directory.agents.get(&agent).and_then(|agent| agent.extension.clone());
    let (Some(extension), Some(queue_of)) = (extension, engine.directory.queues.get(&queue)) else {
        engine.tell_acd(AcdInput::OfferFailed { offer, why: OfferFailure::Unreachable }, step);
        return;
    };
    let forward = reach::in_place(engine, agent);
    let trunk = forward.as_ref().map(|forward| forward.trunk);
    let by_itself = || engine.directory.memberships.get(&(queue, agent)).is_some_and(|m| m.auto_answer);
    let dial = LegCommand::Dial {
        beside: call.caller_leg().map(Leg::id),
        caller: callback::shown(call),
        queue: Some(callback::name_shown(call, &queue_of.name)),
        max_forwards: call.max_forwards,
        auto_answer: forward.is_none() && by_itself(),
        to: forward.map_or_else(
            || DialTarget::Extension(extension.clone()),
            |forward| DialTarget::Trunk(forward.trunk, forward.number),
        ),
    };
    let leg = engine.ids.leg();
    let record = LegRecord {
        extension: Some(extension),
        agent: Some(agent),
        trunk,
        queue: Some(queue),
        ..LegRecord::begun(leg, step.now)
    };
    engine.add_leg(id, Leg::new(record, Role::Offered(offer)));
    engine.offers.insert(offer, (id, leg));
    if trunk.is_none() {
        alert::expected(engine, leg, until, step);
    }
    step.leg(leg, dial);
    step.leg_changed(id, leg);
}

/// The agent has answered, and accepted where she must. The ACD says whether the offer was still alive; if not, she hears nobody.
pub(crate) fn offer_answered(
    engine: &mut Engine,
    id: CallId,
    leg: LegId,
    offer: OfferId,
    step: &mut Step<'_>,
) {
    engine.tell_acd(AcdInput::OfferAnswered { offer }, step);
    agents::carry_out(engine, step);
    if engine.offers.remove(&offer).is_some() {
        clear::end_leg(engine, id, leg, Cause::AnsweredElsewhere, step);
    }
}

/// An offer is over without the two talking: she is rung no longer.
pub(crate) fn offer_ended(engine: &mut Engine, made: Offer, outcome: OfferOutcome, step: &mut Step<'_>) {
    let Offer { offer, call: id, queue, agent } = made;
    step.touch_call(id);
    if let Some((_, leg)) = engine.offers.remove(&offer) {
        clear::end_leg(engine, id, leg, cause_of(outcome), step);
    }
    step.event(EventKind::OfferEnded { offer, call: id, queue, agent, outcome });
}

/// The ACD has given the call to this agent: the two hear each other.
pub(crate) fn connected(engine: &mut Engine, made: Offer, enqueued_at: Timestamp, step: &mut Step<'_>) {
    let Offer { offer, call: id, queue, agent } = made;
    let leg = engine.offers.remove(&offer);
    let (Some((_, party)), Some(call)) = (leg, engine.calls.get_mut(&id)) else {
        engine.tell_acd(AcdInput::QueueLegEnded { agent, call: id }, step);
        return never!(engine, id, "a call was connected that rings nobody", step);
    };
    let waiting = call.place == (Place::Waiting { queue });
    if waiting && call.is_to_be_called_back() {
        return callback::agent_ready(engine, made, party, step);
    }
    let Some(entry) = call.entry.take().filter(|_| waiting) else {
        engine.tell_acd(AcdInput::QueueLegEnded { agent, call: id }, step);
        return never!(engine, id, "a call was connected that stands in no line", step);
    };
    if let Some(leg) = call.leg_mut(party) {
        leg.role = Role::Serves(agent);
    }
    let waited = step.now.since(enqueued_at);
    let in_time = in_time(waited, entry.sla_time);
    call.queues.push(QueueStay {
        queue,
        number: entry.number,
        entered_at: enqueued_at,
        left_at: step.now,
        outcome: QueueOutcome::Answered,
        agent: Some(agent),
        in_time,
    });
    engine.counters.answered(queue, waited, in_time);
    if let Some(expected) = entry.expected {
        engine.counters.estimated(queue, expected, millis(waited));
    }
    let number = call.caller.number.clone();
    let sticks = |rules: &model::Queue| rules.sticky_days > 0 && rules.strategy != Strategy::RingAll;
    if engine.directory.queues.get(&queue).is_some_and(sticks) {
        engine.sticky.remember(&number, queue, agent, step.now, engine.limits.sticky_max);
    }
    in_queue::leaves(engine, id, queue, false, step);
    let joined = Joined { party, queue: Some(queue), agent: Some(agent), waited_ms: millis(waited) };
    connect::join(engine, id, joined, step);
}

/// How a call left a line without an answer.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Left {
    pub(crate) call: CallId,
    pub(crate) queue: QueueId,
    pub(crate) outcome: QueueOutcome,
    pub(crate) enqueued_at: Timestamp,
    pub(crate) next: Option<FallbackAction>,
}

/// It left the line: counted once, and taken to the next plan if its caller is still there.
pub(crate) fn left(engine: &mut Engine, left: Left, step: &mut Step<'_>) {
    let Left { call: id, queue, outcome, enqueued_at, next } = left;
    let Some(call) = engine.calls.get_mut(&id) else {
        return never!(engine, id, "a call that is over left a line", step);
    };
    if call.is_to_be_called_back() {
        return callback::over(engine, id, outcome, Cause::QueueRule, step);
    }
    let Some(entry) = call.entry.take_if(|entry| entry.queue == queue) else {
        return never!(engine, id, "a call left a line it did not stand in", step);
    };
    let waiting = call.place == (Place::Waiting { queue });
    call.queues.push(QueueStay {
        queue,
        number: entry.number,
        entered_at: enqueued_at,
        left_at: step.now,
        outcome,
        agent: None,
        in_time: None,
    });
    let late = in_time(step.now.since(enqueued_at), entry.sla_time) == Some(false);
    if !broken!(WayOutNotCounted) {
        engine.counters.left(queue, outcome, late);
    }
    step.touch_call(id);
    step.event(EventKind::CallLeftQueue { call: id, queue, outcome });
    let goes_on = waiting && next.as_ref().is_some_and(FallbackAction::leads_on);
    in_queue::leaves(engine, id, queue, goes_on, step);
    match next {
        Some(next) if waiting => connect::fall_back(engine, id, &next, refusal(outcome), step),
        None if waiting => clear::end_call(engine, id, Cause::QueueRule, step),
        Some(_) | None => {}
    }
}

/// For what cause a caller is refused who was never answered and whose next plan is silence.
const fn refusal(outcome: QueueOutcome) -> Cause {
    match outcome {
        QueueOutcome::Full => Cause::Congestion,
        QueueOutcome::NoAgents => Cause::Unreachable,
        QueueOutcome::Answered
        | QueueOutcome::Abandoned
        | QueueOutcome::OverflowTimeout
        | QueueOutcome::Removed
        | QueueOutcome::QueueGone
        | QueueOutcome::Closed
        | QueueOutcome::Night
        | QueueOutcome::Exited
        | QueueOutcome::CallbackRequested
        | QueueOutcome::CallbackDone
        | QueueOutcome::CallbackFailed => Cause::QueueRule,
    }
}
