//! Queues and their members.

use std::collections::BTreeMap;

use model::{
    AfterNonAcd, AgentId, ExtensionNumber, Membership, OrderBy, Queue, QueueId, RnaAction, RnaPolicy,
    RnaScope, Strategy,
};

use super::business_hours::named;
use super::fallbacks::{Owner, fallback, prompt};
use super::in_queue::in_queue;
use super::limits::{
    AFTER_N, EXPECTED_WAIT, MAX_CALLERS, MEMBERS_MAX, NAME_MAX, ORDER, QUEUES_MAX, RING_TIME, SIM_RING_FIRST,
    SIM_RING_INCREMENT, SKILL, SLA_TIME, STICKY_DAYS, TIER, UP_TO_AN_HOUR, WAITING_TIME, WEIGHT,
};
use super::reader::{Fields, Shape};
use super::reading::{Kind, Reading, Target};
use super::skills::needs;
use super::wanted::{WantedMember, WantedQueue};
use super::yaml::{Node, Value};

pub(crate) const QUEUE: Shape = Shape {
    what: "queue",
    known: &[
        "number",
        "name",
        "strategy",
        "ring_time",
        "max_callers",
        "max_waiting_time",
        "max_expected_wait",
        "sim_ring_first",
        "sim_ring_increment",
        "retry_delay",
        "busy_delay",
        "decline_delay",
        "skills",
        "ageing",
        "order_by",
        "sticky",
        "announce_to_agent",
        "wait_when_no_agents",
        "auto_ready",
        "after_non_acd",
        "wrap_up_time",
        "rna_policy",
        "decline_is_rna",
        "weight",
        "sla_time",
        "on_no_answer",
        "on_full",
        "on_no_agents",
        "hours",
        "on_closed",
        "on_night",
        "moh",
        "intro",
        "announce",
        "announce_place",
        "exit",
        "callback",
        "recording",
        "members",
    ],
    later: &["join_when_empty", "leave_when_empty", "skill_required"],
};

pub(crate) const RNA_POLICY: Shape =
    Shape { what: "rna_policy", known: &["action", "scope", "after_n"], later: &[] };

pub(crate) const STICKY: Shape = Shape { what: "sticky", known: &["enabled", "days"], later: &[] };

pub(crate) const MEMBER: Shape = Shape {
    what: "member",
    known: &[
        "agent",
        "order",
        "tier",
        "skill_level",
        "queue_priority",
        "wrap_up_time",
        "auto_answer",
        "answer_confirmation",
        "enabled",
    ],
    later: &["member_kind"],
};

/// The queues.
pub(crate) fn queues(top: &Fields<'_>) -> Vec<WantedQueue> {
    top.list("queues", QUEUES_MAX).iter().filter_map(|node| queue(top.reading, node)).collect()
}

fn queue<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<WantedQueue> {
    let fields = Fields::of(reading, node, &QUEUE)?;
    let number = fields.number("number");
    if let Some(number) = &number {
        reading.claim(number, Kind::Queue, fields.line_of("number"));
    }
    let name = fields.name("name", NAME_MAX);
    // Everything is read before a wrong number ends it, so that every problem is found.
    let stand_in = ExtensionNumber::parse("000").ok()?;
    let mut queue =
        Queue::new(QueueId(0), number.clone().unwrap_or(stand_in), name.as_deref().unwrap_or_default());
    settings(&fields, &mut queue);
    choosing(&fields, &mut queue);
    let owner = Owner::inside("queue", number.as_ref());
    if let Some(action) = fallback(&fields, "on_no_answer", &owner) {
        queue.on_no_answer = action;
    }
    queue.on_full = fallback(&fields, "on_full", &owner);
    queue.on_no_agents = fallback(&fields, "on_no_agents", &owner);
    queue.hours = named(&fields);
    queue.on_closed = fallback(&fields, "on_closed", &owner);
    queue.on_night = fallback(&fields, "on_night", &owner);
    queue.in_queue = in_queue(&fields, &owner);
    if fields.get("on_closed").is_some() && fields.get("hours").is_none() {
        let line = fields.line_of("on_closed");
        fields.problem(line, "the queue has `on_closed` and no `hours` to say when it is closed");
    }
    let members = members(&fields);
    number?;
    Some(WantedQueue { queue, members })
}

fn settings(fields: &Fields<'_>, queue: &mut Queue) {
    queue.strategy = fields.word::<Strategy>("strategy", &[], queue.strategy);
    queue.ring_time = fields.whole("ring_time", RING_TIME, queue.ring_time);
    queue.max_callers = fields.whole("max_callers", MAX_CALLERS, queue.max_callers);
    queue.max_waiting_time = waiting_time(fields, queue.max_waiting_time);
    queue.retry_delay = fields.whole("retry_delay", UP_TO_AN_HOUR, queue.retry_delay);
    queue.wait_when_no_agents = fields.flag("wait_when_no_agents", queue.wait_when_no_agents);
    queue.auto_ready = fields.flag("auto_ready", queue.auto_ready);
    queue.after_non_acd = fields.word::<AfterNonAcd>("after_non_acd", &[], queue.after_non_acd);
    queue.wrap_up_time = fields.whole("wrap_up_time", UP_TO_AN_HOUR, queue.wrap_up_time);
    queue.rna_policy = rna_policy(fields);
    queue.decline_is_rna = fields.flag("decline_is_rna", queue.decline_is_rna);
    queue.weight = fields.whole("weight", WEIGHT, queue.weight);
    queue.sla_time = fields.whole("sla_time", SLA_TIME, queue.sla_time);
    if let Some(moh) = fields.get("moh").and_then(|_| prompt(fields, "moh")) {
        queue.moh = moh;
    }
}

