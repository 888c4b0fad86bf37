//! The agent's side between her answer and the bridge: what she hears, and whether she accepts.
//!
//! Meanwhile the caller keeps his place and his music. The offer lives: the caller's hanging up ends it without
//! a miss, and of several agents who have answered the first to accept has the call.
//!
//! At a personal phone the key is always asked for, also for a call that is no queue's: what answers there may be a
//! mailbox.

use acd::AcdInput;
use model::{CallId, LegId, OfferId, PlayId};

use crate::agents;
use crate::call::{Place, clear, direct, originate, queue};
use crate::cause::Cause;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::leg::{Leg, Role};
use crate::step::Step;
use crate::timer::TimerKind;

/// The key that accepts a call.
const ACCEPT: char = '1';

/// She has answered: she hears the queue's announcement, is asked to accept, or is joined at once.
pub(crate) fn picked_up(engine: &mut Engine, id: CallId, leg: LegId, offer: OfferId, step: &mut Step<'_>) {
    let announcement = announcement(engine, id, leg);
    if announcement.is_none() && !must_confirm(engine, id, leg) {
        return queue::offer_answered(engine, id, leg, offer, step);
    }
    engine.tell_acd(AcdInput::OfferPicked { offer }, step);
    agents::carry_out(engine, step);
    if !engine.offers.contains_key(&offer) {
        // It was over in this very step; whoever ended it has ended her leg too.
        return;
    }
    match announcement {
        Some(prompt) => {
            let until = engine.limits.announce_max;
            engine.timers.set(TimerKind::AcceptOverdue(leg), step.now.after(until));
            hears(engine, id, (leg, offer), (prompt, Asked::No), step);
        }
        None => ask(engine, id, leg, offer, step),
    }
}

/// Whether she is asked for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Yes,
    No,
}

fn hears(
    engine: &mut Engine,
    id: CallId,
    (leg, offer): (LegId, OfferId),
    (prompt, asked): (String, Asked),
    step: &mut Step<'_>,
) {
    let play = engine.ids.play();
    let asked = asked == Asked::Yes;
    if let Some(leg) = engine.calls.get_mut(&id).and_then(|call| call.leg_mut(leg)) {
        leg.role = Role::Picked { offer, play, asked };
    }
    step.media(MediaCommand::Play { leg, play, prompts: vec![prompt], repeat: asked });
}

/// Asks for the key, again and again.
fn ask(engine: &mut Engine, id: CallId, leg: LegId, offer: OfferId, step: &mut Step<'_>) {
    engine.timers.set(TimerKind::AcceptOverdue(leg), step.now.after(engine.limits.key_wait));
    hears(engine, id, (leg, offer), ("press-one-to-accept".into(), Asked::Yes), step);
}

/// A personal phone has answered a call that is no queue's.
pub(crate) fn ask_forwarded(
    engine: &mut Engine,
    id: CallId,
    leg: LegId,
    agent: model::AgentId,
    step: &mut Step<'_>,
) {
    let play = engine.ids.play();
    if let Some(leg) = engine.calls.get_mut(&id).and_then(|call| call.leg_mut(leg)) {
        leg.role = Role::Asked { agent, play };
    }
    engine.timers.set(TimerKind::AcceptOverdue(leg), step.now.after(engine.limits.key_wait));
    step.media(MediaCommand::Play { leg, play, prompts: vec!["press-one-to-accept".into()], repeat: true });
}

/// A player of hers came to its end: the announcement has been heard.
pub(crate) fn heard(engine: &mut Engine, leg: LegId, ended: PlayId, step: &mut Step<'_>) {
    if let Some((id, Role::Picked { offer, play, asked: false })) = role(engine, leg)
        && play == ended
    {
        announced(engine, id, leg, offer, step);
    }
}

