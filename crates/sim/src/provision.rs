//! Provisioning drawn by seed, and the changes that are made to it under load.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    AfterNonAcd, Agent, AgentHours, AgentId, AgentStatus, Announce, AnnouncePlace, BlockLevel, Did,
    Directory, ExclusiveNumber, Exit, Extension, ExtensionNumber, FallbackAction, InQueue, Intro, Key,
    Membership, OrderBy, Queue, QueueId, RnaAction, RnaPolicy, RnaScope, Role, Schedule, SkillNeed, Slot,
    Strategy, Tenant, TenantId, Timestamp, Trunk, TrunkId, VipNumber, Zone,
};

use crate::rng::Chance;

/// The skills there are.
pub const SKILLS: [&str; 2] = ["french", "billing"];
/// A phone that is no agent's.
pub const LOBBY: &str = "1090";
/// The trunk callers come through.
pub const TRUNK: TrunkId = TrunkId(1);

/// One change of provisioning. Agents and queues that go away never come back under the same id: ids are not
/// used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// An entry goes, or comes back.
    Membership(QueueId, AgentId),
    /// An entry's order, tier, level, priority, wrap-up or switch is drawn anew.
    Entry(QueueId, AgentId, u64),
    /// A queue's rules are drawn anew.
    Rules(QueueId, u64),
    /// An agent is disabled, or active again.
    Status(AgentId),
    /// An agent's number of calls at a time is drawn anew.
    MaxCalls(AgentId, u64),
    /// An agent's skills are drawn anew.
    Skills(AgentId, u64),
    /// Do not disturb is set, or lifted.
    Dnd(AgentId),
    /// An agent loses her extension, or gets it back.
    Extension(AgentId),
    /// An agent goes for good.
    AgentGone(AgentId),
    /// A queue goes for good.
    QueueGone(QueueId),
}

/// The extension of a text of digits that this crate wrote itself.
#[must_use]
pub fn number(text: &str) -> Option<ExtensionNumber> {
    ExtensionNumber::parse(text).ok()
}

/// An agent's extension.
#[must_use]
pub fn extension_of(agent: AgentId) -> Option<ExtensionNumber> {
    number(&format!("{}", 1_000 + agent.0))
}

/// A queue's number.
#[must_use]
pub fn number_of(queue: QueueId) -> Option<ExtensionNumber> {
    number(&format!("{}", 8_000 + queue.0))
}

/// The directory a world starts with.
#[must_use]
pub fn drawn(seed: u64, strategies: &[Strategy]) -> Directory {
    let mut chance = Chance::about(seed, 0xD1);
    let tenant = Tenant {
        zone: zone(&mut chance),
        max_hops: u8::try_from(chance.between(1, 4)).unwrap_or(1),
        ..Tenant::new(TenantId(1), "acme.test")
    };
    let mut directory = Directory::new(tenant);
    directory.trunks.insert(
        TRUNK,
        Trunk { id: TRUNK, name: "carrier".into(), host: "192.0.2.1".into(), allow_from: Vec::new() },
    );
    if let Some(lobby) = number(LOBBY) {
        let phone = Extension {
            number: lobby.clone(),
            agent: None,
            display_name: "lobby".into(),
            dnd: false,
            ring_timeout: 30,
        };
        directory.extensions.insert(lobby, phone);
    }
    let agents = chance.between(2, 6);
    let queues = chance.between(1, 3);
    for id in 1..=agents {
        directory.insert_agent(agent(AgentId(id), &mut chance));
    }
    for id in 1..=queues {
        if let Some(queue) = queue(QueueId(id), queues, strategies, &mut chance) {
            directory.insert_queue(queue);
        }
        for agent in 1..=agents {
            if !chance.one_in(3) {
                directory.insert_membership(membership(QueueId(id), AgentId(agent), &mut chance));
            }
        }
        did(&mut directory, QueueId(id), &mut chance);
    }
    lists(&mut directory, &mut chance);
    directory
}

/// A zone whose midnight comes a little after the world's first moment, for most.
fn zone(chance: &mut Chance) -> Zone {
    let ahead = 24 * 60 * 60 - i32::try_from(chance.between(30, 200)).unwrap_or(30);
    Zone { offsets: if !chance.one_in(4) { vec![(Timestamp(i64::MIN), ahead)] } else { Vec::new() } }
}

