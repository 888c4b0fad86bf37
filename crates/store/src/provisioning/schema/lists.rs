//! Lists of callers.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::provisioning::limits::VIP_PRIORITY;

/// A caller who is served before others.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VipShape {
    /// His number, as the network says it.
    #[schemars(regex(pattern = r"^\+?[0-9]{2,32}$"))]
    pub number: String,
    /// His priority in every line, higher first; 9 unless set.
    #[schemars(range(min = VIP_PRIORITY.0, max = VIP_PRIORITY.1), extend("default" = 9))]
    pub priority: Option<u8>,
    /// Until when (RFC 3339); for ever unless set.
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}

/// A caller who has agents of his own in one queue: they are tried first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExclusiveShape {
    /// His number, as the network says it.
    #[schemars(regex(pattern = r"^\+?[0-9]{2,32}$"))]
    pub number: String,
    /// The queue, by number.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub queue: String,
    /// His agents, by extension, in the order in which they are tried.
    #[schemars(length(min = 1))]
    pub agents: Vec<String>,
    /// Until when (RFC 3339); for ever unless set.
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}

/// A caller whom queues keep out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueBlacklistShape {
    /// His number, as the network says it.
    #[schemars(regex(pattern = r"^\+?[0-9]{2,32}$"))]
    pub number: String,
    /// How firmly; refused unless set.
    pub level: Option<BlockLevelShape>,
    /// Until when (RFC 3339); for ever unless set.
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}

/// How firmly a queue keeps a caller out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockLevelShape {
    /// He hears a warning and may go on.
    Warned,
    /// He hears that he is not served, and the call ends.
    Refused,
}

/// A caller who is refused without a word.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlacklistShape {
    /// His number, as the network says it.
    #[schemars(regex(pattern = r"^\+?[0-9]{2,32}$"))]
    pub number: String,
    /// Until when (RFC 3339); for ever unless set.
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}
