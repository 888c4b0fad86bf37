//! What a decision costs: `cargo bench -p acd`.
//!
//! First a table of the time of single decisions: median, 99th percentile and the worst, on one core of whatever
//! machine runs it. A decision is the whole step in which an agent is paired with a caller: a leg ends and the
//! head of the line is offered, or a caller comes and somebody free is rung. All that follows in the step is in it:
//! the states of the agent in all her queues, the clocks, the record.
//!
//! Then divan's own benchmarks of a whole round, with a count of allocations: a leg ends, the next caller is offered,
//! answered, and another caller joins the line. That is three steps and two records.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]
#![expect(clippy::unwrap_used, reason = "a benchmark may end on a mistake of its own")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use acd::{Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, Entering, Limits, Scope};
use model::{
    Agent, AgentId, AgentStatus, CallId, Directory, ExtensionNumber, Membership, OfferId, Queue, QueueId,
    Role, SkillNeed, Strategy, Tenant, TenantId, Timestamp, Zone,
};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const STRATEGIES: [Strategy; 11] = [
    Strategy::LongestIdle,
    Strategy::RingAll,
    Strategy::Linear,
    Strategy::Cyclic,
    Strategy::LeastWorked,
    Strategy::LinearCascade,
    Strategy::TieredLongestIdle,
    Strategy::Random,
    Strategy::SkillLinear,
    Strategy::SkillCyclic,
    Strategy::SkillLeastWorked,
];

/// What is measured in.
#[derive(Clone, Copy, Debug)]
struct Size {
    strategy: Strategy,
    queues: u64,
    agents: u64,
    /// Of each agent.
    memberships: u64,
    /// In each queue.
    waiting: u64,
    /// Callers ask for one of two skills, of which each agent has one.
    skills: bool,
}

const ONE: Size = Size {
    strategy: Strategy::LongestIdle,
    queues: 1,
    agents: 5_000,
    memberships: 1,
    waiting: 5_000,
    skills: false,
};

const MANY: Size = Size { queues: 1_000, agents: 10_000, memberships: 3, waiting: 5, ..ONE };

struct World {
    size: Size,
    acd: Acd,
    out: AcdOutbox,
    now: Timestamp,
    legs: Vec<(AgentId, CallId)>,
    next_call: u64,
    random: u64,
}

impl World {
    /// Everybody is ready and free; nobody waits.
    fn free(size: Size) -> Self {
        let (acd, out) = (Acd::new(Limits::default(), OfferId(1)), AcdOutbox::default());
        let now = Timestamp::from_secs(1_000);
        let mut world = Self { size, acd, out, now, legs: Vec::new(), next_call: 1, random: 7 };
        world.acd.configure(&directory(size), world.now, &mut world.out);
        for agent in (1..=size.agents).map(AgentId) {
            world.now = world.now.after(Duration::from_millis(1));
            world.input(AcdInput::Device { agent, reachable: true });
            world.acd.act(agent, Scope::All, AgentAction::Login, world.now, &mut world.out);
        }
        world
    }

    /// Everybody talks, and the lines are full.
    fn busy(size: Size) -> Self {
        let mut world = Self::free(size);
        let callers = size.agents + size.waiting * size.queues;
        let mut queue = 0;
        while world.next_call <= callers * 2 {
            queue = queue % size.queues + 1;
            let full = u64::try_from(world.acd.waiting_count(QueueId(queue))).unwrap() >= size.waiting;
            if world.legs.len() as u64 >= size.agents && full {
                if (1..=size.queues).all(|q| world.acd.waiting_count(QueueId(q)) as u64 >= size.waiting) {
                    break;
                }
                continue;
            }
            world.arrives(QueueId(queue));
            world.answers();
        }
        world
    }

