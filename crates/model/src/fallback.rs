//! What happens to a caller when the first plan fails.

use crate::number::ExtensionNumber;
use borsh::{BorshDeserialize, BorshSerialize};

/// The next plan for a caller (FC-4). Messages are prompt names; `None` plays nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum FallbackAction {
    /// Play a message, then end the call.
    Hangup {
        /// Prompt name.
        message: Option<String>,
    },
    /// Enter another queue, by its number.
    Queue(ExtensionNumber),
    /// Ring an extension of any kind, by its number.
    Extension(ExtensionNumber),
    /// Run a flow, by its number (FC-4 "IVR").
    Flow(ExtensionNumber),
    /// Call a number outside.
    External(String),
    /// Leave a message after the prompt. Until mailboxes exist the caller hears the prompt and the call ends.
    Voicemail {
        /// Prompt name.
        message: Option<String>,
    },
}

impl Default for FallbackAction {
    fn default() -> Self {
        Self::Hangup { message: None }
    }
}
