//! A naive ACD that decides beside the engine, written from the domain's rules and not from the code it checks.
//!
//! It scans everything, keeps no index and no table of timers. It is told the same inputs; of what the engine says
//! it takes only what has happened (who was offered, who answered), checks that it was allowed at that moment, and
//! derives from it what every agent must be doing and how every line must stand. After each step the engine's
//! views must say the same.
//!
//! Within one step the order in which the engine told its ACD of legs and the ACD decided is not visible. What a
//! step adds about legs and devices is therefore kept in order and applied at the latest possible moment: an offer
//! is wrong only if it was wrong before and after each of them.

pub(crate) mod action;
pub(crate) mod agent;
pub(crate) mod calls;
pub(crate) mod choose;
pub(crate) mod compare;
pub(crate) mod device;
pub(crate) mod enter;
pub(crate) mod estimate;
pub(crate) mod growth;
pub(crate) mod line;
pub(crate) mod missed;
pub(crate) mod provision;
pub(crate) mod restart;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use engine::{Command, DeviceInput, Engine, EventKind, Input, LegInput, Outbox, Reply, Request};
use model::{AgentId, CallId, Directory, ExtensionNumber, LegId, OfferId, Queue, QueueId, Timestamp};

use crate::coverage::{Coverage, Met, State};
use crate::reference::agent::Agents;
use crate::reference::line::{Caller, Count, Line, Place};
use crate::violation::Violation;

/// What a step adds about legs and devices, to be applied in this order at some moment of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fact {
    /// A direct call rings her.
    Rings(AgentId, LegId, CallId),
    /// She talks on a leg that is no queue's.
    Talks(AgentId, LegId, CallId),
    /// That leg is over.
    Over(AgentId, LegId),
    /// She did something with her phone.
    Seen(AgentId),
    /// Her devices came or went.
    Device(AgentId, bool),
    /// Her working hours begin (true) or end.
    Hours(AgentId, bool),
    /// The clocks that are due run down; whether those of a tick do.
    Clocks(bool),
}

/// What the reference knows of a leg.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LegFacts {
    pub(crate) call: Option<CallId>,
    /// Whose phone it is.
    pub(crate) agent: Option<AgentId>,
    /// It came in from outside.
    pub(crate) arrived: bool,
    /// It was dialed for this offer of a queue.
    pub(crate) offer: Option<OfferId>,
    /// She serves a queue's call on it.
    pub(crate) serves: bool,
    /// It occupies her, and is no queue's.
    pub(crate) occupies: bool,
}

/// The reference.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) directory: Arc<Directory>,
    pub(crate) now: Timestamp,
    pub(crate) agents: Agents,
    pub(crate) lines: BTreeMap<QueueId, Line>,
    pub(crate) counts: BTreeMap<QueueId, Count>,
    pub(crate) registered: BTreeSet<ExtensionNumber>,
    pub(crate) told: BTreeMap<AgentId, bool>,
    pub(crate) legs: BTreeMap<LegId, LegFacts>,
    /// What each live call came with.
    pub(crate) callers: BTreeMap<CallId, Caller>,
    /// Who served a number last in a queue.
    pub(crate) sticky: BTreeMap<(String, QueueId), (AgentId, Timestamp)>,
    /// Places that a restart took from their callers.
    pub(crate) places: BTreeMap<(String, QueueId), Place>,
    /// Whether the hours of those who have some were open when last looked at.
    pub(crate) hours: BTreeMap<AgentId, bool>,
    /// The day that is counted.
    pub(crate) midnight: Timestamp,
    pub(crate) late: VecDeque<Fact>,
    pub(crate) next_single: u64,
    /// The offer whose agent has lifted in this step.
    pub(crate) lifted: Option<OfferId>,
    /// The call that was connected last in this step.
    pub(crate) connected: Option<CallId>,
    pub(crate) limits: engine::Limits,
    pub(crate) coverage: Coverage,
    pub(crate) broken: Vec<Violation>,
}

impl Reference {
    /// A reference of an engine that has just begun with this directory.
    pub(crate) fn new(directory: &Arc<Directory>, limits: &engine::Limits, now: Timestamp) -> Self {
        let mut reference = Self {
            directory: Arc::clone(directory),
            now,
            agents: BTreeMap::new(),
            lines: BTreeMap::new(),
            counts: BTreeMap::new(),
            registered: BTreeSet::new(),
            told: BTreeMap::new(),
            legs: BTreeMap::new(),
            callers: BTreeMap::new(),
            sticky: BTreeMap::new(),
            places: BTreeMap::new(),
            hours: BTreeMap::new(),
            midnight: directory.tenant.zone.midnight(now),
            late: VecDeque::new(),
            next_single: 0,
            lifted: None,
            connected: None,
            limits: limits.clone(),
            coverage: Coverage::default(),
            broken: Vec::new(),
        };
        reference.take_over(directory);
        reference.hours_edges();
        while reference.apply_late() {}
        reference.remember_shown();
        reference
    }

