//! The rules of a line with callbacks, naively: nothing in them depends on whether somebody is to be called back but
//! three things. Hanging up does not take him out, nor does the last agent's leaving, and his longest wait is the
//! callback's own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use acd::{Acd, AcdInput, Gone, QueueOutcome};
use model::{AgentId, CallId, OrderBy, QueueId, Strategy, Timestamp};

use crate::callbacks::judge::{Agent, Judge, Waits};

impl Judge {
    /// Whether a call may leave its line like this, or not be let in.
    pub(crate) fn may_leave(&self, call: CallId, queue: QueueId, outcome: QueueOutcome) -> bool {
        let Some(waits) = self.entries.get(&call) else { return self.is_turned_away(queue) };
        let is_gone = |how: Gone| self.input == Some(AcdInput::CallerGone { call, why: how });
        let rules = self.directory.queues.get(&queue);
        let to_be_called_back = waits.callback_since.is_some();
        match outcome {
            QueueOutcome::Abandoned => is_gone(Gone::HungUp) && !to_be_called_back,
            QueueOutcome::Removed => is_gone(Gone::Removed),
            QueueOutcome::OverflowTimeout | QueueOutcome::CallbackFailed => {
                to_be_called_back == (outcome == QueueOutcome::CallbackFailed)
                    && self.limit(waits).is_some_and(|limit| limit <= self.now)
                    && !self.is_held(call)
            }
            QueueOutcome::NoAgents => {
                rules.is_some_and(|rules| !rules.wait_when_no_agents)
                    && !self.is_staffed(queue)
                    && !to_be_called_back
            }
            QueueOutcome::QueueGone => rules.is_none(),
            QueueOutcome::Answered
            | QueueOutcome::Full
            | QueueOutcome::Closed
            | QueueOutcome::Night
            | QueueOutcome::Exited
            | QueueOutcome::CallbackRequested
            | QueueOutcome::CallbackDone => false,
        }
    }

    pub(crate) fn is_turned_away(&self, queue: QueueId) -> bool {
        let Some(rules) = self.directory.queues.get(&queue) else { return true };
        let depth = self.entries.values().filter(|waits| waits.queue == queue).count();
        let full = rules.max_callers > 0 && usize::try_from(rules.max_callers).is_ok_and(|max| depth >= max);
        full || (!rules.wait_when_no_agents && !self.is_staffed(queue))
    }

    /// When a call's longest wait has passed: a callback's from when it was first asked for.
    fn limit(&self, waits: &Waits) -> Option<Timestamp> {
        if let Some(since) = waits.callback_since {
            return Some(since.after(self.callback_max));
        }
        let seconds = self.directory.queues.get(&waits.queue)?.max_waiting_time;
        (seconds > 0).then(|| waits.enqueued_at.after(Duration::from_secs(seconds.into())))
    }

    /// A21: an agent has lifted for it and is not joined yet; no clock takes it from her.
    fn is_held(&self, call: CallId) -> bool {
        self.rings.values().any(|ring| ring.call == call && ring.picked)
    }

    fn is_staffed(&self, queue: QueueId) -> bool {
        let on_duty = |agent: &Agent| agent.logged_in && (agent.has_phone || agent.talks.is_some());
        let members = self.agents.iter().filter(|(id, _)| self.is_member(**id, queue));
        members.into_iter().any(|(_, agent)| on_duty(agent))
    }

    fn is_member(&self, agent: AgentId, queue: QueueId) -> bool {
        self.directory.memberships.contains_key(&(queue, agent))
    }

    /// The line, head first: priority, then age, or where priority ages both as one.
    fn ordered(&self, queue: QueueId) -> Vec<(CallId, &Waits)> {
        let Some(rules) = self.directory.queues.get(&queue) else { return Vec::new() };
        let place = |call: CallId, waits: &Waits| {
            let moment = match rules.order_by {
                OrderBy::Entered => waits.enqueued_at,
                OrderBy::Received => waits.received_at.min(waits.enqueued_at),
            };
            let worth = i64::from(waits.priority) * i64::from(rules.ageing) * 1_000_000;
            let class = if rules.ageing == 0 { u8::MAX - waits.priority } else { 0 };
            (class, moment.0 - worth, call)
        };
        let mut line: Vec<(CallId, &Waits)> = self
            .entries
            .iter()
            .filter(|(_, w)| w.queue == queue)
            .map(|(call, waits)| (*call, waits))
            .collect();
        line.sort_by_key(|(call, waits)| place(*call, waits));
        line
    }

    /// Whether an agent could be rung for a call now.
    fn could_have(&self, id: AgentId, call: CallId, waits: &Waits) -> bool {
        let is_free = self
            .agents
            .get(&id)
            .is_some_and(|agent| agent.logged_in && agent.has_phone && agent.talks.is_none());
        let rules = self.directory.queues.get(&waits.queue);
        let rings_all = rules.is_some_and(|rules| rules.strategy == Strategy::RingAll);
        is_free
            && self.is_member(id, waits.queue)
            && !waits.declined.contains(&id)
            && !self.rings.values().any(|ring| ring.agent == id)
            && (rings_all || !self.rings.values().any(|ring| ring.call == call))
    }

