//! What ring groups remember between calls: who was rung last, and since when each phone is idle.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use model::{CallId, Directory, ExtensionNumber, RingGroup, RingStrategy, Timestamp};

/// What ring groups remember.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Groups {
    /// Who was rung last, by group.
    last: BTreeMap<ExtensionNumber, ExtensionNumber>,
    /// When the last call of each phone ended; at most as many as there are extensions.
    talked: BTreeMap<ExtensionNumber, Timestamp>,
}

impl Groups {
    /// A member was rung.
    pub(crate) fn rung(&mut self, group: &ExtensionNumber, member: &ExtensionNumber) {
        self.last.insert(group.clone(), member.clone());
    }

    /// A call of this phone has ended.
    pub(crate) fn talked(&mut self, number: &ExtensionNumber, now: Timestamp) {
        self.talked.insert(number.clone(), now);
    }

    /// After a change of provisioning: groups and phones that went away are forgotten.
    pub(crate) fn configure(&mut self, directory: &Directory) {
        self.last.retain(|group, _| directory.ring_groups.contains_key(group));
        self.talked.retain(|number, _| directory.extensions.contains_key(number));
    }

    /// The members in the order in which they are rung in this round of a call.
    pub(crate) fn order(&self, group: &RingGroup, call: CallId, round: u8) -> Vec<ExtensionNumber> {
        let mut members = group.members.clone();
        match group.strategy {
            RingStrategy::RingAll | RingStrategy::Linear | RingStrategy::LinearCascade => {}
            RingStrategy::Cyclic => {
                let last = self.last.get(&group.number);
                let at = last.and_then(|last| members.iter().position(|member| member == last));
                let ahead = at.map_or(0, |at| (at + 1) % members.len());
                members.rotate_left(ahead);
            }
            // Who has not talked at all comes first.
            RingStrategy::LongestIdle => {
                members.sort_by_key(|member| self.talked.get(member).copied());
            }
            RingStrategy::Random => {
                let seed = mixed(call.0 ^ (u64::from(round) << 56));
                let mut drawn = members.into_iter().zip(0u64..).collect::<Vec<_>>();
                drawn.sort_by_key(|(_, place)| mixed(seed ^ place));
                members = drawn.into_iter().map(|(member, _)| member).collect();
            }
        }
        members
    }
}

/// The finaliser of SplitMix64: close numbers come far apart.
const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> ExtensionNumber {
        ExtensionNumber::parse(text).unwrap()
    }

    #[test]
    fn a_drawn_order_has_everybody_and_everybody_is_first_about_as_often() {
        let members: Vec<_> = ["1001", "1002", "1003", "1004"].map(number).into();
        let mut group = RingGroup::new(number("7100"), "Lab", members.clone());
        group.strategy = RingStrategy::Random;
        let groups = Groups::default();
        let mut first = BTreeMap::new();
        for call in 1..=4_000 {
            let order = groups.order(&group, CallId(call), 0);
            let mut sorted = order.clone();
            sorted.sort();
            assert_eq!(sorted, members);
            *first.entry(order[0].clone()).or_insert(0) += 1;
        }
        assert!(first.values().all(|count| (900..1_100).contains(count)), "{first:?}");
    }
}
