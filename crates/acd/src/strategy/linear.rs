//! Linear: in the members' order, from the top each time (prioritized hunt).

use std::cmp::Ordering;

use crate::decision::Candidate;

/// The members' order, then idle time, then the agent's id.
pub(super) fn order(a: &Candidate, b: &Candidate) -> Ordering {
    (a.order, a.idle_since, a.agent).cmp(&(b.order, b.idle_since, b.agent))
}
