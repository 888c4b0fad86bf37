//! A phone that rings is asked to lift by itself, for an agent who answers on her screen.
//!
//! The call is answered when the phone says so, as when she had lifted it by hand: a phone that does not know how is
//! still ringing, and nothing else has changed.

use model::{AgentId, CallId};

use crate::call::Call;
use crate::command::LegCommand;
use crate::engine::Engine;
use crate::leg::{Leg, Phase};
use crate::request::{Actor, Rejection, Reply};
use crate::step::Step;

/// Asks the phone of `agent`, or the only one that rings. `only_own`: nobody may ask another's.
pub(crate) fn asked(
    engine: &mut Engine,
    id: CallId,
    (agent, only_own): (Option<AgentId>, bool),
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    let call = engine.calls.get(&id).ok_or(Rejection::UnknownCall)?;
    let asks = match actor {
        Actor::Agent(agent) | Actor::FeatureCode(agent) => Some(*agent),
        Actor::Owner | Actor::System | Actor::ApiKey(_) => None,
    };
    let hers = |leg: &Leg| asks.is_some() && leg.record.agent == asks;
    if only_own
        && (agent.is_some_and(|agent| asks != Some(agent))
            || !call.legs.iter().any(|leg| leg.is_live() && hers(leg)))
    {
        return Err(Rejection::NotHers);
    }
    // Somebody's own phone is meant, if it rings.
    let whose = agent.or(asks.filter(|_| only_own || rings(call).any(hers)));
    let mut ringing = rings(call).filter(|leg| whose.is_none() || leg.record.agent == whose).map(Leg::id);
    match (ringing.next(), ringing.next()) {
        (Some(leg), None) => {
            step.leg(leg, LegCommand::Lift);
            Ok(Reply::Lift)
        }
        (Some(_), Some(_)) => Err(Rejection::SeveralRing),
        (None, _) => Err(Rejection::NotRinging),
    }
}

/// The phones of agents that ring for a call. A personal phone is somebody else's network: it cannot be asked.
fn rings(call: &Call) -> impl Iterator<Item = &Leg> {
    call.legs.iter().filter(|leg| {
        leg.phase == Phase::Early
            && leg.record.is_dialed()
            && leg.record.agent.is_some()
            && !leg.is_forwarded()
    })
}
