//! Direct calls: a phone or a trunk rings an extension, or a phone calls outside.

use std::time::Duration;

use acd::OtherLeg;
use model::flow::document::TransferTarget;
use model::{AgentId, AgentStatus, CallId, ExtensionNumber, LegId, TrunkId};

use crate::agents;
use crate::call::connect::{self, Joined};
use crate::call::{Place, accept, callback, clear, flow, group, voicemail};
use crate::cause::Cause;
use crate::command::{DialTarget, LegCommand};
use crate::engine::Engine;
use crate::event::FlowEnd;
use crate::leg::{Leg, Role};
use crate::reach::{self, Forward};
use crate::record::LegRecord;
use crate::step::Step;
use crate::timer::TimerKind;

/// Rings all phones of an extension, unless it cannot be rung. Not ready and logged out agents can (A6, A25).
pub(crate) fn ring_extension(engine: &mut Engine, id: CallId, number: &ExtensionNumber, step: &mut Step<'_>) {
    let Some(extension) = engine.directory.extensions.get(number) else {
        return clear::end_call(engine, id, Cause::NotFound, step);
    };
    let agent = extension.agent.and_then(|agent| engine.directory.agents.get(&agent));
    let active = agent.is_none_or(|agent| agent.status == AgentStatus::Active);
    let undisturbed = engine.reach.is_dnd(&engine.directory, number);
    let forward = extension.agent.and_then(|agent| forward(engine, id, agent));
    if undisturbed || !active || (forward.is_none() && !engine.devices.is_registered(number)) {
        return voicemail::leave::missed(engine, id, number, Cause::Unreachable, step);
    }
    let caller = engine.calls.get(&id).and_then(|call| call.caller_leg());
    if caller.is_some_and(|leg| leg.record.extension.as_ref() == Some(number)) {
        return voicemail::leave::missed(engine, id, number, Cause::Busy, step);
    }
    let ring_time = Duration::from_secs(extension.ring_timeout.max(1).into());
    let party = Party::of(number, extension.agent, forward, ring_time);
    dial(engine, id, party, step);
}

/// Where a call for this agent goes in place of her phones. As every plan that leads on it is one hop.
pub(super) fn forward(engine: &Engine, id: CallId, agent: AgentId) -> Option<Forward> {
    may_hop(engine, id).then(|| reach::in_place(engine, agent)).flatten()
}

fn may_hop(engine: &Engine, id: CallId) -> bool {
    engine.calls.get(&id).is_some_and(|call| call.hops < engine.directory.tenant.max_hops)
}

/// Calls a number outside.
pub(crate) fn dial_outside(
    engine: &mut Engine,
    id: CallId,
    trunk: TrunkId,
    number: String,
    step: &mut Step<'_>,
) {
    let party = Party {
        to: DialTarget::Trunk(trunk, number),
        extension: None,
        agent: None,
        trunk: Some(trunk),
        ring_time: engine.limits.outside_ring_max,
    };
    dial(engine, id, party, step);
}

/// Rings whom a flow names; it has looked whether he can be rung, and goes on if he does not answer.
pub(crate) fn ring_from_flow(
    engine: &mut Engine,
    id: CallId,
    to: TransferTarget,
    seconds: u32,
    step: &mut Step<'_>,
) {
    let ring_time = Duration::from_secs(seconds.max(1).into());
    let party = match to {
        TransferTarget::Extension(number) => {
            let agent = engine.directory.extensions.get(&number).and_then(|extension| extension.agent);
            let forward = agent.and_then(|agent| forward(engine, id, agent));
            Party::of(&number, agent, forward, ring_time)
        }
        TransferTarget::RingGroup(number) => return group::begin(engine, id, &number, Some(ring_time), step),
        TransferTarget::External(number) => {
            let Some(&trunk) = engine.directory.trunks.keys().next() else {
                return clear::end_call(engine, id, Cause::NotFound, step);
            };
            let to = DialTarget::Trunk(trunk, number);
            Party { to, extension: None, agent: None, trunk: Some(trunk), ring_time }
        }
    };
    dial(engine, id, party, step);
}

