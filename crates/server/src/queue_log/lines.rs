//! Lines of the log, made of what has happened. Pure.
//!
//! `time|callid|queuename|agent|event|data1|…`: whole seconds since 1970, the call's id or `NONE`, the queue's number, the
//! agent as `Agent/1001` or `NONE`. Events and their data are those of Asterisk's `app_queue`:
//!
//! | Event | Data |
//! |---|---|
//! | `ENTERQUEUE` | nothing, caller's number, place |
//! | `CONNECT` | seconds waited, id of the agent's leg's call, seconds rung |
//! | `COMPLETEAGENT`, `COMPLETECALLER` | seconds waited, seconds talked, place on entry |
//! | `BLINDTRANSFER` | number, nothing, seconds waited, seconds talked, place on entry |
//! | `ABANDON`, `EXITWITHTIMEOUT`, `EXITEMPTY` | place, place on entry, seconds waited |
//! | `EXITWITHKEY` | key, place, place on entry, seconds waited |
//! | `RINGNOANSWER`, `RINGCANCELED` | milliseconds rung |
//! | `ADDMEMBER`, `REMOVEMEMBER`, `UNPAUSE` | nothing |
//! | `PAUSE` | reason |
//!
//! An agent is a member while she is logged in with a phone that is there, and paused while she is not ready. A caller
//! who asks to be called back leaves by key; what becomes of him then is not in the log, for Asterisk has no word for it.
//! Nor is who was not let in. Whoever is taken out of a line, or loses his queue, leaves by `EXITEMPTY`.

use std::collections::BTreeMap;

use engine::{AgentState, CallRecord, EventKind, LegRecord, OfferOutcome, QueueOutcome};
use model::{AgentId, CallId, Directory, LegId, OfferId, Queue, QueueId, Timestamp};
use switch::Published;

/// Most characters of one field; none of ours is as long.
const FIELD_MAX: usize = 128;

/// Most lines that wait for a caller's number; more than a step can have.
const HELD_MAX: usize = 1_024;

/// Somebody who waits.
#[derive(Clone, Debug)]
struct Entry {
    queue: QueueId,
    since: Timestamp,
    /// His place when he came.
    position: u32,
}

/// A talk that came out of a line.
#[derive(Clone, Debug)]
struct Talk {
    entry: Entry,
    agent: AgentId,
    since: Timestamp,
}

/// An agent's entry in a queue, in Asterisk's terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Member {
    is_in: bool,
    paused: Option<String>,
}

/// What of a domain must be known to write the next line.
#[derive(Debug, Default)]
pub(super) struct Book {
    entries: BTreeMap<CallId, Entry>,
    talks: BTreeMap<CallId, Talk>,
    offers: BTreeMap<OfferId, (CallId, AgentId, Timestamp)>,
    /// Of calls that are talked on: their legs in the order of their last changes, of which the last is the end.
    changed: BTreeMap<CallId, Vec<LegId>>,
    members: BTreeMap<(QueueId, AgentId), Member>,
    /// Queue calls whose callers are not known yet: the views of a step come with its last event.
    nameless: Vec<(CallId, QueueId, u32, Timestamp)>,
    /// Lines that come after theirs.
    held: Vec<String>,
}

/// A line to be.
struct Line<'a> {
    at: Timestamp,
    call: Option<CallId>,
    queue: QueueId,
    agent: Option<AgentId>,
    event: &'static str,
    data: &'a [String],
}

impl Book {
    /// The lines of what has happened, without their ends.
    pub(super) fn take(&mut self, published: &Published) -> Vec<String> {
        let mut out = std::mem::take(&mut self.held);
        if let Some(event) = &published.event {
            self.happened(&event.kind, published, &mut out);
        }
        self.name(published, &mut out);
        for call in &published.calls_ended {
            self.entries.remove(call);
            self.talks.remove(call);
            self.changed.remove(call);
            self.offers.retain(|_, (of, _, _)| of != call);
        }
        if published.whole {
            let directory = &published.directory;
            self.members.retain(|key, _| directory.memberships.contains_key(key));
        }
        if !self.nameless.is_empty() && out.len() < HELD_MAX {
            self.held = std::mem::take(&mut out);
        }
        out
    }

