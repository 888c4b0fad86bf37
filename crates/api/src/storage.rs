//! What the interface needs of the storage, as a trait, so that tests bring their own; and [`Stored`], which
//! is the real one.

pub mod credentials;
pub mod invitations;
pub mod reports;
mod stored;
mod stored_credentials;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use engine::{Actor, CallRecord};
use model::{AgentId, CallId, Directory, Purview, QueueId, Right, Rights, Role, TenantId, Timestamp};
use store::statistics::intervals::Intervals;
use store::statistics::queue::QueueFigures;
use store::statistics::{AgentInterval, OfAgent};
use store::{AgentLogEntry, AuditEntry, CallDisposition, CallFilter, Cursor, Note, Page, Part};

pub use credentials::Credentials;
pub use invitations::Invitations;
pub use reports::Reports;
pub use stored::Stored;

/// The storage did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// Too much at once; another try will do.
    #[error("the storage has too much to do")]
    Busy,
    /// It failed; the text is for the log, never for the client.
    #[error("{0}")]
    Failed(String),
}

/// Why there are no figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FiguresFailed {
    /// There is more to be read than one answer may cost.
    TooMuch,
    /// The storage did not do it.
    Storage(StorageError),
}

/// Figures to come.
pub type Figures<'a, T> = Pin<Box<dyn Future<Output = Result<Vec<T>, FiguresFailed>> + Send + 'a>>;

/// An answer to come.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

/// Who a credential belongs to, as provisioned at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The domain; every answer is taken from this one, whatever the path says.
    pub tenant: TenantId,
    /// Its name.
    pub domain: String,
    /// The agent; none for the server's owner and for keys of programs.
    pub agent: Option<AgentId>,
    /// The key of a program; none: a person.
    pub key: Option<u64>,
    /// What she is; what she may do is in `rights`.
    pub role: Role,
    /// What she may do.
    pub rights: Rights,
    /// The groups that she is confined to; none: she sees the whole domain.
    pub supervises: Option<Vec<String>>,
    /// Full name.
    pub name: String,
    /// A second factor is demanded of her, and she has none: she has no right but to set one up.
    pub factor_due: bool,
}

impl Identity {
    /// As agent log and audit name her.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match (self.key, self.agent) {
            (Some(key), _) => Actor::ApiKey(key),
            (None, Some(agent)) => Actor::Agent(agent),
            (None, None) => Actor::Owner,
        }
    }

    /// The owner of the server: nobody's agent, and of every domain.
    #[must_use]
    pub fn is_server_owner(&self) -> bool {
        self.agent.is_none() && self.key.is_none()
    }

    /// Whether she may do this, as provisioned at this moment; for what lives longer than one request.
    pub(crate) fn may_now(&self, right: Right, directory: &Directory) -> bool {
        let known = |agent| directory.agents.get(&agent).map(|agent| directory.rights_of(&agent.role));
        match self.agent {
            Some(_) if self.factor_due => false,
            Some(agent) => known(agent).is_some_and(|rights| rights.has(right)),
            None => self.may(right),
        }
    }

    /// What of the domain she has to do with, as provisioned at this moment.
    pub(crate) fn purview(&self, directory: &Directory) -> Purview {
        match (self.agent, &self.supervises) {
            (Some(agent), _) if directory.agents.contains_key(&agent) => directory.purview(agent),
            (agent, Some(groups)) => Purview::of_groups(groups, agent, directory),
            (Some(_) | None, None) => Purview::whole(),
        }
    }

    /// Whether she may do this.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.rights.has(right)
    }
}

/// A token or a key that was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whose.
    pub identity: Identity,
    /// Until when; none: for good.
    pub expires_at: Option<Timestamp>,
    /// The session it is of; none: it is a key.
    pub session: Option<u64>,
}

/// A token that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The token; it is not kept, only its hash.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Where a call stands among the calls.
#[must_use]
pub fn place_of(started_at: Timestamp, call: CallId) -> Cursor {
    // Ids are counted up from one, and end before they would not fit.
    Cursor { at: started_at.0, id: i64::try_from(call.0).unwrap_or(i64::MAX) }
}

/// What the interface needs of the storage.
pub trait Storage: Credentials + Invitations + Reports {
    /// Records of ended calls that fit, by start and id, at most as many as a part has. Their decisions may be left
    /// out.
    fn call_list<'a>(
        &'a self,
        tenant: TenantId,
        filter: &'a CallFilter,
        part: Part,
    ) -> Answer<'a, Vec<Arc<CallRecord>>>;

    /// Changes of a domain, those that hold a text if there is one, and where the next page begins.
    fn audit(&self, tenant: TenantId, part: Part, text: Option<String>) -> Answer<'_, Page<AuditEntry>>;

    /// Keeps in the audit that something was changed which the database does not hold.
    fn note(&self, note: Note) -> Answer<'_, ()>;

    /// What the agents of a domain, or one of them, did, and where the next page begins.
    fn agent_log(
        &self,
        tenant: TenantId,
        agent: Option<AgentId>,
        part: Part,
    ) -> Answer<'_, Page<AgentLogEntry>>;

    /// What came of a queue's calls in each interval; who gave up later than the threshold was late, if there is one.
    fn queue_figures<'a>(
        &'a self,
        of: (TenantId, QueueId),
        intervals: &'a Intervals,
        threshold_ms: u64,
    ) -> Figures<'a, QueueFigures>;

    /// What an agent did in each interval, until `until` at the latest.
    fn agent_figures<'a>(
        &'a self,
        of: OfAgent,
        intervals: &'a Intervals,
        until: Timestamp,
    ) -> Figures<'a, AgentInterval>;

    /// The record of an ended call, with all its decisions.
    fn call_fetch(&self, tenant: TenantId, call: CallId) -> Answer<'_, Option<Arc<CallRecord>>>;

    /// Keeps what somebody says of a call that began at this moment, in place of what was said before.
    fn dispose<'a>(
        &'a self,
        tenant: TenantId,
        call: (CallId, Timestamp),
        said: &'a CallDisposition,
    ) -> Answer<'a, ()>;

    /// What was said of these calls, live and ended; those of which nothing was said are left out.
    fn dispositions<'a>(
        &'a self,
        tenant: TenantId,
        calls: &'a [CallId],
    ) -> Answer<'a, BTreeMap<CallId, CallDisposition>>;
}
