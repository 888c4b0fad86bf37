//! A switch's worth of agents and callers, and the steps in which they meet.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use acd::{Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, Entering, Limits, Scope};
use model::{
    Agent, AgentId, AgentStatus, CallId, Directory, ExtensionNumber, Membership, OfferId, Queue, QueueId,
    Role, SkillNeed, Strategy, Tenant, TenantId, Timestamp,
};

/// What is measured in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) strategy: Strategy,
    pub(crate) queues: u64,
    pub(crate) agents: u64,
    /// Of each agent.
    pub(crate) memberships: u64,
    /// In each queue.
    pub(crate) waiting: u64,
    /// Decisions name candidates and excluded as a server does it; else their records are as small as can be.
    pub(crate) names: bool,
    /// Callers ask for one of two skills, of which each agent has one.
    pub(crate) skills: bool,
}

pub(crate) const ONE: Size = Size {
    strategy: Strategy::LongestIdle,
    queues: 1,
    agents: 5_000,
    memberships: 1,
    waiting: 5_000,
    names: true,
    skills: false,
};

pub(crate) const MANY: Size = Size { queues: 1_000, agents: 10_000, waiting: 5, ..ONE };

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} queues, {} agents", self.queues, self.agents)
    }
}

pub(crate) struct World {
    size: Size,
    acd: Acd,
    pub(crate) out: AcdOutbox,
    now: Timestamp,
    legs: Vec<(AgentId, CallId)>,
    next_call: u64,
    random: u64,
}

impl World {
    /// Everybody is ready and free; nobody waits.
    pub(crate) fn free(size: Size) -> Self {
        let mut limits = Limits::default();
        if !size.names {
            (limits.names_recorded, limits.candidates_recorded, limits.decisions_kept) = (0, 0, 1);
        }
        let (acd, out) = (Acd::new(limits, OfferId(1)), AcdOutbox::default());
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
    pub(crate) fn busy(size: Size) -> Self {
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

    /// How long a step takes; a function of its own, so that callgrind can count its instructions.
    #[inline(never)]
    fn timed(&mut self, input: AcdInput) -> Duration {
        let begin = Instant::now();
        self.input(input);
        begin.elapsed()
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    pub(crate) fn arrives(&mut self, queue: QueueId) {
        let input = self.entering(queue);
        self.input(input);
    }

    fn entering(&mut self, queue: QueueId) -> AcdInput {
        let mut entering = Entering::new(CallId(self.next_call), queue, self.now);
        if self.size.skills {
            let skill = if self.next_call.is_multiple_of(2) { "french" } else { "german" };
            entering.skills.push(SkillNeed { skill: skill.into(), level: 2, relax_after: 0, relax_by: 0 });
        }
        self.next_call += 1;
        AcdInput::Enqueued(entering)
    }

    /// The first offer of the last step, answered; the queue it came from.
    pub(crate) fn answers(&mut self) -> Option<QueueId> {
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

    /// A moment later, some agent's leg ends.
    fn leg_end(&mut self) -> AcdInput {
        self.now = self.now.after(Duration::from_millis(1));
        let index = usize::try_from(self.below(self.legs.len() as u64)).unwrap();
        let (agent, call) = self.legs.swap_remove(index);
        AcdInput::QueueLegEnded { agent, call }
    }

    /// Some agent's leg ends; how long the step took in which the next caller is offered to her.
    pub(crate) fn leg_ends(&mut self) -> Duration {
        let input = self.leg_end();
        self.timed(input)
    }

    /// A leg ends, the next caller is offered and answered, another comes.
    pub(crate) fn round(&mut self) -> Duration {
        let took = self.leg_ends();
        if let Some(queue) = self.answers() {
            self.arrives(queue);
        }
        took
    }

    /// A caller comes to agents who are free; how long the step took in which one of them is rung.
    pub(crate) fn comes(&mut self) -> Duration {
        let queue = QueueId(1 + self.below(self.size.queues));
        let input = self.entering(queue);
        self.timed(input)
    }

    /// A caller comes, somebody answers, and is free again.
    pub(crate) fn arrival(&mut self) -> Duration {
        let took = self.comes();
        self.answers();
        let input = self.leg_end();
        self.input(input);
        took
    }
}

fn directory(size: Size) -> Directory {
    let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
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
            supervises: None,
            groups: vec!["all".into()],
            skills: BTreeMap::from([(skill.to_owned(), 3)]),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: model::Personal::default(),
            spoken_name: None,
            call_link: None,
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
