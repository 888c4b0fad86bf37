//! Queues, what is heard in them, and their members.

use std::collections::BTreeMap;

use model::{
    AgentId, Announce, AnnouncePlace, CallbackRules, Exit, ExtensionNumber, FallbackAction, InQueue, Intro,
    Membership, Queue, QueueId, RnaPolicy, RnaScope,
};

use super::super::in_queue::{ANNOUNCE_EVERY_DEFAULT, CALLBACK_KEY_DEFAULT};
use super::super::yaml::Node;
use super::actions::{action, needs};
use super::mapping::{Mapping, texts};
use crate::agent::AgentRow;
use crate::error::StoreError;

/// The queues with their members.
pub(super) fn queues(
    queues: &[Queue],
    memberships: &[Membership],
    agents: &[AgentRow],
) -> Result<Vec<Node>, StoreError> {
    let extensions: BTreeMap<AgentId, &ExtensionNumber> =
        agents.iter().filter_map(|row| Some((row.agent.id, row.agent.extension.as_ref()?))).collect();
    let mut members: BTreeMap<QueueId, Vec<Node>> = BTreeMap::new();
    for membership in memberships {
        let extension = extensions.get(&membership.agent);
        // A member without an extension was never written: the file names members by theirs.
        let extension =
            extension.ok_or_else(|| StoreError::corrupt("a member of a queue", membership.agent.0))?;
        members.entry(membership.queue).or_default().push(member(extension, membership));
    }
    Ok(queues.iter().map(|row| queue(row, members.remove(&row.id).unwrap_or_default())).collect())
}

fn queue(queue: &Queue, members: Vec<Node>) -> Node {
    let default = Queue::new(queue.id, queue.number.clone(), &queue.name);
    let Queue {
        id: _,
        number,
        name,
        strategy,
        ring_time,
        max_callers,
        max_waiting_time,
        sim_ring_first,
        sim_ring_increment,
        max_expected_wait,
        retry_delay,
        busy_delay,
        decline_delay,
        skills,
        ageing,
        order_by,
        sticky_days,
        announce_to_agent,
        wait_when_no_agents,
        auto_ready,
        after_non_acd,
        wrap_up_time,
        rna_policy,
        decline_is_rna,
        weight,
        sla_time,
        on_no_answer: _,
        on_full: _,
        on_no_agents: _,
        hours: _,
        on_closed: _,
        on_night: _,
        moh: _,
        recording: _,
        in_queue: _,
    } = queue;
    let mut fields = Mapping::default();
    fields.text("number", number.as_str());
    fields.text("name", name);
    fields.word_unless("strategy", *strategy, default.strategy);
    fields.number_unless("ring_time", *ring_time, default.ring_time);
    fields.number_unless("max_callers", *max_callers, default.max_callers);
    fields.number_unless("max_waiting_time", *max_waiting_time, default.max_waiting_time);
    fields.number_unless("max_expected_wait", *max_expected_wait, default.max_expected_wait);
    fields.number_unless("sim_ring_first", *sim_ring_first, default.sim_ring_first);
    fields.number_unless("sim_ring_increment", *sim_ring_increment, default.sim_ring_increment);
    fields.number_unless("retry_delay", *retry_delay, default.retry_delay);
    fields.number_unless("busy_delay", *busy_delay, default.busy_delay);
    fields.number_unless("decline_delay", *decline_delay, default.decline_delay);
    fields.maybe_node("skills", needs(skills));
    fields.number_unless("ageing", *ageing, default.ageing);
    fields.word_unless("order_by", *order_by, default.order_by);
    fields.maybe_node("sticky", sticky(*sticky_days, default.sticky_days));
    fields.maybe("announce_to_agent", announce_to_agent.as_deref());
    fields.flag_unless("wait_when_no_agents", *wait_when_no_agents, default.wait_when_no_agents);
    fields.flag_unless("auto_ready", *auto_ready, default.auto_ready);
    fields.word_unless("after_non_acd", *after_non_acd, default.after_non_acd);
    fields.number_unless("wrap_up_time", *wrap_up_time, default.wrap_up_time);
    fields.maybe_node("rna_policy", rna_policy.as_ref().map(policy));
    fields.flag_unless("decline_is_rna", *decline_is_rna, default.decline_is_rna);
    fields.number_unless("weight", *weight, default.weight);
    fields.number_unless("sla_time", *sla_time, default.sla_time);
    leave(&mut fields, queue);
    heard(&mut fields, queue, &default);
    fields.list("members", members);
    fields.done()
}

