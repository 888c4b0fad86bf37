//! Queues: waiting lines with their rules.

use crate::fallback::FallbackAction;
use crate::id::QueueId;
use crate::in_queue::InQueue;
use crate::number::ExtensionNumber;
use crate::skill::SkillNeed;
use borsh::{BorshDeserialize, BorshSerialize};

/// A waiting line and its rules. Times are whole seconds; 0 means "no limit" where a limit is meant.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// The extension that reaches it.
    pub number: ExtensionNumber,
    /// 1–64 characters.
    pub name: String,
    /// Who is offered a call first.
    pub strategy: Strategy,
    /// How long one offer rings, 1–65535; 20 unless set.
    pub ring_time: u32,
    /// Most callers in the line; 0: no limit.
    pub max_callers: u32,
    /// Longest wait, 0 or 15–65535; 300 unless set.
    pub max_waiting_time: u32,
    /// `ring_all`: how many are rung at first, 0–99; 0: everybody (NS).
    pub sim_ring_first: u8,
    /// `ring_all`: how many more are rung each `ring_time` that passes unanswered, 1–99; 1 unless set (NS).
    pub sim_ring_increment: u8,
    /// Longest expected wait with which a caller is still let in, seconds; 0: no limit (NS). Beyond: as full.
    pub max_expected_wait: u32,
    /// How long an agent who missed a call is not offered another, 0–3600; 5 unless set.
    pub retry_delay: u32,
    /// The same after her phone was busy, 0–3600; 60 unless set (FS).
    pub busy_delay: u32,
    /// The same after she declined, 0–3600; 0 unless set. The declined call itself is never offered again.
    pub decline_delay: u32,
    /// What a caller's agent must know, unless the number dialed says so itself.
    pub skills: Vec<SkillNeed>,
    /// How long a wait is worth one step of priority, seconds, 0–3600; 0: a higher priority always goes first.
    pub ageing: u32,
    /// Whether the line goes by the moment of entry into it or into the switch (A47).
    pub order_by: OrderBy,
    /// For how many days a caller is led to the agent who served him last, 0–365; 0: never; 30 unless set (PS).
    pub sticky_days: u16,
    /// What an agent hears before she is joined with the caller: a prompt name.
    pub announce_to_agent: Option<String>,
    /// Whether callers may wait while nobody is logged in and reachable; false unless set (A19, A20).
    pub wait_when_no_agents: bool,
    /// Whether a login, a finished or a missed call makes an agent ready by itself; true unless set (PS-8).
    pub auto_ready: bool,
    /// What follows a call that is not the queue's, where `auto_ready` is off.
    pub after_non_acd: AfterNonAcd,
    /// Work after the call, 0–3600; 0 unless set.
    pub wrap_up_time: u32,
    /// What follows an offer that rang out; `None`: stay with `auto_ready`, not ready without (A12).
    pub rna_policy: Option<RnaPolicy>,
    /// Whether a decline counts for the policy above; false unless set.
    pub decline_is_rna: bool,
    /// Which queue an agent of several serves first: higher first, after her own order.
    pub weight: i32,
    /// Wait within which an answer is in time, for the service level; 20 unless set (0: none).
    pub sla_time: u32,
    /// The wait was too long.
    pub on_no_answer: FallbackAction,
    /// The line is full; `None`: as `on_no_answer`.
    pub on_full: Option<FallbackAction>,
    /// Nobody is logged in and reachable; `None`: as `on_no_answer` (PS: "no-answer destination immediately").
    pub on_no_agents: Option<FallbackAction>,
    /// Its business hours, by name; none: always open. Who waits when they end stays in the line.
    pub hours: Option<String>,
    /// Out of its hours, and on a holiday; `None`: as `on_no_answer`.
    pub on_closed: Option<FallbackAction>,
    /// In night mode; `None`: as `on_no_answer` under the queue's own switch, as always under the domain's.
    pub on_night: Option<FallbackAction>,
    /// Music for those who wait: a prompt name; `music` unless set.
    pub moh: String,
    /// Whether what its callers and agents say to each other is recorded.
    pub recording: bool,
    /// What those who wait hear beside it, and can do.
    pub in_queue: InQueue,
}

