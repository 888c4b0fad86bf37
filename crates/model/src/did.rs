//! Numbers dialed from outside.

use crate::fallback::FallbackAction;
use crate::skill::SkillNeed;
use borsh::{BorshDeserialize, BorshSerialize};

/// A number that a trunk delivers calls for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Did {
    /// As the trunk sends it, e.g. `+493012345678`.
    pub number: String,
    /// Its business hours, by name; none: always open.
    pub hours: Option<String>,
    /// What happens to its calls in the hours.
    pub open: FallbackAction,
    /// What happens to them out of the hours; `None`: as `open`.
    pub closed: Option<FallbackAction>,
    /// What happens to them on a holiday; `None`: as `closed`.
    pub holiday: Option<FallbackAction>,
    /// What happens to them while the domain is in night mode; `None`: as `closed`.
    pub night: Option<FallbackAction>,
    /// What the agent of its callers must know; instead of the queue's own needs if not empty.
    pub skills: Vec<SkillNeed>,
    /// Priority of its callers in any line, 0–9; 0 unless set.
    pub priority: u8,
}

impl Did {
    /// A number that is always open, whose callers have no needs and no priority of their own.
    #[must_use]
    pub const fn new(number: String, open: FallbackAction) -> Self {
        Self {
            number,
            hours: None,
            open,
            closed: None,
            holiday: None,
            night: None,
            skills: Vec::new(),
            priority: 0,
        }
    }
}
