//! Keys pressed for the agent's side: the other party hears them, as if her own phone had sent them.

use model::CallId;

use crate::call::talk;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::keys::Keys;
use crate::request::{Actor, Rejection, Reply};
use crate::step::Step;

/// Presses them. While the other party is on hold it hears music and no keys.
pub(crate) fn asked(
    engine: &mut Engine,
    id: CallId,
    (keys, only_own): (Keys, bool),
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    let sides = talk::sides(engine, id, actor, only_own)?;
    if engine.calls.get(&id).is_some_and(|call| call.held) {
        return Err(Rejection::NotTalking);
    }
    let play = engine.ids.play();
    step.media(MediaCommand::Press { leg: sides.other, play, keys });
    Ok(Reply::Press)
}
