//! What is sent on the event socket.

use serde::Serialize;
use switch::{Published, Snapshot};
use utoipa::ToSchema;

use super::event::EventItem;
use super::item::item;
use crate::time::Time;
use crate::v1::agents::view::AgentItem;
use crate::v1::calls::view::{CallItem, LEGS_SHOWN_MAX};
use crate::v1::domain::DomainItem;
use crate::v1::names::Names;
use crate::v1::queues::view::QueueItem;

/// The first message, and the one that follows where events were missed that are not kept any more.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SnapshotMessage {
    /// `snapshot`.
    #[serde(rename = "type")]
    #[schema(example = "snapshot")]
    kind: &'static str,
    /// The last event that is in it; the next message has the next number.
    seq: u64,
    /// The moment it shows.
    at: Time,
    /// Everything.
    state: StateItem,
}

/// Everything live in a domain.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StateItem {
    /// The domain itself.
    pub domain: DomainItem,
    /// All agents.
    pub agents: Vec<AgentItem>,
    /// All queues.
    pub queues: Vec<QueueItem>,
    /// All live calls.
    pub calls: Vec<CallItem>,
}

/// One event, and everything that it changed, as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventMessage {
    /// Its number; one more than that of the message before.
    seq: u64,
    /// When it happened.
    at: Time,
    /// What happened.
    #[serde(flatten)]
    event: EventItem,
    /// The domain, if it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<DomainItem>,
    /// Agents that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    agents: Vec<AgentItem>,
    /// Queues that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    queues: Vec<QueueItem>,
    /// Live calls that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calls: Vec<CallItem>,
    /// Calls that are over, or no more within what a filtered stream shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calls_ended: Vec<String>,
    /// True if the three lists are complete: whatever is not in them is gone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    whole: bool,
}

/// Everything as it stands.
#[must_use]
pub fn state(snapshot: &Snapshot) -> StateItem {
    let names = Names(&snapshot.directory);
    StateItem {
        domain: DomainItem::new(&snapshot.domain, names),
        agents: snapshot.agents.iter().map(|view| AgentItem::new(view, names)).collect(),
        queues: snapshot.queues.iter().map(QueueItem::new).collect(),
        calls: snapshot.calls.iter().map(|view| CallItem::live(view, names, LEGS_SHOWN_MAX)).collect(),
    }
}

impl SnapshotMessage {
    /// A snapshot in words.
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        Self { kind: "snapshot", seq: snapshot.seq, at: snapshot.at.into(), state: state(snapshot) }
    }
}

impl EventMessage {
    /// An event in words.
    pub(super) fn new(published: &Published) -> Self {
        let names = Names(&published.directory);
        Self {
            seq: published.seq,
            at: published.at.into(),
            event: published.event.as_ref().map_or(EventItem::Updated, |event| item(&event.kind, names)),
            domain: published.domain.as_ref().map(|view| DomainItem::new(view, names)),
            agents: published.agents.iter().map(|view| AgentItem::new(view, names)).collect(),
            queues: published.queues.iter().map(QueueItem::new).collect(),
            calls: published.calls.iter().map(|view| CallItem::live(view, names, LEGS_SHOWN_MAX)).collect(),
            calls_ended: published.calls_ended.iter().map(ToString::to_string).collect(),
            whole: published.whole,
        }
    }
}

/// A snapshot as it is sent.
#[must_use]
pub fn snapshot_text(snapshot: &Snapshot) -> String {
    serde_json::to_string(&SnapshotMessage::new(snapshot)).unwrap_or_default()
}

/// An event as it is sent.
#[must_use]
pub fn event_text(published: &Published) -> String {
    serde_json::to_string(&EventMessage::new(published)).unwrap_or_default()
}

/// The same without the objects that it changed, for whom all of them are too much; `truncated` says so.
#[must_use]
pub(crate) fn event_text_without_views(published: &Published) -> String {
    #[derive(Serialize)]
    struct Truncated {
        seq: u64,
        at: Time,
        #[serde(flatten)]
        event: EventItem,
        truncated: bool,
    }
    let EventMessage { seq, at, event, .. } = EventMessage::new(published);
    serde_json::to_string(&Truncated { seq, at, event, truncated: true }).unwrap_or_default()
}
