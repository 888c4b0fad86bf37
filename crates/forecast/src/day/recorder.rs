//! Keeps of what an engine says what a day needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use acd::{AgentState, OfferOutcome, QueueOutcome};
use engine::{CallRecord, Engine, EventKind, LegRecord, LegStatus, Outbox};
use model::{AgentId, Directory, ExtensionNumber, QueueId, Timestamp};

use super::presence::{is_after_miss, presence};
use super::{CALLS_MAX, Day, PastCall, PastEnd, Presence};

/// How far the end of a leg and the begin of the work after it may lie apart.
const WRAP_UP_GAP: i64 = 5_000_000;
/// Within which wait an answer is in time where a queue does not say, microseconds.
const THRESHOLD: i64 = 20_000_000;
const SECOND: i64 = 1_000_000;

/// Listens to one engine from some moment on.
#[derive(Debug)]
pub struct Recorder {
    day: Day,
    states: BTreeMap<(AgentId, QueueId), (AgentState, Timestamp)>,
    /// When a wrap-up that an agent ended herself began, and how long it took.
    wrap_ups: BTreeMap<(ExtensionNumber, Timestamp), i64>,
}

impl Recorder {
    /// Begins with an engine as it stands.
    #[must_use]
    pub fn new(engine: &Engine, now: Timestamp) -> Self {
        let mut recorder = Self {
            day: Day {
                directory: Arc::clone(engine.directory()),
                calls: Vec::new(),
                presence: BTreeMap::new(),
                other_calls: Vec::new(),
                offers: BTreeMap::new(),
                away_after_miss: Vec::new(),
                clocks: BTreeMap::new(),
                from: now,
                to: now,
                calls_dropped: 0,
            },
            states: BTreeMap::new(),
            wrap_ups: BTreeMap::new(),
        };
        recorder.look(engine, now);
        recorder
    }

    /// Takes the states of all agents as the engine shows them: at the begin, and after a gap in a journal.
    pub fn look(&mut self, engine: &Engine, now: Timestamp) {
        self.day.directory = Arc::clone(engine.directory());
        for view in engine.view().agents() {
            for membership in view.memberships {
                self.agent_changed(view.agent, membership.queue, &membership.state, now);
            }
        }
    }

    /// Takes what one step led to.
    pub fn step(&mut self, engine: &Engine, now: Timestamp, out: &Outbox) {
        self.day.to = self.day.to.max(now);
        for event in &out.events {
            match &event.kind {
                EventKind::AgentChanged { agent, queue, state, .. } => {
                    self.agent_changed(*agent, *queue, state, now);
                }
                EventKind::OfferMade { agent, .. } => self.offer(*agent, true),
                EventKind::OfferEnded { agent, outcome, .. } => match outcome {
                    OfferOutcome::NoAnswer | OfferOutcome::Declined => self.offer(*agent, false),
                    OfferOutcome::Busy
                    | OfferOutcome::Unreachable
                    | OfferOutcome::AnsweredElsewhere
                    | OfferOutcome::CallerGone
                    | OfferOutcome::WaitExpired
                    | OfferOutcome::AgentLeft
                    | OfferOutcome::PickedUp => {}
                },
                EventKind::CallEnded { record } => self.call_ended(record),
                EventKind::DirectoryChanged => self.look(engine, now),
                EventKind::CallArrived { .. }
                | EventKind::LegChanged { .. }
                | EventKind::FlowBegan { .. }
                | EventKind::FlowStep { .. }
                | EventKind::DigitsCollected { .. }
                | EventKind::FlowFellBack { .. }
                | EventKind::FlowEnded { .. }
                | EventKind::CallQueued { .. }
                | EventKind::Decided { .. }
                | EventKind::IntroHeard { .. }
                | EventKind::CallConnected { .. }
                | EventKind::CallTransferred { .. }
                | EventKind::HoldChanged { .. }
                | EventKind::CallLeftQueue { .. }
                | EventKind::DeviceChanged { .. }
                | EventKind::NightModeChanged { .. }
                | EventKind::DndChanged { .. }
                | EventKind::ForwardingChanged { .. }
                | EventKind::CallLinkChanged { .. }
                | EventKind::RingGroupBegan { .. }
                | EventKind::RingGroupEnded { .. }
                | EventKind::MessageLeft { .. }
                | EventKind::MessageMarked { .. }
                | EventKind::MessageTranscribed { .. }
                | EventKind::MessageDeleted { .. }
                | EventKind::RecordingFailed { .. }
                | EventKind::MailboxLocked { .. }
                | EventKind::CallFaulted { .. }
                | EventKind::CallRefused { .. } => {}
            }
        }
    }

