//! What the rest of the process holds: a bounded queue of questions into the switch's loop.

use std::sync::Arc;

use engine::{
    Actor, AgentView, CallRecord, CallView, Input, MailboxView, NoCall, Rejection, Reply, Request,
    WaitingView, WhatIfStep, WhyWaiting,
};
use model::{AgentId, CallId, Directory, MailboxId, QueueId, TenantId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::publish::{Published, Snapshot};

/// A question for the switch.
#[derive(Debug)]
pub enum Ask {
    /// Do something; one answer.
    Request {
        /// The domain.
        tenant: TenantId,
        /// Who asks.
        actor: Actor,
        /// What.
        request: Request,
        /// The answer.
        reply: oneshot::Sender<Result<Reply, Rejection>>,
    },
    /// Everything as it stands.
    Snapshot {
        /// The domain.
        tenant: TenantId,
        /// The answer; none if there is no such domain.
        reply: oneshot::Sender<Option<Snapshot>>,
    },
    /// What is provisioned; shared, so it costs nothing to ask.
    Provisioned {
        /// The domain.
        tenant: TenantId,
        /// The answer; none if there is no such domain.
        reply: oneshot::Sender<Option<Arc<Directory>>>,
    },
    /// One agent.
    Agent {
        /// The domain.
        tenant: TenantId,
        /// Who.
        agent: AgentId,
        /// The answer; none if she is not there.
        reply: oneshot::Sender<Option<AgentView>>,
    },
    /// One live call.
    Call {
        /// The domain.
        tenant: TenantId,
        /// Which.
        call: CallId,
        /// The answer; none if it does not live.
        reply: oneshot::Sender<Option<CallView>>,
    },
    /// Everything from now on, or from `since` on.
    Subscribe {
        /// The domain.
        tenant: TenantId,
        /// The last event seen.
        since: Option<u64>,
        /// The answer; none if there is no such domain.
        reply: oneshot::Sender<Option<Subscription>>,
    },
    /// Everything as it stands, or what has happened since, without what comes.
    CatchUp {
        /// The domain.
        tenant: TenantId,
        /// The last event seen.
        since: Option<u64>,
        /// The answer; none if there is no such domain.
        reply: oneshot::Sender<Option<CaughtUp>>,
    },
    /// The record of a live call as far as it has come.
    Record {
        /// The domain.
        tenant: TenantId,
        /// The call.
        call: CallId,
        /// The answer; none if it does not live.
        reply: oneshot::Sender<Option<CallRecord>>,
    },
    /// A queue's line, head first.
    Waiting {
        /// The domain.
        tenant: TenantId,
        /// The queue.
        queue: QueueId,
        /// The answer.
        reply: oneshot::Sender<Vec<WaitingView>>,
    },
    /// Why a call still waits.
    WhyWaiting {
        /// The domain.
        tenant: TenantId,
        /// The call.
        call: CallId,
        /// The answer; none if it stands in no line.
        reply: oneshot::Sender<Option<WhyWaiting>>,
    },
    /// Why an agent is given no call.
    WhyNoCall {
        /// The domain.
        tenant: TenantId,
        /// Who.
        agent: AgentId,
        /// The answer, for each of her queues; none if she is not there.
        reply: oneshot::Sender<Option<Vec<NoCall>>>,
    },
    /// What would happen to a call.
    WhatIf {
        /// The domain.
        tenant: TenantId,
        /// The number it is for.
        number: String,
        /// Who calls; empty if nothing is known of him.
        caller: String,
        /// When.
        at: Timestamp,
        /// The answer, step by step; none if there is no such number.
        reply: oneshot::Sender<Option<Vec<WhatIfStep>>>,
    },
    /// One mailbox with its messages.
    Mailbox {
        /// The domain.
        tenant: TenantId,
        /// Which.
        mailbox: MailboxId,
        /// The answer; none if it is not there.
        reply: oneshot::Sender<Option<MailboxView>>,
    },
    /// Take over provisioning; makes the domain if it is new.
    Directory {
        /// What is provisioned now.
        directory: Arc<Directory>,
        /// Done.
        reply: oneshot::Sender<()>,
    },
    /// An input from somebody who is no port: tests, and the simulated world.
    Input {
        /// The domain.
        tenant: TenantId,
        /// What happened.
        input: Box<Input>,
    },
    /// No new calls; answers with the number of live ones.
    Drain {
        /// Live calls left.
        reply: oneshot::Sender<usize>,
    },
}

/// A stream of events, and where it starts.
#[derive(Debug)]
pub struct Subscription {
    /// Everything as it stands, unless the events from `since` on could be had.
    pub snapshot: Option<Snapshot>,
    /// Events after `since`, if they were still kept.
    pub missed: Vec<Arc<Published>>,
    /// What comes. It closes when the reader is too slow: subscribe again.
    pub events: mpsc::Receiver<Arc<Published>>,
}

/// Where a stream of events starts, for whom the events themselves come another way.
#[derive(Debug)]
pub struct CaughtUp {
    /// Everything as it stands, unless the events from `since` on could be had.
    pub snapshot: Option<Snapshot>,
    /// Events after `since`, if they were still kept.
    pub missed: Vec<Arc<Published>>,
}

/// Why the switch gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// Its queue is full: try again in a moment.
    #[error("the switch is busy; try again in a moment")]
    Busy,
    /// It is going down.
    #[error("the switch is stopping")]
    Stopped,
    /// No such domain.
    #[error("no such domain")]
    UnknownDomain,
}

