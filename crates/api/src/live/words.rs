//! The words of events.

use engine::{Actor, Fallback, FlowEnd, GroupOutcome, OfferOutcome};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::names::Names;

/// How an offer ended without the two of them talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferOutcomeWord {
    /// It rang out; a missed call.
    NoAnswer,
    /// She declined.
    Declined,
    /// Her phone was busy.
    Busy,
    /// Her phone could not be reached.
    Unreachable,
    /// Another agent was first.
    AnsweredElsewhere,
    /// The caller is gone.
    CallerGone,
    /// The caller's longest wait passed.
    WaitExpired,
    /// She left ready, or somebody for her.
    AgentLeft,
    /// Another agent chose this very call.
    PickedUp,
}

impl From<OfferOutcome> for OfferOutcomeWord {
    fn from(outcome: OfferOutcome) -> Self {
        match outcome {
            OfferOutcome::NoAnswer => Self::NoAnswer,
            OfferOutcome::Declined => Self::Declined,
            OfferOutcome::Busy => Self::Busy,
            OfferOutcome::Unreachable => Self::Unreachable,
            OfferOutcome::AnsweredElsewhere => Self::AnsweredElsewhere,
            OfferOutcome::CallerGone => Self::CallerGone,
            OfferOutcome::WaitExpired => Self::WaitExpired,
            OfferOutcome::AgentLeft => Self::AgentLeft,
            OfferOutcome::PickedUp => Self::PickedUp,
        }
    }
}

/// How a call left a ring group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupOutcomeWord {
    /// A member answered.
    Answered,
    /// Nobody did.
    NoAnswer,
    /// All who are there are on a call, or declined.
    Busy,
    /// Nobody can be rung.
    Unavailable,
    /// The caller is gone, or was led elsewhere.
    CallerGone,
}

impl From<GroupOutcome> for GroupOutcomeWord {
    fn from(outcome: GroupOutcome) -> Self {
        match outcome {
            GroupOutcome::Answered => Self::Answered,
            GroupOutcome::NoAnswer => Self::NoAnswer,
            GroupOutcome::Busy => Self::Busy,
            GroupOutcome::Unavailable => Self::Unavailable,
            GroupOutcome::CallerGone => Self::CallerGone,
        }
    }
}

/// Who caused a change of an agent's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActorItem {
    /// `agent` (by this interface), `owner`, `feature_code` (by a phone), `system` or `api_key` (a program).
    #[schema(example = "feature_code")]
    by: &'static str,
    /// Her extension, for the first and the third.
    #[schema(example = "1001")]
    agent: Option<String>,
}

impl ActorItem {
    pub(super) fn new(actor: &Actor, names: Names<'_>) -> Self {
        match actor {
            Actor::Agent(agent) => Self { by: "agent", agent: Some(names.agent(*agent)) },
            Actor::Owner => Self { by: "owner", agent: None },
            Actor::FeatureCode(agent) => Self { by: "feature_code", agent: Some(names.agent(*agent)) },
            Actor::System => Self { by: "system", agent: None },
            Actor::ApiKey(_) => Self { by: "api_key", agent: None },
        }
    }
}

/// Which plan of a flow failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FallbackWord {
    /// The dialed one cannot be rung.
    Unavailable,
    /// She did not answer.
    NoAnswer,
    /// She is engaged, or declined.
    Busy,
    /// Too many keys that lead nowhere, or none.
    RepeatsExhausted,
    /// The caller pressed `*`.
    Star,
}

impl From<Fallback> for FallbackWord {
    fn from(rule: Fallback) -> Self {
        match rule {
            Fallback::Unavailable => Self::Unavailable,
            Fallback::NoAnswer => Self::NoAnswer,
            Fallback::Busy => Self::Busy,
            Fallback::RepeatsExhausted => Self::RepeatsExhausted,
            Fallback::Star => Self::Star,
        }
    }
}

/// How a call left a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowEndWord {
    /// By a way out that the flow names.
    Left,
    /// Whom the flow rang has answered.
    Answered,
    /// The call was over.
    CallEnded,
    /// It went on and on.
    TooLong,
}

impl From<FlowEnd> for FlowEndWord {
    fn from(how: FlowEnd) -> Self {
        match how {
            FlowEnd::Left => Self::Left,
            FlowEnd::Answered => Self::Answered,
            FlowEnd::CallEnded => Self::CallEnded,
            FlowEnd::TooLong => Self::TooLong,
        }
    }
}
