//! Agents: what the ACD says is carried out and told here, and what it must know of their legs goes to it.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, VecDeque};

use acd::{AcdInput, AcdOutput, AgentAction, AgentState, MembershipResult, OtherLeg, Scope};
use model::{AgentId, CallId, LegId, Timestamp};

use crate::call::queue::{self, Left, Offer};
use crate::devices;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::leg::Role;
use crate::never::never;
use crate::request::{Actor, Rejection, Reply};
use crate::step::Step;

/// What the engine itself keeps of agents; all else is the ACD's.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Agents {
    /// What the ACD has said and the engine has not yet done, with who caused it.
    /// Empty between steps, so a saved engine need not carry it.
    #[borsh(skip)]
    said: VecDeque<(AcdOutput, Actor)>,
    /// The most telling state of each, and since when.
    overall: BTreeMap<AgentId, (AgentState, Timestamp)>,
    /// The legs that are no queue's on which each talks.
    talks: BTreeMap<AgentId, BTreeMap<LegId, CallId>>,
}

impl Agents {
    /// The most telling state of an agent, and since when.
    pub(crate) fn overall(&self, agent: AgentId) -> Option<&(AgentState, Timestamp)> {
        self.overall.get(&agent)
    }

    /// Since when each agent does what she does.
    pub(crate) fn since(&self) -> impl Iterator<Item = (AgentId, Timestamp)> {
        self.overall.iter().map(|(agent, (_, since))| (*agent, *since))
    }
}

impl Engine {
    /// Tells the ACD something; what it answers is carried out in order, at the latest at the end of the step.
    pub(crate) fn tell_acd(&mut self, input: AcdInput, step: &Step<'_>) {
        self.acd.handle(input, step.now, &mut self.acd_out);
        self.take_said();
    }

    /// Takes what the ACD said on its own account.
    pub(crate) fn take_said(&mut self) {
        self.agents.said.extend(self.acd_out.outputs.drain(..).map(|output| (output, Actor::System)));
    }
}

/// Does what the ACD has said, until it has nothing more to say.
///
/// First in, first out: that is the order in which the facts came to be. Each round ends, because offers per
/// call, hops per call and legs per call are limited.
pub(crate) fn carry_out(engine: &mut Engine, step: &mut Step<'_>) {
    while let Some((output, actor)) = engine.agents.said.pop_front() {
        apply(engine, output, actor, step);
    }
}

fn apply(engine: &mut Engine, output: AcdOutput, actor: Actor, step: &mut Step<'_>) {
    match output {
        AcdOutput::Queued { call, queue, position, enqueued_at } => {
            step.touch_queue(queue);
            queue::queued(engine, call, queue, (position, enqueued_at), step);
        }
        AcdOutput::Offered { offer, call, queue, agent, until, decision } => {
            touch(queue, agent, step);
            queue::decided(engine, &decision, step);
            queue::offered(engine, Offer { offer, call, queue, agent }, until, step);
        }
        AcdOutput::OfferEnded { offer, call, queue, agent, outcome } => {
            touch(queue, agent, step);
            queue::offer_ended(engine, Offer { offer, call, queue, agent }, outcome, step);
        }
        AcdOutput::Connected { offer, call, queue, agent, enqueued_at } => {
            touch(queue, agent, step);
            queue::connected(engine, Offer { offer, call, queue, agent }, enqueued_at, step);
        }
        AcdOutput::LeftQueue { call, queue, outcome, enqueued_at, next } => {
            step.touch_queue(queue);
            queue::left(engine, Left { call, queue, outcome, enqueued_at, next }, step);
        }
        AcdOutput::Decided { decision } => queue::decided(engine, &decision, step),
        AcdOutput::AgentChanged { agent, queue, state, since: _, available, pending } => {
            step.touch_agent(agent);
            step.event(EventKind::AgentChanged { agent, queue, state, available, pending, actor });
        }
        AcdOutput::AgentRemoved { agent, queue } => touch(queue, agent, step),
        AcdOutput::Faulted { call, what } => never!(engine, call, what, step),
    }
}

fn touch(queue: model::QueueId, agent: AgentId, step: &mut Step<'_>) {
    step.touch_queue(queue);
    step.touch_agent(agent);
}

/// Somebody asks for a change of an agent's state.
pub(crate) fn asked(
    engine: &mut Engine,
    agent: AgentId,
    scope: Scope,
    action: AgentAction,
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    if !engine.directory.agents.contains_key(&agent) {
        return Err(Rejection::UnknownAgent);
    }
    if let Scope::Queue(queue) = scope
        && !engine.directory.queues.contains_key(&queue)
    {
        return Err(Rejection::UnknownQueue);
    }
    Ok(Reply::Agent(act(engine, agent, scope, action, actor, step)))
}

