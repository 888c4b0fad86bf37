//! Pickup: somebody chooses a waiting call, for herself or for an agent of hers.

use acd::NoPickup;
use model::{AgentId, CallId, QueueId};

use crate::agents;
use crate::engine::Engine;
use crate::request::{Actor, Rejection, Reply};
use crate::step::Step;

/// Offers a waiting call to this agent at once. All else is as with an offer of the queue's own choice: her phone
/// rings, and she may answer, decline or miss it.
pub(crate) fn asked(
    engine: &mut Engine,
    (id, queue): (CallId, QueueId),
    agent: AgentId,
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    if !engine.directory.queues.contains_key(&queue) {
        return Err(Rejection::UnknownQueue);
    }
    if !engine.directory.agents.contains_key(&agent) {
        return Err(Rejection::UnknownAgent);
    }
    let Some(call) = engine.calls.get(&id) else { return Err(Rejection::UnknownCall) };
    // The call is not to end because somebody picks it up again and again.
    if call.legs.len() >= engine.limits.legs_per_call_max {
        return Err(Rejection::OffersUsedUp);
    }
    let verdict = engine.acd.pick_up((id, queue), agent, step.now, &mut engine.acd_out);
    agents::take_asked(engine, agent, actor, step);
    match verdict {
        Ok(()) => Ok(Reply::PickUp),
        Err(NoPickup::NotWaiting) => Err(Rejection::NotWaiting),
        Err(NoPickup::BeingAnswered) => Err(Rejection::BeingAnswered),
        Err(NoPickup::OffersUsedUp) => Err(Rejection::OffersUsedUp),
        Err(NoPickup::Agent(why)) => Err(Rejection::CannotTake(why)),
    }
}
