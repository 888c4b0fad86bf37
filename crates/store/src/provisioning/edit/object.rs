//! What can be edited, and where in the document it stands.

use std::fmt;

use super::super::agents::clean;
use super::super::yaml::Node;
use super::identity::{Identity, text_of};

/// One thing of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// The domain's own settings: `timezone`, `language`, `webhook_secret`, `second_factor`. They are always there.
    Settings,
    /// A prompt of the file; one that was uploaded or recorded is not edited here.
    Prompt {
        /// A language tag.
        language: String,
        /// Its name.
        name: String,
    },
    /// A playlist, by name.
    Playlist(String),
    /// Business hours, by name.
    BusinessHours(String),
    /// A group of agents, by name; its value is `{"name": …}`.
    Group(String),
    /// A role of the domain's own, by name.
    Role(String),
    /// An agent, by extension, or by e-mail if she has none.
    Agent(String),
    /// A free extension, by number.
    Extension(String),
    /// A queue with its members, by number.
    Queue(String),
    /// A member of a queue.
    Member {
        /// The queue's number.
        queue: String,
        /// The agent's extension.
        agent: String,
    },
    /// A flow, by number.
    Flow(String),
    /// A ring group, by number.
    RingGroup(String),
    /// A mailbox, by number.
    Mailbox(String),
    /// A number dialed from outside.
    Number(String),
    /// A trunk, by name.
    Trunk(String),
    /// A caller who is served before others.
    VipNumber(String),
    /// A caller who has agents of his own.
    ExclusiveNumber {
        /// His number.
        number: String,
        /// The queue's number.
        queue: String,
    },
    /// A caller whom queues keep out.
    QueueBlacklisted(String),
    /// A caller who is refused.
    Blacklisted(String),
    /// A webhook, by name.
    Webhook(String),
    /// A feature code, by code.
    FeatureCode(String),
    /// A reason for not being ready, by code.
    NotReadyCode(String),
    /// A disposition, by code.
    Disposition(String),
    /// A report, by name.
    Report(String),
}

impl Object {
    /// Its list; none: it is the domain itself.
    pub(crate) fn section(&self) -> Option<Section> {
        Some(match self {
            Self::Settings => return None,
            Self::Prompt { .. } => Section::Prompts,
            Self::Playlist(_) => Section::Playlists,
            Self::BusinessHours(_) => Section::BusinessHours,
            Self::Group(_) => Section::Groups,
            Self::Role(_) => Section::Roles,
            Self::Agent(_) => Section::Agents,
            Self::Extension(_) => Section::Extensions,
            Self::Queue(_) | Self::Member { .. } => Section::Queues,
            Self::Flow(_) => Section::Flows,
            Self::RingGroup(_) => Section::RingGroups,
            Self::Mailbox(_) => Section::Mailboxes,
            Self::Number(_) => Section::Numbers,
            Self::Trunk(_) => Section::Trunks,
            Self::VipNumber(_) => Section::VipNumbers,
            Self::ExclusiveNumber { .. } => Section::ExclusiveNumbers,
            Self::QueueBlacklisted(_) => Section::QueueBlacklist,
            Self::Blacklisted(_) => Section::Blacklist,
            Self::Webhook(_) => Section::Webhooks,
            Self::FeatureCode(_) => Section::FeatureCodes,
            Self::NotReadyCode(_) => Section::NotReadyCodes,
            Self::Disposition(_) => Section::Dispositions,
            Self::Report(_) => Section::Reports,
        })
    }

