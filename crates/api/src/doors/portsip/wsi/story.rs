//! From what has happened to what the socket tells. Pure: what was published goes in, messages come out.
//!
//! The views that an event has with it are those at the end of its step, and come with the last event of the step. So
//! events wait here until views come, and are told with them: a caller has a name then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{AgentView, CallView, EventKind, LegStatus, QueueOutcome};
use model::{AgentId, CallId, Directory, LegId, QueueId, Timestamp};
use serde_json::Value;
use switch::{Published, Snapshot};

use super::scope::{About, Scope};
use super::words::{Phone, Reason, call_of, state_of};
use super::{cdr, words};

/// Most events that wait for views; more than a step can have.
const WAITING_MAX: usize = 1_024;

/// What was last told of an agent in a queue: the word, and on which call she is.
type Told = (&'static str, Option<CallId>);

/// What is known from what was published so far.
pub(super) struct Story {
    pub(super) seq: u64,
    directory: Arc<Directory>,
    calls: BTreeMap<CallId, CallView>,
    /// Their legs in the order of their last changes, of which the last is the end.
    changed: BTreeMap<CallId, Vec<LegId>>,
    agents: BTreeMap<AgentId, AgentView>,
    told: BTreeMap<(QueueId, AgentId), Told>,
    phones: BTreeMap<String, Phone>,
    waiting: Vec<Arc<Published>>,
}

impl Story {
    /// Begins with everything as it stands.
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let mut story = Self {
            seq: snapshot.seq,
            directory: snapshot.directory.clone(),
            calls: snapshot.calls.iter().map(|call| (call.call, call.clone())).collect(),
            changed: BTreeMap::new(),
            agents: BTreeMap::new(),
            told: BTreeMap::new(),
            phones: BTreeMap::new(),
            waiting: Vec::new(),
        };
        for view in &snapshot.agents {
            story.told.extend(entries(view));
            story.know(view);
        }
        let legs = snapshot.calls.iter().flat_map(|call| &call.legs);
        let numbers: BTreeSet<String> =
            legs.filter_map(|leg| leg.extension.as_ref()).map(ToString::to_string).collect();
        for number in numbers {
            let call_status = story.call_status(&number);
            story.phones.entry(number).or_default().call_status = call_status;
        }
        story
    }

    /// What is known of an extension.
    pub(super) fn phone(&self, number: &str) -> Phone {
        self.phones.get(number).copied().unwrap_or_default()
    }

    /// What the socket tells of it.
    pub(super) fn take(&mut self, published: &Arc<Published>, scope: &Scope) -> Vec<Value> {
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
        let mut out = Vec::new();
        self.provisioned(&published.directory, scope, &mut out);
        let before: Vec<CallView> =
            published.calls.iter().filter_map(|call| self.calls.get(&call.call)).cloned().collect();
        self.calls.extend(published.calls.iter().map(|call| (call.call, call.clone())));
        for happened in std::mem::take(&mut self.waiting) {
            self.happened(&happened, scope, &mut out);
        }
        let ended: Vec<CallView> =
            published.calls_ended.iter().filter_map(|call| self.calls.remove(call)).collect();
        for call in &published.calls_ended {
            self.changed.remove(call);
        }
        if published.whole {
            let live: BTreeSet<CallId> = published.calls.iter().map(|call| call.call).collect();
            self.calls.retain(|call, _| live.contains(call));
            self.changed.retain(|call, _| live.contains(call));
        }
        self.agents_changed(published, scope, &mut out);
        let touched = before.iter().chain(&published.calls).chain(&ended).flat_map(|call| &call.legs);
        let touched: BTreeSet<String> =
            touched.filter_map(|leg| leg.extension.as_ref()).map(ToString::to_string).collect();
        self.phones_changed(&touched, published.at, scope, &mut out);
        out
    }

    /// Provisioning was taken over: queues and extensions that came, were changed, or are gone.
    fn provisioned(&mut self, directory: &Arc<Directory>, scope: &Scope, out: &mut Vec<Value>) {
        if Arc::ptr_eq(&self.directory, directory) {
            return;
        }
        let old = std::mem::replace(&mut self.directory, directory.clone());
        let tenant = directory.tenant.id;
        if scope.wants(About::Queues, directory) {
            for (id, queue) in &directory.queues {
                let event = match old.queues.get(id) {
                    None => "queue_created",
                    Some(before) if before != queue => "queue_updated",
                    Some(_) => continue,
                };
                out.push(words::queue_managed(event, tenant, queue.number.as_str()));
            }
            let gone = old.queues.iter().filter(|(id, _)| !directory.queues.contains_key(id));
            out.extend(
                gone.map(|(_, queue)| words::queue_managed("queue_destroy", tenant, queue.number.as_str())),
            );
        }
        if scope.wants(About::Extensions, directory) {
            let owner = |directory: &Directory, number: &str| directory.agent_of(number).cloned();
            for (number, extension) in &directory.extensions {
                let event = match old.extensions.get(number) {
                    None => "extension_created",
                    Some(before)
                        if before != extension
                            || owner(&old, number.as_str()) != owner(directory, number.as_str()) =>
                    {
                        "extension_updated"
                    }
                    Some(_) => continue,
                };
                out.push(words::extension_managed(event, directory, number.as_str()));
            }
            let gone = old.extensions.keys().filter(|number| !directory.extensions.contains_key(*number));
            out.extend(
                gone.map(|number| words::extension_managed("extension_destroyed", &old, number.as_str())),
            );
        }
        self.phones.retain(|number, _| directory.extensions.keys().any(|known| known.as_str() == number));
    }

    /// One event, whose calls are known by now.
    fn happened(&mut self, published: &Published, scope: &Scope, out: &mut Vec<Value>) {
        let Some(event) = &published.event else { return };
        let at = published.at;
        match &event.kind {
            EventKind::CallQueued { call, queue, position } => {
                self.caller(*queue, *call, (Reason::Enqueue, *position), at, scope, out);
            }
            EventKind::CallConnected { call, queue, .. } => {
                if let Some(queue) = queue {
                    self.caller(*queue, *call, (Reason::AgentAnswered, 0), at, scope, out);
                }
                self.call("call_update_info", *call, at, scope, out);
            }
            EventKind::CallLeftQueue { call, queue, outcome } => {
                if let Some(reason) = left(*outcome) {
                    self.caller(*queue, *call, (reason, 0), at, scope, out);
                }
            }
            EventKind::CallArrived { call } => self.call("call_start", *call, at, scope, out),
            EventKind::CallTransferred { call, .. } | EventKind::HoldChanged { call, .. } => {
                self.call("call_update_info", *call, at, scope, out);
            }
            EventKind::CallEnded { record } if scope.wants(About::Calls, &self.directory) => {
                let order = self.changed.get(&record.call).map(Vec::as_slice).unwrap_or_default();
                out.push(cdr::record(&self.directory, record, order));
            }
            EventKind::LegChanged { call, leg } => {
                let order = self.changed.entry(*call).or_default();
                order.retain(|known| known != leg);
                order.push(*leg);
            }
            EventKind::DeviceChanged { extension, registered } => {
                self.device(extension.as_str(), *registered, at, scope, out);
            }
            EventKind::DndChanged { extension, on, .. } => self.dnd(extension.as_str(), *on, at, scope, out),
            // Agents are told of by their views; for the rest PortSIP has no message.
            EventKind::CallEnded { .. }
            | EventKind::AgentChanged { .. }
            | EventKind::FlowBegan { .. }
            | EventKind::FlowStep { .. }
            | EventKind::DigitsCollected { .. }
            | EventKind::FlowFellBack { .. }
            | EventKind::FlowEnded { .. }
            | EventKind::RingGroupBegan { .. }
            | EventKind::RingGroupEnded { .. }
            | EventKind::IntroHeard { .. }
            | EventKind::Decided { .. }
            | EventKind::OfferMade { .. }
            | EventKind::OfferEnded { .. }
            | EventKind::NightModeChanged { .. }
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

    fn device(&mut self, number: &str, online: bool, at: Timestamp, scope: &Scope, out: &mut Vec<Value>) {
        let phone = self.phones.entry(number.to_owned()).or_default();
        phone.online = online;
        let phone = *phone;
        if scope.wants(About::Extension(number), &self.directory) {
            out.push(words::extension_status(&self.directory, number, phone, at));
        }
    }

    fn dnd(&mut self, number: &str, on: bool, at: Timestamp, scope: &Scope, out: &mut Vec<Value>) {
        let phone = self.phones.entry(number.to_owned()).or_default();
        phone.dnd = on;
        let phone = *phone;
        if scope.wants(About::Extension(number), &self.directory) {
            out.push(words::extension_presence(&self.directory, number, phone, at));
        }
    }

    fn caller(
        &self,
        queue: QueueId,
        call: CallId,
        said: (Reason, u32),
        at: Timestamp,
        scope: &Scope,
        out: &mut Vec<Value>,
    ) {
        let (Some(rules), Some(call)) = (self.directory.queues.get(&queue), self.calls.get(&call)) else {
            return;
        };
        if scope.wants(About::Queue(rules.number.as_str()), &self.directory) {
            let place = (self.directory.tenant.id, queue.to_string());
            out.push(words::caller((place.0, &place.1), call, said, at));
        }
    }

    fn call(&self, event: &str, call: CallId, at: Timestamp, scope: &Scope, out: &mut Vec<Value>) {
        if let Some(call) = self.calls.get(&call)
            && scope.wants(About::Calls, &self.directory)
        {
            out.push(cdr::call(event, &self.directory, call, at));
        }
    }

    /// Agents whose views came: in each queue that is followed, those whose words are others than those last told.
    fn agents_changed(&mut self, published: &Published, scope: &Scope, out: &mut Vec<Value>) {
        let mut updated: BTreeMap<QueueId, Vec<Value>> = BTreeMap::new();
        let mut removed: BTreeMap<QueueId, Vec<String>> = BTreeMap::new();
        let mut of_extensions = Vec::new();
        for view in &published.agents {
            let mut changed = false;
            for entry in &view.memberships {
                let told = (state_of(&entry.state), call_of(&entry.state));
                if self.told.insert((entry.queue, view.agent), told) == Some(told) {
                    continue;
                }
                changed = true;
                let Some(number) = &view.extension else { continue };
                let call = told.1.and_then(|call| self.calls.get(&call));
                if !scope.names(view.agent, &self.directory) {
                    continue;
                }
                let item = words::agent(number.as_str(), &entry.state, entry.since, call);
                updated.entry(entry.queue).or_default().push(item);
            }
            if let Some(number) = view.extension.as_ref().filter(|_| changed)
                && scope.wants(About::Extension(number.as_str()), &self.directory)
            {
                let message =
                    words::extension_agent_status(&self.directory, number.as_str(), view, published.at);
                of_extensions.push(message);
            }
        }
        if published.whole {
            let stays: BTreeSet<_> = published.agents.iter().flat_map(entries).map(|(key, _)| key).collect();
            let gone: Vec<_> = self.told.keys().filter(|key| !stays.contains(key)).copied().collect();
            for key in gone {
                self.told.remove(&key);
                if !scope.names(key.1, &self.directory) {
                    continue;
                }
                let number = self.agents.get(&key.1).and_then(|view| view.extension.as_ref());
                removed.entry(key.0).or_default().extend(number.map(ToString::to_string));
            }
            self.agents.clear();
        }
        let queues: BTreeSet<QueueId> = updated.keys().chain(removed.keys()).copied().collect();
        for queue in queues {
            let Some(rules) = self.directory.queues.get(&queue) else { continue };
            if scope.wants(About::Queue(rules.number.as_str()), &self.directory) {
                let (updated, removed) =
                    (updated.remove(&queue).unwrap_or_default(), removed.remove(&queue).unwrap_or_default());
                out.push(words::agents(self.directory.tenant.id, &queue.to_string(), &updated, &removed));
            }
        }
        out.append(&mut of_extensions);
        published.agents.iter().for_each(|view| self.know(view));
    }

    /// Keeps an agent's view, and what it says of her phone.
    fn know(&mut self, view: &AgentView) {
        if let Some(number) = &view.extension {
            let phone = self.phones.entry(number.to_string()).or_default();
            (phone.online, phone.dnd) = (view.registered, view.dnd);
        }
        self.agents.insert(view.agent, view.clone());
    }

    /// Extensions with legs of calls that changed: those that do something else now.
    fn phones_changed(
        &mut self,
        touched: &BTreeSet<String>,
        at: Timestamp,
        scope: &Scope,
        out: &mut Vec<Value>,
    ) {
        for number in touched {
            let now = self.call_status(number);
            let phone = self.phones.entry(number.clone()).or_default();
            if std::mem::replace(&mut phone.call_status, now) == now {
                continue;
            }
            let phone = *phone;
            if scope.wants(About::Extension(number), &self.directory) {
                out.push(words::extension_call(&self.directory, number, phone, at));
            }
        }
    }

    /// `ON_CALL` if the extension calls or talks, `RINGING` if it is rung, else nothing.
    fn call_status(&self, number: &str) -> &'static str {
        let mut rung = false;
        for call in self.calls.values() {
            for (index, leg) in call.legs.iter().enumerate() {
                let is_its = leg.extension.as_ref().is_some_and(|own| own.as_str() == number);
                if !is_its || leg.ended_at.is_some() {
                    continue;
                }
                if index == 0 || leg.status == LegStatus::Answered {
                    return "ON_CALL";
                }
                rung = true;
            }
        }
        if rung { "RINGING" } else { "" }
    }
}

fn entries(view: &AgentView) -> impl Iterator<Item = ((QueueId, AgentId), Told)> {
    let told = |entry: &engine::MembershipView| (state_of(&entry.state), call_of(&entry.state));
    view.memberships.iter().map(move |entry| ((entry.queue, view.agent), told(entry)))
}

/// What is told of a caller who left the line other than by an answer. Who was called back is told of when he talks.
const fn left(outcome: QueueOutcome) -> Option<Reason> {
    Some(match outcome {
        QueueOutcome::Abandoned | QueueOutcome::CallbackFailed => Reason::Hangup,
        QueueOutcome::CallbackRequested => Reason::Callback,
        QueueOutcome::OverflowTimeout
        | QueueOutcome::Full
        | QueueOutcome::NoAgents
        | QueueOutcome::Removed
        | QueueOutcome::QueueGone
        | QueueOutcome::Closed
        | QueueOutcome::Night
        | QueueOutcome::Exited => Reason::Overflow,
        QueueOutcome::Answered | QueueOutcome::CallbackDone => return None,
    })
}
