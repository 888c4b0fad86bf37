//! Recording: what two say to each other, from when they hear each other until they do not. So nobody is recorded on
//! hold, in a menu, or while a flow asks for what is secret.
//!
//! Each side is a file of its own, named by a recording's id that is never given twice; the shell writes them. The
//! engine keeps which there are, and hears nothing more of them: what of a file is there, the disk knows.

use model::{CallId, LegId};

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
    let max = engine.limits.recordings_per_call_max;
    let Some(call) = engine.calls.get_mut(&id) else { return true };
    if call.is_recorded && call.recordings.len() < max {
        let (caller, party) = if call.is_caller(b) { (b, a) } else { (a, b) };
        let mut side = |leg| {
            let record = engine.ids.record();
            step.media(MediaCommand::RecordTalk { leg, record, from: step.now });
            (leg, record)
        };
        let sides = [side(caller), side(party)];
        call.recordings.push(Recorded { sides, from: step.now, until: None });
        step.touch_call(id);
    }
    true
}

/// Parts the leg from whom it hears, if anybody; what was being recorded of the two ends.
pub(crate) fn part(engine: &mut Engine, id: CallId, leg: LegId, step: &mut Step<'_>) {
    engine.bridges.part(leg, step);
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let running = call.recordings.last_mut().filter(|last| last.until.is_none());
    let Some(last) = running.filter(|last| last.sides.iter().any(|(side, _)| *side == leg)) else { return };
    last.until = Some(step.now);
    let sides = last.sides.map(|(side, _)| side);
    // With a leg that is over its recording is, too.
    for leg in sides.into_iter().filter(|side| call.leg(*side).is_some_and(Leg::is_live)) {
        step.media(MediaCommand::StopRecord { leg });
    }
    step.touch_call(id);
}
