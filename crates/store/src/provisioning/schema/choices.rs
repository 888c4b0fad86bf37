//! What agents choose from: why they are not ready, and what a call was about.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::provisioning::limits::{DISPOSITION_QUEUES_MAX, NAME_MAX};

/// A reason for not being ready that agents choose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotReadyCodeShape {
    /// What requests and reports call it; none of the reasons that the server gives, as `rna`.
    #[schemars(regex(pattern = r"^[a-z0-9_-]{1,32}$"))]
    pub code: String,
    /// What agents read.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub label: String,
    /// Whether it can be chosen; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
}

/// What a call can have been about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DispositionShape {
    /// What requests and records call it.
    #[schemars(regex(pattern = r"^[a-z0-9_-]{1,32}$"))]
    pub code: String,
    /// What agents read.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub label: String,
    /// Whether calls can be given it; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
    /// Numbers of the queues whose calls it is for; all calls unless set.
    #[serde(default)]
    #[schemars(length(max = DISPOSITION_QUEUES_MAX))]
    pub queues: Vec<String>,
}
