//! Which part of the stream a client wants: topics, queues, agents.
//!
//! The law of the stream holds for the part as for the whole: folding the messages gives what the part of a new
//! snapshot would be. A call that is no longer part of it leaves as one that has ended does.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{AgentView, CallView, EventKind, QueueView};
use model::{AgentId, CallId, Directory, Purview, QueueId};
use store::webhook::topics::{TOPICS, topic_of};
use switch::{Published, Snapshot};

use super::about::{Subject, about};
use super::feed::End;
use super::message::{EventMessage, SnapshotMessage};
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::seen::{Watch, agents_of, has_call, has_record, queues_of};
use crate::storage::Identity;

/// Most queues or agents of a filter.
const NAMES_MAX: usize = 200;

/// The topics that views are of; the rest of the topics has none.
const AGENTS: &str = "agents";
const QUEUES: &str = "queues";
const CALLS: &str = "calls";

/// A part of the stream, as it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    topics: Option<BTreeSet<&'static str>>,
    queues: Option<BTreeSet<String>>,
    agents: Option<BTreeSet<String>>,
}

impl Filter {
    /// Reads lists with commas; a list that is not there leaves nothing out.
    pub(crate) fn read(
        topics: Option<&str>,
        queues: Option<&str>,
        agents: Option<&str>,
    ) -> Result<Self, Problem> {
        let wrong = |detail: String| Problem::new(ProblemKind::InvalidParameter, detail);
        let topic = |word: &str| {
            TOPICS.iter().find(|(known, _)| *known == word).map(|(topic, _)| *topic).ok_or_else(|| {
                let known = TOPICS.map(|(word, _)| word).join(", ");
                wrong(format!("`topics` has `{}`; there are {known}", shown(word)))
            })
        };
        let names = |what: &str, list: Option<&str>| {
            let Some(list) = list else { return Ok(None) };
            let names: BTreeSet<String> = words(list).map(str::to_owned).collect();
            if names.is_empty() || names.len() > NAMES_MAX {
                return Err(wrong(format!(
                    "`{what}` wants 1 to {NAMES_MAX} numbers with commas between them"
                )));
            }
            Ok(Some(names))
        };
        let topics =
            topics.map(|list| words(list).map(topic).collect::<Result<BTreeSet<_>, _>>()).transpose()?;
        if topics.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(wrong("`topics` names none".into()));
        }
        Ok(Self { topics, queues: names("queues", queues)?, agents: names("agents", agents)? })
    }

    /// Nothing is left out.
    pub(crate) fn is_all(&self) -> bool {
        *self == Self::default()
    }

    fn wants(&self, topic: &str) -> bool {
        self.topics.as_ref().is_none_or(|topics| topics.contains(topic))
    }
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// The part of one client: what she wants, what of it she sees, and the calls that she has been shown.
#[derive(Debug)]
pub(crate) struct Part {
    filter: Filter,
    watch: Watch,
    shown: BTreeSet<CallId>,
}

impl Part {
    pub(crate) fn new(filter: Filter, who: Identity) -> Self {
        Self { filter, watch: Watch::new(who), shown: BTreeSet::new() }
    }

    /// Whether it can go on where an earlier connection stopped. Which calls that one had been shown is not known any
    /// more, so only who is shown all can: a part would not hear of their ends.
    pub(crate) fn may_resume(&self) -> bool {
        self.filter.is_all() && self.watch.who().supervises.is_none()
    }

    /// What is provisioned now, before anything is told of it: an end if she may see nothing any more.
    pub(crate) fn look(&mut self, directory: &Arc<Directory>) -> Result<(), End> {
        self.watch.look(directory);
        if self.watch.may_read() { Ok(()) } else { Err(End::Login) }
    }

    /// Everything goes out: one text for all clients will do.
    pub(crate) fn is_all(&self, directory: &Directory) -> bool {
        self.filter.is_all() && self.watch.purview(directory).is_whole()
    }

    /// Her part of a snapshot.
    pub(crate) fn snapshot(&mut self, whole: &Snapshot) -> String {
        let mut part = whole.clone();
        let purview = &*self.watch.purview(&whole.directory);
        let names = Scope { filter: &self.filter, purview, directory: &whole.directory };
        part.agents.retain(|agent| names.has_agent_view(agent));
        part.queues.retain(|queue| names.has_queue_view(queue));
        part.calls.retain(|call| names.has_call_view(call));
        self.shown = part.calls.iter().map(|call| call.call).collect();
        serde_json::to_string(&SnapshotMessage::new(&part)).unwrap_or_default()
    }

