//! Agents: the facts that all of an agent's queues share, and what follows from them.
//!
//! The state of a membership is derived, first match (domain 3.4): nothing but these facts decides it. What
//! changes them is below: [`action`] (somebody asked), [`call_end`] (a leg began or ended), [`device`] (the
//! phone came or went), [`dnd`] (she is not to be disturbed), [`hours`] (her working hours began or ended), [`missed`] (an offer was not taken).

pub(crate) mod action;
pub(crate) mod call_end;
pub(crate) mod device;
pub(crate) mod dnd;
pub(crate) mod hours;
pub(crate) mod missed;

use borsh::{BorshDeserialize, BorshSerialize};

use model::{AgentId, CallId, LegId, OfferId, QueueId, Timestamp};

use crate::few::Few;
use crate::membership::{Intent, Member};
use crate::output::AgentState;
use crate::short::Short;
use crate::table::Table;
use crate::wrap_up::WrapUp;

/// Most legs that are no queue's the ACD counts for one agent; what is beyond changes nothing for dispatch.
pub(crate) const OTHER_LEGS_MAX: usize = 256;

/// One agent as the ACD sees her.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Agent {
    /// May take calls: not invited, not disabled.
    pub(crate) active: bool,
    /// Has an extension.
    pub(crate) has_extension: bool,
    /// Do not disturb.
    pub(crate) dnd: bool,
    /// Do not disturb as it is provisioned: a change of it holds, whatever she set before.
    pub(crate) dnd_provisioned: bool,
    /// What she knows, as a number (`skills`).
    pub(crate) profile: u32,
    /// Most calls at a time, at least 1.
    pub(crate) max_calls: usize,
    /// No longer provisioned; kept while she still talks.
    pub(crate) deleted: bool,
    /// At least one device is registered.
    pub(crate) registered: bool,
    /// The process that knew her device has ended: for what she does and for callers it counts as there until it is
    /// heard of again, for offers it does not.
    pub(crate) awaited: bool,
    /// Registered, but the last offer could not reach any device.
    pub(crate) suspect: bool,
    /// Queue calls she talks on, oldest first.
    pub(crate) queue_legs: Short<QueueLeg>,
    /// Her other legs.
    pub(crate) other_legs: Few<LegId, OtherCall>,
    /// Offers that ring her, oldest first.
    pub(crate) rings: Short<Ring>,
    /// The wrap-up clock, one for all her queues (A8).
    pub(crate) wrap_up: Option<WrapUp>,
    /// She missed a call, or her phone was busy, a moment ago.
    pub(crate) delayed: bool,
    /// When her last queue call ended; no missed, declined or direct call moves it.
    pub(crate) last_call_end: Option<Timestamp>,
    /// Her queues.
    pub(crate) memberships: Few<QueueId, Member>,
}

/// A queue call she talks on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct QueueLeg {
    /// The queue it came from.
    pub(crate) queue: QueueId,
    /// The call.
    pub(crate) call: CallId,
    /// Since when.
    pub(crate) since: Timestamp,
    /// She chose it, so she need not be a member of the queue.
    pub(crate) picked_up: bool,
}

/// A leg that is no queue's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct OtherCall {
    /// The call.
    pub(crate) call: CallId,
    /// She talks on it; else it rings her.
    pub(crate) talking: bool,
}

/// An offer that rings her.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Ring {
    /// The offer.
    pub(crate) offer: OfferId,
    /// The queue whose call it is.
    pub(crate) queue: QueueId,
}

/// All agents by id.
pub(crate) type Agents = Table<AgentId, Agent>;

impl Agent {
    /// Whether an offer can reach her.
    pub(crate) const fn reachable(&self) -> bool {
        self.registered && !self.suspect
    }

    /// Whether she has a phone as far as anybody knows.
    pub(crate) const fn is_there(&self) -> bool {
        self.reachable() || self.awaited
    }

    /// How many calls she talks on, of any kind (A5).
    pub(crate) fn talking(&self) -> usize {
        self.queue_legs.len() + self.other_legs.values().filter(|leg| leg.talking).count()
    }

    /// How many calls ring her, of any kind.
    pub(crate) fn ringing(&self) -> usize {
        self.rings.len() + self.other_legs.values().filter(|leg| !leg.talking).count()
    }

    /// Whether she talks on a call of this queue.
    pub(crate) fn serves(&self, queue: QueueId) -> bool {
        self.queue_legs.iter().any(|leg| leg.queue == queue)
    }

    /// Whether she is logged in to any queue.
    pub(crate) fn is_logged_in(&self) -> bool {
        self.memberships.values().any(|member| member.logged_in)
    }

    /// Whether callers of this queue may count on her (A19): logged in and reachable. A phone that failed one
    /// offer but is still registered counts until its grace has passed.
    pub(crate) fn staffs(&self, member: &Member) -> bool {
        self.active
            && member.logged_in
            && member.enabled
            && !member.leaving
            && (self.registered || self.awaited || self.talking() > 0)
    }

    /// Whether one of the offers that ring her would use up the one call of this request (A17).
    pub(crate) fn rings_for(&self, request: u64) -> bool {
        self.rings.iter().any(|ring| {
            self.memberships.get(&ring.queue).is_some_and(|member| member.intent.is_single(request))
        })
    }

    /// What she does as one of her queues sees it: the first match of domain 3.4.
    pub(crate) fn state(&self, queue: QueueId, member: &Member) -> AgentState {
        if !member.logged_in {
            return if self.is_there() { AgentState::LoggedOut } else { AgentState::Offline };
        }
        if let Some(leg) = self.queue_legs.iter().find(|leg| leg.queue == queue) {
            return AgentState::QueueCall { call: leg.call };
        }
        if let Some(leg) = self.queue_legs.first() {
            return AgentState::OtherCall { call: leg.call };
        }
        if let Some(leg) = self.other_legs.values().find(|leg| leg.talking) {
            return AgentState::OtherCall { call: leg.call };
        }
        if let Some(ring) = self.rings.first() {
            return AgentState::Ringing { offer: ring.offer };
        }
        if let Some(wrap_up) = self.wrap_up {
            return AgentState::WrapUp { until: wrap_up.until };
        }
        if !self.is_there() {
            return AgentState::Offline;
        }
        match &member.intent {
            Intent::NotReady(reason) => AgentState::NotReady { reason: reason.clone() },
            Intent::Ready | Intent::SingleCall { .. } => AgentState::Ready,
        }
    }

    /// Since when she has been without a call, as this queue counts it (A24): from the end of her last queue
    /// call, or from her login if that was later. On a queue call she is not idle at all.
    pub(crate) fn idle_since(&self, member: &Member) -> Option<Timestamp> {
        let login = member.logged_in_at;
        self.queue_legs.is_empty().then(|| self.last_call_end.map_or(login, |end| end.max(login)))
    }
}
