//! One run of a day: the core, the day's callers and agents, and a clock that jumps from one moment to the next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use acd::{
    Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, AgentState, Entering, Gone, Limits, OtherLeg,
    QueueOutcome, Scope,
};
use model::{
    AgentId, BlockLevel, CallId, Directory, ExtensionNumber, FallbackAction, LegId, NotReadyReason, OfferId,
    Queue, QueueId, Strategy, Timestamp,
};

use model::caller_list::is_listed;

use super::figures::{Counted, End, Figures};
use super::{Rerun, agents};
use crate::chance::Chance;
use crate::day::{Clocks, PastCall, Presence};

/// Answers within a millisecond of each other come in an order left to chance.
const JITTER: u64 = 1_000;
/// Steps of a run after which it is asked whether there is time for more.
const ASKED_EVERY: u64 = 256;
/// Fewest characters of a number by which a caller is known again.
const STICKY_LENGTH_MIN: usize = 5;

/// What is due at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Change(AgentId, QueueId, Wish),
    Hours(AgentId, bool),
    OtherCall(AgentId, LegId, bool),
    TalkEnds(AgentId, CallId),
    WrapUpEnds(AgentId, CallId),
    Answers(OfferId),
    GivesUp(CallId),
    Back(AgentId, QueueId),
    Arrives(CallId),
}

/// A [`Presence`] that has an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    Out,
    Away,
    In,
}

/// A call on its way.
#[derive(Clone, Debug, Default)]
struct Going {
    waits: bool,
    over: bool,
    hops: u8,
}

struct World<'a> {
    rerun: &'a Rerun<'a>,
    acd: Acd,
    out: AcdOutbox,
    now: Timestamp,
    due: BinaryHeap<Reverse<(Timestamp, u64, Due)>>,
    made: u64,
    chance: Chance,
    going: Vec<Going>,
    clocks: BTreeMap<AgentId, Clocks>,
    /// The last call of each agent, while she wraps up after it.
    wraps_up: BTreeMap<AgentId, CallId>,
    /// Who served a caller last.
    served: BTreeMap<(&'a str, QueueId), AgentId>,
    figures: Figures,
}

/// Runs the day once; none if `go_on` stopped it.
pub(super) fn run(rerun: &Rerun<'_>, index: u32, go_on: &mut dyn FnMut() -> bool) -> Option<Figures> {
    let mut world = World::new(rerun, index);
    for step in 1_u64.. {
        if step % ASKED_EVERY == 0 && !go_on() {
            return None;
        }
        let due = world.due.peek().map(|Reverse((at, ..))| *at);
        let tick = world.acd.next_deadline();
        let Some(at) = [due, tick].into_iter().flatten().min() else { break };
        world.now = world.now.max(at);
        if tick.is_some_and(|tick| due.is_none_or(|due| tick < due)) {
            world.tell(AcdInput::Tick);
        } else {
            world.happen();
        }
    }
    Some(world.end())
}

impl<'a> World<'a> {
    fn new(rerun: &'a Rerun<'a>, index: u32) -> Self {
        let seed = rerun.seed.wrapping_add(u64::from(index));
        let mut world = Self {
            rerun,
            acd: Acd::new(Limits::default(), OfferId(1)),
            out: AcdOutbox::default(),
            now: rerun.day.from,
            due: BinaryHeap::new(),
            made: 0,
            chance: Chance::new(seed, 17),
            going: vec![Going::default(); rerun.day.calls.len()],
            clocks: BTreeMap::new(),
            wraps_up: BTreeMap::new(),
            served: BTreeMap::new(),
            figures: Figures::of(rerun.day),
        };
        world.acd.configure(&rerun.directory, world.now, &mut world.out);
        for agent in rerun.directory.agents.keys() {
            world.tell(AcdInput::Device { agent: *agent, reachable: true });
        }
        world.plan_the_day();
        world
    }

