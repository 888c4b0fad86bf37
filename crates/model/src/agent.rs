//! Agents: the people who take calls.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use crate::business_hours::AgentHours;
use crate::id::AgentId;
use crate::number::ExtensionNumber;
use crate::pii::Pii;

/// A person who takes calls.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Agent {
    /// Her id.
    pub id: AgentId,
    /// Her one extension; without it she cannot log in (RC-1, RC-6).
    pub extension: Option<ExtensionNumber>,
    /// Full name.
    pub name: String,
    /// Login and notifications; unique.
    pub email: String,
    /// What she may do.
    pub role: Role,
    /// Names of the groups that she supervises; none: as her role says, and unless that says otherwise the whole domain.
    pub supervises: Option<Vec<String>>,
    /// Names of her groups; at least one (TK-2).
    pub groups: Vec<String>,
    /// Skill to level, higher is better.
    pub skills: BTreeMap<String, u8>,
    /// Whether she may take calls at all.
    pub status: AgentStatus,
    /// Most calls she is given at a time, 1–99; 1 unless set (NS-12).
    pub max_concurrent_calls: u8,
    /// When she works; none: always. Outside it she is not ready, reason `hours`, once her call is over (A50).
    pub hours: Option<AgentHours>,
    /// How calls reach her where she has no phone of ours.
    pub personal: Personal,
    /// Prompt that says her name; without one her extension is read out in its place.
    pub spoken_name: Option<String>,
    /// By which guests call her; none: she has no such link.
    pub call_link: Option<CallLink>,
}

/// An agent's own telephone, and when calls go there. What she sets herself holds against it.
#[derive(Clone, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub struct Personal {
    /// Its number, as a trunk takes it.
    pub phone: Option<Pii<String>>,
    /// When calls for her go there.
    pub forward_when: ForwardWhen,
}

/// A link by which guests without a log-in call an agent from a browser (TK-3).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CallLink {
    /// The last part of its address, unique in the domain.
    pub name: String,
    /// Whether it leads to nobody for now (TK-D2). What she sets herself holds against it.
    pub private: bool,
}

/// When calls for an agent go to her personal phone (TK-7). Whoever answers there must accept by a key, so that a
/// mobile's mailbox never takes a call (A49).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, BorshSerialize, BorshDeserialize,
)]
pub enum ForwardWhen {
    /// Never.
    #[default]
    Never,
    /// While no phone of hers is registered (TK-D2).
    Offline,
    /// Always; her phones here do not ring.
    Always,
    /// When a direct call has rung at her phones long enough. Queues offer her calls at her phones only.
    NoAnswer,
}

/// What a person may do. The words of the first four are taken; any other names a role of the domain's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, BorshSerialize, BorshDeserialize)]
pub enum Role {
    /// Her own calls and states.
    #[default]
    Agent,
    /// Watches and steers groups and queues.
    Supervisor,
    /// Everything but ownership.
    Admin,
    /// Everything.
    Owner,
    /// What the domain's own role of this name says ([`crate::CustomRole`]).
    Custom(String),
}

impl Role {
    /// The roles that every domain has, by their words.
    pub const BUILT_IN: [(&'static str, Self); 4] = [
        ("agent", Self::Agent),
        ("supervisor", Self::Supervisor),
        ("admin", Self::Admin),
        ("owner", Self::Owner),
    ];

    /// Its word, or its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Owner => "owner",
            Self::Custom(name) => name,
        }
    }

    /// The role that is called so.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let built_in = Self::BUILT_IN.into_iter().find(|(word, _)| *word == name);
        built_in.map_or_else(|| Self::Custom(name.to_owned()), |(_, role)| role)
    }

    /// Whether it is one of the domain's own.
    #[must_use]
    pub const fn is_custom(&self) -> bool {
        matches!(self, Self::Custom(_))
    }
}

/// Whether an agent may take calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub enum AgentStatus {
    /// Has not confirmed the invitation yet: takes no calls (TK-10). As provisioned: takes none before she has.
    Invited,
    /// Takes calls.
    #[default]
    Active,
    /// Shut off.
    Disabled,
}
