//! Which queues route otherwise under another provisioning.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Agent, AgentId, Did, Directory, ExclusiveNumber, ExtensionNumber, FallbackAction, ListedUntil,
    Membership, Queue, QueueId, Role,
};

/// What decides about the calls of one queue; agents and queues by their numbers, because the ids of two
/// provisionings need not agree.
#[derive(PartialEq)]
struct Rules<'a> {
    queue: Queue,
    /// Each member with what of the agent herself decides.
    members: BTreeMap<&'a str, (Membership, Agent)>,
    numbers: Vec<&'a Did>,
    exclusive: BTreeMap<&'a str, (Vec<&'a str>, ListedUntil)>,
}

/// The numbers of the queues that come, go or decide otherwise: by their own rules, members, their agents' skills
/// and hours, the numbers that lead there, or the domain's lists of callers and business hours. Names and prompts decide nothing.
#[must_use]
pub fn touched(before: &Directory, after: &Directory) -> BTreeSet<ExtensionNumber> {
    let (old, new) = (rules(before), rules(after));
    let numbers: BTreeSet<&ExtensionNumber> = old.keys().chain(new.keys()).copied().collect();
    let for_all = before.vip_numbers != after.vip_numbers
        || before.queue_blacklist != after.queue_blacklist
        || before.blacklist != after.blacklist
        || before.business_hours != after.business_hours
        || before.tenant.max_hops != after.tenant.max_hops;
    numbers.into_iter().filter(|number| for_all || old.get(number) != new.get(number)).cloned().collect()
}

fn rules(directory: &Directory) -> BTreeMap<&ExtensionNumber, Rules<'_>> {
    let of = |queue: &Queue| Rules {
        queue: Queue {
            id: QueueId(0),
            name: String::new(),
            announce_to_agent: None,
            moh: String::new(),
            recording: false,
            ..queue.clone()
        },
        members: BTreeMap::new(),
        numbers: Vec::new(),
        exclusive: BTreeMap::new(),
    };
    let mut all: BTreeMap<&ExtensionNumber, Rules<'_>> =
        directory.queues.values().map(|queue| (&queue.number, of(queue))).collect();
    for ((queue, agent), membership) in &directory.memberships {
        let (Some(queue), Some(agent)) = (directory.queues.get(queue), directory.agents.get(agent)) else {
            continue;
        };
        let Some(rules) = all.get_mut(&queue.number) else { continue };
        let place = Membership { queue: QueueId(0), agent: AgentId(0), ..membership.clone() };
        rules.members.insert(key(agent), (place, nameless(agent)));
    }
    for did in directory.numbers.values() {
        if let FallbackAction::Queue(number) = &did.open
            && let Some(rules) = all.get_mut(number)
        {
            rules.numbers.push(did);
        }
    }
    for ((caller, queue), ExclusiveNumber { agents, until }) in &directory.exclusive_numbers {
        let Some(queue) = directory.queues.get(queue) else { continue };
        let Some(rules) = all.get_mut(&queue.number) else { continue };
        let agents = agents.iter().filter_map(|agent| directory.agents.get(agent)).map(key);
        rules.exclusive.insert(caller, (agents.collect(), *until));
    }
    all
}

/// Without what only people see.
fn nameless(agent: &Agent) -> Agent {
    let (name, email) = (String::new(), String::new());
    let (role, groups) = (Role::Agent, Vec::new());
    Agent { id: AgentId(0), name, email, role, supervises: None, groups, ..agent.clone() }
}

/// By what an agent is known in both provisionings.
fn key(agent: &Agent) -> &str {
    agent.extension.as_ref().map_or(&agent.email, ExtensionNumber::as_str)
}

#[cfg(test)]
mod tests {
    use model::{Tenant, TenantId};

    use super::*;

    fn number(text: &str) -> ExtensionNumber {
        ExtensionNumber::parse(text).unwrap()
    }

    /// Queues 8000 and 8001, agent 1001 in the first, with ids from `base` on.
    fn directory(base: u64) -> Directory {
        let mut directory = Directory::new(Tenant::new(TenantId(base), "acme.test"));
        for (id, queue) in [(base, "8000"), (base + 1, "8001")] {
            directory.insert_queue(Queue::new(QueueId(id), number(queue), queue));
        }
        directory.insert_agent(Agent {
            id: AgentId(base),
            extension: Some(number("1001")),
            name: "Ann Ash".into(),
            email: "ann@acme.test".into(),
            role: model::Role::Agent,
            supervises: None,
            groups: Vec::new(),
            skills: BTreeMap::new(),
            status: model::AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: model::Personal::default(),
            spoken_name: None,
            call_link: None,
        });
        directory.insert_membership(Membership::new(QueueId(base), AgentId(base)));
        directory
    }

    fn after(change: impl FnOnce(&mut Directory)) -> Vec<String> {
        let mut other = directory(70);
        change(&mut other);
        touched(&directory(1), &other).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn other_ids_names_and_prompts_touch_no_queue_and_rules_members_numbers_and_lists_do() {
        let nothing: [&str; 0] = [];
        assert_eq!(after(|_| {}), nothing);
        assert_eq!(
            after(|other| {
                let queue = other.queues.get_mut(&QueueId(70)).unwrap();
                (queue.name, queue.moh) = ("Help".into(), "piano".into());
                other.agents.get_mut(&AgentId(70)).unwrap().name = "Ann Oak".into();
            }),
            nothing
        );
        assert_eq!(after(|other| other.queues.get_mut(&QueueId(71)).unwrap().ring_time = 9), ["8001"]);
        let skilled = |other: &mut Directory| {
            other.agents.get_mut(&AgentId(70)).unwrap().skills.insert("german".into(), 3);
        };
        assert_eq!(after(skilled), ["8000"]);
        let moved = |other: &mut Directory| {
            other.memberships.clear();
            other.insert_membership(Membership::new(QueueId(71), AgentId(70)));
        };
        assert_eq!(after(moved), ["8000", "8001"]);
        let routed = |other: &mut Directory| {
            let did = Did::new("+4930".into(), FallbackAction::Queue(number("8001")));
            other.numbers.insert("+4930".into(), did);
        };
        assert_eq!(after(routed), ["8001"]);
        let added =
            |other: &mut Directory| other.insert_queue(Queue::new(QueueId(72), number("8002"), "New"));
        assert_eq!(after(added), ["8002"]);
        let listed = |other: &mut Directory| {
            other.blacklist.insert("+4915".into(), None);
        };
        assert_eq!(after(listed), ["8000", "8001"]);
    }
}