    /// The day until now.
    #[must_use]
    pub fn end(mut self) -> Day {
        let to = self.day.to;
        self.day.clocks.values_mut().for_each(|clocks| clocks.run_to(to));
        for call in &mut self.day.calls {
            let PastEnd::Answered { agent: Some(agent), talk, wrap_up, .. } = &mut call.end else { continue };
            let ended = Timestamp(call.at.0.saturating_add(call.waited).saturating_add(*talk));
            let from = (agent.clone(), Timestamp(ended.0.saturating_sub(SECOND)));
            let to = (agent.clone(), Timestamp(ended.0.saturating_add(WRAP_UP_GAP)));
            *wrap_up = self.wrap_ups.range(from..=to).next().map(|(_, length)| *length);
        }
        self.day.calls.sort_by_key(|call| call.at);
        self.day.other_calls.sort();
        self.day
    }

    fn extension(&self, agent: AgentId) -> Option<ExtensionNumber> {
        self.day.directory.agents.get(&agent)?.extension.clone()
    }

    fn offer(&mut self, agent: AgentId, made: bool) {
        let Some(extension) = self.extension(agent) else { return };
        let (all, missed) = self.day.offers.entry(extension).or_default();
        *all += u64::from(made);
        *missed += u64::from(!made);
    }

    fn agent_changed(&mut self, agent: AgentId, queue: QueueId, state: &AgentState, now: Timestamp) {
        let before = self.states.insert((agent, queue), (state.clone(), now));
        let Some(extension) = self.extension(agent) else { return };
        let clocks = self.day.clocks.entry(extension.clone()).or_default();
        clocks.change(now, queue, state);
        if let Some((before, since)) = &before {
            let length = now.0.saturating_sub(since.0);
            if is_after_miss(before) {
                self.day.away_after_miss.push(length);
            }
            if let AgentState::WrapUp { until } = before
                && until.is_none_or(|until| now < until)
            {
                self.wrap_ups.insert((extension.clone(), *since), length);
            }
        }
        let Some(of) = self.day.directory.queues.get(&queue) else { return };
        let line = self.day.presence.entry((extension, of.number.clone())).or_default();
        let presence = presence(state);
        if line.last().map_or(Presence::Out, |(_, last)| *last) != presence {
            line.push((now, presence));
        }
    }

    fn call_ended(&mut self, record: &CallRecord) {
        for leg in record.legs.iter().filter(|leg| leg.queue.is_none()) {
            if let (Some(_), Some(extension), Some(from), Some(to)) =
                (leg.agent, &leg.extension, leg.answered_at, leg.ended_at)
            {
                self.day.other_calls.push((extension.clone(), from, to));
            }
        }
        // A queue that was closed took no part in it.
        let mut stays = record.queues.iter().filter(|stay| !stay.outcome.is_turned_away());
        let Some(first) = stays.next() else { return };
        let last = stays.next_back().unwrap_or(first);
        if self.day.calls.len() >= CALLS_MAX {
            self.day.calls_dropped += 1;
            return;
        }
        let end = match last.outcome {
            QueueOutcome::Answered => self.answered(record),
            QueueOutcome::Abandoned => PastEnd::Abandoned,
            QueueOutcome::OverflowTimeout
            | QueueOutcome::Full
            | QueueOutcome::NoAgents
            | QueueOutcome::Removed
            | QueueOutcome::QueueGone
            | QueueOutcome::Closed
            | QueueOutcome::Night
            | QueueOutcome::Exited
            | QueueOutcome::CallbackRequested
            | QueueOutcome::CallbackDone
            | QueueOutcome::CallbackFailed => PastEnd::Left,
        };
        self.day.calls.push(PastCall {
            at: first.entered_at,
            caller: record.caller.number.clone(),
            dialed: record.dialed.clone(),
            queue: first.number.clone(),
            waited: last.left_at.0.saturating_sub(first.entered_at.0),
            threshold: threshold(&self.day.directory, first.queue),
            end,
        });
    }

    fn answered(&mut self, record: &CallRecord) -> PastEnd {
        let is_answer = |leg: &&LegRecord| {
            leg.queue.is_some() && leg.agent.is_some() && leg.status == LegStatus::Answered
        };
        let leg = record.legs.iter().find(is_answer);
        let times = leg.and_then(|leg| {
            let answered = leg.answered_at?;
            Some((leg.started_at, answered, leg.ended_at.unwrap_or(record.ended_at)))
        });
        let (started, answered, ended) = times.unwrap_or((record.ended_at, record.ended_at, record.ended_at));
        let agent = leg.and_then(|leg| leg.extension.clone());
        if let Some(clocks) = agent.as_ref().and_then(|agent| self.day.clocks.get_mut(agent)) {
            clocks.answered += 1;
        }
        PastEnd::Answered {
            agent,
            ring: answered.0.saturating_sub(started.0).max(0),
            talk: ended.0.saturating_sub(answered.0).max(0),
            wrap_up: None,
        }
    }
}

/// Within which wait an answer is in time in this queue.
fn threshold(directory: &Directory, queue: QueueId) -> i64 {
    match directory.queues.get(&queue).map(|queue| i64::from(queue.sla_time)) {
        Some(0) | None => THRESHOLD,
        Some(seconds) => seconds * SECOND,
    }
}
