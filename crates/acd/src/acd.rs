//! The ACD: routes each input to the room that owns it and decides nothing itself.

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::time::Duration;

use model::{AgentId, CallId, Directory, OfferId, QueueId, Timestamp};

use crate::agent::{Agents, action, call_end, device, dnd, hours, missed};
use crate::chance::Chance;
use crate::input::{AcdInput, AgentAction, OfferFailure, Scope};
use crate::limits::Limits;
use crate::line::Line;
use crate::marks::Marks;
use crate::membership::Member;
use crate::offer::Offer;
use crate::output::{AcdOutbox, AgentState, MembershipResult, Pending};
use crate::skills::Profiles;
use crate::standing::Kept;
use crate::table::Table;
use crate::timer::{TimerKind, Timers};
use crate::waiting::Entries;
use crate::{announce, candidate, configure, dispatch, growth, offer, overflow, skills, waiting, wrap_up};

/// Who gets which call, for one domain.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub struct Acd {
    #[borsh(skip)]
    pub(crate) limits: Limits,
    /// Most calls in all lines together, as the domain may have.
    pub(crate) waiting_max: Option<u32>,
    pub(crate) next_offer: u64,
    /// Counts single-call requests, so that one call uses up all queues of the same one.
    pub(crate) next_request: u64,
    pub(crate) now: Timestamp,
    /// How many decisions were made: the number of the next.
    pub(crate) decisions: u64,
    /// Draws agents for the random strategy.
    pub(crate) chance: Chance,
    /// What agents know.
    pub(crate) profiles: Profiles,
    pub(crate) agents: Agents,
    pub(crate) lines: Table<QueueId, Line>,
    /// Lines kept only until the last call of a deleted queue is over.
    pub(crate) deleted_lines: usize,
    pub(crate) entries: Entries,
    pub(crate) offers: Table<OfferId, Offer>,
    pub(crate) timers: Timers,
    pub(crate) step: Step,
}

/// What one step has changed and must still look after; empty between steps.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Step {
    /// Agents who may have changed, to be compared with what the world knows.
    pub(crate) touched: Marks<AgentId>,
    /// Agents whose availability must be derived anew.
    pub(crate) stale: Marks<AgentId>,
    /// Queues in which a call or an agent has become free.
    pub(crate) dirty: Marks<QueueId>,
    /// Calls that have come, or come back, and ring nobody.
    pub(crate) unserved: Marks<CallId>,
}

/// One membership as it stands, for snapshots.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MembershipView {
    /// The queue.
    pub queue: QueueId,
    /// The agent.
    pub agent: AgentId,
    /// What she does.
    pub state: AgentState,
    /// Since when.
    pub since: Timestamp,
    /// Whether she would be given a call.
    pub available: bool,
    /// What happens when her call ends.
    pub pending: Option<Pending>,
    /// Queue calls answered.
    pub answered: u64,
    /// Offers that rang out.
    pub missed: u64,
}

/// One waiting call as it stands, for snapshots.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct WaitingView {
    /// The call.
    pub call: CallId,
    /// From 1.
    pub position: u32,
    /// Higher is served first.
    pub priority: u8,
    /// When it entered this line.
    pub enqueued_at: Timestamp,
    /// When it reached the switch.
    pub received_at: Timestamp,
    /// Who is being rung for it.
    pub offered_to: Vec<AgentId>,
    /// Who declined it, by id: not asked again.
    pub declined_by: Vec<AgentId>,
    /// How many offers it has had.
    pub offers_made: u32,
    /// The caller is to be called back and may have hung up.
    pub callback: bool,
    /// Nobody is rung for it yet: the caller hears something first.
    pub held: bool,
}

/// How a waiting call stands in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    /// From 1.
    pub position: u32,
    /// Whether somebody is being rung for it.
    pub rung: bool,
    /// How long it will wait from now on, as far as the queue's past tells; none without such a past, without
    /// anybody to serve the line, or while somebody is being rung for it.
    pub wait: Option<Duration>,
}

impl Acd {
    /// An ACD without provisioning. `first_offer` starts the offer ids, and seeds the random strategy.
    #[must_use]
    pub fn new(limits: Limits, first_offer: OfferId) -> Self {
        Self::with_seed(limits, first_offer, first_offer.0)
    }

    /// The same, with a seed of its own for the random strategy.
    #[must_use]
    pub fn with_seed(limits: Limits, first_offer: OfferId, seed: u64) -> Self {
        Self {
            limits,
            waiting_max: None,
            next_offer: first_offer.0,
            next_request: 0,
            now: Timestamp(i64::MIN),
            decisions: 0,
            chance: Chance(seed),
            profiles: Profiles::default(),
            agents: Agents::default(),
            lines: Table::default(),
            deleted_lines: 0,
            entries: Entries::default(),
            offers: Table::default(),
            timers: Timers::default(),
            step: Step::default(),
        }
    }

