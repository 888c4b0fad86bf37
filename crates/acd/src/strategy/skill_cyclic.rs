//! Skill, cyclic: the highest skill level that has somebody free, in it whoever has not been rung for longest.

use super::Facts;

/// The level, highest first, then the last ring.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (super::level(facts), super::cyclic::since(facts.last_rung))
}
