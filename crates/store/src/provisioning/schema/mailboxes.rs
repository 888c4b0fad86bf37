//! Mailboxes.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::provisioning::limits::{EMAIL_MAX, MESSAGE_SECONDS, MESSAGES, NAME_MAX, RETENTION_DAYS};

/// Languages of a mailbox.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailboxLanguageShape {
    /// English.
    En,
    /// German.
    De,
}

/// A mailbox. Its number may be an agent's extension or a queue's number, and it is hers or the queue's then; any
/// other number is its own, and to dial that is to leave a message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailboxShape {
    /// Its number.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Its name.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// The number that opens it; empty for none, and it opens from its owner's phone only. Unless set, the stored one
    /// stays.
    #[schemars(regex(pattern = r"^([0-9]{4,10})?$"))]
    pub pin: Option<String>,
    /// Who gets an e-mail with each new message.
    #[schemars(length(max = EMAIL_MAX))]
    pub email: Option<String>,
    /// Whether a message goes once its e-mail was taken; false unless set.
    #[schemars(extend("default" = false))]
    pub delete_after_email: Option<bool>,
    /// What it speaks and writes; en unless set.
    #[schemars(extend("default" = "en"))]
    pub language: Option<MailboxLanguageShape>,
    /// After how many days a message goes; 0, which is never, unless set.
    #[schemars(range(min = RETENTION_DAYS.0, max = RETENTION_DAYS.1), extend("default" = 0))]
    pub retention_days: Option<u16>,
    /// Longest message, seconds; 180 unless set.
    #[schemars(range(min = MESSAGE_SECONDS.0, max = MESSAGE_SECONDS.1), extend("default" = 180))]
    pub max_seconds: Option<u16>,
    /// Most messages; 100 unless set.
    #[schemars(range(min = MESSAGES.0, max = MESSAGES.1), extend("default" = 100))]
    pub max_messages: Option<u16>,
    /// What callers hear first, by why they came.
    pub greetings: Option<GreetingsShape>,
    /// A service that puts messages into text.
    pub transcription: Option<TranscriptionShape>,
}

/// A service that gets each new message as WAV and answers `{"text": …}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TranscriptionShape {
    /// Where: `https://…`, or `http://…` in a network of the setting outbound.allow.
    #[schemars(regex(pattern = r"^https?://"), length(max = 2048))]
    pub url: String,
}

/// Prompts by why a caller came; where none is set, the greeting recorded by phone, else the program's own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GreetingsShape {
    /// Nobody answered.
    pub no_answer: Option<String>,
    /// She talks, or declined.
    pub busy: Option<String>,
    /// Any other reason.
    pub unavailable: Option<String>,
}
