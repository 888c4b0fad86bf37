//! A long random walk: every input in any order, the self-audit after every step, and nothing lost at the end.

use std::collections::{BTreeMap, BTreeSet};

use acd::{
    Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, AgentState, Candidate, Decision, Entering, Exclusion,
    Gone, LookedAt, NoPickup, OfferFailure, OfferOutcome, OtherLeg, Pending, QueueOutcome, Scope,
};
use model::{AgentId, CallId, LegId, NotReadyReason, OfferId, OrderBy, QueueId, Strategy, Timestamp};

use crate::world::{World, need};

const SEEDS: u64 = 2_000;
const STEPS: usize = 200;
/// How many agents a queue may have that names all of them, where it is to be too large for that.
const NAMES: usize = 2;
const AGENTS: [&str; 5] = ["ann", "bob", "cid", "dan", "eve"];
const QUEUES: [&str; 3] = ["support", "sales", "billing"];

const STRATEGIES: [&str; 11] = [
    "longest-idle",
    "ring-all",
    "linear",
    "cyclic",
    "least-worked",
    "cascade",
    "tiered",
    "random",
    "skill-linear",
    "skill-cyclic",
    "skill-least-worked",
];
const RULES: [&str; 6] = [
    "weight 1",
    "weight 3, ageing 5s",
    "needs french 3 less 1 each 8s",
    "first-ring 1, grow 1, decline-delay 4s",
    "by-received, expected 30s",
    "busy 20s, needs nothing",
];

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to shuffle inputs.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("below a usize")
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// What the world has been told of one membership: state, availability, pending.
type Told = (AgentState, Timestamp, bool, Option<Pending>);

/// A call in a line, as far as the outputs tell.
struct Waits {
    entering: Entering,
    enqueued_at: Timestamp,
    declined: BTreeSet<AgentId>,
    callback: bool,
}

/// The ACD and what its outputs add up to.
struct Walk {
    seed: u64,
    random: Random,
    world: World,
    acd: Acd,
    now: Timestamp,
    trail: Vec<String>,
    next_call: u64,
    waiting: BTreeMap<CallId, Waits>,
    rings: BTreeMap<OfferId, (CallId, AgentId)>,
    offers_seen: BTreeSet<OfferId>,
    legs: Vec<(AgentId, CallId)>,
    others: Vec<(AgentId, LegId)>,
    told: BTreeMap<(AgentId, QueueId), Told>,
    ruled: BTreeMap<CallId, QueueOutcome>,
    decisions: Vec<Decision>,
    pickups: usize,
}

impl Walk {
    /// With queues that name everybody, or as in one that is too large for it.
    fn new(seed: u64) -> Self {
        Self::naming(seed, Random(seed ^ 1).one_in(2))
    }

    fn naming(seed: u64, everybody: bool) -> Self {
        let mut random = Random(seed);
        let mut world = World::new();
        for queue in QUEUES {
            let strategy = random.pick(&STRATEGIES).copied().unwrap_or("linear");
            let rules = random.pick(&RULES).copied().unwrap_or("wait 60s");
            world.declare(&format!("queue {queue}: {strategy}, offer 10s, wait 60s, {rules}"));
        }
        for agent in AGENTS {
            let (max, level) = (1 + random.below(2), random.below(4));
            world.declare(&format!("agent {agent}: max {max}, knows french {level}"));
            for queue in QUEUES {
                if !random.one_in(3) {
                    let (tier, level) = (1 + random.below(3), 1 + random.below(3));
                    world.declare(&format!("member {agent} {queue}: tier {tier}, level {level}"));
                }
            }
        }
        world.declare("limits: grace 30s, ring-all 3, offers 8, depth 6, starves 20s, callback 90s");
        if !everybody {
            world.declare(&format!("limits: names {NAMES}, candidates {NAMES}"));
        }
        let acd = Acd::new(world.limits.clone(), OfferId(1));
        let mut walk = Self {
            seed,
            random,
            world,
            acd,
            now: Timestamp::ZERO,
            trail: Vec::new(),
            next_call: 1,
            waiting: BTreeMap::new(),
            rings: BTreeMap::new(),
            offers_seen: BTreeSet::new(),
            legs: Vec::new(),
            others: Vec::new(),
            told: BTreeMap::new(),
            ruled: BTreeMap::new(),
            decisions: Vec::new(),
            pickups: 0,
        };
        walk.configure();
        for agent in 1..=AGENTS.len() as u64 {
            walk.input(AcdInput::Device { agent: AgentId(agent), reachable: true });
            if !walk.random.one_in(4) {
                walk.act(AgentId(agent), Scope::All, AgentAction::Login);
                walk.act(AgentId(agent), Scope::All, AgentAction::Ready);
            }
        }
        walk
    }

