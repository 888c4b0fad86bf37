//! The engine: matches an input and calls one function in one room. It contains no rule.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use acd::{Acd, AcdOutbox};
use model::{CallId, Directory, FlowId, LegId, OfferId, Pii, PlayId, QueueId, Timestamp};

use crate::agents::{self, Agents};
use crate::bridge::Bridges;
use crate::call::{Call, arrive, clear, connect, flow, hold, key, prompt};
use crate::counters::Counters;
use crate::day;
use crate::devices::{self, Devices};
use crate::event::EventKind;
use crate::groups::Groups;
use crate::hand_over;
use crate::hours::{self, Hours};
use crate::ids::Ids;
use crate::input::{Input, LegInput, MediaInput};
use crate::leg::Leg;
use crate::limits::Limits;
use crate::mailboxes::{self, Mailboxes};
use crate::night::NightMode;
use crate::outbox::Outbox;
use crate::reach::{self, Reach};
use crate::request;
use crate::restart;
use crate::resume::Resumable;
use crate::step::Step;
use crate::sticky::Sticky;
use crate::timer::{self, Timers};
use crate::view::View;

/// Where the counters of this engine start, so that no id is ever used again.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
pub struct FirstIds {
    /// The first call.
    pub call: CallId,
    /// The first dialed leg; odd.
    pub leg: LegId,
    /// The first offer.
    pub offer: OfferId,
    /// The first player run.
    pub play: PlayId,
}

/// Everything that decides, for one domain.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub struct Engine {
    pub(crate) directory: Arc<Directory>,
    /// Its flows, ready to run; made of it, so not saved.
    #[borsh(skip)]
    pub(crate) flows: BTreeMap<FlowId, Arc<callflow::Flow>>,
    #[borsh(skip)]
    pub(crate) limits: Limits,
    pub(crate) ids: Ids,
    pub(crate) draining: bool,
    /// Live calls.
    pub(crate) calls: BTreeMap<CallId, Call>,
    /// The call of each leg that has not ended.
    pub(crate) legs: BTreeMap<LegId, CallId>,
    /// The leg of each offer that is alive.
    pub(crate) offers: BTreeMap<OfferId, (CallId, LegId)>,
    /// Calls whose last leg may have ended in this step.
    pub(crate) ended: BTreeSet<CallId>,
    pub(crate) bridges: Bridges,
    pub(crate) acd: Acd,
    #[borsh(skip)]
    pub(crate) acd_out: AcdOutbox,
    pub(crate) agents: Agents,
    pub(crate) devices: Devices,
    pub(crate) counters: Counters,
    pub(crate) timers: Timers,
    /// Callers who are to be called back, by queue and digits of their number.
    pub(crate) callbacks: BTreeMap<(QueueId, Pii<String>), CallId>,
    /// Who served each caller last.
    pub(crate) sticky: Sticky,
    /// Places in lines that a restart took away.
    pub(crate) resumable: Resumable,
    pub(crate) hours: Hours,
    pub(crate) night: NightMode,
    pub(crate) mailboxes: Mailboxes,
    pub(crate) reach: Reach,
    pub(crate) groups: Groups,
    /// The last midnight of the domain.
    pub(crate) day: Timestamp,
    now: Timestamp,
}

impl Engine {
    /// Whether there may be one more call: of the engine's own, and of the domain's.
    pub(crate) fn has_room(&self) -> bool {
        let calls = self.calls.len();
        !self.draining
            && calls < self.limits.calls_max
            && self.directory.limits.has_room(model::Counted::Calls, calls)
    }

    /// An engine for `directory`. Two engines with the same ids and inputs agree in everything.
    #[must_use]
    pub fn new(directory: Arc<Directory>, limits: Limits, first: FirstIds, now: Timestamp) -> Self {
        let mut engine = Self {
            directory: Arc::clone(&directory),
            flows: BTreeMap::new(),
            acd: Acd::new(limits.acd.clone(), first.offer),
            limits,
            ids: Ids::new(first),
            draining: false,
            calls: BTreeMap::new(),
            legs: BTreeMap::new(),
            offers: BTreeMap::new(),
            ended: BTreeSet::new(),
            bridges: Bridges::default(),
            acd_out: AcdOutbox::default(),
            agents: Agents::default(),
            devices: Devices::default(),
            counters: Counters::default(),
            timers: Timers::default(),
            callbacks: BTreeMap::new(),
            sticky: Sticky::default(),
            resumable: Resumable::default(),
            hours: Hours::default(),
            night: NightMode::default(),
            mailboxes: Mailboxes::default(),
            reach: Reach::default(),
            groups: Groups::default(),
            day: now,
            now,
        };
        day::set(&mut engine, now);
        // Nobody listens yet: whoever does begins with a snapshot.
        engine.handle(Input::Directory(directory), now, &mut Outbox::default());
        engine
    }