    /// Takes over a new directory between two inputs; live calls, lines and clocks go on.
    ///
    /// New members are told as [`crate::AcdOutput::AgentChanged`], ended ones as
    /// [`crate::AcdOutput::AgentRemoved`].
    pub fn configure(&mut self, directory: &Directory, now: Timestamp, out: &mut AcdOutbox) {
        self.begin(now, out);
        configure::take_over(self, directory, out);
        self.finish(out);
    }

    /// Applies one input. An earlier `now` than in the call before is read as the same moment; whatever was due
    /// before `now` happens first.
    pub fn handle(&mut self, input: AcdInput, now: Timestamp, out: &mut AcdOutbox) {
        self.reach(now);
        if let AcdInput::Hours { edges } = &input {
            for (agent, open) in edges {
                hours::changed(self, *agent, *open, out);
            }
        }
        self.fire(Timestamp(self.now.0.saturating_sub(1)), out);
        match input {
            // So that the moment is decided upon as one.
            AcdInput::Hours { .. } => self.fire(self.now, out),
            AcdInput::Tick => self.fire(self.now, out),
            AcdInput::Enqueued(entering) => waiting::enqueue(self, entering, out),
            AcdInput::CallerGone { call, why } => waiting::caller_gone(self, call, why, out),
            AcdInput::OfferPicked { offer } => offer::picked(self, offer),
            AcdInput::OfferAnswered { offer } => offer::answered(self, offer, out),
            AcdInput::OfferFailed { offer, why } => offer::failed(self, offer, why, out),
            AcdInput::QueueLegEnded { agent, call } => call_end::queue_leg_ended(self, agent, call, out),
            AcdInput::OtherLeg { agent, leg, call, state } => {
                call_end::other_leg(self, agent, (leg, call), state, out);
            }
            AcdInput::Device { agent, reachable } => device::changed(self, agent, reachable, out),
            AcdInput::Dnd { agent, on } => dnd::changed(self, agent, on, out),
            AcdInput::DayBegins => self.day_begins(),
            AcdInput::Released { call } => waiting::released(self, call),
            AcdInput::Exits { call } => overflow::exits(self, call, out),
            AcdInput::CallbackRequested { call } => waiting::callback_requested(self, call),
            AcdInput::NotAccepted { offers } => {
                self.fire(self.now, out);
                for offer in offers {
                    offer::failed(self, offer, OfferFailure::NoAnswer, out);
                }
            }
        }
        self.finish(out);
    }

    /// Applies what an agent, or somebody for her, asked: one result for each membership in `scope`.
    ///
    /// The results say what she does once the step is over: ready, or ringing already if somebody waited.
    /// Without a queue, ready, not-ready and wrap-up skip the queues she is not logged in to, unless that
    /// leaves none. Of no queue at all she gets an empty list.
    pub fn act(
        &mut self,
        agent: AgentId,
        scope: Scope,
        action: AgentAction,
        now: Timestamp,
        out: &mut AcdOutbox,
    ) -> Vec<MembershipResult> {
        self.begin(now, out);
        let verdicts = action::judge(self, agent, scope, &action);
        action::apply(self, agent, &verdicts, &action, out);
        self.finish(out);
        action::results(self, agent, verdicts, &action)
    }

    /// When [`AcdInput::Tick`] is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    /// The memberships of one agent as they stand, by queue id.
    #[must_use]
    pub fn memberships(&self, agent: AgentId) -> Vec<MembershipView> {
        let Some(facts) = self.agents.get(&agent) else { return Vec::new() };
        let view = |(queue, member): (&QueueId, &Member)| MembershipView {
            queue: *queue,
            agent,
            state: facts.state(*queue, member),
            since: member.shown.as_ref().map_or(self.now, |shown| shown.since),
            available: candidate::unavailable(facts, member).is_none(),
            pending: member.pending.clone(),
            answered: member.answered,
            missed: member.missed,
        };
        facts.memberships.iter().map(view).collect()
    }

    /// The waiting line of one queue, head first.
    #[must_use]
    pub fn waiting(&self, queue: QueueId) -> Vec<WaitingView> {
        let Some(line) = self.lines.get(&queue) else { return Vec::new() };
        let entries = line.places.iter().filter_map(|place| self.entries.get(&place.call));
        let view = |(position, entry): (u32, &waiting::Entry)| WaitingView {
            call: entry.place.call,
            position,
            priority: entry.priority,
            enqueued_at: entry.enqueued_at,
            received_at: entry.received_at,
            offered_to: entry.live.iter().filter_map(|id| Some(self.offers.get(id)?.agent)).collect(),
            declined_by: entry.declined.iter().copied().collect(),
            offers_made: entry.offers_made,
            callback: entry.callback_since.is_some(),
            held: entry.held,
        };
        (1..).zip(entries).map(view).collect()
    }

    /// How many wait in one queue, offered ones included.
    #[must_use]
    pub fn waiting_count(&self, queue: QueueId) -> usize {
        self.lines.get(&queue).map_or(0, |line| line.places.len())
    }

    /// How many of them have hung up and are to be called back.
    #[must_use]
    pub fn callback_count(&self, queue: QueueId) -> usize {
        self.lines.get(&queue).map_or(0, |line| usize::try_from(line.callbacks).unwrap_or(usize::MAX))
    }

