//! Where a call goes next, and how two parties come to hear each other.

use acd::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, FallbackAction, LegId, PlayId, QueueId};

use crate::call::{
    Place, accept, alert, callback, clear, direct, enter, feature, flow, group, originate, prompt, recorded,
    voicemail,
};
use crate::cause::Cause;
use crate::command::{LegCommand, MediaCommand};
use crate::engine::Engine;
use crate::event::EventKind;
use crate::leg::{Phase, Role};
use crate::never::never;
use crate::record::LegStatus;
use crate::route::{self, Route};
use crate::step::Step;

/// Takes the call where the route leads.
pub(crate) fn follow(engine: &mut Engine, id: CallId, route: Route, step: &mut Step<'_>) {
    match route {
        Route::Feature { feature, queue } => feature::run(engine, id, feature, queue, step),
        Route::InvalidCode => prompt::play_then_end(engine, id, &["invalid-code"], Cause::Normal, step),
        Route::Extension(number) => direct::ring_extension(engine, id, &number, step),
        Route::Outside { trunk, number } => direct::dial_outside(engine, id, trunk, number, step),
        Route::Queue(queue) => enter::enter(engine, id, queue, step),
        Route::Flow(flow) => flow::begin(engine, id, flow, step),
        Route::RingGroup(number) => {
            play(engine, id, vec!["tone-ringback".into()], true, step);
            group::begin(engine, id, &number, None, step);
        }
        Route::Mailbox { mailbox, message } => {
            let why = (message.as_deref(), Cause::Unreachable);
            voicemail::leave::leave(engine, id, mailbox, why, step);
        }
        Route::Hangup { message, refusal } => send_away(engine, id, message.as_deref(), refusal, step),
        Route::Refused(cause) => clear::end_call(engine, id, cause, step),
    }
}

/// Takes a call whose caller is answered where somebody asks that it go; he hears it ring.
pub(crate) fn send_on(engine: &mut Engine, id: CallId, route: Route, step: &mut Step<'_>) {
    if let Route::Extension(_) | Route::Outside { .. } = route {
        play(engine, id, vec!["tone-ringback".into()], true, step);
    }
    follow(engine, id, route, step);
}

/// The planned end of a call: after a message, or at once. Without a message an unanswered caller is refused.
fn send_away(engine: &mut Engine, id: CallId, message: Option<&str>, refusal: Cause, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get(&id) else { return };
    let planned = if call.queues.is_empty() { Cause::Normal } else { Cause::QueueRule };
    match message {
        Some(message) => prompt::play_then_end(engine, id, &[message], planned, step),
        None if call.caller_is_answered() => clear::end_call(engine, id, planned, step),
        None => clear::end_call(engine, id, refusal, step),
    }
}

/// The next plan for a caller. A chain of plans that leads on and on ends at the domain's limit (A30).
pub(crate) fn fall_back(
    engine: &mut Engine,
    id: CallId,
    action: &FallbackAction,
    refusal: Cause,
    step: &mut Step<'_>,
) {
    let leads_on = action.leads_on();
    let hops_max = engine.directory.tenant.max_hops;
    let Some(call) = engine.calls.get_mut(&id) else { return };
    if leads_on && call.hops >= hops_max.saturating_add(u8::from(broken!(OneHopTooMany))) {
        let route = Route::Hangup { message: None, refusal: Cause::Congestion };
        return follow(engine, id, route, step);
    }
    call.hops = call.hops.saturating_add(u8::from(leads_on));
    if let FallbackAction::Voicemail { mailbox, message } = action
        && let Some(mailbox) = voicemail::leave::box_of(engine, id, mailbox.as_ref())
    {
        return voicemail::leave::leave(engine, id, mailbox, (message.as_deref(), refusal), step);
    }
    let route = route::fallback(&engine.directory, action, refusal);
    follow(engine, id, route, step);
}

/// Answers the caller's leg, if it is not answered yet.
pub(crate) fn answer_caller(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let call = engine.calls.get_mut(&id).filter(|call| call.callback.is_none());
    let Some(leg) = call.and_then(|call| call.legs.first_mut()) else { return };
    if leg.phase != Phase::Early {
        return;
    }
    leg.phase = Phase::Answered;
    leg.record.answered_at = Some(step.now);
    leg.record.status = LegStatus::Answered;
    let leg = leg.id();
    step.leg(leg, LegCommand::Answer);
    step.leg_changed(id, leg);
}

