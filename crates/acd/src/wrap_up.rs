//! Wrap-up: one clock for an agent, which blocks all her queues (A8).

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::time::Duration;

use model::{AgentId, QueueId, Timestamp};

use crate::acd::Acd;
use crate::membership::{self, Member};
use crate::offer;
use crate::output::{AcdOutbox, OfferOutcome};
use crate::timer::TimerKind;

/// The longest wrap-up of a queue, seconds (`wrap_up_time`).
const LONGEST: u32 = 3_600;

/// A running wrap-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct WrapUp {
    /// When it ends by itself; never if none.
    pub(crate) until: Option<Timestamp>,
}

/// How long the wrap-up of a membership is, seconds: its own time, else the queue's; 0 is none.
pub(crate) fn seconds(acd: &Acd, queue: QueueId, member: &Member) -> u32 {
    let of_queue = acd.lines.get(&queue).map_or(0, |line| line.rules.wrap_up_time);
    member.wrap_up_time.unwrap_or(of_queue)
}

/// Starts the clock, or sets it anew; without end if `seconds` is 0. Nobody is rung while it runs.
pub(crate) fn start(acd: &mut Acd, agent: AgentId, seconds: u32, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if !facts.is_logged_in() {
        return;
    }
    let timer = TimerKind::WrapUpEnds(agent);
    let seconds = if broken!(WrapUpEndsEarly) { seconds.div_ceil(2) } else { seconds };
    let until = (seconds > 0).then(|| acd.now.after(Duration::from_secs(seconds.into())));
    facts.wrap_up = Some(WrapUp { until });
    match until {
        Some(at) => acd.timers.set(timer, at),
        None => acd.timers.stop(timer),
    }
    acd.touch(agent);
    offer::withdraw(acd, agent, None, OfferOutcome::AgentLeft, out);
}

/// Puts the end of a running clock off; without an end it stays so. Never further from now than the longest wrap-up
/// that a queue can have: whoever works longer on it is not ready, and is to be seen so.
pub(crate) fn extend(acd: &mut Acd, agent: AgentId, seconds: u32) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let Some(WrapUp { until: Some(until) }) = facts.wrap_up else { return };
    let latest = acd.now.after(Duration::from_secs(LONGEST.into()));
    let later = until.after(Duration::from_secs(seconds.into())).min(latest.max(until));
    facts.wrap_up = Some(WrapUp { until: Some(later) });
    acd.timers.set(TimerKind::WrapUpEnds(agent), later);
    acd.touch(agent);
}

/// Ends the clock, because it ran down or because the agent acted: everywhere at once. A not-ready asked during
/// the call comes into force, then a used single call ends the login.
pub(crate) fn end(acd: &mut Acd, agent: AgentId, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if facts.wrap_up.take().is_none() {
        return;
    }
    acd.timers.stop(TimerKind::WrapUpEnds(agent));
    let mut used = Vec::new();
    for member in facts.memberships.values_mut().filter(|_| !broken!(PendingForgottenInWrapUp)) {
        member.apply_pending_not_ready();
        used.extend(member.intent.used_single());
    }
    acd.touch(agent);
    for request in used {
        membership::end_single_call(acd, agent, request, out);
    }
}
