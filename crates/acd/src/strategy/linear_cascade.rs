//! Linear cascade: the lowest tier that has somebody free, all of it at once, then each ring time the next tier
//! that has somebody free as well (NS). How it goes on is in `growth`.

use super::Facts;

/// The tier.
pub(super) fn key(facts: &Facts) -> (i64, i64) {
    (facts.tier.into(), 0)
}