/// Plays to the caller, in place of what was heard; none if there is nobody to hear it.
pub(crate) fn play(
    engine: &mut Engine,
    id: CallId,
    prompts: Vec<String>,
    repeat: bool,
    step: &mut Step<'_>,
) -> Option<PlayId> {
    let call = engine.calls.get_mut(&id).filter(|call| call.caller_is_answered())?;
    let leg = call.caller_leg()?.id();
    call.music = if repeat { prompts.first().cloned() } else { None };
    let play = engine.ids.play();
    step.media(MediaCommand::Play { leg, play, prompts, repeat });
    Some(play)
}

/// The dialed party is being alerted.
pub(crate) fn leg_ringing(engine: &mut Engine, leg: LegId, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let id = call.id;
    let rings_caller = call.place == Place::Ringing { leg } || call.place == Place::Hunting;
    let caller = call.caller_leg().filter(|caller| caller.phase == Phase::Early).map(|caller| caller.id());
    let caller = caller.filter(|caller| !call.is_called_back_on(*caller));
    let rings_first = call.place == Place::RingsFirst { leg };
    let Some(dialed) = call.leg_mut(leg) else { return };
    if (caller == Some(leg) && !rings_first)
        || dialed.phase != Phase::Early
        || dialed.record.ringing_at.is_some()
    {
        return;
    }
    dialed.record.ringing_at = Some(step.now);
    alert::settled(engine, leg);
    step.leg_changed(id, leg);
    if let Some(caller) = caller.filter(|_| rings_caller) {
        step.leg(caller, LegCommand::Ring);
    }
}

/// The dialed party has answered. An answer that crosses our `End` is too late and ends by itself.
pub(crate) fn leg_answered(engine: &mut Engine, leg: LegId, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let id = call.id;
    if call.is_called_back_on(leg) {
        return callback::answered(engine, id, step);
    }
    if call.place == (Place::RingsFirst { leg }) {
        return originate::picked_up(engine, id, leg, step);
    }
    if call.is_caller(leg) {
        return;
    }
    let place = call.place;
    let late = broken!(RevokedOfferIsJoined) && call.leg(leg).is_some_and(|leg| !leg.is_live());
    if late {
        return join(engine, id, Joined { party: leg, queue: None, agent: None, waited_ms: 0 }, step);
    }
    let Some(dialed) = call.leg_mut(leg).filter(|dialed| dialed.phase == Phase::Early) else { return };
    dialed.phase = Phase::Answered;
    dialed.record.answered_at = Some(step.now);
    let role = dialed.role;
    alert::settled(engine, leg);
    step.leg_changed(id, leg);
    match role {
        Role::Offered(offer) => accept::picked_up(engine, id, leg, offer, step),
        Role::Plain | Role::Other(_) if place == (Place::Ringing { leg }) || place == Place::Hunting => {
            direct::picked_up(engine, id, leg, step);
        }
        Role::Plain | Role::Other(_) | Role::Serves(_) | Role::Picked { .. } | Role::Asked { .. } => {
            never!(engine, id, "a leg that nobody waits for was answered", step);
        }
    }
}

/// How two parties came together.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Joined {
    /// The dialed party's leg.
    pub(crate) party: LegId,
    pub(crate) queue: Option<QueueId>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) waited_ms: u64,
}

/// Lets caller and dialed party hear each other.
pub(crate) fn join(engine: &mut Engine, id: CallId, joined: Joined, step: &mut Step<'_>) {
    answer_caller(engine, id, step);
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Joined { party, queue, agent, waited_ms } = joined;
    call.place = Place::Connected { queue, agent, party, since: step.now };
    call.answered_at.get_or_insert(step.now);
    call.music = None;
    if let Some(leg) = call.leg_mut(party) {
        leg.record.status = LegStatus::Answered;
    }
    let Some(caller) = call.caller_leg().map(|leg| leg.id()) else { return };
    step.leg_changed(id, party);
    if let Some(queue) = queue {
        call.is_recorded = engine.directory.queues.get(&queue).is_some_and(|queue| queue.recording);
    }
    if !recorded::join(engine, id, (caller, party), step) {
        return never!(engine, id, "a leg was to hear two others", step);
    }
    step.event(EventKind::CallConnected { call: id, queue, agent, waited_ms });
}
