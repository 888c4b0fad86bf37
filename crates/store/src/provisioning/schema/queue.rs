//! Queues and their members.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::in_queue::{AnnouncePlaceShape, AnnounceShape, CallbackShape, ExitShape, IntroShape};
use super::people::SkillLevel;
use crate::fallback::FallbackRow;
use crate::provisioning::limits::{
    AFTER_N, EXPECTED_WAIT, MAX_CALLERS, NAME_MAX, ORDER, RING_TIME, SIM_RING_FIRST, SIM_RING_INCREMENT,
    SKILL, SLA_TIME, STICKY_DAYS, TIER, UP_TO_AN_HOUR, WAITING_TIME, WEIGHT,
};

/// A waiting line and its rules; times in seconds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueShape {
    /// The extension that reaches it.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Its name.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Who is offered a call first; longest_idle unless set.
    pub strategy: Option<StrategyShape>,
    /// How long one offer rings; 20 unless set.
    #[schemars(range(min = RING_TIME.0, max = RING_TIME.1), extend("default" = 20))]
    pub ring_time: Option<u32>,
    /// Most callers in the line; 0, the default: no limit.
    #[schemars(range(min = MAX_CALLERS.0, max = MAX_CALLERS.1), extend("default" = 0))]
    pub max_callers: Option<u32>,
    /// Longest wait, 0 (no limit) or 15 and more; 300 unless set.
    #[schemars(range(min = 0, max = WAITING_TIME.1), extend("default" = 300))]
    pub max_waiting_time: Option<u32>,
    /// Longest expected wait with which a caller is still let in; 0, the default: no limit. Beyond: as full.
    #[schemars(range(min = EXPECTED_WAIT.0, max = EXPECTED_WAIT.1), extend("default" = 0))]
    pub max_expected_wait: Option<u32>,
    /// ring_all: how many phones ring at first; 0, the default: all.
    #[schemars(range(min = SIM_RING_FIRST.0, max = SIM_RING_FIRST.1), extend("default" = 0))]
    pub sim_ring_first: Option<u8>,
    /// ring_all: how many more ring each ring_time that passes unanswered; 1 unless set.
    #[schemars(range(min = SIM_RING_INCREMENT.0, max = SIM_RING_INCREMENT.1), extend("default" = 1))]
    pub sim_ring_increment: Option<u8>,
    /// How long an agent who missed a call is not offered another; 5 unless set.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 5))]
    pub retry_delay: Option<u32>,
    /// The same after her phone was busy; 60 unless set.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 60))]
    pub busy_delay: Option<u32>,
    /// The same after she declined; 0 unless set. The declined call itself is never offered to her again.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 0))]
    pub decline_delay: Option<u32>,
    /// What a caller's agent must know, unless the number dialed says so itself.
    pub skills: Option<NeedsShape>,
    /// How many seconds of waiting are worth one step of priority; 0, the default: a higher priority always goes
    /// first.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 0))]
    pub ageing: Option<u32>,
    /// Which moment the line goes by; entered unless set.
    pub order_by: Option<OrderByShape>,
    /// Whether a caller is led to the agent who served him last; for 30 days unless set.
    pub sticky: Option<StickyShape>,
    /// What an agent hears before she is joined with the caller, a prompt name; nothing unless set.
    pub announce_to_agent: Option<String>,
    /// Whether callers may wait while nobody is logged in; false unless set.
    #[schemars(extend("default" = false))]
    pub wait_when_no_agents: Option<bool>,
    /// Whether agents become ready by themselves; true unless set.
    #[schemars(extend("default" = true))]
    pub auto_ready: Option<bool>,
    /// What follows a call that is not the queue's, where auto_ready is off; not_ready unless set.
    pub after_non_acd: Option<AfterNonAcdShape>,
    /// Work after the call; 0 unless set.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 0))]
    pub wrap_up_time: Option<u32>,
    /// What follows a missed call; unless set, as auto_ready says.
    pub rna_policy: Option<RnaPolicyShape>,
    /// Whether a decline counts as a missed call; false unless set.
    #[schemars(extend("default" = false))]
    pub decline_is_rna: Option<bool>,
    /// Which queue an agent of several serves first, higher first; 0 unless set.
    #[schemars(range(min = WEIGHT.0, max = WEIGHT.1), extend("default" = 0))]
    pub weight: Option<i32>,
    /// Wait within which an answer is in time; 0 is none, 20 unless set.
    #[schemars(range(min = SLA_TIME.0, max = SLA_TIME.1), extend("default" = 20))]
    pub sla_time: Option<u32>,
    /// The wait was too long; hang up unless set.
    pub on_no_answer: Option<FallbackRow>,
    /// The line is full; as on_no_answer unless set.
    pub on_full: Option<FallbackRow>,
    /// Nobody is logged in; as on_no_answer unless set.
    pub on_no_agents: Option<FallbackRow>,
    /// Its business hours, by name; always open unless set.
    pub hours: Option<String>,
    /// Out of its hours and on a holiday; as on_no_answer unless set.
    pub on_closed: Option<FallbackRow>,
    /// In night mode; as on_no_answer under the queue's own switch, as always under the domain's, unless set.
    pub on_night: Option<FallbackRow>,
    /// Music for those who wait, a prompt name; music unless set.
    #[schemars(extend("default" = "music"))]
    pub moh: Option<String>,
    /// What a caller hears when he has come to the line; nothing unless set.
    pub intro: Option<IntroShape>,
    /// What those who wait hear again and again; nothing unless set.
    pub announce: Option<AnnounceShape>,
    /// Whether callers are told where they stand; not unless set.
    pub announce_place: Option<AnnouncePlaceShape>,
    /// The key by which a caller leaves the line; none unless set.
    pub exit: Option<ExitShape>,
    /// Whether callers may ask to be called back; not unless set.
    pub callback: Option<CallbackShape>,
    /// Whether what callers and agents say to each other is recorded; false unless set. Tell callers, by `intro` say.
    #[schemars(extend("default" = false))]
    pub recording: Option<bool>,
    /// Who takes its calls.
    #[serde(default)]
    pub members: Vec<MemberShape>,
}

