//! Webhooks.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::provisioning::limits::{WEBHOOK_EVENTS_MAX, WEBHOOK_QUEUES_MAX, WEBHOOK_URL_MAX};

/// Who is told of the domain's events over HTTP, signed as Standard Webhooks say.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookShape {
    /// Its name, unique.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{0,63}$"))]
    pub name: String,
    /// Where events are sent: `https://…`; `http://…` only to networks named in the setting `outbound.allow`.
    #[schemars(length(min = 1, max = WEBHOOK_URL_MAX))]
    pub url: String,
    /// Topics (`calls`, `queues`, `agents`, `phones`, `mailboxes`, `domain`) and names of events; all unless set.
    #[serde(default)]
    #[schemars(length(max = WEBHOOK_EVENTS_MAX))]
    pub events: Vec<String>,
    /// Queues, by number: only what is of one of them; everything unless set.
    #[serde(default)]
    #[schemars(length(max = WEBHOOK_QUEUES_MAX))]
    pub queues: Vec<String>,
    /// Whether anything is sent; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
    /// What requests are signed with: `whsec_` and 24 to 64 bytes in base64. Unless set, the stored one stays, and a new
    /// webhook gets one that is shown once.
    #[schemars(regex(pattern = r"^whsec_[A-Za-z0-9+/]{32,86}={0,2}$"))]
    pub secret: Option<String>,
}
