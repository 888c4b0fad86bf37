//! Keys that parties press, led to whoever waits for one.

use model::LegId;

use callflow::Input;

use crate::call::{Place, accept, enter, flow, in_queue, voicemail};
use crate::engine::Engine;
use crate::step::Step;

/// A party pressed a key. Most keys mean nothing.
pub(crate) fn pressed(engine: &mut Engine, leg: LegId, key: char, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let id = call.id;
    if !call.is_caller(leg) || call.place == (Place::RingsFirst { leg }) {
        return accept::key(engine, leg, key, step);
    }
    match call.place {
        Place::Warned { queue, .. } => enter::key(engine, id, queue, key, step),
        Place::InFlow | Place::Ringing { .. } | Place::Hunting => {
            flow::tell(engine, id, Input::Key(key), step)
        }
        Place::Waiting { queue } => in_queue::key(engine, id, queue, key, step),
        Place::Voicemail => voicemail::key(engine, id, key, step),
        Place::Started
        | Place::RingsFirst { .. }
        | Place::Prompt { .. }
        | Place::CallsBack { .. }
        | Place::Rests { .. }
        | Place::Connected { .. }
        | Place::Ending => {}
    }
}