    fn fail(&self, what: &str) -> ! {
        let trail = self.trail.iter().rev().take(12).rev().cloned().collect::<Vec<_>>().join("\n");
        panic!("seed {}: {what}\nlast steps:\n{trail}", self.seed);
    }

    fn input(&mut self, input: AcdInput) {
        self.trail.push(format!("{:?} {input:?}", self.now));
        let mut out = AcdOutbox::default();
        self.acd.handle(input, self.now, &mut out);
        self.account(out);
    }

    fn configure(&mut self) {
        let mut out = AcdOutbox::default();
        self.acd.configure(&self.world.directory, self.now, &mut out);
        self.account(out);
    }

    fn act(&mut self, agent: AgentId, scope: Scope, action: AgentAction) {
        self.trail.push(format!("{:?} {agent} {scope:?} {action:?}", self.now));
        let mut out = AcdOutbox::default();
        let results = self.acd.act(agent, scope, action, self.now, &mut out);
        self.account(out);
        for result in results {
            let Ok(state) = result.result else { continue };
            let view = self.acd.memberships(agent).into_iter().find(|view| view.queue == result.queue);
            if view.map(|view| (view.state, view.pending)) != Some((state.state, state.pending)) {
                self.fail("an action was answered with something else than what is");
            }
        }
    }

    /// Adds the outputs up and compares the sum with the ACD itself.
    fn account(&mut self, out: AcdOutbox) {
        let mut changed = BTreeSet::new();
        for output in &out.outputs {
            self.trail.push(format!("    {output:?}").chars().take(160).collect());
            match output {
                AcdOutput::Queued { .. } => {}
                AcdOutput::Decided { decision } => {
                    self.is_in_order(decision);
                    let left = decision.left.is_some();
                    if let Some(agent) = decision.picked_up {
                        let rung = self.rings.values().any(|ring| *ring == (decision.call, agent));
                        if !rung {
                            self.fail("an agent who is not rung has picked a call up");
                        }
                    }
                    if !decision.winners.is_empty() || !left && !self.waiting.contains_key(&decision.call) {
                        self.fail("a record of waiting for a call that does not wait");
                    }
                    if let Some(outcome) = decision.left {
                        self.ruled.insert(decision.call, outcome);
                    }
                }
                AcdOutput::Offered { offer, call, agent, decision, .. } => {
                    if decision.picked_up.is_none() {
                        self.overtakes(*call, *agent);
                    } else if let Some(waits) = self.waiting.get_mut(call) {
                        waits.declined.remove(agent);
                    }
                    self.is_in_order(decision);
                    let twice = self.rings.values().any(|ring| *ring == (*call, *agent));
                    if twice || !self.offers_seen.insert(*offer) || !self.waiting.contains_key(call) {
                        self.fail("an offer that may not be");
                    }
                    self.rings.insert(*offer, (*call, *agent));
                }
                AcdOutput::OfferEnded { offer, call, agent, outcome, .. } => {
                    if self.rings.remove(offer).is_none() {
                        self.fail("an offer ended twice");
                    }
                    if let Some(waits) = self.waiting.get_mut(call)
                        && *outcome == OfferOutcome::Declined
                    {
                        waits.declined.insert(*agent);
                    }
                }
                AcdOutput::Connected { offer, call, agent, .. } => {
                    if self.rings.remove(offer).is_none() || self.waiting.remove(call).is_none() {
                        self.fail("a call was connected that did not wait");
                    }
                    self.legs.push((*agent, *call));
                }
                AcdOutput::LeftQueue { call, outcome, .. } => {
                    let Some(waits) = self.waiting.remove(call) else { self.fail("a call left twice") };
                    if waits.callback && *outcome == QueueOutcome::Abandoned {
                        self.fail("a caller who is to be called back lost his place");
                    }
                    let by_rule = match outcome {
                        QueueOutcome::Full | QueueOutcome::NoAgents | QueueOutcome::OverflowTimeout => true,
                        QueueOutcome::Answered
                        | QueueOutcome::Abandoned
                        | QueueOutcome::Removed
                        | QueueOutcome::QueueGone
                        | QueueOutcome::Closed
                        | QueueOutcome::Night
                        | QueueOutcome::Exited
                        | QueueOutcome::CallbackRequested
                        | QueueOutcome::CallbackDone
                        | QueueOutcome::CallbackFailed => false,
                    };
                    if by_rule && self.ruled.remove(call) != Some(*outcome) {
                        self.fail("a call left by a rule without a record of why");
                    }
                }
                AcdOutput::AgentChanged { agent, queue, state, since, available, pending } => {
                    let now = (state.clone(), *since, *available, pending.clone());
                    let before = self.told.insert((*agent, *queue), now.clone());
                    if before == Some(now) || !changed.insert((*agent, *queue)) {
                        self.fail("a change that is none, or was told twice");
                    }
                }
                AcdOutput::AgentRemoved { agent, queue } => {
                    self.told.remove(&(*agent, *queue));
                }
                AcdOutput::Faulted { what, .. } => self.fail(what),
            }
        }
        let broken = self.acd.check();
        if !broken.is_empty() {
            self.fail(&broken.join("; "));
        }
        self.compare();
    }

