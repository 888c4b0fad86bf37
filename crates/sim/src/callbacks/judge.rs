//! Who follows what the ACD says of its lines: who waits, who asked to be called back, who rings, how each left.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use acd::{Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, OfferOutcome, QueueOutcome};
use model::{AgentId, CallId, Directory, OfferId, QueueId, Timestamp};

use crate::violation::Violation;

/// One call in a line.
#[derive(Clone, Debug)]
pub(crate) struct Waits {
    pub(crate) queue: QueueId,
    pub(crate) priority: u8,
    pub(crate) received_at: Timestamp,
    pub(crate) enqueued_at: Timestamp,
    pub(crate) callback_since: Option<Timestamp>,
    pub(crate) declined: BTreeSet<AgentId>,
}

/// One agent, as far as a line must know.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Agent {
    pub(crate) has_phone: bool,
    pub(crate) logged_in: bool,
    pub(crate) talks: Option<CallId>,
}

/// An offer that rings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ring {
    pub(crate) call: CallId,
    pub(crate) agent: AgentId,
    pub(crate) picked: bool,
}

/// The naive line, and what it found wrong.
pub(crate) struct Judge {
    pub(crate) directory: Directory,
    pub(crate) callback_max: Duration,
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    pub(crate) entries: BTreeMap<CallId, Waits>,
    pub(crate) rings: BTreeMap<OfferId, Ring>,
    pub(crate) numbers: BTreeMap<CallId, u64>,
    /// How each stay in a line ended: each once.
    pub(crate) ways_out: BTreeMap<CallId, QueueOutcome>,
    /// Who asked to be called back while he waited.
    pub(crate) asked: BTreeSet<CallId>,
    /// Where those who are to be called back stood after the step before.
    pub(crate) stood: BTreeMap<CallId, u32>,
    /// What the step is about.
    pub(crate) input: Option<AcdInput>,
    pub(crate) now: Timestamp,
    pub(crate) broken: Vec<Violation>,
}

impl Judge {
    pub(crate) fn new(directory: &Directory, callback_max: Duration) -> Self {
        Self {
            directory: directory.clone(),
            callback_max,
            agents: directory.agents.keys().map(|id| (*id, Agent::default())).collect(),
            entries: BTreeMap::new(),
            rings: BTreeMap::new(),
            numbers: BTreeMap::new(),
            ways_out: BTreeMap::new(),
            asked: BTreeSet::new(),
            stood: BTreeMap::new(),
            input: None,
            now: Timestamp::ZERO,
            broken: Vec::new(),
        }
    }

    /// Everybody who waits.
    pub(crate) fn waiting(&self) -> Vec<CallId> {
        self.entries.keys().copied().collect()
    }

    /// Who talks with whom.
    pub(crate) fn talks(&self) -> Vec<(AgentId, CallId)> {
        self.agents.iter().filter_map(|(id, agent)| Some((*id, agent.talks?))).collect()
    }

    /// The callback that is pending for a number in a line.
    pub(crate) fn pending(&self, queue: QueueId, number: u64) -> Option<CallId> {
        let of = |call: &CallId, waits: &Waits| {
            waits.queue == queue
                && waits.callback_since.is_some()
                && self.numbers.get(call).is_some_and(|other| *other == number)
        };
        self.entries.iter().find(|(call, waits)| of(call, waits)).map(|(call, _)| *call)
    }

    pub(crate) fn broken(&mut self, law: &'static str, what: String) {
        self.broken.push(Violation { law, what });
    }

    pub(crate) fn provisioned(&mut self, directory: &Directory) {
        self.directory = directory.clone();
        self.input = None;
    }

