//! What agents were doing, in a form that outlives a change of the program's own.
//!
//! **Frozen.** The bytes of these types lie on disks: another version of the program reads them. What is to change
//! becomes a new type beside the old one, and whoever writes it a new version.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, NotReadyReason, QueueId, Timestamp};

use crate::acd::Acd;
use crate::membership::{Intent, Member, Shown};
use crate::output::{AcdOutbox, Pending};
use crate::timer::TimerKind;
use crate::wrap_up::WrapUp;

/// One agent, on no call.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedAgent {
    /// Who.
    pub agent: AgentId,
    /// Her phone was there: it counts as there until it is heard of again.
    pub awaited: bool,
    /// In wrap-up, and until when; without end if that is none.
    pub wrap_up: Option<Option<Timestamp>>,
    /// Until when she is offered nothing after a missed call.
    pub delayed_until: Option<Timestamp>,
    /// When her login ends because her phone is gone.
    pub grace_until: Option<Timestamp>,
    /// When her last queue call ended.
    pub last_call_end: Option<Timestamp>,
    /// Her queues.
    pub memberships: Vec<HandedMembership>,
}

/// One agent in one queue.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedMembership {
    /// The queue.
    pub queue: QueueId,
    /// Since when she is logged in; none if she is not.
    pub logged_in_at: Option<Timestamp>,
    /// What she wants.
    pub wants: Wants,
    /// She is to be logged out (`Some(None)`), or not ready for this reason, once her work after the call is over.
    pub pending: Option<Option<Reason>>,
    /// She asked for ready during the call she was on.
    pub ready_asked: bool,
    /// Her device was lost since she logged in.
    pub dropped: bool,
    /// Offers missed in a row.
    pub consecutive_missed: u32,
    /// Queue calls answered.
    pub answered: u64,
    /// Of them since midnight.
    pub answered_today: u32,
    /// Offers that rang out.
    pub missed: u64,
    /// When this queue last rang her.
    pub last_rung: Option<Timestamp>,
    /// Since when she does what she does.
    pub since: Timestamp,
}

/// What an agent wants.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Wants {
    /// Calls.
    Ready,
    /// No calls.
    NotReady(Reason),
    /// One call, and whether she has had it.
    SingleCall(u64, bool),
}

/// Why an agent is not ready.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Reason {
    /// She chose it.
    Chosen(String),
    /// It was set, and is one of those that have a word ([`NotReadyReason::as_str`]).
    Set(String),
}

impl Reason {
    fn of(reason: &NotReadyReason) -> Self {
        match reason {
            NotReadyReason::Chosen(text) => Self::Chosen(text.clone()),
            NotReadyReason::Login
            | NotReadyReason::Rna
            | NotReadyReason::Declined
            | NotReadyReason::DeviceDown
            | NotReadyReason::AfterNonAcd
            | NotReadyReason::Hours
            | NotReadyReason::Supervisor => Self::Set(reason.as_str().to_owned()),
        }
    }

    /// A word that this version does not know is kept as if she had chosen it: nothing undoes that but herself.
    fn read(&self) -> NotReadyReason {
        let word = match self {
            Self::Chosen(text) => return NotReadyReason::chosen(text),
            Self::Set(word) => word,
        };
        let known = [
            NotReadyReason::Login,
            NotReadyReason::Rna,
            NotReadyReason::Declined,
            NotReadyReason::DeviceDown,
            NotReadyReason::AfterNonAcd,
            NotReadyReason::Hours,
            NotReadyReason::Supervisor,
        ];
        let found = known.into_iter().find(|reason| reason.as_str() == word);
        found.unwrap_or_else(|| NotReadyReason::chosen(word))
    }
}

impl Acd {
    /// What agents do. Calls and what belongs to them are not in it: they end before.
    #[must_use]
    pub fn hand_over(&self) -> Vec<HandedAgent> {
        let of = |(id, facts): (&AgentId, &crate::agent::Agent)| HandedAgent {
            agent: *id,
            awaited: facts.is_there(),
            wrap_up: facts.wrap_up.map(|wrap_up| wrap_up.until),
            delayed_until: self.timers.at(TimerKind::DelayEnds(*id)),
            grace_until: self.timers.at(TimerKind::GraceEnds(*id)),
            last_call_end: facts.last_call_end,
            memberships: facts.memberships.iter().map(|(queue, member)| handed(*queue, member)).collect(),
        };
        self.agents.iter().filter(|(_, facts)| !facts.deleted).map(of).collect()
    }