/// Who is offered a call first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StrategyShape {
    /// Whoever has been without a call for longest.
    LongestIdle,
    /// Everybody at once.
    RingAll,
    /// In the members' order.
    Linear,
    /// Whoever has not been rung for longest.
    Cyclic,
    /// Whoever has answered the fewest calls of this queue since midnight.
    LeastWorked,
    /// The first tier, then each ring_time the next tier as well, all of a tier at once.
    LinearCascade,
    /// Whoever has been without a call for longest in the lowest tier that has somebody free.
    TieredLongestIdle,
    /// Anybody.
    Random,
    /// The highest skill_level that has somebody free, in their order.
    SkillLinear,
    /// The highest skill_level that has somebody free, whoever has not been rung for longest.
    SkillCyclic,
    /// The highest skill_level that has somebody free, whoever has answered the fewest.
    SkillLeastWorked,
}

/// Which moment a line goes by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderByShape {
    /// When the caller entered this line.
    Entered,
    /// When the call reached the server.
    Received,
}

/// Whether a caller is led to the agent who served him last.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StickyShape {
    /// Whether; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
    /// For how many days; 30 unless set.
    #[schemars(range(min = STICKY_DAYS.0, max = STICKY_DAYS.1), extend("default" = 30))]
    pub days: Option<u16>,
}

/// Skills that are asked for: a mapping of skill to the least level, or a list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NeedsShape {
    /// Skill to the least level; never relaxed.
    Levels(BTreeMap<String, SkillLevel>),
    /// One by one.
    List(Vec<NeedShape>),
}

/// A skill that is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedShape {
    /// Its name.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub skill: String,
    /// The least level.
    #[schemars(range(min = SKILL.0, max = SKILL.1))]
    pub level: u8,
    /// After how many seconds of waiting the level falls, and again after as many; 0, the default: never.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 0))]
    pub relax_after: Option<u32>,
    /// How far it falls each time; 1 unless set. At 0 the skill is no longer asked for.
    #[schemars(range(min = SKILL.0, max = SKILL.1), extend("default" = 1))]
    pub relax_by: Option<u8>,
}

/// What follows a call that is not the queue's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterNonAcdShape {
    /// Ready again.
    Ready,
    /// Not ready.
    NotReady,
    /// Wrap-up.
    WrapUp,
}

/// What follows a missed call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RnaPolicyShape {
    /// What happens.
    pub action: RnaActionShape,
    /// In which of her queues; queue unless set.
    pub scope: Option<RnaScopeShape>,
    /// After how many misses in a row; 1 unless set.
    #[schemars(range(min = AFTER_N.0, max = AFTER_N.1), extend("default" = 1))]
    pub after_n: Option<u32>,
}

/// What happens to an agent who missed a call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RnaActionShape {
    /// Stays ready.
    Stay,
    /// Not ready.
    NotReady,
    /// Logged out.
    Logout,
}

/// In which of her queues.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RnaScopeShape {
    /// The one whose call she missed.
    Queue,
    /// All.
    All,
}

/// An agent's place in a queue.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberShape {
    /// The agent, by extension.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub agent: String,
    /// For linear and skill_linear, lower first; 1 unless set.
    #[schemars(range(min = ORDER.0, max = ORDER.1), extend("default" = 1))]
    pub order: Option<i32>,
    /// For tiered_longest_idle and linear_cascade, lower first; 1 unless set.
    #[schemars(range(min = TIER.0, max = TIER.1), extend("default" = 1))]
    pub tier: Option<u8>,
    /// For the skill strategies, higher is better; 1 unless set.
    #[schemars(range(min = SKILL.0, max = SKILL.1), extend("default" = 1))]
    pub skill_level: Option<u8>,
    /// Which of her queues is served first, lower first; 1 unless set.
    #[schemars(range(min = ORDER.0, max = ORDER.1), extend("default" = 1))]
    pub queue_priority: Option<i32>,
    /// Instead of the queue's own.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1))]
    pub wrap_up_time: Option<u32>,
    /// Whether her phone answers the queue's calls by itself; false unless set.
    #[schemars(extend("default" = false))]
    pub auto_answer: Option<bool>,
    /// Whether she presses 1 before she is joined with the caller; false unless set.
    #[schemars(extend("default" = false))]
    pub answer_confirmation: Option<bool>,
    /// A disabled entry takes no calls; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
}
