//! What a socket follows, and whether it may: asked when it subscribes, and again of every message.

use std::collections::BTreeSet;

use model::{Directory, Right};

use super::command::Wanted;
use crate::path::shown;
use crate::storage::Identity;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About<'a> {
    /// A queue, by number.
    Queue(&'a str),
    /// An extension, by number.
    Extension(&'a str),
    /// That there are queues.
    Queues,
    /// That there are extensions.
    Extensions,
    /// A call.
    Calls,
}

/// What one socket follows.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    who: Identity,
    pub(super) queues: BTreeSet<String>,
    pub(super) extensions: BTreeSet<String>,
    all_queues: bool,
    all_extensions: bool,
    calls: bool,
}

impl Scope {
    /// Nothing yet.
    pub(super) fn new(who: Identity) -> Self {
        Self {
            who,
            queues: BTreeSet::new(),
            extensions: BTreeSet::new(),
            all_queues: false,
            all_extensions: false,
            calls: false,
        }
    }

    /// Whether a message goes out.
    pub(super) fn wants(&self, about: About<'_>, directory: &Directory) -> bool {
        let followed = match about {
            About::Queue(number) => self.queues.contains(number),
            About::Extension(number) => self.extensions.contains(number),
            About::Queues => self.all_queues,
            About::Extensions => self.all_extensions,
            About::Calls => self.calls,
        };
        followed && self.may(about, directory)
    }

    /// An agent follows her own queues and her own extension; a supervisor every one, and the calls; an admin also
    /// what becomes of extensions.
    fn may(&self, about: About<'_>, directory: &Directory) -> bool {
        let anybodys = || self.who.may_now(Right::AgentState, directory);
        let own =
            |number: &str| directory.agent_of(number).is_some_and(|agent| self.who.agent == Some(agent.id));
        let member = |number: &str| {
            let queue = directory.queue(number).map(|queue| queue.id);
            queue.zip(self.who.agent).is_some_and(|key| directory.memberships.contains_key(&key))
        };
        match about {
            About::Queue(number) => anybodys() || member(number),
            About::Extension(number) => anybodys() || own(number),
            About::Queues | About::Calls => anybodys(),
            About::Extensions => self.who.may_now(Right::Configuration, directory),
        }
    }

    /// Follows all that is wanted, or nothing of it. What is not there and what she may not follow are refused alike.
    pub(super) fn subscribe(&mut self, wanted: &Wanted, directory: &Directory) -> Result<(), String> {
        let mut next = self.clone();
        if wanted.topics.is_empty() {
            return Err("`topics` is empty".into());
        }
        for topic in &wanted.topics {
            next.add(topic, wanted, directory)?;
        }
        *self = next;
        Ok(())
    }

    fn add(&mut self, topic: &str, wanted: &Wanted, directory: &Directory) -> Result<(), String> {
        let refused = |what: &str| Err(format!("{what} cannot be followed by this user"));
        match topic {
            "queue_events" => {
                if wanted.queues.is_empty() {
                    return Err("`queues` is empty".into());
                }
                for number in &wanted.queues {
                    if directory.queue(number).is_none() || !self.may(About::Queue(number), directory) {
                        return refused(&format!("queue {}", shown(number)));
                    }
                    self.queues.insert(number.clone());
                }
            }
            "extension_events" => {
                if wanted.extensions.is_empty() {
                    return Err("`extensions` is empty".into());
                }
                for number in &wanted.extensions {
                    let known = directory.extensions.keys().any(|known| known.as_str() == number);
                    if !known || !self.may(About::Extension(number), directory) {
                        return refused(&format!("extension {}", shown(number)));
                    }
                    self.extensions.insert(number.clone());
                }
            }
            "queue_management_events" | "extension_management_events" | "cdr_events" => {
                let (about, followed) = match topic {
                    "queue_management_events" => (About::Queues, &mut self.all_queues),
                    "extension_management_events" => (About::Extensions, &mut self.all_extensions),
                    _ => (About::Calls, &mut self.calls),
                };
                *followed = true;
                if !self.may(about, directory) {
                    return refused(topic);
                }
            }
            other => return Err(format!("there is no topic `{}` here", shown(other))),
        }
        Ok(())
    }

    /// Follows these no more; what was not followed is passed over.
    pub(super) fn unsubscribe(&mut self, wanted: &Wanted) {
        for topic in &wanted.topics {
            match topic.as_str() {
                "queue_events" => wanted.queues.iter().for_each(|number| {
                    self.queues.remove(number);
                }),
                "extension_events" => wanted.extensions.iter().for_each(|number| {
                    self.extensions.remove(number);
                }),
                "queue_management_events" => self.all_queues = false,
                "extension_management_events" => self.all_extensions = false,
                "cdr_events" => self.calls = false,
                _ => {}
            }
        }
    }

    /// What of this came new with `other` taken away: its snapshots are still to be told.
    pub(super) fn since(&self, other: &Self) -> Self {
        let mut new = self.clone();
        new.queues = self.queues.difference(&other.queues).cloned().collect();
        new.extensions = self.extensions.difference(&other.extensions).cloned().collect();
        new.all_queues &= !other.all_queues;
        new.all_extensions &= !other.all_extensions;
        new
    }
}
