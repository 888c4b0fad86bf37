//! Who hears whom. A leg hears at most one other.

use acd::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use model::LegId;

use crate::command::MediaCommand;
use crate::step::Step;

/// Each bridged leg and the one it hears, both ways.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Bridges {
    partner: BTreeMap<LegId, LegId>,
}

impl Bridges {
    /// Lets the two hear each other; false if one of them hears somebody already.
    #[must_use]
    pub(crate) fn join(&mut self, a: LegId, b: LegId, step: &mut Step<'_>) -> bool {
        if a == b || self.partner.contains_key(&a) || self.partner.contains_key(&b) {
            return false;
        }
        self.partner.insert(a, b);
        self.partner.insert(b, a);
        step.media(MediaCommand::Bridge { a, b });
        true
    }

    /// Whom it hears, if anybody.
    pub(crate) fn partner(&self, a: LegId) -> Option<LegId> {
        self.partner.get(&a).copied()
    }

    /// Parts the leg from whom it hears, if anybody.
    pub(crate) fn part(&mut self, a: LegId, step: &mut Step<'_>) {
        if let Some(b) = self.partner.remove(&a) {
            self.partner.remove(&b);
            if broken!(StillBridged) {
                return;
            }
            step.media(MediaCommand::Unbridge { a, b });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Outbox;
    use model::Timestamp;

    #[test]
    fn a_leg_hears_at_most_one_other() {
        let mut out = Outbox::default();
        let mut step = Step { now: Timestamp::ZERO, out: &mut out };
        let mut bridges = Bridges::default();
        assert!(bridges.join(LegId(2), LegId(3), &mut step));
        assert!(!bridges.join(LegId(2), LegId(5), &mut step));
        assert!(!bridges.join(LegId(7), LegId(7), &mut step));
        bridges.part(LegId(3), &mut step);
        bridges.part(LegId(2), &mut step);
        assert!(bridges.join(LegId(2), LegId(5), &mut step));
        assert_eq!(out.commands.len(), 3, "bridge, one unbridge, bridge");
    }
}