    /// The fields by which it is known, and what they are.
    pub(crate) fn identity(&self) -> Identity {
        let one = |field: &'static str, value: &str| vec![(field, value.to_owned())];
        Identity(match self {
            Self::Settings => Vec::new(),
            // As the document has them.
            Self::Prompt { language, name } => {
                vec![("language", language.to_ascii_lowercase()), ("name", name.clone())]
            }
            Self::Agent(key) if key.contains('@') => one("email", &key.to_lowercase()),
            Self::Agent(key) => one("extension", key),
            Self::Playlist(key)
            | Self::BusinessHours(key)
            | Self::Group(key)
            | Self::Role(key)
            | Self::Trunk(key)
            | Self::Webhook(key)
            | Self::Report(key) => one("name", key),
            Self::FeatureCode(key) | Self::NotReadyCode(key) | Self::Disposition(key) => one("code", key),
            Self::Member { queue: _, agent } => one("agent", agent),
            Self::ExclusiveNumber { number, queue } => {
                vec![("number", number.clone()), ("queue", queue.clone())]
            }
            Self::Extension(key)
            | Self::Queue(key)
            | Self::Flow(key)
            | Self::RingGroup(key)
            | Self::Mailbox(key)
            | Self::Number(key)
            | Self::VipNumber(key)
            | Self::QueueBlacklisted(key)
            | Self::Blacklisted(key) => one("number", key),
        })
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.section()) {
            (Self::Member { queue, agent }, _) => {
                write!(f, "member {} of queue {}", clean(agent), clean(queue))
            }
            (_, None) => f.write_str("domain"),
            (_, Some(section)) => {
                let values = self.identity().0.into_iter().map(|(_, value)| clean(&value));
                write!(f, "{} {}", section.word(), values.collect::<Vec<_>>().join(section.between()))
            }
        }
    }
}

/// The lists of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Sounds from texts and files.
    Prompts,
    /// Several prompts under one name.
    Playlists,
    /// When places are open.
    BusinessHours,
    /// Groups of agents.
    Groups,
    /// Roles of the domain's own.
    Roles,
    /// People who take calls.
    Agents,
    /// Extensions that are nobody's.
    Extensions,
    /// Waiting lines, with their members.
    Queues,
    /// Call flows.
    Flows,
    /// Several phones under one number.
    RingGroups,
    /// Where callers leave messages.
    Mailboxes,
    /// Numbers dialed from outside.
    Numbers,
    /// Connections to carriers.
    Trunks,
    /// Callers who are served before others.
    VipNumbers,
    /// Callers who have agents of their own.
    ExclusiveNumbers,
    /// Callers whom queues keep out.
    QueueBlacklist,
    /// Callers who are refused.
    Blacklist,
    /// Who is told of events.
    Webhooks,
    /// What phones dial to do something.
    FeatureCodes,
    /// Why agents can be not ready.
    NotReadyCodes,
    /// What calls can have been about.
    Dispositions,
    /// Figures that go by e-mail.
    Reports,
}

impl Section {
    /// All of them, in the document's order.
    pub const ALL: [Self; 22] = [
        Self::Prompts,
        Self::Playlists,
        Self::BusinessHours,
        Self::Groups,
        Self::Roles,
        Self::Agents,
        Self::Extensions,
        Self::Queues,
        Self::Flows,
        Self::RingGroups,
        Self::Mailboxes,
        Self::Numbers,
        Self::Trunks,
        Self::VipNumbers,
        Self::ExclusiveNumbers,
        Self::QueueBlacklist,
        Self::Blacklist,
        Self::Webhooks,
        Self::FeatureCodes,
        Self::NotReadyCodes,
        Self::Dispositions,
        Self::Reports,
    ];

    /// Its name in the document, what an entry is called, and the fields that tell entries apart: of several sets the
    /// first that is there.
    const fn spelled(self) -> (&'static str, &'static str, &'static [&'static [&'static str]]) {
        match self {
            Self::Prompts => ("prompts", "prompt", &[&["language", "name"]]),
            Self::Playlists => ("playlists", "playlist", &[&["name"]]),
            Self::BusinessHours => ("business_hours", "business hours", &[&["name"]]),
            Self::Groups => ("groups", "group", &[&["name"]]),
            Self::Roles => ("roles", "role", &[&["name"]]),
            Self::Agents => ("agents", "agent", &[&["extension"], &["email"]]),
            Self::Extensions => ("extensions", "extension", &[&["number"]]),
            Self::Queues => ("queues", "queue", &[&["number"]]),
            Self::Flows => ("flows", "flow", &[&["number"]]),
            Self::RingGroups => ("ring_groups", "ring group", &[&["number"]]),
            Self::Mailboxes => ("mailboxes", "mailbox", &[&["number"]]),
            Self::Numbers => ("numbers", "number", &[&["number"]]),
            Self::Trunks => ("trunks", "trunk", &[&["name"]]),
            Self::VipNumbers => ("vip_numbers", "VIP number", &[&["number"]]),
            Self::ExclusiveNumbers => ("exclusive_numbers", "exclusive number", &[&["number", "queue"]]),
            Self::QueueBlacklist => ("queue_blacklist", "entry of the queue blacklist", &[&["number"]]),
            Self::Blacklist => ("blacklist", "entry of the blacklist", &[&["number"]]),
            Self::Webhooks => ("webhooks", "webhook", &[&["name"]]),
            Self::FeatureCodes => ("feature_codes", "feature code", &[&["code"]]),
            Self::NotReadyCodes => ("not_ready_codes", "not-ready code", &[&["code"]]),
            Self::Dispositions => ("dispositions", "disposition", &[&["code"]]),
            Self::Reports => ("reports", "report", &[&["name"]]),
        }
    }

    /// Its name in the document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.spelled().0
    }

