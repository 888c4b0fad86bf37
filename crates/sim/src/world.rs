//! One world: the engine, the plan, the phones and the wire, one queue of what comes next, one clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use engine::{
    Actor, Arrival, DeviceInput, Engine, FirstIds, Input, LegInput, Limits, MediaInput, Origin, Outbox,
    Request,
};
use model::{AgentId, CallId, CallerId, LegId, OfferId, PlayId, RequestId, Timestamp};

use crate::callbacks::Callbacks;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::laws::Laws;
use crate::plan::{Item, Plan};
use crate::provision;
use crate::reference::Reference;
use crate::rng::Chance;
use crate::violation::Violation;

/// What comes next.
#[derive(Clone, Debug)]
pub(crate) enum Coming {
    /// An item of the plan.
    Item(usize),
    /// A report of the shell.
    Input(Input),
}

/// One world.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) engine: Engine,
    pub(crate) limits: Limits,
    pub(crate) reference: Reference,
    pub(crate) laws: Laws,
    pub(crate) journal: Journal,
    pub(crate) now: Timestamp,
    /// By time; at the same moment in an order drawn by seed.
    pub(crate) coming: BTreeMap<(Timestamp, u64, u64), Coming>,
    /// Legs the shell has not reported as ended.
    pub(crate) open: BTreeSet<LegId>,
    /// Phones that would register again.
    pub(crate) phones: BTreeSet<model::ExtensionNumber>,
    pub(crate) ties: Chance,
    pub(crate) steps: u64,
    pub(crate) hash: u64,
    pub(crate) trace: Option<Vec<String>>,
    pub(crate) broken: Option<(u64, Violation)>,
    next_leg: u64,
    next_request: u64,
    next_coming: u64,
    /// When the alarm that is set now goes off, if it is late.
    alarm: Option<(Timestamp, Timestamp)>,
}

/// The settings of every world.
fn limits() -> Limits {
    let acd = acd::Limits {
        device_grace: Duration::from_secs(20),
        starves_after: Duration::from_secs(40),
        ..acd::Limits::default()
    };
    Limits { calls_max: 40, decisions_per_call_max: 5, acd, ..Limits::default() }
}

impl World {
    /// A world at its first moment.
    pub(crate) fn new(plan: Plan, trace: bool) -> Self {
        Self::under(limits(), plan, trace)
    }

    /// A world in which the engine breaks a rule.
    #[cfg(feature = "broken")]
    pub(crate) fn broken(plan: Plan, rule: acd::broken::Broken) -> Self {
        let mut limits = limits();
        limits.acd.broken = Some(rule);
        Self::under(limits, plan, false)
    }

