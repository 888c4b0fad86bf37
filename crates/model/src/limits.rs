//! How much of the server one domain may use. Who owns the server says it, not who runs the domain.

use borsh::{BorshDeserialize, BorshSerialize};

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// Live calls.
    Calls,
    /// Callers who wait, in all its lines together.
    Waiting,
    /// Agents that are provisioned.
    Agents,
    /// Webhooks that are provisioned.
    Webhooks,
    /// Event sockets and streams that are open.
    Sockets,
    /// Requests of a second.
    RequestsPerSecond,
}

impl Counted {
    /// All of them, in the order in which lists have them.
    pub const ALL: [Self; 6] =
        [Self::Calls, Self::Waiting, Self::Agents, Self::Webhooks, Self::Sockets, Self::RequestsPerSecond];

    /// How it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Waiting => "waiting",
            Self::Agents => "agents",
            Self::Webhooks => "webhooks",
            Self::Sockets => "sockets",
            Self::RequestsPerSecond => "requests_per_second",
        }
    }
}

/// Limits of one domain, beside those that the server itself has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub struct DomainLimits([Option<u32>; 6]);

impl DomainLimits {
    /// The largest that can be set.
    pub const MAX: u32 = 1_000_000;

    /// The most there may be of it; none: it is not limited, or where limits are being set not said.
    #[must_use]
    pub const fn of(&self, counted: Counted) -> Option<u32> {
        self.0[counted as usize]
    }

    /// The same with another limit.
    #[must_use]
    pub const fn with(mut self, counted: Counted, most: Option<u32>) -> Self {
        self.0[counted as usize] = most;
        self
    }

    /// What is in force where these are set over defaults: in either, 0 is no limit.
    #[must_use]
    pub fn over(&self, defaults: &Self) -> Self {
        let in_force = |counted: Counted| self.of(counted).or(defaults.of(counted)).filter(|most| *most > 0);
        Counted::ALL.into_iter().fold(Self::default(), |all, counted| all.with(counted, in_force(counted)))
    }

    /// Whether there is room for one more beside `count`.
    #[must_use]
    pub fn has_room(&self, counted: Counted, count: usize) -> bool {
        self.of(counted).is_none_or(|most| count < usize::try_from(most).unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domains_own_limit_goes_before_the_default_and_nought_is_none() {
        let defaults = DomainLimits::default().with(Counted::Calls, Some(10)).with(Counted::Agents, Some(5));
        let own = DomainLimits::default().with(Counted::Calls, Some(0)).with(Counted::Sockets, Some(3));
        let in_force = own.over(&defaults);
        let all = Counted::ALL.map(|counted| in_force.of(counted));
        assert_eq!(all, [None, None, Some(5), None, Some(3), None]);
        assert!(in_force.has_room(Counted::Calls, usize::MAX));
        assert!(in_force.has_room(Counted::Sockets, 2) && !in_force.has_room(Counted::Sockets, 3));
    }
}
