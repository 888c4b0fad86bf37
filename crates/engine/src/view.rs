//! Read-only views for snapshots: whole objects, keyed, without anything that changes by the clock alone.
//!
//! The law of the live stream: replacing the objects that an event carries in an older snapshot gives the
//! newer snapshot, field by field.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use acd::{AgentState, Decision, MembershipView, NoCall, QueueOutcome, WaitingView};
use model::{
    AgentId, CallId, CallLink, CallerId, ExtensionNumber, FlowId, MailboxId, NotReadyReason, Personal,
    QueueId, Strategy, Timestamp,
};

use crate::mailboxes::{MailboxView, Unfinished};
use crate::record::{CallRecord, Direction, LegRecord, Recorded};
use crate::what_if::{self, WhatIfStep};

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AgentView {
    /// The agent.
    pub agent: AgentId,
    /// Her extension.
    pub extension: Option<ExtensionNumber>,
    /// Full name.
    pub name: String,
    /// Whether at least one device is registered.
    pub registered: bool,
    /// Whether she is not to be disturbed.
    pub dnd: bool,
    /// Her personal phone, and when calls go there. The number is for her and for supervisors.
    pub personal: Personal,
    /// Her call link, and whether it leads to nobody now.
    pub call_link: Option<CallLink>,
    /// The most telling of her states over her queues: call, ringing, wrap-up, ready, not ready, logged out.
    pub state: AgentState,
    /// Since when.
    pub since: Timestamp,
    /// Each membership, by queue id.
    pub memberships: Vec<MembershipView>,
}

impl AgentView {
    /// The reason, if she is not ready.
    #[must_use]
    pub fn reason(&self) -> Option<&NotReadyReason> {
        if let AgentState::NotReady { reason } = &self.state { Some(reason) } else { None }
    }
}

/// The domain itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DomainView {
    /// Whether its night mode is on.
    pub night_mode: bool,
}

/// One queue.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueueView {
    /// The queue.
    pub queue: QueueId,
    /// Its number.
    pub number: ExtensionNumber,
    /// Its name.
    pub name: String,
    /// Its strategy.
    pub strategy: Strategy,
    /// How many wait on the line, those being offered included.
    pub waiting: u32,
    /// How many have hung up and are to be called back, those being called included.
    pub callbacks: u32,
    /// Whether its own night mode is on.
    pub night_mode: bool,
    /// What it has done since the server started.
    pub counters: QueueCounters,
}

/// What a queue has done. `offered = answered + every way out + waiting`, always; and of those who left it to be called
/// back `callback_requested = done + failed + cancelled + callbacks`.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueueCounters {
    /// Calls that entered, or tried to.
    pub offered: u64,
    /// Answered by an agent.
    pub answered: u64,
    /// Answered within the threshold.
    pub answered_in_time: u64,
    /// Left by each other way out.
    pub left: BTreeMap<QueueOutcome, u64>,
    /// Of the abandoned: later than the threshold.
    pub abandoned_late: u64,
    /// Sum of the waits of the answered, milliseconds.
    pub wait_ms: u64,
    /// Sum of talk times of ended queue calls, milliseconds.
    pub talk_ms: u64,
    /// Of the answered: those whose wait could be told when they came.
    pub estimated: u64,
    /// Sum of what their waits differed from that, either way, milliseconds.
    pub estimate_error_ms: u64,
    /// Of them: those who waited longer.
    pub estimate_exceeded: u64,
    /// Callers who were called back and answered.
    pub callbacks_done: u64,
    /// Callers who were to be called back and were not reached.
    pub callbacks_failed: u64,
    /// Callers who were not called back, because they called again or somebody took them out.
    pub callbacks_cancelled: u64,
}

/// One live call.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CallView {
    /// The call.
    pub call: CallId,
    /// Where to.
    pub direction: Direction,
    /// Where it stands.
    pub state: CallState,
    /// Who calls.
    pub caller: CallerId,
    /// What was dialed.
    pub dialed: String,
    /// When it reached us.
    pub started_at: Timestamp,
    /// When a person answered.
    pub answered_at: Option<Timestamp>,
    /// The agent on it or being rung for it alone.
    pub agent: Option<AgentId>,
    /// Whether two talk and one of them is on hold.
    pub held: bool,
    /// What was recorded of it, in order; the last may go on.
    pub recordings: Vec<Recorded>,
    /// What flows have learned of its caller, by name.
    pub learned: BTreeMap<String, String>,
    /// Its legs so far.
    pub legs: Vec<LegRecord>,
}

