//! Numbers dialed from outside.

use crate::number::ExtensionNumber;
use crate::skill::SkillNeed;
use borsh::{BorshDeserialize, BorshSerialize};

/// A number that a trunk delivers calls for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Did {
    /// As the trunk sends it, e.g. `+493012345678`.
    pub number: String,
    /// What happens to its calls.
    pub open: DidAction,
    /// What the agent of its callers must know; instead of the queue's own needs if not empty.
    pub skills: Vec<SkillNeed>,
    /// Priority of its callers in any line, 0–9; 0 unless set.
    pub priority: u8,
}

impl Did {
    /// A number whose callers have no needs and no priority of their own.
    #[must_use]
    pub const fn new(number: String, open: DidAction) -> Self {
        Self { number, open, skills: Vec::new(), priority: 0 }
    }
}

/// What happens to a call for a number.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum DidAction {
    /// Enter a queue, by its number.
    Queue(ExtensionNumber),
    /// Ring an extension.
    Extension(ExtensionNumber),
    /// Run a flow, by its number.
    Flow(ExtensionNumber),
    /// End the call, after a message if one is named.
    Hangup {
        /// Prompt name.
        message: Option<String>,
    },
}
