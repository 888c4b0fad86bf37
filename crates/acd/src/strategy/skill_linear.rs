//! Skill, linear: the highest skill level that has somebody free, in the members' order.

use super::Facts;

/// The level, highest first, then the order.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (super::level(facts), facts.order.into())
}
