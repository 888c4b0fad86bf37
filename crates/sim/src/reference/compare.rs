//! After each step: what the engine shows is what the reference says, and nothing stands that may not stand.

use engine::{Engine, MembershipView};
use model::{AgentId, QueueId};

use crate::reference::Reference;

impl Reference {
    pub(crate) fn check_after(&mut self, engine: &Engine) {
        self.check_nobody_idle();
        self.check_rings();
        self.check_lines(engine);
        self.check_members(engine);
        self.check_counts(engine);
        self.check_estimates(engine);
        self.agents.retain(|_, agent| !agent.is_gone());
        let in_use = |queue: &QueueId, agents: &super::agent::Agents| {
            agents.values().any(|agent| agent.members.contains_key(queue))
        };
        let agents = &self.agents;
        self.lines.retain(|queue, line| !line.deleted || in_use(queue, agents));
    }

    /// 12, 26: at a tick, what was due has happened.
    pub(crate) fn check_clocks(&mut self) {
        let due = |at: model::Timestamp| at <= self.now;
        let mut found = Vec::new();
        for (id, agent) in &self.agents {
            for ring in agent.rings.iter().filter(|ring| !ring.picked && due(ring.rings_out)) {
                found.push(("12", format!("offer {} still rings agent {id}", ring.offer)));
            }
            for ring in agent.rings.iter().filter(|ring| ring.mute_at().is_some_and(due)) {
                found.push((
                    "12",
                    format!("offer {} is made to a phone of agent {id} that is mute", ring.offer),
                ));
            }
        }
        for entry in self.lines.values().flat_map(|line| &line.entries) {
            let held = self.rings_of(entry.call).any(|ring| ring.picked);
            if !held && self.wait_limit(entry.call).is_some_and(due) {
                found.push(("26", format!("call {} waits beyond its longest wait", entry.call)));
            }
        }
        for (law, what) in found {
            self.broken(law, what);
        }
    }

    /// 1, 4, 5, 13, 14, 37: every live ring is of a waiting call and of an agent who may be rung.
    fn check_rings(&mut self) {
        let mut found = Vec::new();
        for (id, agent) in &self.agents {
            for ring in &agent.rings {
                if !agent.may_ring(ring.queue) {
                    found.push((
                        "5",
                        format!("offer {} rings agent {id}, who may not be rung: {agent:?}", ring.offer),
                    ));
                }
                if self.entry(ring.call).is_none_or(|(queue, _)| queue != ring.queue) {
                    found.push((
                        "14",
                        format!("offer {} rings for call {}, which does not wait", ring.offer, ring.call),
                    ));
                }
            }
        }
        for (queue, line) in &self.lines {
            if line.deleted && !line.entries.is_empty() {
                found.push(("37", format!("calls wait in queue {queue}, which is gone")));
            } else if !line.rules.wait_when_no_agents && !line.entries.is_empty() && !self.is_staffed(*queue)
            {
                found.push(("27", format!("calls wait in queue {queue} for nobody")));
            }
        }
        for (law, what) in found {
            self.broken(law, what);
        }
    }

    /// 7, 8, 10, 44: the line is shown as it stands.
    fn check_lines(&mut self, engine: &Engine) {
        let mut found = Vec::new();
        for (queue, line) in &self.lines {
            let ours: Vec<_> = line.ordered();
            let theirs = engine.view().waiting(*queue);
            let same = ours.len() == theirs.len()
                && (1_u32..).zip(ours.iter().zip(&theirs)).all(|(position, (our, their))| {
                    let mut rung: Vec<AgentId> = their.offered_to.clone();
                    rung.sort_unstable();
                    let mut ringing = self
                        .agents
                        .iter()
                        .filter(|(_, agent)| agent.rings.iter().any(|ring| ring.call == our.call));
                    their.position == position
                        && their.call == our.call
                        && their.priority == our.priority
                        && their.enqueued_at == our.enqueued_at
                        && their.received_at == our.received_at
                        && rung.iter().all(|agent| ringing.next().is_some_and(|(id, _)| id == agent))
                        && ringing.next().is_none()
                });
            if !same {
                found.push(format!("queue {queue}: the engine shows {theirs:?}, the reference has {ours:?}"));
            }
        }
        for what in found {
            self.broken("10", what);
        }
    }

