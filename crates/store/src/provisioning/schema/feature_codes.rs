//! Feature codes.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a phone dials to do something.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureCodeShape {
    /// What it does.
    pub feature: FeatureShape,
    /// 1 to 3 of `*` and `#`, then up to 4 digits. Where a code begins with another, the longer one is meant.
    #[schemars(regex(pattern = r"^[*#]{1,3}[0-9]{0,4}$"))]
    pub code: String,
    /// Whether it does anything; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
}

/// What can be dialed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeatureShape {
    /// Ready; `*36` by default.
    Ready,
    /// Not ready; `*37`.
    NotReady,
    /// Log in; `*38`.
    Login,
    /// Log out; `*39`.
    Logout,
    /// Turn night mode over; `*16`.
    NightMode,
    /// Hear messages; `*57`.
    Voicemail,
    /// Record a prompt; `*65`.
    RecordPrompt,
    /// Do not disturb; `*78`.
    DndOn,
    /// Calls may ring again; `*79`.
    DndOff,
}
