//! Recording: what two say to each other, from when they hear each other until they do not. So nobody is recorded on
//! hold, whoever holds him and by whatever key, in a menu, or while a flow asks for what is secret.
//!
//! Each side is a file of its own, named by a recording's id that is never given twice; the shell writes them. The
//! engine keeps which there are, and hears nothing more of them: what of a file is there, the disk knows.

use model::{CallId, LegId};

use crate::bridge::Bridges;
use crate::call::Call;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::leg::Leg;
use crate::record::Recorded;
use crate::step::Step;

/// Lets the two hear each other; false if one of them hears somebody already.
#[must_use]
pub(crate) fn join(engine: &mut Engine, id: CallId, (a, b): (LegId, LegId), step: &mut Step<'_>) -> bool {
    if !engine.bridges.join(a, b, step) {
        return false;
    }
    look(engine, id, step);
    true
}

/// Parts the leg from whom it hears, if anybody.
pub(crate) fn part(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    engine.bridges.part(leg, step);
    look(engine, id, step);
}

/// Begins and ends what is recorded, as it is now: two hear each other, and the phone of neither holds the other one.
pub(crate) fn look(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let max = engine.limits.recordings_per_call_max;
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let talk = talk(call, &engine.bridges).filter(|_| call.is_recorded);
    let running = call.recordings.last_mut().filter(|last| last.until.is_none());
    let goes_on = running.as_ref().map(|last| last.sides.map(|(leg, _)| leg));
    if goes_on == talk {
        return;
    }
    if let Some(last) = running {
        last.until = Some(step.now);
        let sides = last.sides.map(|(leg, _)| leg);
        // With a leg that is over its recording is, too.
        for leg in sides.into_iter().filter(|side| call.leg(*side).is_some_and(Leg::is_live)) {
            step.media(MediaCommand::StopRecord { leg });
        }
        step.touch_call(id);
    }
    if let Some(sides) = talk.filter(|_| call.recordings.len() < max) {
        let sides = sides.map(|leg| {
            let record = engine.ids.record();
            step.media(MediaCommand::RecordTalk { leg, record, from: step.now });
            (leg, record)
        });
        call.recordings.push(Recorded { sides, from: step.now, until: None });
        step.touch_call(id);
    }
}

/// The two of a call who hear each other and hold nobody, the caller first.
fn talk(call: &Call, bridges: &Bridges) -> Option<[LegId; 2]> {
    let caller = call.caller_leg()?.id();
    let sides = [caller, bridges.partner(caller)?];
    let holds = |leg: &LegId| call.leg(*leg).is_none_or(Leg::is_holding_by_phone);
    (!sides.iter().any(holds)).then_some(sides)
}