    /// 3.3.6, 19: every membership is in the state that follows from the facts, and since the right moment.
    fn check_members(&mut self, engine: &Engine) {
        let mut found = Vec::new();
        for view in engine.view().agents() {
            let Some(agent) = self.agents.get(&view.agent) else {
                found.push(("3.3.6", format!("agent {} is unknown to the reference", view.agent)));
                continue;
            };
            let queues: Vec<QueueId> = view.memberships.iter().map(|member| member.queue).collect();
            let ours: Vec<QueueId> = agent.members.keys().copied().collect();
            if queues != ours {
                found.push((
                    "3.3.6",
                    format!("agent {} is in {queues:?}, by the rule in {ours:?}", view.agent),
                ));
            }
            for shown in &view.memberships {
                found.extend(self.member_problem(view.agent, shown));
            }
        }
        for (law, what) in found {
            self.broken(law, what);
        }
    }

    fn member_problem(&self, id: AgentId, shown: &MembershipView) -> Option<(&'static str, String)> {
        let agent = self.agents.get(&id)?;
        let member = agent.members.get(&shown.queue)?;
        let state = agent.state(shown.queue)?;
        let since = match &member.shown {
            Some((before, since)) if *before == state => *since,
            Some(_) | None => self.now,
        };
        let available = agent.available(shown.queue);
        let text = |ours: String, theirs: String| {
            format!("agent {id} in queue {}: the engine says {theirs}, the reference {ours}", shown.queue)
        };
        if (&shown.state, shown.available, &shown.pending) != (&state, available, &member.pending) {
            let ours = format!("{state:?} available={available} pending={:?}", member.pending);
            let theirs =
                format!("{:?} available={} pending={:?}", shown.state, shown.available, shown.pending);
            return Some(("3.3.6", text(ours, theirs)));
        }
        if shown.since != since {
            return Some(("19", text(format!("since {since:?}"), format!("since {:?}", shown.since))));
        }
        if (shown.answered, shown.missed) != (member.answered, member.missed) {
            let ours = format!("answered {} missed {}", member.answered, member.missed);
            return Some(("18", text(ours, format!("answered {} missed {}", shown.answered, shown.missed))));
        }
        None
    }

    /// 17, 18, 21, 22: the counters are what happened.
    fn check_counts(&mut self, engine: &Engine) {
        let mut found = Vec::new();
        for view in engine.view().queues() {
            let ours = self.counts.get(&view.queue).cloned().unwrap_or_default();
            let theirs = super::line::Count {
                offered: view.counters.offered,
                answered: view.counters.answered,
                answered_in_time: view.counters.answered_in_time,
                left: view.counters.left.clone(),
                abandoned_late: view.counters.abandoned_late,
                wait_ms: view.counters.wait_ms,
            };
            if ours != theirs {
                found.push(format!(
                    "queue {}: the engine counts {theirs:?}, the reference {ours:?}",
                    view.queue
                ));
            }
            let left: u64 = theirs.left.values().sum();
            if theirs.offered != theirs.answered + left + u64::from(view.waiting) {
                found
                    .push(format!("queue {} has lost a call: {theirs:?}, {} wait", view.queue, view.waiting));
            }
        }
        for what in found {
            self.broken("17", what);
        }
    }

    /// What is shown at the end of this step, for "since" in the next.
    pub(crate) fn remember_shown(&mut self) {
        let now = self.now;
        for agent in self.agents.values_mut() {
            let states: Vec<_> =
                agent.members.keys().filter_map(|queue| Some((*queue, agent.state(*queue)?))).collect();
            for (queue, state) in states {
                if let Some(member) = agent.members.get_mut(&queue)
                    && member.shown.as_ref().is_none_or(|(before, _)| *before != state)
                {
                    member.shown = Some((state, now));
                }
            }
        }
    }
}
