//! How much of a domain somebody has to do with: all of it, or what belongs to some groups.

use std::collections::BTreeSet;

use crate::directory::Directory;
use crate::id::{AgentId, QueueId};
use crate::mailbox::Mailbox;

/// What somebody sees and may act on. Rights say what she may do, this says with whom.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Purview(Option<Part>);

/// A part of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    agents: BTreeSet<AgentId>,
    queues: BTreeSet<QueueId>,
}

impl Purview {
    /// The whole domain.
    #[must_use]
    pub const fn whole() -> Self {
        Self(None)
    }

    /// The agents of these groups, she herself, and the queues that have any of them among their members.
    #[must_use]
    pub fn of_groups(groups: &[String], herself: Option<AgentId>, directory: &Directory) -> Self {
        let in_groups = |own: &[String]| own.iter().any(|group| groups.contains(group));
        let members =
            directory.agents.values().filter(|agent| in_groups(&agent.groups)).map(|agent| agent.id);
        let agents: BTreeSet<AgentId> = members.chain(herself).collect();
        let of_them = directory.memberships.keys().filter(|(_, agent)| agents.contains(agent));
        let queues = of_them.map(|(queue, _)| *queue).collect();
        Self(Some(Part { agents, queues }))
    }

    /// Nothing is left out.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.0.is_none()
    }

    /// This agent is in it.
    #[must_use]
    pub fn has_agent(&self, agent: AgentId) -> bool {
        self.0.as_ref().is_none_or(|part| part.agents.contains(&agent))
    }

    /// This queue is in it.
    #[must_use]
    pub fn has_queue(&self, queue: QueueId) -> bool {
        self.0.as_ref().is_none_or(|part| part.queues.contains(&queue))
    }

    /// This mailbox is in it: an agent's or a queue's that is. One that is neither's is the domain's.
    #[must_use]
    pub fn has_mailbox(&self, mailbox: &Mailbox, directory: &Directory) -> bool {
        let number = mailbox.number.as_str();
        self.is_whole()
            || directory.agent_of(number).is_some_and(|agent| self.has_agent(agent.id))
            || directory.queue(number).is_some_and(|queue| self.has_queue(queue.id))
    }
}

impl Directory {
    /// What an agent has to do with. Of one who is not there: nothing but herself.
    #[must_use]
    pub fn purview(&self, agent: AgentId) -> Purview {
        match self.agents.get(&agent) {
            Some(known) => self
                .supervised(known)
                .map_or_else(Purview::whole, |groups| Purview::of_groups(groups, Some(agent), self)),
            None => Purview::of_groups(&[], Some(agent), self),
        }
    }

    /// The part of it that is in a purview. What is neither an agent's nor a queue's stays as it is.
    #[must_use]
    pub fn within(&self, purview: &Purview) -> Self {
        let mut part = self.clone();
        part.agents.retain(|id, _| purview.has_agent(*id));
        part.extensions.retain(|_, extension| extension.agent.is_none_or(|agent| purview.has_agent(agent)));
        part.queues.retain(|id, _| purview.has_queue(*id));
        part.memberships.retain(|(queue, agent), _| purview.has_queue(*queue) && purview.has_agent(*agent));
        part.mailboxes.retain(|_, mailbox| purview.has_mailbox(mailbox, self));
        part.exclusive_numbers.retain(|(_, queue), _| purview.has_queue(*queue));
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Agent, AgentStatus, CustomRole, ExtensionNumber, Membership, Personal, Queue, Right, Role,
        Supervises, Tenant, TenantId,
    };
    use std::collections::BTreeMap;

    fn number(text: &str) -> ExtensionNumber {
        ExtensionNumber::parse(text).unwrap()
    }

    fn agent(id: u64, role: Role, groups: &[&str], supervises: Option<&[&str]>) -> Agent {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        Agent {
            id: AgentId(id),
            extension: Some(number(&format!("100{id}"))),
            name: "Ann Ash".into(),
            email: String::new(),
            role,
            supervises: supervises.map(names),
            groups: names(groups),
            skills: BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: Personal::default(),
            spoken_name: None,
            call_link: None,
        }
    }

    /// 1 and 2 are of support, 3 of sales; 8000 is 1's, 8001 is 2's and 3's, 8002 is 3's alone.
    fn directory() -> Directory {
        let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
        for (id, groups) in [(1, "support"), (2, "support"), (3, "sales")] {
            directory.insert_agent(agent(id, Role::Agent, &[groups], None));
        }
        for (queue, members) in [(0, vec![1]), (1, vec![2, 3]), (2, vec![3])] {
            directory.insert_queue(Queue::new(QueueId(queue), number(&format!("800{queue}")), "Queue"));
            for member in members {
                directory.insert_membership(Membership::new(QueueId(queue), AgentId(member)));
            }
        }
        directory
    }

    fn seen(directory: &Directory, by: Agent) -> String {
        let mut directory = directory.clone();
        let id = by.id;
        directory.insert_agent(by);
        let part = directory.within(&directory.purview(id));
        let numbers = part.extensions.keys().chain(part.queues.values().map(|queue| &queue.number));
        numbers.map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_supervisor_of_groups_sees_their_agents_herself_and_their_queues() {
        let directory = directory();
        let sue = |groups: Option<&[&str]>| agent(4, Role::Supervisor, &["office"], groups);
        assert_eq!(seen(&directory, sue(None)), "1001 1002 1003 1004 8000 8001 8002");
        assert_eq!(seen(&directory, sue(Some(&["support"]))), "1001 1002 1004 8000 8001");
        assert_eq!(seen(&directory, sue(Some(&["sales"]))), "1003 1004 8001 8002");
        assert_eq!(seen(&directory, sue(Some(&["office"]))), "1004");
    }

    #[test]
    fn a_role_may_confine_its_holders_to_their_own_groups() {
        let mut directory = directory();
        let name = "lead".to_owned();
        let rights = [Right::Read].into_iter().collect();
        let lead = CustomRole { name: name.clone(), rights, supervises: Supervises::OwnGroups };
        directory.roles.insert(name.clone(), lead);
        let of = |groups: Option<&[&str]>| agent(4, Role::Custom(name.clone()), &["sales"], groups);
        assert_eq!(seen(&directory, of(None)), "1003 1004 8001 8002");
        assert_eq!(seen(&directory, of(Some(&["support"]))), "1001 1002 1004 8000 8001");
        assert!(directory.rights_of(&Role::Custom(name.clone())).has(Right::Read));
        // A role that is gone gives nothing.
        directory.roles.clear();
        assert_eq!(seen(&directory, of(None)), "1003 1004 8001 8002");
        assert!(directory.rights_of(&Role::Custom(name)).is_empty());
    }

    #[test]
    fn of_one_who_is_not_there_nothing_is_seen() {
        let directory = directory();
        let part = directory.within(&directory.purview(AgentId(9)));
        assert!(part.agents.is_empty() && part.queues.is_empty() && part.memberships.is_empty());
    }
}