    /// A call's place under the rules of its queue; less is served first.
    fn place(&self, waits: &Waits) -> (i64, i64, CallId) {
        let Entering { call, queue, priority, received_at, .. } = waits.entering;
        let Some(rules) = self.world.directory.queues.get(&queue) else { self.fail("an offer of no queue") };
        let moment = match rules.order_by {
            OrderBy::Entered => waits.enqueued_at,
            OrderBy::Received => received_at.min(waits.enqueued_at),
        };
        let priority = i64::from(priority);
        match i64::from(rules.ageing) {
            0 => (-priority, moment.0, call),
            ageing => (0, moment.0 - priority * ageing * 1_000_000, call),
        }
    }

    /// Whether an agent knows what a call asks for by now.
    fn knows(&self, agent: AgentId, waits: &Waits) -> bool {
        let own = &waits.entering.skills;
        let rules = self.world.directory.queues.get(&waits.entering.queue);
        let needs = if own.is_empty() { rules.map(|rules| &rules.skills) } else { Some(own) };
        let agent = self.world.directory.agents.get(&agent);
        let waited = self.now.since(waits.enqueued_at);
        needs.is_none_or(|needs| needs.iter().all(|n| agent.is_some_and(|a| n.is_met(&a.skills, waited))))
    }

    /// Nobody who stands further ahead, rings nobody and could have this agent is passed over, and who is rung
    /// knows what is asked for and has not declined.
    fn overtakes(&self, call: CallId, agent: AgentId) {
        let Some(waits) = self.waiting.get(&call) else { self.fail("an offer for nobody") };
        let passed = self.waiting.iter().find(|(other, ahead)| {
            ahead.entering.queue == waits.entering.queue
                && self.place(ahead) < self.place(waits)
                && !ahead.declined.contains(&agent)
                && self.knows(agent, ahead)
                && !self.rings.values().any(|(ringing, _)| ringing == *other)
        });
        if passed.is_some() {
            self.fail("a caller was overtaken");
        }
        if waits.declined.contains(&agent) || !self.knows(agent, waits) {
            self.fail("an offer to somebody who may not have it");
        }
    }

