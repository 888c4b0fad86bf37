//! The shape of a provisioning file, as a JSON Schema for editors.
//!
//! These types hold nothing: they only describe. A test compares their fields with the reader's, so that the
//! two cannot drift, and the committed schema with what is made from them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::limits::{
    AFTER_N, CONCURRENT_CALLS, DIGIT_TIMEOUT, EXTENSION_RING_TIMEOUT, FLOW_RING_TIMEOUT, MAX_CALLERS,
    MAX_REPEATS, NAME_MAX, ORDER, PERSON_MAX, RING_TIME, SKILL, SLA_TIME, UP_TO_AN_HOUR, WAITING_TIME,
    WEIGHT,
};
use crate::fallback::{DidActionRow, FallbackRow};

/// A domain and everything in it. What is not in the file is removed from the domain.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Cordboard provisioning file")]
pub struct ProvisioningFile {
    /// SIP domain and tenant name.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]{1,64}$"))]
    pub domain: String,
    /// IANA time zone; UTC unless set.
    #[schemars(extend("default" = "UTC"))]
    pub timezone: Option<String>,
    /// Groups of agents.
    #[serde(default)]
    pub groups: Vec<String>,
    /// People who take calls.
    #[serde(default)]
    pub agents: Vec<AgentShape>,
    /// Extensions that are nobody's yet.
    #[serde(default)]
    pub extensions: Vec<ExtensionShape>,
    /// Waiting lines.
    #[serde(default)]
    pub queues: Vec<QueueShape>,
    /// Call flows.
    #[serde(default)]
    pub flows: Vec<FlowShape>,
    /// Numbers dialed from outside.
    #[serde(default)]
    pub numbers: Vec<NumberShape>,
    /// Connections to carriers.
    #[serde(default)]
    pub trunks: Vec<TrunkShape>,
}

/// A person who takes calls.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentShape {
    /// Extension and SIP user name, 3 to 64 digits; without it she cannot take calls.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub extension: Option<String>,
    /// Full name.
    #[schemars(length(min = 1, max = PERSON_MAX))]
    pub name: String,
    /// Log-in to the web; unique over all domains.
    pub email: Option<String>,
    /// Web password; unless set, the stored one stays, or she is invited.
    pub password: Option<String>,
    /// Phone password; unless set, the stored one stays, or one is generated and shown once.
    pub sip_password: Option<String>,
    /// What she may do; agent unless set.
    pub role: Option<RoleShape>,
    /// Her groups, at least one.
    #[schemars(length(min = 1))]
    pub groups: Vec<String>,
    /// Skill to level, 1 to 100, higher is better.
    #[serde(default)]
    pub skills: BTreeMap<String, SkillLevel>,
    /// Whether she takes calls; active unless set.
    pub status: Option<StatusShape>,
    /// Most calls she is given at a time; 1 unless set.
    #[schemars(range(min = CONCURRENT_CALLS.0, max = CONCURRENT_CALLS.1), extend("default" = 1))]
    pub max_concurrent_calls: Option<u8>,
}

/// A level of a skill.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SkillLevel(#[schemars(range(min = SKILL.0, max = SKILL.1))] pub u8);

/// What a person may do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleShape {
    /// Her own calls and states.
    Agent,
    /// Watches and steers.
    Supervisor,
    /// Everything but ownership.
    Admin,
    /// Everything.
    Owner,
}

/// Whether an agent takes calls.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusShape {
    /// Has not confirmed yet.
    Invited,
    /// Takes calls.
    Active,
    /// Shut off.
    Disabled,
}

/// An extension that is nobody's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionShape {
    /// Extension and SIP user name.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Phone password; unless set, the stored one stays, or one is generated and shown once.
    pub sip_password: Option<String>,
    /// Shown on other phones; the number unless set.
    #[schemars(length(min = 1, max = PERSON_MAX))]
    pub display_name: Option<String>,
    /// Do not disturb; false unless set.
    #[schemars(extend("default" = false))]
    pub dnd: Option<bool>,
    /// Seconds a direct call rings; 60 unless set.
    #[schemars(range(min = EXTENSION_RING_TIMEOUT.0, max = EXTENSION_RING_TIMEOUT.1), extend("default" = 60))]
    pub ring_timeout: Option<u32>,
}

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
    /// How long an agent who missed a call is not offered another; 5 unless set.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1), extend("default" = 5))]
    pub retry_delay: Option<u32>,
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
    /// Music for those who wait, a prompt name; music unless set.
    #[schemars(extend("default" = "music"))]
    pub moh: Option<String>,
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
    /// For linear, lower first; 1 unless set.
    #[schemars(range(min = ORDER.0, max = ORDER.1), extend("default" = 1))]
    pub order: Option<i32>,
    /// Higher is better; 1 unless set.
    #[schemars(range(min = SKILL.0, max = SKILL.1), extend("default" = 1))]
    pub skill_level: Option<u8>,
    /// Which of her queues is served first, lower first; 1 unless set.
    #[schemars(range(min = ORDER.0, max = ORDER.1), extend("default" = 1))]
    pub queue_priority: Option<i32>,
    /// Instead of the queue's own.
    #[schemars(range(min = UP_TO_AN_HOUR.0, max = UP_TO_AN_HOUR.1))]
    pub wrap_up_time: Option<u32>,
    /// A disabled entry takes no calls; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
}

