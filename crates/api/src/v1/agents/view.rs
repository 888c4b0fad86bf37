//! Agents as they are shown. Nothing here changes by the clock alone.

use engine::{AgentState, AgentView, MembershipView, Pending};
use model::{AgentStatus, ForwardWhen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Time;
use crate::v1::names::Names;

/// What an agent does. Always lower case with underscores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "ready")]
pub enum StateWord {
    /// No phone of hers is registered.
    Offline,
    /// Registered, not logged in.
    LoggedOut,
    /// Logged in, takes no queue calls; the reason says why.
    NotReady,
    /// Takes queue calls.
    Ready,
    /// A queue call rings her.
    Ringing,
    /// Talks on a call of this queue.
    QueueCall,
    /// Talks on any other call.
    OtherCall,
    /// Works after a call.
    WrapUp,
}

impl From<&AgentState> for StateWord {
    fn from(state: &AgentState) -> Self {
        match state {
            AgentState::Offline => Self::Offline,
            AgentState::LoggedOut => Self::LoggedOut,
            AgentState::NotReady { .. } => Self::NotReady,
            AgentState::Ready => Self::Ready,
            AgentState::Ringing { .. } => Self::Ringing,
            AgentState::QueueCall { .. } => Self::QueueCall,
            AgentState::OtherCall { .. } => Self::OtherCall,
            AgentState::WrapUp { .. } => Self::WrapUp,
        }
    }
}

/// What happens when an agent's call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "not_ready")]
pub enum PendingWord {
    /// She is logged out.
    Logout,
    /// She is not ready; `pending_reason` says why.
    NotReady,
}

impl From<&Pending> for PendingWord {
    fn from(pending: &Pending) -> Self {
        match pending {
            Pending::Logout => Self::Logout,
            Pending::NotReady(_) => Self::NotReady,
        }
    }
}

/// When calls for an agent go to her personal phone, where they must be accepted by key 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "offline")]
pub enum ForwardWord {
    /// Never.
    Never,
    /// While no phone of hers is registered.
    Offline,
    /// Always.
    Always,
    /// When a direct call has rung at her phones long enough.
    NoAnswer,
}

impl From<ForwardWhen> for ForwardWord {
    fn from(when: ForwardWhen) -> Self {
        match when {
            ForwardWhen::Never => Self::Never,
            ForwardWhen::Offline => Self::Offline,
            ForwardWhen::Always => Self::Always,
            ForwardWhen::NoAnswer => Self::NoAnswer,
        }
    }
}

impl From<ForwardWord> for ForwardWhen {
    fn from(word: ForwardWord) -> Self {
        match word {
            ForwardWord::Never => Self::Never,
            ForwardWord::Offline => Self::Offline,
            ForwardWord::Always => Self::Always,
            ForwardWord::NoAnswer => Self::NoAnswer,
        }
    }
}

/// The reason of a pending not-ready, if one was given.
pub(crate) fn pending_reason(pending: &Pending) -> Option<String> {
    match pending {
        Pending::Logout => None,
        Pending::NotReady(reason) => Some(reason.as_str()).filter(|text| !text.is_empty()).map(str::to_owned),
    }
}

/// The reason of a not-ready, if one was given.
pub(crate) fn reason(state: &AgentState) -> Option<String> {
    let AgentState::NotReady { reason } = state else { return None };
    Some(reason.as_str()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The call that a state is about.
fn call(state: &AgentState) -> Option<String> {
    match state {
        AgentState::QueueCall { call } | AgentState::OtherCall { call } => Some(call.to_string()),
        AgentState::Offline
        | AgentState::LoggedOut
        | AgentState::NotReady { .. }
        | AgentState::Ready
        | AgentState::Ringing { .. }
        | AgentState::WrapUp { .. } => None,
    }
}

/// When a wrap-up ends by itself.
fn wrap_up_until(state: &AgentState) -> Option<Time> {
    match state {
        AgentState::WrapUp { until } => until.map(Time),
        AgentState::Offline
        | AgentState::LoggedOut
        | AgentState::NotReady { .. }
        | AgentState::Ready
        | AgentState::Ringing { .. }
        | AgentState::QueueCall { .. }
        | AgentState::OtherCall { .. } => None,
    }
}

/// Whether calls reach an agent at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "active")]
pub enum StatusWord {
    /// Has not confirmed her invitation yet: no calls.
    Invited,
    /// Calls reach her.
    Active,
    /// Shut off: no calls, no log-in.
    Disabled,
}

impl From<AgentStatus> for StatusWord {
    fn from(status: AgentStatus) -> Self {
        match status {
            AgentStatus::Invited => Self::Invited,
            AgentStatus::Active => Self::Active,
            AgentStatus::Disabled => Self::Disabled,
        }
    }
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AgentItem {
    /// Her id, which never changes.
    #[schema(example = "1")]
    pub id: String,
    /// Her extension; null if she has none.
    #[schema(example = "1001")]
    pub extension: Option<String>,
    /// Full name.
    #[schema(example = "Ann Ash")]
    pub name: String,
    /// Whether calls reach her at all.
    pub status: StatusWord,
    /// The most telling of her states over her queues.
    pub state: StateWord,
    /// Since when.
    pub state_since: Time,
    /// Why she is not ready: her own word, or `login`, `rna`, `declined`, `device_down`, `after_non_acd`,
    /// `hours`, `supervisor`.
    #[schema(example = "lunch")]
    pub reason: Option<String>,
    /// Whether at least one phone of hers is registered.
    pub registered: bool,
    /// Whether she is not to be disturbed: no calls ring her.
    pub dnd: bool,
    /// When calls for her go to her personal phone.
    pub forward_when: ForwardWord,
    /// The call she is on.
    pub call: Option<String>,
    /// Each of her queues.
    pub queues: Vec<MembershipItem>,
}

/// An agent in one of her queues.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MembershipItem {
    /// The queue's number.
    #[schema(example = "8000")]
    pub queue: String,
    /// The queue's name.
    #[schema(example = "Support")]
    pub name: String,
    /// What she does, as this queue sees it.
    pub state: StateWord,
    /// Since when.
    pub state_since: Time,
    /// Why she is not ready.
    pub reason: Option<String>,
    /// Whether she would be given a call of this queue now.
    pub available_for_dispatch: bool,
    /// What happens when her call ends.
    pub pending: Option<PendingWord>,
    /// Why she will be not ready then.
    pub pending_reason: Option<String>,
    /// When her wrap-up ends by itself; null without wrap-up, and for one that lasts until she acts.
    pub wrap_up_until: Option<Time>,
    /// Calls of this queue that she answered.
    pub answered: u64,
    /// Offers of this queue that rang out.
    pub missed: u64,
}

impl AgentItem {
    pub(crate) fn new(view: &AgentView, names: Names<'_>) -> Self {
        Self {
            id: view.agent.to_string(),
            extension: view.extension.as_ref().map(ToString::to_string),
            name: view.name.clone(),
            status: names.agent_status(view.agent).into(),
            state: (&view.state).into(),
            state_since: view.since.into(),
            reason: reason(&view.state),
            registered: view.registered,
            dnd: view.dnd,
            forward_when: view.personal.forward_when.into(),
            call: call(&view.state),
            queues: view.memberships.iter().map(|m| MembershipItem::new(m, names)).collect(),
        }
    }
}

impl MembershipItem {
    pub(crate) fn new(view: &MembershipView, names: Names<'_>) -> Self {
        Self {
            queue: names.queue(view.queue),
            name: names.queue_name(view.queue),
            state: (&view.state).into(),
            state_since: view.since.into(),
            reason: reason(&view.state),
            available_for_dispatch: view.available,
            pending: view.pending.as_ref().map(Into::into),
            pending_reason: view.pending.as_ref().and_then(pending_reason),
            wrap_up_until: wrap_up_until(&view.state),
            answered: view.answered,
            missed: view.missed,
        }
    }
}
