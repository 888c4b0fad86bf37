//! Everything provisioned for one domain, indexed for routing.
//!
//! A directory is a value: a change of provisioning makes a new one, which the engine takes over between two
//! inputs. Nothing reads the database while a call is being decided.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use crate::access::{CustomRole, Rights};
use crate::agent::{Agent, Role};
use crate::business_hours::{AgentHours, BusinessHours, Opening};
use crate::caller_list::{BlockLevel, ExclusiveNumber, ListedUntil, VipNumber};
use crate::did::Did;
use crate::disposition::Disposition;
use crate::extension::Extension;
use crate::feature_code::FeatureCode;
use crate::flow::Flow;
use crate::id::{AgentId, FlowId, MailboxId, QueueId, TrunkId};
use crate::limits::DomainLimits;
use crate::mailbox::Mailbox;
use crate::membership::Membership;
use crate::not_ready::NotReadyCode;
use crate::number::ExtensionNumber;
use crate::queue::Queue;
use crate::ring_group::RingGroup;
use crate::tenant::Tenant;
use crate::time::Timestamp;
use crate::trunk::Trunk;

/// Everything provisioned for one domain.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Directory {
    /// The domain itself.
    pub tenant: Tenant,
    /// Agents by id.
    pub agents: BTreeMap<AgentId, Agent>,
    /// Phones' extensions by number, agents' and free ones.
    pub extensions: BTreeMap<ExtensionNumber, Extension>,
    /// Queues by id.
    pub queues: BTreeMap<QueueId, Queue>,
    /// Memberships by queue and agent.
    pub memberships: BTreeMap<(QueueId, AgentId), Membership>,
    /// Flows by id.
    pub flows: BTreeMap<FlowId, Flow>,
    /// Mailboxes by id.
    pub mailboxes: BTreeMap<MailboxId, Mailbox>,
    /// Ring groups by number.
    pub ring_groups: BTreeMap<ExtensionNumber, RingGroup>,
    /// Numbers dialed from outside, by number.
    pub numbers: BTreeMap<String, Did>,
    /// Business hours by name.
    pub business_hours: BTreeMap<String, BusinessHours>,
    /// Trunks by id.
    pub trunks: BTreeMap<TrunkId, Trunk>,
    /// Callers who are served before others, by number.
    pub vip_numbers: BTreeMap<String, VipNumber>,
    /// Callers who have agents of their own, by number and queue.
    pub exclusive_numbers: BTreeMap<(String, QueueId), ExclusiveNumber>,
    /// Callers whom queues keep out, by number.
    pub queue_blacklist: BTreeMap<String, (BlockLevel, ListedUntil)>,
    /// Callers who are refused without a word, by number.
    pub blacklist: BTreeMap<String, ListedUntil>,
    /// Feature codes.
    pub feature_codes: Vec<FeatureCode>,
    /// Reasons for not being ready, by code; without any, agents give whatever they like.
    pub not_ready_codes: BTreeMap<String, NotReadyCode>,
    /// What calls can have been about, by code.
    pub dispositions: BTreeMap<String, Disposition>,
    /// Roles of the domain's own, by name.
    pub roles: BTreeMap<String, CustomRole>,
    /// How much of the server it may use.
    pub limits: DomainLimits,
    queue_numbers: BTreeMap<ExtensionNumber, QueueId>,
    flow_numbers: BTreeMap<ExtensionNumber, FlowId>,
    mailbox_numbers: BTreeMap<ExtensionNumber, MailboxId>,
}

