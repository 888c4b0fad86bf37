//! A new directory in the reference: MEMBER_REMOVED, QUEUE_DELETED, AGENT_DISABLED of domain 3.4.

use std::sync::Arc;

use model::{AgentId, AgentStatus, Directory, QueueId, Strategy, Timestamp};

use crate::coverage::Met;
use crate::reference::action::plus;
use crate::reference::agent::{Agent, Member};
use crate::reference::line::Line;
use crate::reference::{Fact, Reference};

impl Reference {
    /// Takes a directory over.
    pub(crate) fn take_over(&mut self, directory: &Arc<Directory>) {
        self.directory = Arc::clone(directory);
        for (id, line) in &mut self.lines {
            line.deleted |= !directory.queues.contains_key(id);
        }
        for (id, rules) in &directory.queues {
            let line = self.lines.entry(*id).or_insert_with(|| Line {
                rules: rules.clone(),
                deleted: false,
                entries: Vec::new(),
                took: Vec::new(),
            });
            if line.rules != *rules {
                line.rules = rules.clone();
                rules_changed(line, self.now);
            }
        }
        self.counts.retain(|queue, _| directory.queues.contains_key(queue));
        self.sticky.retain(|(_, queue), (agent, _)| {
            directory.queues.contains_key(queue) && directory.agents.contains_key(agent)
        });
        self.hours.retain(|agent, _| directory.agents.contains_key(agent));
        self.members_gone(directory);
        for (id, agent) in &mut self.agents {
            agent.deleted = !directory.agents.contains_key(id);
        }
        for agent in directory.agents.values() {
            self.agent_changed(agent, directory);
        }
        self.members_changed(directory);
        self.agents.retain(|_, agent| !agent.is_gone());
        self.devices(directory);
    }

    fn members_gone(&mut self, directory: &Directory) {
        let gone: Vec<(AgentId, QueueId)> = self
            .agents
            .iter()
            .flat_map(|(id, agent)| agent.members.keys().map(|queue| (*id, *queue)))
            .filter(|(id, queue)| !directory.memberships.contains_key(&(*queue, *id)))
            .collect();
        for (id, queue) in gone {
            self.hit(id, queue, Met::Removed);
            let Some(agent) = self.agents.get_mut(&id) else { continue };
            if agent.serves(queue) {
                if let Some(member) = agent.members.get_mut(&queue) {
                    member.leaving = true;
                }
            } else {
                self.remove_member(id, queue);
            }
        }
    }

    /// Her entry ends now.
    pub(crate) fn remove_member(&mut self, id: AgentId, queue: QueueId) {
        self.log_out(id, queue);
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.members.remove(&queue);
        }
    }

    fn agent_changed(&mut self, provisioned: &model::Agent, directory: &Directory) {
        let id = provisioned.id;
        let phone = provisioned.extension.as_ref().and_then(|number| directory.extensions.get(number));
        let (active, has_extension) =
            (provisioned.status == AgentStatus::Active, provisioned.extension.is_some());
        let dnd = phone.is_some_and(|phone| phone.dnd);
        let before =
            self.agents.entry(id).or_insert_with(|| Agent { active, has_extension, ..Agent::default() });
        let shut_off = before.active && before.has_extension && !(active && has_extension);
        let dnd_set = dnd && !before.dnd;
        if shut_off {
            self.hit_all(id, Met::ShutOff);
        }
        if dnd_set {
            self.hit_all(id, Met::DndSet);
        }
        let Some(agent) = self.agents.get_mut(&id) else { return };
        agent.active = active;
        agent.has_extension = has_extension;
        agent.dnd = dnd;
        agent.max_calls = usize::from(provisioned.max_concurrent_calls.max(1));
        agent.skills.clone_from(&provisioned.skills);
        if !(active && has_extension) {
            for queue in agent.members.keys().copied().collect::<Vec<_>>() {
                self.log_out_after_call(id, queue);
            }
        }
    }

    fn members_changed(&mut self, directory: &Directory) {
        for entry in directory.memberships.values() {
            let Some(agent) = self.agents.get_mut(&entry.agent) else { continue };
            let member = agent.members.entry(entry.queue).or_insert_with(Member::new);
            member.order = entry.order;
            member.tier = entry.tier;
            member.skill_level = entry.skill_level;
            member.queue_priority = entry.queue_priority;
            member.wrap_up_time = entry.wrap_up_time;
            member.enabled = entry.enabled;
            member.leaving = false;
        }
    }

    /// Who has another extension now may have, or have lost, her phone with it.
    fn devices(&mut self, directory: &Directory) {
        self.told.retain(|agent, _| directory.agents.contains_key(agent));
        for agent in directory.agents.values() {
            let up = agent.extension.as_ref().is_some_and(|number| self.registered.contains(number));
            if self.told.insert(agent.id, up).unwrap_or(false) != up {
                self.late.push_back(Fact::Device(agent.id, up));
            }
        }
    }
}

/// What a call asks for, and how its set of agents grows, begins anew under new rules.
fn rules_changed(line: &mut Line, now: Timestamp) {
    let first_grows = plus(now, line.rules.ring_time.max(1));
    let grows = line.rules.strategy == Strategy::RingAll && line.rules.sim_ring_first > 0;
    for entry in &mut line.entries {
        entry.asked_at = now;
        entry.reach = None;
        entry.grows_at = (grows && entry.offers_made > 0).then_some(first_grows);
    }
}
