//! Offers an agent did not take: rang out, declined, busy. What the queue's policy makes of it.

use crate::broken;
use std::time::Duration;

use model::{AgentId, NotReadyReason, Queue, QueueId, RnaAction, RnaScope};

use crate::acd::Acd;
use crate::agent::device;
use crate::input::OfferFailure;
use crate::membership::{self, Intent};
use crate::offer;
use crate::output::{AcdOutbox, OfferOutcome};
use crate::timer::TimerKind;

/// An offer of this queue rang out.
pub(crate) fn rang_out(acd: &mut Acd, agent: AgentId, queue: QueueId, out: &mut AcdOutbox) {
    if let Some(member) = acd.member_mut(agent, queue) {
        member.missed += if broken!(MissCountedTwice) { 2 } else { 1 };
    }
    delay(acd, agent, queue, |rules| rules.retry_delay);
    if !ended_single_call(acd, agent, queue, out) {
        policy(acd, agent, queue, &NotReadyReason::Rna, out);
    }
}

/// An offer of this queue failed before its time was up.
pub(crate) fn failed(acd: &mut Acd, agent: AgentId, queue: QueueId, why: OfferFailure, out: &mut AcdOutbox) {
    match why {
        OfferFailure::Declined => {
            delay(acd, agent, queue, |rules| rules.decline_delay);
            let counts = acd.lines.get(&queue).is_some_and(|line| line.rules.decline_is_rna);
            if !ended_single_call(acd, agent, queue, out) && counts {
                policy(acd, agent, queue, &NotReadyReason::Declined, out);
            }
        }
        OfferFailure::NoAnswer => rang_out(acd, agent, queue, out),
        OfferFailure::Busy => delay(acd, agent, queue, |rules| rules.busy_delay),
        OfferFailure::Unreachable => device::unreachable(acd, agent, out),
    }
}

/// A missed or declined call uses up the one call (A16), in all queues of that request.
fn ended_single_call(acd: &mut Acd, agent: AgentId, queue: QueueId, out: &mut AcdOutbox) -> bool {
    let Some(Intent::SingleCall { request, .. }) = acd.member(agent, queue).map(|member| &member.intent)
    else {
        return false;
    };
    let request = *request;
    membership::end_single_call(acd, agent, request, out);
    true
}

/// The queue's policy for missed calls (A12), once enough were missed in a row.
fn policy(acd: &mut Acd, agent: AgentId, queue: QueueId, reason: &NotReadyReason, out: &mut AcdOutbox) {
    let Some(policy) = acd.lines.get(&queue).map(|line| line.rules.rna_policy()) else { return };
    let Some(member) = acd.member_mut(agent, queue) else { return };
    member.consecutive_missed = member.consecutive_missed.saturating_add(1);
    if member.consecutive_missed < policy.after_n || broken!(PolicyForgotten) {
        return;
    }
    let queues: Vec<QueueId> = match policy.scope {
        RnaScope::Queue => vec![queue],
        RnaScope::All => acd.agents.get(&agent).map_or_else(Vec::new, |facts| {
            facts.memberships.iter().filter(|(_, m)| m.logged_in).map(|(queue, _)| *queue).collect()
        }),
    };
    for queue in queues {
        match policy.action {
            RnaAction::Stay => {}
            RnaAction::Logout => membership::log_out_after_call(acd, agent, queue, out),
            RnaAction::NotReady => not_ready(acd, agent, queue, reason, out),
        }
    }
    acd.touch(agent);
}

/// Makes her not ready in one queue; what else of it rings her, if she may have several calls, is withdrawn.
fn not_ready(acd: &mut Acd, agent: AgentId, queue: QueueId, reason: &NotReadyReason, out: &mut AcdOutbox) {
    let Some(member) = acd.member_mut(agent, queue) else { return };
    match member.intent {
        Intent::Ready | Intent::SingleCall { .. } => member.intent = Intent::NotReady(reason.clone()),
        Intent::NotReady(_) => {}
    }
    offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
}

/// No offers for her, of any queue, until so many seconds of this queue's have passed. A longer delay that runs
/// already stands.
fn delay(acd: &mut Acd, agent: AgentId, queue: QueueId, seconds: impl Fn(&Queue) -> u32) {
    let seconds = acd.lines.get(&queue).map_or(0, |line| seconds(&line.rules));
    let length = Duration::from_secs(seconds.into());
    let until = acd.now.after(length);
    let timer = TimerKind::DelayEnds(agent);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    // Who is logged in nowhere was rung because she asked for it, and is offered nothing else.
    let moot = length.is_zero() || !facts.is_logged_in();
    if broken!(DelayForgotten) || moot || acd.timers.at(timer).is_some_and(|at| at > until) {
        return;
    }
    facts.delayed = true;
    acd.timers.set(timer, until);
    acd.touch(agent);
}

/// The delay is over.
pub(crate) fn delay_ended(acd: &mut Acd, agent: AgentId) {
    if let Some(facts) = acd.agents.get_mut(&agent) {
        facts.delayed = false;
        acd.touch(agent);
    }
}
