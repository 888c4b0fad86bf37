//! Memberships: what an agent asked of one of her queues, and what is still to come of it.

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, NotReadyReason, QueueId, Timestamp};

use crate::acd::Acd;
use crate::offer;
use crate::output::{AcdOutbox, AcdOutput, AgentState, OfferOutcome, Pending};
use crate::standing::Kept;
use crate::timer::TimerKind;

/// An agent's place in one queue.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Member {
    /// For `linear`: lower is earlier.
    pub(crate) order: i32,
    /// Which of her queues is served first: lower is earlier.
    pub(crate) queue_priority: i32,
    /// For tiered strategies: lower is earlier.
    pub(crate) tier: u8,
    /// For strategies by skill: higher is better.
    pub(crate) skill_level: u8,
    /// Instead of the queue's own, seconds.
    pub(crate) wrap_up_time: Option<u32>,
    /// A disabled entry takes no calls.
    pub(crate) enabled: bool,
    /// No longer provisioned; ends with her call.
    pub(crate) leaving: bool,
    /// Logged in.
    pub(crate) logged_in: bool,
    /// Since when, if logged in.
    pub(crate) logged_in_at: Timestamp,
    /// What she wants.
    pub(crate) intent: Intent,
    /// What happens when her call ends.
    pub(crate) pending: Option<Pending>,
    /// She asked for ready during the call she is on: what follows a direct call does not undo it.
    pub(crate) ready_asked: bool,
    /// Her device was lost since she logged in.
    pub(crate) dropped: bool,
    /// Offers missed in a row.
    pub(crate) consecutive_missed: u32,
    /// Queue calls answered.
    pub(crate) answered: u64,
    /// Of them since midnight in the domain's zone (A23).
    pub(crate) answered_today: u32,
    /// Offers that rang out.
    pub(crate) missed: u64,
    /// When this queue last rang her, whatever came of it (A24).
    pub(crate) last_rung: Option<Timestamp>,
    /// How she stands with the queue.
    pub(crate) kept: Kept,
    /// What the world was last told of her.
    pub(crate) shown: Option<Shown>,
}

/// What an agent wants in one queue.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Intent {
    /// Calls.
    Ready,
    /// No calls.
    NotReady(NotReadyReason),
    /// One call. It is the same one in every queue of the same request (A17).
    SingleCall {
        /// Which request asked for it.
        request: u64,
        /// She has it: nothing more is offered, and the end of that call is the end of the login.
        used: bool,
    },
}

/// What the world was last told of one membership.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Shown {
    /// The state.
    pub(crate) state: AgentState,
    /// When it began.
    pub(crate) since: Timestamp,
    /// Whether she would be given a call.
    pub(crate) available: bool,
    /// What happens when her call ends.
    pub(crate) pending: Option<Pending>,
}

impl Intent {
    /// Whether this is the one call of that request.
    pub(crate) fn is_single(&self, of: u64) -> bool {
        match self {
            Self::SingleCall { request, .. } => *request == of,
            Self::Ready | Self::NotReady(_) => false,
        }
    }

    /// The request of a single call she already has.
    pub(crate) const fn used_single(&self) -> Option<u64> {
        match self {
            Self::SingleCall { request, used: true } => Some(*request),
            Self::SingleCall { .. } | Self::Ready | Self::NotReady(_) => None,
        }
    }
}

impl Member {
    /// A logged-out member.
    pub(crate) const fn new() -> Self {
        Self {
            order: 0,
            queue_priority: 0,
            tier: 1,
            skill_level: 1,
            wrap_up_time: None,
            enabled: true,
            leaving: false,
            logged_in: false,
            logged_in_at: Timestamp::ZERO,
            intent: Intent::NotReady(NotReadyReason::Login),
            pending: None,
            ready_asked: false,
            dropped: false,
            consecutive_missed: 0,
            answered: 0,
            answered_today: 0,
            missed: 0,
            last_rung: None,
            kept: Kept::new(),
            shown: None,
        }
    }