/// The kinds of flows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowKindShape {
    /// The caller dials an agent's extension.
    AgentExtension,
}

/// A call flow. It is kept; until flows run, its callers take on_unavailable.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowShape {
    /// The extension that reaches it.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Its name, unique.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Its kind.
    pub kind: FlowKindShape,
    /// Prompt at the start.
    pub greeting: Option<String>,
    /// Seconds an agent's phone rings; 20 unless set.
    #[schemars(range(min = FLOW_RING_TIMEOUT.0, max = FLOW_RING_TIMEOUT.1), extend("default" = 20))]
    pub ring_timeout: Option<u32>,
    /// Prompt when nothing was dialed.
    pub no_input_message: Option<String>,
    /// Prompt when nobody has the number.
    pub invalid_message: Option<String>,
    /// How often these are repeated; 3 unless set.
    #[schemars(range(min = MAX_REPEATS.0, max = MAX_REPEATS.1), extend("default" = 3))]
    pub max_repeats: Option<u8>,
    /// Seconds for the first digit; 5 unless set.
    #[schemars(range(min = DIGIT_TIMEOUT.0, max = DIGIT_TIMEOUT.1), extend("default" = 5))]
    pub first_digit_timeout: Option<u32>,
    /// Seconds between digits; 2 unless set.
    #[schemars(range(min = DIGIT_TIMEOUT.0, max = DIGIT_TIMEOUT.1), extend("default" = 2))]
    pub inter_digit_timeout: Option<u32>,
    /// The key that ends a number; # unless set, empty for none.
    #[schemars(extend("default" = "#"))]
    pub terminator: Option<String>,
    /// Whether a digit cuts a prompt; true unless set.
    #[schemars(extend("default" = true))]
    pub barge_in: Option<bool>,
    /// The agent cannot be rung.
    pub on_unavailable: FallbackRow,
    /// She rang and did not answer.
    pub on_no_answer: FallbackRow,
    /// She is engaged.
    pub on_busy: FallbackRow,
    /// The caller failed too often.
    pub on_repeats_exhausted: FallbackRow,
    /// The caller pressed `*`.
    pub on_star: FallbackRow,
}

/// A number dialed from outside.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberShape {
    /// As the trunk sends it.
    #[schemars(regex(pattern = r"^\+?[0-9]{2,32}$"))]
    pub number: String,
    /// What happens to its calls.
    pub open: DidActionRow,
}

/// A connection to a carrier.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrunkShape {
    /// Its name, unique.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Where calls go out, `host` or `host:port`.
    pub host: String,
    /// Networks whose calls come in without credentials, as `192.0.2.0/24`.
    #[serde(default)]
    pub allow_from: Vec<String>,
}

/// The schema, as it is committed.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(ProvisioningFile).to_value()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{agents, fallbacks, flows, queues, reader::Shape, trunks, wanted};
    use super::*;

    fn fields(schema: &serde_json::Value) -> BTreeSet<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_schema_and_the_reader_know_the_same_fields() {
        let schema = json_schema();
        let shapes: [(&str, &Shape); 10] = [
            ("AgentShape", &agents::AGENT),
            ("ExtensionShape", &agents::EXTENSION),
            ("QueueShape", &queues::QUEUE),
            ("RnaPolicyShape", &queues::RNA_POLICY),
            ("MemberShape", &queues::MEMBER),
            ("FlowShape", &flows::FLOW),
            ("NumberShape", &trunks::NUMBER),
            ("TrunkShape", &trunks::TRUNK),
            ("HangupRow", &fallbacks::HANGUP),
            ("VoicemailRow", &fallbacks::VOICEMAIL),
        ];
        assert_eq!(fields(&schema), wanted::FILE.known.iter().copied().collect());
        for (name, shape) in shapes {
            assert_eq!(fields(&schema["$defs"][name]), shape.known.iter().copied().collect(), "{name}");
        }
    }

    #[test]
    fn the_committed_schema_is_current() {
        let path =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/book/src/reference/provisioning.schema.json");
        let mut made = serde_json::to_string_pretty(&json_schema()).unwrap();
        made.push('\n');
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == made, "run `UPDATE_EXPECT=1 cargo test -p store` and commit {path}");
    }
}
