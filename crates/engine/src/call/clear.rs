//! How legs and calls end.

use acd::broken;
use acd::{AcdInput, Gone, OfferFailure, OtherLeg};
use model::{CallId, LegId};
use std::sync::Arc;

use crate::agents;
use crate::call::{
    Place, accept, alert, callback, direct, flow, group, in_queue, originate, recorded, voicemail,
};
use crate::cause::Cause;
use crate::command::LegCommand;
use crate::engine::Engine;
use crate::event::{EventKind, FlowEnd, GroupOutcome};
use crate::leg::{Leg, Phase, Role};
use crate::record::LegStatus;
use crate::request::{Rejection, Reply};
use crate::step::Step;
use crate::timer::TimerKind;

/// A leg is over.
pub(crate) fn leg_ended(engine: &mut Engine, leg: LegId, cause: Cause, step: &mut Step<'_>) {
    let Some(id) = engine.legs.remove(&leg) else { return };
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let (place, from_caller, in_flow) = (call.place, call.is_caller(leg), call.flow.is_some());
    let called_back = call.is_to_be_called_back();
    let Some(ended) = call.leg_mut(leg) else { return };
    let cause = unaccepted(ended, cause);
    let was_live = ended.is_live();
    ended.close(cause, step.now);
    let (role, rang, forwarded) = (ended.role, ended.record.ringing_at.is_some(), ended.is_forwarded());
    let talked = ended.record.extension.clone().filter(|_| ended.record.status == LegStatus::Answered);
    ended.role = Role::Plain;
    step.leg_changed(id, leg);
    recorded::part(engine, id, leg, step);
    talked.iter().for_each(|number| engine.groups.talked(number, step.now));
    match place {
        Place::Connected { party, .. } if from_caller || party == leg => {
            set_cause(engine, id, cause);
            end_call(engine, id, Cause::Normal, step);
        }
        Place::Ringing { leg: dialed } if dialed == leg && !in_flow => {
            direct::not_reached(engine, id, leg, cause, step);
        }
        // Who is to be called back may hang up.
        Place::Waiting { queue } if from_caller && called_back => {
            in_queue::leaves(engine, id, queue, false, step);
        }
        Place::CallsBack { party, .. } if party == leg => callback::not_reached(engine, id, cause, step),
        Place::CallsBack { leg: agent, .. } if agent == leg => callback::agent_gone(engine, id, cause, step),
        Place::RingsFirst { .. } if from_caller => originate::gone(engine, id, cause, step),
        Place::Voicemail if from_caller => end_call(engine, id, Cause::Normal, step),
        Place::Prompt { then, .. } if from_caller => end_call(engine, id, then, step),
        Place::Started
        | Place::InFlow
        | Place::Warned { .. }
        | Place::Waiting { .. }
        | Place::Ringing { .. }
        | Place::Hunting
            if from_caller =>
        {
            // Before an answer a normal end is a caller who gave up.
            let cause = if cause == Cause::Normal { Cause::CallerGone } else { cause };
            set_cause(engine, id, cause);
            end_call(engine, id, Cause::CallerGone, step);
        }
        Place::Started
        | Place::InFlow
        | Place::Prompt { .. }
        | Place::Warned { .. }
        | Place::Waiting { .. }
        | Place::RingsFirst { .. }
        | Place::Ringing { .. }
        | Place::Hunting
        | Place::Voicemail
        | Place::CallsBack { .. }
        | Place::Rests { .. }
        | Place::Connected { .. }
        | Place::Ending => {}
    }
    role_over(engine, (id, leg), role, failure(cause, rang, forwarded), step);
    // Last: the flow may lead the caller into a line whose agent this leg was.
    if in_flow && place == (Place::Ringing { leg }) {
        flow::not_reached(engine, id, cause, step);
    }
    if place == Place::Hunting && !from_caller && was_live {
        group::lost(engine, id, leg, cause, step);
    }
    engine.ended.insert(id);
}

/// Why a leg ended: an agent who hangs up before she is joined with the caller has declined the call.
fn unaccepted(ended: &Leg, cause: Cause) -> Cause {
    let asked = matches!(ended.role, Role::Picked { .. } | Role::Asked { .. });
    match (asked && ended.is_live() && cause == Cause::Normal, ended.is_forwarded()) {
        (true, false) => Cause::Declined,
        // At a personal phone it may as well have been the mailbox.
        (true, true) => Cause::NoAnswer,
        (false, _) => cause,
    }
}

