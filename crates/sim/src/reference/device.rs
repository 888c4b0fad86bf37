//! Clocks and phones in the reference: WRAPUP_EXPIRE, the delay after a miss, DEVICE_REGISTER, DEVICE_UNREGISTER.

use model::{AgentId, NotReadyReason, QueueId, Timestamp};

use crate::coverage::Met;
use crate::reference::Reference;
use crate::reference::agent::{Agent, Intent};

impl Reference {
    /// Whether something was due before now: the alarm is late.
    pub(crate) fn is_late(&self) -> bool {
        let due = |at: Timestamp| at < self.now;
        self.agents.values().any(|agent| {
            let clocks = [agent.wrap_up.flatten(), agent.delayed_until, agent.grace_until];
            clocks.into_iter().flatten().any(due) || agent.rings.iter().any(|ring| due(ring.rings_out))
        }) || self
            .lines
            .values()
            .flat_map(|line| &line.entries)
            .any(|entry| self.wait_limit(entry.call).is_some_and(due))
    }

    /// Whatever was due before now has happened; at a tick also what is due now.
    pub(crate) fn clocks(&mut self, tick: bool) {
        let now = self.now;
        let due = |at: Timestamp| at < now || (tick && at == now);
        for id in self.agents.keys().copied().collect::<Vec<_>>() {
            let clock = |this: &Self| this.agents.get(&id).cloned();
            if clock(self).and_then(|agent| agent.wrap_up.flatten()).is_some_and(due) {
                self.hit_all(id, Met::WrapUpEnds);
                self.end_wrap_up(id);
            }
            if clock(self).and_then(|agent| agent.delayed_until).is_some_and(due) {
                self.hit_all(id, Met::DelayEnds);
                if let Some(agent) = self.agents.get_mut(&id) {
                    agent.delayed_until = None;
                }
            }
            if clock(self).and_then(|agent| agent.grace_until).is_some_and(due) {
                self.grace_ended(id);
            }
        }
    }

    fn grace_ended(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        agent.grace_until = None;
        if agent.reachable() || agent.talking() > 0 {
            return;
        }
        self.hit_all(id, Met::GraceEnds);
        let queues: Vec<QueueId> =
            self.agents.get(&id).map_or_else(Vec::new, |a| a.members.keys().copied().collect());
        for queue in queues {
            self.log_out(id, queue);
        }
    }

    /// DEVICE_REGISTER and DEVICE_UNREGISTER.
    pub(crate) fn device(&mut self, id: AgentId, up: bool) {
        let Some(agent) = self.agents.get(&id) else { return };
        if up {
            if !agent.reachable() {
                self.hit_all(id, Met::DeviceUp);
            }
            let was = agent_flag(self, id, |agent| std::mem::replace(&mut agent.registered, true));
            if was {
                return self.seen(id);
            }
            agent_flag(self, id, |agent| std::mem::take(&mut agent.suspect));
            self.back(id);
        } else if agent.registered {
            self.hit_all(id, Met::DeviceDown);
            agent_flag(self, id, |agent| std::mem::take(&mut agent.registered));
            agent_flag(self, id, |agent| std::mem::take(&mut agent.suspect));
            self.grace_if_gone(id);
        }
    }

    /// An offer reached no phone though one is registered.
    pub(crate) fn unreachable(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id).filter(|agent| agent.reachable()) else { return };
        agent.suspect = true;
        self.grace_if_gone(id);
    }

    /// She did something: her phone is there.
    pub(crate) fn seen(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id).filter(|agent| agent.suspect) else { return };
        agent.suspect = false;
        self.back(id);
    }

    fn back(&mut self, id: AgentId) {
        let lines = &self.lines;
        let Some(agent) = self.agents.get_mut(&id) else { return };
        agent.grace_until = None;
        if agent.talking() > 0 {
            return;
        }
        for (queue, member) in agent.members.iter_mut().filter(|(_, member)| member.logged_in) {
            let dropped = std::mem::take(&mut member.dropped);
            if lines.get(queue).is_some_and(|line| line.rules.auto_ready) {
                member.promote();
            } else if dropped && !matches!(member.intent, Intent::NotReady(_)) {
                member.intent = Intent::NotReady(NotReadyReason::DeviceDown);
            }
        }
    }

    /// Without a phone and without a call her login lives on for the grace only.
    pub(crate) fn grace_if_gone(&mut self, id: AgentId) {
        let until = self.now.after(self.device_grace);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if agent.reachable() || agent.talking() > 0 {
            return;
        }
        for member in agent.members.values_mut() {
            member.dropped = member.logged_in;
        }
        if agent.is_logged_in() && agent.grace_until.is_none() {
            agent.grace_until = Some(until);
        }
    }
}

fn agent_flag(reference: &mut Reference, id: AgentId, flag: impl FnOnce(&mut Agent) -> bool) -> bool {
    reference.agents.get_mut(&id).is_some_and(flag)
}
