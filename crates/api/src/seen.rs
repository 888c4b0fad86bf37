//! The domain as one login sees it: the one way from a handler to the switch and to the records of calls.
//!
//! Who supervises some groups only finds their agents, queues and calls here, and nothing else: what is beyond her
//! [`Purview`] is not there, as what is of another domain is not. So no handler has to ask whose a thing is.
//! [`Switch::whole`] is for who sorts what each client is told, again with every message (the live feeds and the doors'
//! sockets), and for what is of no login's part: the domain's own entry and limits, what a plan would do.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use engine::{
    AgentView, CallRecord, CallState, CallView, MailboxView, NoCall, Rejection, Reply, Request, Scope,
    WaitingView, WhatIfStep, WhyWaiting,
};
use model::{AgentId, CallId, Directory, MailboxId, Purview, QueueId, Right, Timestamp};
use store::{CallDisposition, CallFilter, Cursor, Part};
use switch::{AskError, Handle, Snapshot};

use crate::auth::Access;
use crate::problem::Problem;
use crate::state::App;
use crate::storage::{Identity, StorageError, place_of};
use crate::v1::names::Names;

/// Records of ended calls looked at for one page, for who sees some of them only: so many at a time, so often.
const RECORDS_AT_ONCE: u8 = 200;
const RECORDS_TIMES_MAX: usize = 20;

/// The way to the engines, closed to who does not say who asks.
pub(crate) struct Switch(Handle);

impl Switch {
    pub(crate) const fn new(handle: Handle) -> Self {
        Self(handle)
    }

    /// All of it, for who looks at [`Purview`] herself or answers nobody in particular.
    pub(crate) const fn whole(&self) -> &Handle {
        &self.0
    }
}

impl Access {
    /// The domain as this login sees it.
    pub(crate) const fn sees<'a>(&'a self, app: &'a App) -> Seen<'a> {
        Seen { app, access: self }
    }
}

/// The domain as one login sees it.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    app: &'a App,
    access: &'a Access,
}

/// What is provisioned, as far as a login sees it.
pub(crate) struct SeenDirectory {
    part: Arc<Directory>,
    whole: Arc<Directory>,
}

/// Everything as it stands, as far as a login sees it.
pub(crate) struct SeenSnapshot {
    part: Snapshot,
    whole: Arc<Directory>,
}

impl SeenDirectory {
    /// Names for what a login sees: who else is on a call of hers is named as ever.
    pub(crate) fn names(&self) -> Names<'_> {
        Names(&self.whole)
    }
}

impl SeenSnapshot {
    /// As [`SeenDirectory::names`].
    pub(crate) fn names(&self) -> Names<'_> {
        Names(&self.whole)
    }
}

impl Deref for SeenDirectory {
    type Target = Directory;

    fn deref(&self) -> &Directory {
        &self.part
    }
}

impl Deref for SeenSnapshot {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.part
    }
}

