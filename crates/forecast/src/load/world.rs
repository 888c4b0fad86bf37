//! One replication: the core, the callers, the agents who answer, and a clock that jumps from one moment to the next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use acd::{
    Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, Entering, Gone, Limits, OfferOutcome, QueueOutcome,
    Scope,
};
use model::{AgentId, CallId, FallbackAction, OfferId, Timestamp};

use super::caller::{Callers, Drawn, duration};
use super::tally::Tally;
use super::{Load, Room, WARM_UP};

/// What is due at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// An agent has talked and wrapped up.
    HandlingEnds(AgentId, CallId),
    /// An agent answers.
    Answers(OfferId),
    /// A caller's patience ends.
    GivesUp(CallId),
}

/// A call on its way.
#[derive(Clone, Debug)]
struct Call {
    drawn: Drawn,
    /// It stands in a line.
    waits: bool,
    /// An agent has been offered to it.
    offered: bool,
    hops: u8,
}

struct World<'a> {
    load: &'a Load,
    acd: Acd,
    out: AcdOutbox,
    spare: Vec<AcdOutput>,
    now: Timestamp,
    calls: Vec<Call>,
    /// Soonest first; equal moments in the order in which they were made.
    due: BinaryHeap<Reverse<(Timestamp, u64, Due)>>,
    made: u64,
    tally: Tally,
}

/// Runs one replication to its last call's end.
pub(super) fn run(load: &Load, replication: u32) -> Tally {
    let mut world = World::new(load);
    let mut callers = Callers::new(load, replication);
    let warm_up = load.calls / WARM_UP;
    let mut next = (load.calls > 0).then(|| callers.next());
    let mut come = 0;
    loop {
        let due = world.due.peek().map(|Reverse((at, ..))| *at);
        let tick = world.acd.next_deadline();
        let arrival = next.as_ref().map(|drawn| drawn.at);
        let Some(at) = [due, arrival, tick].into_iter().flatten().min() else { break };
        if arrival.is_none() && due.is_none() && world.tally.waiting() == 0 {
            break;
        }
        world.now = at;
        if due == Some(at) {
            world.happen();
        } else if let (Some(drawn), true) = (next, arrival == Some(at)) {
            if come == warm_up {
                world.tally.begin(at);
            }
            world.arrive(drawn);
            come += 1;
            next = (come < load.calls).then(|| callers.next());
            if next.is_none() {
                world.tally.end(at);
            }
        } else {
            world.tell(AcdInput::Tick);
        }
    }
    world.tally
}

impl<'a> World<'a> {
    fn new(load: &'a Load) -> Self {
        let limits = Limits { queue_depth_max: u32::MAX, ..Limits::default() };
        let (mut acd, mut out) = (Acd::new(limits, OfferId(1)), AcdOutbox::default());
        acd.configure(&load.directory, Timestamp::ZERO, &mut out);
        for agent in load.directory.agents.keys() {
            acd.handle(AcdInput::Device { agent: *agent, reachable: true }, Timestamp::ZERO, &mut out);
            acd.act(*agent, Scope::All, AgentAction::Login, Timestamp::ZERO, &mut out);
        }
        out.outputs.clear();
        Self {
            load,
            acd,
            out,
            spare: Vec::new(),
            now: Timestamp::ZERO,
            calls: Vec::new(),
            due: BinaryHeap::new(),
            made: 0,
            tally: Tally::new(load),
        }
    }

    fn plan(&mut self, at: Timestamp, due: Due) {
        self.made += 1;
        self.due.push(Reverse((at, self.made, due)));
    }

    fn call(&mut self, call: CallId) -> Option<&mut Call> {
        self.calls.get_mut(usize::try_from(call.0).ok()?)
    }

    fn arrive(&mut self, drawn: Drawn) {
        let call = CallId(self.calls.len() as u64);
        self.calls.push(Call { drawn, waits: false, offered: false, hops: 0 });
        let Some(source) = self.load.sources.get(drawn.source) else { return };
        let mut entering = Entering::new(call, source.queue, self.now);
        entering.priority = source.priority;
        self.tally.offered(call, drawn.source);
        self.tell(AcdInput::Enqueued(entering));
        let Some(Call { waits: true, offered, .. }) = self.calls.last() else { return };
        if !offered && source.room == Room::None {
            self.tell(AcdInput::CallerGone { call, why: Gone::Removed });
            return;
        }
        if !offered {
            self.tally.had_to_wait(call, drawn.source);
        }
        if let Some(at) = drawn.gives_up_at {
            self.plan(at, Due::GivesUp(call));
        }
    }

