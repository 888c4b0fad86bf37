//! Lines in the reference: who stands where, who is let in, who leaves and how; and what is counted of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::{EventKind, Input, LegInput, MediaInput, OfferOutcome, Outbox, QueueOutcome};
use model::{AgentId, CallId, Queue, QueueId, SkillNeed, Timestamp};

use crate::reference::Reference;
use crate::reference::action::plus;
use crate::reference::agent::Ring;

/// One call in a line.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) call: CallId,
    pub(crate) priority: u8,
    pub(crate) enqueued_at: Timestamp,
    pub(crate) received_at: Timestamp,
    pub(crate) sla_time: u32,
    /// Nobody is rung for it until its caller has heard the introduction.
    pub(crate) held: bool,
    /// When it took its old place again.
    pub(crate) resumed_at: Option<Timestamp>,
    /// Its own needs; empty: the queue's.
    pub(crate) skills: Vec<SkillNeed>,
    /// When its needs were last looked at.
    pub(crate) asked_at: Timestamp,
    pub(crate) preferred: Vec<AgentId>,
    pub(crate) declined: BTreeSet<AgentId>,
    pub(crate) offers_made: u32,
    /// Ring all: how often the set has grown.
    pub(crate) round: u32,
    /// Cascade: the tier to which it has come.
    pub(crate) reach: Option<u8>,
    /// When the set grows next.
    pub(crate) grows_at: Option<Timestamp>,
    /// Cascade: when it last came to its end.
    pub(crate) over_at: Option<Timestamp>,
}

/// What a call came with.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) number: String,
    pub(crate) received_at: Timestamp,
    pub(crate) priority: u8,
    pub(crate) skills: Vec<SkillNeed>,
}

/// A place that a restart took from its caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) enqueued_at: Timestamp,
    pub(crate) received_at: Timestamp,
    pub(crate) priority: u8,
    pub(crate) until: Timestamp,
}

/// One queue.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) rules: Queue,
    pub(crate) deleted: bool,
    /// In no order; the order is found each time.
    pub(crate) entries: Vec<Entry>,
    /// How long each of its calls that are over has taken, oldest first.
    pub(crate) took: Vec<Duration>,
}

/// What a queue has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) offered: u64,
    pub(crate) answered: u64,
    pub(crate) answered_in_time: u64,
    pub(crate) left: BTreeMap<QueueOutcome, u64>,
    pub(crate) abandoned_late: u64,
    pub(crate) wait_ms: u64,
}

impl Line {
    /// The line, head first: 4.2.7 and 8, and the ageing rule.
    pub(crate) fn ordered(&self) -> Vec<&Entry> {
        let mut ordered: Vec<&Entry> = self.entries.iter().collect();
        ordered.sort_by_key(|entry| self.place(entry));
        ordered
    }

    /// Without ageing the priority rules and then the moment; with it a step of priority is worth so many seconds.
    fn place(&self, entry: &Entry) -> (u8, i64, CallId) {
        let moment = match self.rules.order_by {
            model::OrderBy::Entered => entry.enqueued_at,
            model::OrderBy::Received => entry.received_at.min(entry.enqueued_at),
        };
        if self.rules.ageing == 0 {
            return (u8::MAX - entry.priority, moment.0, entry.call);
        }
        let worth = i64::from(entry.priority) * i64::from(self.rules.ageing) * 1_000_000;
        (0, moment.0 - worth, entry.call)
    }
}

impl Reference {
    pub(crate) fn entry_mut(&mut self, call: CallId) -> Option<&mut Entry> {
        self.lines.values_mut().flat_map(|line| &mut line.entries).find(|entry| entry.call == call)
    }

    pub(crate) fn entry(&self, call: CallId) -> Option<(QueueId, &Entry)> {
        self.lines.iter().find_map(|(queue, line)| {
            line.entries.iter().find(|entry| entry.call == call).map(|entry| (*queue, entry))
        })
    }

    pub(crate) fn stands_in_line(&self, call: CallId) -> bool {
        self.entry(call).is_some()
    }

    /// When the longest wait of a waiting call has passed.
    pub(crate) fn wait_limit(&self, call: CallId) -> Option<Timestamp> {
        let (queue, entry) = self.entry(call)?;
        let rules = self.rules(queue)?;
        let limit = plus(entry.enqueued_at, rules.max_waiting_time);
        let least = entry.resumed_at.map_or(limit, |at| plus(at, rules.ring_time));
        (rules.max_waiting_time > 0).then(|| limit.max(least))
    }

