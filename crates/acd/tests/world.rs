//! A small contact centre to test in: names for ids, options as words, a directory built from both.

use std::collections::BTreeMap;
use std::time::Duration;

use acd::Limits;
use model::{
    AfterNonAcd, Agent, AgentId, AgentStatus, Directory, ExtensionNumber, FallbackAction, Membership,
    OrderBy, Queue, QueueId, RnaAction, RnaPolicy, RnaScope, Role, SkillNeed, Strategy, Tenant, TenantId,
};

/// Names and what is provisioned under them.
pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) limits: Limits,
    pub(crate) agents: BTreeMap<String, AgentId>,
    pub(crate) queues: BTreeMap<String, QueueId>,
    /// Agents whose phone is not registered at the start.
    pub(crate) offline: Vec<AgentId>,
}

/// `20s` as seconds.
pub(crate) fn seconds(text: &str) -> u32 {
    text.strip_suffix('s').and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("`{text}` is no time"))
}

fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).unwrap_or_else(|_| panic!("`{text}` is no number"))
}

impl World {
    pub(crate) fn new() -> Self {
        let tenant = Tenant::new(TenantId(1), "acme.test");
        Self {
            directory: Directory::new(tenant),
            limits: Limits::default(),
            agents: BTreeMap::new(),
            queues: BTreeMap::new(),
            offline: Vec::new(),
        }
    }

    pub(crate) fn agent(&self, name: &str) -> AgentId {
        *self.agents.get(name).unwrap_or_else(|| panic!("no agent `{name}`"))
    }

    pub(crate) fn queue(&self, name: &str) -> QueueId {
        *self.queues.get(name).unwrap_or_else(|| panic!("no queue `{name}`"))
    }

    pub(crate) fn agent_name(&self, id: AgentId) -> &str {
        self.agents.iter().find(|(_, a)| **a == id).map_or("?", |(name, _)| name)
    }

    pub(crate) fn queue_name(&self, id: QueueId) -> &str {
        self.queues.iter().find(|(_, q)| **q == id).map_or("?", |(name, _)| name)
    }

    /// One line that says what is provisioned; false if it is no such line.
    pub(crate) fn declare(&mut self, line: &str) -> bool {
        let (head, options) = line.split_once(':').unwrap_or((line, ""));
        let head: Vec<&str> = head.split_whitespace().collect();
        let options: Vec<&str> = options.split(',').map(str::trim).filter(|o| !o.is_empty()).collect();
        match head.as_slice() {
            ["queue", name] => self.declare_queue(name, &options),
            ["agent", name] => {
                let id = self.known_agent(name);
                options.iter().for_each(|option| self.agent_option(id, option));
            }
            ["member", agent, queue] => {
                let key = (self.queue(queue), self.known_agent(agent));
                self.directory.memberships.entry(key).or_insert(Membership::new(key.0, key.1));
                options.iter().for_each(|option| self.member_option(key, option));
            }
            ["limits"] => options.iter().for_each(|option| self.limit_option(option)),
            _ => return false,
        }
        true
    }

    fn known_agent(&mut self, name: &str) -> AgentId {
        if let Some(id) = self.agents.get(name) {
            return *id;
        }
        let id = AgentId(self.agents.len() as u64 + 1);
        self.agents.insert(name.into(), id);
        self.directory.insert_agent(Agent {
            id,
            extension: Some(number(&format!("1{:03}", id.0))),
            name: name.into(),
            email: format!("{name}@acme.test"),
            role: Role::Agent,
            supervises: None,
            groups: vec!["all".into()],
            skills: BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: model::Personal::default(),
            spoken_name: None,
            call_link: None,
        });
        id
    }

    fn declare_queue(&mut self, name: &str, options: &[&str]) {
        let known = self.queues.get(name).copied();
        let id = known.unwrap_or(QueueId(self.queues.len() as u64 + 1));
        self.queues.insert(name.into(), id);
        if !self.directory.queues.contains_key(&id) {
            self.directory.insert_queue(Queue::new(id, number(&format!("{}", 7999 + id.0)), name));
        }
        for option in options {
            if !self.queue_option(id, option) {
                for agent in option.split_whitespace() {
                    let agent = self.known_agent(agent);
                    self.directory.insert_membership(Membership::new(id, agent));
                }
            }
        }
    }

