//! Ids: one newtype a kind, so that a leg is never taken for a call.
//!
//! Provisioned things carry their database row's number. Calls and offers are counted by the engine, legs by
//! whoever made them (even: arrived from outside, odd: dialed by the engine). The counters start at a block
//! that the store reserves, so an id is never used again, not even after a restart.

use borsh::{BorshDeserialize, BorshSerialize};

macro_rules! define_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

define_id! {
    /// A domain: one customer, one engine, one number space.
    TenantId,
    /// A person who takes calls.
    AgentId,
    /// A waiting line with its rules.
    QueueId,
    /// A call flow.
    FlowId,
    /// A carrier connection.
    TrunkId,
    /// A mailbox.
    MailboxId,
    /// The whole conversation as people see it.
    CallId,
    /// One party's connection to us.
    LegId,
    /// One call presented to one agent.
    OfferId,
    /// A request that an agent, a supervisor or an integration made; answered exactly once.
    RequestId,
    /// One run of a player on one leg; never reused, so that a late "ended" is told from the current one.
    PlayId,
    /// One recording: a message, a greeting or a prompt to be. Its file bears this number, so it is never reused.
    RecordId,
}

impl MailboxId {
    /// The box that nobody has: what is recorded to become a prompt lies in it.
    pub const PROMPTS: Self = Self(0);
}
