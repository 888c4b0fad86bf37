//! A call that somebody asks for: the agent's phone rings first, and when she has answered the number is dialed.
//!
//! From her answer on it is as a call that she dialed herself. Until then nobody else knows of it.

use std::time::Duration;

use acd::{Exclusion, OtherLeg};
use model::{Agent, AgentId, AgentStatus, CallId, CallerId, ExtensionNumber, LegId};

use crate::agents;
use crate::call::direct::Party;
use crate::call::{Call, Place, accept, clear, connect};
use crate::cause::Cause;
use crate::command::LegCommand;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::leg::{Leg, Phase, Role};
use crate::reach;
use crate::record::{Direction, LegRecord, LegStatus};
use crate::request::{Rejection, Reply};
use crate::route::{self, Route};
use crate::step::Step;
use crate::timer::TimerKind;

/// Rings the agent for a call to `to`, or says why not.
pub(crate) fn asked(
    engine: &mut Engine,
    agent: AgentId,
    to: &str,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    let Some(who) = engine.directory.agents.get(&agent) else { return Err(Rejection::UnknownAgent) };
    let Some(number) = who.extension.clone() else {
        return Err(Rejection::CannotTake(Exclusion::NoExtension));
    };
    let caller = CallerId::new(number.as_str(), &who.name);
    if let Some(why) = cannot(engine, who, &number) {
        return Err(Rejection::CannotTake(why));
    }
    let direction = match route::asked(&engine.directory, to) {
        Route::Refused(_) => return Err(Rejection::UnknownDestination),
        Route::Outside { .. } => Direction::Outbound,
        Route::Feature { .. }
        | Route::InvalidCode
        | Route::Extension(_)
        | Route::Queue(_)
        | Route::Flow(_)
        | Route::RingGroup(_)
        | Route::Mailbox { .. }
        | Route::Hangup { .. } => Direction::Internal,
    };
    if !engine.has_room() {
        return Err(Rejection::NoRoom);
    }
    let id = engine.ids.call();
    let call = Call::new(id, direction, caller, to.to_owned(), None, step.now);
    engine.calls.insert(id, call);
    step.touch_call(id);
    step.event(EventKind::CallArrived { call: id });
    ring(engine, id, (agent, number), step);
    Ok(Reply::Call(id))
}

/// Why she cannot make a call now: as she could not have one, but for what she herself wants.
fn cannot(engine: &Engine, who: &Agent, number: &ExtensionNumber) -> Option<Exclusion> {
    let forwarded = reach::in_place(engine, who.id).is_some();
    let rules = [
        (who.status != AgentStatus::Active, Exclusion::NotActive),
        (!forwarded && !engine.devices.is_registered(number), Exclusion::Unreachable),
        (engine.acd.talks(who.id), Exclusion::OnCall),
        (engine.acd.rings(who.id), Exclusion::Ringing),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// Her phone rings, and shows whom she is going to speak with.
fn ring(engine: &mut Engine, id: CallId, (agent, number): (AgentId, ExtensionNumber), step: &mut Step<'_>) {
    let forward = reach::in_place(engine, agent);
    let seconds =
        engine.directory.extensions.get(&number).map_or(1, |extension| extension.ring_timeout.max(1));
    let party = Party::of(&number, Some(agent), forward, Duration::from_secs(seconds.into()));
    let Some(call) = engine.calls.get(&id) else { return };
    let (max_forwards, caller) =
        (call.max_forwards, CallerId::new(&call.dialed, &name(engine, &call.dialed)));
    let leg = engine.ids.leg();
    let record = LegRecord {
        extension: Some(number),
        agent: Some(agent),
        trunk: party.trunk,
        ..LegRecord::begun(leg, step.now)
    };
    engine.add_leg(id, Leg::new(record, Role::Plain));
    if let Some(call) = engine.calls.get_mut(&id) {
        call.place = Place::RingsFirst { leg };
    }
    engine.timers.set(TimerKind::RingTimeout(id), step.now.after(party.ring_time));
    let to = party.to;
    step.leg(
        leg,
        LegCommand::Dial { to, caller, beside: None, queue: None, max_forwards, auto_answer: false },
    );
    step.leg_changed(id, leg);
    agents::other_leg(engine, id, leg, agent, OtherLeg::Ringing, step);
}

/// What a number of the domain is called.
fn name(engine: &Engine, number: &str) -> String {
    let agent = engine.directory.agent_of(number).map(|agent| &agent.name);
    agent.or_else(|| engine.directory.queue(number).map(|queue| &queue.name)).cloned().unwrap_or_default()
}

/// She has answered: at a personal phone she is asked for the key that accepts, else the number is dialed.
pub(crate) fn picked_up(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Some(hers) = call.leg_mut(leg).filter(|hers| hers.phase == Phase::Early) else { return };
    hers.phase = Phase::Answered;
    hers.record.answered_at = Some(step.now);
    let asked = hers.record.agent.filter(|_| hers.is_forwarded());
    step.leg_changed(id, leg);
    engine.timers.stop(TimerKind::RingTimeout(id));
    match asked {
        Some(agent) => accept::ask_forwarded(engine, id, leg, agent, step),
        None => ready(engine, id, leg, step),
    }
}

/// She is there: the call goes where it was asked to go.
pub(crate) fn ready(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.place = Place::Started;
    let to = call.dialed.clone();
    let Some(hers) = call.leg_mut(leg) else { return };
    hers.record.status = LegStatus::Answered;
    let agent = hers.record.agent;
    step.touch_call(id);
    if let Some(agent) = agent {
        agents::other_leg(engine, id, leg, agent, OtherLeg::Active, step);
    }
    let route = route::asked(&engine.directory, &to);
    connect::send_on(engine, id, route, step);
}

/// Her leg ended before anybody else was dialed: why it did is why the call did.
pub(crate) fn gone(engine: &mut Engine, id: CallId, cause: Cause, step: &mut Step<'_>) {
    let cause = if cause == Cause::Normal { Cause::Declined } else { cause };
    clear::end_call(engine, id, cause, step);
}
