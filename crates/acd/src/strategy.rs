//! Strategies: in which order the candidates come, and how many of them a call rings at once.

mod linear;
mod longest_idle;
mod ring_all;

use model::Strategy;

use crate::decision::Candidate;
use crate::limits::Limits;

/// Puts the candidates in order, best first. Every order is total, so that the same facts always choose the
/// same agent.
pub(crate) fn rank(strategy: Strategy, candidates: &mut [Candidate]) {
    let order = match strategy {
        Strategy::LongestIdle => longest_idle::order,
        Strategy::RingAll => ring_all::order,
        Strategy::Linear => linear::order,
    };
    candidates.sort_unstable_by(order);
}

/// How many agents a call may ring at the same time.
pub(crate) fn offers_at_once(strategy: Strategy, limits: &Limits) -> usize {
    match strategy {
        Strategy::LongestIdle | Strategy::Linear => 1,
        Strategy::RingAll => usize::try_from(limits.ring_all_max).unwrap_or(usize::MAX).max(1),
    }
}