/// Who is offered a call first. Where two are equal: who has been without a call for longer, then the lower
/// `order`, then the lower id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub enum Strategy {
    /// Whoever has been without a call for longest.
    #[default]
    LongestIdle,
    /// Everybody at once.
    RingAll,
    /// In the members' `order`, from the top each time.
    Linear,
    /// Whoever has not been rung for longest.
    Cyclic,
    /// Whoever has answered the fewest calls of this queue since midnight in the domain's time zone (A23).
    LeastWorked,
    /// The first tier, then each `ring_time` the next tier as well, all of a tier at once (NS).
    LinearCascade,
    /// Whoever has been without a call for longest in the lowest tier that has somebody free (NS).
    TieredLongestIdle,
    /// Anybody, by the domain's seeded chance.
    Random,
    /// The highest `skill_level` that has somebody free, in their `order`.
    SkillLinear,
    /// The highest `skill_level` that has somebody free, whoever has not been rung for longest.
    SkillCyclic,
    /// The highest `skill_level` that has somebody free, whoever has answered the fewest.
    SkillLeastWorked,
}

/// Which moment a line goes by (A47).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub enum OrderBy {
    /// When the caller entered this line.
    #[default]
    Entered,
    /// When the call reached the switch: who was sent on from elsewhere has waited there too.
    Received,
}

/// What follows a call that is not the queue's, where `auto_ready` is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub enum AfterNonAcd {
    /// Ready again.
    Ready,
    /// Not ready (the default without `auto_ready`, A9).
    #[default]
    NotReady,
    /// Wrap-up.
    WrapUp,
}

/// What follows an offer that rang out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RnaPolicy {
    /// What happens.
    pub action: RnaAction,
    /// In which of her queues.
    pub scope: RnaScope,
    /// After how many misses in a row; at least 1.
    pub after_n: u32,
}

/// What happens to an agent who missed a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum RnaAction {
    /// Stays ready, after the retry delay.
    Stay,
    /// Not ready, reason `rna`.
    NotReady,
    /// Logged out.
    Logout,
}

/// In which of her queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum RnaScope {
    /// The one whose call she missed.
    Queue,
    /// All she is logged in to.
    All,
}

impl Queue {
    /// A queue with the defaults of the domain model.
    #[must_use]
    pub fn new(id: QueueId, number: ExtensionNumber, name: &str) -> Self {
        Self {
            id,
            number,
            name: name.into(),
            strategy: Strategy::default(),
            ring_time: 20,
            sim_ring_first: 0,
            sim_ring_increment: 1,
            max_expected_wait: 0,
            max_callers: 0,
            max_waiting_time: 300,
            retry_delay: 5,
            busy_delay: 60,
            decline_delay: 0,
            skills: Vec::new(),
            ageing: 0,
            order_by: OrderBy::default(),
            sticky_days: 30,
            announce_to_agent: None,
            wait_when_no_agents: false,
            auto_ready: true,
            after_non_acd: AfterNonAcd::default(),
            wrap_up_time: 0,
            rna_policy: None,
            decline_is_rna: false,
            weight: 0,
            sla_time: 20,
            on_no_answer: FallbackAction::default(),
            on_full: None,
            on_no_agents: None,
            hours: None,
            on_closed: None,
            on_night: None,
            moh: "music".into(),
            recording: false,
            in_queue: InQueue::default(),
        }
    }

    /// The policy in force when an offer rings out (A12: an explicit one wins over `auto_ready`).
    #[must_use]
    pub fn rna_policy(&self) -> RnaPolicy {
        self.rna_policy.unwrap_or(RnaPolicy {
            action: if self.auto_ready { RnaAction::Stay } else { RnaAction::NotReady },
            scope: RnaScope::Queue,
            after_n: 1,
        })
    }
}
