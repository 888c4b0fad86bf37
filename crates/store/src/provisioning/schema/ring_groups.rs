//! Ring groups.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fallback::FallbackRow;
use crate::provisioning::limits::{GROUP_MAX_TIME, GROUP_RING_TIME, MAX_REPEATS, NAME_MAX, RING_MEMBERS_MAX};

/// Several phones under one number. Who answers first has the call; nobody waits.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingGroupShape {
    /// Its number.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Its name.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// In which order its members are rung; ring_all unless set.
    #[schemars(extend("default" = "ring_all"))]
    pub strategy: Option<RingStrategyShape>,
    /// Extensions of agents and free ones, in their order, each once.
    #[schemars(length(min = 1, max = RING_MEMBERS_MAX))]
    pub members: Vec<String>,
    /// Seconds a member rings, or all of them together; 20 unless set.
    #[schemars(range(min = GROUP_RING_TIME.0, max = GROUP_RING_TIME.1), extend("default" = 20))]
    pub ring_time: Option<u32>,
    /// Seconds a call stays at most; 0, which is as long as its rounds take, unless set.
    #[schemars(range(min = GROUP_MAX_TIME.0, max = GROUP_MAX_TIME.1), extend("default" = 0))]
    pub max_time: Option<u32>,
    /// Whether members on a call are left out; true unless set.
    #[schemars(extend("default" = true))]
    pub skip_busy: Option<bool>,
    /// How many rounds follow the first; 0 unless set.
    #[schemars(range(min = MAX_REPEATS.0, max = MAX_REPEATS.1), extend("default" = 0))]
    pub repeat: Option<u8>,
    /// Where the caller goes if nobody answers, or nobody can be rung; the call ends unless set.
    pub on_no_answer: Option<FallbackRow>,
}

/// In which order the members of a ring group are rung.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RingStrategyShape {
    /// All at once.
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
