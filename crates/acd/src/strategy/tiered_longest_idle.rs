//! Tiered longest idle: the lowest tier that has somebody free, in it whoever has been idle for longest (NS).

use super::Facts;

/// The tier.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (facts.tier.into(), 0)
}
