//! Ring all: everybody at once. The order only says whom the cap leaves out.

use std::cmp::Ordering;

use crate::decision::Candidate;

/// As longest idle.
pub(super) fn order(a: &Candidate, b: &Candidate) -> Ordering {
    super::longest_idle::order(a, b)
}
