//! Flows.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fallback::FallbackRow;
use crate::provisioning::limits::{DIGIT_TIMEOUT, FLOW_RING_TIMEOUT, MAX_REPEATS, NAME_MAX};

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
