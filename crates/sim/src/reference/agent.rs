//! One agent of the reference: facts, and what follows from them by the table of domain 3.4.

use std::collections::BTreeMap;

use engine::{AgentState, Pending};
use model::{AgentId, CallId, LegId, NotReadyReason, OfferId, QueueId, Timestamp};

use crate::coverage::State;

/// What she asked of one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    Ready,
    NotReady(NotReadyReason),
    /// One call: by which request, and whether she has had it.
    Single {
        request: u64,
        used: bool,
    },
}

/// Her place in one queue.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) order: i32,
    pub(crate) tier: u8,
    pub(crate) skill_level: u8,
    pub(crate) queue_priority: i32,
    pub(crate) wrap_up_time: Option<u32>,
    pub(crate) enabled: bool,
    /// Not provisioned any more; ends with her call.
    pub(crate) leaving: bool,
    pub(crate) logged_in: bool,
    pub(crate) logged_in_at: Timestamp,
    pub(crate) intent: Intent,
    pub(crate) pending: Option<Pending>,
    /// She asked for ready during a call that still goes on.
    pub(crate) asked_ready: bool,
    /// She was logged in when her phone was lost.
    pub(crate) dropped: bool,
    pub(crate) missed_in_row: u32,
    pub(crate) answered: u64,
    /// Since midnight.
    pub(crate) answered_today: u64,
    pub(crate) missed: u64,
    pub(crate) last_rung: Option<Timestamp>,
    /// What was shown at the end of the last step, and since when.
    pub(crate) shown: Option<(AgentState, Timestamp)>,
}

/// An offer that rings her.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ring {
    pub(crate) offer: OfferId,
    pub(crate) queue: QueueId,
    pub(crate) call: CallId,
    pub(crate) rings_out: Timestamp,
    pub(crate) made_at: Timestamp,
    /// By when her phone is to say that it alerts her; none once it has.
    pub(crate) alerts_by: Option<Timestamp>,
    /// She has lifted the phone and is not joined yet.
    pub(crate) picked: bool,
}

impl Ring {
    /// When it ends because the phone says nothing.
    pub(crate) fn mute_at(&self) -> Option<Timestamp> {
        self.alerts_by.filter(|_| !self.picked)
    }
}

/// A queue's call on which she talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Talk {
    pub(crate) queue: QueueId,
    pub(crate) call: CallId,
    pub(crate) since: Timestamp,
}

/// One agent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agent {
    pub(crate) active: bool,
    pub(crate) has_extension: bool,
    pub(crate) dnd: bool,
    pub(crate) max_calls: usize,
    pub(crate) skills: BTreeMap<String, u8>,
    pub(crate) deleted: bool,
    pub(crate) registered: bool,
    /// The process that knew her phone has died, and it has not been heard of since.
    pub(crate) awaited: bool,
    /// The last offer reached nobody.
    pub(crate) suspect: bool,
    /// Queue calls, oldest first.
    pub(crate) calls: Vec<Talk>,
    /// Other legs: the call, and whether she talks on it.
    pub(crate) others: BTreeMap<LegId, (CallId, bool)>,
    pub(crate) rings: Vec<Ring>,
    /// Wrap-up, and when it ends by itself.
    pub(crate) wrap_up: Option<Option<Timestamp>>,
    pub(crate) delayed_until: Option<Timestamp>,
    pub(crate) grace_until: Option<Timestamp>,
    pub(crate) last_call_end: Option<Timestamp>,
    pub(crate) members: BTreeMap<QueueId, Member>,
}

impl Member {
    pub(crate) fn new() -> Self {
        Self {
            order: 1,
            tier: 1,
            skill_level: 1,
            queue_priority: 1,
            wrap_up_time: None,
            enabled: true,
            leaving: false,
            logged_in: false,
            logged_in_at: Timestamp::ZERO,
            intent: Intent::NotReady(NotReadyReason::Login),
            pending: None,
            asked_ready: false,
            dropped: false,
            missed_in_row: 0,
            answered: 0,
            answered_today: 0,
            missed: 0,
            last_rung: None,
            shown: None,
        }
    }

    /// A9b: what the system made not ready, the system may make ready; the end of her hours is not undone by a
    /// phone or a call.
    pub(crate) fn promote(&mut self) {
        if let Intent::NotReady(reason) = &self.intent
            && reason.is_system()
            && *reason != NotReadyReason::Hours
        {
            self.intent = Intent::Ready;
        }
    }

    pub(crate) fn settle_pending(&mut self) {
        if let Some(Pending::NotReady(reason)) = self.pending.clone() {
            self.intent = Intent::NotReady(reason);
            self.pending = None;
        }
    }

    pub(crate) const fn used_single(&self) -> Option<u64> {
        match self.intent {
            Intent::Single { request, used: true } => Some(request),
            Intent::Single { .. } | Intent::Ready | Intent::NotReady(_) => None,
        }
    }