    /// Makes agents do what they did, as far as they are provisioned as they were; for an ACD whose agents have done
    /// nothing yet. Nothing of it is told: it is nothing new.
    pub fn take_over(&mut self, handed: &[HandedAgent], now: Timestamp, out: &mut AcdOutbox) {
        self.begin(now, out);
        handed.iter().for_each(|agent| take(self, agent));
        self.finish(out);
    }
}

fn handed(queue: QueueId, member: &Member) -> HandedMembership {
    HandedMembership {
        queue,
        logged_in_at: member.logged_in.then_some(member.logged_in_at),
        wants: match &member.intent {
            Intent::Ready => Wants::Ready,
            Intent::NotReady(reason) => Wants::NotReady(Reason::of(reason)),
            Intent::SingleCall { request, used } => Wants::SingleCall(*request, *used),
        },
        pending: member.pending.as_ref().map(|pending| match pending {
            Pending::Logout => None,
            Pending::NotReady(reason) => Some(Reason::of(reason)),
        }),
        ready_asked: member.ready_asked,
        dropped: member.dropped,
        consecutive_missed: member.consecutive_missed,
        answered: member.answered,
        answered_today: member.answered_today,
        missed: member.missed,
        last_rung: member.last_rung,
        since: member.shown.as_ref().map_or(Timestamp::ZERO, |shown| shown.since),
    }
}

fn take(acd: &mut Acd, handed: &HandedAgent) {
    let id = handed.agent;
    let Some(facts) = acd.agents.get_mut(&id) else { return };
    let may_log_in = facts.active && facts.has_extension;
    facts.awaited = handed.awaited;
    facts.last_call_end = handed.last_call_end;
    for of in &handed.memberships {
        let Some(member) = facts.memberships.get_mut(&of.queue) else { continue };
        (member.answered, member.answered_today, member.missed) = (of.answered, of.answered_today, of.missed);
        member.last_rung = of.last_rung;
        if let (true, Some(at)) = (may_log_in, of.logged_in_at) {
            (member.logged_in, member.logged_in_at) = (true, at);
            (member.ready_asked, member.dropped) = (of.ready_asked, of.dropped);
            member.consecutive_missed = of.consecutive_missed;
            member.pending = of.pending.as_ref().map(|reason| match reason {
                None => Pending::Logout,
                Some(reason) => Pending::NotReady(reason.read()),
            });
            member.intent = match &of.wants {
                Wants::Ready => Intent::Ready,
                Wants::NotReady(reason) => Intent::NotReady(reason.read()),
                Wants::SingleCall(request, used) => Intent::SingleCall { request: *request, used: *used },
            };
        }
    }
    if facts.is_logged_in() {
        facts.wrap_up = handed.wrap_up.map(|until| WrapUp { until });
        facts.delayed = handed.delayed_until.is_some();
        let clocks = [
            (TimerKind::WrapUpEnds(id), handed.wrap_up.flatten()),
            (TimerKind::DelayEnds(id), handed.delayed_until),
            (TimerKind::GraceEnds(id), handed.grace_until.filter(|_| !handed.awaited)),
        ];
        for (timer, at) in clocks {
            if let Some(at) = at {
                acd.timers.set(timer, at);
            }
        }
    }
    for of in &handed.memberships {
        if let Wants::SingleCall(request, _) = of.wants {
            acd.next_request = acd.next_request.max(request.saturating_add(1));
        }
        let Some(member) = facts.memberships.get(&of.queue) else { continue };
        let (state, since, pending) = (facts.state(of.queue, member), of.since, member.pending.clone());
        if let Some(member) = facts.memberships.get_mut(&of.queue) {
            member.shown = Some(Shown { state, since, available: false, pending });
        }
    }
    acd.touch(id);
}
