//! Calls as they are shown, live and ended alike. Nothing here changes by the clock alone.

use std::collections::BTreeMap;

use engine::{CallRecord, CallState, CallView, Direction, QueueOutcome, QueueStay};
use model::CallerId;
use serde::Serialize;
use utoipa::ToSchema;

use super::legs::{LegItem, legs};
use super::recording::RecordingItem;
use crate::time::{Time, seconds};
use crate::v1::names::Names;
use crate::v1::queues::view::OutcomeWord;

/// Most legs shown of a call in lists and events: the caller's and the latest. The call itself has them all.
pub(crate) const LEGS_SHOWN_MAX: usize = 20;

/// Who calls, as the network said it: text from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallerItem {
    /// The number; empty if withheld.
    #[schema(example = "+493012345678")]
    pub number: String,
    /// The name; empty if none.
    pub name: String,
}

impl CallerItem {
    pub(crate) fn new(caller: &CallerId) -> Self {
        Self { number: caller.number.reveal().clone(), name: caller.name.reveal().clone() }
    }

    /// The number, or the name where that is withheld.
    pub(crate) fn shown(&self) -> String {
        if self.number.is_empty() { self.name.clone() } else { self.number.clone() }
    }
}

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectionWord {
    /// From a trunk, or by a call link.
    Inbound,
    /// To a trunk.
    Outbound,
    /// Between extensions of the domain, feature codes too.
    Internal,
}

impl From<Direction> for DirectionWord {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Inbound => Self::Inbound,
            Direction::Outbound => Self::Outbound,
            Direction::Internal => Self::Internal,
        }
    }
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallStateWord {
    /// Just arrived, or hears a prompt.
    Started,
    /// In a flow.
    InFlow,
    /// Rings a dialed party.
    Ringing,
    /// In a line, also while it is offered to agents.
    Waiting,
    /// Two parties talk.
    Connected,
    /// Being ended.
    Ending,
    /// Over.
    Ended,
    /// Its caller has hung up and waits to be called back.
    Callback,
    /// Its caller is being called back, or will be tried again.
    CallingBack,
}

/// Where a call stands in a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowPlaceItem {
    /// The flow's number.
    #[schema(example = "7000")]
    pub number: String,
    /// The name of the step.
    pub step: String,
}

/// One stay in one line.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StayItem {
    /// The queue's number then.
    #[schema(example = "8000")]
    pub queue: String,
    /// When it entered the line.
    pub entered_at: Time,
    /// When it left it.
    pub left_at: Time,
    /// Seconds between the two.
    pub waited: f64,
    /// How it left.
    pub outcome: OutcomeWord,
    /// The extension of the agent who answered.
    pub agent: Option<String>,
    /// Whether it was answered within the threshold; null without one.
    pub in_time: Option<bool>,
}

/// One call, live or ended.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CallItem {
    /// Its id, never used again.
    #[schema(example = "17")]
    pub id: String,
    /// Where it goes.
    pub direction: DirectionWord,
    /// Where it stands.
    pub state: CallStateWord,
    /// Who calls.
    pub caller: CallerItem,
    /// Whether he followed an agent's call link; then his number is none that can be called back.
    pub by_call_link: bool,
    /// Whether what is said in it is recorded at this moment.
    pub recording: bool,
    /// What was recorded of it, in order: each talk from when two heard each other until they did not.
    pub recordings: Vec<RecordingItem>,
    /// What was dialed: text from outside.
    #[schema(example = "+493098765432")]
    pub dialed: String,
    /// While it is in a flow: where.
    pub flow: Option<FlowPlaceItem>,
    /// What flows have learned of its caller, by name; while it lives.
    pub learned: BTreeMap<String, String>,
    /// Number of the queue it waits in or was answered through; once it is over, of the last one it was in.
    #[schema(example = "8000")]
    pub queue: Option<String>,
    /// While it waits: when it entered the line.
    pub enqueued_at: Option<Time>,
    /// While it waits: higher is served first.
    pub priority: Option<u8>,
    /// While it waits: the extensions being rung for it.
    pub offered_to: Vec<String>,
    /// The extension of the agent on it, or being rung for it alone.
    #[schema(example = "1001")]
    pub agent: Option<String>,
    /// While two talk: whether one of them is on hold.
    pub held: bool,
    /// When it reached the server.
    pub started_at: Time,
    /// When a person answered.
    pub answered_at: Option<Time>,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// Why it was over.
    #[schema(example = "normal")]
    pub cause: Option<&'static str>,
    /// Once it is over: each stay in a line.
    pub queues: Vec<StayItem>,
    /// How many legs it has had.
    pub legs_count: usize,
    /// Its legs, the caller's first; in lists and events at most 20, the first and the latest.
    pub legs: Vec<LegItem>,
}