    /// Starts a login with this intent.
    pub(crate) fn log_in(&mut self, intent: Intent, now: Timestamp) {
        self.logged_in = true;
        self.logged_in_at = now;
        self.intent = intent;
        self.pending = None;
        self.ready_asked = false;
        self.dropped = false;
        self.consecutive_missed = 0;
    }

    /// Undoes a not-ready that the system set; her own survives (A9b), and the end of her hours does.
    pub(crate) fn promote(&mut self) {
        match &self.intent {
            Intent::NotReady(reason) if reason.is_system() && *reason != NotReadyReason::Hours => {
                self.intent = Intent::Ready
            }
            Intent::NotReady(_) | Intent::Ready | Intent::SingleCall { .. } => {}
        }
    }

    /// Makes a pending not-ready her intent. A pending logout is not hers to apply: see [`log_out`].
    pub(crate) fn apply_pending_not_ready(&mut self) {
        match self.pending.take() {
            Some(Pending::NotReady(reason)) => self.intent = Intent::NotReady(reason),
            other => self.pending = other,
        }
    }
}

/// Logs an agent out of one queue at once: what rings her there stops, what was pending is forgotten.
pub(crate) fn log_out(acd: &mut Acd, agent: AgentId, queue: QueueId, out: &mut AcdOutbox) {
    if !broken!(LoggedOutRingsOn) {
        offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
    }
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let Some(member) = facts.memberships.get_mut(&queue) else { return };
    if !member.logged_in {
        return;
    }
    member.logged_in = false;
    member.intent = Intent::NotReady(NotReadyReason::Login);
    member.pending = None;
    member.ready_asked = false;
    member.dropped = false;
    member.consecutive_missed = 0;
    if !facts.is_logged_in() {
        facts.wrap_up = None;
        facts.delayed = false;
        acd.timers.stop(TimerKind::WrapUpEnds(agent));
        acd.timers.stop(TimerKind::DelayEnds(agent));
        acd.timers.stop(TimerKind::GraceEnds(agent));
    }
    acd.touch(agent);
}

/// Logs an agent out of one queue, after her call if she talks on one of that queue.
pub(crate) fn log_out_after_call(acd: &mut Acd, agent: AgentId, queue: QueueId, out: &mut AcdOutbox) {
    if acd.agents.get(&agent).is_some_and(|facts| facts.serves(queue)) {
        offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
        if let Some(member) = acd.member_mut(agent, queue)
            && member.logged_in
        {
            member.pending = Some(Pending::Logout);
            acd.touch(agent);
        }
    } else {
        log_out(acd, agent, queue, out);
    }
}

/// The one call of a request is over, or was missed: logged out of every queue of that request (A16, A17).
pub(crate) fn end_single_call(acd: &mut Acd, agent: AgentId, request: u64, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get(&agent) else { return };
    let queues: Vec<QueueId> =
        facts.memberships.iter().filter(|(_, m)| m.intent.is_single(request)).map(|(q, _)| *q).collect();
    for queue in queues {
        log_out_after_call(acd, agent, queue, out);
    }
}

/// Ends a membership that is no longer provisioned: after the call if she talks on one of that queue, else now.
pub(crate) fn remove(acd: &mut Acd, agent: AgentId, queue: QueueId, out: &mut AcdOutbox) {
    offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let talks = facts.serves(queue);
    let Some(member) = facts.memberships.get_mut(&queue) else { return };
    if talks {
        member.leaving = true;
        acd.touch(agent);
        return;
    }
    log_out(acd, agent, queue, out);
    let gone = acd.agents.get_mut(&agent).and_then(|facts| facts.memberships.remove(&queue));
    if let (Some(line), Some(gone)) = (acd.lines.get_mut(&queue), gone) {
        let standing_of =
            |other: &AgentId| Some(acd.agents.get(other)?.memberships.get(&queue)?.kept.standing);
        line.part(agent, &gone.kept, standing_of);
    }
    acd.step.dirty.insert(queue);
    acd.touch(agent);
    out.push(AcdOutput::AgentRemoved { agent, queue });
}
