//! What those who wait in a line hear.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fallback::FallbackRow;
use crate::provisioning::limits::{
    ANNOUNCE_EVERY, ANNOUNCED_MAX, CALLBACK_HOURS, CALLBACK_PAUSE, CALLBACK_RETRIES, CALLBACK_RING_TIME,
};

/// What a caller hears when he has come to the line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntroShape {
    /// Prompt name.
    pub prompt: String,
    /// Whether he hears all of it before an agent is rung for him; false unless set: an answer cuts it.
    #[schemars(extend("default" = false))]
    pub whole: Option<bool>,
}

/// What those who wait hear again and again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceShape {
    /// Prompt names: one at a time, in turn.
    #[schemars(length(min = 1, max = ANNOUNCED_MAX))]
    pub prompts: Vec<String>,
    /// Seconds of music before each of them; 60 unless set.
    #[schemars(range(min = ANNOUNCE_EVERY.0, max = ANNOUNCE_EVERY.1), extend("default" = 60))]
    pub every: Option<u32>,
}

/// Whether callers are told where they stand, when they have come and as often as it got better.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnouncePlaceShape {
    /// Their place in the line; true unless set.
    #[schemars(extend("default" = true))]
    pub position: Option<bool>,
    /// How long they will wait, as far as the queue's past tells; false unless set.
    #[schemars(extend("default" = false))]
    pub wait: Option<bool>,
    /// Seconds between two looks at it; 30 unless set.
    #[schemars(range(min = ANNOUNCE_EVERY.0, max = ANNOUNCE_EVERY.1), extend("default" = 30))]
    pub every: Option<u32>,
}

/// How those who wait are called back when their turn has come.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallbackShape {
    /// The key that asks for it; 3 unless set.
    #[schemars(regex(pattern = r"^[0-9]$"), extend("default" = "3"))]
    pub key: Option<String>,
    /// After how many seconds it is offered, and the key counts; unless set, the key counts at any time and nothing is
    /// said of it.
    #[schemars(range(min = CALLBACK_PAUSE.0, max = CALLBACK_PAUSE.1))]
    pub offer_after: Option<u32>,
    /// Digits dialed before the caller's number; none unless set.
    #[schemars(regex(pattern = r"^[0-9]{0,8}$"))]
    pub prefix: Option<String>,
    /// Whether a caller may name another number than the one he calls from; true unless set.
    #[schemars(extend("default" = true))]
    pub change: Option<bool>,
    /// Hours after which it is given up; 6 unless set.
    #[schemars(range(min = CALLBACK_HOURS.0, max = CALLBACK_HOURS.1), extend("default" = 6))]
    pub max_hours: Option<u8>,
    /// How often a caller who was not reached is tried again; 0 unless set.
    #[schemars(range(min = CALLBACK_RETRIES.0, max = CALLBACK_RETRIES.1), extend("default" = 0))]
    pub retries: Option<u8>,
    /// Seconds before the next try; 300 unless set.
    #[schemars(range(min = CALLBACK_PAUSE.0, max = CALLBACK_PAUSE.1), extend("default" = 300))]
    pub retry_after: Option<u32>,
    /// Seconds that his phone rings; 30 unless set.
    #[schemars(range(min = CALLBACK_RING_TIME.0, max = CALLBACK_RING_TIME.1), extend("default" = 30))]
    pub ring_time: Option<u32>,
}

/// A key by which a caller leaves the line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExitShape {
    /// Which.
    #[schemars(regex(pattern = r"^[0-9*#]$"))]
    pub key: String,
    /// Where he goes then.
    pub to: FallbackRow,
}