    /// The record names every agent once, best first, and the best wins.
    fn is_in_order(&mut self, decision: &Decision) {
        self.decisions.push(decision.clone());
        if let Some(agent) = decision.picked_up {
            let nobody_compared = decision.candidates.is_empty() && decision.excluded.is_empty();
            if !nobody_compared || decision.winners.iter().any(|winner| *winner != agent) {
                self.fail("a pickup that compared agents");
            }
            return;
        }
        let chosen: Vec<AgentId> = decision.candidates.iter().map(|c| c.agent).collect();
        let excluded = decision.excluded.iter().flat_map(|(_, agents)| agents.iter().copied());
        let all: Vec<AgentId> = chosen.iter().copied().chain(excluded).collect();
        let once: BTreeSet<AgentId> = all.iter().copied().collect();
        let sorted = self::sorted(decision);
        let out: u32 = decision.excluded_counts.iter().map(|(_, count)| count).sum();
        // What was due before a new directory was decided with the old one.
        let told = self.told.keys().filter(|(_, queue)| *queue == decision.queue).count();
        let members = self.world.directory.members(decision.queue).count().min(told);
        let counted = decision.left.is_some_and(|outcome| !matches!(outcome, QueueOutcome::NoAgents | QueueOutcome::OverflowTimeout))
            // Who has left the queue in a call is its member until the call is over.
            || usize::try_from(decision.candidate_count + out).is_ok_and(|all| (members..=AGENTS.len()).contains(&all));
        if !counted && self.world.directory.queues.contains_key(&decision.queue) {
            self.fail(&format!("a decision that forgets somebody: {members} members, {decision:?}"));
        }
        if once.len() != all.len() || !sorted || !chosen.starts_with(&decision.winners) {
            self.fail("a decision that does not say what it did");
        }
    }

    fn compare(&self) {
        let mut views = BTreeMap::new();
        for agent in 1..=AGENTS.len() as u64 {
            for view in self.acd.memberships(AgentId(agent)) {
                views
                    .insert((view.agent, view.queue), (view.state, view.since, view.available, view.pending));
            }
        }
        if views != self.told {
            self.fail("the changes do not add up to the state");
        }
        let lines: usize = (1..=QUEUES.len() as u64).map(|q| self.acd.waiting_count(QueueId(q))).sum();
        if lines != self.waiting.len() {
            self.fail("the lines do not hold those who wait");
        }
    }

    fn step(&mut self) {
        self.now = Timestamp(self.now.0 + i64::try_from(self.random.below(4_000_000)).expect("small"));
        let agent = AgentId(1 + self.random.below(AGENTS.len()) as u64);
        match self.random.below(20) {
            0..=3 => self.caller(),
            4..=6 => self.answer(),
            7 | 8 => self.fails(),
            9 | 10 => self.hang_up(),
            11 => self.caller_leaves(),
            12 => self.direct(agent),
            13 => {
                let reachable = !self.random.one_in(3);
                self.input(AcdInput::Device { agent, reachable });
            }
            14 | 15 => self.act_somehow(agent),
            16 => self.provision(),
            17 if self.random.one_in(3) => self.another_process(),
            17 if self.random.one_in(3) => self.input(AcdInput::DayBegins),
            17 | 18 => self.pick_up(agent),
            _ => self.tick(),
        }
    }

    /// Somebody chooses a waiting call for an agent: it rings her and nobody else, or nothing happens.
    fn pick_up(&mut self, agent: AgentId) {
        let calls: Vec<CallId> = self.waiting.keys().copied().collect();
        let Some(call) = self.random.pick(&calls).copied() else { return };
        let queue = self.waiting.get(&call).map_or(QueueId(1), |waits| waits.entering.queue);
        self.trail.push(format!("{:?} {agent} picks up {call}", self.now));
        let mut out = AcdOutbox::default();
        let verdict = self.acd.pick_up((call, queue), agent, self.now, &mut out);
        self.account(out);
        let rung: Vec<AgentId> =
            self.rings.values().filter(|(of, _)| *of == call).map(|(_, agent)| *agent).collect();
        match verdict {
            Ok(()) if rung != [agent] => self.fail("a call that was picked up does not ring one agent"),
            Ok(()) => self.pickups += 1,
            Err(NoPickup::NotWaiting) if self.waiting.contains_key(&call) => self.fail("it does wait"),
            Err(_) => {}
        }
    }

    /// The ACD as bytes and back: nothing that decides is lost.
    fn another_process(&mut self) {
        let saved = borsh::to_vec(&self.acd).expect("it encodes");
        self.acd = borsh::from_slice(&saved).expect("it decodes");
        self.acd.set_limits(self.world.limits.clone());
        if borsh::to_vec(&self.acd).ok() != Some(saved) {
            self.fail("saved and loaded, it is another");
        }
    }