    /// 7, 28: it waits, she could have it, and nobody before it could have her.
    pub(crate) fn offer_problem(&self, call: CallId, queue: QueueId, id: AgentId) -> Option<String> {
        let Some(waits) = self.entries.get(&call).filter(|waits| waits.queue == queue) else {
            return Some(format!("it does not wait there; it left: {:?}", self.ways_out.get(&call)));
        };
        if !self.could_have(id, call, waits) {
            return Some(format!(
                "she is not to be rung for it: {:?}, {:?}",
                self.agents.get(&id),
                self.rings
            ));
        }
        let line = self.ordered(queue);
        let before = line.into_iter().take_while(|(other, _)| *other != call);
        let passed = before.into_iter().find(|(other, waits)| self.could_have(id, *other, waits));
        passed.map(|(other, waits)| format!("call {other} stands before it: {waits:?}"))
    }

    /// 11, 28: nobody waits whom a free agent could serve, whether he is on the line or not.
    pub(crate) fn check_idle(&mut self) {
        let found = self.entries.iter().find_map(|(call, waits)| {
            let agent = self.agents.keys().find(|id| self.could_have(**id, *call, waits))?;
            Some((*call, *agent))
        });
        if let Some((call, agent)) = found {
            let law = self.law(call, "11");
            self.broken(law, format!("call {call} waits while agent {agent} is free"));
        }
    }

    /// 26, 27, 28: nobody waits beyond his time, or on the line for nobody.
    pub(crate) fn check_limits(&mut self) {
        let ticked = self.input == Some(AcdInput::Tick);
        let over = |limit: Timestamp| ticked && limit <= self.now;
        let found = self.entries.iter().find(|(call, waits)| {
            let held = self.is_held(**call);
            let rules = self.directory.queues.get(&waits.queue);
            let leaves = rules.is_none_or(|rules| !rules.wait_when_no_agents);
            let for_nobody = leaves && waits.callback_since.is_none() && !self.is_staffed(waits.queue);
            for_nobody || (!held && self.limit(waits).is_some_and(over))
        });
        if let Some((call, waits)) = found.map(|(call, waits)| (*call, waits.clone())) {
            let law = self.law(call, "26/27");
            self.broken(law, format!("call {call} still waits: {waits:?}"));
        }
    }

    /// 10, 28, 44: the line is shown as it stands, and who is to be called back falls behind only those who came
    /// in this step and go before him.
    pub(crate) fn check_line(&mut self, acd: &Acd, queue: QueueId, came: &[CallId]) {
        let theirs = acd.waiting(queue);
        let ours = self.ordered(queue);
        let same = ours.len() == theirs.len()
            && (1_u32..).zip(ours.iter().zip(&theirs)).all(|(position, ((call, waits), their))| {
                let rung: BTreeSet<AgentId> = their.offered_to.iter().copied().collect();
                let ringing = self.rings.values().filter(|ring| ring.call == *call);
                let declined: BTreeSet<AgentId> = their.declined_by.iter().copied().collect();
                (their.call, their.position) == (*call, position)
                    && (their.priority, their.enqueued_at) == (waits.priority, waits.enqueued_at)
                    && their.callback == waits.callback_since.is_some()
                    && rung == ringing.map(|ring| ring.agent).collect()
                    && declined == waits.declined
            });
        let mut found = Vec::new();
        if !same {
            found.push(format!("queue {queue}: shown {theirs:?}, by the rule {ours:?}"));
        }
        let mut stands = BTreeMap::new();
        for their in theirs.iter().filter(|their| their.callback) {
            stands.insert(their.call, their.position);
            let Some(stood) = self.stood.get(&their.call) else { continue };
            let ahead =
                theirs.iter().filter(|other| came.contains(&other.call) && other.position < their.position);
            let may = u32::try_from(ahead.count()).unwrap_or(u32::MAX);
            if their.position > stood.saturating_add(may) {
                found.push(format!("call {} stood at {stood}, stands at {}", their.call, their.position));
            }
        }
        let here = |call: &CallId| self.entries.get(call).is_some_and(|waits| waits.queue == queue);
        self.stood.retain(|call, _| !here(call) && self.entries.contains_key(call));
        self.stood.extend(stands);
        for what in found {
            self.broken("28", what);
        }
    }

    /// 28: in the end each callback that was asked for has had its one outcome.
    pub(crate) fn at_rest(&mut self) {
        let open = |call: &CallId| !self.ways_out.contains_key(call) && !self.is_held(*call);
        let open: Vec<CallId> = self.asked.iter().copied().filter(open).collect();
        if !open.is_empty() {
            self.broken("28", format!("callbacks {open:?} wait for ever"));
        }
    }
}