    /// Lets happen what is due first.
    fn happen(&mut self) {
        let Some(Reverse((_, _, due))) = self.due.pop() else { return };
        match due {
            Due::HandlingEnds(agent, call) => {
                self.tally.agent_frees(agent, self.now);
                self.tell(AcdInput::QueueLegEnded { agent, call });
            }
            Due::Answers(offer) => self.tell(AcdInput::OfferAnswered { offer }),
            Due::GivesUp(call) => {
                if self.call(call).is_some_and(|call| call.waits) {
                    self.tell(AcdInput::CallerGone { call, why: Gone::HungUp });
                }
            }
        }
    }

    /// Tells the core, and carries out what it says until it has nothing more to say.
    fn tell(&mut self, input: AcdInput) {
        self.acd.handle(input, self.now, &mut self.out);
        while !self.out.outputs.is_empty() {
            let mut said = std::mem::replace(&mut self.out.outputs, std::mem::take(&mut self.spare));
            for output in said.drain(..) {
                self.carry_out(output);
            }
            self.spare = said;
        }
    }

    fn carry_out(&mut self, output: AcdOutput) {
        match output {
            AcdOutput::Queued { call, .. } => {
                let now = self.now;
                if let Some(entry) = self.call(call) {
                    entry.waits = true;
                }
                self.tally.enters(now);
            }
            AcdOutput::Offered { offer, call, agent, .. } => self.offered(offer, call, agent),
            AcdOutput::OfferEnded { agent, outcome, .. } => match outcome {
                OfferOutcome::NoAnswer
                | OfferOutcome::Declined
                | OfferOutcome::Busy
                | OfferOutcome::Unreachable
                | OfferOutcome::AnsweredElsewhere
                | OfferOutcome::CallerGone
                | OfferOutcome::WaitExpired
                | OfferOutcome::AgentLeft
                | OfferOutcome::PickedUp => self.tally.agent_frees(agent, self.now),
            },
            AcdOutput::Connected { call, agent, enqueued_at, .. } => {
                self.tally.leaves(self.now, enqueued_at);
                self.connected(call, agent);
            }
            AcdOutput::LeftQueue { call, outcome, next, enqueued_at, .. } => {
                if self.call(call).is_some_and(|entry| std::mem::take(&mut entry.waits)) {
                    self.tally.leaves(self.now, enqueued_at);
                }
                self.left(call, outcome, next);
            }
            AcdOutput::Faulted { .. } => self.tally.faults += 1,
            AcdOutput::Decided { .. } | AcdOutput::AgentChanged { .. } | AcdOutput::AgentRemoved { .. } => {}
        }
    }

    fn offered(&mut self, offer: OfferId, call: CallId, agent: AgentId) {
        self.tally.agent_taken(agent, self.now);
        if let Some(entry) = self.call(call) {
            entry.offered = true;
        }
        if self.load.ring_delay > 0.0 {
            self.plan(self.now.after(duration(self.load.ring_delay)), Due::Answers(offer));
        } else {
            self.acd.handle(AcdInput::OfferAnswered { offer }, self.now, &mut self.out);
        }
    }

    fn connected(&mut self, call: CallId, agent: AgentId) {
        let now = self.now;
        let Some(entry) = self.call(call) else { return };
        entry.waits = false;
        let drawn = entry.drawn;
        self.tally.answered(call, drawn, agent, now);
        let ends = Timestamp(now.0.saturating_add(drawn.handling));
        self.plan(ends, Due::HandlingEnds(agent, call));
    }

    fn left(&mut self, call: CallId, outcome: QueueOutcome, next: Option<FallbackAction>) {
        let (now, hops_max) = (self.now, self.load.directory.tenant.max_hops);
        let Some(entry) = self.call(call) else { return };
        let drawn = entry.drawn;
        let next = match next {
            Some(FallbackAction::Queue(number)) if entry.hops < hops_max => {
                entry.hops += 1;
                self.load.directory.queue(number.as_str())
            }
            Some(
                FallbackAction::Queue(_)
                | FallbackAction::Hangup { .. }
                | FallbackAction::Extension(_)
                | FallbackAction::Flow(_)
                | FallbackAction::RingGroup(_)
                | FallbackAction::External(_)
                | FallbackAction::Voicemail { .. },
            )
            | None => None,
        };
        match (outcome, next) {
            (QueueOutcome::Abandoned, _) => self.tally.abandoned(call, drawn, now),
            (_, Some(queue)) => {
                let mut entering = Entering::new(call, queue.id, drawn.at);
                entering.priority = self.load.sources.get(drawn.source).map_or(0, |source| source.priority);
                self.acd.handle(AcdInput::Enqueued(entering), now, &mut self.out);
            }
            (_, None) => self.tally.overflowed(call, drawn, now),
        }
    }
}
