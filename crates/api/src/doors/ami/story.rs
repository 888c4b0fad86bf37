//! From what has happened to events of the manager interface. Pure. As on PortSIP's socket, events wait for the views of
//! their step, so that a caller has a number.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{AgentState, CallView, EventKind, QueueOutcome};
use model::{AgentId, CallId, Directory, OfferId, QueueId, Timestamp};
use switch::{Published, Snapshot};

use super::wire::Packet;

/// Most events that wait for views; more than a step can have.
const WAITING_MAX: usize = 1_024;

/// Somebody in a line.
#[derive(Clone, Copy, Debug)]
struct Entry {
    queue: QueueId,
    since: Timestamp,
    position: u32,
}

/// What is known from what was published so far.
pub(super) struct Story {
    pub(super) seq: u64,
    calls: BTreeMap<CallId, CallView>,
    entries: BTreeMap<CallId, Entry>,
    offers: BTreeMap<OfferId, (CallId, AgentId, Timestamp)>,
    /// For each entry of an agent in a queue: whether she is a member in Asterisk's terms, and why she is paused.
    members: BTreeMap<(QueueId, AgentId), (bool, Option<String>)>,
    waiting: Vec<Arc<Published>>,
}

/// Whether Asterisk would have her among the queue's members.
pub(super) const fn is_member(state: &AgentState) -> bool {
    super::super::is_logged_in(state)
}

/// Why she is paused.
pub(super) fn paused(state: &AgentState) -> Option<String> {
    let AgentState::NotReady { reason } = state else { return None };
    Some(reason.as_str().to_owned())
}

/// `PJSIP/1001`.
pub(super) fn interface(directory: &Directory, agent: AgentId) -> String {
    format!("PJSIP/{}", extension_of(directory, agent))
}

fn extension_of(directory: &Directory, agent: AgentId) -> String {
    let number = directory.agents.get(&agent).and_then(|agent| agent.extension.as_ref());
    number.map_or_else(|| format!("#{agent}"), ToString::to_string)
}

fn queue_of(directory: &Directory, queue: QueueId) -> String {
    directory.queues.get(&queue).map_or_else(|| format!("#{queue}"), |queue| queue.number.to_string())
}

