//! What calls have been about, in the words that a domain offers for it.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::number::ExtensionNumber;

/// One of the words that a call can be given, while it lasts or afterwards.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Disposition {
    /// What records and requests call it: a short name ([`crate::not_ready::is_short_name`]).
    pub code: String,
    /// What agents read.
    pub label: String,
    /// One that is not stays in the records that have it, and is given to no call any more.
    pub enabled: bool,
    /// Numbers of the queues whose calls it is for; none: it is for all calls.
    pub queues: Vec<ExtensionNumber>,
}

impl Disposition {
    /// Most characters of what an agent writes beside it.
    pub const NOTES_LENGTH_MAX: usize = 2_000;

    /// Whether it is for calls that are or were in a queue of this number.
    #[must_use]
    pub fn is_for(&self, queue: &str) -> bool {
        self.queues.is_empty() || self.queues.iter().any(|number| number.as_str() == queue)
    }

    /// Whether a call can be given it that is or was in these queues, by number.
    #[must_use]
    pub fn fits<'a>(&self, mut queues: impl Iterator<Item = &'a str>) -> bool {
        self.enabled && (self.queues.is_empty() || queues.any(|queue| self.is_for(queue)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_for_the_calls_of_its_queues_and_without_any_for_all() {
        let of = |queues: &[&str], enabled| Disposition {
            code: "sale".into(),
            label: "Sale".into(),
            enabled,
            queues: queues.iter().map(|queue| ExtensionNumber::parse(queue).unwrap()).collect(),
        };
        let for_sales = of(&["8001", "8002"], true);
        assert!(for_sales.fits(["8000", "8002"].into_iter()));
        assert!(!for_sales.fits(["8000"].into_iter()) && !for_sales.fits(std::iter::empty()));
        assert!(of(&[], true).fits(std::iter::empty()) && of(&[], true).is_for("8000"));
        assert!(!of(&[], false).fits(["8000"].into_iter()));
    }
}