    /// Follows one step of the engine, checks what it did, and compares what both say now.
    ///
    /// An input may come before a tick that is late. If it is one that the engine's ACD need not hear of, what was
    /// due stays due; else it happens first. Which of the two it is cannot be seen from outside, so either will do.
    pub(crate) fn step(&mut self, input: &Input, now: Timestamp, out: &Outbox, engine: &Engine) {
        self.now = now;
        if matches!(input, Input::Tick) || !self.is_late() {
            return self.follow(input, out, engine, true);
        }
        let before = self.clone();
        self.follow(input, out, engine, true);
        if !self.broken.is_empty() {
            let first = std::mem::replace(self, before);
            self.follow(input, out, engine, false);
            if !self.broken.is_empty() {
                *self = first;
            }
        }
    }

    fn follow(&mut self, input: &Input, out: &Outbox, engine: &Engine, fires: bool) {
        self.connected = None;
        let tick = matches!(input, Input::Tick);
        let mut early = BTreeSet::new();
        self.new_day();
        if matches!(input, Input::Restarted) {
            self.keep_places();
        }
        if fires {
            early = self.overdue(out, tick);
            // An edge of somebody's hours comes before the other clocks of its moment, and is decided upon with them.
            if tick && self.hours_edges() {
                self.late.push_back(Fact::Clocks(tick));
            } else {
                self.clocks(tick);
            }
        }
        self.input(input, out);
        for (index, event) in out.events.iter().enumerate() {
            if !early.contains(&index) {
                self.event(&event.kind, input, out);
            }
        }
        while self.apply_late() {}
        self.check_picked();
        if tick {
            self.check_clocks();
        }
        self.check_after(engine);
        self.remember_shown();
    }

    pub(crate) fn broken(&mut self, law: &'static str, what: String) {
        self.broken.push(Violation { law, what });
    }

    /// The rules of a queue, also of one that is gone and still has a call.
    pub(crate) fn rules(&self, queue: QueueId) -> Option<&Queue> {
        self.lines.get(&queue).map(|line| &line.rules)
    }

    /// Counts an event in the state of one membership.
    pub(crate) fn hit(&mut self, agent: AgentId, queue: QueueId, met: Met) {
        if let Some(state) = self.agents.get(&agent).and_then(|agent| agent.kind(queue)) {
            self.coverage.hit(state, met);
        }
    }

    /// Counts the end of a ring: whatever ends it, until now it rang her, alone or beside a call.
    pub(crate) fn hit_ring(&mut self, agent: AgentId, queue: QueueId, met: Met) {
        let Some(state) = self.agents.get(&agent).and_then(|agent| agent.kind(queue)) else { return };
        let on_call = matches!(state, State::QueueCall | State::OtherCall);
        self.coverage.hit(if on_call { state } else { State::Ringing }, met);
    }

    /// Counts an event in the states of all her memberships.
    pub(crate) fn hit_all(&mut self, id: AgentId, met: Met) {
        let Some(agent) = self.agents.get(&id) else { return };
        for (queue, member) in &agent.members {
            let counts = member.logged_in || !met.needs_login();
            if let Some(state) = agent.kind(*queue).filter(|_| counts) {
                self.coverage.hit(state, met);
            }
        }
    }

