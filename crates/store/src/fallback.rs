//! What happens to a caller next, as JSON in a column and as the provisioning file writes it.

use model::{ExtensionNumber, FallbackAction};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::sql::{from_json, to_json};

/// Where a caller goes: exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FallbackRow {
    /// Play a message, then end the call.
    Hangup(HangupRow),
    /// Enter another queue, by its number.
    Queue(String),
    /// Ring an extension of any kind, by its number.
    Extension(String),
    /// Run a flow, by its number.
    Flow(String),
    /// Ring a group, by its number.
    RingGroup(String),
    /// Call a number outside.
    External(String),
    /// Leave a message in a mailbox.
    Voicemail(VoicemailRow),
}

/// How a call is ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HangupRow {
    /// Prompt name; nothing is played without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// How a message is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoicemailRow {
    /// Prompt name, heard in place of the box's greeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The box's number; by default that of whom the caller wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
}

/// An action as the column keeps it.
pub(crate) fn write(action: &FallbackAction) -> Result<String, StoreError> {
    to_json(&match action.clone() {
        FallbackAction::Hangup { message } => FallbackRow::Hangup(HangupRow { message }),
        FallbackAction::Queue(number) => FallbackRow::Queue(number.to_string()),
        FallbackAction::Extension(number) => FallbackRow::Extension(number.to_string()),
        FallbackAction::Flow(number) => FallbackRow::Flow(number.to_string()),
        FallbackAction::RingGroup(number) => FallbackRow::RingGroup(number.to_string()),
        FallbackAction::External(number) => FallbackRow::External(number),
        FallbackAction::Voicemail { mailbox, message } => {
            let mailbox = mailbox.map(|number| number.to_string());
            FallbackRow::Voicemail(VoicemailRow { message, mailbox })
        }
    })
}

/// An action from its column.
pub(crate) fn read(text: &str) -> Result<FallbackAction, StoreError> {
    Ok(match from_json(text, "an action")? {
        FallbackRow::Hangup(HangupRow { message }) => FallbackAction::Hangup { message },
        FallbackRow::Queue(text) => FallbackAction::Queue(number(&text)?),
        FallbackRow::Extension(text) => FallbackAction::Extension(number(&text)?),
        FallbackRow::Flow(text) => FallbackAction::Flow(number(&text)?),
        FallbackRow::RingGroup(text) => FallbackAction::RingGroup(number(&text)?),
        FallbackRow::External(number) => FallbackAction::External(number),
        FallbackRow::Voicemail(VoicemailRow { message, mailbox }) => {
            let mailbox = mailbox.as_deref().map(number).transpose()?;
            FallbackAction::Voicemail { mailbox, message }
        }
    })
}

/// An action that need not be there, as its column keeps it.
pub(crate) fn write_optional(action: Option<&FallbackAction>) -> Result<Option<String>, StoreError> {
    action.map(write).transpose()
}

/// An action that need not be there, from its column.
pub(crate) fn read_optional(text: Option<&str>) -> Result<Option<FallbackAction>, StoreError> {
    text.map(read).transpose()
}

/// An extension number from a column.
pub(crate) fn number(text: &str) -> Result<ExtensionNumber, StoreError> {
    ExtensionNumber::parse(text).map_err(|_| StoreError::corrupt("an extension number", text))
}