/// What an extension number reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// A phone, an agent's or a free one.
    Extension(&'a Extension),
    /// A queue.
    Queue(&'a Queue),
    /// A flow.
    Flow(&'a Flow),
    /// A ring group.
    RingGroup(&'a RingGroup),
    /// A shared mailbox.
    Mailbox(&'a Mailbox),
}

impl Directory {
    /// An empty directory of `tenant` with the default feature codes.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self {
            tenant,
            agents: BTreeMap::new(),
            extensions: BTreeMap::new(),
            queues: BTreeMap::new(),
            memberships: BTreeMap::new(),
            flows: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            ring_groups: BTreeMap::new(),
            numbers: BTreeMap::new(),
            business_hours: BTreeMap::new(),
            trunks: BTreeMap::new(),
            vip_numbers: BTreeMap::new(),
            exclusive_numbers: BTreeMap::new(),
            queue_blacklist: BTreeMap::new(),
            blacklist: BTreeMap::new(),
            feature_codes: FeatureCode::defaults(),
            not_ready_codes: BTreeMap::new(),
            dispositions: BTreeMap::new(),
            roles: BTreeMap::new(),
            limits: DomainLimits::default(),
            queue_numbers: BTreeMap::new(),
            flow_numbers: BTreeMap::new(),
            mailbox_numbers: BTreeMap::new(),
        }
    }

    /// Adds a queue and its number.
    pub fn insert_queue(&mut self, queue: Queue) {
        self.queue_numbers.insert(queue.number.clone(), queue.id);
        self.queues.insert(queue.id, queue);
    }

    /// Adds a flow and its number.
    pub fn insert_flow(&mut self, flow: Flow) {
        self.flow_numbers.insert(flow.number.clone(), flow.id);
        self.flows.insert(flow.id, flow);
    }

    /// Adds a mailbox and its number.
    pub fn insert_mailbox(&mut self, mailbox: Mailbox) {
        self.mailbox_numbers.insert(mailbox.number.clone(), mailbox.id);
        self.mailboxes.insert(mailbox.id, mailbox);
    }

    /// Adds an agent, and her extension if she has one and it is not there yet.
    pub fn insert_agent(&mut self, agent: Agent) {
        if let Some(number) = &agent.extension {
            let extension = self.extensions.entry(number.clone()).or_insert_with(|| Extension {
                number: number.clone(),
                agent: None,
                display_name: agent.name.clone(),
                dnd: false,
                ring_timeout: Extension::RING_TIMEOUT_DEFAULT,
            });
            extension.agent = Some(agent.id);
        }
        self.agents.insert(agent.id, agent);
    }

    /// Adds a membership.
    pub fn insert_membership(&mut self, membership: Membership) {
        self.memberships.insert((membership.queue, membership.agent), membership);
    }

    /// What `number` reaches inside the domain.
    #[must_use]
    pub fn destination(&self, number: &str) -> Option<Destination<'_>> {
        if let Some(extension) = self.extensions.get(number) {
            return Some(Destination::Extension(extension));
        }
        if let Some(queue) = self.queue(number) {
            return Some(Destination::Queue(queue));
        }
        if let Some(group) = self.ring_groups.get(number) {
            return Some(Destination::RingGroup(group));
        }
        let flow = self.flow_numbers.get(number).and_then(|id| self.flows.get(id));
        flow.map(Destination::Flow).or_else(|| self.mailbox(number).map(Destination::Mailbox))
    }

    /// The mailbox of this number: an agent's, a queue's, or a shared one.
    #[must_use]
    pub fn mailbox(&self, number: &str) -> Option<&Mailbox> {
        self.mailbox_numbers.get(number).and_then(|id| self.mailboxes.get(id))
    }

    /// Whether a number of any kind is exactly these digits, and whether a longer one begins with them.
    #[must_use]
    pub fn begins(&self, digits: &str) -> (bool, bool) {
        fn first_longer<T>(numbers: &BTreeMap<ExtensionNumber, T>, digits: &str) -> bool {
            let after = (std::ops::Bound::Excluded(digits), std::ops::Bound::Unbounded);
            numbers
                .range::<str, _>(after)
                .next()
                .is_some_and(|(number, _)| number.as_str().starts_with(digits))
        }
        let longer = first_longer(&self.extensions, digits)
            || first_longer(&self.queue_numbers, digits)
            || first_longer(&self.flow_numbers, digits)
            || first_longer(&self.ring_groups, digits);
        (self.destination(digits).is_some(), longer)
    }

    /// How many digits the longest number has.
    #[must_use]
    pub fn longest_number(&self) -> usize {
        let numbers = self.extensions.keys().chain(self.queue_numbers.keys()).chain(self.flow_numbers.keys());
        let numbers = numbers.chain(self.ring_groups.keys());
        numbers.map(|number| number.as_str().len()).max().unwrap_or(0)
    }

    /// The queue with this number.
    #[must_use]
    pub fn queue(&self, number: &str) -> Option<&Queue> {
        self.queue_numbers.get(number).and_then(|id| self.queues.get(id))
    }

    /// The agent whose extension this is.
    #[must_use]
    pub fn agent_of(&self, extension: &str) -> Option<&Agent> {
        let id = self.extensions.get(extension)?.agent?;
        self.agents.get(&id)
    }

    /// What comes with a role here.
    #[must_use]
    pub fn rights_of(&self, role: &Role) -> Rights {
        role.rights_with(self.roles.get(role.name()))
    }

    /// The groups that an agent is confined to; none: she sees the whole domain.
    #[must_use]
    pub fn supervised<'a>(&self, agent: &'a Agent) -> Option<&'a [String]> {
        let own_groups = agent.role.confines(self.roles.get(agent.role.name()));
        agent.supervises.as_deref().or_else(|| own_groups.then_some(agent.groups.as_slice()))
    }

    /// What the business hours of this name say of `at`. Without a name, and where there are none of that name,
    /// it is always open: a caller is rather served than lost.
    #[must_use]
    pub fn opening(&self, hours: Option<&str>, at: Timestamp) -> Opening<'_> {
        let hours = hours.and_then(|name| self.business_hours.get(name));
        hours.map_or(Opening::Open, |hours| hours.opening(at))
    }

    /// Whether an agent works at `at`, and when that may next be otherwise; none if she has no hours.
    #[must_use]
    pub fn works(&self, agent: AgentId, at: Timestamp) -> Option<(bool, Option<Timestamp>)> {
        match self.agents.get(&agent)?.hours.as_ref()? {
            AgentHours::Own(schedule) => Some((schedule.is_open(at), schedule.next_change(at))),
            AgentHours::Business(name) => {
                let hours = self.business_hours.get(name)?;
                Some((hours.opening(at) == Opening::Open, hours.next_edge(at)))
            }
        }
    }

    /// The memberships of one agent, by queue id.
    pub fn memberships_of(&self, agent: AgentId) -> impl Iterator<Item = &Membership> {
        self.memberships.values().filter(move |m| m.agent == agent)
    }

    /// The members of one queue, by agent id.
    pub fn members(&self, queue: QueueId) -> impl Iterator<Item = &Membership> {
        self.memberships.range((queue, AgentId(0))..=(queue, AgentId(u64::MAX))).map(|(_, m)| m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TenantId;

    #[test]
    fn one_number_space_holds_phones_queues_and_flows() {
        let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
        let number = |text| ExtensionNumber::parse(text).unwrap();
        directory.insert_queue(Queue::new(QueueId(1), number("8000"), "Support"));
        directory.insert_agent(Agent {
            id: AgentId(7),
            extension: Some(number("1001")),
            name: "Ann Ash".into(),
            email: "ann@acme.test".into(),
            role: crate::Role::Agent,
            supervises: None,
            groups: vec!["support".into()],
            skills: BTreeMap::new(),
            status: crate::AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: crate::Personal::default(),
            spoken_name: None,
            call_link: None,
        });
        assert!(matches!(directory.destination("8000"), Some(Destination::Queue(q)) if q.id == QueueId(1)));
        assert!(
            matches!(directory.destination("1001"), Some(Destination::Extension(e)) if e.agent == Some(AgentId(7)))
        );
        assert!(directory.destination("9999").is_none());
        assert_eq!(directory.agent_of("1001").map(|a| a.id), Some(AgentId(7)));
    }
}