    /// The list of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    /// The entry with this key: one part, or two of prompts (language and name) and exclusive numbers (number and
    /// queue); none if there are too few or too many.
    #[must_use]
    pub fn object(self, key: &[&str]) -> Option<Object> {
        if let [first, second] = key {
            let (first, second) = ((*first).to_owned(), (*second).to_owned());
            return if self == Self::Prompts {
                Some(Object::Prompt { language: first, name: second })
            } else if self == Self::ExclusiveNumbers {
                Some(Object::ExclusiveNumber { number: first, queue: second })
            } else {
                None
            };
        }
        let [key] = key else { return None };
        let key = (*key).to_owned();
        Some(match self {
            Self::Prompts | Self::ExclusiveNumbers => return None,
            Self::Playlists => Object::Playlist(key),
            Self::BusinessHours => Object::BusinessHours(key),
            Self::Groups => Object::Group(key),
            Self::Roles => Object::Role(key),
            Self::Agents => Object::Agent(key),
            Self::Extensions => Object::Extension(key),
            Self::Queues => Object::Queue(key),
            Self::Flows => Object::Flow(key),
            Self::RingGroups => Object::RingGroup(key),
            Self::Mailboxes => Object::Mailbox(key),
            Self::Numbers => Object::Number(key),
            Self::Trunks => Object::Trunk(key),
            Self::VipNumbers => Object::VipNumber(key),
            Self::QueueBlacklist => Object::QueueBlacklisted(key),
            Self::Blacklist => Object::Blacklisted(key),
            Self::Webhooks => Object::Webhook(key),
            Self::FeatureCodes => Object::FeatureCode(key),
            Self::NotReadyCodes => Object::NotReadyCode(key),
            Self::Dispositions => Object::Disposition(key),
            Self::Reports => Object::Report(key),
        })
    }

    /// The key of a new entry, from its own fields; none if it says too little.
    #[must_use]
    pub fn key_in(self, value: &serde_json::Value) -> Option<Vec<String>> {
        let (_, _, sets) = self.spelled();
        let part = |field: &&str| value.get(field)?.as_str().map(str::to_owned);
        sets.iter().find_map(|set| set.iter().map(part).collect::<Option<Vec<_>>>())
    }

    /// The fields that tell its entries apart.
    pub fn key_fields(self) -> impl Iterator<Item = &'static str> {
        self.spelled().2.iter().flat_map(|set| set.iter().copied())
    }

    pub(super) const fn word(self) -> &'static str {
        self.spelled().1
    }

    /// What stands between the parts of what an entry is called.
    const fn between(self) -> &'static str {
        match self {
            Self::ExclusiveNumbers => " of queue ",
            Self::Prompts
            | Self::Playlists
            | Self::BusinessHours
            | Self::Groups
            | Self::Roles
            | Self::Agents
            | Self::Extensions
            | Self::Queues
            | Self::Flows
            | Self::RingGroups
            | Self::Mailboxes
            | Self::Numbers
            | Self::Trunks
            | Self::VipNumbers
            | Self::QueueBlacklist
            | Self::Blacklist
            | Self::Webhooks
            | Self::FeatureCodes
            | Self::NotReadyCodes
            | Self::Dispositions
            | Self::Reports => "/",
        }
    }

    /// The parts of an entry's key.
    pub(crate) fn key_parts(self, entry: &Node) -> Vec<String> {
        let (_, _, sets) = self.spelled();
        let whole = |set: &&[&str]| {
            set.iter().map(|field| text_of(entry, field).map(str::to_owned)).collect::<Option<Vec<_>>>()
        };
        sets.iter().find_map(whole).unwrap_or_default()
    }

    /// What an entry is called without its kind: `8000`, `de/welcome`.
    pub(super) fn key_of(self, entry: &Node) -> String {
        self.key_parts(entry).join(self.between())
    }
}
