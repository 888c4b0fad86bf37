//! Callers who are to be called back: a small world of the ACD alone, after the engine's own.
//!
//! The engine does not ask its ACD for callbacks, so its worlds cannot show what becomes of one. Here the seed plays
//! the engine: it lets callers ask, hang up and call again, agents answer and part, and the line be judged
//! (`judge`, `line`). What only an engine knows is played by its rules: a newer call of the same number takes a pending
//! callback out of its line (A45).

mod judge;
mod line;

use std::collections::BTreeMap;
use std::time::Duration;

use acd::{
    Acd, AcdInput, AcdOutbox, AgentAction, Entering, Gone, Limits, MembershipResult, OfferFailure, Scope,
};
use model::{
    AgentId, CallId, Directory, Membership, OfferId, OrderBy, Queue, QueueId, Strategy, Tenant, TenantId,
    Timestamp,
};

use crate::callbacks::judge::Judge;
use crate::provision;
use crate::rng::Chance;
use crate::violation::Violation;

/// How long a world lasts before it comes to rest, seconds.
const LENGTH: u64 = 180;

/// How many acts it has.
const ACTS: u64 = 120;

/// Most clocks that run out between two acts.
const TICKS_MAX: usize = 10_000;

/// How many numbers call: few, so that the same one calls again.
const NUMBERS: u64 = 6;

/// What each act is drawn from is known beforehand, so that some can be left out.
pub(crate) fn drawn(seed: u64) -> Vec<(Timestamp, u64)> {
    let mut chance = Chance::about(seed, 0xCB);
    let mut acts: Vec<(Timestamp, u64)> =
        (0..ACTS).map(|_| (Timestamp::ZERO.after(chance.millis(LENGTH * 1_000)), chance.draw())).collect();
    acts.sort_unstable();
    acts
}

/// The world.
pub(crate) struct Callbacks {
    acd: Acd,
    limits: Limits,
    directory: Directory,
    judge: Judge,
    now: Timestamp,
    next_call: u64,
    ties: Chance,
    pub(crate) steps: u64,
    pub(crate) hash: u64,
    pub(crate) trace: Option<Vec<String>>,
    pub(crate) broken: Option<(u64, Violation)>,
}

fn provisioned(chance: &mut Chance) -> Directory {
    let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
    let (agents, queues) = (chance.between(1, 3), chance.between(1, 2));
    for id in 1..=agents {
        let mut agent = provision::agent(AgentId(id), chance);
        agent.max_concurrent_calls = 1;
        directory.insert_agent(agent);
    }
    for id in (1..=queues).map(QueueId) {
        let Some(number) = provision::number_of(id) else { continue };
        let mut queue = Queue::new(id, number, &format!("q{id}"));
        (queue.retry_delay, queue.busy_delay) = (0, 0);
        queue.max_callers = if chance.one_in(2) { 0 } else { provision::u32_between(chance, 2, 5) };
        queue.ageing = if chance.one_in(3) { provision::u32_between(chance, 1, 20) } else { 0 };
        queue.order_by = if chance.one_in(3) { OrderBy::Received } else { OrderBy::Entered };
        rules(&mut queue, chance);
        directory.insert_queue(queue);
        for agent in (1..=agents).map(AgentId).filter(|_| !chance.one_in(4)) {
            directory.insert_membership(Membership::new(id, agent));
        }
    }
    directory
}

/// Draws the rules that may change under those who wait.
fn rules(queue: &mut Queue, chance: &mut Chance) {
    let strategies = [Strategy::LongestIdle, Strategy::Linear, Strategy::Cyclic, Strategy::RingAll];
    queue.strategy = chance.pick(&strategies).unwrap_or_default();
    queue.ring_time = provision::u32_between(chance, 3, 12);
    queue.max_waiting_time = if chance.one_in(3) { 0 } else { provision::u32_between(chance, 15, 60) };
    queue.wait_when_no_agents = chance.one_in(2);
}

