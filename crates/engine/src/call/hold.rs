//! Hold: two who talk are parted for a while. The one hears music, the other nothing; their phones know nothing of it.
//! What a phone does by its own key is counted too, and changes nothing else.

use model::{CallId, LegId};

use crate::call::{Place, recorded, talk};
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::leg::HoldBy;
use crate::never::never;
use crate::request::{Actor, Rejection, Reply};
use crate::step::Step;

/// The music of a call that came through no queue.
const MUSIC: &str = "music";

/// Parts the two, or joins them again. As it stands already is no mistake, and changes nothing.
pub(crate) fn asked(
    engine: &mut Engine,
    id: CallId,
    (on, only_own): (bool, bool),
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    let sides = talk::sides(engine, id, actor, only_own)?;
    let Some(call) = engine.calls.get_mut(&id) else { return Err(Rejection::UnknownCall) };
    if call.held == on {
        return Ok(Reply::Hold);
    }
    call.held = on;
    // Who takes it back need not be who began it.
    for leg in call.legs.iter_mut().filter(|leg| !on || leg.id() == sides.own) {
        leg.hold(HoldBy::Request, on, step.now);
    }
    step.touch_call(id);
    step.event(EventKind::HoldChanged { call: id, held: on });
    if on {
        let music =
            sides.queue.and_then(|queue| engine.directory.queues.get(&queue)).map(|queue| queue.moh.clone());
        let prompts = vec![music.unwrap_or_else(|| MUSIC.to_owned())];
        recorded::part(engine, id, sides.own, step);
        let play = engine.ids.play();
        step.media(MediaCommand::Play { leg: sides.other, play, prompts, repeat: true });
    } else if !recorded::join(engine, id, (sides.own, sides.other), step) {
        never!(engine, id, "a leg was to hear two others", step);
    }
    Ok(Reply::Hold)
}

/// A phone holds whom it talks with, or has come back. Before it talks with somebody it holds nobody.
pub(crate) fn by_phone(engine: &mut Engine, leg: LegId, on: bool, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let id = call.id;
    let talks = matches!(call.place, Place::Connected { .. });
    let Some(held_by) = call.leg_mut(leg).filter(|leg| leg.is_live() && (talks || !on)) else { return };
    if held_by.hold(HoldBy::Phone, on, step.now) {
        step.touch_call(id);
    }
    recorded::look(engine, id, step);
}
