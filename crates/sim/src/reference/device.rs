//! Clocks and phones in the reference: WRAPUP_EXPIRE, the delay after a miss, DEVICE_REGISTER, DEVICE_UNREGISTER.

use model::{AgentId, CallId, NotReadyReason, QueueId, Timestamp};

use crate::coverage::Met;
use crate::reference::Reference;
use crate::reference::agent::{Agent, Intent};

/// Most clocks that may run down in one step.
const CLOCKS_MAX: usize = 10_000;

/// A clock. Of several that are due at one moment the earlier kind of this list comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    /// The set of agents whom a call rings grows.
    Grows(CallId),
    /// A call asks for less.
    Relaxes(CallId),
    /// Wrap-up is over.
    WrapUp(AgentId),
    /// The delay after a miss is over.
    Delay(AgentId),
    /// The grace of a lost phone is over.
    Grace(AgentId),
}

impl Reference {
    /// Whether something was due before now: the alarm is late.
    pub(crate) fn is_late(&self) -> bool {
        let due = |at: Timestamp| at < self.now;
        let rings = self.agents.values().flat_map(|agent| &agent.rings);
        let rings = rings.filter(|ring| !ring.picked);
        let rings = rings.flat_map(|ring| [Some(ring.rings_out), ring.mute_at()]).flatten();
        let waits = self.lines.values().flat_map(|line| &line.entries);
        let waits = waits.filter_map(|entry| self.wait_limit(entry.call));
        self.due().into_iter().map(|(at, ..)| at).chain(rings).chain(waits).any(due)
    }

    /// Every clock but those of rings and waits, in the order in which they run down.
    fn due(&self) -> Vec<(Timestamp, Clock)> {
        let mut clocks = Vec::new();
        for entry in self.lines.values().flat_map(|line| &line.entries) {
            clocks.extend(entry.grows_at.map(|at| (at, Clock::Grows(entry.call))));
            clocks.extend(self.relaxes_at(entry).map(|at| (at, Clock::Relaxes(entry.call))));
        }
        for (id, agent) in &self.agents {
            clocks.extend(agent.wrap_up.flatten().map(|at| (at, Clock::WrapUp(*id))));
            clocks.extend(agent.delayed_until.map(|at| (at, Clock::Delay(*id))));
            clocks.extend(agent.grace_until.map(|at| (at, Clock::Grace(*id))));
        }
        clocks.sort_unstable();
        clocks
    }

    /// Whatever was due before now has happened; at a tick also what is due now.
    pub(crate) fn clocks(&mut self, tick: bool) {
        let now = self.now;
        let mut done = 0;
        // Each can make another one due, so they are looked for anew; none can do so for ever.
        while let Some((_, clock)) = self
            .due()
            .into_iter()
            .find(|(at, _)| *at < now || (tick && *at == now))
            .filter(|_| done < CLOCKS_MAX)
        {
            done += 1;
            self.run_down(clock);
        }
    }

    fn run_down(&mut self, clock: Clock) {
        match clock {
            Clock::Grows(call) => self.grows(call),
            Clock::Relaxes(call) => {
                let now = self.now;
                if let Some(entry) = self.entry_mut(call) {
                    entry.asked_at = now;
                }
            }
            Clock::WrapUp(id) => {
                self.hit_all(id, Met::WrapUpEnds);
                self.end_wrap_up(id);
            }
            Clock::Delay(id) => {
                self.hit_all(id, Met::DelayEnds);
                if let Some(agent) = self.agents.get_mut(&id) {
                    agent.delayed_until = None;
                }
            }
            Clock::Grace(id) => self.grace_ended(id),
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
            agent_flag(self, id, |agent| std::mem::take(&mut agent.awaited));
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
        let until = self.now.after(self.limits.acd.device_grace);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if agent.reachable() || agent.awaited || agent.talking() > 0 {
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