impl Callbacks {
    /// At its first moment: everybody has a phone and is logged in. `limits` are those of the engine's world.
    pub(crate) fn new(seed: u64, limits: &Limits, trace: bool) -> Self {
        let mut chance = Chance::about(seed, 0xCB1);
        let directory = provisioned(&mut chance);
        let callback_max = Duration::from_secs(chance.between(20, 90));
        let limits = Limits { callback_max, logout_on_unregister: false, ..limits.clone() };
        let mut world = Self {
            acd: Acd::new(limits.clone(), OfferId(1)),
            judge: Judge::new(&directory, callback_max),
            limits,
            directory,
            now: Timestamp::ZERO,
            next_call: 1,
            ties: Chance::about(seed, 0xCB2),
            steps: 0,
            hash: 0,
            trace: trace.then(Vec::new),
            broken: None,
        };
        world.configure();
        for agent in world.directory.agents.keys().copied().collect::<Vec<_>>() {
            world.device(agent, true);
            world.ask(agent, AgentAction::Login);
        }
        world
    }

    /// All acts, then rest: nobody calls any more, and no callback outlives its longest time.
    pub(crate) fn run(&mut self, acts: &[(Timestamp, u64)]) {
        for (at, act) in acts {
            self.run_until(*at);
            self.act(&mut Chance::about(*act, 0));
        }
        let end = Timestamp::ZERO.after(Duration::from_secs(LENGTH));
        self.run_until(end.after(self.limits.callback_max).after(Duration::from_secs(60)));
        self.judge.at_rest();
        self.take_broken();
    }

    /// Lets every clock run out that is due before `until`; of those due at that moment some come after it.
    fn run_until(&mut self, until: Timestamp) {
        for _ in 0..TICKS_MAX {
            let due = self.acd.next_deadline().filter(|at| *at <= until && self.broken.is_none());
            let Some(at) = due.filter(|at| *at < until || self.ties.one_in(2)) else { break };
            self.now = self.now.max(at);
            self.feed(AcdInput::Tick);
        }
        self.now = self.now.max(until);
    }

    fn act(&mut self, chance: &mut Chance) {
        match chance.below(26) {
            0..=4 => self.caller(chance),
            5..=7 => self.wants_callback(chance),
            8 | 9 => self.gone(chance, Gone::HungUp),
            10 => self.gone(chance, Gone::Removed),
            11..=13 => self.on_ring(chance, |offer| AcdInput::OfferAnswered { offer }),
            14 | 15 => self.on_ring(chance, |offer| AcdInput::OfferPicked { offer }),
            16 | 17 => self.on_ring(chance, |offer| AcdInput::NotAccepted { offers: vec![offer] }),
            18 => {
                let why = chance.pick(&[OfferFailure::Declined, OfferFailure::Busy]);
                let why = why.unwrap_or(OfferFailure::Declined);
                self.on_ring(chance, |offer| AcdInput::OfferFailed { offer, why });
            }
            19..=21 => self.parts(chance),
            22 => {
                let asks = [AgentAction::Login, AgentAction::Ready, AgentAction::Logout];
                let asked = usize::try_from(chance.below(3)).ok().and_then(|index| asks.get(index));
                if let (Some(agent), Some(action)) = (self.idler(chance), asked) {
                    self.ask(agent, action.clone());
                }
            }
            23 => {
                if let Some(agent) = self.idler(chance) {
                    self.device(agent, chance.one_in(2));
                }
            }
            24 => self.change(chance),
            _ => self.kill(),
        }
    }

    /// Somebody calls. What is pending for his number in this line is cancelled by it (A45).
    fn caller(&mut self, chance: &mut Chance) {
        let queue = QueueId(chance.between(1, 2));
        let number = chance.below(NUMBERS);
        if let Some(call) = self.judge.pending(queue, number) {
            self.feed(AcdInput::CallerGone { call, why: Gone::Removed });
        }
        let call = CallId(self.next_call);
        self.next_call += 1;
        let earlier = i64::try_from(chance.millis(30_000).as_micros()).unwrap_or(0);
        let mut entering = Entering::new(call, queue, Timestamp(self.now.0 - earlier));
        entering.priority =
            if chance.one_in(4) { u8::try_from(chance.between(1, 9)).unwrap_or(9) } else { 0 };
        self.judge.numbers.insert(call, number);
        self.feed(AcdInput::Enqueued(entering));
    }

    /// Somebody who waits, or has long been served, asks to be called back; most hang up then, some ask again.
    fn wants_callback(&mut self, chance: &mut Chance) {
        let waiting = self.judge.waiting();
        let anybody = CallId(chance.between(1, self.next_call));
        let Some(call) = chance.pick(&waiting).filter(|_| !chance.one_in(8)).or(Some(anybody)) else {
            return;
        };
        self.feed(AcdInput::CallbackRequested { call });
        if !chance.one_in(4) {
            self.feed(AcdInput::CallerGone { call, why: Gone::HungUp });
        }
    }