    fn caller(&mut self) {
        let queue = QueueId(1 + self.random.below(QUEUES.len()) as u64);
        let call = CallId(self.next_call);
        self.next_call += 1;
        let priority = if self.random.one_in(5) { 5 } else { 0 };
        self.enqueue(call, queue, priority);
    }

    fn enqueue(&mut self, call: CallId, queue: QueueId, priority: u8) {
        let mut entering = Entering { priority, ..Entering::new(call, queue, self.now) };
        let ago = |random: &mut Random| i64::try_from(random.below(20_000_000)).expect("small");
        entering.received_at = Timestamp(self.now.0 - ago(&mut self.random));
        if self.random.one_in(8) {
            entering.resumes = Some(Timestamp(self.now.0 - 1 - ago(&mut self.random)));
        }
        if self.random.one_in(4) {
            let need = ["french 2", "french 3 less 1 each 5s", "german 1 less 1 each 9s"];
            let words: Vec<&str> = need[self.random.below(3)].split(' ').collect();
            entering.skills.push(self::need(&words));
        }
        while self.random.one_in(4) {
            entering.preferred.push(AgentId(1 + self.random.below(AGENTS.len()) as u64));
        }
        let enqueued_at = entering.resumes.unwrap_or(self.now);
        let declined = BTreeSet::new();
        let waits = Waits { entering: entering.clone(), enqueued_at, declined, callback: false };
        self.waiting.insert(call, waits);
        self.input(AcdInput::Enqueued(entering));
    }

    fn answer(&mut self) {
        let rings: Vec<OfferId> = self.rings.keys().copied().collect();
        let dead: Vec<OfferId> = self.offers_seen.iter().copied().collect();
        let from = if self.random.one_in(6) { &dead } else { &rings };
        if let Some(offer) = self.random.pick(from).copied() {
            self.input(AcdInput::OfferAnswered { offer });
        }
    }

    fn fails(&mut self) {
        let seen: Vec<OfferId> = self.offers_seen.iter().rev().take(4).copied().collect();
        let why = [OfferFailure::Declined, OfferFailure::Busy, OfferFailure::Unreachable];
        let why = why[self.random.below(3)];
        if let Some(offer) = self.random.pick(&seen).copied() {
            self.input(AcdInput::OfferFailed { offer, why });
        }
    }

    fn hang_up(&mut self) {
        if self.legs.is_empty() {
            return;
        }
        let index = self.random.below(self.legs.len());
        let (agent, call) = self.legs.remove(index);
        self.input(AcdInput::QueueLegEnded { agent, call });
        if self.random.one_in(4) {
            // The agent has sent the caller on to another queue.
            let queue = QueueId(1 + self.random.below(QUEUES.len()) as u64);
            self.enqueue(call, queue, 0);
        }
    }

    fn caller_leaves(&mut self) {
        let calls: Vec<CallId> = self.waiting.keys().copied().collect();
        let why = if self.random.one_in(4) { Gone::Removed } else { Gone::HungUp };
        let Some(call) = self.random.pick(&calls).copied() else { return };
        if self.random.one_in(4) {
            self.waiting.entry(call).and_modify(|waits| waits.callback = true);
            self.input(AcdInput::CallbackRequested { call });
        }
        let stays = why == Gone::HungUp && self.waiting.get(&call).is_some_and(|waits| waits.callback);
        self.input(AcdInput::CallerGone { call, why });
        if self.waiting.contains_key(&call) && !stays {
            self.fail("only who is to be called back may hang up and stay");
        }
    }

    fn direct(&mut self, agent: AgentId) {
        let known = self.random.pick(&self.others).copied().filter(|_| !self.others.is_empty());
        let (agent, leg, state) = match known {
            Some((agent, leg)) if self.random.one_in(2) => {
                self.others.retain(|other| *other != (agent, leg));
                (agent, leg, OtherLeg::Ended)
            }
            Some((agent, leg)) if self.random.one_in(2) => (agent, leg, OtherLeg::Active),
            Some(_) | None => {
                let leg = LegId(self.next_call);
                self.next_call += 1;
                self.others.push((agent, leg));
                let rings = self.random.one_in(2);
                (agent, leg, if rings { OtherLeg::Ringing } else { OtherLeg::Active })
            }
        };
        self.input(AcdInput::OtherLeg { agent, leg, call: CallId(1_000_000 + leg.0), state });
    }

