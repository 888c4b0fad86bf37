//! Cyclic: whoever this queue has not rung for longest (A24); who has never been rung comes first.

use model::Timestamp;

use super::Facts;

/// The last ring, answered or not; the end of time before all others for none.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (since(facts.last_rung), 0)
}

/// A ring as a number that grows with it.
pub(super) fn since(last_rung: Option<Timestamp>) -> i64 {
    last_rung.map_or(i64::MIN, |at| at.0)
}

/// The ring that [`since`] has made a number of.
pub(super) fn last_rung(since: i64) -> Option<Timestamp> {
    (since != i64::MIN).then_some(Timestamp(since))
}
