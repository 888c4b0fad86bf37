//! The legs of a call as they are shown.

use engine::{LegRecord, LegStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::Time;
use crate::v1::names::Names;

/// How a leg ended, or how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegStatusWord {
    /// Not answered yet.
    Ringing,
    /// Answered.
    Answered,
    /// Rang out.
    NoAnswer,
    /// Declined.
    Declined,
    /// Busy.
    Busy,
    /// Could not be reached or set up.
    Failed,
    /// Stopped before an answer; somebody else may have answered.
    Cancelled,
}

impl From<LegStatus> for LegStatusWord {
    fn from(status: LegStatus) -> Self {
        match status {
            LegStatus::Ringing => Self::Ringing,
            LegStatus::Answered => Self::Answered,
            LegStatus::NoAnswer => Self::NoAnswer,
            LegStatus::Declined => Self::Declined,
            LegStatus::Busy => Self::Busy,
            LegStatus::Failed => Self::Failed,
            LegStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// One party's connection.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LegItem {
    /// The leg.
    #[schema(example = "3")]
    pub id: String,
    /// Whose extension, if it is one's.
    #[schema(example = "1001")]
    pub extension: Option<String>,
    /// The agent's extension, if it is an agent's.
    #[schema(example = "1001")]
    pub agent: Option<String>,
    /// The trunk's name, if it is one's.
    pub trunk: Option<String>,
    /// Number of the queue that dialed it.
    pub queue: Option<String>,
    /// Arrived or dialed.
    pub started_at: Time,
    /// First alerted.
    pub ringing_at: Option<Time>,
    /// Answered.
    pub answered_at: Option<Time>,
    /// Over.
    pub ended_at: Option<Time>,
    /// How it ended, or how far it is.
    pub status: LegStatusWord,
    /// Why it ended.
    #[schema(example = "normal")]
    pub cause: Option<&'static str>,
}

/// Of many legs the first, which is the caller's, and the latest.
pub(super) fn legs(legs: &[LegRecord], names: Names<'_>, most: usize) -> Vec<LegItem> {
    let skipped = legs.len().saturating_sub(most);
    legs.iter()
        .enumerate()
        .filter(|(index, _)| *index == 0 || *index > skipped)
        .map(|(_, leg)| LegItem::new(leg, names))
        .collect()
}

impl LegItem {
    fn new(leg: &LegRecord, names: Names<'_>) -> Self {
        Self {
            id: leg.leg.to_string(),
            extension: leg.extension.as_ref().map(ToString::to_string),
            agent: leg.agent.map(|agent| names.agent(agent)),
            trunk: leg.trunk.map(|trunk| names.trunk(trunk)),
            queue: leg.queue.map(|queue| names.queue(queue)),
            started_at: leg.started_at.into(),
            ringing_at: leg.ringing_at.map(Time),
            answered_at: leg.answered_at.map(Time),
            ended_at: leg.ended_at.map(Time),
            status: leg.status.into(),
            cause: leg.cause.map(engine::Cause::as_str),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Directory, LegId, Tenant, TenantId, Timestamp};

    #[test]
    fn of_many_legs_the_first_and_the_latest_are_shown() {
        let leg = |id| LegRecord {
            leg: LegId(id),
            extension: None,
            agent: None,
            trunk: None,
            queue: None,
            started_at: Timestamp::ZERO,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
            status: LegStatus::Ringing,
            cause: None,
            holds: engine::Holds::default(),
        };
        let tenant = Tenant::new(TenantId(1), "a");
        let directory = Directory::new(tenant);
        let shown = |count: u64, most| {
            let all: Vec<_> = (0..count).map(leg).collect();
            legs(&all, Names(&directory), most).into_iter().map(|leg| leg.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(3, 3), "0 1 2");
        assert_eq!(shown(6, 3), "0 4 5");
        assert_eq!(shown(0, 3), "");
    }
}