    /// Her part of a message; none if nothing of it is for her. Most are not: nothing is copied for those.
    pub(crate) fn event(&mut self, whole: &Published) -> Option<String> {
        let purview = &*self.watch.purview(&whole.directory);
        let names = Scope { filter: &self.filter, purview, directory: &whole.directory };
        let agents: Vec<&AgentView> = whole.agents.iter().filter(|view| names.has_agent_view(view)).collect();
        let queues: Vec<&QueueView> = whole.queues.iter().filter(|view| names.has_queue_view(view)).collect();
        let (calls, left): (Vec<&CallView>, Vec<&CallView>) =
            whole.calls.iter().partition(|view| names.has_call_view(view));
        let gone = whole.calls_ended.iter().copied().chain(left.iter().map(|view| view.call));
        let calls_ended: Vec<CallId> = gone.filter(|call| self.shown.contains(call)).collect();
        if whole.whole {
            self.shown.clear();
        }
        let event = whole.event.as_ref().filter(|event| {
            let is_shown =
                |call: CallId| self.shown.contains(&call) || calls.iter().any(|view| view.call == call);
            names.sees_event(&event.kind, is_shown) && names.has_event(&event.kind, is_shown)
        });
        self.shown.extend(calls.iter().map(|view| view.call));
        for call in &calls_ended {
            self.shown.remove(call);
        }
        let says = event.is_some()
            || whole.whole
            || whole.domain.is_some()
            || !(agents.is_empty() && queues.is_empty())
            || !(calls.is_empty() && calls_ended.is_empty());
        says.then(|| {
            let part = Published {
                seq: whole.seq,
                at: whole.at,
                event: event.cloned(),
                domain: whole.domain.clone(),
                agents: agents.into_iter().cloned().collect(),
                queues: queues.into_iter().cloned().collect(),
                calls: calls.into_iter().cloned().collect(),
                calls_ended,
                whole: whole.whole,
                directory: whole.directory.clone(),
            };
            serde_json::to_string(&EventMessage::new(&part)).unwrap_or_default()
        })
    }
}

/// A filter and what its names stand for at one moment.
struct Scope<'a> {
    filter: &'a Filter,
    purview: &'a Purview,
    directory: &'a Directory,
}

impl Scope<'_> {
    fn queue(&self, id: QueueId) -> bool {
        self.filter.queues.as_ref().is_none_or(|wanted| {
            self.directory.queues.get(&id).is_some_and(|queue| wanted.contains(queue.number.as_str()))
        })
    }

    fn agent(&self, id: AgentId) -> bool {
        let number = |id| self.directory.agents.get(&id)?.extension.as_ref();
        self.filter
            .agents
            .as_ref()
            .is_none_or(|wanted| number(id).is_some_and(|number| wanted.contains(number.as_str())))
    }

    fn has_agent_view(&self, view: &AgentView) -> bool {
        let of_queues =
            self.filter.queues.is_none() || view.memberships.iter().any(|member| self.queue(member.queue));
        self.filter.wants(AGENTS) && self.purview.has_agent(view.agent) && self.agent(view.agent) && of_queues
    }

    fn has_queue_view(&self, view: &QueueView) -> bool {
        self.filter.wants(QUEUES) && self.purview.has_queue(view.queue) && self.queue(view.queue)
    }

    fn has_call_view(&self, view: &CallView) -> bool {
        self.filter.wants(CALLS)
            && has_call(self.purview, view)
            && (self.filter.queues.is_none() || queues_of(view).any(|queue| self.queue(queue)))
            && (self.filter.agents.is_none() || agents_of(view).any(|agent| self.agent(agent)))
    }

    /// She may know of it: of a call with that call, of an agent with her, of a mailbox with whose it is. What is of the
    /// domain is everybody's.
    fn sees_event(&self, kind: &EventKind, is_shown: impl Fn(CallId) -> bool) -> bool {
        if self.purview.is_whole() {
            return true;
        }
        if let EventKind::CallEnded { record } = kind {
            return is_shown(record.call) || has_record(self.purview, record);
        }
        let about = about(kind);
        let queue = || about.queue(self.directory).is_some_and(|queue| self.purview.has_queue(queue));
        let agent = || about.agent(self.directory).is_some_and(|agent| self.purview.has_agent(agent));
        match about.subject {
            Subject::Domain => true,
            Subject::Queue(_) => queue(),
            Subject::Agent(_) | Subject::Phone(_) => agent(),
            Subject::Call(_) | Subject::Mailbox(_) => {
                queue() || agent() || about.call().is_some_and(is_shown)
            }
        }
    }

    fn has_event(&self, kind: &EventKind, is_shown: impl Fn(CallId) -> bool) -> bool {
        // Whose it is comes first: of a thousand desks it is one's, and the topic is looked up by name.
        if self.filter.queues.is_some() || self.filter.agents.is_some() {
            let about = about(kind);
            let in_queues = || about.queue(self.directory).is_some_and(|queue| self.queue(queue));
            let of_agents = || about.agent(self.directory).is_some_and(|agent| self.agent(agent));
            let is_hers = (self.filter.queues.is_some() && in_queues())
                || (self.filter.agents.is_some() && of_agents())
                || about.call().is_some_and(is_shown);
            if !is_hers {
                return false;
            }
        }
        topic_of(kind.name()).is_some_and(|topic| self.filter.wants(topic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_what_there_is_and_is_not_endless() {
        let read =
            |topics, queues, agents| Filter::read(topics, queues, agents).map_err(|problem| problem.detail);
        assert!(read(None, None, None).is_ok_and(|filter| filter.is_all()));
        assert!(read(Some("queues, calls"), Some("8000"), None).is_ok_and(|filter| !filter.is_all()));
        assert_eq!(
            read(Some("weather"), None, None),
            Err("`topics` has `weather`; there are calls, queues, agents, phones, mailboxes, domain".into())
        );
        assert_eq!(read(Some(","), None, None), Err("`topics` names none".into()));
        let many = (0..=NAMES_MAX).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert!(read(None, Some(&many), None).is_err_and(|detail| detail.contains("1 to 200")));
        assert!(read(None, None, Some("")).is_err());
    }
}
