//! A new directory is taken over: what is gone ends by rule, what is new begins, what lives goes on.

use std::collections::BTreeSet;

use model::{Agent as Provisioned, AgentId, AgentStatus, CallId, Counted, Directory, Membership, QueueId};

use crate::acd::Acd;
use crate::agent::Agent;
use crate::line::Line;
use crate::membership::{self, Member};
use crate::output::{AcdOutbox, OfferOutcome, QueueOutcome};
use crate::places::Places;
use crate::timer::TimerKind;
use crate::{growth, offer, skills, waiting};

/// Takes over `directory`.
pub(crate) fn take_over(acd: &mut Acd, directory: &Directory, out: &mut AcdOutbox) {
    acd.waiting_max = directory.limits.of(Counted::Waiting);
    queues(acd, directory, out);
    memberships_gone(acd, directory, out);
    agents(acd, directory, out);
    acd.lines.iter_mut().for_each(|(_, line)| line.tiers.clear());
    for membership in directory.memberships.values() {
        // A membership of nobody or of nowhere is none, even while the old agent or queue still has a call.
        if directory.agents.contains_key(&membership.agent)
            && directory.queues.contains_key(&membership.queue)
        {
            member(acd, membership, out);
        }
    }
    for queue in acd.lines.keys() {
        acd.step.dirty.insert(*queue);
    }
}

/// Drops agents and queues that are no longer provisioned and that no call holds any more.
pub(crate) fn sweep(acd: &mut Acd) {
    let mut last = None;
    while let Some(id) = acd.step.touched.next(last) {
        last = Some(id);
        let over =
            |facts: &Agent| facts.deleted && facts.memberships.is_empty() && facts.queue_legs.is_empty();
        if acd.agents.get(&id).is_some_and(over) {
            acd.agents.remove(&id);
            for timer in [TimerKind::WrapUpEnds(id), TimerKind::DelayEnds(id), TimerKind::GraceEnds(id)] {
                acd.timers.stop(timer);
            }
        }
    }
    if acd.deleted_lines > 0 {
        let deleted = acd.lines.iter().filter(|(_, line)| line.deleted);
        let over: Vec<QueueId> =
            deleted.filter(|(_, line)| line.members.is_empty()).map(|(id, _)| *id).collect();
        over.iter().for_each(|queue| drop(acd.lines.remove(queue)));
        acd.deleted_lines = acd.lines.iter().filter(|(_, line)| line.deleted).count();
    }
}

fn queues(acd: &mut Acd, directory: &Directory, out: &mut AcdOutbox) {
    let gone: Vec<QueueId> = acd
        .lines
        .iter()
        .filter(|(id, line)| !line.deleted && !directory.queues.contains_key(id))
        .map(|(id, _)| *id)
        .collect();
    for queue in gone {
        drain(acd, queue, out);
    }
    for (id, rules) in &directory.queues {
        let line = acd.lines.get_or_insert_with(*id, || Line::new(rules.clone()));
        if line.deleted || line.rules != *rules {
            line.deleted = false;
            line.rules = rules.clone();
            new_rules(acd, *id);
        }
    }
}

/// A queue went away: everybody in its line leaves by its last rules.
fn drain(acd: &mut Acd, queue: QueueId, out: &mut AcdOutbox) {
    let Some(line) = acd.lines.get_mut(&queue) else { return };
    line.deleted = true;
    acd.deleted_lines += 1;
    let next = line.rules.on_no_answer.clone();
    let calls: Vec<CallId> = line.places.iter().map(|place| place.call).collect();
    for call in calls {
        let how = (OfferOutcome::CallerGone, QueueOutcome::QueueGone);
        waiting::leave(acd, call, how, Some(next.clone()), out);
    }
}

/// The rules of a queue with a line have changed: places, clocks, needs and openness are set anew.
fn new_rules(acd: &mut Acd, queue: QueueId) {
    let Some(line) = acd.lines.get_mut(&queue) else { return };
    line.follow_strategy();
    line.open.clear();
    let calls: Vec<CallId> = line.places.iter().map(|place| place.call).collect();
    line.places = Places::default();
    // Calls that wait undisturbed have not begun to wait: no new decision is due for them.
    let undecided: Vec<CallId> = acd.step.unserved.iter().collect();
    for call in calls {
        let Some(entry) = acd.entries.get_mut(&call) else { continue };
        let Some(line) = acd.lines.get_mut(&queue) else { continue };
        entry.place = entry.place_under(&line.rules);
        entry.reach = None;
        line.places.insert(entry.place);
        match entry.wait_limit(&line.rules, &acd.limits) {
            Some(at) => acd.timers.set(TimerKind::WaitExpires(call), at),
            None => acd.timers.stop(TimerKind::WaitExpires(call)),
        }
        growth::begins_anew(acd, call);
        waiting::reopen(acd, call);
        skills::asks_anew(acd, call);
    }
    acd.step.unserved.clear();
    for call in undecided {
        acd.step.unserved.insert(call);
    }
}