/// Where a call stands.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum CallState {
    /// Just arrived, hears a prompt, or is with a mailbox.
    Started,
    /// In a flow.
    InFlow {
        /// Which.
        flow: FlowId,
        /// The name of the step it is at.
        step: String,
    },
    /// Rings a dialed party.
    Ringing,
    /// In a line.
    Waiting {
        /// Which.
        queue: QueueId,
        /// Since when.
        enqueued_at: Timestamp,
        /// Higher is served first.
        priority: u8,
        /// Who is being rung for it.
        offered_to: Vec<AgentId>,
        /// He has hung up and is to be called back.
        callback: bool,
    },
    /// Its caller is being called back, or will be tried again.
    CallingBack {
        /// For which queue.
        queue: QueueId,
    },
    /// Two parties talk.
    Connected {
        /// Through which queue.
        queue: Option<QueueId>,
    },
    /// Being ended: legs are still closing.
    Ending,
}

/// Why a call still waits, from the records of what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct WhyWaiting {
    /// The queue.
    pub queue: QueueId,
    /// How it stands in the line.
    pub place: WaitingView,
    /// How many stand in the line, itself included.
    pub waiting: u32,
    /// The last decision about it: who could have had it, who could not and why; none only if none was kept.
    pub decision: Option<Arc<Decision>>,
}

/// A read-only view of one engine.
pub struct View<'a> {
    pub(crate) engine: &'a crate::engine::Engine,
}

impl View<'_> {
    /// The domain itself.
    #[must_use]
    pub fn domain(&self) -> DomainView {
        DomainView { night_mode: self.engine.night.domain() }
    }

    /// All agents, by id.
    #[must_use]
    pub fn agents(&self) -> Vec<AgentView> {
        self.engine.view_agents()
    }

    /// One agent.
    #[must_use]
    pub fn agent(&self, agent: AgentId) -> Option<AgentView> {
        self.engine.view_agent(agent)
    }

    /// All queues, by id.
    #[must_use]
    pub fn queues(&self) -> Vec<QueueView> {
        self.engine.view_queues()
    }

    /// One queue.
    #[must_use]
    pub fn queue(&self, queue: QueueId) -> Option<QueueView> {
        self.engine.view_queue(queue)
    }

    /// All live calls, by id.
    #[must_use]
    pub fn calls(&self) -> Vec<CallView> {
        self.engine.view_calls()
    }

    /// One live call.
    #[must_use]
    pub fn call(&self, call: CallId) -> Option<CallView> {
        self.engine.view_call(call)
    }

    /// The record of a live call as far as it has come, decisions included.
    #[must_use]
    pub fn record(&self, call: CallId) -> Option<CallRecord> {
        self.engine.view_record(call)
    }

    /// One queue's line, head first.
    #[must_use]
    pub fn waiting(&self, queue: QueueId) -> Vec<WaitingView> {
        self.engine.view_waiting(queue)
    }

    /// Why a call still waits; none if it stands in no line.
    #[must_use]
    pub fn why_waiting(&self, call: CallId) -> Option<WhyWaiting> {
        self.engine.view_why_waiting(call)
    }

    /// For each of an agent's queues why it gives her no call, by queue id; none if there is no such agent.
    #[must_use]
    pub fn why_no_call(&self, agent: AgentId) -> Option<Vec<NoCall>> {
        self.engine.view_why_no_call(agent)
    }

    /// What would happen to a call of `caller` for one of the domain's numbers at `at`; none if there is no such
    /// number. Night mode is taken as it stands. An empty caller is one of whom nothing is known.
    #[must_use]
    pub fn what_if(&self, number: &str, caller: &str, at: Timestamp) -> Option<Vec<WhatIfStep>> {
        what_if::call(&self.engine.directory, (&self.engine.night, &self.engine.reach), number, caller, at)
    }

    /// One mailbox with its messages; none if there is no such box.
    #[must_use]
    pub fn mailbox(&self, mailbox: MailboxId) -> Option<MailboxView> {
        self.engine.view_mailbox(mailbox)
    }

    /// Recordings that the shell owes an answer for: after a start it looks for them on the disk.
    #[must_use]
    pub fn unfinished(&self) -> Vec<Unfinished> {
        self.engine.view_unfinished()
    }

    /// How long a caller who comes to this queue now will wait, as far as its past tells; none if it does not.
    #[must_use]
    pub fn expected_wait(&self, queue: QueueId) -> Option<Duration> {
        self.engine.view_expected_wait(queue)
    }
}