    /// A call stands in a line.
    pub(crate) fn queued(&mut self, call: CallId, queue: QueueId, position: u32) {
        if let Some((other, _)) = self.entry(call) {
            return self.broken("3.3.5", format!("call {call} enters queue {queue} and stands in {other}"));
        }
        while self.arrival_outcome(queue).is_some() && self.apply_late() {}
        if let Some(outcome) = self.arrival_outcome(queue) {
            self.broken("26/27", format!("call {call} is let in to queue {queue}: {outcome:?}"));
        }
        let now = self.now;
        let entry = self.entering(call, queue);
        let Some(line) = self.lines.get_mut(&queue) else { return };
        line.entries.push(entry);
        let ours = line.ordered().iter().position(|entry| entry.call == call).unwrap_or(0) + 1;
        if usize::try_from(position) != Ok(ours) {
            self.broken(
                "44",
                format!("call {call} is at {position} of queue {queue}, by the rule at {ours} ({now:?})"),
            );
        }
        self.counts.entry(queue).or_default().offered += 1;
    }

    /// Why a call may not join a line now; none if it may.
    fn arrival_outcome(&self, queue: QueueId) -> Option<QueueOutcome> {
        let Some(line) = self.lines.get(&queue).filter(|line| !line.deleted) else {
            return Some(QueueOutcome::QueueGone);
        };
        let max = usize::try_from(line.rules.max_callers).unwrap_or(usize::MAX);
        if max > 0 && line.entries.len() >= max {
            return Some(QueueOutcome::Full);
        }
        if !line.rules.wait_when_no_agents && !self.is_staffed(queue) {
            return Some(QueueOutcome::NoAgents);
        }
        let (certainly, _) = self.waits_too_long(queue);
        certainly.then_some(QueueOutcome::Full)
    }

    pub(crate) fn is_staffed(&self, queue: QueueId) -> bool {
        self.agents.values().any(|agent| agent.staffs(queue))
    }

    /// A call left a line otherwise than to an agent, or was not let in.
    pub(crate) fn left(&mut self, call: CallId, queue: QueueId, outcome: QueueOutcome) {
        let stood = self.entry(call).map(|(of, entry)| (of, entry.clone()));
        if stood.is_none() {
            let _ = self.old_place(call, queue);
        }
        while !self.may_leave(call, queue, outcome) && self.apply_late() {}
        if !self.may_leave(call, queue, outcome) {
            self.broken(law_of(outcome), self.left_wrongly(call, queue, outcome));
        }
        if let Some(line) = self.lines.get_mut(&queue) {
            line.entries.retain(|entry| entry.call != call);
        }
        let now = self.now;
        let count = self.counts.entry(queue).or_default();
        count.offered += u64::from(stood.is_none());
        *count.left.entry(outcome).or_default() += 1;
        if let Some((_, entry)) = stood
            && outcome == QueueOutcome::Abandoned
            && entry.sla_time > 0
            && now > plus(entry.enqueued_at, entry.sla_time)
        {
            count.abandoned_late += 1;
        }
    }

    fn left_wrongly(&self, call: CallId, queue: QueueId, outcome: QueueOutcome) -> String {
        let staff: Vec<_> =
            self.agents.iter().filter(|(_, agent)| agent.staffs(queue)).map(|(id, _)| *id).collect();
        let limit = self.wait_limit(call);
        let waits = self.stands_in_line(call);
        format!(
            "call {call} leaves queue {queue}: {outcome:?}; it waits: {waits}, until {limit:?}; staff: {staff:?}"
        )
    }

    fn may_leave(&self, call: CallId, queue: QueueId, outcome: QueueOutcome) -> bool {
        let Some((stood, _)) = self.entry(call) else {
            let ours = self.arrival_outcome(queue);
            let perhaps = ours.is_none() && outcome == QueueOutcome::Full && self.waits_too_long(queue).1;
            return ours == Some(outcome) || perhaps;
        };
        let rules = self.rules(queue);
        let by_rule = match outcome {
            QueueOutcome::OverflowTimeout => self.wait_limit(call).is_some_and(|limit| self.now >= limit),
            QueueOutcome::NoAgents => {
                rules.is_some_and(|rules| !rules.wait_when_no_agents) && !self.is_staffed(queue)
            }
            QueueOutcome::QueueGone => self.lines.get(&queue).is_some_and(|line| line.deleted),
            QueueOutcome::Abandoned | QueueOutcome::Removed => true,
            QueueOutcome::Exited => rules.is_some_and(|rules| rules.in_queue.exit.is_some()),
            // No queue here has hours, and nobody switches night mode.
            QueueOutcome::Full | QueueOutcome::Answered | QueueOutcome::Closed | QueueOutcome::Night => false,
            // No queue here calls back.
            QueueOutcome::CallbackRequested | QueueOutcome::CallbackDone | QueueOutcome::CallbackFailed => {
                false
            }
        };
        stood == queue && by_rule
    }