    fn plan_the_day(&mut self) {
        let (day, directory) = (self.rerun.day, &self.rerun.directory);
        for (at, agent, queue, presence) in agents::changes(day, directory) {
            let wish = match presence {
                Presence::Out => Wish::Out,
                Presence::Away => Wish::Away,
                Presence::In => Wish::In,
            };
            self.plan(at, Due::Change(agent, queue, wish));
        }
        for (at, agent, open) in agents::hours(day, directory) {
            self.plan(at, Due::Hours(agent, open));
        }
        for ((extension, from, to), leg) in day.other_calls.iter().zip(1..) {
            if let Some(agent) = directory.agent_of(extension.as_str()) {
                self.plan(*from, Due::OtherCall(agent.id, LegId(leg), true));
                self.plan(*to, Due::OtherCall(agent.id, LegId(leg), false));
            }
        }
        for (call, id) in day.calls.iter().zip(0..) {
            self.plan(call.at, Due::Arrives(CallId(id)));
        }
    }

    fn plan(&mut self, at: Timestamp, due: Due) {
        self.made += 1;
        self.due.push(Reverse((at, self.made, due)));
    }

    fn after(&self, micros: i64) -> Timestamp {
        Timestamp(self.now.0.saturating_add(micros.max(0)))
    }

    fn past(&self, call: CallId) -> Option<&'a PastCall> {
        self.rerun.day.calls.get(usize::try_from(call.0).ok()?)
    }

    fn going(&mut self, call: CallId) -> Option<&mut Going> {
        self.going.get_mut(usize::try_from(call.0).ok()?)
    }

    fn end(mut self) -> Figures {
        let waiting = (0..).map(CallId).zip(&self.going).filter(|(_, going)| !going.over);
        let waiting: Vec<CallId> = waiting.map(|(call, _)| call).collect();
        // Who waits when nothing more can happen was not served.
        waiting.into_iter().for_each(|call| self.over(call, End::Left));
        let to = self.rerun.day.to;
        let agents = &self.rerun.directory.agents;
        self.clocks.values_mut().for_each(|clocks| clocks.run_to(to));
        let of = |(id, clocks)| Some((agents.get(id)?.extension.as_ref()?.to_string(), clocks));
        self.figures.close(self.clocks.iter().filter_map(of));
        self.figures
    }

    fn over(&mut self, call: CallId, end: End) {
        let Some(past) = self.past(call) else { return };
        let Some(going) = self.going(call) else { return };
        if std::mem::replace(&mut going.over, true) {
            return;
        }
        let rerun = self.rerun;
        let queue = rerun.entry(past).0.map_or(&past.queue, |queue| &queue.number);
        let waited = self.now.0.saturating_sub(past.at.0).max(0);
        let call = Counted { queue, at: past.at, waited, threshold: past.threshold, end };
        self.figures.count(rerun.day.from, &call);
    }

    fn happen(&mut self) {
        let Some(Reverse((_, _, due))) = self.due.pop() else { return };
        match due {
            Due::Change(agent, queue, wish) => self.change(agent, queue, wish),
            Due::Hours(agent, open) => self.tell(AcdInput::Hours { edges: vec![(agent, open)] }),
            Due::OtherCall(agent, leg, begins) => {
                let state = if begins { OtherLeg::Active } else { OtherLeg::Ended };
                let call = CallId(u64::MAX - leg.0);
                self.tell(AcdInput::OtherLeg { agent, leg, call, state });
            }
            Due::TalkEnds(agent, call) => {
                self.wraps_up.insert(agent, call);
                self.tell(AcdInput::QueueLegEnded { agent, call });
            }
            Due::WrapUpEnds(agent, call) => {
                if self.wraps_up.get(&agent) == Some(&call) {
                    self.act(agent, Scope::All, AgentAction::Ready);
                }
            }
            Due::Answers(offer) => self.tell(AcdInput::OfferAnswered { offer }),
            Due::GivesUp(call) => {
                if self.going(call).is_some_and(|going| going.waits) {
                    self.tell(AcdInput::CallerGone { call, why: Gone::HungUp });
                }
            }
            Due::Back(agent, queue) => self.act(agent, Scope::Queue(queue), AgentAction::Ready),
            Due::Arrives(call) => self.arrive(call),
        }
    }

    fn change(&mut self, agent: AgentId, queue: QueueId, wish: Wish) {
        let scope = Scope::Queue(queue);
        match wish {
            Wish::Out => self.act(agent, scope, AgentAction::Logout),
            Wish::Away => {
                self.act(agent, scope, AgentAction::Login);
                let reason = NotReadyReason::chosen("");
                self.act(agent, scope, AgentAction::NotReady(reason));
            }
            Wish::In => {
                self.act(agent, scope, AgentAction::Login);
                self.act(agent, scope, AgentAction::Ready);
                if agents::is_off(self.rerun, agent, self.now) {
                    self.tell(AcdInput::Hours { edges: vec![(agent, false)] });
                }
            }
        }
    }

    fn act(&mut self, agent: AgentId, scope: Scope, action: AgentAction) {
        self.acd.act(agent, scope, action, self.now, &mut self.out);
        self.carry_out_all();
    }

    fn tell(&mut self, input: AcdInput) {
        self.acd.handle(input, self.now, &mut self.out);
        self.carry_out_all();
    }

    fn carry_out_all(&mut self) {
        while !self.out.outputs.is_empty() {
            for output in std::mem::take(&mut self.out.outputs) {
                self.carry_out(output);
            }
        }
    }

    fn arrive(&mut self, call: CallId) {
        let Some(past) = self.past(call) else { return };
        let directory = &self.rerun.directory;
        let (Some(queue), did) = self.rerun.entry(past) else { return self.over(call, End::Left) };
        let number = past.caller.reveal().as_str();
        if is_kept_out(directory, number, self.now) {
            return self.over(call, End::Left);
        }
        let mut entering = Entering::new(call, queue.id, self.now);
        entering.priority = did.map_or(0, |did| did.priority);
        if let Some(vip) = directory.vip_numbers.get(number).filter(|vip| is_listed(vip.until, self.now)) {
            entering.priority = entering.priority.max(vip.priority);
        }
        entering.skills = did.map(|did| did.skills.clone()).unwrap_or_default();
        entering.preferred = self.preferred(queue, number);
        self.tell(AcdInput::Enqueued(entering));
        if !self.going(call).is_some_and(|going| going.waits) {
            return;
        }
        if let Some(patience) = self.rerun.lot.gives_up(past, &mut self.chance) {
            self.plan(Timestamp(past.at.0.saturating_add(patience)), Due::GivesUp(call));
        }
    }

    /// The caller's own agents, or who served him last.
    fn preferred(&self, queue: &Queue, number: &str) -> Vec<AgentId> {
        let exclusive = self.rerun.directory.exclusive_numbers.get(&(number.to_owned(), queue.id));
        if let Some(exclusive) = exclusive.filter(|of| is_listed(of.until, self.now)) {
            return exclusive.agents.clone();
        }
        let is_known = number.len() >= STICKY_LENGTH_MIN
            && number.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit());
        if queue.sticky_days == 0 || queue.strategy == Strategy::RingAll || !is_known {
            return Vec::new();
        }
        self.served.get(&(number, queue.id)).copied().into_iter().collect()
    }

    fn carry_out(&mut self, output: AcdOutput) {
        match output {
            AcdOutput::Queued { call, .. } => {
                if let Some(going) = self.going(call) {
                    going.waits = true;
                }
            }
            AcdOutput::Offered { offer, call, agent, .. } => self.offered(offer, call, agent),
            AcdOutput::Connected { call, agent, queue, .. } => self.connected(call, agent, queue),
            AcdOutput::LeftQueue { call, outcome, next, .. } => self.left(call, outcome, next),
            AcdOutput::AgentChanged { agent, queue, state, .. } => self.agent_changed(agent, queue, &state),
            AcdOutput::OfferEnded { .. }
            | AcdOutput::Decided { .. }
            | AcdOutput::AgentRemoved { .. }
            | AcdOutput::Faulted { .. } => {}
        }
    }

    fn extension(&self, agent: AgentId) -> Option<&'a ExtensionNumber> {
        self.rerun.directory.agents.get(&agent)?.extension.as_ref()
    }

    fn offered(&mut self, offer: OfferId, call: CallId, agent: AgentId) {
        let Some(past) = self.past(call) else { return };
        let extension = self.extension(agent);
        if self.rerun.lot.is_missed(extension, &mut self.chance) {
            return;
        }
        let jitter = i64::try_from(self.chance.bits() % JITTER).unwrap_or(0);
        let ring = self.rerun.lot.ring(past, &mut self.chance).saturating_add(jitter);
        self.plan(self.after(ring), Due::Answers(offer));
    }

    fn connected(&mut self, call: CallId, agent: AgentId, queue: QueueId) {
        let Some(past) = self.past(call) else { return };
        if let Some(going) = self.going(call) {
            going.waits = false;
        }
        self.over(call, End::Answered);
        self.clocks.entry(agent).or_default().answered += 1;
        self.served.insert((past.caller.reveal().as_str(), queue), agent);
        let talk = self.rerun.lot.talk(past, &mut self.chance);
        self.plan(self.after(talk), Due::TalkEnds(agent, call));
    }

    fn left(&mut self, call: CallId, outcome: QueueOutcome, next: Option<FallbackAction>) {
        let directory = &self.rerun.directory;
        let Some(going) = self.going(call) else { return };
        going.waits = false;
        let next = match next {
            Some(FallbackAction::Queue(number)) if going.hops < directory.tenant.max_hops => {
                going.hops += 1;
                directory.queue(number.as_str())
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
            (QueueOutcome::Abandoned, _) => self.over(call, End::Abandoned),
            (_, Some(queue)) => {
                let received = self.past(call).map_or(self.now, |past| past.at);
                let entering = Entering::new(call, queue.id, received);
                self.acd.handle(AcdInput::Enqueued(entering), self.now, &mut self.out);
            }
            (_, None) => self.over(call, End::Left),
        }
    }

    fn agent_changed(&mut self, agent: AgentId, queue: QueueId, state: &AgentState) {
        self.clocks.entry(agent).or_default().change(self.now, queue, state);
        if crate::day::is_after_miss(state) {
            let away = self.rerun.lot.away(&mut self.chance);
            self.plan(self.after(away), Due::Back(agent, queue));
        }
        let AgentState::WrapUp { until } = state else {
            if !matches!(state, AgentState::QueueCall { .. } | AgentState::OtherCall { .. }) {
                self.wraps_up.remove(&agent);
            }
            return;
        };
        let Some(call) = self.wraps_up.get(&agent).copied() else { return };
        let Some(past) = self.past(call) else { return };
        // Without an end of its own it ends as she ended it; with one only if she had ended it before that.
        let length = self.rerun.lot.wrap_up(past, &mut self.chance);
        let cut = matches!(past.end, crate::day::PastEnd::Answered { wrap_up: Some(_), .. });
        if until.is_none() || cut {
            self.plan(self.after(length), Due::WrapUpEnds(agent, call));
        }
    }
}

fn is_kept_out(directory: &Directory, number: &str, now: Timestamp) -> bool {
    let refused = directory
        .queue_blacklist
        .get(number)
        .is_some_and(|(level, until)| *level == BlockLevel::Refused && is_listed(*until, now));
    refused || directory.blacklist.get(number).is_some_and(|until| is_listed(*until, now))
}
