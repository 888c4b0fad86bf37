//! Reasons for being not ready, and those that a domain lets its agents choose.

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

    /// Those that are not chosen from a list.
    pub const GIVEN: [Self; 7] = [
        Self::Login,
        Self::Rna,
        Self::Declined,
        Self::DeviceDown,
        Self::AfterNonAcd,
        Self::Hours,
        Self::Supervisor,
    ];

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

/// One of the reasons that a domain lets its agents choose. Where it lists none, they give any text.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NotReadyCode {
    /// What requests and reports call it: a short name ([`is_short_name`]), and none of [`NotReadyReason::GIVEN`].
    pub code: String,
    /// What agents read.
    pub label: String,
    /// One that is not is chosen no more.
    pub enabled: bool,
}

/// Whether a text is 1 to [`NotReadyReason::LENGTH_MAX`] of small letters, digits, `_` and `-`.
#[must_use]
pub fn is_short_name(text: &str) -> bool {
    (1..=NotReadyReason::LENGTH_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_fits_where_a_reason_does() {
        for name in ["lunch", "a", "2nd_break-b", "a23456789012345678901234567890bc"] {
            assert!(is_short_name(name), "{name}");
            assert_eq!(NotReadyReason::chosen(name).as_str(), name);
        }
        for text in ["", "Lunch", "coffee break", "pause\n", "päuschen", "a23456789012345678901234567890bcd"]
        {
            assert!(!is_short_name(text), "{text}");
        }
        assert!(NotReadyReason::GIVEN.iter().all(|reason| is_short_name(reason.as_str())));
    }

    #[test]
    fn every_reason_but_a_chosen_one_is_given() {
        // The compiler asks for the next.
        let place = |reason: &NotReadyReason| match reason {
            NotReadyReason::Login => Some(0),
            NotReadyReason::Rna => Some(1),
            NotReadyReason::Declined => Some(2),
            NotReadyReason::DeviceDown => Some(3),
            NotReadyReason::AfterNonAcd => Some(4),
            NotReadyReason::Hours => Some(5),
            NotReadyReason::Supervisor => Some(6),
            NotReadyReason::Chosen(_) => None,
        };
        let places: Vec<_> = NotReadyReason::GIVEN.iter().map(place).collect();
        assert_eq!(places, (0..7).map(Some).collect::<Vec<_>>());
    }
}
