//! What the interface needs of the storage, as a trait, so that tests bring their own; and [`Stored`], which
//! is the real one.

mod stored;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use engine::{Actor, CallRecord};
use model::{AgentId, CallId, Role, TenantId, Timestamp};
use store::{AuditEntry, Cursor, Page};

use crate::page::CallCursor;

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
    /// The agent; none for the server's owner.
    pub agent: Option<AgentId>,
    /// What she may do.
    pub role: Role,
    /// Full name.
    pub name: String,
}

impl Identity {
    /// As agent log and audit name her.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.agent.map_or(Actor::Owner, Actor::Agent)
    }
}

/// A token that was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whose.
    pub identity: Identity,
    /// Until when.
    pub expires_at: Timestamp,
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
pub trait Storage: Send + Sync + 'static {
    /// Whose email and password these are. Does the same work, and takes the same time, for an account that
    /// is not there. Costly: the caller sees to it that few run at once.
    fn login<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, Option<Identity>>;

    /// The login name of an agent by the domain's name and her extension, or the part of her e-mail address before the
    /// `@` where it is hers alone; none if there is no such agent, or she has no e-mail address.
    fn email_of<'a>(&'a self, domain: &'a str, name: &'a str) -> Answer<'a, Option<String>>;

    /// Makes the owner's login if there is none; says whether it was made. Costly, as a login.
    fn owner_create<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, bool>;

    /// Makes a token that is good for `lifetime` from `now` on.
    fn token_create<'a>(
        &'a self,
        identity: &'a Identity,
        now: Timestamp,
        lifetime: Duration,
    ) -> Answer<'a, NewToken>;

    /// Whose token this is, if it is still good at `now`.
    fn token_verify<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Option<Grant>>;

    /// Makes it worthless.
    fn token_end<'a>(&'a self, token: &'a str) -> Answer<'a, ()>;

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
