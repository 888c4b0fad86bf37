//! A call to a ring group: who is rung, one round after the other, and who has it.
//!
//! A member's leg is as that of a direct call; for her state it is another call, no queue's. Of several who answer
//! in one moment the first to be told of has it. A personal phone must accept ([`super::accept`]), while the others
//! ring on.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use acd::OtherLeg;
use model::{
    AgentStatus, CallId, ExtensionNumber, FallbackAction, LegId, RingGroup, RingStrategy, Timestamp,
};

use crate::agents;
use crate::call::direct::{self, Party};
use crate::call::{Call, Place, clear, connect, flow};
use crate::cause::Cause;
use crate::engine::Engine;
use crate::event::{EventKind, GroupOutcome};
use crate::leg::{Leg, Phase, Role};
use crate::reach;
use crate::step::Step;
use crate::timer::TimerKind;

/// A call in a ring group.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct InGroup {
    /// The group as it was when the call came to it.
    group: RingGroup,
    /// Who is still to be rung in this round.
    to_come: VecDeque<ExtensionNumber>,
    /// Rounds that are over.
    round: u8,
    /// Who declined: not rung for this call again.
    declined: BTreeSet<ExtensionNumber>,
    /// When it ends, whoever still rings.
    until: Option<Timestamp>,
}

/// Takes the call to a ring group; `longest` is how long it may ring, if somebody else says so too.
pub(crate) fn begin(
    engine: &mut Engine,
    id: CallId,
    number: &ExtensionNumber,
    longest: Option<Duration>,
    step: &mut Step<'_>,
) {
    let Some(group) = engine.directory.ring_groups.get(number).cloned() else {
        return clear::end_call(engine, id, Cause::NotFound, step);
    };
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let own = (group.max_time > 0).then(|| Duration::from_secs(group.max_time.into()));
    let until = own.into_iter().chain(longest).min().map(|longest| step.now.after(longest));
    let to_come = VecDeque::new();
    call.place = Place::Hunting;
    call.group = Some(Box::new(InGroup { group, to_come, round: 0, declined: BTreeSet::new(), until }));
    step.touch_call(id);
    step.event(EventKind::RingGroupBegan { call: id, group: number.clone() });
    round(engine, id, step);
    agents::caller_talks(engine, id, step);
}

/// Rings the members from the first on, those who can be rung now.
fn round(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get(&id) else { return };
    let Some(inside) = &call.group else { return };
    let mut busy = false;
    let mut to_come = VecDeque::new();
    for member in engine.groups.order(&inside.group, id, inside.round) {
        match stands(engine, call, inside, &member, step.now) {
            Standing::Free => to_come.push_back(member),
            Standing::Busy => busy = true,
            Standing::Away => {}
        }
    }
    if to_come.is_empty() {
        let declined = !inside.declined.is_empty();
        let why = if busy || declined { GroupOutcome::Busy } else { GroupOutcome::Unavailable };
        return nobody(engine, id, why, step);
    }
    if let Some(inside) = engine.calls.get_mut(&id).and_then(|call| call.group.as_mut()) {
        inside.to_come = to_come;
    }
    next(engine, id, step);
}

/// Whether a member can be rung.
enum Standing {
    Free,
    Busy,
    Away,
}

fn stands(
    engine: &Engine,
    call: &Call,
    inside: &InGroup,
    member: &ExtensionNumber,
    now: Timestamp,
) -> Standing {
    let own = call.caller_leg().and_then(|leg| leg.record.extension.as_ref());
    if own == Some(member) || inside.declined.contains(member) {
        return Standing::Away;
    }
    let Some(extension) = engine.directory.extensions.get(member) else { return Standing::Away };
    let agent = extension.agent.and_then(|agent| engine.directory.agents.get(&agent));
    let works = agent.is_none_or(|agent| {
        let off = engine.directory.works(agent.id, now).is_some_and(|(works, _)| !works);
        agent.status == AgentStatus::Active && !off
    });
    let there = engine.devices.is_registered(member)
        || agent.is_some_and(|agent| reach::in_place(engine, agent.id).is_some());
    if !works || !there || engine.reach.is_dnd(&engine.directory, member) {
        return Standing::Away;
    }
    let busy = match agent {
        Some(agent) => engine.acd.is_engaged(agent.id),
        None => is_on_call(engine, member),
    };
    if busy && inside.group.skip_busy { Standing::Busy } else { Standing::Free }
}