/// A caller's number: ten that name one caller each, and then some that name nobody.
#[must_use]
pub fn caller_number(which: u64) -> String {
    if which < 10 { format!("+4940100{which}") } else { format!("{}", 90 + which % 10) }
}

/// Who is served before others, has agents of his own, is kept out.
fn lists(directory: &mut Directory, chance: &mut Chance) {
    let until = |chance: &mut Chance| chance.one_in(2).then(|| Timestamp::from_secs(120));
    let vip = VipNumber { priority: u8::try_from(chance.between(1, 9)).unwrap_or(9), until: until(chance) };
    directory.vip_numbers.insert(caller_number(0), vip);
    for queue in directory.queues.keys().copied().collect::<Vec<_>>() {
        let agents = vec![AgentId(chance.between(1, 6)), AgentId(chance.between(1, 6))];
        let own = ExclusiveNumber { agents, until: until(chance) };
        directory.exclusive_numbers.insert((caller_number(1), queue), own);
    }
    directory.queue_blacklist.insert(caller_number(2), (BlockLevel::Warned, until(chance)));
    directory.queue_blacklist.insert(caller_number(3), (BlockLevel::Refused, until(chance)));
    directory.blacklist.insert(caller_number(4), until(chance));
}

/// Numbers from outside: one for each queue, with priority and needs of its own.
fn did(directory: &mut Directory, queue: QueueId, chance: &mut Chance) {
    let Some(number) = number_of(queue) else { return };
    let mut did = Did::new(format!("+4930{}", queue.0), FallbackAction::Queue(number));
    did.priority = if chance.one_in(2) { u8::try_from(chance.below(10)).unwrap_or(0) } else { 0 };
    did.skills = needs(chance);
    directory.numbers.insert(did.number.clone(), did);
}

pub(crate) fn agent(id: AgentId, chance: &mut Chance) -> Agent {
    Agent {
        id,
        extension: extension_of(id),
        name: format!("agent {id}"),
        email: format!("a{id}@acme.test"),
        role: Role::Agent,
        supervises: None,
        groups: vec!["all".into()],
        skills: skills(chance),
        status: AgentStatus::Active,
        personal: model::Personal::default(),
        spoken_name: None,
        call_link: None,
        max_concurrent_calls: max_calls(chance),
        hours: hours(chance),
    }
}

/// Hours with two edges within the world's few minutes, for some. The epoch was a Thursday.
fn hours(chance: &mut Chance) -> Option<AgentHours> {
    let thursday = 3 * 24 * 60;
    let from = thursday + u32_between(chance, 0, 2);
    let slot = Slot { from, to: from + u32_between(chance, 1, 2) };
    chance.one_in(5).then(|| AgentHours::Own(Schedule { slots: vec![slot], zone: Zone::default() }))
}

fn max_calls(chance: &mut Chance) -> u8 {
    if chance.one_in(4) { u8::try_from(chance.between(2, 3)).unwrap_or(2) } else { 1 }
}

fn skills(chance: &mut Chance) -> BTreeMap<String, u8> {
    let level = |chance: &mut Chance| u8::try_from(chance.between(1, 5)).unwrap_or(1);
    let mut known = BTreeMap::new();
    for skill in SKILLS {
        if !chance.one_in(2) {
            known.insert(skill.to_owned(), level(chance));
        }
    }
    known
}

fn needs(chance: &mut Chance) -> Vec<SkillNeed> {
    if !chance.one_in(3) {
        return Vec::new();
    }
    SKILLS
        .into_iter()
        .filter(|_| chance.one_in(2))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|skill| SkillNeed {
            skill: skill.to_owned(),
            level: u8::try_from(chance.between(1, 6)).unwrap_or(1),
            relax_after: if chance.one_in(3) { 0 } else { u32_between(chance, 3, 20) },
            relax_by: u8::try_from(chance.between(1, 3)).unwrap_or(1),
        })
        .collect()
}

pub(crate) fn u32_between(chance: &mut Chance, from: u64, to: u64) -> u32 {
    u32::try_from(chance.between(from, to)).unwrap_or(0)
}

/// One of the queues 1 to `queues`, with rules of its own.
fn queue(id: QueueId, queues: u64, strategies: &[Strategy], chance: &mut Chance) -> Option<Queue> {
    let mut queue = Queue::new(id, number_of(id)?, &format!("q{id}"));
    rules(&mut queue, queues, strategies, chance);
    Some(queue)
}

