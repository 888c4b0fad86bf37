//! Ring all: everybody at once, or a set that grows. The order says who is in the first set.

use super::Facts;

/// As longest idle.
pub(super) const fn key(facts: &Facts) -> (i64, i64) {
    super::longest_idle::key(facts)
}
