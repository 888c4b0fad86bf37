//! Reasons for being not ready.

use borsh::{BorshDeserialize, BorshSerialize};

/// Why an agent is not ready: set by the system, or chosen by her.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub enum NotReadyReason {
    /// She has just logged in to a queue without `auto_ready`.
    Login,
    /// An offer rang out unanswered.
    Rna,
    /// She declined an offer (where the policy counts that).
    Declined,
    /// Her device was lost and has come back.
    DeviceDown,
    /// A call that was not the queue's has ended.
    AfterNonAcd,
    /// Her working hours are over (A50).
    Hours,
    /// A supervisor set it.
    Supervisor,
    /// She chose it: `lunch`, `break`, … ; empty if she gave none.
    Chosen(String),
}

impl NotReadyReason {
    /// Most characters of a chosen reason.
    pub const LENGTH_MAX: usize = 32;

    /// A chosen reason, without control characters and cut to [`Self::LENGTH_MAX`].
    #[must_use]
    pub fn chosen(text: &str) -> Self {
        Self::Chosen(text.chars().filter(|c| !c.is_control()).take(Self::LENGTH_MAX).collect())
    }

    /// As the API says it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Login => "login",
            Self::Rna => "rna",
            Self::Declined => "declined",
            Self::DeviceDown => "device_down",
            Self::AfterNonAcd => "after_non_acd",
            Self::Hours => "hours",
            Self::Supervisor => "supervisor",
            Self::Chosen(text) => text,
        }
    }

    /// Whether the system set it: only such a one is undone by `auto_ready` (domain A9b).
    #[must_use]
    pub fn is_system(&self) -> bool {
        match self {
            Self::Login | Self::Rna | Self::Declined | Self::DeviceDown | Self::AfterNonAcd | Self::Hours => {
                true
            }
            Self::Supervisor | Self::Chosen(_) => false,
        }
    }
}