    /// A call was given to an agent.
    pub(crate) fn connected(&mut self, (call, queue, agent): (CallId, QueueId, AgentId), waited_ms: u64) {
        let rings =
            self.agents.get(&agent).is_some_and(|agent| agent.rings.iter().any(|ring| ring.call == call));
        let Some((stood, entry)) = self.entry(call).map(|(queue, entry)| (queue, entry.clone())) else {
            return self
                .broken("2", format!("call {call} is joined with agent {agent} and stands in no line"));
        };
        if stood != queue || !rings {
            self.broken(
                "3",
                format!("call {call} is joined with agent {agent}, whom no live offer of it rings"),
            );
        }
        let waited = self.now.since(entry.enqueued_at);
        if u128::from(waited_ms) != waited.as_millis() {
            self.broken("20", format!("call {call} waited {waited:?}, told {waited_ms} ms"));
        }
        if let Some(line) = self.lines.get_mut(&queue) {
            line.entries.retain(|entry| entry.call != call);
        }
        let count = self.counts.entry(queue).or_default();
        count.answered += 1;
        count.wait_ms += waited_ms;
        let in_time = entry.sla_time > 0 && waited <= Duration::from_secs(entry.sla_time.into());
        count.answered_in_time += u64::from(in_time);
        self.connected = Some(call);
        self.remember_agent(call, queue, agent);
        self.serves(agent, queue, call);
    }

    /// Whether an offer may end like this at this moment.
    pub(crate) fn check_end(
        &mut self,
        ring: Ring,
        id: AgentId,
        outcome: OfferOutcome,
        input: &Input,
        out: &Outbox,
    ) {
        let leaves = |how: &[QueueOutcome]| {
            out.events.iter().any(|event| {
                let EventKind::CallLeftQueue { call, outcome, .. } = event.kind else { return false };
                call == ring.call && how.contains(&outcome)
            })
        };
        let silent = matches!(input, Input::Media(_, MediaInput::Silent));
        let leg_ended = matches!(input, Input::Leg(_, LegInput::Ended(_)));
        let allowed = |this: &Self| match outcome {
            OfferOutcome::NoAnswer => this.may_be_missed(&ring),
            OfferOutcome::Declined | OfferOutcome::Busy => leg_ended,
            OfferOutcome::Unreachable => {
                leg_ended
                    || silent
                    || ring.mute_at().is_some_and(|at| at <= this.now)
                    || this.agents.get(&id).is_none_or(|agent| !agent.reachable() || !agent.has_extension)
            }
            OfferOutcome::AnsweredElsewhere => this.connected == Some(ring.call),
            OfferOutcome::CallerGone => leaves(&[
                QueueOutcome::Abandoned,
                QueueOutcome::Removed,
                QueueOutcome::QueueGone,
                QueueOutcome::Exited,
            ]),
            // A21: who has lifted is not cut off.
            OfferOutcome::WaitExpired => {
                !ring.picked && leaves(&[QueueOutcome::OverflowTimeout, QueueOutcome::NoAgents])
            }
            // Nobody chooses a call in these worlds.
            OfferOutcome::PickedUp => false,
            OfferOutcome::AgentLeft => this.agents.get(&id).is_none_or(|agent| !agent.may_ring(ring.queue)),
        };
        while !allowed(self) && self.apply_late() {}
        if !allowed(self) {
            let text = format!("offer {} to agent {id} ends {outcome:?} without a reason", ring.offer);
            self.broken("12/37", text);
        }
    }
}

const fn law_of(outcome: QueueOutcome) -> &'static str {
    match outcome {
        QueueOutcome::Full | QueueOutcome::OverflowTimeout => "26",
        QueueOutcome::NoAgents => "27",
        QueueOutcome::Answered
        | QueueOutcome::Abandoned
        | QueueOutcome::Removed
        | QueueOutcome::QueueGone
        | QueueOutcome::Closed
        | QueueOutcome::Night
        | QueueOutcome::Exited
        | QueueOutcome::CallbackRequested
        | QueueOutcome::CallbackDone
        | QueueOutcome::CallbackFailed => "15",
    }
}
