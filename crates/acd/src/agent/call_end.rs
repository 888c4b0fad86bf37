//! Legs that begin and end, and what an agent does after a call: the rules of CALL_END in domain 3.4.

use crate::broken;
use std::time::Duration;

use model::{AfterNonAcd, AgentId, CallId, LegId, NotReadyReason, QueueId};

use crate::acd::Acd;
use crate::agent::{OTHER_LEGS_MAX, OtherCall, QueueLeg, device};
use crate::input::OtherLeg;
use crate::membership::{self, Intent, Member};
use crate::output::{AcdOutbox, OfferOutcome, Pending};
use crate::{offer, wrap_up};

/// The agent's leg of a queue call is over. Nothing if she has no such leg.
pub(crate) fn queue_leg_ended(acd: &mut Acd, agent: AgentId, call: CallId, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let Some(QueueLeg { queue, since, .. }) = facts.queue_legs.take(|leg| leg.call == call) else { return };
    facts.last_call_end = if broken!(IdleSinceLogin) { None } else { Some(acd.now) };
    let last_of_queue = !facts.serves(queue);
    let last = facts.queue_legs.is_empty();
    acd.touch(agent);
    let work = acd.member(agent, queue).map_or(0, |member| wrap_up::seconds(acd, queue, member));
    let took = acd.now.since(since).saturating_add(Duration::from_secs(work.into()));
    if let Some(line) = acd.lines.get_mut(&queue) {
        line.handling.took(took);
    }
    device::free(acd, agent);
    if last_of_queue && acd.member(agent, queue).is_some_and(|m| m.pending == Some(Pending::Logout)) {
        // Rule 1. Nothing of this queue is in progress any more, whatever other call goes on.
        membership::log_out(acd, agent, queue, out);
    }
    let after = acd.member(agent, queue).map_or(After::Free, |member| after_queue_call(acd, queue, member));
    if last_of_queue && acd.member(agent, queue).is_some_and(|member| member.leaving) {
        membership::remove(acd, agent, queue, out);
    }
    if !last {
        return;
    }
    match after {
        After::WrapUp(seconds) => wrap_up::start(acd, agent, seconds, out),
        After::Free => settle(acd, agent, queue, out),
    }
}

/// What follows the last queue call of an agent.
enum After {
    /// Rule 2, or rule 6 with 0 seconds: without end.
    WrapUp(u32),
    /// Rules 1, 3, 4, 5: no wrap-up.
    Free,
}

fn after_queue_call(acd: &Acd, queue: QueueId, member: &Member) -> After {
    let seconds = wrap_up::seconds(acd, queue, member);
    let auto_ready = acd.lines.get(&queue).is_some_and(|line| line.rules.auto_ready);
    if !member.logged_in {
        return After::Free;
    }
    if seconds > 0 && !broken!(NoWrapUp) {
        return After::WrapUp(seconds);
    }
    let own_plan = member.intent.used_single().is_some() || member.pending.is_some() || member.leaving;
    if own_plan || auto_ready { After::Free } else { After::WrapUp(0) }
}

/// Rules 3, 4 and 5 where no wrap-up follows: used single calls end their logins, pending not-readies come into
/// force in every queue, and the queue of the call makes her ready if it does that by itself.
fn settle(acd: &mut Acd, agent: AgentId, queue: QueueId, out: &mut AcdOutbox) {
    let auto_ready = acd.lines.get(&queue).is_some_and(|line| line.rules.auto_ready);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let mut used = Vec::new();
    let talking = facts.talking() > 0;
    for (of, member) in facts.memberships.iter_mut() {
        member.ready_asked &= talking;
        if let Some(request) = member.intent.used_single() {
            used.push(request);
            continue;
        }
        if *of == queue && auto_ready {
            member.promote();
        }
        member.apply_pending_not_ready();
    }
    for request in used {
        membership::end_single_call(acd, agent, request, out);
    }
}

/// A leg that is no queue's has changed.
pub(crate) fn other_leg(
    acd: &mut Acd,
    agent: AgentId,
    (leg, call): (LegId, CallId),
    state: OtherLeg,
    out: &mut AcdOutbox,
) {
    let answered = match state {
        OtherLeg::Ringing => false,
        OtherLeg::Active => true,
        OtherLeg::Ended => return other_leg_ended(acd, agent, leg, out),
    };
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    // A late "ringing" does not undo an answer.
    let talking = answered || facts.other_legs.get(&leg).is_some_and(|known| known.talking);
    if facts.other_legs.len() >= OTHER_LEGS_MAX && !facts.other_legs.contains_key(&leg) {
        return;
    }
    facts.other_legs.insert(leg, OtherCall { call, talking });
    acd.touch(agent);
    device::seen(acd, agent);
    if talking {
        // She has taken another call while a queue's rang: the caller need not wait for her.
        offer::shed(acd, agent, out);
    }
}

fn other_leg_ended(acd: &mut Acd, agent: AgentId, leg: LegId, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let Some(ended) = facts.other_legs.remove(&leg) else { return };
    let last = ended.talking && facts.talking() == 0;
    acd.touch(agent);
    if !last {
        return;
    }
    device::free(acd, agent);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if facts.wrap_up.is_some() {
        // The clock of an earlier queue call ran on and goes on; what was asked waits for its end.
        facts.memberships.values_mut().for_each(|member| member.ready_asked = false);
        return;
    }
    let (mut asks_wrap_up, mut not_ready) = (Vec::new(), Vec::new());
    for (queue, member) in facts.memberships.iter_mut().filter(|(_, member)| member.logged_in) {
        let Some(line) = acd.lines.get(queue) else { continue };
        if after_direct_call(member, line.rules.auto_ready, line.rules.after_non_acd) {
            asks_wrap_up.push(*queue);
        }
        match member.intent {
            Intent::NotReady(_) => not_ready.push(*queue),
            Intent::Ready | Intent::SingleCall { .. } => {}
        }
    }
    // Who may have several calls can be rung while she talks: not ready ends that too.
    for queue in not_ready {
        offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
    }
    let longest = asks_wrap_up
        .iter()
        .filter_map(|queue| Some(wrap_up::seconds(acd, *queue, acd.member(agent, *queue)?)))
        .max();
    if let Some(seconds) = longest {
        wrap_up::start(acd, agent, seconds, out);
    }
}

/// What one membership does after a direct call; true if it asks for wrap-up (A9, A9b).
fn after_direct_call(member: &mut Member, auto_ready: bool, after: AfterNonAcd) -> bool {
    let asked = std::mem::take(&mut member.ready_asked);
    if member.pending.is_some() {
        member.apply_pending_not_ready();
        return false;
    }
    if auto_ready {
        member.promote();
        return false;
    }
    match &member.intent {
        Intent::NotReady(_) => return false,
        Intent::Ready | Intent::SingleCall { .. } => {}
    }
    if asked {
        return false;
    }
    match after {
        AfterNonAcd::Ready => false,
        AfterNonAcd::NotReady => {
            member.intent = Intent::NotReady(NotReadyReason::AfterNonAcd);
            false
        }
        AfterNonAcd::WrapUp => true,
    }
}