/// Whether a phone of no agent has a call.
fn is_on_call(engine: &Engine, number: &ExtensionNumber) -> bool {
    let hers = |leg: &Leg| leg.is_live() && leg.record.extension.as_ref() == Some(number);
    engine.calls.values().any(|call| call.legs.iter().any(hers))
}

/// Rings the next of the round, or all of them.
fn next(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(inside) = engine.calls.get_mut(&id).and_then(|call| call.group.as_mut()) else { return };
    let count = match inside.group.strategy {
        RingStrategy::RingAll => inside.to_come.len(),
        RingStrategy::Linear
        | RingStrategy::LinearCascade
        | RingStrategy::Cyclic
        | RingStrategy::LongestIdle
        | RingStrategy::Random => 1,
    };
    let count = count.min(inside.to_come.len());
    let members: Vec<ExtensionNumber> = inside.to_come.drain(..count).collect();
    let (group, ring_time) =
        (inside.group.number.clone(), Duration::from_secs(inside.group.ring_time.max(1).into()));
    let ends = step.now.after(ring_time);
    let ends = inside.until.map_or(ends, |until| until.min(ends));
    engine.timers.set(TimerKind::RingTimeout(id), ends);
    for member in members {
        engine.groups.rung(&group, &member);
        let agent = engine.directory.extensions.get(&member).and_then(|extension| extension.agent);
        let forward = agent.and_then(|agent| direct::forward(engine, id, agent));
        let party = Party::of(&member, agent, forward, ring_time);
        if direct::dial_leg(engine, id, party, step).is_none() {
            // A limit has ended the call.
            return;
        }
    }
}

/// Whoever rings has rung long enough.
pub(crate) fn ring_timeout(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(inside) = engine.calls.get(&id).and_then(|call| call.group.as_ref()) else { return };
    if inside.until.is_some_and(|until| until <= step.now) {
        return nobody(engine, id, GroupOutcome::NoAnswer, step);
    }
    if inside.group.strategy == RingStrategy::LinearCascade && !inside.to_come.is_empty() {
        return next(engine, id, step);
    }
    let until = inside.until;
    for leg in rung(engine, id, |leg| leg.phase == Phase::Early) {
        stop(engine, id, leg, step);
    }
    // A personal phone that was answered may still accept.
    if let Some(until) = until {
        engine.timers.set(TimerKind::RingTimeout(id), until);
    }
    go_on_if_alone(engine, id, step);
}

/// A member rings no longer. She is free from now on, for this call's next round too, whenever her phone says so.
fn stop(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    clear::end_leg(engine, id, leg, Cause::NoAnswer, step);
    let role = engine.calls.get(&id).and_then(|call| call.leg(leg)).map(|leg| leg.role);
    if let Some(Role::Other(agent)) = role {
        agents::other_leg(engine, id, leg, agent, OtherLeg::Ended, step);
    }
}

/// A personal phone was answered and is asked: nobody is rung after her meanwhile, where one is rung after the other.
pub(crate) fn asked(engine: &mut Engine, id: CallId) {
    let Some(inside) = engine.calls.get(&id).and_then(|call| call.group.as_ref()) else { return };
    if inside.group.strategy.is_one_by_one() {
        match inside.until {
            Some(until) => engine.timers.set(TimerKind::RingTimeout(id), until),
            None => engine.timers.stop(TimerKind::RingTimeout(id)),
        }
    }
}