/// What a leg was to an agent is over; `why` for an offer.
pub(crate) fn role_over(
    engine: &mut Engine,
    (id, leg): (CallId, LegId),
    role: Role,
    why: OfferFailure,
    step: &mut Step<'_>,
) {
    match role {
        Role::Plain => {}
        Role::Offered(offer) | Role::Picked { offer, .. } => {
            engine.timers.stop(TimerKind::AcceptOverdue(leg));
            alert::settled(engine, leg);
            if engine.offers.remove(&offer).is_some() {
                engine.tell_acd(AcdInput::OfferFailed { offer, why }, step);
            }
        }
        Role::Serves(agent) => {
            step.touch_agent(agent);
            engine.tell_acd(AcdInput::QueueLegEnded { agent, call: id }, step);
        }
        Role::Other(agent) | Role::Asked { agent, .. } => {
            engine.timers.stop(TimerKind::AcceptOverdue(leg));
            agents::other_leg(engine, id, leg, agent, OtherLeg::Ended, step);
        }
    }
}

/// Why an offer failed. A phone that rang was there: whether it then says "busy" or "not available", somebody
/// or something at it declined. A personal phone is never registered and never heard of again, so one that cannot be
/// reached is left alone for a while, as a busy one.
const fn failure(cause: Cause, rang: bool, forwarded: bool) -> OfferFailure {
    match cause {
        Cause::Declined => OfferFailure::Declined,
        Cause::NoAnswer if forwarded => OfferFailure::NoAnswer,
        Cause::Busy | Cause::NoAnswer | Cause::Unreachable if rang => OfferFailure::Declined,
        Cause::Busy => OfferFailure::Busy,
        Cause::Normal
        | Cause::NoAnswer
        | Cause::Unreachable
        | Cause::NotFound
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::CallerGone
        | Cause::AnsweredElsewhere
        | Cause::Congestion
        | Cause::MediaTimeout
        | Cause::SignallingTimeout
        | Cause::NoCommonCodec
        | Cause::Transferred
        | Cause::Administrative
        | Cause::QueueRule
        | Cause::Shutdown
        | Cause::NodeRestart
        | Cause::Internal => {
            if forwarded {
                OfferFailure::Busy
            } else {
                OfferFailure::Unreachable
            }
        }
    }
}

/// The first cause found is the call's.
fn set_cause(engine: &mut Engine, id: CallId, cause: Cause) {
    if let Some(call) = engine.calls.get_mut(&id) {
        call.cause.get_or_insert(cause);
    }
}

/// Ends a call: every leg that lives, for `cause`; the ACD is told if it stands in a line.
pub(crate) fn end_call(engine: &mut Engine, id: CallId, cause: Cause, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    if call.place == Place::Ending {
        return;
    }
    let place = std::mem::replace(&mut call.place, Place::Ending);
    call.cause.get_or_insert(cause);
    call.music = None;
    call.hears = None;
    call.held = false;
    let legs: Vec<LegId> = call.legs.iter().filter(|leg| leg.is_live()).map(|leg| leg.id()).collect();
    let (stands_in_line, called_back) = (call.entry.is_some(), call.is_to_be_called_back());
    step.touch_call(id);
    group::told(engine, id, GroupOutcome::CallerGone, step);
    flow::end(engine, id, FlowEnd::CallEnded, step);
    engine.timers.stop(TimerKind::RingTimeout(id));
    engine.timers.stop(TimerKind::PromptOverdue(id));
    engine.timers.stop(TimerKind::KeyOverdue(id));
    engine.timers.stop(TimerKind::HearsNext(id));
    engine.timers.stop(TimerKind::CallbackRetry(id));
    voicemail::gone(engine, id, step);
    engine.timers.set(TimerKind::EndOverdue(id), step.now.after(engine.limits.ending_max));
    if let Place::Connected { queue: Some(queue), since, .. } = place {
        engine.counters.talked(queue, step.now.since(since));
        step.touch_queue(queue);
    }
    for leg in legs {
        recorded::part(engine, id, leg, step);
        end_leg(engine, id, leg, cause, step);
    }
    match callback::way_out(place).filter(|_| stands_in_line) {
        Some(outcome) => callback::closes(engine, id, outcome, None, step),
        None if stands_in_line => {
            let why = if called_back { Gone::Removed } else { gone(cause) };
            engine.tell_acd(AcdInput::CallerGone { call: id, why }, step);
        }
        None => {}
    }
    engine.ended.insert(id);
}