    fn happened(&mut self, kind: &EventKind, published: &Published, out: &mut Vec<String>) {
        let (at, directory) = (published.at, &*published.directory);
        match kind {
            EventKind::CallQueued { call, queue, position } => {
                self.entries.insert(*call, Entry { queue: *queue, since: at, position: *position });
                self.nameless.push((*call, *queue, *position, at));
            }
            EventKind::CallConnected { call, queue: Some(queue), agent: Some(agent), .. } => {
                self.connected((*call, *queue, *agent), at, directory, out);
            }
            EventKind::CallLeftQueue { call, outcome, .. } => self.left(*call, *outcome, at, directory, out),
            EventKind::OfferMade { offer, call, agent, .. } => {
                self.offers.insert(*offer, (*call, *agent, at));
            }
            EventKind::OfferEnded { offer, call, queue, agent, outcome } => {
                let Some((_, _, since)) = self.offers.remove(offer) else { return };
                let (event, data) = (rang(*outcome), [millis(at, since)]);
                let line =
                    Line { at, call: Some(*call), queue: *queue, agent: Some(*agent), event, data: &data };
                out.push(line.text(directory));
            }
            EventKind::CallTransferred { call, agent, to } => {
                let Some(talk) = self.talks.remove(call) else { return };
                out.push(sent_on(&talk, *call, agent.map(|_| to.as_str()), at, directory));
            }
            EventKind::CallEnded { record } => {
                let Some(talk) = self.talks.remove(&record.call) else { return };
                let order = self.changed.remove(&record.call).unwrap_or_default();
                let event = who_ended(record, talk.agent, &order);
                out.push(completed(&talk, record.call, event, at, directory));
            }
            EventKind::LegChanged { call, leg } if self.talks.contains_key(call) => {
                let order = self.changed.entry(*call).or_default();
                order.retain(|known| known != leg);
                order.push(*leg);
            }
            EventKind::AgentChanged { agent, queue, state, .. } => {
                self.member((*queue, *agent), state, at, directory, out);
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
            | EventKind::HoldChanged { .. }
            | EventKind::DeviceChanged { .. }
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

    /// Writes who came, as soon as it is known; in front of whatever has happened to him in the same step.
    fn name(&mut self, published: &Published, out: &mut Vec<String>) {
        if self.nameless.is_empty() {
            return;
        }
        let mut came = Vec::new();
        self.nameless.retain(|(call, queue, position, at)| {
            let view = published.calls.iter().find(|view| view.call == *call);
            let ended = published.calls_ended.contains(call);
            let Some(number) =
                view.map(|view| view.caller.number.reveal().clone()).or(ended.then(String::new))
            else {
                return true;
            };
            let data = [String::new(), number, position.to_string()];
            let line = Line {
                at: *at,
                call: Some(*call),
                queue: *queue,
                agent: None,
                event: "ENTERQUEUE",
                data: &data,
            };
            came.push(line.text(&published.directory));
            false
        });
        came.append(out);
        *out = came;
    }

    fn connected(
        &mut self,
        (call, queue, agent): (CallId, QueueId, AgentId),
        at: Timestamp,
        directory: &Directory,
        out: &mut Vec<String>,
    ) {
        let rung = self.offers.iter().find(|(_, (of, by, _))| *of == call && *by == agent);
        let rung = rung.map(|(offer, (_, _, since))| (*offer, *since));
        if let Some((offer, _)) = rung {
            self.offers.remove(&offer);
        }
        let Some(entry) = self.entries.remove(&call).filter(|entry| entry.queue == queue) else { return };
        let talk = Talk { entry, agent, since: at };
        let rung = rung.map_or_else(|| "0".to_owned(), |(_, since)| seconds(at, since));
        let data = [waited(&talk), call.to_string(), rung];
        out.push(talk.line(at, call, "CONNECT", &data).text(directory));
        self.talks.insert(call, talk);
    }

    fn left(
        &mut self,
        call: CallId,
        outcome: QueueOutcome,
        at: Timestamp,
        directory: &Directory,
        out: &mut Vec<String>,
    ) {
        let Some(entry) = self.entries.get(&call) else { return };
        let rules = directory.queues.get(&entry.queue);
        let (event, key) = match outcome {
            QueueOutcome::Abandoned => ("ABANDON", None),
            QueueOutcome::OverflowTimeout => ("EXITWITHTIMEOUT", None),
            QueueOutcome::Exited => ("EXITWITHKEY", Some(rules.and_then(exit_key))),
            QueueOutcome::CallbackRequested => ("EXITWITHKEY", Some(rules.and_then(callback_key))),
            QueueOutcome::NoAgents
            | QueueOutcome::Full
            | QueueOutcome::Removed
            | QueueOutcome::QueueGone
            | QueueOutcome::Closed
            | QueueOutcome::Night => ("EXITEMPTY", None),
            QueueOutcome::Answered | QueueOutcome::CallbackDone | QueueOutcome::CallbackFailed => return,
        };
        let place = self.place(call, entry).to_string();
        let key = key.map(|key| key.map(String::from).unwrap_or_default());
        let data: Vec<String> =
            key.into_iter().chain([place, entry.position.to_string(), seconds(at, entry.since)]).collect();
        let line = Line { at, call: Some(call), queue: entry.queue, agent: None, event, data: &data };
        out.push(line.text(directory));
        self.entries.remove(&call);
    }

    /// His place now: one more than those who came before him and still wait.
    fn place(&self, call: CallId, entry: &Entry) -> usize {
        let before = |(other, one): &(&CallId, &Entry)| {
            one.queue == entry.queue && (one.since, **other) < (entry.since, call)
        };
        self.entries.iter().filter(before).count() + 1
    }

    fn member(
        &mut self,
        key: (QueueId, AgentId),
        state: &AgentState,
        at: Timestamp,
        directory: &Directory,
        out: &mut Vec<String>,
    ) {
        let was = self.members.entry(key).or_default();
        let now = Member::of(state);
        let mut say = |event, data: &[String]| {
            let line = Line { at, call: None, queue: key.0, agent: Some(key.1), event, data };
            out.push(line.text(directory));
        };
        if now.is_in && !was.is_in {
            say("ADDMEMBER", &[]);
        }
        match (&was.paused, &now.paused) {
            (before, Some(reason)) if before.as_ref() != Some(reason) => {
                say("PAUSE", std::slice::from_ref(reason))
            }
            (Some(_), None) if now.is_in => say("UNPAUSE", &[]),
            (None | Some(_), None | Some(_)) => {}
        }
        if was.is_in && !now.is_in {
            say("REMOVEMEMBER", &[]);
        }
        *was = now;
    }
}

impl Member {
    fn of(state: &AgentState) -> Self {
        match state {
            AgentState::Offline | AgentState::LoggedOut => Self::default(),
            AgentState::NotReady { reason } => Self { is_in: true, paused: Some(reason.as_str().to_owned()) },
            AgentState::Ready
            | AgentState::Ringing { .. }
            | AgentState::QueueCall { .. }
            | AgentState::OtherCall { .. }
            | AgentState::WrapUp { .. } => Self { is_in: true, paused: None },
        }
    }
}

impl Talk {
    fn line<'a>(&self, at: Timestamp, call: CallId, event: &'static str, data: &'a [String]) -> Line<'a> {
        Line { at, call: Some(call), queue: self.entry.queue, agent: Some(self.agent), event, data }
    }
}

impl Line<'_> {
    fn text(&self, directory: &Directory) -> String {
        let queue = directory.queues.get(&self.queue);
        let queue = queue.map_or_else(|| format!("#{}", self.queue), |queue| queue.number.to_string());
        let agent = self.agent.map(|agent| {
            let number = directory.agents.get(&agent).and_then(|agent| agent.extension.as_ref());
            number.map_or_else(|| format!("Agent/#{agent}"), |number| format!("Agent/{number}"))
        });
        let none = || "NONE".to_owned();
        let fields = [
            self.at.0.div_euclid(1_000_000).to_string(),
            self.call.map_or_else(none, |call| call.to_string()),
            queue,
            agent.unwrap_or_else(none),
            self.event.to_owned(),
        ];
        let fields = fields.iter().chain(self.data).map(|field| field_of(field));
        fields.collect::<Vec<_>>().join("|")
    }
}

/// A field, which cannot end itself or its line whatever is in it.
fn field_of(text: &str) -> String {
    let safe = |c: char| if c == '|' || c.is_control() { '_' } else { c };
    text.chars().take(FIELD_MAX).map(safe).collect()
}

fn seconds(at: Timestamp, since: Timestamp) -> String {
    at.since(since).as_secs().to_string()
}

fn millis(at: Timestamp, since: Timestamp) -> String {
    at.since(since).as_millis().to_string()
}

fn waited(talk: &Talk) -> String {
    seconds(talk.since, talk.entry.since)
}

fn completed(talk: &Talk, call: CallId, event: &'static str, at: Timestamp, directory: &Directory) -> String {
    let data = [waited(talk), seconds(at, talk.since), talk.entry.position.to_string()];
    talk.line(at, call, event, &data).text(directory)
}

/// One side has left and the other is on its way: to this number if it was the agent who left.
fn sent_on(talk: &Talk, call: CallId, to: Option<&str>, at: Timestamp, directory: &Directory) -> String {
    let Some(to) = to else { return completed(talk, call, "COMPLETECALLER", at, directory) };
    let place = talk.entry.position.to_string();
    let data = [to.to_owned(), String::new(), waited(talk), seconds(at, talk.since), place];
    talk.line(at, call, "BLINDTRANSFER", &data).text(directory)
}

/// Of two who talked, the one whose side was over first has ended it; both may be over in the same moment.
fn who_ended(record: &CallRecord, agent: AgentId, order: &[LegId]) -> &'static str {
    let over = |leg: &LegRecord| (leg.ended_at, order.iter().position(|known| *known == leg.leg));
    let caller = record.legs.first().map(over);
    let hers = record.legs.iter().filter(|leg| leg.agent == Some(agent) && leg.answered_at.is_some());
    let hers = hers.map(over).max();
    if hers.is_some() && hers < caller { "COMPLETEAGENT" } else { "COMPLETECALLER" }
}

/// An offer that came to nothing: Asterisk knows only whether the agent or somebody else ended the ringing.
const fn rang(outcome: OfferOutcome) -> &'static str {
    match outcome {
        OfferOutcome::NoAnswer | OfferOutcome::Declined | OfferOutcome::Busy | OfferOutcome::Unreachable => {
            "RINGNOANSWER"
        }
        OfferOutcome::AnsweredElsewhere
        | OfferOutcome::CallerGone
        | OfferOutcome::WaitExpired
        | OfferOutcome::AgentLeft
        | OfferOutcome::PickedUp => "RINGCANCELED",
    }
}

fn exit_key(queue: &Queue) -> Option<char> {
    queue.in_queue.exit.as_ref().map(|exit| exit.key.sign())
}

fn callback_key(queue: &Queue) -> Option<char> {
    queue.in_queue.callback.as_ref().map(|callback| callback.key.sign())
}