/// A member's leg that nobody had ended is over.
pub(crate) fn lost(engine: &mut Engine, id: CallId, leg: LegId, cause: Cause, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let member = call.leg(leg).and_then(|leg| leg.record.extension.clone());
    let declined = matches!(cause, Cause::Declined | Cause::Busy);
    if let (Some(inside), Some(member), true) = (call.group.as_mut(), member, declined) {
        inside.declined.insert(member);
    }
    go_on_if_alone(engine, id, step);
}

/// Goes on with the next, or the next round, if nobody rings or is asked any more.
pub(crate) fn go_on_if_alone(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    if !rung(engine, id, Leg::is_live).is_empty() {
        return;
    }
    let Some(inside) = engine.calls.get_mut(&id).and_then(|call| call.group.as_mut()) else { return };
    if !inside.to_come.is_empty() {
        next(engine, id, step);
    } else if inside.round < inside.group.repeat {
        inside.round = inside.round.saturating_add(1);
        round(engine, id, step);
    } else {
        nobody(engine, id, GroupOutcome::NoAnswer, step);
    }
}

/// Nobody has answered, or nobody can be rung: the flow that rang goes on, or the group's own plan.
fn nobody(engine: &mut Engine, id: CallId, outcome: GroupOutcome, step: &mut Step<'_>) {
    let why = match outcome {
        GroupOutcome::Busy => Cause::Busy,
        GroupOutcome::Unavailable => Cause::Unreachable,
        GroupOutcome::NoAnswer | GroupOutcome::Answered | GroupOutcome::CallerGone => Cause::NoAnswer,
    };
    let Some(group) = leave(engine, id, outcome, Cause::NoAnswer, step) else { return };
    if let Some(call) = engine.calls.get_mut(&id) {
        call.place = Place::Started;
    }
    if flow::not_reached(engine, id, why, step) {
        return;
    }
    let mut action = group.on_no_answer;
    if let FallbackAction::Voicemail { mailbox: mailbox @ None, .. } = &mut action {
        // Not that of the member who was rung last.
        *mailbox = Some(group.number);
    }
    connect::fall_back(engine, id, &action, why, step);
}

/// A member has answered, and accepted where she must: the others ring no longer.
pub(crate) fn won(engine: &mut Engine, id: CallId, winner: LegId, step: &mut Step<'_>) {
    for leg in rung(engine, id, |leg| leg.is_live() && leg.id() != winner) {
        clear::end_leg(engine, id, leg, Cause::AnsweredElsewhere, step);
    }
    told(engine, id, GroupOutcome::Answered, step);
}

/// Out of the group: whoever rings does so no longer. None: the call is in no group.
pub(crate) fn leave(
    engine: &mut Engine,
    id: CallId,
    outcome: GroupOutcome,
    cause: Cause,
    step: &mut Step<'_>,
) -> Option<RingGroup> {
    let group = told(engine, id, outcome, step)?;
    for leg in rung(engine, id, Leg::is_live) {
        clear::end_leg(engine, id, leg, cause, step);
    }
    Some(group)
}

/// Takes the call out of its group and says so.
pub(crate) fn told(
    engine: &mut Engine,
    id: CallId,
    outcome: GroupOutcome,
    step: &mut Step<'_>,
) -> Option<RingGroup> {
    let InGroup { group, .. } = *engine.calls.get_mut(&id)?.group.take()?;
    engine.timers.stop(TimerKind::RingTimeout(id));
    step.touch_call(id);
    step.event(EventKind::RingGroupEnded { call: id, group: group.number.clone(), outcome });
    Some(group)
}

/// The legs of members that are as asked for.
fn rung(engine: &Engine, id: CallId, is: impl Fn(&Leg) -> bool) -> Vec<LegId> {
    let Some(call) = engine.calls.get(&id) else { return Vec::new() };
    let rung = |leg: &&Leg| leg.is_live() && !call.is_caller(leg.id()) && is(leg);
    call.legs.iter().filter(rung).map(Leg::id).collect()
}