    fn act_somehow(&mut self, agent: AgentId) {
        let scope = match self.random.below(4) {
            queue @ 1..=3 => Scope::Queue(QueueId(queue as u64)),
            _ => Scope::All,
        };
        let action = match self.random.below(11) {
            0..=2 => AgentAction::Login,
            3..=5 => AgentAction::Ready,
            6 => AgentAction::NotReady(NotReadyReason::chosen("lunch")),
            7 => AgentAction::Logout,
            8 => AgentAction::SingleCall,
            9 => AgentAction::MoreTime(30),
            _ => AgentAction::WrapUp,
        };
        self.act(agent, scope, action);
    }

    fn provision(&mut self) {
        let agent = AGENTS[self.random.below(AGENTS.len())];
        let queue = QUEUES[self.random.below(QUEUES.len())];
        let changes = [
            format!("member {agent} {queue} gone"),
            format!("member {agent} {queue}: enabled, wrap-up 5s"),
            format!("member {agent} {queue}: disabled"),
            format!("member {agent} {queue}: enabled, wrap-up 0s, first 2"),
            format!("agent {agent}: disabled"),
            format!("agent {agent}: active, max 1"),
            format!("agent {agent}: max 3"),
            format!("queue {queue} gone"),
            format!("queue {queue}: linear, manual, rna not-ready all, after-direct wrap-up"),
            format!("queue {queue}: ring-all, auto-ready, rna stay, stay-when-empty, weight 3"),
            format!("queue {queue}: longest-idle, rna logout after 2, leave-when-empty, decline-is-rna"),
            format!("queue {queue}: room 3, wait 20s, wrap-up 5s"),
            format!("queue {queue}: {}", STRATEGIES[self.random.below(STRATEGIES.len())]),
            format!("queue {queue}: {}", RULES[self.random.below(RULES.len())]),
            format!("agent {agent}: knows nothing, knows french {}", self.random.below(4)),
            format!(
                "member {agent} {queue}: tier {}, level {}",
                1 + self.random.below(3),
                1 + self.random.below(3)
            ),
            format!("queue {queue}: room 0, wait 0s, wrap-up 0s, after-direct not-ready"),
        ];
        let change = changes[self.random.below(changes.len())].clone();
        let known = self.world.directory.extensions.values().any(|e| e.agent.is_some());
        assert!(known, "agents keep their extensions");
        let dnd = self.random.one_in(6);
        self.world.change(&change);
        self.world.change(&format!("agent {agent}: dnd {}", if dnd { "on" } else { "off" }));
        self.trail.push(format!("{:?} config {change}, dnd {dnd}", self.now));
        self.configure();
        // A queue that is declared again is there again.
        if self.random.one_in(3) {
            for queue in QUEUES {
                self.world.change(&format!("queue {queue}:"));
            }
            self.world.change(&format!("agent {agent}: active"));
            self.configure();
        }
    }

    fn tick(&mut self) {
        if let Some(at) = self.acd.next_deadline() {
            self.now = self.now.max(at);
        }
        self.input(AcdInput::Tick);
    }

    /// Everybody goes home: callers, calls, clocks.
    fn finish(&mut self) {
        while let Some((agent, leg)) = self.others.pop() {
            let (call, state) = (CallId(1_000_000 + leg.0), OtherLeg::Ended);
            self.input(AcdInput::OtherLeg { agent, leg, call, state });
        }
        while let Some(call) = self.waiting.keys().next().copied() {
            self.input(AcdInput::CallerGone { call, why: Gone::Removed });
        }
        while let Some((agent, call)) = self.legs.pop() {
            self.input(AcdInput::QueueLegEnded { agent, call });
        }
        for agent in 1..=AGENTS.len() as u64 {
            self.act(AgentId(agent), Scope::All, AgentAction::Logout);
        }
        if !self.waiting.is_empty() || !self.rings.is_empty() || self.acd.next_deadline().is_some() {
            self.fail("something is left when everybody has gone home");
        }
    }
}