fn announced(engine: &mut Engine, id: CallId, leg: LegId, offer: OfferId, step: &mut Step<'_>) {
    if must_confirm(engine, id, leg) {
        ask(engine, id, leg, offer, step);
    } else {
        accept(engine, id, leg, offer, step);
    }
}

/// She pressed a key: 1 accepts, whatever still plays.
pub(crate) fn key(engine: &mut Engine, leg: LegId, key: char, step: &mut Step<'_>) {
    if key != ACCEPT {
        return;
    }
    match role(engine, leg) {
        Some((id, Role::Picked { offer, .. })) => accept(engine, id, leg, offer, step),
        Some((id, Role::Asked { agent, .. })) => {
            engine.timers.stop(TimerKind::AcceptOverdue(leg));
            if let Some(leg) = engine.calls.get_mut(&id).and_then(|call| call.leg_mut(leg)) {
                leg.role = Role::Other(agent);
            }
            if engine.calls.get(&id).is_some_and(|call| call.place == (Place::RingsFirst { leg })) {
                return originate::ready(engine, id, leg, step);
            }
            direct::answered(engine, id, leg, step);
        }
        Some((_, Role::Plain | Role::Offered(_) | Role::Serves(_) | Role::Other(_))) | None => {}
    }
}

/// An announcement has lasted too long and counts as heard; a key was not pressed: the offer that is missed.
pub(crate) fn overdue(engine: &mut Engine, leg: LegId, step: &mut Step<'_>) -> Option<OfferId> {
    match role(engine, leg) {
        Some((id, Role::Picked { offer, asked: false, .. })) => {
            announced(engine, id, leg, offer, step);
            None
        }
        Some((_, Role::Picked { offer, asked: true, .. })) => Some(offer),
        Some((id, Role::Asked { .. })) => {
            not_accepted(engine, id, leg, step);
            None
        }
        Some((_, Role::Plain | Role::Offered(_) | Role::Serves(_) | Role::Other(_))) | None => None,
    }
}

/// Whoever answered at the personal phone is no one who takes the call: it goes on as if nobody had answered.
pub(crate) fn not_accepted(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    if engine.calls.get(&id).is_some_and(|call| call.place == (Place::RingsFirst { leg })) {
        return clear::end_call(engine, id, Cause::NoAnswer, step);
    }
    clear::end_leg(engine, id, leg, Cause::NoAnswer, step);
    direct::rang_out(engine, id, leg, step);
}

fn accept(engine: &mut Engine, id: CallId, leg: LegId, offer: OfferId, step: &mut Step<'_>) {
    engine.timers.stop(TimerKind::AcceptOverdue(leg));
    if let Some(leg) = engine.calls.get_mut(&id).and_then(|call| call.leg_mut(leg)) {
        leg.role = Role::Offered(offer);
    }
    queue::offer_answered(engine, id, leg, offer, step);
}

/// The role of a leg that lives, and its call.
fn role(engine: &Engine, leg: LegId) -> Option<(CallId, Role)> {
    let id = *engine.legs.get(&leg)?;
    let leg = engine.calls.get(&id)?.leg(leg).filter(|leg| leg.is_live())?;
    Some((id, leg.role))
}

/// What the agent of this leg hears first, if her queue has something to say.
fn announcement(engine: &Engine, id: CallId, leg: LegId) -> Option<String> {
    let queue = engine.calls.get(&id)?.leg(leg)?.record.queue?;
    engine.directory.queues.get(&queue)?.announce_to_agent.clone()
}

/// Whether the agent of this leg must accept by a key.
fn must_confirm(engine: &Engine, id: CallId, leg: LegId) -> bool {
    let leg = engine.calls.get(&id).and_then(|call| call.leg(leg));
    if leg.is_some_and(Leg::is_forwarded) {
        return true;
    }
    let member = leg.and_then(|leg| Some((leg.record.queue?, leg.record.agent?)));
    member
        .and_then(|member| engine.directory.memberships.get(&member))
        .is_some_and(|member| member.answer_confirmation)
}