/// What decides who is offered a call, and how.
fn choosing(fields: &Fields<'_>, queue: &mut Queue) {
    queue.sim_ring_first = fields.whole("sim_ring_first", SIM_RING_FIRST, queue.sim_ring_first);
    queue.sim_ring_increment =
        fields.whole("sim_ring_increment", SIM_RING_INCREMENT, queue.sim_ring_increment);
    queue.max_expected_wait = fields.whole("max_expected_wait", EXPECTED_WAIT, queue.max_expected_wait);
    queue.busy_delay = fields.whole("busy_delay", UP_TO_AN_HOUR, queue.busy_delay);
    queue.decline_delay = fields.whole("decline_delay", UP_TO_AN_HOUR, queue.decline_delay);
    queue.skills = needs(fields);
    queue.ageing = fields.whole("ageing", UP_TO_AN_HOUR, queue.ageing);
    queue.order_by = fields.word::<OrderBy>("order_by", &[], queue.order_by);
    if let Some(days) = sticky(fields, queue.sticky_days) {
        queue.sticky_days = days;
    }
    queue.announce_to_agent =
        fields.get("announce_to_agent").and_then(|_| prompt(fields, "announce_to_agent"));
    queue.recording = fields.flag("recording", queue.recording);
}

/// For how many days a caller is led to the agent of last time; 0 is never.
fn sticky(fields: &Fields<'_>, default: u16) -> Option<u16> {
    let sticky = Fields::of(fields.reading, fields.get("sticky")?, &STICKY)?;
    let days = sticky.whole("days", STICKY_DAYS, default);
    Some(if sticky.flag("enabled", true) { days } else { 0 })
}

/// No limit, or at least a quarter of a minute: less would send everybody away.
fn waiting_time(fields: &Fields<'_>, default: u32) -> u32 {
    let (min, max) = WAITING_TIME;
    match fields.given("max_waiting_time") {
        Some(Node { value: Value::Whole(number), line }) if *number != 0 && *number < min => {
            let text = format!(
                "`max_waiting_time` of the queue is {number}; it is 0 (no limit) or goes from {min} to {max}"
            );
            fields.problem(*line, text);
            default
        }
        Some(node) => fields.as_whole("max_waiting_time", node, (0, max)).unwrap_or(default),
        None => default,
    }
}

fn rna_policy(fields: &Fields<'_>) -> Option<RnaPolicy> {
    let policy = Fields::of(fields.reading, fields.get("rna_policy")?, &RNA_POLICY)?;
    policy.must("action")?;
    Some(RnaPolicy {
        action: policy.word("action", &[], RnaAction::Stay),
        scope: policy.word("scope", &[], RnaScope::Queue),
        after_n: policy.whole("after_n", AFTER_N, 1),
    })
}

fn members(fields: &Fields<'_>) -> Vec<WantedMember> {
    let mut lines = BTreeMap::new();
    let mut members = Vec::new();
    for node in fields.list("members", MEMBERS_MAX) {
        let Some(member) = member(fields.reading, node) else { continue };
        if let Some(at) = lines.insert(member.agent.clone(), node.line) {
            let (agent, at) = (&member.agent, fields.reading.seen(at));
            fields.problem(node.line, format!("agent {agent} is already a member of this queue{at}"));
            continue;
        }
        members.push(member);
    }
    members
}

fn member<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<WantedMember> {
    let fields = Fields::of(reading, node, &MEMBER)?;
    let agent = fields.number("agent");
    if let Some(agent) = &agent {
        reading.refer(fields.line_of("agent"), "`agent` of the member", None, agent, Target::Agent);
    }
    let defaults = Membership::new(QueueId(0), AgentId(0));
    let wrap_up_time =
        fields.get("wrap_up_time").and_then(|node| fields.as_whole("wrap_up_time", node, UP_TO_AN_HOUR));
    let membership = Membership {
        order: fields.whole("order", ORDER, defaults.order),
        skill_level: fields.whole("skill_level", SKILL, defaults.skill_level),
        queue_priority: fields.whole("queue_priority", ORDER, defaults.queue_priority),
        wrap_up_time,
        tier: fields.whole("tier", TIER, defaults.tier),
        auto_answer: fields.flag("auto_answer", defaults.auto_answer),
        answer_confirmation: fields.flag("answer_confirmation", defaults.answer_confirmation),
        enabled: fields.flag("enabled", defaults.enabled),
        ..defaults
    };
    Some(WantedMember { agent: agent?, membership })
}
