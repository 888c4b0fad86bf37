//! Whether the phone of an agent who was offered a call alerts her.
//!
//! A phone that says nothing at all for some seconds shows nobody a call: its page is frozen, its battery empty, its
//! network gone, though its registration still holds. What it was offered is not hers to have missed. The caller goes
//! on to somebody else, and she gets no other until her phone is heard of again.

use acd::{AcdInput, OfferFailure};
use model::{LegId, Timestamp};

use crate::engine::Engine;
use crate::leg::{Phase, Role};
use crate::step::Step;
use crate::timer::TimerKind;

/// Her phone was dialed, and is to say soon that it alerts her: well before the offer rings out, since a clock may be
/// a little late and she must not have missed it. A personal phone outside may take longer, and is never registered.
pub(crate) fn expected(engine: &mut Engine, leg: LegId, rings_until: Timestamp, step: &Step<'_>) {
    let Some(longest) = engine.limits.alert_max else { return };
    let until = step.now.after(longest.min(rings_until.since(step.now) * 3 / 4));
    engine.timers.set(TimerKind::AlertOverdue(leg), until);
}

/// It alerts her, was answered, or is dialed no longer.
pub(crate) fn settled(engine: &mut Engine, leg: LegId) {
    engine.timers.stop(TimerKind::AlertOverdue(leg));
}

/// It has said nothing: the offer reached nobody.
pub(crate) fn overdue(engine: &mut Engine, leg: LegId, step: &mut Step<'_>) {
    let Some(call) = engine.call_of(leg) else { return };
    let Some(dialed) = call.leg(leg).filter(|leg| leg.phase == Phase::Early) else { return };
    if let (Role::Offered(offer), None) = (dialed.role, dialed.record.ringing_at) {
        engine.tell_acd(AcdInput::OfferFailed { offer, why: OfferFailure::Unreachable }, step);
    }
}