    fn gone(&mut self, chance: &mut Chance, why: Gone) {
        if let Some(call) = chance.pick(&self.judge.waiting()) {
            self.feed(AcdInput::CallerGone { call, why });
        }
    }

    fn on_ring(&mut self, chance: &mut Chance, input: impl Fn(OfferId) -> AcdInput) {
        let rings: Vec<OfferId> = self.judge.rings.keys().copied().collect();
        if let Some(offer) = chance.pick(&rings) {
            self.feed(input(offer));
        }
    }

    /// A call is over; of a callback also when its caller did not answer.
    fn parts(&mut self, chance: &mut Chance) {
        let talks: Vec<(AgentId, CallId)> = self.judge.talks();
        if let Some((agent, call)) = chance.pick(&talks) {
            self.feed(AcdInput::QueueLegEnded { agent, call });
        }
    }

    /// An agent who is on no call.
    fn idler(&self, chance: &mut Chance) -> Option<AgentId> {
        let talks: BTreeMap<AgentId, CallId> = self.judge.talks().into_iter().collect();
        let all: Vec<AgentId> =
            self.directory.agents.keys().copied().filter(|id| !talks.contains_key(id)).collect();
        chance.pick(&all)
    }

    fn device(&mut self, agent: AgentId, reachable: bool) {
        self.feed(AcdInput::Device { agent, reachable });
    }

    fn ask(&mut self, agent: AgentId, action: AgentAction) {
        let mut out = AcdOutbox::default();
        let what = format!("agent {agent} asks {action:?}");
        let results = self.acd.act(agent, Scope::All, action.clone(), self.now, &mut out);
        let done = |result: &MembershipResult| result.result.is_ok();
        if results.iter().any(done) {
            self.judge.asked(agent, &action);
        }
        self.step(&what, &out);
    }

    /// Rules change, or a queue goes for good.
    fn change(&mut self, chance: &mut Chance) {
        let id = QueueId(chance.between(1, 2));
        if chance.one_in(12) {
            self.directory.queues.remove(&id);
            self.directory.memberships.retain(|(queue, _), _| *queue != id);
        } else if let Some(queue) = self.directory.queues.get_mut(&id) {
            rules(queue, chance);
        }
        self.configure();
    }

    fn configure(&mut self) {
        let mut out = AcdOutbox::default();
        self.acd.configure(&self.directory, self.now, &mut out);
        self.judge.provisioned(&self.directory);
        self.step("provisioned", &out);
    }

    /// The process dies between two steps and takes up with what was written.
    fn kill(&mut self) {
        let written = borsh::to_vec(&self.acd).ok();
        let read = written.as_ref().and_then(|bytes| borsh::from_slice::<Acd>(bytes).ok());
        let Some(mut acd) = read else { return self.judge.broken("16", "it is not read as written".into()) };
        acd.set_limits(self.limits.clone());
        self.acd = acd;
    }

    fn feed(&mut self, input: AcdInput) {
        if self.broken.is_some() {
            return;
        }
        let mut out = AcdOutbox::default();
        let what = format!("{input:?}");
        self.acd.handle(input.clone(), self.now, &mut out);
        self.judge.input(&input, self.now);
        self.step(&what, &out);
    }

    /// Notes and judges what one input has led to.
    fn step(&mut self, what: &str, out: &AcdOutbox) {
        self.steps += 1;
        self.hash = self.hash.rotate_left(1) ^ crate::journal::hash(out);
        if let Some(trace) = &mut self.trace {
            let seconds = Duration::from_micros(u64::try_from(self.now.0).unwrap_or(0)).as_secs_f64();
            trace.push(format!("{:>5} {seconds:>9.3}s  {what}", self.steps));
            trace.extend(out.outputs.iter().map(|output| format!("                     . {output:?}")));
        }
        self.judge.check(&self.acd, self.now, out);
        self.take_broken();
    }

    fn take_broken(&mut self) {
        if let Some(violation) = self.judge.broken.drain(..).next() {
            self.broken.get_or_insert((self.steps, violation));
        }
    }
}
