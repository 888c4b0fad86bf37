//! Blind transfer: the agent's side of a talk leaves, and the other goes on to whatever was named.
//!
//! The other is the call's caller from then on, whoever called whom, so that every place it may come to knows him:
//! a line, a flow, a mailbox. She is free at once, with the wrap-up that follows any call; that her phone still says
//! goodbye is no matter of hers. Nobody is left between two places: where the target cannot be reached the call goes
//! on as it would for anybody who had called there.

use acd::OfferFailure;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, CallerId, LegId};

use crate::call::talk::{self, Sides};
use crate::call::{Place, callback, clear, connect, recorded};
use crate::cause::Cause;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::leg::{Leg, Role};
use crate::request::{Actor, Rejection, Reply};
use crate::route::{self, Route};
use crate::step::Step;

/// What a transfer makes of a call.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct SentOn {
    /// The leg of the one who stayed: the caller from then on.
    pub(crate) leg: LegId,
    /// Where he was sent.
    pub(crate) to: String,
    /// Who called at first.
    pub(crate) called_by: CallerId,
    /// How many legs the call had had: those of whom he had spoken with.
    pub(crate) legs: usize,
    /// How many lines it had left.
    pub(crate) queues: usize,
}

/// Sends the other side of a talk to `to`, or says why not.
pub(crate) fn asked(
    engine: &mut Engine,
    id: CallId,
    (to, only_own): (&str, bool),
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    let sides = talk::sides(engine, id, actor, only_own)?;
    let route = route::asked(&engine.directory, to);
    if let Route::Refused(_) = route {
        return Err(Rejection::UnknownDestination);
    }
    let hops_max = engine.directory.tenant.max_hops;
    let legs_max = engine.limits.legs_per_call_max;
    let Some(call) = engine.calls.get(&id) else { return Err(Rejection::UnknownCall) };
    // Beyond either the call would be ended, and she would not know it.
    if call.hops >= hops_max || call.legs.len() >= legs_max {
        return Err(Rejection::TooManyHops);
    }
    let Some((agent, role)) = leaves(engine, id, (sides, to), step) else {
        return Err(Rejection::UnknownCall);
    };
    step.event(EventKind::CallTransferred { call: id, agent, to: to.to_owned() });
    connect::send_on(engine, id, route, step);
    // Last, so that whoever is rung now is not given the next call of a queue in the same moment, were it herself.
    clear::role_over(engine, (id, sides.own), role, OfferFailure::Unreachable, step);
    Ok(Reply::Transfer)
}

/// One side leaves; the other is the caller from now on, and hears nothing yet.
fn leaves(
    engine: &mut Engine,
    id: CallId,
    (sides, to): (Sides, &str),
    step: &mut Step<'_>,
) -> Option<(Option<AgentId>, Role)> {
    let Sides { own, other, .. } = sides;
    let stays = caller_id(engine, id, sides);
    let call = engine.calls.get_mut(&id)?;
    let place = std::mem::replace(&mut call.place, Place::Started);
    call.hops = call.hops.saturating_add(1);
    let held = std::mem::take(&mut call.held);
    let before = std::mem::replace(&mut call.caller, stays);
    let called_by = call.sent_on.take().map_or(before, |sent_on| sent_on.called_by);
    let (legs, queues) = (call.legs.len(), call.queues.len());
    call.sent_on = Some(Box::new(SentOn { leg: other, to: to.to_owned(), called_by, legs, queues }));
    call.callback = None;
    // Whom it held is gone; on the leaving side it ends with the leg.
    if let Some(staying) = call.leg_mut(other) {
        staying.hold_over(step.now);
    }
    let leaving = call.leg_mut(own)?;
    let agent = leaving.record.agent;
    let role = std::mem::replace(&mut leaving.role, Role::Plain);
    if let Place::Connected { queue: Some(queue), since, .. } = place {
        engine.counters.talked(queue, step.now.since(since));
        step.touch_queue(queue);
    }
    recorded::part(engine, id, own, step);
    if held {
        step.media(MediaCommand::StopPlay { leg: other });
    }
    clear::end_leg(engine, id, own, Cause::Transferred, step);
    step.touch_call(id);
    Some((agent, role))
}

/// Who the one who stays is, as the next one is shown him.
fn caller_id(engine: &Engine, id: CallId, Sides { other, .. }: Sides) -> CallerId {
    let Some(call) = engine.calls.get(&id) else { return CallerId::new("", "") };
    if call.is_caller(other) {
        return callback::shown(call);
    }
    let inside = call.leg(other).map(|leg: &Leg| &leg.record).and_then(|record| record.extension.as_ref());
    match inside {
        Some(number) => {
            let agent = engine.directory.agent_of(number.as_str());
            CallerId::new(number.as_str(), agent.map_or("", |agent| agent.name.as_str()))
        }
        None => CallerId::new(call.outside.as_deref().unwrap_or(&call.dialed), ""),
    }
}
