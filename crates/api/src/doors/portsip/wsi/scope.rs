//! What a socket follows, and whether it may: asked when it subscribes, and again of every message.

use std::collections::BTreeSet;

use model::{AgentId, Directory, Right};
use std::sync::Arc;

use super::command::Wanted;
use crate::path::shown;
use crate::seen::Watch;
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
    watch: Watch,
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
            watch: Watch::new(who),
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

    /// What is provisioned now: worked out once for all messages that say the same.
    pub(super) fn look(&mut self, directory: &Arc<Directory>) {
        self.watch.look(directory);
    }

    /// Whether an agent is named among those of a queue.
    pub(super) fn names(&self, agent: AgentId, directory: &Directory) -> bool {
        self.watch.purview(directory).has_agent(agent)
    }

    /// An agent follows her own queues and her own extension; a supervisor every one, and the calls; an admin also
    /// what becomes of extensions. Who supervises some groups follows their queues and extensions, and no topic that
    /// tells of all at once.
    fn may(&self, about: About<'_>, directory: &Directory) -> bool {
        let who = self.watch.who();
        let purview = self.watch.purview(directory);
        let anybodys = || who.may_now(Right::AgentState, directory);
        let agent = |number: &str| directory.agent_of(number).map(|agent| agent.id);
        let queue = |number: &str| directory.queue(number).map(|queue| queue.id);
        match about {
            About::Queue(number) => {
                let key = queue(number).zip(who.agent);
                anybodys() && queue(number).is_none_or(|queue| purview.has_queue(queue))
                    || key.is_some_and(|key| directory.memberships.contains_key(&key))
            }
            About::Extension(number) => {
                let of = agent(number);
                anybodys() && of.map_or(purview.is_whole(), |agent| purview.has_agent(agent))
                    || of.is_some() && of == who.agent
            }
            About::Queues | About::Calls => anybodys() && purview.is_whole(),
            About::Extensions => who.may_now(Right::Configuration, directory) && purview.is_whole(),
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
