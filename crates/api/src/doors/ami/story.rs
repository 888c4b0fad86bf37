//! From what has happened to events of the manager interface. Pure. As on PortSIP's socket, events wait for the views of
//! their step, so that a caller has a number.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{AgentState, CallView, EventKind, LegStatus, QueueOutcome};
use model::{AgentId, CallId, Directory, OfferId, QueueId, Timestamp};
use switch::{Published, Snapshot};

use super::dial::{Dials, UNKNOWN};
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
    dials: Dials,
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
            dials: Dials::default(),
            members: BTreeMap::new(),
            waiting: Vec::new(),
        };
        for call in &snapshot.calls {
            story.dials.know(call);
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
        let waiting = std::mem::take(&mut self.waiting);
        // Of a call that is over there is no view any more; its record has its legs as they ended.
        for record in waiting.iter().filter_map(|published| published.record()) {
            if let Some(call) = self.calls.get_mut(&record.call) {
                call.legs.clone_from(&record.legs);
            }
        }
        for happened in waiting {
            self.happened(&happened, &mut out);
        }
        for call in &published.calls_ended {
            self.calls.remove(call);
            self.entries.remove(call);
            self.dials.forget(*call);
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
            EventKind::CallLeftQueue { call, outcome, .. } => self.left(*call, *outcome, at, directory, out),
            EventKind::AgentChanged { agent, queue, state, .. } => {
                self.member((*queue, *agent), state, directory, out);
            }
            EventKind::LegChanged { call, leg } => {
                let Some(view) = self.calls.get(call) else { return };
                self.dials.take((view, *leg), directory, |event| begun(event, *call, Some(view)), out);
            }
            EventKind::CallTransferred { call, to, .. } => self.dials.sent_on(*call, to),
            EventKind::HoldChanged { call, held } => {
                let word = if *held { "Hold" } else { "Unhold" };
                out.push(self.of_talk(word, *call, directory));
            }
            EventKind::DeviceChanged { extension, registered } => {
                let status = if *registered { "Reachable" } else { "Removed" };
                let packet = Packet::event("ContactStatus").with("ContactStatus", status);
                out.push(packet.with("AOR", extension).with("EndpointName", extension));
            }
            EventKind::CallEnded { record } => {
                let packet = self.of_talk("Hangup", record.call, directory);
                out.push(packet.with("Cause", 16).with("Cause-txt", record.cause.as_str()));
            }
            EventKind::CallConnected { .. }
            | EventKind::CallArrived { .. }
            | EventKind::FlowBegan { .. }
            | EventKind::FlowStep { .. }
            | EventKind::DigitsCollected { .. }
            | EventKind::FlowFellBack { .. }
            | EventKind::FlowEnded { .. }
            | EventKind::RingGroupBegan { .. }
            | EventKind::RingGroupEnded { .. }
            | EventKind::IntroHeard { .. }
            | EventKind::Decided { .. }
            | EventKind::NightModeChanged { .. }
            | EventKind::DndChanged { .. }
            | EventKind::ForwardingChanged { .. }
            | EventKind::CallLinkChanged { .. }
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
        begun(event, call, self.calls.get(&call))
    }

    /// An event about a call, with the extension that its caller talks or talked with, last if there were several.
    fn of_talk(&self, event: &str, call: CallId, directory: &Directory) -> Packet {
        let legs = self.calls.get(&call).map(|call| &call.legs[..]).unwrap_or_default();
        let with = legs.iter().skip(1).rfind(|leg| leg.status == LegStatus::Answered);
        let number = with.and_then(|leg| leg.extension.as_ref());
        let agent = with.and_then(|leg| directory.agents.get(&leg.agent?));
        self.about(event, call)
            .with("ConnectedLineNum", number.map_or(UNKNOWN, |number| number.as_str()))
            .with("ConnectedLineName", agent.map_or(UNKNOWN, |agent| agent.name.as_str()))
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

    /// Out of the line without an answer.
    fn left(
        &mut self,
        call: CallId,
        outcome: QueueOutcome,
        at: Timestamp,
        directory: &Directory,
        out: &mut Vec<Packet>,
    ) {
        if outcome == QueueOutcome::Abandoned {
            self.abandoned(call, at, directory, out);
        }
        self.leave(call, directory, out);
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

/// An event about a call, with its caller if its view is known.
fn begun(event: &str, call: CallId, view: Option<&CallView>) -> Packet {
    let caller = view.map(|call| &call.caller);
    let number = caller.map(|caller| caller.number.reveal().clone()).unwrap_or_default();
    let name = caller.map(|caller| caller.name.reveal().clone()).unwrap_or_default();
    Packet::event(event)
        .with("Channel", format_args!("Cordboard/{call}"))
        .with("CallerIDNum", number)
        .with("CallerIDName", name)
        .with("Uniqueid", call)
        .with("Linkedid", call)
}
