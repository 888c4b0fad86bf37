//! Strategies: in which order the free members of a queue come.
//!
//! Each strategy is a file that makes two numbers of a member's facts. They, her idle time, her `order` and her
//! id are her place among those who are free: the set that dispatch takes the first from is kept in that order,
//! so a decision looks at as many members as it names and at no others.

mod cyclic;
mod least_worked;
mod linear;
mod linear_cascade;
mod longest_idle;
mod random;
mod ring_all;
mod skill_cyclic;
mod skill_least_worked;
mod skill_linear;
mod tiered_longest_idle;

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, Strategy, Timestamp};

use crate::decision::{Candidate, LookedAt};

/// What a strategy may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Since when she has been without a call; the end of time if she is on one.
    pub(crate) idle_since: Timestamp,
    /// Lower is earlier.
    pub(crate) order: i32,
    /// Lower is earlier.
    pub(crate) tier: u8,
    /// Higher is better.
    pub(crate) skill_level: u8,
    /// When this queue last rang her.
    pub(crate) last_rung: Option<Timestamp>,
    /// Calls of this queue answered since midnight.
    pub(crate) answered_today: u32,
}

/// A free member's place in her queue's order; less comes first. Ties: idle time, `order`, and the agent's id,
/// which stands beside the key in every set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) struct Key {
    /// What the strategy looks at first: a tier, a level.
    pub(crate) group: i64,
    /// What it looks at next.
    within: i64,
    idle_since: Timestamp,
    order: i32,
}

impl Key {
    /// The first place of all with this group.
    pub(crate) const fn group(group: i64) -> Self {
        Self { group, within: i64::MIN, idle_since: Timestamp(i64::MIN), order: i32::MIN }
    }
}

/// The highest level first.
fn level(facts: &Facts) -> i64 {
    if broken!(LowestLevelFirst) { facts.skill_level.into() } else { -i64::from(facts.skill_level) }
}

/// A member's place under a strategy.
pub(crate) fn key(strategy: Strategy, facts: &Facts) -> Key {
    let (group, within) = match strategy {
        Strategy::LongestIdle => longest_idle::key(facts),
        Strategy::RingAll => ring_all::key(facts),
        Strategy::Linear => linear::key(facts),
        Strategy::Cyclic => cyclic::key(facts),
        Strategy::LeastWorked => least_worked::key(facts),
        Strategy::LinearCascade => linear_cascade::key(facts),
        Strategy::TieredLongestIdle => tiered_longest_idle::key(facts),
        Strategy::Random => random::key(facts),
        Strategy::SkillLinear => skill_linear::key(facts),
        Strategy::SkillCyclic => skill_cyclic::key(facts),
        Strategy::SkillLeastWorked => skill_least_worked::key(facts),
    };
    let idle =
        if broken!(ShortestIdleFirst) { i64::MAX - facts.idle_since.0.max(0) } else { facts.idle_since.0 };
    Key { group, within, idle_since: Timestamp(idle), order: facts.order }
}

/// The record of a candidate: what the order looked at, out of her place.
pub(crate) fn candidate(strategy: Strategy, key: Key, agent: AgentId, now: Timestamp) -> Candidate {
    let small = |value: i64| u8::try_from(value.abs()).unwrap_or(u8::MAX);
    let count = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    let looked_at = match strategy {
        Strategy::LongestIdle | Strategy::RingAll => LookedAt::Idle,
        Strategy::Linear => LookedAt::Order,
        Strategy::Cyclic => LookedAt::LastRung(cyclic::last_rung(key.group)),
        Strategy::LeastWorked => LookedAt::Answered(count(key.group)),
        Strategy::LinearCascade | Strategy::TieredLongestIdle => LookedAt::Tier(small(key.group)),
        Strategy::Random => LookedAt::Chance,
        Strategy::SkillLinear => LookedAt::Level(small(key.group)),
        Strategy::SkillCyclic => LookedAt::LevelLastRung(small(key.group), cyclic::last_rung(key.within)),
        Strategy::SkillLeastWorked => LookedAt::LevelAnswered(small(key.group), count(key.within)),
    };
    let idle_since = key.idle_since.min(now);
    Candidate { agent, idle_since, order: key.order, looked_at, preferred: false }
}

/// Whether several agents are rung for one call, so that nobody is tried before the others.
pub(crate) const fn rings_many(strategy: Strategy) -> bool {
    match strategy {
        Strategy::RingAll | Strategy::LinearCascade => true,
        Strategy::LongestIdle
        | Strategy::Linear
        | Strategy::Cyclic
        | Strategy::LeastWorked
        | Strategy::TieredLongestIdle
        | Strategy::Random
        | Strategy::SkillLinear
        | Strategy::SkillCyclic
        | Strategy::SkillLeastWorked => false,
    }
}