    fn input(&mut self, input: AcdInput) {
        self.out.outputs.clear();
        self.acd.handle(input, self.now, &mut self.out);
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    fn arrives(&mut self, queue: QueueId) {
        let mut entering = Entering::new(CallId(self.next_call), queue, self.now);
        if self.size.skills {
            let skill = if self.next_call.is_multiple_of(2) { "french" } else { "german" };
            entering.skills.push(SkillNeed { skill: skill.into(), level: 2, relax_after: 0, relax_by: 0 });
        }
        self.next_call += 1;
        self.input(AcdInput::Enqueued(entering));
    }

    /// The first offer of the last step, answered; the queue it came from.
    fn answers(&mut self) -> Option<QueueId> {
        let offered = self.out.outputs.iter().find_map(|output| match output {
            AcdOutput::Offered { offer, call, agent, queue, .. } => Some((*offer, *call, *agent, *queue)),
            AcdOutput::Queued { .. }
            | AcdOutput::OfferEnded { .. }
            | AcdOutput::Decided { .. }
            | AcdOutput::Connected { .. }
            | AcdOutput::LeftQueue { .. }
            | AcdOutput::AgentChanged { .. }
            | AcdOutput::AgentRemoved { .. }
            | AcdOutput::Faulted { .. } => None,
        });
        let (offer, call, agent, queue) = offered?;
        self.input(AcdInput::OfferAnswered { offer });
        self.legs.push((agent, call));
        Some(queue)
    }

    /// Some agent's leg ends; how long the step took in which the next caller is offered to her.
    fn leg_ends(&mut self) -> Duration {
        self.now = self.now.after(Duration::from_millis(1));
        let index = usize::try_from(self.below(self.legs.len() as u64)).unwrap();
        let (agent, call) = self.legs.swap_remove(index);
        let begin = Instant::now();
        self.input(AcdInput::QueueLegEnded { agent, call });
        begin.elapsed()
    }

    /// A leg ends, the next caller is offered and answered, another comes.
    fn round(&mut self) -> Duration {
        let took = self.leg_ends();
        if let Some(queue) = self.answers() {
            self.arrives(queue);
        }
        took
    }

    /// A caller comes to agents who are free; how long the step took. She is rung, answers, and is free again.
    fn arrival(&mut self) -> Duration {
        self.now = self.now.after(Duration::from_millis(1));
        let queue = QueueId(1 + self.below(self.size.queues));
        let begin = Instant::now();
        self.arrives(queue);
        let took = begin.elapsed();
        self.answers();
        self.leg_ends();
        took
    }
}

fn directory(size: Size) -> Directory {
    let name = "acme.test".into();
    let mut directory = Directory::new(Tenant {
        id: TenantId(1),
        name,
        timezone: "UTC".into(),
        zone: Zone::default(),
        max_hops: 10,
    });
    for id in 1..=size.queues {
        let number = ExtensionNumber::parse(&format!("{}", 800_000 + id)).unwrap();
        let mut queue = Queue::new(QueueId(id), number, "Support");
        queue.strategy = size.strategy;
        queue.max_waiting_time = 0;
        directory.insert_queue(queue);
    }
    for id in 1..=size.agents {
        let skill = if id.is_multiple_of(2) { "french" } else { "german" };
        directory.insert_agent(Agent {
            id: AgentId(id),
            extension: ExtensionNumber::parse(&format!("{}", 100_000 + id)).ok(),
            name: format!("Agent {id}"),
            email: format!("{id}@acme.test"),
            role: Role::Agent,
            groups: vec!["all".into()],
            skills: BTreeMap::from([(skill.to_owned(), 3)]),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
        });
        for nth in 0..size.memberships {
            let queue = QueueId(1 + (id * 7 + nth * 331) % size.queues);
            let mut membership = Membership::new(queue, AgentId(id));
            membership.order = i32::try_from(id % 100).unwrap();
            membership.tier = u8::try_from(1 + id % 3).unwrap();
            membership.skill_level = u8::try_from(1 + id % 5).unwrap();
            directory.insert_membership(membership);
        }
    }
    directory
}

/// Median, 99th percentile and worst of so many decisions, microseconds.
fn row(what: &str, size: Size, decisions: usize, mut decide: impl FnMut() -> Duration) {
    for _ in 0..decisions / 10 {
        decide();
    }
    let mut took: Vec<u128> = (0..decisions).map(|_| decide().as_nanos()).collect();
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 1_000] as f64 / 1_000.0;
    let Size { strategy, queues, agents, memberships, waiting, skills } = size;
    println!(
        "{what:<8} {:<18}{:<7} {queues:>6} {agents:>7} {memberships:>7} {waiting:>8} {decisions:>9}  {:>7.2} {:>7.2} {:>9.2}",
        format!("{strategy:?}"),
        if skills { "skills" } else { "" },
        at(500),
        at(990),
        at(1_000),
    );
}

/// The table.
fn figures() {
    println!(
        "step     strategy                  queues  agents   each  waiting decisions   p50 us  p99 us    max us"
    );
    let leg_end = |size: Size, decisions| {
        let mut world = World::busy(size);
        row("leg ends", size, decisions, || world.round());
    };
    let arrival = |size: Size, decisions| {
        let mut world = World::free(size);
        row("arrival", Size { waiting: 0, ..size }, decisions, || world.arrival());
    };
    for memberships in [1, 3] {
        leg_end(Size { memberships, ..MANY }, 1_000_000);
        arrival(Size { memberships, ..MANY }, 1_000_000);
    }
    for strategy in STRATEGIES {
        leg_end(Size { strategy, ..ONE }, 100_000);
        if !matches!(strategy, Strategy::RingAll | Strategy::LinearCascade) {
            arrival(Size { strategy, ..ONE }, 100_000);
        }
    }
    leg_end(Size { skills: true, ..ONE }, 100_000);
    arrival(Size { skills: true, ..ONE }, 100_000);
    for waiting in [10, 100, 1_000, 9_000] {
        leg_end(Size { waiting, ..ONE }, 100_000);
    }
    for agents in [10, 100, 1_000] {
        leg_end(Size { agents, ..ONE }, 100_000);
        arrival(Size { agents, ..ONE }, 100_000);
    }
}

/// One round of one queue, by callers in line.
#[divan::bench(args = [10, 100, 1_000, 5_000])]
fn round_by_waiting(bencher: divan::Bencher<'_, '_>, waiting: u64) {
    let mut world = World::busy(Size { waiting, ..ONE });
    bencher.bench_local(|| world.round());
}

/// One round of one queue, by members.
#[divan::bench(args = [10, 100, 1_000, 5_000])]
fn round_by_agents(bencher: divan::Bencher<'_, '_>, agents: u64) {
    let mut world = World::busy(Size { agents, ..ONE });
    bencher.bench_local(|| world.round());
}

/// One round among a thousand queues and ten thousand agents.
#[divan::bench]
fn round_of_a_thousand_queues(bencher: divan::Bencher<'_, '_>) {
    let mut world = World::busy(MANY);
    bencher.bench_local(|| world.round());
}

/// The step alone in which a leg ends and the next caller is offered, of 200 such.
#[divan::bench(sample_size = 1, sample_count = 200)]
fn leg_end_alone(bencher: divan::Bencher<'_, '_>) {
    let world = std::cell::RefCell::new(World::busy(ONE));
    let prepare = || {
        let mut world = world.borrow_mut();
        if let Some(queue) = world.answers() {
            world.arrives(queue);
        }
        world.out.outputs.clear();
    };
    bencher.with_inputs(prepare).bench_local_values(|()| world.borrow_mut().leg_ends());
}

fn main() {
    figures();
    divan::main();
}
