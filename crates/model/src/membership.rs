//! Memberships: an agent's place in a queue, as provisioned. What she is doing there lives in `acd`.

use crate::id::{AgentId, QueueId};
use borsh::{BorshDeserialize, BorshSerialize};

/// An agent's place in a queue.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Membership {
    /// The queue.
    pub queue: QueueId,
    /// The agent.
    pub agent: AgentId,
    /// For `linear`: lower is earlier (NS-10).
    pub order: i32,
    /// Higher is better; 1–100, 1 unless set (PS).
    pub skill_level: u8,
    /// Which of her queues is served first: lower is earlier (NS-11).
    pub queue_priority: i32,
    /// For `tiered_longest_idle` and `linear_cascade`: lower is earlier, 1–99; 1 unless set.
    pub tier: u8,
    /// Instead of the queue's own.
    pub wrap_up_time: Option<u32>,
    /// Her phone answers the queue's calls by itself (NS).
    pub auto_answer: bool,
    /// She presses 1 before she is joined with the caller, so that no mailbox takes the call (NS, A49).
    pub answer_confirmation: bool,
    /// A disabled entry takes no calls.
    pub enabled: bool,
}

impl Membership {
    /// A membership with the defaults of the domain model.
    #[must_use]
    pub const fn new(queue: QueueId, agent: AgentId) -> Self {
        Self {
            queue,
            agent,
            order: 1,
            skill_level: 1,
            queue_priority: 1,
            tier: 1,
            wrap_up_time: None,
            auto_answer: false,
            answer_confirmation: false,
            enabled: true,
        }
    }
}