/// Applies an action; the changes of this one agent are told as the actor's, all others as the switch's own.
pub(crate) fn act(
    engine: &mut Engine,
    agent: AgentId,
    scope: Scope,
    action: AgentAction,
    actor: &Actor,
    step: &mut Step<'_>,
) -> Vec<MembershipResult> {
    let results = engine.acd.act(agent, scope, action, step.now, &mut engine.acd_out);
    take_asked(engine, agent, actor, step);
    results
}

/// Takes what the ACD said because somebody asked it for this agent.
pub(crate) fn take_asked(engine: &mut Engine, agent: AgentId, actor: &Actor, step: &mut Step<'_>) {
    for output in engine.acd_out.outputs.drain(..) {
        let hers = matches!(&output, AcdOutput::AgentChanged { agent: changed, .. } if *changed == agent);
        engine.agents.said.push_back((output, if hers { actor.clone() } else { Actor::System }));
    }
    step.touch_agent(agent);
}

/// The caller's own phone is busy from now on, if it is an agent's.
pub(crate) fn caller_talks(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(leg) = engine.calls.get(&id).and_then(|call| call.caller_leg()) else { return };
    if let (Role::Plain, Some(agent)) = (leg.role, leg.record.agent) {
        let leg = leg.id();
        other_leg(engine, id, leg, agent, OtherLeg::Active, step);
    }
}

/// An agent's leg that is no queue's rings, talks or is over: the ACD is told, and her view says so.
pub(crate) fn other_leg(
    engine: &mut Engine,
    id: CallId,
    leg: LegId,
    agent: AgentId,
    state: OtherLeg,
    step: &mut Step<'_>,
) {
    let role = match state {
        OtherLeg::Ringing | OtherLeg::Active => Role::Other(agent),
        OtherLeg::Ended => Role::Plain,
    };
    if let Some(leg) = engine.calls.get_mut(&id).and_then(|call| call.leg_mut(leg)) {
        leg.role = role;
    }
    match state {
        OtherLeg::Ringing => {}
        OtherLeg::Active => {
            engine.agents.talks.entry(agent).or_default().insert(leg, id);
        }
        OtherLeg::Ended => {
            if let Some(talks) = engine.agents.talks.get_mut(&agent) {
                talks.remove(&leg);
                if talks.is_empty() {
                    engine.agents.talks.remove(&agent);
                }
            }
        }
    }
    step.touch_agent(agent);
    engine.tell_acd(AcdInput::OtherLeg { agent, leg, call: id, state }, step);
}

/// Takes note of what the touched agents do now, and since when.
pub(crate) fn refresh(engine: &mut Engine, step: &mut Step<'_>) {
    let known = |agent: &AgentId| engine.directory.agents.contains_key(agent);
    let agents: Vec<AgentId> = if step.out.touched.all {
        engine.agents.overall.retain(|agent, _| known(agent));
        engine.directory.agents.keys().copied().collect()
    } else {
        step.out.touched.agents.iter().copied().filter(known).collect()
    };
    for agent in agents {
        let state = most_telling(engine, agent);
        let before = engine.agents.overall.get(&agent);
        if before.is_none_or(|(before, _)| *before != state) {
            engine.agents.overall.insert(agent, (state, step.now));
        }
    }
}

/// Takes note that an agent has done since then what she does.
pub(crate) fn does_since(engine: &mut Engine, agent: AgentId, since: Timestamp) {
    if engine.directory.agents.contains_key(&agent) {
        let state = most_telling(engine, agent);
        engine.agents.overall.insert(agent, (state, since));
    }
}

/// What one agent does over all her queues; without any, what her phone does.
fn most_telling(engine: &Engine, agent: AgentId) -> AgentState {
    let memberships = engine.acd.memberships(agent).into_iter().map(|membership| membership.state);
    // The first of equal rank stays: the queue with the lowest id.
    let telling = memberships.reduce(|best, state| if rank(&state) > rank(&best) { state } else { best });
    // Who picked a call up need not be logged in to its queue, nor to any.
    let telling = match (telling, engine.acd.engaged(agent)) {
        (None | Some(AgentState::LoggedOut | AgentState::Offline), Some(engaged)) => Some(engaged),
        (telling, _) => telling,
    };
    telling.unwrap_or_else(|| match engine.agents.talks.get(&agent).and_then(|talks| talks.values().next()) {
        Some(&call) => AgentState::OtherCall { call },
        None if devices::is_reachable(engine, agent) => AgentState::LoggedOut,
        None => AgentState::Offline,
    })
}

const fn rank(state: &AgentState) -> u8 {
    match state {
        AgentState::QueueCall { .. } => 7,
        AgentState::OtherCall { .. } => 6,
        AgentState::Ringing { .. } => 5,
        AgentState::WrapUp { .. } => 4,
        AgentState::Ready => 3,
        AgentState::NotReady { .. } => 2,
        AgentState::LoggedOut => 1,
        AgentState::Offline => 0,
    }
}