impl Seen<'_> {
    fn switch(&self) -> &Handle {
        &self.app.switch.0
    }

    /// What of the domain it is. The login was looked up this moment: it knows better than the running switch.
    pub(crate) async fn purview(&self) -> Result<Purview, AskError> {
        let identity = self.access.identity();
        let Some(groups) = &identity.supervises else { return Ok(Purview::whole()) };
        let directory = self.switch().provisioned(self.access.tenant()).await?;
        Ok(Purview::of_groups(groups, identity.agent, &directory))
    }

    /// What is provisioned.
    pub(crate) async fn directory(&self) -> Result<SeenDirectory, AskError> {
        let whole = self.switch().provisioned(self.access.tenant()).await?;
        let part = within(&whole, &self.purview().await?);
        Ok(SeenDirectory { part, whole })
    }

    /// Everything as it stands.
    pub(crate) async fn snapshot(&self) -> Result<SeenSnapshot, AskError> {
        let snapshot = self.switch().snapshot(self.access.tenant()).await?;
        let whole = snapshot.directory.clone();
        Ok(SeenSnapshot { part: part_of(snapshot, &self.purview().await?), whole })
    }

    /// One agent.
    pub(crate) async fn agent(&self, agent: AgentId) -> Result<Option<AgentView>, AskError> {
        if !self.purview().await?.has_agent(agent) {
            return Ok(None);
        }
        self.switch().agent(self.access.tenant(), agent).await
    }

    /// One live call.
    pub(crate) async fn call(&self, call: CallId) -> Result<Option<CallView>, AskError> {
        let Some(view) = self.switch().call(self.access.tenant(), call).await? else { return Ok(None) };
        Ok(has_call(&self.purview().await?, &view).then_some(view))
    }

    /// The record of a live call as far as it has come.
    pub(crate) async fn record(&self, call: CallId) -> Result<Option<CallRecord>, AskError> {
        if self.call(call).await?.is_none() {
            return Ok(None);
        }
        self.switch().record(self.access.tenant(), call).await
    }

    /// A queue's line.
    pub(crate) async fn waiting(&self, queue: QueueId) -> Result<Vec<WaitingView>, AskError> {
        if !self.purview().await?.has_queue(queue) {
            return Ok(Vec::new());
        }
        self.switch().waiting(self.access.tenant(), queue).await
    }

    /// Why a call still waits.
    pub(crate) async fn why_waiting(&self, call: CallId) -> Result<Option<WhyWaiting>, AskError> {
        let found = self.switch().why_waiting(self.access.tenant(), call).await?;
        let purview = self.purview().await?;
        Ok(found.filter(|found| purview.has_queue(found.queue)))
    }

    /// Why an agent is given no call.
    pub(crate) async fn why_no_call(&self, agent: AgentId) -> Result<Option<Vec<NoCall>>, AskError> {
        if !self.purview().await?.has_agent(agent) {
            return Ok(None);
        }
        self.switch().why_no_call(self.access.tenant(), agent).await
    }

    /// What would happen to a call. How a domain leads its callers is for everybody who may see it at all.
    pub(crate) async fn what_if(
        &self,
        number: String,
        caller: String,
        at: Timestamp,
    ) -> Result<Option<Vec<WhatIfStep>>, AskError> {
        self.switch().what_if(self.access.tenant(), number, caller, at).await
    }

    /// One mailbox with its messages.
    pub(crate) async fn mailbox(&self, mailbox: MailboxId) -> Result<Option<MailboxView>, AskError> {
        if !self.directory().await?.mailboxes.contains_key(&mailbox) {
            return Ok(None);
        }
        self.switch().mailbox(self.access.tenant(), mailbox).await
    }

    /// Does something, if all that it is about is seen.
    pub(crate) async fn request(&self, request: Request) -> Result<Result<Reply, Rejection>, AskError> {
        if let Some(rejection) = self.beyond(&request).await? {
            return Ok(Err(rejection));
        }
        self.switch().request(self.access.tenant(), self.access.identity().actor(), request).await
    }

    /// Why a request is about something that is not there for her.
    async fn beyond(&self, request: &Request) -> Result<Option<Rejection>, AskError> {
        let purview = self.purview().await?;
        if purview.is_whole() {
            return Ok(None);
        }
        let agent = |agent: AgentId| (!purview.has_agent(agent)).then_some(Rejection::UnknownAgent);
        let queue = |queue: QueueId| (!purview.has_queue(queue)).then_some(Rejection::UnknownQueue);
        Ok(match request {
            Request::Agent { agent: whose, scope: Scope::All, action: _ }
            | Request::MakeCall { agent: whose, to: _ }
            | Request::Reach { agent: whose, change: _ } => agent(*whose),
            Request::Agent { agent: whose, scope: Scope::Queue(of), action: _ }
            | Request::PickUp { call: _, queue: of, agent: whose } => agent(*whose).or_else(|| queue(*of)),
            Request::Move { call: _, queue: of, to } => queue(*of).or_else(|| queue(*to)),
            Request::HangUp { call }
            | Request::Lift { call, .. }
            | Request::Transfer { call, .. }
            | Request::Hold { call, .. }
            | Request::Press { call, .. } => {
                self.call(*call).await?.is_none().then_some(Rejection::UnknownCall)
            }
            Request::NightMode { queue: Some(of), on: _ } => queue(*of),
            // It is everybody's.
            Request::NightMode { queue: None, on: _ } => Some(Rejection::NotHers),
            Request::Message { mailbox, .. } | Request::Greeting { mailbox, .. } => {
                let seen = self.directory().await?.mailboxes.contains_key(mailbox);
                (!seen).then_some(Rejection::UnknownMailbox)
            }
        })
    }

    /// The record of an ended call.
    pub(crate) async fn ended(&self, call: CallId) -> Result<Option<Arc<CallRecord>>, Problem> {
        let record = self.app.storage.call_fetch(self.access.tenant(), call).await?;
        let Some(record) = record else { return Ok(None) };
        Ok(has_record(&self.purview().await?, &record).then_some(record))
    }

    /// Records of ended calls, those of a part; and how far was looked, if that is not to the end.
    pub(crate) async fn all_ended(
        &self,
        filter: &CallFilter,
        part: Part,
    ) -> Result<(Vec<Arc<CallRecord>>, Option<Cursor>), Problem> {
        let purview = self.purview().await?;
        if purview.is_whole() {
            return Ok((self.records(filter, part).await?, None));
        }
        let limit = usize::try_from(part.limit).unwrap_or(usize::MAX);
        let (mut found, mut after) = (Vec::new(), part.after);
        for _ in 0..RECORDS_TIMES_MAX {
            let page = self.records(filter, Part { after, limit: RECORDS_AT_ONCE.into(), ..part }).await?;
            let is_last = page.len() < RECORDS_AT_ONCE.into();
            after = page.last().map(|record| place_of(record.started_at, record.call)).or(after);
            found.extend(page.into_iter().filter(|record| has_record(&purview, record)));
            if is_last || found.len() >= limit {
                found.truncate(limit);
                return Ok((found, None));
            }
        }
        Ok((found, after))
    }

    /// What was said of calls that she sees.
    pub(crate) async fn dispositions(
        &self,
        calls: &[CallId],
    ) -> Result<BTreeMap<CallId, CallDisposition>, Problem> {
        Ok(self.app.storage.dispositions(self.access.tenant(), calls).await?)
    }

    /// Says something of a call that she sees, which began at this moment.
    pub(crate) async fn dispose(
        &self,
        call: (CallId, Timestamp),
        said: &CallDisposition,
    ) -> Result<(), Problem> {
        Ok(self.app.storage.dispose(self.access.tenant(), call, said).await?)
    }

    async fn records(&self, filter: &CallFilter, part: Part) -> Result<Vec<Arc<CallRecord>>, StorageError> {
        self.app.storage.call_list(self.access.tenant(), filter, part).await
    }
}