    /// An agent asked for something, and got it.
    pub(crate) fn asked(&mut self, agent: AgentId, action: &AgentAction) {
        self.input = None;
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.logged_in = *action != AgentAction::Logout;
        }
    }

    /// What the input itself says, before anything follows from it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other inputs are about what this world has not")]
    pub(crate) fn input(&mut self, input: &AcdInput, now: Timestamp) {
        self.now = now;
        self.input = Some(input.clone());
        match input {
            AcdInput::CallbackRequested { call } => {
                if let Some(waits) = self.entries.get_mut(call) {
                    waits.callback_since.get_or_insert(now);
                    self.asked.insert(*call);
                }
            }
            AcdInput::OfferPicked { offer } => {
                if let Some(ring) = self.rings.get_mut(offer) {
                    ring.picked = true;
                }
            }
            AcdInput::QueueLegEnded { agent, .. } => {
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.talks = None;
                }
            }
            AcdInput::Device { agent, reachable } => {
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.has_phone = *reachable;
                }
            }
            AcdInput::OfferFailed { offer, why: acd::OfferFailure::Declined } => {
                let of = self.rings.get(offer).map(|ring| (ring.call, ring.agent));
                if let Some((call, agent)) = of
                    && let Some(waits) = self.entries.get_mut(&call)
                {
                    waits.declined.insert(agent);
                }
            }
            _ => {}
        }
    }

    /// Follows what one step said, and compares what stands after it.
    pub(crate) fn check(&mut self, acd: &Acd, now: Timestamp, out: &AcdOutbox) {
        self.now = now;
        let mut came = Vec::new();
        for output in &out.outputs {
            if let AcdOutput::Queued { call, .. } = output {
                came.push(*call);
            }
            self.output(output);
        }
        self.check_idle();
        self.check_limits();
        for queue in self.directory.queues.keys().copied().collect::<Vec<_>>() {
            self.check_line(acd, queue, &came);
        }
        let known = |call: &CallId| self.entries.contains_key(call);
        let lost: Vec<CallId> = self.numbers.keys().copied().filter(|call| !known(call)).collect();
        let lost: Vec<CallId> = lost.into_iter().filter(|call| !self.ways_out.contains_key(call)).collect();
        if !lost.is_empty() {
            self.broken("17", format!("calls {lost:?} neither wait nor have left"));
        }
    }

    fn output(&mut self, output: &AcdOutput) {
        match output {
            AcdOutput::Queued { call, queue, .. } => self.queued(*call, *queue),
            AcdOutput::Offered { offer, call, queue, agent, .. } => {
                if let Some(what) = self.offer_problem(*call, *queue, *agent) {
                    let law = self.law(*call, "7");
                    self.broken(law, format!("agent {agent} is offered call {call}: {what}"));
                }
                self.rings.insert(*offer, Ring { call: *call, agent: *agent, picked: false });
            }
            AcdOutput::OfferEnded { offer, call, outcome, .. } => self.ended(*offer, *call, *outcome),
            AcdOutput::Connected { offer, call, agent, .. } => {
                let rang = self.rings.remove(offer).is_some_and(|ring| ring.call == *call);
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.talks = Some(*call);
                }
                self.leaves(*call, QueueOutcome::Answered, rang);
            }
            AcdOutput::LeftQueue { call, queue, outcome, .. } => {
                let may = self.may_leave(*call, *queue, *outcome);
                self.leaves(*call, *outcome, may);
            }
            AcdOutput::Faulted { call, what } => self.broken("error log", format!("call {call}: {what}")),
            AcdOutput::Decided { .. } | AcdOutput::AgentChanged { .. } | AcdOutput::AgentRemoved { .. } => {}
        }
    }

    /// 15: each ring ends once. A21: no clock ends that of an agent who has lifted.
    fn ended(&mut self, offer: OfferId, call: CallId, outcome: OfferOutcome) {
        let law = self.law(call, "15");
        let Some(ring) = self.rings.remove(&offer) else {
            return self.broken(law, format!("offer {offer} of call {call} ended and did not ring"));
        };
        let by_clock = match outcome {
            OfferOutcome::NoAnswer => !matches!(self.input, Some(AcdInput::NotAccepted { .. })),
            OfferOutcome::WaitExpired => true,
            OfferOutcome::Declined
            | OfferOutcome::Busy
            | OfferOutcome::Unreachable
            | OfferOutcome::AnsweredElsewhere
            | OfferOutcome::CallerGone
            | OfferOutcome::AgentLeft
            | OfferOutcome::PickedUp => false,
        };
        if by_clock && ring.picked {
            self.broken(law, format!("offer {offer} of call {call} is cut off: {outcome:?}"));
        }
    }

    /// What is wrong with a callback is against law 28, whatever other law it is against.
    pub(crate) fn law(&self, call: CallId, other: &'static str) -> &'static str {
        if self.asked.contains(&call) { "28" } else { other }
    }

    fn queued(&mut self, call: CallId, queue: QueueId) {
        let Some(AcdInput::Enqueued(entering)) = self.input.clone().filter(|_| !self.is_turned_away(queue))
        else {
            return self.broken("26/27", format!("call {call} is let in to queue {queue}"));
        };
        let (priority, received_at) = (entering.priority, entering.received_at);
        let waits = Waits {
            queue,
            priority,
            received_at,
            enqueued_at: self.now,
            callback_since: None,
            declined: BTreeSet::new(),
        };
        self.entries.insert(call, waits);
    }

    /// 15, 28: each stay ends once, and as it may.
    fn leaves(&mut self, call: CallId, outcome: QueueOutcome, may: bool) {
        let law = self.law(call, "15");
        let waits = self.entries.remove(&call);
        if !may {
            self.broken(law, format!("call {call} leaves: {outcome:?}; it waits: {waits:?}"));
        }
        if let Some(before) = self.ways_out.insert(call, outcome) {
            self.broken(law, format!("call {call} left twice: {before:?}, {outcome:?}"));
        }
    }
}
