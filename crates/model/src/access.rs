//! What somebody may do: rights, and which of them come with a role.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeSet;

use crate::agent::Role;

/// Something that a login or a key may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub enum Right {
    /// See agents, queues, calls and statistics of the domain, live and ended.
    Read,
    /// One's own state, calls and mailbox, as an agent.
    Own,
    /// Anybody's state, do not disturb and personal phone.
    AgentState,
    /// Anybody's calls: make, take, transfer, hold, press keys, hang up.
    CallControl,
    /// Anybody's mailbox.
    Mailbox,
    /// Recordings of anybody's calls: hear and remove.
    Recordings,
    /// Switch night mode.
    NightMode,
    /// See what the domain is: its provisioning.
    Configuration,
    /// Change what the domain is, with everybody's roles and passwords.
    Provisioning,
    /// See who changed what.
    Audit,
    /// Keys of programs, and other people's logins.
    Access,
}

impl Right {
    /// All of them, in the order in which lists have them.
    pub const ALL: [Self; 11] = [
        Self::Read,
        Self::Own,
        Self::AgentState,
        Self::CallControl,
        Self::Mailbox,
        Self::Recordings,
        Self::NightMode,
        Self::Configuration,
        Self::Provisioning,
        Self::Audit,
        Self::Access,
    ];

    /// How it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Own => "own",
            Self::AgentState => "agent_state",
            Self::CallControl => "call_control",
            Self::Mailbox => "mailbox",
            Self::Recordings => "recordings",
            Self::NightMode => "night_mode",
            Self::Configuration => "configuration",
            Self::Provisioning => "provisioning",
            Self::Audit => "audit",
            Self::Access => "access",
        }
    }

    /// It is about people and calls, and so can be had of some groups only. The others are of a whole domain.
    #[must_use]
    pub const fn is_of_people(self) -> bool {
        match self {
            Self::Read
            | Self::Own
            | Self::AgentState
            | Self::CallControl
            | Self::Mailbox
            | Self::Recordings
            | Self::NightMode => true,
            Self::Configuration | Self::Provisioning | Self::Audit | Self::Access => false,
        }
    }

    /// The right that is written so.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

/// A set of rights.
#[derive(Clone, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub struct Rights(BTreeSet<Right>);

impl Rights {
    /// Whether this right is among them.
    #[must_use]
    pub fn has(&self, right: Right) -> bool {
        self.0.contains(&right)
    }

    /// Whether all of `others` are among them.
    #[must_use]
    pub fn cover(&self, others: &Self) -> bool {
        self.0.is_superset(&others.0)
    }

    /// Those that `others` lack.
    #[must_use]
    pub fn beyond(&self, others: &Self) -> Self {
        Self(self.0.difference(&others.0).copied().collect())
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in the order of [`Right::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Right> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        Self(rights.into_iter().collect())
    }
}

/// A role of a domain's own.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CustomRole {
    /// What agents and changes call it; none of the words of [`Role::BUILT_IN`].
    pub name: String,
    /// What its holders may do.
    pub rights: Rights,
    /// Whom they supervise, unless an agent's own entry says so.
    pub supervises: Supervises,
}

/// Whom the holders of a role supervise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub enum Supervises {
    /// Everybody.
    #[default]
    Domain,
    /// The groups that they belong to themselves.
    OwnGroups,
}

impl Role {
    /// What comes with the role in every domain; nothing with one of a domain's own, which its directory knows. Whoever
    /// may change a domain may see it and who changed it.
    #[must_use]
    pub fn rights(&self) -> Rights {
        let most = match self {
            Self::Agent => Right::Own,
            Self::Supervisor => Right::NightMode,
            Self::Admin | Self::Owner => Right::Access,
            Self::Custom(_) => return Rights::default(),
        };
        Right::ALL.into_iter().filter(|right| *right <= most).collect()
    }

    /// What comes with it where `own` is the domain's role of its name, if there is one.
    #[must_use]
    pub fn rights_with(&self, own: Option<&CustomRole>) -> Rights {
        match self {
            Self::Custom(_) => own.map(|own| own.rights.clone()).unwrap_or_default(),
            Self::Agent | Self::Supervisor | Self::Admin | Self::Owner => self.rights(),
        }
    }

    /// Whether it confines who has it to her own groups; one that is gone does.
    #[must_use]
    pub fn confines(&self, own: Option<&CustomRole>) -> bool {
        self.is_custom() && own.is_none_or(|own| own.supervises == Supervises::OwnGroups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_a_word_of_its_own() {
        for right in Right::ALL {
            assert_eq!(Right::from_word(right.word()), Some(right));
        }
        assert_eq!(Right::from_word("everything"), None);
    }

    #[test]
    fn each_role_may_do_what_the_one_below_may() {
        let roles = [Role::Agent, Role::Supervisor, Role::Admin, Role::Owner];
        for pair in roles.windows(2) {
            assert!(pair[1].rights().cover(&pair[0].rights()), "{pair:?}");
        }
        let words = |role: Role| role.rights().iter().map(Right::word).collect::<Vec<_>>().join(" ");
        assert_eq!(words(Role::Agent), "read own");
        assert_eq!(
            words(Role::Supervisor),
            "read own agent_state call_control mailbox recordings night_mode"
        );
        assert!(!Role::Supervisor.rights().has(Right::Configuration));
        assert!(Role::Supervisor.rights().iter().all(Right::is_of_people));
    }

    #[test]
    fn a_role_is_called_by_its_word_or_by_its_name() {
        for (word, role) in Role::BUILT_IN {
            assert_eq!((Role::named(word), role.name()), (role.clone(), word));
        }
        assert_eq!(Role::named("team-lead"), Role::Custom("team-lead".into()));
        assert!(Role::named("team-lead").rights().is_empty());
    }
}
