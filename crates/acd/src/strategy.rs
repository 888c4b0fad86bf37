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
        // Those below keep this order until they have their own; provisioning refuses their names until then.
        Strategy::LongestIdle
        | Strategy::Cyclic
        | Strategy::LeastWorked
        | Strategy::LinearCascade
        | Strategy::TieredLongestIdle
        | Strategy::Random
        | Strategy::SkillLinear
        | Strategy::SkillCyclic
        | Strategy::SkillLeastWorked => longest_idle::order,
        Strategy::RingAll => ring_all::order,
        Strategy::Linear => linear::order,
    };
    candidates.sort_unstable_by(order);
}

/// How many agents a call may ring at the same time.
pub(crate) fn offers_at_once(strategy: Strategy, limits: &Limits) -> usize {
    match strategy {
        Strategy::LongestIdle
        | Strategy::Linear
        | Strategy::Cyclic
        | Strategy::LeastWorked
        | Strategy::LinearCascade
        | Strategy::TieredLongestIdle
        | Strategy::Random
        | Strategy::SkillLinear
        | Strategy::SkillCyclic
        | Strategy::SkillLeastWorked => 1,
        Strategy::RingAll => usize::try_from(limits.ring_all_max).unwrap_or(usize::MAX).max(1),
    }
}
