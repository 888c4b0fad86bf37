//! The process ended without a word: what was in progress then comes to its end, with its record.

use model::{CallId, LegId};

use crate::call::clear;
use crate::cause::Cause;
use crate::engine::Engine;
use crate::step::Step;

/// Ends what died with the process: every leg is over, every call has its record.
///
/// The commands that this gives are for legs that nobody knows any more; the shell drops them.
pub(crate) fn restarted(engine: &mut Engine, step: &mut Step<'_>) {
    let calls: Vec<CallId> = engine.calls.keys().copied().collect();
    for call in calls {
        clear::end_call(engine, call, Cause::NodeRestart, step);
    }
    let legs: Vec<LegId> = engine.legs.keys().copied().collect();
    for leg in legs {
        clear::leg_ended(engine, leg, Cause::NodeRestart, step);
    }
}
