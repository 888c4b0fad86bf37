//! Linear: in the members' order, from the top each time (prioritized hunt).

use super::Facts;

/// The members' order.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (facts.order.into(), 0)
}
