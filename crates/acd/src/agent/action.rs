//! What an agent, or somebody for her, asked for: login, ready, not ready, one call, wrap-up, logout.

use model::{AgentId, NotReadyReason, QueueId};

use crate::acd::Acd;
use crate::agent::{Agent, device};
use crate::input::{AgentAction, Scope};
use crate::membership::{self, Intent, Member};
use crate::output::{
    AcdOutbox, AgentState, MembershipResult, MembershipState, OfferOutcome, Pending, Refusal,
};
use crate::timer::TimerKind;
use crate::{offer, wrap_up};

/// A membership an action was meant for, and why it is refused there, if it is.
pub(crate) type Verdict = (QueueId, Option<Refusal>);

/// Which memberships `scope` means, and which of them refuse.
pub(crate) fn judge(acd: &Acd, agent: AgentId, scope: Scope, action: &AgentAction) -> Vec<Verdict> {
    let facts = acd.agents.get(&agent);
    match scope {
        Scope::Queue(queue) => {
            let found = facts.and_then(|facts| {
                let member = facts.memberships.get(&queue).filter(|member| !member.leaving)?;
                Some((queue, refusal(facts, queue, member, action)))
            });
            vec![found.unwrap_or((queue, Some(Refusal::NotAMember)))]
        }
        Scope::All => {
            let Some(facts) = facts else { return Vec::new() };
            let mut verdicts: Vec<Verdict> = facts
                .memberships
                .iter()
                .filter(|(_, member)| !member.leaving)
                .map(|(queue, member)| (*queue, refusal(facts, *queue, member, action)))
                .collect();
            // Without a queue, the codes skip those she is not logged in to, unless that leaves nothing (A2).
            let out_of = |verdict: &Verdict| verdict.1 == Some(Refusal::NotLoggedIn);
            if !verdicts.iter().all(out_of) {
                verdicts.retain(|verdict| !out_of(verdict));
            }
            verdicts
        }
    }
}

/// Why an action is refused in one queue, if it is.
fn refusal(facts: &Agent, queue: QueueId, member: &Member, action: &AgentAction) -> Option<Refusal> {
    let wants_calls = match action {
        AgentAction::Logout => return None,
        AgentAction::Login | AgentAction::Ready | AgentAction::SingleCall => true,
        AgentAction::NotReady(_) | AgentAction::WrapUp | AgentAction::MoreTime(_) => false,
    };
    if !facts.active {
        return Some(Refusal::NotActive);
    }
    if !facts.has_extension {
        return Some(Refusal::NoExtension);
    }
    let needs_login = match action {
        AgentAction::Ready | AgentAction::NotReady(_) | AgentAction::WrapUp | AgentAction::MoreTime(_) => {
            true
        }
        AgentAction::Login | AgentAction::SingleCall | AgentAction::Logout => false,
    };
    if needs_login && !member.logged_in {
        return Some(Refusal::NotLoggedIn);
    }
    if wants_calls && !member.enabled {
        return Some(Refusal::EntryDisabled);
    }
    match action {
        AgentAction::Login
        | AgentAction::SingleCall
        | AgentAction::Logout
        | AgentAction::Ready
        | AgentAction::NotReady(_) => None,
        AgentAction::WrapUp => match facts.state(queue, member) {
            AgentState::NotReady { .. } | AgentState::Ready | AgentState::WrapUp { .. } => None,
            AgentState::Offline
            | AgentState::LoggedOut
            | AgentState::Ringing { .. }
            | AgentState::QueueCall { .. }
            | AgentState::OtherCall { .. } => Some(Refusal::WrongState),
        },
        // A direct call may cover the wrap-up; its clock runs all the same.
        AgentAction::MoreTime(_) => facts.wrap_up.is_none().then_some(Refusal::WrongState),
    }
}

/// Carries the action out in the queues that do not refuse it.
pub(crate) fn apply(
    acd: &mut Acd,
    agent: AgentId,
    verdicts: &[Verdict],
    action: &AgentAction,
    out: &mut AcdOutbox,
) {
    let queues: Vec<QueueId> = verdicts.iter().filter(|v| v.1.is_none()).map(|v| v.0).collect();
    if queues.is_empty() {
        return;
    }
    acd.touch(agent);
    match action {
        AgentAction::Login => log_in(acd, agent, &queues),
        AgentAction::Logout => log_out(acd, agent, &queues, out),
        AgentAction::Ready => ready(acd, agent, &queues, out),
        AgentAction::NotReady(reason) => not_ready(acd, agent, &queues, reason, out),
        AgentAction::SingleCall => single_call(acd, agent, &queues, out),
        AgentAction::WrapUp => wrap_up(acd, agent, &queues, out),
        AgentAction::MoreTime(seconds) => wrap_up::extend(acd, agent, *seconds),
    }
    // The end of an offer may have derived her availability half way through.
    acd.touch(agent);
}