fn memberships_gone(acd: &mut Acd, directory: &Directory, out: &mut AcdOutbox) {
    let provisioned = |agent: AgentId, queue: QueueId| {
        directory.memberships.contains_key(&(queue, agent))
            && directory.queues.contains_key(&queue)
            && directory.agents.contains_key(&agent)
    };
    let gone: Vec<(AgentId, QueueId)> = acd
        .agents
        .iter()
        .flat_map(|(agent, facts)| facts.memberships.keys().map(|queue| (*agent, *queue)))
        .filter(|(agent, queue)| !provisioned(*agent, *queue))
        .collect();
    for (agent, queue) in gone {
        membership::remove(acd, agent, queue, out);
    }
}

fn agents(acd: &mut Acd, directory: &Directory, out: &mut AcdOutbox) {
    let gone: Vec<AgentId> =
        acd.agents.keys().filter(|id| !directory.agents.contains_key(id)).copied().collect();
    for id in gone {
        if let Some(facts) = acd.agents.get_mut(&id) {
            facts.deleted = true;
            acd.touch(id);
            // A call that she picked up need not be of one of her queues.
            offer::withdraw(acd, id, None, OfferOutcome::AgentLeft, out);
        }
    }
    // Every agent of the directory is numbered anew below; those who are gone take no calls.
    if acd.profiles.len() > directory.agents.len().saturating_mul(2) {
        acd.profiles.clear();
    }
    for provisioned in directory.agents.values() {
        agent(acd, provisioned, directory, out);
    }
}

fn agent(acd: &mut Acd, provisioned: &Provisioned, directory: &Directory, out: &mut AcdOutbox) {
    let id = provisioned.id;
    let extension = provisioned.extension.as_ref();
    let facts = acd.agents.get_or_insert_with(id, Agent::default);
    facts.deleted = false;
    facts.active = match provisioned.status {
        AgentStatus::Active => true,
        AgentStatus::Invited | AgentStatus::Disabled => false,
    };
    facts.has_extension = extension.is_some();
    let dnd = extension.and_then(|number| directory.extensions.get(number)).is_some_and(|e| e.dnd);
    if std::mem::replace(&mut facts.dnd_provisioned, dnd) != dnd {
        facts.dnd = dnd;
    }
    facts.max_calls = usize::from(provisioned.max_concurrent_calls.max(1));
    facts.profile = acd.profiles.number(&provisioned.skills);
    let may_log_in = facts.active && facts.has_extension;
    let dnd = facts.dnd;
    let queues: BTreeSet<QueueId> = facts.memberships.keys().copied().collect();
    acd.touch(id);
    if !may_log_in {
        // She stays a member, logged out: at once, or after her call.
        for queue in queues {
            membership::log_out_after_call(acd, id, queue, out);
        }
    }
    if dnd || !may_log_in {
        offer::withdraw(acd, id, None, OfferOutcome::AgentLeft, out);
    }
    offer::shed(acd, id, out);
}

fn member(acd: &mut Acd, provisioned: &Membership, out: &mut AcdOutbox) {
    let (queue, agent) = (provisioned.queue, provisioned.agent);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let Some(line) = acd.lines.get_mut(&queue) else { return };
    // How she stands is derived before the next decision, like everything that was touched.
    line.join(agent);
    line.tiers.insert(provisioned.tier);
    let member = facts.memberships.get_or_insert_with(queue, Member::new);
    member.order = provisioned.order;
    member.queue_priority = provisioned.queue_priority;
    member.tier = provisioned.tier;
    member.skill_level = provisioned.skill_level;
    member.wrap_up_time = provisioned.wrap_up_time;
    member.enabled = provisioned.enabled;
    member.leaving = false;
    acd.touch(agent);
    if !provisioned.enabled {
        offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
    }
}