    /// Applies one input. Commands, events and replies are appended to `out`.
    ///
    /// `now` must not be earlier than in the previous call; an earlier value is read as the same moment.
    pub fn handle(&mut self, input: Input, now: Timestamp, out: &mut Outbox) {
        #[cfg(feature = "broken")]
        acd::broken::begins(self.limits.acd.broken);
        self.now = self.now.max(now);
        let step = &mut Step { now: self.now, out };
        day::look(self, step);
        match input {
            Input::Tick => timer::tick(self, step),
            Input::Leg(leg, input) => self.leg(leg, input, step),
            Input::Media(leg, MediaInput::PlayEnded(play)) => prompt::play_ended(self, leg, play, step),
            Input::Media(leg, MediaInput::Silent) => clear::silent(self, leg, step),
            Input::Recording(record, input) => mailboxes::recording(self, record, input, step),
            Input::Device(extension, input) => devices::changed(self, extension, input, step),
            Input::Request(id, actor, asked) => request::handle(self, id, &actor, asked, step),
            Input::Fetched { call, number, answer } => flow::fetched(self, (call, number), answer, step),
            Input::Directory(directory) => self.configure(directory, step),
            Input::Drain => self.draining = true,
            Input::Restarted => restart::restarted(self, step),
            Input::HandedOver(handed) => hand_over::take_over(self, &handed, step),
        }
        agents::carry_out(self, step);
        clear::finish(self, step);
        agents::refresh(self, step);
    }

    /// As [`Engine::handle`], into a fresh outbox; for tests and tools.
    #[must_use]
    pub fn step(&mut self, input: Input, now: Timestamp) -> Outbox {
        let mut out = Outbox::default();
        self.handle(input, now, &mut out);
        // What the ACD has said and nobody has carried out would be lost with the next save.
        debug_assert!(self.acd_out.outputs.is_empty(), "the ACD was not heard: {:?}", self.acd_out);
        out
    }

    fn leg(&mut self, leg: LegId, input: LegInput, step: &mut Step<'_>) {
        match input {
            LegInput::Arrived(arrival) => arrive::leg_arrived(self, leg, arrival, step),
            LegInput::Ringing => connect::leg_ringing(self, leg, step),
            LegInput::Answered => connect::leg_answered(self, leg, step),
            LegInput::Digit(pressed) => key::pressed(self, leg, pressed, step),
            // A phone's own hold is a matter of that phone: the call stays connected (domain 3.4).
            LegInput::Held(on) => hold::by_phone(self, leg, on, step),
            LegInput::Ended(cause) => clear::leg_ended(self, leg, cause, step),
        }
    }

    /// Takes over provisioning between two inputs; live calls go on.
    fn configure(&mut self, directory: Arc<Directory>, step: &mut Step<'_>) {
        let before = std::mem::replace(&mut self.directory, directory);
        self.flows = flow::compiled(&self.directory);
        day::set(self, step.now);
        self.acd.configure(&self.directory, step.now, &mut self.acd_out);
        self.take_said();
        reach::configure(self, &before, step);
        devices::configure(self, step);
        hours::look(self, step);
        self.night.configure(&self.directory);
        self.groups.configure(&self.directory);
        mailboxes::configure(self, step);
        agents::carry_out(self, step);
        self.counters.configure(&self.directory);
        self.sticky.configure(&self.directory);
        step.out.touched.all = true;
        step.event(EventKind::DirectoryChanged);
    }

    /// When [`Input::Tick`] is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        [self.timers.next(), self.acd.next_deadline()].into_iter().flatten().min()
    }

    /// A read-only view for snapshots.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { engine: self }
    }

    /// What is provisioned.
    #[must_use]
    pub fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// Live calls, but for those that are nothing more than a caller to be called back.
    #[must_use]
    pub fn call_count(&self) -> usize {
        if self.counters.all_pending_callbacks() == 0 {
            return self.calls.len();
        }
        let has_legs = |call: &&Call| !call.is_over() || !call.is_to_be_called_back();
        self.calls.values().filter(has_legs).count()
    }

    /// The call of a leg that has not ended.
    pub(crate) fn call_of(&mut self, leg: LegId) -> Option<&mut Call> {
        self.calls.get_mut(self.legs.get(&leg)?)
    }

    /// Adds a dialed leg to a call.
    pub(crate) fn add_leg(&mut self, id: CallId, leg: Leg) {
        if let Some(call) = self.calls.get_mut(&id) {
            self.legs.insert(leg.id(), id);
            call.legs.push(leg);
        }
    }
}