/// Whom to dial, and for how long.
pub(super) struct Party {
    pub(super) to: DialTarget,
    extension: Option<ExtensionNumber>,
    agent: Option<AgentId>,
    pub(super) trunk: Option<TrunkId>,
    pub(super) ring_time: Duration,
}

impl Party {
    /// Whoever's extension this is: at its phones, or at her personal one.
    pub(super) fn of(
        number: &ExtensionNumber,
        agent: Option<AgentId>,
        forward: Option<Forward>,
        ring_time: Duration,
    ) -> Self {
        let trunk = forward.as_ref().map(|forward| forward.trunk);
        let to = forward.map_or_else(
            || DialTarget::Extension(number.clone()),
            |forward| DialTarget::Trunk(forward.trunk, forward.number),
        );
        Self { to, extension: Some(number.clone()), agent, trunk, ring_time }
    }
}

fn dial(engine: &mut Engine, id: CallId, party: Party, step: &mut Step<'_>) {
    let ring_time = party.ring_time;
    let outside = match &party.to {
        DialTarget::Trunk(_, number) => Some(number.clone()),
        DialTarget::Extension(_) => None,
    };
    let Some(leg) = dial_leg(engine, id, party, step) else { return };
    engine.timers.set(TimerKind::RingTimeout(id), step.now.after(ring_time));
    if let Some(call) = engine.calls.get_mut(&id) {
        call.place = Place::Ringing { leg };
        call.outside = outside.or_else(|| call.outside.take());
    }
    // After the dialed agent is taken: a call that the caller's phone gives up may be hers in the same moment.
    agents::caller_talks(engine, id, step);
}

/// Dials a party for a call. None: it has had as many legs as it may, and is ended.
pub(super) fn dial_leg(engine: &mut Engine, id: CallId, party: Party, step: &mut Step<'_>) -> Option<LegId> {
    let legs_max = engine.limits.legs_per_call_max;
    let call = engine.calls.get_mut(&id)?;
    if call.legs.len() >= legs_max {
        clear::end_call(engine, id, Cause::Congestion, step);
        return None;
    }
    // What goes to a personal phone is a plan that leads on.
    let forwarded = party.agent.is_some() && party.trunk.is_some();
    call.hops = call.hops.saturating_add(u8::from(forwarded));
    let (caller, max_forwards) = (call.caller.clone(), call.max_forwards);
    let beside = call.caller_leg().map(Leg::id);
    let leg = engine.ids.leg();
    let record = LegRecord {
        extension: party.extension,
        agent: party.agent,
        trunk: party.trunk,
        ..LegRecord::begun(leg, step.now)
    };
    engine.add_leg(id, Leg::new(record, Role::Plain));
    let to = party.to;
    step.leg(leg, LegCommand::Dial { to, caller, beside, queue: None, max_forwards, auto_answer: false });
    step.leg_changed(id, leg);
    if let Some(agent) = party.agent {
        agents::other_leg(engine, id, leg, agent, OtherLeg::Ringing, step);
    }
    Some(leg)
}

/// The dialed party has answered: at a personal phone it is asked for the key that accepts, else the two hear each
/// other.
pub(crate) fn picked_up(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    let dialed = engine.calls.get(&id).and_then(|call| call.leg(leg));
    let agent = dialed.filter(|leg| leg.is_forwarded()).and_then(|leg| leg.record.agent);
    match agent {
        Some(agent) => {
            if engine.calls.get(&id).is_some_and(|call| call.place == Place::Hunting) {
                group::asked(engine, id);
            } else {
                engine.timers.stop(TimerKind::RingTimeout(id));
            }
            accept::ask_forwarded(engine, id, leg, agent, step);
        }
        None => answered(engine, id, leg, step),
    }
}