/// Draws every rule of a queue.
fn rules(queue: &mut Queue, queues: u64, strategies: &[Strategy], chance: &mut Chance) {
    let next = |chance: &mut Chance| fallback(queues, chance);
    queue.strategy = chance.pick(strategies).unwrap_or_default();
    queue.ring_time = u32_between(chance, 4, 15);
    queue.max_callers = if chance.one_in(2) { 0 } else { u32_between(chance, 1, 5) };
    queue.max_waiting_time = if chance.one_in(4) { 0 } else { u32_between(chance, 15, 60) };
    queue.retry_delay = if chance.one_in(4) { 0 } else { u32_between(chance, 1, 8) };
    queue.wait_when_no_agents = chance.one_in(2);
    queue.auto_ready = !chance.one_in(3);
    queue.after_non_acd =
        chance.pick(&[AfterNonAcd::Ready, AfterNonAcd::NotReady, AfterNonAcd::WrapUp]).unwrap_or_default();
    queue.wrap_up_time = if chance.one_in(2) { 0 } else { u32_between(chance, 1, 12) };
    queue.rna_policy = chance.one_in(2).then(|| RnaPolicy {
        action: chance
            .pick(&[RnaAction::Stay, RnaAction::NotReady, RnaAction::Logout])
            .unwrap_or(RnaAction::Stay),
        scope: if chance.one_in(2) { RnaScope::All } else { RnaScope::Queue },
        after_n: u32_between(chance, 1, 3),
    });
    queue.decline_is_rna = chance.one_in(3);
    queue.weight = i32::try_from(chance.below(3)).unwrap_or(0);
    queue.sla_time = if chance.one_in(4) { 0 } else { u32_between(chance, 1, 20) };
    queue.recording = chance.one_in(2);
    queue.sticky_days = if chance.one_in(2) { 0 } else { 30 };
    queue.busy_delay = u32_between(chance, 0, 20);
    queue.decline_delay = if chance.one_in(2) { 0 } else { u32_between(chance, 1, 8) };
    queue.skills = needs(chance);
    queue.ageing = if chance.one_in(3) { u32_between(chance, 1, 30) } else { 0 };
    queue.order_by = if chance.one_in(3) { OrderBy::Received } else { OrderBy::Entered };
    queue.sim_ring_first = u8::try_from(chance.below(4)).unwrap_or(0);
    queue.sim_ring_increment = u8::try_from(chance.between(1, 2)).unwrap_or(1);
    queue.max_expected_wait = if chance.one_in(8) { u32_between(chance, 20, 60) } else { 0 };
    queue.announce_to_agent = chance.one_in(8).then(|| "support".to_owned());
    queue.in_queue = in_queue(queues, chance);
    queue.on_no_answer = next(chance);
    queue.on_full = chance.one_in(2).then(|| next(chance));
    queue.on_no_agents = chance.one_in(2).then(|| next(chance));
}

/// What those who wait hear, and the key that leads out.
fn in_queue(queues: u64, chance: &mut Chance) -> InQueue {
    let prompts = || vec!["all-busy".to_owned(), "please-wait".to_owned()];
    let place = chance.one_in(3);
    InQueue {
        intro: chance.one_in(4).then(|| Intro { prompt: "thank-you".into(), whole: chance.one_in(2) }),
        announce: chance
            .one_in(3)
            .then(|| Announce { prompts: prompts(), every: u32_between(chance, 10, 20) }),
        place: AnnouncePlace { position: place, wait: place, every: u32_between(chance, 10, 30) },
        exit: chance
            .one_in(3)
            .then(|| Key::parse('8').map(|key| Exit { key, to: fallback(queues, chance) }))
            .flatten(),
        // What becomes of callbacks is shown by `callbacks`, and by the walks of the engine's own tests.
        callback: None,
    }
}

/// What comes next for a caller: another queue, a phone, a message, the end.
fn fallback(queues: u64, chance: &mut Chance) -> FallbackAction {
    let message = |chance: &mut Chance| chance.one_in(2).then(|| "goodbye".to_owned());
    let to = match chance.below(8) {
        0..=3 => number_of(QueueId(chance.between(1, queues))).map(FallbackAction::Queue),
        4 => number(LOBBY).map(FallbackAction::Extension),
        5 => extension_of(AgentId(1)).map(FallbackAction::Extension),
        6 => Some(FallbackAction::Voicemail { mailbox: None, message: message(chance) }),
        _ => None,
    };
    to.unwrap_or_else(|| FallbackAction::Hangup { message: message(chance) })
}