    /// True if it was an option and not a list of members.
    fn queue_option(&mut self, id: QueueId, option: &str) -> bool {
        let queue = self.directory.queues.get_mut(&id).expect("declared");
        let words: Vec<&str> = option.split_whitespace().collect();
        match words.as_slice() {
            ["longest-idle"] => queue.strategy = Strategy::LongestIdle,
            ["ring-all"] => queue.strategy = Strategy::RingAll,
            ["linear"] => queue.strategy = Strategy::Linear,
            ["cyclic"] => queue.strategy = Strategy::Cyclic,
            ["least-worked"] => queue.strategy = Strategy::LeastWorked,
            ["cascade"] => queue.strategy = Strategy::LinearCascade,
            ["tiered"] => queue.strategy = Strategy::TieredLongestIdle,
            ["random"] => queue.strategy = Strategy::Random,
            ["skill-linear"] => queue.strategy = Strategy::SkillLinear,
            ["skill-cyclic"] => queue.strategy = Strategy::SkillCyclic,
            ["skill-least-worked"] => queue.strategy = Strategy::SkillLeastWorked,
            ["first-ring", agents] => queue.sim_ring_first = agents.parse().expect("a number"),
            ["grow", agents] => queue.sim_ring_increment = agents.parse().expect("a number"),
            ["expected", time] => queue.max_expected_wait = seconds(time),
            ["busy", time] => queue.busy_delay = seconds(time),
            ["decline-delay", time] => queue.decline_delay = seconds(time),
            ["needs", "nothing"] => queue.skills.clear(),
            ["needs", need @ ..] => queue.skills.push(self::need(need)),
            ["ageing", time] => queue.ageing = seconds(time),
            ["by-entered"] => queue.order_by = OrderBy::Entered,
            ["by-received"] => queue.order_by = OrderBy::Received,
            ["offer", time] => queue.ring_time = seconds(time),
            ["wait", time] => queue.max_waiting_time = seconds(time),
            ["room", callers] => queue.max_callers = callers.parse().expect("a number"),
            ["manual"] => queue.auto_ready = false,
            ["auto-ready"] => queue.auto_ready = true,
            ["wrap-up", time] => queue.wrap_up_time = seconds(time),
            ["retry", time] => queue.retry_delay = seconds(time),
            ["after-direct", "ready"] => queue.after_non_acd = AfterNonAcd::Ready,
            ["after-direct", "not-ready"] => queue.after_non_acd = AfterNonAcd::NotReady,
            ["after-direct", "wrap-up"] => queue.after_non_acd = AfterNonAcd::WrapUp,
            ["decline-is-rna"] => queue.decline_is_rna = true,
            ["weight", weight] => queue.weight = weight.parse().expect("a number"),
            ["stay-when-empty"] => queue.wait_when_no_agents = true,
            ["leave-when-empty"] => queue.wait_when_no_agents = false,
            ["no-answer", to] => queue.on_no_answer = FallbackAction::Queue(number(to)),
            ["full", to] => queue.on_full = Some(FallbackAction::Queue(number(to))),
            ["no-agents", to] => queue.on_no_agents = Some(FallbackAction::Queue(number(to))),
            ["rna", rest @ ..] => queue.rna_policy = Some(rna(rest)),
            _ => return false,
        }
        true
    }