/// Whether the candidates come in the order of the strategy.
fn sorted(decision: &Decision) -> bool {
    // Who is on a call is recorded as idle from this moment on, and comes after who really is.
    let idle = |c: &Candidate| {
        if c.idle_since < decision.at {
            (c.idle_since, c.order, c.agent)
        } else {
            (decision.at, 0, AgentId(0))
        }
    };
    let mut order = decision.candidates.iter().filter(|c| !c.preferred);
    let by_group = |c: &Candidate| match c.looked_at {
        LookedAt::Idle | LookedAt::Chance => (0, 0),
        LookedAt::Order => (i64::from(c.order), 0),
        LookedAt::LastRung(at) => (at.map_or(i64::MIN, |at| at.0), 0),
        LookedAt::Answered(count) => (count.into(), 0),
        LookedAt::Tier(tier) => (tier.into(), 0),
        LookedAt::Level(level) => (-i64::from(level), c.order.into()),
        LookedAt::LevelLastRung(level, at) => (-i64::from(level), at.map_or(i64::MIN, |at| at.0)),
        LookedAt::LevelAnswered(level, count) => (-i64::from(level), count.into()),
    };
    if decision.strategy == Strategy::Random {
        order.next();
    }
    let preferred_first = decision.candidates.is_sorted_by_key(|c| !c.preferred);
    preferred_first && order.is_sorted_by_key(|c| (by_group(c), idle(c)))
}

#[test]
fn whatever_happens_every_rule_holds_and_nobody_is_lost() {
    let (mut connected, mut offers, mut pickups) = (0, 0, 0);
    for seed in 0..SEEDS {
        let mut walk = Walk::new(seed);
        for _ in 0..STEPS {
            walk.step();
            connected += usize::from(!walk.legs.is_empty());
        }
        walk.finish();
        offers += walk.offers_seen.len();
        pickups += walk.pickups;
    }
    // The walk is worth its time only if calls really come through.
    assert!(connected > 50_000 && offers > 50_000, "{connected} steps with calls, {offers} offers");
    assert!(pickups > 1_000, "{pickups} pickups");
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let trail = |seed| {
        let mut walk = Walk::new(seed);
        (0..STEPS).for_each(|_| walk.step());
        walk.trail
    };
    assert_eq!(trail(7), trail(7));
    assert_ne!(trail(7), trail(8));
}

/// Whether a record that counts says the same as one that names: who was chosen, how many could not and why, and by
/// name those whom something about this call kept from it.
fn counts_what_the_other_names(counts: &Decision, names: &Decision) -> bool {
    let strip =
        |d: &Decision| (d.at, d.call, d.queue, d.position, d.needs.clone(), d.winners.clone(), d.left);
    let group = |d: &Decision, why: Exclusion| {
        d.excluded.iter().find(|(of, _)| *of == why).map_or_else(Vec::new, |(_, agents)| agents.clone())
    };
    strip(counts) == strip(names)
        && (counts.candidate_count, &counts.excluded_counts)
            == (names.candidate_count, &names.excluded_counts)
        && names.candidates.starts_with(&counts.candidates)
        && counts.excluded.iter().all(|(why, agents)| {
            let all = group(names, *why);
            agents.iter().all(|agent| all.contains(agent))
        })
        && [Exclusion::DeclinedThis, Exclusion::OtherQueueFirst].into_iter().all(|why| {
            group(counts, why).len() == group(names, why).len().min(NAMES)
                || counts.excluded == names.excluded
        })
}

#[test]
fn a_queue_too_large_for_names_counts_what_a_small_one_names() {
    let mut apart = 0;
    for seed in 0..SEEDS / 4 {
        let walked = |everybody| {
            let mut walk = Walk::naming(seed, everybody);
            (0..STEPS).for_each(|_| walk.step());
            walk.decisions
        };
        let (names, counts) = (walked(true), walked(false));
        assert_eq!(names.len(), counts.len(), "seed {seed}");
        for (names, counts) in names.iter().zip(&counts) {
            assert!(counts_what_the_other_names(counts, names), "seed {seed}: {counts:#?}\n{names:#?}");
            apart += usize::from(names != counts);
        }
    }
    assert!(apart > 10_000, "the two hardly differ: {apart}");
}