impl CallItem {
    pub(crate) fn live(view: &CallView, names: Names<'_>, legs_max: usize) -> Self {
        let (mut queue, mut enqueued_at, mut priority, mut offered_to) = (None, None, None, Vec::new());
        let mut flow = None;
        let state = match &view.state {
            CallState::Started => CallStateWord::Started,
            CallState::InFlow { flow: id, step } => {
                flow = Some(FlowPlaceItem { number: names.flow(*id), step: step.clone() });
                CallStateWord::InFlow
            }
            CallState::Ringing => CallStateWord::Ringing,
            CallState::CallingBack { queue: id } => {
                queue = Some(names.queue(*id));
                CallStateWord::CallingBack
            }
            CallState::Waiting {
                queue: id,
                enqueued_at: at,
                priority: rank,
                offered_to: agents,
                callback,
            } => {
                queue = Some(names.queue(*id));
                enqueued_at = Some(Time(*at));
                priority = Some(*rank);
                offered_to = agents.iter().map(|agent| names.agent(*agent)).collect();
                if *callback { CallStateWord::Callback } else { CallStateWord::Waiting }
            }
            CallState::Connected { queue: id } => {
                queue = id.map(|id| names.queue(id));
                CallStateWord::Connected
            }
            CallState::Ending => CallStateWord::Ending,
        };
        Self {
            id: view.call.to_string(),
            direction: view.direction.into(),
            state,
            caller: CallerItem::new(&view.caller),
            by_call_link: engine::by_call_link(&view.legs),
            recording: view.recordings.last().is_some_and(|last| last.until.is_none()),
            recordings: RecordingItem::all(&view.recordings, &view.legs, names),
            dialed: view.dialed.clone(),
            flow,
            learned: view.learned.clone(),
            queue,
            enqueued_at,
            priority,
            offered_to,
            agent: view.agent.map(|agent| names.agent(agent)),
            held: view.held,
            started_at: view.started_at.into(),
            answered_at: view.answered_at.map(Time),
            ended_at: None,
            cause: None,
            queues: Vec::new(),
            legs_count: view.legs.len(),
            legs: legs(&view.legs, names, legs_max),
        }
    }

    pub(crate) fn ended(record: &CallRecord, names: Names<'_>, legs_max: usize) -> Self {
        Self {
            id: record.call.to_string(),
            direction: record.direction.into(),
            state: CallStateWord::Ended,
            caller: CallerItem::new(&record.caller),
            by_call_link: engine::by_call_link(&record.legs),
            recording: false,
            recordings: RecordingItem::all(&record.recordings, &record.legs, names),
            dialed: record.dialed.clone(),
            flow: None,
            learned: BTreeMap::new(),
            queue: record.queues.last().map(|stay| stay.number.to_string()),
            enqueued_at: None,
            priority: None,
            offered_to: Vec::new(),
            agent: answered_by(record).map(|agent| names.agent(agent)),
            held: false,
            started_at: record.started_at.into(),
            answered_at: record.answered_at.map(Time),
            ended_at: Some(record.ended_at.into()),
            cause: Some(record.cause.as_str()),
            queues: record.queues.iter().map(|stay| StayItem::new(stay, names)).collect(),
            legs_count: record.legs.len(),
            legs: legs(&record.legs, names, legs_max),
        }
    }
}

/// The agent who answered: through a queue, or else at her own phone.
fn answered_by(record: &CallRecord) -> Option<model::AgentId> {
    let through_queue = record.queues.iter().rev().find(|stay| stay.outcome == QueueOutcome::Answered);
    through_queue.and_then(|stay| stay.agent).or_else(|| {
        // The first leg is the caller's own.
        record.legs.iter().skip(1).find(|leg| leg.answered_at.is_some()).and_then(|leg| leg.agent)
    })
}

impl StayItem {
    fn new(stay: &QueueStay, names: Names<'_>) -> Self {
        Self {
            queue: stay.number.to_string(),
            entered_at: stay.entered_at.into(),
            left_at: stay.left_at.into(),
            waited: seconds(stay.left_at.since(stay.entered_at)),
            outcome: stay.outcome.into(),
            agent: stay.agent.map(|agent| names.agent(agent)),
            in_time: stay.in_time,
        }
    }
}
