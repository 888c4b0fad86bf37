//! The decision itself: who must be offered which call. Domain 3.4, multi-queue rules, and the strategies.

use model::{AgentId, CallId, QueueId, Strategy, Timestamp};

use crate::reference::Reference;
use crate::reference::line::{Entry, Line};

/// A queue's claim on an agent; less is stronger.
type Claim = (i32, bool, i64, Timestamp, usize, String);

impl Reference {
    /// An offer must be the one the reference would make, at some order of what this step adds.
    pub(crate) fn check_offer(&mut self, call: CallId, queue: QueueId, agent: AgentId) {
        let mut problem = self.offer_problem(call, queue, agent);
        while problem.is_some() && self.apply_late() {
            problem = self.offer_problem(call, queue, agent);
        }
        if let Some((law, what)) = problem {
            let text = format!("agent {agent} is offered call {call} of queue {queue}: {what}");
            self.broken(law, text);
        }
    }

    fn offer_problem(&self, call: CallId, queue: QueueId, id: AgentId) -> Option<(&'static str, String)> {
        let Some((_, entry)) = self.entry(call).filter(|(stood, _)| *stood == queue) else {
            return Some(("14", "it does not wait there".into()));
        };
        let line = self.lines.get(&queue)?;
        let Some(agent) = self.agents.get(&id) else { return Some(("5", "she is nobody".into())) };
        if !agent.available(queue) {
            let law = if agent.wrap_up.is_some() {
                "4"
            } else if agent.talking() + agent.ringing() >= agent.max_calls {
                "1"
            } else {
                "5"
            };
            return Some((law, format!("she is not available: {agent:?}")));
        }
        if entry.declined.contains(&id) {
            return Some(("3.3.10", "she declined it".into()));
        }
        if !self.knows(id, entry) {
            return Some(("9", "she has not the skills".into()));
        }
        if !self.is_open(line, entry) {
            return Some(("2", "it rings as many as it may".into()));
        }
        let before = line.ordered().into_iter().take_while(|other| other.call != call);
        if let Some(first) = before.into_iter().find(|other| self.may_get(id, queue, line, other)) {
            let law = if first.priority == entry.priority { "7" } else { "8" };
            return Some((law, format!("call {} stands before it", first.call)));
        }
        self.other_claim(id, queue).or_else(|| self.better_agent(id, queue, line, entry))
    }

    /// Rule c: she serves her first queue first.
    fn other_claim(&self, id: AgentId, queue: QueueId) -> Option<(&'static str, String)> {
        let own = self.claim(id, queue)?;
        let other =
            self.lines.keys().find(|other| self.claim(id, **other).is_some_and(|claim| claim < own))?;
        Some(("43", format!("queue {other} has the better claim on her")))
    }

    /// The strategy's choice among those whom no other queue claims.
    fn better_agent(
        &self,
        id: AgentId,
        queue: QueueId,
        line: &Line,
        entry: &Entry,
    ) -> Option<(&'static str, String)> {
        let here: Vec<AgentId> = self
            .eligible(queue, line, entry)
            .into_iter()
            .filter(|other| self.other_claim(*other, queue).is_none())
            .collect();
        let own = self.rank(id, queue, line, entry)?;
        let better = here
            .into_iter()
            .find(|other| self.rank(*other, queue, line, entry).is_some_and(|rank| rank < own))?;
        let law = if line.rules.strategy == Strategy::LongestIdle { "23" } else { "24" };
        Some((law, format!("agent {better} comes first by {:?}", line.rules.strategy)))
    }

    /// Less is better. Where chance or all decide there is no order.
    fn rank(&self, id: AgentId, queue: QueueId, line: &Line, entry: &Entry) -> Option<Vec<i64>> {
        let agent = self.agents.get(&id)?;
        let member = agent.members.get(&queue)?;
        let idle = agent.idle_since(queue).0;
        let rung = member.last_rung.map_or(i64::MIN, |at| at.0);
        let answered = i64::try_from(member.answered_today).unwrap_or(i64::MAX);
        let (order, level) = (i64::from(member.order), -i64::from(member.skill_level));
        let last = [idle, order, i64::try_from(id.0).unwrap_or(i64::MAX)];
        let first = match line.rules.strategy {
            Strategy::RingAll if line.rules.sim_ring_first == 0 => return Some(Vec::new()),
            Strategy::LinearCascade if entry.reach.is_some() => return Some(Vec::new()),
            Strategy::LinearCascade => return Some(vec![i64::from(member.tier)]),
            Strategy::RingAll => return Some(last.to_vec()),
            Strategy::Random | Strategy::LongestIdle => Vec::new(),
            Strategy::Linear => vec![order],
            Strategy::Cyclic => vec![rung],
            Strategy::LeastWorked => vec![answered],
            Strategy::TieredLongestIdle => vec![i64::from(member.tier)],
            Strategy::SkillLinear => vec![level, order],
            Strategy::SkillCyclic => vec![level, rung],
            Strategy::SkillLeastWorked => vec![level, answered],
        };
        let preferred = entry.preferred.iter().position(|one| *one == id).unwrap_or(entry.preferred.len());
        let preferred = vec![i64::try_from(preferred).unwrap_or(i64::MAX)];
        let chance = line.rules.strategy == Strategy::Random;
        Some(if chance { preferred } else { [preferred, first, last.to_vec()].concat() })
    }

    /// Everybody who could have this call now.
    fn eligible(&self, queue: QueueId, line: &Line, entry: &Entry) -> Vec<AgentId> {
        self.agents.keys().copied().filter(|id| self.may_get(*id, queue, line, entry)).collect()
    }

    /// Whether she could have this call now.
    pub(crate) fn may_get(&self, id: AgentId, queue: QueueId, line: &Line, entry: &Entry) -> bool {
        let Some(agent) = self.agents.get(&id) else { return false };
        agent.available(queue)
            && !entry.declined.contains(&id)
            && !agent.rings.iter().any(|ring| ring.call == entry.call)
            && self.knows(id, entry)
            && self.is_reached(id, queue, entry)
            && self.is_open(line, entry)
    }

    /// How strong a queue's claim on her is: her own order, a head that has waited too long, the queue's weight, the
    /// age of the head, the number. None without a call there that she may have.
    fn claim(&self, id: AgentId, queue: QueueId) -> Option<Claim> {
        let line = self.lines.get(&queue)?;
        let member = self.agents.get(&id)?.members.get(&queue)?;
        let head = line.ordered().into_iter().find(|entry| self.may_get(id, queue, line, entry))?;
        let number = line.rules.number.as_str().to_owned();
        let starves = self.now.since(head.enqueued_at) >= self.limits.acd.starves_after;
        let weight = if starves { 0 } else { -i64::from(line.rules.weight) };
        Some((member.queue_priority, !starves, weight, head.enqueued_at, number.len(), number))
    }

    /// 4.2.11: no caller waits whom a free agent could serve.
    pub(crate) fn check_nobody_idle(&mut self) {
        let mut found = Vec::new();
        for (queue, line) in &self.lines {
            for entry in &line.entries {
                let longest = self.limits.prompt_max.saturating_add(std::time::Duration::from_secs(1));
                if entry.held && self.now.since(entry.asked_at) > longest {
                    found.push(format!("call {} of queue {queue} is held for ever", entry.call));
                }
                if let Some(agent) = self.eligible(*queue, line, entry).first() {
                    found.push(format!(
                        "call {} waits in queue {queue} while agent {agent} is free",
                        entry.call
                    ));
                }
            }
        }
        for what in found {
            self.broken("11", what);
        }
    }
}
