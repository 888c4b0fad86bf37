//! What must be true after every step, whoever wrote the story.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{
    AgentView, CallRecord, CallView, Command, DomainView, Engine, EventKind, Input, LegCommand, LegInput,
    MediaCommand, Outbox, QueueOutcome, QueueView,
};
use model::{AgentId, CallId, LegId, OfferId, QueueId};

/// All views at one moment.
#[derive(Clone, Debug, PartialEq)]
struct Snapshot {
    domain: DomainView,
    agents: BTreeMap<AgentId, AgentView>,
    queues: BTreeMap<QueueId, QueueView>,
    calls: BTreeMap<CallId, CallView>,
}

impl Snapshot {
    fn of(engine: &Engine) -> Self {
        let view = engine.view();
        Self {
            domain: view.domain(),
            agents: view.agents().into_iter().map(|agent| (agent.agent, agent)).collect(),
            queues: view.queues().into_iter().map(|queue| (queue.queue, queue)).collect(),
            calls: view.calls().into_iter().map(|call| (call.call, call)).collect(),
        }
    }

    /// What somebody holds who knew this and was told of the touched ones only.
    fn told(&self, now: &Self, out: &Outbox) -> Self {
        if out.touched.all {
            return now.clone();
        }
        let mut told = self.clone();
        if out.touched.domain {
            told.domain = now.domain.clone();
        }
        replace(&mut told.agents, &now.agents, &out.touched.agents);
        replace(&mut told.queues, &now.queues, &out.touched.queues);
        replace(&mut told.calls, &now.calls, &out.touched.calls);
        told
    }
}

fn replace<K: Ord + Copy, V: Clone>(told: &mut BTreeMap<K, V>, now: &BTreeMap<K, V>, touched: &BTreeSet<K>) {
    for key in touched {
        match now.get(key) {
            Some(view) => told.insert(*key, view.clone()),
            None => told.remove(key),
        };
    }
}

/// One leg as the shell sees it.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    arrived: bool,
    answered: bool,
    told_to_end: bool,
    over: bool,
}

/// The leg that a command makes.
fn dials(command: &Command) -> Option<LegId> {
    if let Command::Leg(leg, LegCommand::Dial { .. }) = command { Some(*leg) } else { None }
}

/// The laws, and what they must remember.
pub(crate) struct Laws {
    before: Snapshot,
    legs: BTreeMap<LegId, Seen>,
    /// Calls that ever were in a flow, and those that are.
    began: BTreeSet<CallId>,
    in_flow: BTreeSet<CallId>,
    bridged: BTreeMap<LegId, LegId>,
    arrived: BTreeSet<CallId>,
    offered: BTreeSet<OfferId>,
    connected: BTreeMap<CallId, u32>,
    /// How often each call was transferred.
    transferred: BTreeMap<CallId, u32>,
    /// Agents who were removed at some time. In the field they never come back under the same id; here they do,
    /// and nobody remembers what they were doing.
    removed: BTreeSet<AgentId>,
    /// Every record so far.
    pub(crate) records: BTreeMap<CallId, Arc<CallRecord>>,
}

