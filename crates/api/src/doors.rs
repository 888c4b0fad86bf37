//! Doors for programs that were written for other products: each translates what its product's documentation says into
//! our own requests, and nothing more. Rights and domains are ours. Problems are ours too, and where a product has
//! words of its own for them, they go out in those.

pub(crate) mod ami;
pub(crate) mod netsapiens;
pub(crate) mod portsip;
pub(crate) mod rocketchat;

use serde_json::Value;

use crate::problem::{Problem, ProblemKind};

/// How a product tells of failures. Its bodies have a `type` beside their own fields, so that ours can be told from
/// another everywhere alike.
pub(crate) struct Door {
    /// Below which its paths lie.
    prefix: &'static str,
    /// The name of its failures in the OpenAPI document.
    pub(crate) shape: &'static str,
    /// The HTTP status that it has for a problem.
    pub(crate) status: fn(ProblemKind) -> u16,
    /// The body, of a problem and the request's id.
    pub(crate) failure: fn(&Problem, &str) -> Value,
}

/// Those that have words of their own; the first whose paths fit counts.
const DOORS: [Door; 2] = [rocketchat::DOOR, portsip::DOOR];

/// The door behind which a path lies, if it has words of its own.
pub(crate) fn of(path: &str) -> Option<&'static Door> {
    const ALL: &[Door] = &DOORS;
    ALL.iter().find(|door| path.starts_with(door.prefix))
}

/// Whether she is logged in to the queue, and her phone is there.
pub(crate) const fn is_logged_in(state: &engine::AgentState) -> bool {
    match state {
        engine::AgentState::Offline | engine::AgentState::LoggedOut => false,
        engine::AgentState::NotReady { .. }
        | engine::AgentState::Ready
        | engine::AgentState::Ringing { .. }
        | engine::AgentState::QueueCall { .. }
        | engine::AgentState::OtherCall { .. }
        | engine::AgentState::WrapUp { .. } => true,
    }
}
