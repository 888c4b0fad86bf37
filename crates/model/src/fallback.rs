//! What happens to a caller: what a number plans for him, and what is next when a plan fails.

use crate::number::ExtensionNumber;
use borsh::{BorshDeserialize, BorshSerialize};

/// Where a caller goes: by a number's hours, or next when the first plan failed (FC-4). Messages are prompt names; `None` plays nothing.
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
    /// Ring a group, by its number.
    RingGroup(ExtensionNumber),
    /// Call a number outside.
    External(String),
    /// Leave a message. Where there is no such box, the caller hears the prompt and the call ends.
    Voicemail {
        /// The number of the box; none: that of whom the caller wanted, the agent or else the queue or flow (A29).
        mailbox: Option<ExtensionNumber>,
        /// Prompt name; heard in place of the box's greeting.
        message: Option<String>,
    },
}

impl FallbackAction {
    /// Whether it leads to another plan, so that a chain of them needs an end.
    #[must_use]
    pub const fn leads_on(&self) -> bool {
        match self {
            Self::Queue(_) | Self::Extension(_) | Self::Flow(_) | Self::RingGroup(_) | Self::External(_) => {
                true
            }
            Self::Hangup { .. } | Self::Voicemail { .. } => false,
        }
    }
}

impl Default for FallbackAction {
    fn default() -> Self {
        Self::Hangup { message: None }
    }
}
