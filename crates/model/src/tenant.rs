//! The domain: one customer, one number space, one engine.

use crate::id::TenantId;
use crate::schedule::Zone;
use borsh::{BorshDeserialize, BorshSerialize};

/// A domain (tenant).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// SIP domain and tenant name, `[A-Za-z0-9._-]{1,64}`.
    pub name: String,
    /// IANA time zone name.
    pub timezone: String,
    /// That zone as a table, filled outside; empty: UTC. "Since midnight" is counted by it (A23).
    pub zone: Zone,
    /// What is spoken to callers unless something else is chosen: a language tag in lower case, `en` or `de-at`.
    pub language: String,
    /// Longest chain of fallbacks before a call is ended; 10 unless set.
    pub max_hops: u8,
}

impl Tenant {
    /// A domain by UTC, with the defaults of the domain model.
    #[must_use]
    pub fn new(id: TenantId, name: &str) -> Self {
        let (name, timezone, language) = (name.into(), "UTC".into(), Self::LANGUAGE_DEFAULT.into());
        Self { id, name, timezone, zone: Zone::default(), language, max_hops: Self::MAX_HOPS_DEFAULT }
    }

    /// `language` unless set.
    pub const LANGUAGE_DEFAULT: &'static str = "en";
    /// `max_hops` unless set.
    pub const MAX_HOPS_DEFAULT: u8 = 10;
    /// Most characters of a name.
    pub const NAME_LENGTH_MAX: usize = 64;
}