    /// How long a caller who comes to a queue now will wait, as far as its own past tells; none without such a
    /// past or without anybody logged in and reachable. Zero if an agent is free and nobody is ahead.
    #[must_use]
    pub fn expected_wait(&self, queue: QueueId) -> Option<Duration> {
        let line = self.lines.get(&queue)?;
        if !line.free.is_empty() && line.open.is_empty() {
            return Some(Duration::ZERO);
        }
        line.handling.wait(line.places.len().saturating_add(1), line.staffed)
    }

    /// How a waiting call stands in its line now; none if it does not wait.
    #[must_use]
    pub fn stands(&self, call: CallId) -> Option<Stands> {
        let entry = self.entries.get(&call)?;
        let line = self.lines.get(&entry.queue)?;
        let (position, rung) = (line.position(entry.place), !entry.live.is_empty());
        let ahead = usize::try_from(position).unwrap_or(usize::MAX);
        let wait = if rung { None } else { line.handling.wait(ahead, line.staffed) };
        Some(Stands { position, rung, wait })
    }

    /// Whether a call waits in a line now.
    #[must_use]
    pub fn is_waiting(&self, call: CallId) -> bool {
        self.entries.contains_key(&call)
    }

    /// Whether somebody is logged in to a queue and reachable, so that its callers may count on her (A19).
    #[must_use]
    pub fn is_staffed(&self, queue: QueueId) -> bool {
        self.lines.get(&queue).is_some_and(|line| line.staffed > 0)
    }

    /// Whether an agent has her hands full: on a call, in wrap-up, or rung as often as she may be.
    #[must_use]
    pub fn is_engaged(&self, agent: AgentId) -> bool {
        self.agents.get(&agent).is_some_and(|facts| {
            facts.talking() > 0 || facts.wrap_up.is_some() || facts.ringing() >= facts.max_calls.max(1)
        })
    }

    /// Whether at least one device of the agent is registered, so that a direct call can ring her.
    #[must_use]
    pub fn reachable(&self, agent: AgentId) -> bool {
        self.agents.get(&agent).is_some_and(|facts| facts.registered)
    }

    /// One membership.
    pub(crate) fn member(&self, agent: AgentId, queue: QueueId) -> Option<&Member> {
        self.agents.get(&agent)?.memberships.get(&queue)
    }

    /// One membership, to be changed; the caller touches the agent.
    pub(crate) fn member_mut(&mut self, agent: AgentId, queue: QueueId) -> Option<&mut Member> {
        self.agents.get_mut(&agent)?.memberships.get_mut(&queue)
    }

    /// How a member stands with her queue.
    pub(crate) fn kept(&self, agent: AgentId, queue: QueueId) -> Option<&Kept> {
        self.member(agent, queue).map(|member| &member.kept)
    }

    /// Takes this process's limits, after the rest was loaded.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Marks an agent as possibly changed in this step.
    pub(crate) fn touch(&mut self, agent: AgentId) {
        self.step.touched.insert(agent);
        self.step.stale.insert(agent);
    }

    /// What is counted since midnight starts anew (A23).
    fn day_begins(&mut self) {
        if broken!(DayForgotten) {
            return;
        }
        for (agent, facts) in self.agents.iter_mut() {
            let mut worked = false;
            for member in facts.memberships.values_mut() {
                worked |= std::mem::take(&mut member.answered_today) > 0;
            }
            if worked {
                self.step.stale.insert(*agent);
            }
        }
    }

    /// Moves the clock on; what was due before this moment happens first.
    pub(crate) fn begin(&mut self, now: Timestamp, out: &mut AcdOutbox) {
        self.reach(now);
        self.fire(Timestamp(self.now.0.saturating_sub(1)), out);
    }

    /// The step's moment; nothing that is due has happened yet.
    fn reach(&mut self, now: Timestamp) {
        #[cfg(feature = "broken")]
        crate::broken::begins(self.limits.broken);
        self.now = self.now.max(now);
    }

    /// Pairs calls and agents, then tells what has changed.
    pub(crate) fn finish(&mut self, out: &mut AcdOutbox) {
        dispatch::run(self, out);
        configure::sweep(self);
        announce::changes(self, out);
    }

    /// Fires what is due at `limit` or before.
    fn fire(&mut self, limit: Timestamp, out: &mut AcdOutbox) {
        while let Some(kind) = self.timers.pop_due(limit) {
            match kind {
                TimerKind::WaitExpires(call) => overflow::wait_expired(self, call, out),
                TimerKind::OfferExpires(offer) => offer::expired(self, offer, out),
                TimerKind::Grows(call) => growth::grows(self, call, out),
                TimerKind::Relaxes(call) => skills::asks_anew(self, call),
                TimerKind::WrapUpEnds(agent) => wrap_up::end(self, agent, out),
                TimerKind::DelayEnds(agent) => missed::delay_ended(self, agent),
                TimerKind::GraceEnds(agent) => device::grace_ended(self, agent, out),
            }
        }
    }
}