impl Laws {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self {
            before: Snapshot::of(engine),
            legs: BTreeMap::new(),
            began: BTreeSet::new(),
            in_flow: BTreeSet::new(),
            bridged: BTreeMap::new(),
            arrived: BTreeSet::new(),
            offered: BTreeSet::new(),
            connected: BTreeMap::new(),
            transferred: BTreeMap::new(),
            removed: BTreeSet::new(),
            records: BTreeMap::new(),
        }
    }

    /// After one step.
    pub(crate) fn check(&mut self, engine: &Engine, input: &Input, out: &Outbox) {
        self.note(input);
        for event in &out.events {
            if let EventKind::FlowBegan { call, .. } = event.kind {
                self.began.insert(call);
            }
        }
        for command in &out.commands {
            self.command(command);
        }
        if let Input::Restarted = input {
            // Every leg died with the process; nobody will say so. Who is to be called back may be offered at once.
            let dialed: BTreeSet<LegId> = out.commands.iter().filter_map(dials).collect();
            let died = self.legs.iter_mut().filter(|(leg, _)| !dialed.contains(leg));
            died.for_each(|(_, seen)| seen.over = true);
            self.bridged.clear();
            for leg in engine.view().calls().iter().flat_map(|call| &call.legs) {
                let anew = leg.ended_at.is_some() || dialed.contains(&leg.leg);
                assert!(anew, "leg {} outlived the process that carried it", leg.leg);
            }
        }
        for event in &out.events {
            self.event(&event.kind);
        }
        let now = Snapshot::of(engine);
        for command in &out.commands {
            if let Command::Leg(leg, LegCommand::Dial { queue: Some(_), .. }) = command {
                self.within_capacity(engine, &now, *leg);
            }
        }
        assert_eq!(self.before.told(&now, out), now, "a view changed that was not named, on {input:?}");
        self.before = now;
        self.who_hears_whom();
        let asked = usize::from(matches!(input, Input::Request(..)));
        assert_eq!(out.replies.len(), asked, "one reply for each request");
        self.conservation(engine);
    }

    fn note(&mut self, input: &Input) {
        if let Input::Directory(directory) = input {
            let known = self.before.agents.keys().copied();
            self.removed.extend(known.filter(|agent| !directory.agents.contains_key(agent)));
        }
        let Input::Leg(leg, input) = input else { return };
        match input {
            LegInput::Arrived(_) => {
                self.legs.insert(*leg, Seen { arrived: true, ..Seen::default() });
            }
            LegInput::Answered => self.legs.entry(*leg).or_default().answered = true,
            LegInput::Ended(_) => self.legs.entry(*leg).or_default().over = true,
            LegInput::Ringing | LegInput::Digit(_) | LegInput::Held(_) => {}
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Leg(leg, LegCommand::Dial { .. }) => {
                assert_eq!(leg.0 % 2, 1, "dialed legs are odd");
                assert!(self.legs.insert(*leg, Seen::default()).is_none(), "leg {leg} was there before");
            }
            Command::Leg(leg, command) => {
                let seen = self.living(*leg, command);
                match command {
                    LegCommand::Dial { .. } => {}
                    LegCommand::Secrecy(_) => {
                        assert!(seen.arrived || seen.answered, "leg {leg} is in no flow")
                    }
                    LegCommand::Ring => assert!(seen.arrived && !seen.answered, "leg {leg} cannot ring"),
                    LegCommand::Answer => {
                        assert!(seen.arrived && !seen.answered, "leg {leg} cannot be answered");
                        seen.answered = true;
                    }
                    LegCommand::Lift => assert!(!seen.arrived && !seen.answered, "leg {leg} does not ring"),
                    LegCommand::Refuse(_) => {
                        assert!(seen.arrived && !seen.answered, "leg {leg} cannot be refused");
                        seen.told_to_end = true;
                    }
                    LegCommand::End(_) => {
                        assert!(!seen.arrived || seen.answered, "leg {leg} is to be refused, not ended");
                        seen.told_to_end = true;
                    }
                }
            }
            Command::Fetch(call, _) => assert!(self.began.contains(call), "call {call} was in no flow"),
            Command::Media(MediaCommand::Play { leg, prompts, .. }) => {
                assert!(!prompts.is_empty(), "nothing to play");
                assert!(self.living(*leg, command).answered, "leg {leg} cannot hear");
            }
            Command::Media(MediaCommand::StopPlay { leg } | MediaCommand::StopRecord { leg }) => {
                self.living(*leg, command);
            }
            Command::Media(
                MediaCommand::PlayRecord { leg, .. }
                | MediaCommand::Record { leg, .. }
                | MediaCommand::Press { leg, .. },
            ) => {
                assert!(self.living(*leg, command).answered, "leg {leg} cannot hear or be heard");
            }
            Command::Media(MediaCommand::RecordTalk { leg, .. }) => {
                self.living(*leg, command);
                assert!(self.bridged.contains_key(leg), "leg {leg} talks with nobody");
            }
            Command::Erase { .. } | Command::KeepPrompt(_) | Command::Lamp { .. } => {}
            Command::Media(MediaCommand::Bridge { a, b }) => {
                assert!(self.living(*a, command).answered && self.living(*b, command).answered);
                assert_eq!(self.bridged.insert(*a, *b), None, "leg {a} hears two");
                assert_eq!(self.bridged.insert(*b, *a), None, "leg {b} hears two");
            }
            Command::Media(MediaCommand::Unbridge { a, b }) => {
                assert_eq!(self.bridged.remove(a), Some(*b));
                assert_eq!(self.bridged.remove(b), Some(*a));
            }
        }
    }

    /// Nobody is rung by a queue who has as many calls as she is given at a time (domain, invariant 7).
    fn within_capacity(&self, engine: &Engine, now: &Snapshot, dialed: LegId) {
        let legs = || now.calls.values().flat_map(|call| call.legs.iter().map(move |leg| (call, leg)));
        let Some(agent) = legs().find(|(_, leg)| leg.leg == dialed).and_then(|(_, leg)| leg.agent) else {
            return;
        };
        if self.removed.contains(&agent) || self.legs[&dialed].told_to_end {
            return;
        }
        let others = legs().filter(|(call, leg)| {
            let is_code = call.dialed.starts_with('*');
            let closing = leg.ended_at.is_some() || self.legs[&leg.leg].told_to_end;
            leg.agent == Some(agent) && leg.leg != dialed && !is_code && !closing
        });
        let others: Vec<LegId> = others.map(|(_, leg)| leg.leg).collect();
        let most = engine.directory().agents.get(&agent).map_or(1, |agent| agent.max_concurrent_calls);
        assert!(others.len() < usize::from(most), "agent {agent} is rung by {dialed} and has {others:?}");
    }

    fn living(&mut self, leg: LegId, command: &impl std::fmt::Debug) -> &mut Seen {
        let seen = self.legs.get_mut(&leg).unwrap_or_else(|| panic!("{command:?} for an unknown leg"));
        assert!(!seen.over, "{command:?} for leg {leg}, which is over");
        assert!(!seen.told_to_end, "{command:?} for leg {leg}, which was told to end");
        seen
    }

    fn event(&mut self, kind: &EventKind) {
        match kind {
            EventKind::CallFaulted { call, what } => panic!("call {call} faulted: {what}"),
            EventKind::CallArrived { call } => assert!(self.arrived.insert(*call), "call {call} came twice"),
            EventKind::OfferMade { offer, .. } => assert!(self.offered.insert(*offer), "{offer} made twice"),
            EventKind::OfferEnded { offer, .. } => assert!(self.offered.remove(offer), "{offer} ended twice"),
            EventKind::CallConnected { call, .. } => {
                *self.connected.entry(*call).or_default() += 1;
                let most = 1 + self.transferred.get(call).copied().unwrap_or_default();
                assert!(self.connected[call] <= most, "call {call} was connected too often");
            }
            EventKind::CallTransferred { call, .. } => {
                *self.transferred.entry(*call).or_default() += 1;
                assert_eq!(
                    self.connected.get(call),
                    self.transferred.get(call),
                    "nobody talked on call {call}"
                );
            }
            EventKind::FlowBegan { call, .. } => {
                assert!(self.in_flow.insert(*call), "call {call} is in two flows");
            }
            EventKind::FlowEnded { call, .. } => {
                assert!(self.in_flow.remove(call), "call {call} left a flow it was not in");
            }
            EventKind::CallEnded { record } => {
                assert!(!self.in_flow.contains(&record.call), "an ended call is still in a flow");
                assert!(self.arrived.contains(&record.call), "a record of a call that never came");
                for leg in &record.legs {
                    assert!(self.legs[&leg.leg].over, "leg {} of an ended call is not over", leg.leg);
                    assert!(leg.ended_at.is_some() && leg.cause.is_some());
                    assert!(!self.bridged.contains_key(&leg.leg), "leg {} is still bridged", leg.leg);
                }
                let former = self.records.insert(record.call, Arc::clone(record));
                assert!(former.is_none(), "two records of call {}", record.call);
            }
            EventKind::LegChanged { .. }
            | EventKind::FlowStep { .. }
            | EventKind::DigitsCollected { .. }
            | EventKind::FlowFellBack { .. }
            | EventKind::CallQueued { .. }
            | EventKind::IntroHeard { .. }
            | EventKind::Decided { .. }
            | EventKind::HoldChanged { .. }
            | EventKind::CallLeftQueue { .. }
            | EventKind::AgentChanged { .. }
            | EventKind::DeviceChanged { .. }
            | EventKind::NightModeChanged { .. }
            | EventKind::DndChanged { .. }
            | EventKind::ForwardingChanged { .. }
            | EventKind::CallLinkChanged { .. }
            | EventKind::RingGroupBegan { .. }
            | EventKind::RingGroupEnded { .. }
            | EventKind::MessageLeft { .. }
            | EventKind::MessageMarked { .. }
            | EventKind::MessageTranscribed { .. }
            | EventKind::MessageDeleted { .. }
            | EventKind::RecordingFailed { .. }
            | EventKind::MailboxLocked { .. }
            | EventKind::DirectoryChanged
            | EventKind::CallRefused { .. } => {}
        }
    }

    /// Two hear each other exactly while they talk and nobody is on hold.
    fn who_hears_whom(&self) {
        for call in self.before.calls.values() {
            let hear = call.legs.iter().filter(|leg| self.bridged.contains_key(&leg.leg)).count();
            let talks = matches!(call.state, engine::CallState::Connected { .. });
            assert!(talks || !call.held, "call {} is on hold and nobody talks", call.call);
            assert_eq!(hear, if talks && !call.held { 2 } else { 0 }, "on call {}", call.call);
        }
    }

    fn conservation(&self, engine: &Engine) {
        for queue in self.before.queues.values() {
            let counters = &queue.counters;
            let left: u64 = counters.left.values().sum();
            assert_eq!(
                counters.offered,
                counters.answered + left + u64::from(queue.waiting),
                "queue {} lost count",
                queue.number
            );
            let line = engine.view().waiting(queue.queue);
            let called_back = line.iter().filter(|waiting| waiting.callback).count();
            assert_eq!(
                line.len() - called_back,
                queue.waiting as usize,
                "the line of {} is as long as said",
                queue.number
            );
            let requested = counters.left.get(&QueueOutcome::CallbackRequested).copied().unwrap_or_default();
            let over = counters.callbacks_done + counters.callbacks_failed + counters.callbacks_cancelled;
            assert_eq!(
                requested,
                over + u64::from(queue.callbacks),
                "queue {} lost a callback",
                queue.number
            );
            assert!(called_back <= queue.callbacks as usize);
            for waiting in line {
                let call = self.before.calls.get(&waiting.call);
                let state = call.map(|call| &call.state);
                let Some(engine::CallState::Waiting { enqueued_at, offered_to, priority, callback, .. }) =
                    state
                else {
                    panic!("call {} waits and is {state:?}", waiting.call)
                };
                assert_eq!(*enqueued_at, waiting.enqueued_at);
                assert_eq!(*priority, waiting.priority);
                assert_eq!(*callback, waiting.callback);
                let sorted = |agents: &[AgentId]| agents.iter().copied().collect::<BTreeSet<_>>();
                assert_eq!(sorted(offered_to), sorted(&waiting.offered_to), "of call {}", waiting.call);
            }
        }
    }

    /// When everybody has hung up and every clock has run out.
    pub(crate) fn at_rest(&self, engine: &Engine) {
        assert_eq!(engine.call_count(), 0, "calls are left: {:#?}", self.before.calls);
        assert_eq!(engine.next_deadline(), None, "a timer is left");
        assert_eq!(self.arrived, self.records.keys().copied().collect(), "one record for each call");
        assert!(self.bridged.is_empty(), "bridges are left: {:?}", self.bridged);
        let open: Vec<_> = self.legs.iter().filter(|(_, seen)| !seen.over).collect();
        assert!(open.is_empty(), "legs are left: {open:?}");
        for queue in self.before.queues.values() {
            assert_eq!(queue.waiting, 0);
        }
        for record in self.records.values() {
            let answered = record.queues.iter().filter(|stay| stay.outcome == QueueOutcome::Answered).count();
            let most = 1 + self.transferred.get(&record.call).copied().unwrap_or_default() as usize;
            assert!(answered <= most, "call {} was answered by two queues", record.call);
            assert!(record.started_at <= record.ended_at);
        }
    }
}
