//! What can never happen, and what is done when it does.
//!
//! The engine does not panic: it says what was found ([`EventKind::CallFaulted`]), ends that one call and
//! goes on. The tests panic on that event.

use model::CallId;

use crate::call::clear;
use crate::cause::Cause;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::step::Step;

/// A state that can never be was met: tells it and ends the call.
macro_rules! never {
    ($engine:expr, $call:expr, $what:expr, $step:expr) => {
        $crate::never::broken($engine, $call, $what, $step)
    };
}
pub(crate) use never;

pub(crate) fn broken(engine: &mut Engine, call: CallId, what: &'static str, step: &mut Step<'_>) {
    step.event(EventKind::CallFaulted { call, what });
    clear::end_call(engine, call, Cause::Internal, step);
}
