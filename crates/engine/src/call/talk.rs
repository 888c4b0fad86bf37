//! Two who talk, as whoever asks for something sees them: the agent's side, and the other.
//!
//! What is done with such a call has a room of its own for each: [`super::hold`], [`super::transfer`].

use model::{AgentId, CallId, LegId, QueueId};

use crate::call::Place;
use crate::engine::Engine;
use crate::leg::Leg;
use crate::request::{Actor, Rejection};

/// The two sides of a call in which two parties talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    /// Whose side it is that holds, or leaves.
    pub(crate) own: LegId,
    /// Who is held, or sent on.
    pub(crate) other: LegId,
    /// The queue that brought them together.
    pub(crate) queue: Option<QueueId>,
}

/// The sides of a call. The own one is that of the agent who asks, if she talks on it; else that of the only agent,
/// of the only one inside, or of who was called. `only_own`: nobody else may ask.
pub(crate) fn sides(engine: &Engine, id: CallId, actor: &Actor, only_own: bool) -> Result<Sides, Rejection> {
    let call = engine.calls.get(&id).ok_or(Rejection::UnknownCall)?;
    let asks: Option<AgentId> = match actor {
        Actor::Agent(agent) | Actor::FeatureCode(agent) => Some(*agent),
        Actor::Owner | Actor::System | Actor::ApiKey(_) => None,
    };
    let hers = |leg: &Leg| asks.is_some() && leg.record.agent == asks;
    if only_own && !call.legs.iter().any(|leg| leg.is_live() && hers(leg)) {
        return Err(Rejection::NotHers);
    }
    let Place::Connected { party, queue, .. } = call.place else { return Err(Rejection::NotTalking) };
    let (Some(caller), Some(party)) = (call.caller_leg(), call.leg(party)) else {
        return Err(Rejection::NotTalking);
    };
    let agents = |leg: &Leg| leg.record.agent.is_some();
    let inside = |leg: &Leg| leg.record.extension.is_some();
    let is_callers = if hers(caller) != hers(party) {
        hers(caller)
    } else if agents(caller) != agents(party) {
        agents(caller)
    } else {
        inside(caller) && !inside(party)
    };
    let (caller, party) = (caller.id(), party.id());
    let (own, other) = if is_callers { (caller, party) } else { (party, caller) };
    Ok(Sides { own, other, queue })
}