/// A way to ask the switch. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    asks: mpsc::Sender<Ask>,
}

impl Handle {
    /// Most questions waiting at once.
    pub const WAITING_MAX: usize = 1_024;

    /// A handle and the end that the switch's loop reads.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Ask>) {
        let (asks, rx) = mpsc::channel(Self::WAITING_MAX);
        (Self { asks }, rx)
    }

    async fn ask<T>(&self, make: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Result<T, AskError> {
        let (reply, answer) = oneshot::channel();
        self.asks.try_send(make(reply)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => AskError::Busy,
            mpsc::error::TrySendError::Closed(_) => AskError::Stopped,
        })?;
        answer.await.map_err(|_| AskError::Stopped)
    }

    /// Does something.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer; the inner result is its answer.
    pub async fn request(
        &self,
        tenant: TenantId,
        actor: Actor,
        request: Request,
    ) -> Result<Result<Reply, Rejection>, AskError> {
        self.ask(|reply| Ask::Request { tenant, actor, request, reply }).await
    }

    /// Everything as it stands.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn snapshot(&self, tenant: TenantId) -> Result<Snapshot, AskError> {
        self.ask(|reply| Ask::Snapshot { tenant, reply }).await?.ok_or(AskError::UnknownDomain)
    }

    /// What is provisioned, to translate between ids and numbers.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn provisioned(&self, tenant: TenantId) -> Result<Arc<Directory>, AskError> {
        self.ask(|reply| Ask::Provisioned { tenant, reply }).await?.ok_or(AskError::UnknownDomain)
    }

    /// One agent as she is; none if she is not there.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn agent(&self, tenant: TenantId, agent: AgentId) -> Result<Option<AgentView>, AskError> {
        self.ask(|reply| Ask::Agent { tenant, agent, reply }).await
    }

    /// One mailbox with its messages; none if it is not there.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn mailbox(
        &self,
        tenant: TenantId,
        mailbox: MailboxId,
    ) -> Result<Option<MailboxView>, AskError> {
        self.ask(|reply| Ask::Mailbox { tenant, mailbox, reply }).await
    }

    /// One live call; none if it does not live.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn call(&self, tenant: TenantId, call: CallId) -> Result<Option<CallView>, AskError> {
        self.ask(|reply| Ask::Call { tenant, call, reply }).await
    }

    /// Everything from now on, or from after `since`.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn subscribe(&self, tenant: TenantId, since: Option<u64>) -> Result<Subscription, AskError> {
        self.ask(|reply| Ask::Subscribe { tenant, since, reply }).await?.ok_or(AskError::UnknownDomain)
    }

    /// Where a stream starts, for whom the events themselves come another way: everything as it stands, or what has
    /// happened after `since`.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn catch_up(&self, tenant: TenantId, since: Option<u64>) -> Result<CaughtUp, AskError> {
        self.ask(|reply| Ask::CatchUp { tenant, since, reply }).await?.ok_or(AskError::UnknownDomain)
    }

    /// The record of a live call as far as it has come.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn record(&self, tenant: TenantId, call: CallId) -> Result<Option<CallRecord>, AskError> {
        self.ask(|reply| Ask::Record { tenant, call, reply }).await
    }

    /// A queue's line, head first.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn waiting(&self, tenant: TenantId, queue: QueueId) -> Result<Vec<WaitingView>, AskError> {
        self.ask(|reply| Ask::Waiting { tenant, queue, reply }).await
    }

    /// Why a call still waits; none if it stands in no line.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn why_waiting(&self, tenant: TenantId, call: CallId) -> Result<Option<WhyWaiting>, AskError> {
        self.ask(|reply| Ask::WhyWaiting { tenant, call, reply }).await
    }

    /// For each of an agent's queues why it gives her no call; none if she is not there.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn why_no_call(
        &self,
        tenant: TenantId,
        agent: AgentId,
    ) -> Result<Option<Vec<NoCall>>, AskError> {
        self.ask(|reply| Ask::WhyNoCall { tenant, agent, reply }).await
    }

    /// What would happen to a call of `caller` for `number` at `at`; none if there is no such number.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn what_if(
        &self,
        tenant: TenantId,
        number: String,
        caller: String,
        at: Timestamp,
    ) -> Result<Option<Vec<WhatIfStep>>, AskError> {
        self.ask(|reply| Ask::WhatIf { tenant, number, caller, at, reply }).await
    }

    /// Takes over provisioning; live calls are not disturbed.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn directory(&self, directory: Arc<Directory>) -> Result<(), AskError> {
        self.ask(|reply| Ask::Directory { directory, reply }).await
    }

    /// Hands in an input from somebody who is no port.
    ///
    /// # Errors
    /// [`AskError`] if it was not taken.
    pub fn input(&self, tenant: TenantId, input: Input) -> Result<(), AskError> {
        self.asks.try_send(Ask::Input { tenant, input: Box::new(input) }).map_err(|_| AskError::Busy)
    }

    /// No new calls from now on; says how many live.
    ///
    /// # Errors
    /// [`AskError`] if the switch gave no answer.
    pub async fn drain(&self) -> Result<usize, AskError> {
        self.ask(|reply| Ask::Drain { reply }).await
    }
}
