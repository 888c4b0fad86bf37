//! Which part of the stream a client wants: topics, queues, agents.
//!
//! The law of the stream holds for the part as for the whole: folding the messages gives what the part of a new
//! snapshot would be. A call that is no longer part of it leaves as one that has ended does.

use std::collections::BTreeSet;

use engine::{AgentView, CallState, CallView, EventKind, QueueView};
use model::{AgentId, CallId, Directory, Purview, QueueId};
use std::sync::Arc;
use switch::{Published, Snapshot};

use super::feed::End;
use super::message::{EventMessage, SnapshotMessage};
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::seen::{Watch, has_call, has_record};
use crate::storage::Identity;

/// Most queues or agents of a filter.
const NAMES_MAX: usize = 200;

/// What messages can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// Night mode, what is provisioned, refused calls. The domain's own object is part of every part.
    Domain,
    /// Agents, their states and their phones.
    Agents,
    /// Queues and who waits there.
    Queues,
    /// Calls, their legs and where they are.
    Calls,
    /// Messages in mailboxes.
    Mailboxes,
}

impl Topic {
    const ALL: [(&'static str, Self); 5] = [
        ("domain", Self::Domain),
        ("agents", Self::Agents),
        ("queues", Self::Queues),
        ("calls", Self::Calls),
        ("mailboxes", Self::Mailboxes),
    ];
}

/// A part of the stream, as it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    topics: Option<BTreeSet<Topic>>,
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
            Topic::ALL.iter().find(|(known, _)| *known == word).map(|(_, topic)| *topic).ok_or_else(|| {
                let known = Topic::ALL.map(|(word, _)| word).join(", ");
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

    fn wants(&self, topic: Topic) -> bool {
        self.topics.as_ref().is_none_or(|topics| topics.contains(&topic))
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

    /// Her part of a message; none if nothing of it is for her.
    pub(crate) fn event(&mut self, whole: &Published) -> Option<String> {
        let mut part = whole.clone();
        let purview = &*self.watch.purview(&whole.directory);
        let names = Scope { filter: &self.filter, purview, directory: &whole.directory };
        part.agents.retain(|agent| names.has_agent_view(agent));
        part.queues.retain(|queue| names.has_queue_view(queue));
        let (kept, left): (Vec<CallView>, Vec<CallView>) =
            std::mem::take(&mut part.calls).into_iter().partition(|call| names.has_call_view(call));
        part.calls_ended.retain(|call| self.shown.contains(call));
        part.calls_ended.extend(left.iter().map(|call| call.call).filter(|call| self.shown.contains(call)));
        part.calls = kept;
        if part.whole {
            self.shown.clear();
        }
        let is_hers = part.event.as_ref().is_some_and(|event| {
            let of_call =
                |call: CallId| self.shown.contains(&call) || part.calls.iter().any(|view| view.call == call);
            names.sees_event(&event.kind, of_call) && names.has_event(&event.kind, of_call)
        });
        self.shown.extend(part.calls.iter().map(|call| call.call));
        part.calls_ended.iter().for_each(|call| {
            self.shown.remove(call);
        });
        if !is_hers {
            part.event = None;
        }
        let says = is_hers
            || part.whole
            || part.domain.is_some()
            || !(part.agents.is_empty() && part.queues.is_empty())
            || !(part.calls.is_empty() && part.calls_ended.is_empty());
        says.then(|| serde_json::to_string(&EventMessage::new(&part)).unwrap_or_default())
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
        let sees = self.purview.has_agent(view.agent);
        sees && self.filter.wants(Topic::Agents) && self.agent(view.agent) && of_queues
    }

    fn has_queue_view(&self, view: &QueueView) -> bool {
        self.purview.has_queue(view.queue) && self.filter.wants(Topic::Queues) && self.queue(view.queue)
    }

    fn has_call_view(&self, view: &CallView) -> bool {
        let stands = match view.state {
            CallState::Waiting { queue, .. } | CallState::CallingBack { queue } => Some(queue),
            CallState::Connected { queue } => queue,
            CallState::Started | CallState::InFlow { .. } | CallState::Ringing | CallState::Ending => None,
        };
        let mut queues = view.legs.iter().filter_map(|leg| leg.queue).chain(stands);
        let mut agents = view.legs.iter().filter_map(|leg| leg.agent).chain(view.agent);
        has_call(self.purview, view)
            && self.filter.wants(Topic::Calls)
            && (self.filter.queues.is_none() || queues.any(|queue| self.queue(queue)))
            && (self.filter.agents.is_none() || agents.any(|agent| self.agent(agent)))
    }

    /// She may know of it: of a call with that call, of an agent with her, of a mailbox with whose it is. What is of the
    /// domain is everybody's.
    fn sees_event(&self, kind: &EventKind, of_call: impl Fn(CallId) -> bool) -> bool {
        if self.purview.is_whole() {
            return true;
        }
        if let EventKind::CallEnded { record } = kind {
            return of_call(record.call) || has_record(self.purview, record);
        }
        let About { topic, call, queue, agent } = about(kind, self.directory);
        let queue_seen = queue.map(|queue| self.purview.has_queue(queue));
        let agent_seen = agent.map(|agent| self.purview.has_agent(agent));
        match topic {
            Topic::Domain => queue_seen.unwrap_or(true),
            Topic::Agents => agent_seen.unwrap_or(false),
            Topic::Queues | Topic::Calls | Topic::Mailboxes => {
                queue_seen.unwrap_or(false) || agent_seen.unwrap_or(false) || call.is_some_and(of_call)
            }
        }
    }

    fn has_event(&self, kind: &EventKind, of_call: impl Fn(CallId) -> bool) -> bool {
        let About { topic, call, queue, agent } = about(kind, self.directory);
        let narrow = self.filter.queues.is_some() || self.filter.agents.is_some();
        let in_queues = self.filter.queues.is_some() && queue.is_some_and(|queue| self.queue(queue));
        let of_agents = self.filter.agents.is_some() && agent.is_some_and(|agent| self.agent(agent));
        self.filter.wants(topic) && (!narrow || in_queues || of_agents || call.is_some_and(of_call))
    }
}

/// What an event is about.
struct About {
    topic: Topic,
    call: Option<CallId>,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
}

fn about(kind: &EventKind, directory: &Directory) -> About {
    let of = |topic, call, queue, agent| About { topic, call, queue, agent };
    let of_call = |call: &CallId| of(Topic::Calls, Some(*call), None, None);
    let whose =
        |extension: &model::ExtensionNumber| directory.agent_of(extension.as_str()).map(|agent| agent.id);
    match kind {
        EventKind::CallArrived { call }
        | EventKind::LegChanged { call, .. }
        | EventKind::FlowBegan { call, .. }
        | EventKind::FlowStep { call, .. }
        | EventKind::DigitsCollected { call, .. }
        | EventKind::FlowFellBack { call, .. }
        | EventKind::FlowEnded { call, .. }
        | EventKind::RingGroupBegan { call, .. }
        | EventKind::RingGroupEnded { call, .. }
        | EventKind::HoldChanged { call, .. }
        | EventKind::CallFaulted { call, .. } => of_call(call),
        EventKind::CallEnded { record } => of_call(&record.call),
        EventKind::CallTransferred { call, agent, .. } => of(Topic::Calls, Some(*call), None, *agent),
        EventKind::CallConnected { call, queue, agent, .. } => of(Topic::Calls, Some(*call), *queue, *agent),
        EventKind::CallQueued { call, queue, .. }
        | EventKind::IntroHeard { call, queue }
        | EventKind::CallLeftQueue { call, queue, .. } => of(Topic::Queues, Some(*call), Some(*queue), None),
        EventKind::Decided { decision } => of(Topic::Queues, Some(decision.call), Some(decision.queue), None),
        EventKind::OfferMade { call, queue, agent, .. }
        | EventKind::OfferEnded { call, queue, agent, .. } => {
            of(Topic::Queues, Some(*call), Some(*queue), Some(*agent))
        }
        EventKind::AgentChanged { agent, queue, .. } => of(Topic::Agents, None, Some(*queue), Some(*agent)),
        EventKind::DeviceChanged { extension, .. } | EventKind::DndChanged { extension, .. } => {
            of(Topic::Agents, None, None, whose(extension))
        }
        EventKind::ForwardingChanged { agent, .. } => of(Topic::Agents, None, None, Some(*agent)),
        EventKind::NightModeChanged { queue, .. } => of(Topic::Domain, None, *queue, None),
        EventKind::MessageLeft { mailbox, .. }
        | EventKind::MessageMarked { mailbox, .. }
        | EventKind::MessageTranscribed { mailbox, .. }
        | EventKind::MessageDeleted { mailbox, .. }
        | EventKind::RecordingFailed { mailbox, .. }
        | EventKind::MailboxLocked { mailbox, .. } => {
            let number = directory.mailboxes.get(mailbox).map(|mailbox| &mailbox.number);
            let queue = number.and_then(|number| directory.queue(number.as_str())).map(|queue| queue.id);
            of(Topic::Mailboxes, None, queue, number.and_then(whose))
        }
        EventKind::DirectoryChanged | EventKind::CallRefused { .. } => of(Topic::Domain, None, None, None),
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
            Err("`topics` has `weather`; there are domain, agents, queues, calls, mailboxes".into())
        );
        assert_eq!(read(Some(","), None, None), Err("`topics` names none".into()));
        let many = (0..=NAMES_MAX).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert!(read(None, Some(&many), None).is_err_and(|detail| detail.contains("1 to 200")));
        assert!(read(None, None, Some("")).is_err());
    }
}