    fn agent_option(&mut self, id: AgentId, option: &str) {
        let agent = self.directory.agents.get_mut(&id).expect("declared");
        let extension = agent.extension.clone();
        let words: Vec<&str> = option.split_whitespace().collect();
        match words.as_slice() {
            ["max", calls] => agent.max_concurrent_calls = calls.parse().expect("a number"),
            ["active"] => agent.status = AgentStatus::Active,
            ["invited"] => agent.status = AgentStatus::Invited,
            ["disabled"] => agent.status = AgentStatus::Disabled,
            ["knows", "nothing"] => agent.skills.clear(),
            ["knows", skill, level] => {
                agent.skills.insert((*skill).into(), level.parse().expect("a level"));
            }
            ["no-extension"] => agent.extension = None,
            ["offline"] => self.offline.push(id),
            ["dnd", on] => {
                let extension = extension.and_then(|number| self.directory.extensions.get_mut(&number));
                extension.expect("has an extension").dnd = *on == "on";
            }
            _ => panic!("unknown option `{option}` of an agent"),
        }
    }

    fn member_option(&mut self, key: (QueueId, AgentId), option: &str) {
        let member = self.directory.memberships.get_mut(&key).expect("declared");
        let words: Vec<&str> = option.split_whitespace().collect();
        match words.as_slice() {
            ["order", order] => member.order = order.parse().expect("a number"),
            ["tier", tier] => member.tier = tier.parse().expect("a number"),
            ["level", level] => member.skill_level = level.parse().expect("a number"),
            ["first", priority] => member.queue_priority = priority.parse().expect("a number"),
            ["wrap-up", time] => member.wrap_up_time = Some(seconds(time)),
            ["disabled"] => member.enabled = false,
            ["enabled"] => member.enabled = true,
            _ => panic!("unknown option `{option}` of a member"),
        }
    }

    fn limit_option(&mut self, option: &str) {
        let words: Vec<&str> = option.split_whitespace().collect();
        match words.as_slice() {
            ["grace", time] => self.limits.device_grace = Duration::from_secs(seconds(time).into()),
            ["keep-login"] => self.limits.logout_on_unregister = false,
            ["starves", time] => self.limits.starves_after = Duration::from_secs(seconds(time).into()),
            ["callback", time] => self.limits.callback_max = Duration::from_secs(seconds(time).into()),
            ["names", members] => self.limits.names_recorded = members.parse().expect("a number"),
            ["candidates", members] => self.limits.candidates_recorded = members.parse().expect("a number"),
            ["ring-all", agents] => self.limits.ring_all_max = agents.parse().expect("a number"),
            ["offers", offers] => self.limits.offers_per_call_max = offers.parse().expect("a number"),
            ["depth", depth] => self.limits.queue_depth_max = depth.parse().expect("a number"),
            _ => panic!("unknown limit `{option}`"),
        }
    }

    /// One change of what is provisioned; what ends with `gone` is taken away.
    pub(crate) fn change(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["queue", name, "gone"] => {
                self.directory.queues.remove(&self.queue(name));
            }
            ["agent", name, "gone"] => {
                self.directory.agents.remove(&self.agent(name));
            }
            ["member", agent, queue, "gone"] => {
                self.directory.memberships.remove(&(self.queue(queue), self.agent(agent)));
            }
            _ => assert!(self.declare(line), "unknown change `{line}`"),
        }
    }
}

/// `french 5`, or `french 5 less 2 each 30s`.
pub(crate) fn need(words: &[&str]) -> SkillNeed {
    let (level, relax_by, relax_after) = match words {
        [_, level] => (level, "0", 0),
        [_, level, "less", by, "each", time] => (level, *by, seconds(time)),
        _ => panic!("`{words:?}` is no need"),
    };
    SkillNeed {
        skill: words[0].into(),
        level: level.parse().expect("a level"),
        relax_after,
        relax_by: relax_by.parse().expect("a number"),
    }
}

fn rna(words: &[&str]) -> RnaPolicy {
    let mut policy = RnaPolicy { action: RnaAction::Stay, scope: RnaScope::Queue, after_n: 1 };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "stay" => policy.action = RnaAction::Stay,
            "not-ready" => policy.action = RnaAction::NotReady,
            "logout" => policy.action = RnaAction::Logout,
            "all" => policy.scope = RnaScope::All,
            "after" => policy.after_n = words.next().and_then(|n| n.parse().ok()).expect("a number"),
            other => panic!("unknown policy `{other}`"),
        }
    }
    policy
}