/// What to answer, once the step is over.
pub(crate) fn results(
    acd: &Acd,
    agent: AgentId,
    verdicts: Vec<Verdict>,
    action: &AgentAction,
) -> Vec<MembershipResult> {
    let facts = acd.agents.get(&agent);
    let now = |queue: QueueId| {
        let facts = facts?;
        let member = facts.memberships.get(&queue)?;
        Some(MembershipState { state: facts.state(queue, member), pending: member.pending.clone() })
    };
    verdicts
        .into_iter()
        .map(|(queue, refused)| {
            let result = match refused {
                Some(why) => Err(why),
                None => now(queue).ok_or(Refusal::NotAMember),
            };
            MembershipResult { queue, action: action.clone(), result }
        })
        .collect()
}

/// `*38`: ready where the queue says so, else not ready; nothing where she is in already (A18).
fn log_in(acd: &mut Acd, agent: AgentId, queues: &[QueueId]) {
    device::seen(acd, agent);
    let now = acd.now;
    for queue in queues {
        let auto_ready = acd.lines.get(queue).is_some_and(|line| line.rules.auto_ready);
        let intent = if auto_ready { Intent::Ready } else { Intent::NotReady(NotReadyReason::Login) };
        if let Some(member) = acd.member_mut(agent, *queue).filter(|member| !member.logged_in) {
            member.log_in(intent, now);
        }
    }
}

/// `*39`: at once, but after the call where she talks on one of that queue.
fn log_out(acd: &mut Acd, agent: AgentId, queues: &[QueueId], out: &mut AcdOutbox) {
    let was_in = |acd: &Acd, queue: &QueueId| acd.member(agent, *queue).is_some_and(|m| m.logged_in);
    let acted = queues.iter().any(|queue| was_in(acd, queue));
    for queue in queues {
        membership::log_out_after_call(acd, agent, *queue, out);
    }
    if acted {
        wrap_up::end(acd, agent, out);
    }
}

/// `*36`: clears reason, pending, misses, a delay and wrap-up.
fn ready(acd: &mut Acd, agent: AgentId, queues: &[QueueId], out: &mut AcdOutbox) {
    device::seen(acd, agent);
    let talking = acd.agents.get(&agent).is_some_and(|facts| facts.talking() > 0);
    for queue in queues {
        if let Some(member) = acd.member_mut(agent, *queue) {
            member.intent = Intent::Ready;
            member.pending = None;
            member.ready_asked = talking;
            member.dropped = false;
            member.consecutive_missed = 0;
        }
    }
    end_delay(acd, agent);
    wrap_up::end(acd, agent, out);
}

/// `*37`: at once, or when her call ends. An offer of that queue which rings her goes to somebody else.
fn not_ready(
    acd: &mut Acd,
    agent: AgentId,
    queues: &[QueueId],
    reason: &NotReadyReason,
    out: &mut AcdOutbox,
) {
    let talking = acd.agents.get(&agent).is_some_and(|facts| facts.talking() > 0);
    for queue in queues {
        if let Some(member) = acd.member_mut(agent, *queue) {
            member.ready_asked = false;
            if talking {
                member.pending = Some(Pending::NotReady(reason.clone()));
            } else {
                member.intent = Intent::NotReady(reason.clone());
                member.pending = None;
            }
        }
    }
    // Only then: what ends may look at all she has said.
    for queue in queues {
        offer::withdraw(acd, agent, Some(*queue), OfferOutcome::AgentLeft, out);
    }
    wrap_up::end(acd, agent, out);
}

/// One call, then logged out. Asked during a call of one of these queues, that call is the one.
fn single_call(acd: &mut Acd, agent: AgentId, queues: &[QueueId], out: &mut AcdOutbox) {
    device::seen(acd, agent);
    acd.next_request += 1;
    let (request, now) = (acd.next_request, acd.now);
    let used = acd.agents.get(&agent).is_some_and(|facts| queues.iter().any(|queue| facts.serves(*queue)));
    for queue in queues {
        if let Some(member) = acd.member_mut(agent, *queue) {
            let intent = Intent::SingleCall { request, used };
            if member.logged_in {
                member.intent = intent;
                member.pending = None;
                member.ready_asked = true;
                member.dropped = false;
                member.consecutive_missed = 0;
            } else {
                member.log_in(intent, now);
            }
        }
    }
    end_delay(acd, agent);
    wrap_up::end(acd, agent, out);
}

/// Wrap-up by request: the longest of these queues' times, without end if none has one.
fn wrap_up(acd: &mut Acd, agent: AgentId, queues: &[QueueId], out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get(&agent) else { return };
    if facts.wrap_up.is_some() {
        return;
    }
    let seconds = queues
        .iter()
        .filter_map(|queue| Some(wrap_up::seconds(acd, *queue, facts.memberships.get(queue)?)))
        .max();
    wrap_up::start(acd, agent, seconds.unwrap_or(0), out);
}

/// She has shown that she is there: a miss or a busy phone no longer counts.
fn end_delay(acd: &mut Acd, agent: AgentId) {
    if let Some(facts) = acd.agents.get_mut(&agent) {
        facts.delayed = false;
        acd.timers.stop(TimerKind::DelayEnds(agent));
    }
}