    pub(crate) const fn single(&self) -> Option<u64> {
        match self.intent {
            Intent::Single { request, .. } => Some(request),
            Intent::Ready | Intent::NotReady(_) => None,
        }
    }
}

impl Agent {
    pub(crate) const fn reachable(&self) -> bool {
        self.registered && !self.suspect
    }

    pub(crate) fn talking(&self) -> usize {
        self.calls.len() + self.others.values().filter(|(_, talks)| *talks).count()
    }

    pub(crate) fn ringing(&self) -> usize {
        self.rings.len() + self.others.values().filter(|(_, talks)| !talks).count()
    }

    pub(crate) fn serves(&self, queue: QueueId) -> bool {
        self.calls.iter().any(|talk| talk.queue == queue)
    }

    /// Not provisioned any more, and nothing of hers goes on.
    pub(crate) fn is_gone(&self) -> bool {
        self.deleted && self.members.is_empty() && self.calls.is_empty() && self.rings.is_empty()
    }

    pub(crate) fn is_logged_in(&self) -> bool {
        self.members.values().any(|member| member.logged_in)
    }

    /// Domain 3.4, the first row that holds.
    pub(crate) fn state(&self, queue: QueueId) -> Option<AgentState> {
        let member = self.members.get(&queue)?;
        Some(if !member.logged_in {
            if self.reachable() || self.awaited { AgentState::LoggedOut } else { AgentState::Offline }
        } else if let Some(talk) = self.calls.iter().find(|talk| talk.queue == queue) {
            AgentState::QueueCall { call: talk.call }
        } else if let Some(talk) = self.calls.first() {
            AgentState::OtherCall { call: talk.call }
        } else if let Some((call, _)) = self.others.values().find(|(_, talks)| *talks) {
            AgentState::OtherCall { call: *call }
        } else if let Some(ring) = self.rings.first() {
            AgentState::Ringing { offer: ring.offer }
        } else if let Some(until) = self.wrap_up {
            AgentState::WrapUp { until }
        } else if !(self.reachable() || self.awaited) {
            AgentState::Offline
        } else {
            match &member.intent {
                Intent::NotReady(reason) => AgentState::NotReady { reason: reason.clone() },
                Intent::Ready | Intent::Single { .. } => AgentState::Ready,
            }
        })
    }

    /// The same without details, for the coverage.
    pub(crate) fn kind(&self, queue: QueueId) -> Option<State> {
        let member = self.members.get(&queue)?;
        Some(match self.state(queue)? {
            AgentState::Offline if member.logged_in => State::OfflineIn,
            AgentState::Offline => State::OfflineOut,
            AgentState::LoggedOut => State::LoggedOut,
            AgentState::NotReady { .. } => State::NotReady,
            AgentState::Ready => State::Ready,
            AgentState::Ringing { .. } => State::Ringing,
            AgentState::QueueCall { .. } => State::QueueCall,
            AgentState::OtherCall { .. } => State::OtherCall,
            AgentState::WrapUp { .. } => State::WrapUp,
        })
    }

    /// Whether a ring of this queue may go on: everything an offer needs, but the room it takes itself.
    pub(crate) fn may_ring(&self, queue: QueueId) -> bool {
        let Some(member) = self.members.get(&queue) else { return false };
        let ready = !matches!(member.intent, Intent::NotReady(_));
        let may =
            self.active && self.has_extension && self.reachable() && !self.dnd && self.wrap_up.is_none();
        let here = member.enabled && member.logged_in && !member.leaving && member.pending.is_none() && ready;
        may && here && self.talking() + self.rings.len() <= self.max_calls
    }

    /// `available_for_dispatch` of domain 3.4.
    pub(crate) fn available(&self, queue: QueueId) -> bool {
        let Some(member) = self.members.get(&queue) else { return false };
        let one_call_is_taken = member.single().is_some_and(|request| {
            member.used_single().is_some()
                || self.rings.iter().any(|ring| {
                    self.members.get(&ring.queue).is_some_and(|other| other.single() == Some(request))
                })
        });
        self.may_ring(queue)
            && self.talking() + self.ringing() < self.max_calls
            && !one_call_is_taken
            && self.delayed_until.is_none()
    }

    /// A19: whether callers of this queue may count on her.
    pub(crate) fn staffs(&self, queue: QueueId) -> bool {
        self.members.get(&queue).is_some_and(|member| {
            self.active
                && member.logged_in
                && member.enabled
                && !member.leaving
                && (self.registered || self.awaited || self.talking() > 0)
        })
    }

    /// A24: since the end of her last queue call, or her login if that was later; on a call she is not idle at
    /// all, and comes after everybody who is.
    pub(crate) fn idle_since(&self, queue: QueueId) -> Timestamp {
        let busy = Timestamp(i64::MAX);
        let login = self.members.get(&queue).map_or(busy, |member| member.logged_in_at);
        if self.calls.is_empty() { self.last_call_end.map_or(login, |end| end.max(login)) } else { busy }
    }
}

/// All agents by id.
pub(crate) type Agents = BTreeMap<AgentId, Agent>;
