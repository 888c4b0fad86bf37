//! Ring groups: several phones under one number, without a line.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::fallback::FallbackAction;
use crate::number::ExtensionNumber;

/// Several phones under one number. Who answers first has the call; nobody waits.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RingGroup {
    /// Its number.
    pub number: ExtensionNumber,
    /// Its name.
    pub name: String,
    /// In which order its members are rung.
    pub strategy: RingStrategy,
    /// Extensions of agents and free ones, in their order; each once.
    pub members: Vec<ExtensionNumber>,
    /// How long a member rings, or all of them together, seconds.
    pub ring_time: u32,
    /// How long a call stays in all, seconds; 0: as long as its rounds take.
    pub max_time: u32,
    /// Whether members on a call are left out.
    pub skip_busy: bool,
    /// How many rounds follow the first, 0–10.
    pub repeat: u8,
    /// Where the caller goes if nobody answers, or nobody can be rung.
    pub on_no_answer: FallbackAction,
}

/// In which order the members of a ring group are rung.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, BorshSerialize, BorshDeserialize,
)]
pub enum RingStrategy {
    /// All at once.
    #[default]
    RingAll,
    /// One after the other, in their order.
    Linear,
    /// One after the other, and those before go on ringing.
    LinearCascade,
    /// One after the other, beginning behind the one who was rung last.
    Cyclic,
    /// One after the other, first the one whose last call ended longest ago.
    LongestIdle,
    /// One after the other, in an order drawn for each round.
    Random,
}

impl RingStrategy {
    /// Whether a member rings no longer when the next one does.
    #[must_use]
    pub const fn is_one_by_one(self) -> bool {
        match self {
            Self::Linear | Self::Cyclic | Self::LongestIdle | Self::Random => true,
            Self::RingAll | Self::LinearCascade => false,
        }
    }
}

impl RingGroup {
    /// `ring_time` unless set, seconds.
    pub const RING_TIME_DEFAULT: u32 = 20;

    /// A group with the defaults of everything but its members.
    #[must_use]
    pub fn new(number: ExtensionNumber, name: &str, members: Vec<ExtensionNumber>) -> Self {
        Self {
            number,
            name: name.to_owned(),
            strategy: RingStrategy::default(),
            members,
            ring_time: Self::RING_TIME_DEFAULT,
            max_time: 0,
            skip_busy: true,
            repeat: 0,
            on_no_answer: FallbackAction::default(),
        }
    }

    /// How long a call rings at most, if every member can be rung, seconds.
    #[must_use]
    pub fn longest(&self) -> u32 {
        let members = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        let turns = match self.strategy {
            RingStrategy::RingAll => 1,
            RingStrategy::Linear
            | RingStrategy::LinearCascade
            | RingStrategy::Cyclic
            | RingStrategy::LongestIdle
            | RingStrategy::Random => members,
        };
        let rounds = u32::from(self.repeat).saturating_add(1);
        let all = self.ring_time.saturating_mul(turns).saturating_mul(rounds);
        if self.max_time == 0 { all } else { all.min(self.max_time) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_call_rings_is_by_members_rounds_and_the_limit() {
        let number = |text| ExtensionNumber::parse(text).unwrap();
        let mut group = RingGroup::new(number("7100"), "Lab", vec![number("1001"), number("1002")]);
        assert_eq!(group.longest(), 20);
        group.strategy = RingStrategy::Linear;
        group.repeat = 2;
        assert_eq!(group.longest(), 120);
        group.max_time = 90;
        assert_eq!(group.longest(), 90);
    }
}