/// Where callers go who do not wait to the end: the fields that `queue` passes over.
fn leave(fields: &mut Mapping, queue: &Queue) {
    let Queue { on_no_answer, on_full, on_no_agents, hours, on_closed, on_night, .. } = queue;
    let hangs_up = *on_no_answer == FallbackAction::default();
    fields.maybe_node("on_no_answer", (!hangs_up).then(|| action(on_no_answer)));
    fields.maybe_node("on_full", on_full.as_ref().map(action));
    fields.maybe_node("on_no_agents", on_no_agents.as_ref().map(action));
    fields.maybe("hours", hours.as_deref());
    fields.maybe_node("on_closed", on_closed.as_ref().map(action));
    fields.maybe_node("on_night", on_night.as_ref().map(action));
}

/// For how many days a caller is led to the agent of last time; 0 is off.
fn sticky(days: u16, default: u16) -> Option<Node> {
    let mut sticky = Mapping::default();
    match days {
        0 => sticky.flag_unless("enabled", false, true),
        days if days == default => return None,
        days => sticky.number("days", days),
    }
    Some(sticky.done())
}

fn policy(RnaPolicy { action, scope, after_n }: &RnaPolicy) -> Node {
    let mut policy = Mapping::default();
    policy.word("action", *action);
    policy.word_unless("scope", *scope, RnaScope::Queue);
    policy.number_unless("after_n", *after_n, 1);
    policy.done()
}

/// What those who wait hear, and their keys; and whether what is said later is kept.
fn heard(fields: &mut Mapping, queue: &Queue, default: &Queue) {
    let Queue { moh, recording, in_queue, .. } = queue;
    fields.text_unless("moh", moh, &default.moh);
    fields.flag_unless("recording", *recording, default.recording);
    let InQueue { intro, announce, place, exit, callback } = in_queue;
    let intro = intro.as_ref().map(|Intro { prompt, whole }| {
        let mut intro = Mapping::default();
        intro.text("prompt", prompt);
        intro.flag_unless("whole", *whole, false);
        intro.done()
    });
    fields.maybe_node("intro", intro);
    let announce = announce.as_ref().map(|Announce { prompts, every }| {
        let mut announce = Mapping::default();
        announce.list("prompts", texts(prompts));
        announce.number_unless("every", *every, ANNOUNCE_EVERY_DEFAULT);
        announce.done()
    });
    fields.maybe_node("announce", announce);
    let place = (*place != AnnouncePlace::default()).then(|| {
        let AnnouncePlace { position, wait, every } = *place;
        let mut place = Mapping::default();
        place.flag_unless("position", position, true);
        place.flag_unless("wait", wait, false);
        place.number_unless("every", every, AnnouncePlace::EVERY_DEFAULT);
        place.done()
    });
    fields.maybe_node("announce_place", place);
    let exit = exit.as_ref().map(|Exit { key, to }| {
        let mut exit = Mapping::default();
        exit.text("key", key.sign().to_string().as_str());
        exit.node("to", action(to));
        exit.done()
    });
    fields.maybe_node("exit", exit);
    fields.maybe_node("callback", callback.as_ref().map(called_back));
}

fn called_back(rules: &CallbackRules) -> Node {
    let default = CallbackRules::new(rules.key);
    let CallbackRules { key, offer_after, prefix, change, max_hours, retries, retry_after, ring_time } =
        rules;
    let mut fields = Mapping::default();
    if key.sign() != CALLBACK_KEY_DEFAULT {
        fields.text("key", key.sign().to_string().as_str());
    }
    if let Some(seconds) = offer_after {
        fields.number("offer_after", *seconds);
    }
    fields.text_unless("prefix", prefix, &default.prefix);
    fields.flag_unless("change", *change, default.change);
    fields.number_unless("max_hours", *max_hours, default.max_hours);
    fields.number_unless("retries", *retries, default.retries);
    fields.number_unless("retry_after", *retry_after, default.retry_after);
    fields.number_unless("ring_time", *ring_time, default.ring_time);
    fields.done()
}

fn member(extension: &ExtensionNumber, membership: &Membership) -> Node {
    let default = Membership::new(membership.queue, membership.agent);
    let Membership {
        queue: _,
        agent: _,
        order,
        skill_level,
        queue_priority,
        tier,
        wrap_up_time,
        auto_answer,
        answer_confirmation,
        enabled,
    } = membership;
    let mut fields = Mapping::default();
    fields.text("agent", extension.as_str());
    fields.number_unless("order", *order, default.order);
    fields.number_unless("tier", *tier, default.tier);
    fields.number_unless("skill_level", *skill_level, default.skill_level);
    fields.number_unless("queue_priority", *queue_priority, default.queue_priority);
    if let Some(seconds) = wrap_up_time {
        fields.number("wrap_up_time", *seconds);
    }
    fields.flag_unless("auto_answer", *auto_answer, default.auto_answer);
    fields.flag_unless("answer_confirmation", *answer_confirmation, default.answer_confirmation);
    fields.flag_unless("enabled", *enabled, default.enabled);
    fields.done()
}
