//! Numbers dialed from outside.

use crate::number::ExtensionNumber;

/// A number that a trunk delivers calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    /// As the trunk sends it, e.g. `+493012345678`.
    pub number: String,
    /// What happens to its calls.
    pub open: DidAction,
}

/// What happens to a call for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
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
