//! Skill, least worked: the highest skill level that has somebody free, in it whoever has answered the fewest.

use super::Facts;

/// The level, highest first, then the calls of today.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (super::level(facts), facts.answered_today.into())
}