    fn under(limits: Limits, plan: Plan, trace: bool) -> Self {
        let first = FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) };
        let engine = Engine::new(Arc::clone(&plan.directory), limits.clone(), first, Timestamp::ZERO);
        let mut world = Self {
            reference: Reference::new(&plan.directory, &limits, Timestamp::ZERO),
            laws: Laws::new(&engine),
            journal: Journal::default(),
            ties: Chance::about(plan.seed, 0x71E5),
            now: Timestamp::ZERO,
            coming: BTreeMap::new(),
            open: BTreeSet::new(),
            phones: BTreeSet::new(),
            steps: 0,
            hash: 0xCBF2_9CE4_8422_2325,
            trace: trace.then(Vec::new),
            broken: None,
            next_leg: 2,
            next_request: 1,
            next_coming: 0,
            alarm: None,
            engine,
            limits,
            plan,
        };
        let items: Vec<Timestamp> = world.plan.items.iter().map(|(at, _)| *at).collect();
        for (index, at) in items.into_iter().enumerate() {
            world.comes(at, Coming::Item(index));
        }
        world
    }

    pub(crate) fn comes(&mut self, at: Timestamp, what: Coming) {
        self.next_coming += 1;
        let tie = self.ties.draw();
        self.coming.insert((at.max(self.now), tie, self.next_coming), what);
    }

    /// From the first moment to rest, or to the first violation.
    pub(crate) fn run(&mut self) {
        let end = self.plan.end;
        self.run_until(end);
        self.rest();
    }

    /// The callbacks of this seed, in a world of their own.
    pub(crate) fn call_back(&mut self) {
        let mut callbacks = Callbacks::new(self.plan.seed, &self.limits.acd, self.trace.is_some());
        callbacks.run(&self.plan.callbacks);
        if let (Some(trace), Some(theirs)) = (&mut self.trace, callbacks.trace) {
            trace.extend(theirs);
        }
        self.broken = callbacks.broken.map(|(step, violation)| (self.steps + step, violation));
        self.steps += callbacks.steps;
        self.hash = self.hash.rotate_left(1) ^ callbacks.hash;
    }

    /// Nobody calls any more, all hang up, every agent can come back, every clock runs out.
    fn rest(&mut self) {
        self.feed(Input::Drain);
        let later = self.now.after(Duration::from_secs(200));
        self.run_until(later);
        for call in self.laws.before.calls.keys().copied().collect::<Vec<_>>() {
            self.request(Request::HangUp { call });
        }
        let later = self.now.after(Duration::from_secs(400));
        self.run_until(later);
        self.come_back();
        for agent in self.engine.directory().agents.keys().copied().collect::<Vec<_>>() {
            self.ask(agent, engine::Scope::All, engine::AgentAction::Logout);
        }
        let later = self.now.after(Duration::from_secs(8_000));
        self.run_until(later);
        if self.broken.is_none() {
            self.laws.at_rest(&self.engine);
            self.take_broken();
        }
    }

    /// 6: whatever happened to them, agents can always come back by a command, once they have a phone.
    fn come_back(&mut self) {
        let directory = Arc::clone(self.engine.directory());
        for agent in directory.agents.values().filter(|agent| agent.status == model::AgentStatus::Active) {
            let Some(number) = agent.extension.clone() else { continue };
            self.feed(Input::Device(number, DeviceInput::Reachable));
            self.ask(agent.id, engine::Scope::All, engine::AgentAction::Login);
            self.ask(agent.id, engine::Scope::All, engine::AgentAction::Ready);
            if self.broken.is_some() {
                return;
            }
            let members = self.engine.view().agent(agent.id).map(|view| view.memberships).unwrap_or_default();
            for member in members {
                let entry = directory.memberships.get(&(member.queue, agent.id));
                let dnd = agent.extension.as_ref().and_then(|number| directory.extensions.get(number));
                let may = entry.is_some_and(|entry| entry.enabled) && !dnd.is_some_and(|phone| phone.dnd);
                if may && !member.available {
                    let what =
                        format!("agent {} cannot come back to queue {}: {member:?}", agent.id, member.queue);
                    self.broken.get_or_insert((self.steps, Violation { law: "6", what }));
                }
            }
        }
    }

    /// Lets everything happen that comes until then, in order of time.
    fn run_until(&mut self, until: Timestamp) {
        while self.broken.is_none() {
            let tick = self.alarm();
            let coming = self.coming.keys().next().copied();
            let next = [tick, coming.map(|(at, ..)| at)].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            let first = coming.filter(|(at, ..)| *at == next);
            // At the same moment, now the one comes first and now the other.
            let takes_tick = tick == Some(next) && (first.is_none() || self.ties.one_in(2));
            match first.filter(|_| !takes_tick).and_then(|key| self.coming.remove(&key)) {
                Some(Coming::Item(index)) => self.item(index),
                Some(Coming::Input(input)) if self.still_true(&input) => self.feed(input),
                Some(Coming::Input(_)) => {}
                None => self.feed(Input::Tick),
            }
        }
        self.now = self.now.max(until);
    }

    /// When the engine is told of the clock next: at its deadline, or a little later where the alarm is late.
    fn alarm(&mut self) -> Option<Timestamp> {
        let due = self.engine.next_deadline()?;
        if !self.plan.faults.has(Fault::LateTicks) {
            return Some(due);
        }
        if let Some((of, at)) = self.alarm.filter(|(of, _)| *of == due) {
            let _ = of;
            return Some(at);
        }
        let late = if self.ties.one_in(3) { self.ties.millis(400) } else { Duration::ZERO };
        let at = due.max(self.now).after(late);
        self.alarm = Some((due, at));
        Some(at)
    }

    /// A leg says nothing more after its end, and its end only once.
    fn still_true(&self, input: &Input) -> bool {
        if let Input::Device(number, _) = input {
            return self.phones.contains(number);
        }
        let (Input::Leg(leg, _) | Input::Media(leg, _)) = input else { return true };
        self.open.contains(leg)
    }

    fn item(&mut self, index: usize) {
        let Some((_, item)) = self.plan.items.get(index).cloned() else { return };
        match item {
            Item::Caller { dialed, phone, patience, number } => self.caller(dialed, phone, patience, &number),
            Item::Asks(agent, scope, action) => self.ask(agent, scope, action),
            Item::Code(agent, code) => self.caller(code, Some(agent), None, "99"),
            Item::Device(agent, up) => self.device(provision::extension_of(agent), up),
            Item::Lobby(up) => self.device(provision::number(provision::LOBBY), up),
            Item::Change(change) => {
                let directory = provision::changed(self.engine.directory(), change, &provision::STRATEGIES);
                self.feed(Input::Directory(directory));
            }
            Item::HangUp(which) => {
                let calls: Vec<CallId> = self.laws.before.calls.keys().copied().collect();
                if let Some(call) = Chance::about(which, 0).pick(&calls) {
                    self.request(Request::HangUp { call });
                }
            }
            Item::Noise(which) => self.noise(which),
            Item::Kill => self.kill(),
            Item::Restart => self.restart(),
        }
    }

    fn device(&mut self, number: Option<model::ExtensionNumber>, up: bool) {
        let input = if up { DeviceInput::Reachable } else { DeviceInput::Unreachable };
        if let Some(number) = number {
            if up {
                self.phones.insert(number.clone());
            } else {
                self.phones.remove(&number);
            }
            self.feed(Input::Device(number, input));
        }
    }

    fn caller(&mut self, dialed: String, phone: Option<AgentId>, patience: Option<Duration>, number: &str) {
        let leg = LegId(self.next_leg);
        self.next_leg += 2;
        self.open.insert(leg);
        let origin = match phone.and_then(provision::extension_of) {
            Some(number) => Origin::Extension(number),
            None => Origin::Trunk(provision::TRUNK),
        };
        if let Some(patience) = patience {
            self.end_later(leg, patience, engine::Cause::Normal);
        }
        let caller = CallerId::new(number, "Cal");
        let arrival = Arrival { origin, dialed, caller, max_forwards: 70 };
        self.feed(Input::Leg(leg, LegInput::Arrived(arrival)));
    }

    fn ask(&mut self, agent: AgentId, scope: engine::Scope, action: engine::AgentAction) {
        self.request(Request::Agent { agent, scope, action });
    }

    fn request(&mut self, request: Request) {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.feed(Input::Request(id, Actor::Owner, request));
    }

    fn noise(&mut self, which: u64) {
        let mut chance = Chance::about(which, 1);
        let open: Vec<LegId> = self.open.iter().copied().collect();
        let leg = chance.pick(&open).unwrap_or(LegId(1_000_000));
        let input = match chance.below(6) {
            0 => Input::Media(leg, MediaInput::PlayEnded(PlayId(chance.below(50)))),
            1 => Input::Media(leg, MediaInput::Silent),
            2 => Input::Leg(leg, LegInput::Digit(chance.pick(&['5', '#', '*', 'A']).unwrap_or('0'))),
            3 => Input::Leg(leg, LegInput::Held(chance.one_in(2))),
            4 => Input::Leg(LegId(999_999), LegInput::Ended(engine::Cause::Normal)),
            _ => Input::Tick,
        };
        self.feed(input);
    }

    /// One step of everything.
    pub(crate) fn feed(&mut self, input: Input) {
        if self.broken.is_some() {
            return;
        }
        self.steps += 1;
        if let Input::Leg(leg, LegInput::Ended(_)) = &input {
            self.open.remove(leg);
        }
        let out = self.engine.step(input.clone(), self.now);
        self.note(&input, &out);
        self.journal.append(&input, self.now, &out, &self.engine);
        self.laws.check(&self.engine, &input, self.now, &out);
        self.reference.step(&input, self.now, &out, &self.engine);
        self.take_broken();
        if !matches!(input, Input::Restarted) {
            self.carry_out(&out);
        }
    }

    pub(crate) fn take_broken(&mut self) {
        let found = self.reference.broken.drain(..).chain(self.laws.broken.drain(..)).next();
        if let Some(violation) = found {
            self.broken.get_or_insert((self.steps, violation));
        }
    }

    /// Adds the step to the hash, and to the trace if there is one.
    fn note(&mut self, input: &Input, out: &Outbox) {
        let bytes = borsh::to_vec(out).unwrap_or_default();
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        let Some(trace) = &mut self.trace else { return };
        let seconds = Duration::from_micros(u64::try_from(self.now.0).unwrap_or(0)).as_secs_f64();
        trace.push(format!("{:>5} {seconds:>9.3}s  {input:?}", self.steps));
        for event in &out.events {
            trace.push(format!("                     . {:?}", event.kind));
        }
        for command in &out.commands {
            trace.push(format!("                     > {command:?}"));
        }
        for reply in &out.replies {
            trace.push(format!("                     = {reply:?}"));
        }
    }
}
