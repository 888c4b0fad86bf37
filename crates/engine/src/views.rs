//! How the views of [`crate::view`] are built from what the engine and the ACD hold.

use std::time::Duration;

use acd::{AgentState, NoCall, WaitingView};
use model::{AgentId, CallId, LegId, Queue, QueueId, Timestamp};

use crate::call::{Call, Place};
use crate::engine::Engine;
use crate::leg::Role;
use crate::record::CallRecord;
use crate::view::{AgentView, CallState, CallView, QueueView, WhyWaiting};

impl Engine {
    pub(crate) fn view_agents(&self) -> Vec<AgentView> {
        self.directory.agents.keys().filter_map(|&agent| self.view_agent(agent)).collect()
    }

    pub(crate) fn view_agent(&self, agent: AgentId) -> Option<AgentView> {
        let provisioned = self.directory.agents.get(&agent)?;
        let never = (AgentState::Offline, Timestamp::ZERO);
        let (state, since) = self.agents.overall(agent).cloned().unwrap_or(never);
        Some(AgentView {
            agent,
            extension: provisioned.extension.clone(),
            name: provisioned.name.clone(),
            registered: self.devices.is_agent_registered(&self.directory, agent),
            personal: self.reach.personal(&self.directory, agent).cloned().unwrap_or_default(),
            call_link: self.reach.call_link(provisioned),
            dnd: provisioned
                .extension
                .as_ref()
                .is_some_and(|number| self.reach.is_dnd(&self.directory, number)),
            state,
            since,
            memberships: self.acd.memberships(agent),
        })
    }

    pub(crate) fn view_queues(&self) -> Vec<QueueView> {
        self.directory.queues.values().map(|queue| self.queue_view(queue)).collect()
    }

    pub(crate) fn view_queue(&self, queue: QueueId) -> Option<QueueView> {
        self.directory.queues.get(&queue).map(|queue| self.queue_view(queue))
    }

    fn queue_view(&self, queue: &Queue) -> QueueView {
        let waiting = self.acd.waiting_count(queue.id).saturating_sub(self.acd.callback_count(queue.id));
        QueueView {
            queue: queue.id,
            number: queue.number.clone(),
            name: queue.name.clone(),
            strategy: queue.strategy,
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            callbacks: self.counters.pending_callbacks(queue.id),
            night_mode: self.night.queue(queue.id),
            counters: self.counters.view(queue.id),
        }
    }

    pub(crate) fn view_calls(&self) -> Vec<CallView> {
        self.calls.values().map(call_view).collect()
    }

    pub(crate) fn view_call(&self, call: CallId) -> Option<CallView> {
        self.calls.get(&call).map(call_view)
    }

    pub(crate) fn view_record(&self, call: CallId) -> Option<CallRecord> {
        self.calls.get(&call).map(|call| call.record(latest(call)))
    }

    pub(crate) fn view_waiting(&self, queue: QueueId) -> Vec<WaitingView> {
        self.acd.waiting(queue)
    }

    pub(crate) fn view_why_waiting(&self, call: CallId) -> Option<WhyWaiting> {
        let queue = self.calls.get(&call)?.entry.as_ref()?.queue;
        let line = self.acd.waiting(queue);
        let waiting = u32::try_from(line.len()).unwrap_or(u32::MAX);
        let place = line.into_iter().find(|place| place.call == call)?;
        let decision = self.acd.last_decision(call);
        Some(WhyWaiting { queue, place, waiting, decision })
    }

    pub(crate) fn view_why_no_call(&self, agent: AgentId) -> Option<Vec<NoCall>> {
        self.directory.agents.contains_key(&agent).then(|| self.acd.why_no_call(agent))
    }

    pub(crate) fn view_expected_wait(&self, queue: QueueId) -> Option<Duration> {
        self.acd.expected_wait(queue)
    }
}

fn call_view(call: &Call) -> CallView {
    CallView {
        call: call.id,
        direction: call.direction,
        state: state(call),
        caller: call.caller.clone(),
        dialed: call.dialed.clone(),
        started_at: call.started_at,
        answered_at: call.answered_at,
        agent: agent(call),
        held: call.held,
        recordings: call.recordings.clone(),
        learned: call.learned.clone(),
        legs: call.legs.iter().map(|leg| leg.record.clone()).collect(),
    }
}

fn state(call: &Call) -> CallState {
    match (call.place, &call.entry) {
        (Place::InFlow, _) => call.flow.as_ref().map_or(CallState::Started, |flow| CallState::InFlow {
            flow: flow.run.flow().id,
            step: flow.run.flow().step_name(flow.run.at()).to_owned(),
        }),
        (Place::Started | Place::Prompt { .. } | Place::Warned { .. } | Place::Voicemail, _) => {
            CallState::Started
        }
        (Place::Waiting { queue }, entry) => CallState::Waiting {
            queue,
            enqueued_at: entry.as_ref().map_or(call.started_at, |entry| entry.entered_at),
            priority: entry.as_ref().map_or(0, |entry| entry.priority),
            offered_to: offered_to(call),
            callback: call.callback.is_some(),
        },
        (Place::CallsBack { queue, .. } | Place::Rests { queue }, _) => CallState::CallingBack { queue },
        (Place::RingsFirst { .. } | Place::Ringing { .. } | Place::Hunting, _) => CallState::Ringing,
        (Place::Connected { queue, .. }, _) => CallState::Connected { queue },
        (Place::Ending, _) => CallState::Ending,
    }
}

/// Who is being rung for it by a queue, in the order of dialing.
fn offered_to(call: &Call) -> Vec<AgentId> {
    let rung = |role: Role| matches!(role, Role::Offered(_) | Role::Picked { .. });
    let legs = call.legs.iter().filter(|leg| leg.is_live() && rung(leg.role));
    legs.filter_map(|leg| leg.record.agent).collect()
}

/// The agent on it, or rung for it alone.
fn agent(call: &Call) -> Option<AgentId> {
    let agent_of = |leg: LegId| call.leg(leg).and_then(|leg| leg.record.agent);
    match call.place {
        Place::Connected { agent, .. } => agent,
        Place::CallsBack { agent, .. } => Some(agent),
        Place::RingsFirst { leg } | Place::Ringing { leg } => agent_of(leg),
        Place::Waiting { .. } => {
            let rung = offered_to(call);
            if let [alone] = rung.as_slice() { Some(*alone) } else { None }
        }
        Place::Started
        | Place::InFlow
        | Place::Prompt { .. }
        | Place::Warned { .. }
        | Place::Voicemail
        | Place::Rests { .. }
        | Place::Hunting
        | Place::Ending => None,
    }
}

/// The last moment at which something happened to it.
fn latest(call: &Call) -> Timestamp {
    let legs = call.legs.iter().map(|leg| &leg.record);
    let of_legs = legs.flat_map(|leg| [leg.ended_at, leg.answered_at, leg.ringing_at, Some(leg.started_at)]);
    let of_queues = call.queues.iter().map(|stay| Some(stay.left_at));
    of_legs.chain(of_queues).flatten().max().unwrap_or(call.started_at)
}