/// Whether the caller left, or was taken out of the line by somebody.
const fn gone(cause: Cause) -> Gone {
    match cause {
        Cause::Administrative
        | Cause::QueueRule
        | Cause::Shutdown
        | Cause::NodeRestart
        | Cause::Congestion
        | Cause::Internal => Gone::Removed,
        Cause::Normal
        | Cause::Busy
        | Cause::Declined
        | Cause::NoAnswer
        | Cause::Unreachable
        | Cause::NotFound
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::CallerGone
        | Cause::AnsweredElsewhere
        | Cause::MediaTimeout
        | Cause::SignallingTimeout
        | Cause::Transferred
        | Cause::NoCommonCodec => Gone::HungUp,
    }
}

/// Ends a leg, if it lives: an unanswered caller is refused.
pub(crate) fn end_leg(engine: &mut Engine, id: CallId, leg: LegId, cause: Cause, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Some(ending) = call.leg_mut(leg).filter(|leg| leg.is_live()) else { return };
    let refused = !ending.record.is_dialed() && ending.phase == Phase::Early;
    ending.phase = Phase::Ending(cause);
    if let Role::Picked { .. } | Role::Asked { .. } = ending.role {
        engine.timers.stop(TimerKind::AcceptOverdue(leg));
    }
    alert::settled(engine, leg);
    step.touch_call(id);
    step.leg(leg, if refused { LegCommand::Refuse(cause) } else { LegCommand::End(cause) });
}

/// No audio has arrived on an answered leg for the set time.
pub(crate) fn silent(engine: &mut Engine, leg: LegId, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let id = call.id;
    let calls_back = matches!(call.place, Place::CallsBack { .. });
    let Some(silent) = call.leg(leg).filter(|leg| leg.phase == Phase::Answered) else { return };
    if let Role::Picked { offer, .. } = silent.role {
        // Nobody speaks with her yet: she is not there, and the caller is not to suffer for it.
        engine.offers.remove(&offer);
        end_leg(engine, id, leg, Cause::MediaTimeout, step);
        engine.tell_acd(AcdInput::OfferFailed { offer, why: OfferFailure::Unreachable }, step);
    } else if let Role::Asked { .. } = silent.role {
        accept::not_accepted(engine, id, leg, step);
    } else if calls_back {
        // It is the agent: the one who is called has not answered.
        end_leg(engine, id, leg, Cause::MediaTimeout, step);
    } else {
        end_call(engine, id, Cause::MediaTimeout, step);
    }
}

/// Somebody asks to end a call.
pub(crate) fn hang_up(engine: &mut Engine, id: CallId, step: &mut Step<'_>) -> Result<Reply, Rejection> {
    if !engine.calls.contains_key(&id) {
        return Err(Rejection::UnknownCall);
    }
    end_call(engine, id, Cause::Administrative, step);
    Ok(Reply::HangUp)
}

/// A leg that was told to end has not said so for far too long: the call is over without it.
pub(crate) fn end_overdue(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.entry = None;
    let open = call.legs.iter().filter(|leg| leg.phase != Phase::Ended);
    let legs: Vec<LegId> = open.map(|leg| leg.id()).collect();
    engine.ended.insert(id);
    step.event(EventKind::CallFaulted { call: id, what: "a leg did not end" });
    for leg in legs {
        leg_ended(engine, leg, Cause::SignallingTimeout, step);
    }
}

/// Closes the calls whose last leg has ended: one record each.
pub(crate) fn finish(engine: &mut Engine, step: &mut Step<'_>) {
    for id in std::mem::take(&mut engine.ended) {
        if !engine.calls.get(&id).is_some_and(|call| call.is_over() && call.entry.is_none()) {
            continue;
        }
        let Some(call) = engine.calls.remove(&id) else { continue };
        engine.timers.stop(TimerKind::RingTimeout(id));
        engine.timers.stop(TimerKind::PromptOverdue(id));
        engine.timers.stop(TimerKind::KeyOverdue(id));
        engine.timers.stop(TimerKind::EndOverdue(id));
        step.touch_call(id);
        if broken!(RecordWrittenTwice) {
            step.event(EventKind::CallEnded { record: Arc::new(call.record(step.now)) });
        }
        step.event(EventKind::CallEnded { record: Arc::new(call.record(step.now)) });
    }
}
