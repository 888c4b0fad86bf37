//! The day of the domain: what is counted "since midnight" begins anew at its midnight (A23).

use std::time::Duration;

use acd::AcdInput;
use model::Timestamp;

use crate::engine::Engine;
use crate::step::Step;

/// A midnight nearer to the last one than this is the same one, seen by a clock that was put forward or back.
const SAME_DAY: Duration = Duration::from_secs(12 * 60 * 60);

/// Tells the ACD of a midnight that has passed since the last step. Nothing is decided between two steps, so no
/// clock need run for it.
pub(crate) fn look(engine: &mut Engine, step: &Step<'_>) {
    let midnight = engine.directory.tenant.zone.midnight(step.now);
    if midnight.since(engine.day) >= SAME_DAY {
        engine.day = midnight;
        engine.tell_acd(AcdInput::DayBegins, step);
    }
}

/// The day that `now` lies in, by the clock that holds from now on; a change of the zone begins none.
pub(crate) fn set(engine: &mut Engine, now: Timestamp) {
    engine.day = engine.directory.tenant.zone.midnight(now);
}
