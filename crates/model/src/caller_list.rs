//! Lists of callers: who is served first, who has agents of his own, who is kept out.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::id::AgentId;
use crate::time::Timestamp;

/// Until when an entry of a list counts; none: for ever.
pub type ListedUntil = Option<Timestamp>;

/// Whether an entry still counts at `now`.
#[must_use]
pub fn is_listed(until: ListedUntil, now: Timestamp) -> bool {
    until.is_none_or(|until| now < until)
}

/// A caller who is served before others (PS).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct VipNumber {
    /// His priority in every line, 1–9; 9 unless set.
    pub priority: u8,
    /// Until when.
    pub until: ListedUntil,
}

impl VipNumber {
    /// `priority` unless set: before everybody else.
    pub const PRIORITY_DEFAULT: u8 = 9;
}

/// A caller who has agents of his own in one queue: they are tried first, others if none of them is free (PS).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ExclusiveNumber {
    /// In the order in which they are tried.
    pub agents: Vec<AgentId>,
    /// Until when.
    pub until: ListedUntil,
}

/// How firmly a queue keeps a caller out (PS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum BlockLevel {
    /// He hears a warning and may go on with 2, or hang up with 1.
    Warned,
    /// He hears that he is not served, and the call ends.
    Refused,
}
