//! Extensions: numbers inside the domain that a phone registers as.

use crate::id::AgentId;
use crate::number::ExtensionNumber;
use borsh::{BorshDeserialize, BorshSerialize};

/// A number that phones register as. The phone's secret is not here: only the gateway needs it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Extension {
    /// The number, which is also the SIP user name.
    pub number: ExtensionNumber,
    /// Whose it is; free if none. At most one agent each way (RC-1).
    pub agent: Option<AgentId>,
    /// Shown on other phones.
    pub display_name: String,
    /// Do not disturb: no offers, no direct calls. Holds until she changes it; a change of it here holds again.
    pub dnd: bool,
    /// How long a direct call rings here, seconds; 60 unless set.
    pub ring_timeout: u32,
}

impl Extension {
    /// `ring_timeout` unless set, seconds.
    pub const RING_TIMEOUT_DEFAULT: u32 = 60;
}