fn within(whole: &Arc<Directory>, purview: &Purview) -> Arc<Directory> {
    if purview.is_whole() { whole.clone() } else { Arc::new(whole.within(purview)) }
}

/// The part of everything that is in a purview.
pub(crate) fn part_of(mut snapshot: Snapshot, purview: &Purview) -> Snapshot {
    if !purview.is_whole() {
        snapshot.agents.retain(|view| purview.has_agent(view.agent));
        snapshot.queues.retain(|view| purview.has_queue(view.queue));
        snapshot.calls.retain(|view| has_call(purview, view));
        snapshot.directory = within(&snapshot.directory, purview);
    }
    snapshot
}

/// The queue that a live call is in: it waits there, or was answered through it.
pub(crate) const fn queue_of(view: &CallView) -> Option<QueueId> {
    match view.state {
        CallState::Waiting { queue, .. } | CallState::CallingBack { queue } => Some(queue),
        CallState::Connected { queue } => queue,
        CallState::Started | CallState::InFlow { .. } | CallState::Ringing | CallState::Ending => None,
    }
}

/// The queues that a live call is in or was offered by.
pub(crate) fn queues_of(view: &CallView) -> impl Iterator<Item = QueueId> {
    view.legs.iter().filter_map(|leg| leg.queue).chain(queue_of(view))
}

/// The agents on a live call.
pub(crate) fn agents_of(view: &CallView) -> impl Iterator<Item = AgentId> {
    view.legs.iter().filter_map(|leg| leg.agent).chain(view.agent)
}

/// A live call is in a purview with any queue that it is in or was offered by, and with any agent on it.
pub(crate) fn has_call(purview: &Purview, view: &CallView) -> bool {
    purview.is_whole()
        || queues_of(view).any(|queue| purview.has_queue(queue))
        || agents_of(view).any(|agent| purview.has_agent(agent))
}

/// The same of one that is over, with every line that it stood in.
pub(crate) fn has_record(purview: &Purview, record: &CallRecord) -> bool {
    let stays = || record.queues.iter();
    let mut queues = record.legs.iter().filter_map(|leg| leg.queue).chain(stays().map(|stay| stay.queue));
    let mut agents =
        record.legs.iter().filter_map(|leg| leg.agent).chain(stays().filter_map(|stay| stay.agent));
    purview.is_whole()
        || queues.any(|queue| purview.has_queue(queue))
        || agents.any(|agent| purview.has_agent(agent))
}

/// What somebody whose connection stays open may see, for one state of what is provisioned after the other.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    who: Identity,
    /// She was there. Who is not yet is only newer than what the switch runs; who is not any more is gone.
    met: bool,
    at: Option<(Arc<Directory>, Purview)>,
}

impl Watch {
    pub(crate) const fn new(who: Identity) -> Self {
        Self { who, met: false, at: None }
    }

    /// What is provisioned now: worked out once for all messages that say the same.
    pub(crate) fn look(&mut self, directory: &Arc<Directory>) {
        if self.at.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, directory)) {
            return;
        }
        self.met |= self.who.agent.is_some_and(|agent| directory.agents.contains_key(&agent));
        self.at = Some((directory.clone(), self.who.purview(directory)));
    }

    /// Whether she may still see anything of it.
    pub(crate) fn may_read(&self) -> bool {
        let Some((directory, _)) = &self.at else { return false };
        match self.who.agent {
            Some(agent) if self.met || directory.agents.contains_key(&agent) => {
                self.who.may_now(Right::Read, directory)
            }
            Some(_) | None => self.who.may(Right::Read),
        }
    }

    /// What of it she sees. Not looked at before, it is worked out anew.
    pub(crate) fn purview(&self, directory: &Directory) -> Cow<'_, Purview> {
        match &self.at {
            Some((known, purview)) if std::ptr::eq(Arc::as_ptr(known), directory) => Cow::Borrowed(purview),
            Some(_) | None => Cow::Owned(self.who.purview(directory)),
        }
    }

    /// Whose it is.
    pub(crate) const fn who(&self) -> &Identity {
        &self.who
    }
}