/// The dialed party has answered, and accepted where it must: the two hear each other.
pub(crate) fn answered(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    engine.timers.stop(TimerKind::RingTimeout(id));
    group::won(engine, id, leg, step);
    flow::end(engine, id, FlowEnd::Answered, step);
    let Some(dialed) = engine.calls.get(&id).and_then(|call| call.leg(leg)) else { return };
    let agent = dialed.record.agent;
    if let Role::Other(agent) = dialed.role {
        agents::other_leg(engine, id, leg, agent, OtherLeg::Active, step);
    }
    connect::join(engine, id, Joined { party: leg, queue: None, agent, waited_ms: 0 }, step);
}

/// It has rung long enough.
pub(crate) fn ring_timeout(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    match engine.calls.get(&id).map(|call| call.place) {
        Some(Place::Ringing { leg }) => {
            if !ring_personal(engine, id, leg, step) {
                rang_out(engine, id, leg, step);
            }
        }
        Some(Place::Hunting) => group::ring_timeout(engine, id, step),
        Some(Place::CallsBack { .. }) => callback::not_reached(engine, id, Cause::NoAnswer, step),
        Some(Place::RingsFirst { .. }) => clear::end_call(engine, id, Cause::NoAnswer, step),
        Some(
            Place::Started
            | Place::InFlow
            | Place::Prompt { .. }
            | Place::Warned { .. }
            | Place::Waiting { .. }
            | Place::Voicemail
            | Place::Rests { .. }
            | Place::Connected { .. }
            | Place::Ending,
        )
        | None => {}
    }
}

/// Rings the personal phone of an agent who did not answer, if she wants that.
fn ring_personal(engine: &mut Engine, id: CallId, rung: LegId, step: &mut Step<'_>) -> bool {
    let dialed = engine.calls.get(&id).and_then(|call| call.leg(rung)).filter(|leg| !leg.is_forwarded());
    let Some((agent, number)) =
        dialed.and_then(|leg| Some((leg.record.agent?, leg.record.extension.clone()?)))
    else {
        return false;
    };
    let Some(forward) = reach::on_no_answer(engine, agent).filter(|_| may_hop(engine, id)) else {
        return false;
    };
    let ring_time =
        engine.directory.extensions.get(&number).map_or(1, |extension| extension.ring_timeout.max(1));
    let party = Party::of(&number, Some(agent), Some(forward), Duration::from_secs(ring_time.into()));
    clear::end_leg(engine, id, rung, Cause::NoAnswer, step);
    dial(engine, id, party, step);
    true
}

/// It will not be answered: the flow goes on, or her mailbox does.
pub(crate) fn rang_out(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    if engine.calls.get(&id).is_some_and(|call| call.place == Place::Hunting) {
        return group::go_on_if_alone(engine, id, step);
    }
    if flow::not_reached(engine, id, Cause::NoAnswer, step) {
        clear::end_leg(engine, id, leg, Cause::NoAnswer, step);
    } else {
        not_reached(engine, id, leg, Cause::NoAnswer, step);
    }
}

/// The dialed party did not answer: her mailbox does, if she has one.
pub(crate) fn not_reached(engine: &mut Engine, id: CallId, leg: LegId, why: Cause, step: &mut Step<'_>) {
    let dialed = engine.calls.get(&id).and_then(|call| call.leg(leg));
    let Some(number) = dialed.and_then(|leg| leg.record.extension.clone()) else {
        return clear::end_call(engine, id, why, step);
    };
    if engine.directory.mailbox(number.as_str()).is_none() {
        return clear::end_call(engine, id, why, step);
    }
    engine.timers.stop(TimerKind::RingTimeout(id));
    clear::end_leg(engine, id, leg, why, step);
    if let Some(call) = engine.calls.get_mut(&id) {
        call.place = Place::Started;
    }
    voicemail::leave::missed(engine, id, &number, why, step);
}
