//! Numbering and publication: every event of a domain gets the next `seq`, without gaps, and carries the
//! whole new view of everything that its step changed.
//!
//! The law: replacing those objects in an older snapshot gives the newer one, field by field.

use std::collections::VecDeque;
use std::sync::Arc;

use engine::{AgentView, CallView, DomainView, Engine, Event, EventKind, Outbox, QueueView, Touched};
use model::{CallId, Directory, Timestamp};
use tokio::sync::mpsc;

/// One numbered event.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its number in this domain; the next one has the next number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What; none for a change of views that has no name of its own.
    pub event: Option<Event>,
    /// The domain as it is now, if it changed.
    pub domain: Option<DomainView>,
    /// Agents as they are now, of those that changed.
    pub agents: Vec<AgentView>,
    /// Queues as they are now, of those that changed.
    pub queues: Vec<QueueView>,
    /// Live calls as they are now, of those that changed.
    pub calls: Vec<CallView>,
    /// Calls that are over.
    pub calls_ended: Vec<CallId>,
    /// True if the views are complete: whatever is not in them is gone (provisioning changed).
    pub whole: bool,
    /// What was provisioned at that moment, to translate ids into numbers.
    pub directory: Arc<Directory>,
}

impl Published {
    /// The name under which it goes out.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.event.as_ref().map_or("updated", |event| event.kind.name())
    }
}

/// Everything at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The last event that is in it.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The domain itself.
    pub domain: DomainView,
    /// All agents, by id.
    pub agents: Vec<AgentView>,
    /// All queues, by id.
    pub queues: Vec<QueueView>,
    /// All live calls, by id.
    pub calls: Vec<CallView>,
    /// What is provisioned.
    pub directory: Arc<Directory>,
}

/// The stream of one domain: its last events for those who resume, and who listens.
#[derive(Debug)]
pub(crate) struct Publisher {
    seq: u64,
    kept: VecDeque<Arc<Published>>,
    kept_max: usize,
    subscribers: Vec<mpsc::Sender<Arc<Published>>>,
}

impl Publisher {
    pub(crate) fn new(first_seq: u64, kept_max: usize) -> Self {
        Self { seq: first_seq, kept: VecDeque::new(), kept_max, subscribers: Vec::new() }
    }

    pub(crate) const fn seq(&self) -> u64 {
        self.seq
    }

    /// Adds a listener; one that cannot keep up is dropped and sees its channel closed.
    pub(crate) fn subscribe(&mut self, to: mpsc::Sender<Arc<Published>>) {
        self.subscribers.retain(|s| !s.is_closed());
        self.subscribers.push(to);
    }

    /// The events after `since`, if all of them are still kept.
    pub(crate) fn after(&self, since: u64) -> Option<Vec<Arc<Published>>> {
        if since > self.seq {
            return None;
        }
        let missing = self.seq - since;
        let skip = self.kept.len().checked_sub(usize::try_from(missing).ok()?)?;
        Some(self.kept.iter().skip(skip).cloned().collect())
    }

    /// Numbers what a step said and hands each to `each`; listeners are told by [`Publisher::tell`].
    pub(crate) fn number(
        &mut self,
        engine: &Engine,
        out: &mut Outbox,
        now: Timestamp,
        mut each: impl FnMut(Arc<Published>),
    ) {
        let Outbox { events, touched, .. } = out;
        if events.is_empty() && touched.is_empty() {
            return;
        }
        let count = events.len();
        let events = events.drain(..).map(Some).chain((count == 0).then_some(None));
        for (index, event) in events.enumerate() {
            self.seq += 1;
            let mut published = Published {
                seq: self.seq,
                at: now,
                event,
                domain: None,
                agents: Vec::new(),
                queues: Vec::new(),
                calls: Vec::new(),
                calls_ended: Vec::new(),
                whole: false,
                directory: engine.directory().clone(),
            };
            // The views are those at the end of the step, so they go with its last event.
            if index + 1 >= count {
                attach_views(&mut published, engine, touched);
            }
            let published = Arc::new(published);
            if self.kept.len() >= self.kept_max {
                self.kept.pop_front();
            }
            self.kept.push_back(published.clone());
            each(published);
        }
    }

    /// Counts what a step said, for a run that nobody listens to; as [`Publisher::number`] would.
    pub(crate) fn count(&mut self, out: &Outbox) {
        let unnamed = u64::from(out.events.is_empty() && !out.touched.is_empty());
        self.seq += out.events.len() as u64 + unnamed;
    }

    /// Tells all listeners; one that cannot keep up is dropped and sees its channel closed.
    pub(crate) fn tell(&mut self, published: &Arc<Published>) {
        self.subscribers.retain(|s| s.try_send(published.clone()).is_ok());
    }
}

fn attach_views(published: &mut Published, engine: &Engine, touched: &Touched) {
    let view = engine.view();
    published.domain = (touched.domain || touched.all).then(|| view.domain());
    if touched.all {
        published.whole = true;
        published.agents = view.agents();
        published.queues = view.queues();
        published.calls = view.calls();
        return;
    }
    // Events are kept for long, by the thousand: no list has more room than it needs.
    published.agents.reserve_exact(touched.agents.len());
    published.agents.extend(touched.agents.iter().filter_map(|id| view.agent(*id)));
    published.queues.reserve_exact(touched.queues.len());
    published.queues.extend(touched.queues.iter().filter_map(|id| view.queue(*id)));
    published.calls.reserve_exact(touched.calls.len());
    for call in &touched.calls {
        match view.call(*call) {
            Some(call) => published.calls.push(call),
            None => published.calls_ended.push(*call),
        }
    }
}

/// The record of a call that ended, if that is what was published.
impl Published {
    /// The record, if this is the end of a call.
    #[must_use]
    pub fn record(&self) -> Option<&Arc<engine::CallRecord>> {
        match &self.event.as_ref()?.kind {
            EventKind::CallEnded { record } => Some(record),
            EventKind::CallArrived { .. }
            | EventKind::LegChanged { .. }
            | EventKind::FlowBegan { .. }
            | EventKind::FlowStep { .. }
            | EventKind::DigitsCollected { .. }
            | EventKind::FlowFellBack { .. }
            | EventKind::FlowEnded { .. }
            | EventKind::CallQueued { .. }
            | EventKind::IntroHeard { .. }
            | EventKind::Decided { .. }
            | EventKind::OfferMade { .. }
            | EventKind::OfferEnded { .. }
            | EventKind::CallConnected { .. }
            | EventKind::CallTransferred { .. }
            | EventKind::HoldChanged { .. }
            | EventKind::CallLeftQueue { .. }
            | EventKind::AgentChanged { .. }
            | EventKind::DeviceChanged { .. }
            | EventKind::NightModeChanged { .. }
            | EventKind::DndChanged { .. }
            | EventKind::ForwardingChanged { .. }
            | EventKind::CallLinkChanged { .. }
            | EventKind::RingGroupBegan { .. }
            | EventKind::RingGroupEnded { .. }
            | EventKind::MessageLeft { .. }
            | EventKind::MessageMarked { .. }
            | EventKind::MessageTranscribed { .. }
            | EventKind::MessageDeleted { .. }
            | EventKind::RecordingFailed { .. }
            | EventKind::MailboxLocked { .. }
            | EventKind::DirectoryChanged
            | EventKind::CallFaulted { .. }
            | EventKind::CallRefused { .. } => None,
        }
    }
}
