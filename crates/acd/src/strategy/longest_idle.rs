//! Longest idle: whoever has been without a queue call for longest (A24).

use std::cmp::Ordering;

use crate::decision::Candidate;

/// Idle time, then the members' order, then the agent's id.
pub(super) fn order(a: &Candidate, b: &Candidate) -> Ordering {
    (a.idle_since, a.order, a.agent).cmp(&(b.idle_since, b.order, b.agent))
}
