//! What the interface needs of the storage, as a trait, so that tests bring their own; and [`Stored`], which
//! is the real one.

pub mod credentials;
pub mod invitations;
mod stored;
mod stored_credentials;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use engine::{Actor, CallRecord};
use model::{AgentId, CallId, Directory, Right, Rights, Role, TenantId, Timestamp};
use store::{AuditEntry, Cursor, Page};

use crate::page::CallCursor;

pub use credentials::Credentials;
pub use invitations::Invitations;
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
    /// Full name.
    pub name: String,
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
        match self.agent {
            Some(agent) => directory.agents.get(&agent).is_some_and(|agent| agent.role.rights().has(right)),
            None => self.may(right),
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

/// What the interface needs of the storage.
pub trait Storage: Credentials + Invitations {
    /// Records of ended calls, newest first by start and id, those after `after`, at most `limit`. Their
    /// decisions may be left out.
    fn call_list(
        &self,
        tenant: TenantId,
        after: Option<CallCursor>,
        limit: usize,
    ) -> Answer<'_, Vec<Arc<CallRecord>>>;

    /// Changes of a domain, newest first, those after `after`, and where the next page begins.
    fn audit(&self, tenant: TenantId, after: Option<Cursor>, limit: usize) -> Answer<'_, Page<AuditEntry>>;

    /// The record of an ended call, with all its decisions.
    fn call_fetch(&self, tenant: TenantId, call: CallId) -> Answer<'_, Option<Arc<CallRecord>>>;
}
