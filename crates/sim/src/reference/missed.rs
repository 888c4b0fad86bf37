//! Offers that were not taken, in the reference: A12, A13, A16.

use model::{AgentId, CallId, NotReadyReason, QueueId, RnaAction, RnaScope};

use crate::reference::Reference;
use crate::reference::action::plus;
use crate::reference::agent::Intent;

impl Reference {
    /// It rang for its whole time.
    pub(crate) fn rang_out(&mut self, id: AgentId, queue: QueueId) {
        let retry = self.rules(queue).map_or(0, |rules| rules.retry_delay);
        self.delay(id, retry);
        if let Some(member) = self.agents.get_mut(&id).and_then(|agent| agent.members.get_mut(&queue)) {
            member.missed += 1;
        }
        if !self.single_used_up(id, queue) {
            self.missed(id, queue, &NotReadyReason::Rna);
        }
    }

    /// She declined: never this call again.
    pub(crate) fn declined(&mut self, id: AgentId, queue: QueueId, call: CallId) {
        if let Some(entry) = self.entry_mut(call) {
            entry.declined.insert(id);
        }
        let delay = self.decline_delay(queue);
        self.delay(id, delay);
        let counts = self.rules(queue).is_some_and(|rules| rules.decline_is_rna);
        if !self.single_used_up(id, queue) && counts {
            self.missed(id, queue, &NotReadyReason::Declined);
        }
    }

    /// A16: a missed or declined call uses up the one call.
    fn single_used_up(&mut self, id: AgentId, queue: QueueId) -> bool {
        let single = self.agents.get(&id).and_then(|agent| agent.members.get(&queue)?.single());
        if let Some(request) = single {
            self.end_single(id, request);
        }
        single.is_some()
    }

    /// A12: the queue's policy, once enough were missed in a row.
    fn missed(&mut self, id: AgentId, queue: QueueId, reason: &NotReadyReason) {
        let Some(policy) = self.rules(queue).map(model::Queue::rna_policy) else { return };
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let Some(member) = agent.members.get_mut(&queue) else { return };
        member.missed_in_row += 1;
        if member.missed_in_row < policy.after_n {
            return;
        }
        let everywhere = policy.scope == RnaScope::All;
        let queues: Vec<QueueId> = agent
            .members
            .iter()
            .filter(|(of, member)| **of == queue || (everywhere && member.logged_in))
            .map(|(queue, _)| *queue)
            .collect();
        for queue in queues {
            match policy.action {
                RnaAction::Stay => {}
                RnaAction::Logout => self.log_out_after_call(id, queue),
                RnaAction::NotReady => {
                    let member = self.agents.get_mut(&id).and_then(|agent| agent.members.get_mut(&queue));
                    if let Some(member) = member
                        && !matches!(member.intent, Intent::NotReady(_))
                    {
                        member.intent = Intent::NotReady(reason.clone());
                    }
                }
            }
        }
    }

    /// No offers for so long; a longer delay that runs stands.
    pub(crate) fn delay(&mut self, id: AgentId, seconds: u32) {
        let until = plus(self.now, seconds);
        let Some(agent) = self.agents.get_mut(&id).filter(|_| seconds > 0) else { return };
        agent.delayed_until = Some(agent.delayed_until.map_or(until, |runs| runs.max(until)));
    }

    /// How long after a busy phone.
    pub(crate) fn busy_delay(&self, queue: QueueId) -> u32 {
        self.rules(queue).map_or(0, |rules| rules.busy_delay)
    }

    /// How long after a decline.
    fn decline_delay(&self, queue: QueueId) -> u32 {
        self.rules(queue).map_or(0, |rules| rules.decline_delay)
    }
}