fn membership(queue: QueueId, agent: AgentId, chance: &mut Chance) -> Membership {
    let mut entry = Membership::new(queue, agent);
    let small = |chance: &mut Chance| i32::try_from(chance.between(1, 3)).unwrap_or(1);
    let few = |chance: &mut Chance| u8::try_from(chance.between(1, 3)).unwrap_or(1);
    entry.order = small(chance);
    entry.queue_priority = small(chance);
    entry.tier = few(chance);
    entry.skill_level = few(chance);
    entry.wrap_up_time = chance.one_in(3).then(|| u32_between(chance, 0, 10));
    entry.enabled = !chance.one_in(12);
    entry.auto_answer = chance.one_in(6);
    entry.answer_confirmation = chance.one_in(8);
    entry
}

/// The directory after a change; the same one if the change has nothing to change.
#[must_use]
pub fn changed(before: &Directory, change: Change, strategies: &[Strategy]) -> Arc<Directory> {
    let mut directory = before.clone();
    match change {
        Change::Membership(queue, agent) => toggle_membership(&mut directory, queue, agent),
        Change::Entry(queue, agent, seed) => {
            if let Some(entry) = directory.memberships.get_mut(&(queue, agent)) {
                *entry = membership(queue, agent, &mut Chance::about(seed, 1));
            }
        }
        Change::Rules(queue, seed) => {
            if let Some(queue) = directory.queues.get_mut(&queue) {
                rules(queue, 3, strategies, &mut Chance::about(seed, 2));
            }
        }
        Change::Status(agent) => {
            if let Some(agent) = directory.agents.get_mut(&agent) {
                agent.status = match agent.status {
                    AgentStatus::Active => AgentStatus::Disabled,
                    AgentStatus::Disabled | AgentStatus::Invited => AgentStatus::Active,
                };
            }
        }
        Change::MaxCalls(agent, seed) => {
            if let Some(agent) = directory.agents.get_mut(&agent) {
                agent.max_concurrent_calls = max_calls(&mut Chance::about(seed, 3));
            }
        }
        Change::Skills(agent, seed) => {
            if let Some(agent) = directory.agents.get_mut(&agent) {
                agent.skills = skills(&mut Chance::about(seed, 4));
            }
        }
        Change::Dnd(agent) => {
            if let Some(phone) = extension_of(agent).and_then(|number| directory.extensions.get_mut(&number))
            {
                phone.dnd = !phone.dnd;
            }
        }
        Change::Extension(agent) => toggle_extension(&mut directory, agent),
        Change::AgentGone(gone) => {
            directory.agents.remove(&gone);
            directory.memberships.retain(|(_, agent), _| *agent != gone);
            directory.extensions.retain(|_, extension| extension.agent != Some(gone));
        }
        Change::QueueGone(gone) => {
            directory.queues.remove(&gone);
            directory.memberships.retain(|(queue, _), _| *queue != gone);
        }
    }
    Arc::new(directory)
}

fn toggle_membership(directory: &mut Directory, queue: QueueId, agent: AgentId) {
    let known = directory.queues.contains_key(&queue) && directory.agents.contains_key(&agent);
    if directory.memberships.remove(&(queue, agent)).is_none() && known {
        directory.insert_membership(Membership::new(queue, agent));
    }
}

fn toggle_extension(directory: &mut Directory, id: AgentId) {
    let Some(number) = extension_of(id) else { return };
    let Some(agent) = directory.agents.get_mut(&id) else { return };
    let had = agent.extension.take();
    if had.is_none() {
        agent.extension = Some(number.clone());
    }
    if let Some(extension) = directory.extensions.get_mut(&number) {
        extension.agent = had.is_none().then_some(id);
    }
}

/// All strategies.
pub const STRATEGIES: [Strategy; 11] = [
    Strategy::LongestIdle,
    Strategy::RingAll,
    Strategy::Linear,
    Strategy::Cyclic,
    Strategy::LeastWorked,
    Strategy::LinearCascade,
    Strategy::TieredLongestIdle,
    Strategy::Random,
    Strategy::SkillLinear,
    Strategy::SkillCyclic,
    Strategy::SkillLeastWorked,
];
