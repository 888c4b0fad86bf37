//! What those who wait in a line hear.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fallback::FallbackRow;
use crate::provisioning::limits::{ANNOUNCE_EVERY, ANNOUNCED_MAX};

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
