//! A message to the caller, after which the call is ended.

use model::{CallId, LegId, PlayId};

use crate::call::{Place, accept, clear, connect, enter, flow, in_queue, voicemail};
use crate::cause::Cause;
use crate::engine::Engine;
use crate::step::Step;
use crate::timer::TimerKind;

/// Answers if need be, plays the prompts once, and ends the call for `then` when they are over.
pub(crate) fn play_then_end(
    engine: &mut Engine,
    id: CallId,
    prompts: &[&str],
    then: Cause,
    step: &mut Step<'_>,
) {
    voicemail::gone(engine, id, step);
    connect::answer_caller(engine, id, step);
    let prompts = prompts.iter().map(|&name| name.to_owned()).collect();
    let Some(play) = connect::play(engine, id, prompts, false, step) else {
        return clear::end_call(engine, id, then, step);
    };
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.place = Place::Prompt { play, then };
    step.touch_call(id);
    engine.timers.set(TimerKind::PromptOverdue(id), step.now.after(engine.limits.prompt_max));
}

/// A player came to its end. Only the one the call waits for means anything.
pub(crate) fn play_ended(engine: &mut Engine, leg: LegId, ended: PlayId, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let id = call.id;
    if !call.is_caller(leg) {
        return accept::heard(engine, leg, ended, step);
    }
    match call.place {
        Place::Prompt { play, then } if play == ended => clear::end_call(engine, id, then, step),
        Place::Warned { play, .. } if play == ended => enter::warning_heard(engine, id, step),
        Place::InFlow => flow::heard(engine, id, ended, step),
        Place::Waiting { .. } => in_queue::heard(engine, id, ended, step),
        Place::Voicemail => voicemail::heard(engine, id, ended, step),
        Place::Prompt { .. }
        | Place::Warned { .. }
        | Place::Started
        | Place::RingsFirst { .. }
        | Place::Ringing { .. }
        | Place::CallsBack { .. }
        | Place::Rests { .. }
        | Place::Hunting
        | Place::Connected { .. }
        | Place::Ending => {}
    }
}

/// The message should have been over long ago: the caller has heard it, whatever became of the player.
pub(crate) fn overdue(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(Place::Prompt { then, .. }) = engine.calls.get(&id).map(|call| call.place) else { return };
    clear::end_call(engine, id, then, step);
}
