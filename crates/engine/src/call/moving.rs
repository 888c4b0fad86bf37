//! Moving: a supervisor takes a waiting caller to another line, where he has waited for as long as he has.
//!
//! For the first line he is taken out of it, for the second he comes new: its longest wait, its announcements and its
//! figures begin with him. Only his place does not.

use acd::{AcdInput, Gone, NoMove};
use model::{CallId, QueueId};

use crate::agents;
use crate::call::{Place, enter};
use crate::engine::Engine;
use crate::opening;
use crate::request::{Rejection, Reply};
use crate::step::Step;

/// Moves the call, or says why not; then it waits where it did.
pub(crate) fn asked(
    engine: &mut Engine,
    (id, queue): (CallId, QueueId),
    to: QueueId,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    if !engine.directory.queues.contains_key(&queue) {
        return Err(Rejection::UnknownQueue);
    }
    let Some(rules) = engine.directory.queues.get(&to) else { return Err(Rejection::UnknownQueue) };
    if let Some((why, _)) = opening::queue(&engine.directory, &engine.night, rules, step.now) {
        return Err(Rejection::TurnedAway(why));
    }
    let hops_max = engine.directory.tenant.max_hops;
    let Some(call) = engine.calls.get(&id) else { return Err(Rejection::UnknownCall) };
    if call.place != (Place::Waiting { queue }) {
        return Err(Rejection::NotWaiting);
    }
    if queue == to {
        return Ok(Reply::Move);
    }
    // Each line he has stood in is kept with his call.
    if call.hops >= hops_max {
        return Err(Rejection::TooManyHops);
    }
    let verdict = engine.acd.may_move((id, queue), to, step.now, &mut engine.acd_out);
    // What was due has happened now.
    engine.take_said();
    agents::carry_out(engine, step);
    verdict.map_err(|why| match why {
        NoMove::NotWaiting => Rejection::NotWaiting,
        NoMove::BeingAnswered => Rejection::BeingAnswered,
        NoMove::TurnedAway(why) => Rejection::TurnedAway(why),
    })?;
    let Some(call) = engine.calls.get_mut(&id) else { return Err(Rejection::UnknownCall) };
    let before = call.entry.as_ref().map(|entry| (entry.waits_since, entry.priority));
    call.hops = call.hops.saturating_add(1);
    // So that leaving the first line does not end the call.
    call.place = Place::Started;
    engine.tell_acd(AcdInput::CallerGone { call: id, why: Gone::Removed }, step);
    agents::carry_out(engine, step);
    enter::join(engine, id, to, before, step);
    Ok(Reply::Move)
}
