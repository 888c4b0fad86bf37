//! The process ended without a word: what was in progress then comes to its end, with its record.

use acd::broken;
use model::{CallId, LegId};

use crate::agents;
use crate::call::clear;
use crate::cause::Cause;
use crate::devices;
use crate::engine::Engine;
use crate::resume::Resume;
use crate::step::Step;
use crate::timer::TimerKind;

/// Ends what died with the process: every leg is over, every call has its record. Agents keep what they asked for
/// and every clock of theirs; none can be rung until her phone is heard of again.
///
/// The commands that this gives are for legs that nobody knows any more; the shell drops them.
pub(crate) fn restarted(engine: &mut Engine, step: &mut Step<'_>) {
    // A server that was told to stop takes calls again once it has been started again.
    engine.draining = false;
    keep_places(engine, step);
    // Before the calls end, so that nobody whom that frees is offered the next call that ends.
    engine.acd.forget_devices();
    // Who is to be called back has hung up long ago, and stays in his line.
    let on_the_line = engine.calls.values().filter(|call| !call.is_to_be_called_back());
    let calls: Vec<CallId> = on_the_line.map(|call| call.id).collect();
    for call in calls {
        clear::end_call(engine, call, Cause::NodeRestart, step);
    }
    let legs: Vec<LegId> = engine.legs.keys().copied().collect();
    for leg in legs {
        clear::leg_ended(engine, leg, Cause::NodeRestart, step);
    }
    agents::carry_out(engine, step);
    devices::forget(engine, step);
}

/// Keeps the places of those who wait, for as long as a caller may take to dial again.
fn keep_places(engine: &mut Engine, step: &Step<'_>) {
    let until = step.now.after(engine.limits.resume_for);
    if broken!(PlacesLost) {
        return;
    }
    for call in engine.calls.values() {
        let Some(entry) = call.entry.as_ref().filter(|_| call.callback.is_none()) else { continue };
        let place = Resume {
            enqueued_at: entry.entered_at,
            waits_since: entry.waits_since,
            received_at: call.started_at,
            priority: entry.priority,
            until,
        };
        engine.resumable.keep(entry.queue, &call.caller.number, place);
        engine.timers.set(TimerKind::PlacesLapse, until);
    }
}