impl Story {
    /// Begins with everything as it stands. How long those who wait have waited is known; their place on entry is not.
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let mut story = Self {
            seq: snapshot.seq,
            calls: snapshot.calls.iter().map(|call| (call.call, call.clone())).collect(),
            entries: BTreeMap::new(),
            offers: BTreeMap::new(),
            members: BTreeMap::new(),
            waiting: Vec::new(),
        };
        for call in &snapshot.calls {
            if let engine::CallState::Waiting { queue, enqueued_at, .. } = &call.state {
                let entry = Entry { queue: *queue, since: *enqueued_at, position: 0 };
                story.entries.insert(call.call, entry);
            }
        }
        for entry in snapshot.agents.iter().flat_map(|view| &view.memberships) {
            story.members.insert((entry.queue, entry.agent), (is_member(&entry.state), paused(&entry.state)));
        }
        story
    }

    /// The events of what has happened.
    pub(super) fn take(&mut self, published: &Arc<Published>) -> Vec<Packet> {
        self.seq = published.seq;
        self.waiting.push(published.clone());
        let has_views = published.whole
            || !published.agents.is_empty()
            || !published.queues.is_empty()
            || !published.calls.is_empty()
            || !published.calls_ended.is_empty();
        if !has_views && self.waiting.len() < WAITING_MAX {
            return Vec::new();
        }
        self.calls.extend(published.calls.iter().map(|call| (call.call, call.clone())));
        let mut out = Vec::new();
        for happened in std::mem::take(&mut self.waiting) {
            self.happened(&happened, &mut out);
        }
        for call in &published.calls_ended {
            self.calls.remove(call);
            self.entries.remove(call);
            self.offers.retain(|_, (of, _, _)| of != call);
        }
        if published.whole {
            let directory = &published.directory;
            self.members.retain(|key, _| directory.memberships.contains_key(key));
        }
        out
    }

    fn happened(&mut self, published: &Published, out: &mut Vec<Packet>) {
        let Some(event) = &published.event else { return };
        let (at, directory) = (published.at, &*published.directory);
        match &event.kind {
            EventKind::CallQueued { call, queue, position } => {
                self.entries.insert(*call, Entry { queue: *queue, since: at, position: *position });
                let packet = self.about("QueueCallerJoin", *call).with("Queue", queue_of(directory, *queue));
                out.push(packet.with("Position", position).with("Count", self.count(*queue)));
            }
            EventKind::OfferMade { offer, call, queue, agent } => {
                self.offers.insert(*offer, (*call, *agent, at));
                out.push(self.of_agent("AgentCalled", *call, (*queue, *agent), directory));
            }
            EventKind::OfferEnded { offer, .. } => {
                self.offers.remove(offer);
            }
            EventKind::CallConnected { call, queue: Some(queue), agent: Some(agent), waited_ms } => {
                self.leave(*call, directory, out);
                let rung = self.rung(*call, *agent, at);
                let packet = self.of_agent("AgentConnect", *call, (*queue, *agent), directory);
                out.push(packet.with("HoldTime", waited_ms / 1_000).with("RingTime", rung));
            }
            EventKind::CallLeftQueue { call, outcome, .. } => {
                if *outcome == QueueOutcome::Abandoned {
                    self.abandoned(*call, at, directory, out);
                }
                self.leave(*call, directory, out);
            }
            EventKind::AgentChanged { agent, queue, state, .. } => {
                self.member((*queue, *agent), state, directory, out);
            }
            EventKind::HoldChanged { call, held } => {
                out.push(self.about(if *held { "Hold" } else { "Unhold" }, *call));
            }
            EventKind::DeviceChanged { extension, registered } => {
                let status = if *registered { "Reachable" } else { "Removed" };
                let packet = Packet::event("ContactStatus").with("ContactStatus", status);
                out.push(packet.with("AOR", extension).with("EndpointName", extension));
            }
            EventKind::CallEnded { record } => {
                let packet = self.about("Hangup", record.call);
                out.push(packet.with("Cause", 16).with("Cause-txt", record.cause.as_str()));
            }
            EventKind::CallConnected { .. }
            | EventKind::CallArrived { .. }
            | EventKind::LegChanged { .. }
            | EventKind::FlowBegan { .. }
            | EventKind::FlowStep { .. }
            | EventKind::DigitsCollected { .. }
            | EventKind::FlowFellBack { .. }
            | EventKind::FlowEnded { .. }
            | EventKind::RingGroupBegan { .. }
            | EventKind::RingGroupEnded { .. }
            | EventKind::IntroHeard { .. }
            | EventKind::Decided { .. }
            | EventKind::CallTransferred { .. }
            | EventKind::NightModeChanged { .. }
            | EventKind::DndChanged { .. }
            | EventKind::ForwardingChanged { .. }
            | EventKind::MessageLeft { .. }
            | EventKind::MessageMarked { .. }
            | EventKind::MessageTranscribed { .. }
            | EventKind::MessageDeleted { .. }
            | EventKind::RecordingFailed { .. }
            | EventKind::MailboxLocked { .. }
            | EventKind::DirectoryChanged
            | EventKind::CallFaulted { .. }
            | EventKind::CallRefused { .. } => {}
        }
    }

    /// For how many seconds she was rung; then nobody is rung for it any more.
    fn rung(&mut self, call: CallId, agent: AgentId, at: Timestamp) -> u64 {
        let hers = self.offers.values().find(|(of, by, _)| *of == call && *by == agent);
        let rung = hers.map_or(0, |(_, _, since)| at.since(*since).as_secs());
        self.offers.retain(|_, (of, _, _)| *of != call);
        rung
    }

    /// An event about a call, with its caller.
    fn about(&self, event: &str, call: CallId) -> Packet {
        let caller = self.calls.get(&call).map(|call| &call.caller);
        let number = caller.map(|caller| caller.number.reveal().clone()).unwrap_or_default();
        let name = caller.map(|caller| caller.name.reveal().clone()).unwrap_or_default();
        Packet::event(event)
            .with("Channel", format_args!("Cordboard/{call}"))
            .with("CallerIDNum", number)
            .with("CallerIDName", name)
            .with("Uniqueid", call)
            .with("Linkedid", call)
    }

    fn of_agent(
        &self,
        event: &str,
        call: CallId,
        (queue, agent): (QueueId, AgentId),
        directory: &Directory,
    ) -> Packet {
        let (at, number) = (interface(directory, agent), extension_of(directory, agent));
        self.about(event, call)
            .with("Queue", queue_of(directory, queue))
            .with("Interface", &at)
            .with("MemberName", &at)
            .with("ConnectedLineNum", &number)
            .with("DestCallerIDNum", number)
    }

    fn count(&self, queue: QueueId) -> usize {
        self.entries.values().filter(|entry| entry.queue == queue).count()
    }

    fn abandoned(&self, call: CallId, at: Timestamp, directory: &Directory, out: &mut Vec<Packet>) {
        let Some(entry) = self.entries.get(&call) else { return };
        let before = |(other, one): &(&CallId, &Entry)| {
            one.queue == entry.queue && (one.since, **other) < (entry.since, call)
        };
        let place = self.entries.iter().filter(before).count() + 1;
        let packet = self.about("QueueCallerAbandon", call).with("Queue", queue_of(directory, entry.queue));
        let packet = packet.with("Position", place).with("OriginalPosition", entry.position);
        out.push(packet.with("HoldTime", at.since(entry.since).as_secs()));
    }

    /// Out of the line, however.
    fn leave(&mut self, call: CallId, directory: &Directory, out: &mut Vec<Packet>) {
        let Some(entry) = self.entries.remove(&call) else { return };
        let packet = self.about("QueueCallerLeave", call).with("Queue", queue_of(directory, entry.queue));
        out.push(packet.with("Count", self.count(entry.queue)));
    }

    fn member(
        &mut self,
        key: (QueueId, AgentId),
        state: &AgentState,
        directory: &Directory,
        out: &mut Vec<Packet>,
    ) {
        let now = (is_member(state), paused(state));
        let was = self.members.insert(key, now.clone()).unwrap_or_default();
        let event = if was.0 != now.0 {
            if now.0 { "QueueMemberAdded" } else { "QueueMemberRemoved" }
        } else if was.1 != now.1 {
            "QueueMemberPause"
        } else {
            return;
        };
        let at = interface(directory, key.1);
        let packet = Packet::event(event)
            .with("Queue", queue_of(directory, key.0))
            .with("MemberName", &at)
            .with("Interface", &at)
            .with("StateInterface", &at)
            .with("Paused", u8::from(now.1.is_some()));
        out.push(packet.with("PausedReason", now.1.unwrap_or_default()));
    }
}