    /// Rings and waits that are over: they end before anything else of this step.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these end by a clock of a call's own")]
    fn overdue(&mut self, out: &Outbox, tick: bool) -> BTreeSet<usize> {
        let now = self.now;
        let due = |at: Timestamp| at < now || (tick && at == now);
        let mut done = BTreeSet::new();
        for (index, event) in out.events.iter().enumerate() {
            let happened = match &event.kind {
                EventKind::OfferEnded { offer, outcome: engine::OfferOutcome::NoAnswer, .. } => {
                    self.ring(*offer).is_some_and(|(_, ring)| !ring.picked && due(ring.rings_out))
                }
                EventKind::OfferEnded { call, outcome: engine::OfferOutcome::WaitExpired, .. }
                | EventKind::CallLeftQueue { call, outcome: engine::QueueOutcome::OverflowTimeout, .. } => {
                    self.wait_limit(*call).is_some_and(due)
                }
                _ => false,
            };
            if happened {
                self.event(&event.kind, &Input::Tick, out);
                done.insert(index);
            }
        }
        done
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what decides nothing by itself")]
    fn input(&mut self, input: &Input, out: &Outbox) {
        match input {
            Input::Leg(leg, LegInput::Arrived(arrival)) => self.arrived(*leg, arrival, out),
            Input::Leg(leg, LegInput::Ringing) => self.alerts(*leg),
            Input::Leg(leg, LegInput::Answered) => self.answered(*leg, out),
            Input::Leg(leg, LegInput::Ended(_)) => self.ended(*leg),
            Input::Device(number, input) => self.device_input(number, *input),
            Input::Request(_, _, Request::Agent { agent, scope, action }) => {
                if let Some((_, Ok(Reply::Agent(theirs)))) = out.replies.first() {
                    let ours = self.act(*agent, *scope, action);
                    self.check_results(&ours, theirs);
                } else if self.directory.agents.contains_key(agent) && self.scope_is_known(*scope) {
                    self.broken("34", format!("no reply to {action:?} of agent {agent}"));
                }
            }
            Input::Directory(directory) => {
                self.take_over(directory);
                if self.hours_edges() {
                    self.late.push_back(Fact::Clocks(true));
                }
            }
            Input::Restarted => self.restarted(),
            _ => {}
        }
    }

    fn scope_is_known(&self, scope: engine::Scope) -> bool {
        match scope {
            engine::Scope::All => true,
            engine::Scope::Queue(queue) => self.directory.queues.contains_key(&queue),
        }
    }

    fn device_input(&mut self, number: &ExtensionNumber, input: DeviceInput) {
        let up = input == DeviceInput::Reachable;
        if up {
            self.registered.insert(number.clone());
        } else {
            self.registered.remove(number);
        }
        if let Some(agent) = self.directory.agent_of(number.as_str()).map(|agent| agent.id) {
            self.told.insert(agent, up);
            self.device(agent, up);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "events that follow from those above")]
    fn event(&mut self, kind: &EventKind, input: &Input, out: &Outbox) {
        match kind {
            EventKind::CallQueued { call, queue, position } => self.queued(*call, *queue, *position),
            EventKind::OfferMade { offer, call, queue, agent } => {
                self.check_offer(*call, *queue, *agent);
                self.offered(*offer, *call, *queue, *agent);
            }
            EventKind::OfferEnded { offer, call, queue, agent, outcome } => {
                self.offer_ended((*offer, *call, *queue, *agent), *outcome, input, out);
            }
            EventKind::CallConnected { call, queue: Some(queue), agent: Some(agent), waited_ms } => {
                self.connected((*call, *queue, *agent), *waited_ms);
            }
            EventKind::CallLeftQueue { call, queue, outcome } => self.left(*call, *queue, *outcome),
            EventKind::IntroHeard { call, .. } => {
                if let Some(entry) = self.entry_mut(*call) {
                    entry.held = false;
                }
            }
            EventKind::LegChanged { call, leg } => self.leg_changed(*call, *leg, out),
            EventKind::CallEnded { record } => {
                self.callers.remove(&record.call);
            }
            _ => {}
        }
    }

    /// A new leg that was dialed for nobody's queue begins to ring somebody: the caller talks from now on, too.
    pub(crate) fn leg_changed(&mut self, call: CallId, leg: LegId, out: &Outbox) {
        if self.legs.contains_key(&leg) {
            return;
        }
        let dialed = out.commands.iter().find_map(|command| {
            let Command::Leg(of, engine::LegCommand::Dial { to, queue, .. }) = command else { return None };
            (*of == leg).then_some((to, queue))
        });
        let Some((to, queue)) = dialed else { return };
        let agent = match to {
            engine::DialTarget::Extension(number) => {
                self.directory.extensions.get(number).and_then(|extension| extension.agent)
            }
            engine::DialTarget::Trunk(..) => None,
        };
        let ring = agent.and_then(|agent| self.agents.get(&agent)).filter(|_| queue.is_some());
        let offer =
            ring.and_then(|agent| agent.rings.iter().rfind(|ring| ring.call == call)).map(|ring| ring.offer);
        let occupies = queue.is_none() && agent.is_some();
        self.legs.insert(
            leg,
            LegFacts { call: Some(call), agent, arrived: false, offer, serves: false, occupies },
        );
        if queue.is_none() {
            if let Some(agent) = agent {
                self.late.push_back(Fact::Rings(agent, leg, call));
            }
            self.caller_talks(call);
        }
    }
}
