//! What an agent, a supervisor or an integration asks, and the one reply to it.

use acd::{AgentAction, MembershipResult, Scope};
use model::{AgentId, CallId};

/// Who asks, for the agent log and the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person logged in to the API.
    Agent(AgentId),
    /// The owner of the server, who need not be an agent.
    Owner,
    /// A phone, by feature code.
    FeatureCode(AgentId),
    /// The switch itself.
    System,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Change an agent's state.
    Agent {
        /// Whose.
        agent: AgentId,
        /// In which queues.
        scope: Scope,
        /// To what.
        action: AgentAction,
    },
    /// End a call.
    HangUp {
        /// Which.
        call: CallId,
    },
}

/// The answer to a [`Request`] that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// One result for each membership meant.
    Agent(Vec<MembershipResult>),
    /// The call is being ended.
    HangUp,
}

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// No such agent.
    UnknownAgent,
    /// No such queue.
    UnknownQueue,
    /// No such live call.
    UnknownCall,
}
