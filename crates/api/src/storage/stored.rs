//! The real storage: the database, and the writer that holds what is not in it yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::CallRecord;
use model::{CallId, TenantId, Timestamp};
use store::{AuditEntry, Cursor, Page, RecordWriter, Secret, Store, StoreError, WebIdentity};

use super::{Answer, Grant, Identity, NewToken, Storage, StorageError};
use crate::page::CallCursor;

/// What a token made at a login is for, in the list of tokens.
const LABEL: &str = "web";

/// The domain of an owner on a server without any domain: none has this id, so every answer is "unknown".
const NO_DOMAIN: TenantId = TenantId(0);

/// The database and its writer.
pub struct Stored {
    store: Store,
    writer: Arc<RecordWriter>,
    /// Names of domains; a domain never changes its name.
    names: Mutex<BTreeMap<TenantId, String>>,
}

impl From<StoreError> for StorageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::UnknownTenant(_)
            | StoreError::IdsExhausted(_)
            | StoreError::Corrupt { .. }
            | StoreError::Sealed(_)
            | StoreError::Hash(_)
            | StoreError::Database(_) => Self::Failed(error.to_string()),
        }
    }
}

impl Stored {
    /// The database, and the writer that the switch's records go to.
    #[must_use]
    pub fn new(store: Store, writer: Arc<RecordWriter>) -> Self {
        Self { store, writer, names: Mutex::default() }
    }

    async fn identity(&self, of: WebIdentity) -> Result<Identity, StorageError> {
        let tenant = of.tenant.unwrap_or(NO_DOMAIN);
        let domain = self.domain(tenant).await?;
        Ok(Identity { tenant, domain, agent: of.agent, role: of.role, name: of.name })
    }

    async fn domain(&self, tenant: TenantId) -> Result<String, StorageError> {
        if let Some(name) = self.known(tenant) {
            return Ok(name);
        }
        let all = self.store.domains().await?;
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) =
            all.into_iter().map(|domain| (domain.id, domain.name)).collect();
        Ok(self.known(tenant).unwrap_or_default())
    }

    fn known(&self, tenant: TenantId) -> Option<String> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned()
    }

    async fn fetch(&self, tenant: TenantId, call: CallId) -> Result<Option<Arc<CallRecord>>, StorageError> {
        // What waits to be written is asked first: it may be written between the two questions, never unwritten.
        if let Some(record) = self.writer.pending(tenant, call) {
            return Ok(Some(record));
        }
        let Some(mut record) = self.store.call(tenant, call).await? else { return Ok(None) };
        let decisions = self.store.decisions(tenant, call).await?;
        record.decisions = decisions.unwrap_or_default().into_iter().map(Arc::new).collect();
        Ok(Some(Arc::new(record)))
    }
}

impl Storage for Stored {
    fn login<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, Option<Identity>> {
        Box::pin(async move {
            match self.store.login(email, &Secret::new(password)).await? {
                Some(identity) => Ok(Some(self.identity(identity).await?)),
                None => Ok(None),
            }
        })
    }

    fn email_of<'a>(&'a self, domain: &'a str, name: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(async move { Ok(self.store.email_of(domain, name).await?) })
    }

    fn owner_create<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.store.create_owner(email, &Secret::new(password)).await?) })
    }

    fn token_create<'a>(
        &'a self,
        identity: &'a Identity,
        now: Timestamp,
        lifetime: Duration,
    ) -> Answer<'a, NewToken> {
        Box::pin(async move {
            let of = WebIdentity {
                tenant: Some(identity.tenant),
                agent: identity.agent,
                role: identity.role,
                name: identity.name.clone(),
            };
            let made = self.store.token_create(&of, LABEL, now, lifetime).await?;
            Ok(NewToken { token: made.token.reveal().to_owned(), expires_at: made.expires_at })
        })
    }

    fn token_verify<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Option<Grant>> {
        Box::pin(async move {
            match self.store.token_verify(token, now).await? {
                Some((of, expires_at)) => Ok(Some(Grant { identity: self.identity(of).await?, expires_at })),
                None => Ok(None),
            }
        })
    }

    fn token_end<'a>(&'a self, token: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { Ok(self.store.token_end(token).await?) })
    }

    fn call_list(
        &self,
        tenant: TenantId,
        after: Option<CallCursor>,
        limit: usize,
    ) -> Answer<'_, Vec<Arc<CallRecord>>> {
        Box::pin(async move {
            // What waits to be written is asked first: it may be written between the two questions, never unwritten.
            let mut calls = self.writer.pending_calls(tenant);
            if let Some(after) = after {
                calls.retain(|call| (call.started_at, call.call) < (after.started_at, after.call));
            }
            let after = after.and_then(|after| Cursor::parse(&after.encode()));
            let most = u32::try_from(limit).unwrap_or(u32::MAX);
            let page = self.store.calls(tenant, after, most).await?;
            calls.extend(page.items.into_iter().map(Arc::new));
            calls.sort_by_key(|call| std::cmp::Reverse((call.started_at, call.call)));
            calls.dedup_by_key(|call| call.call);
            calls.truncate(limit);
            Ok(calls)
        })
    }

    fn audit(&self, tenant: TenantId, after: Option<Cursor>, limit: usize) -> Answer<'_, Page<AuditEntry>> {
        Box::pin(async move {
            let most = u32::try_from(limit).unwrap_or(u32::MAX);
            Ok(self.store.audit(tenant, after, most).await?)
        })
    }

    fn call_fetch(&self, tenant: TenantId, call: CallId) -> Answer<'_, Option<Arc<CallRecord>>> {
        Box::pin(self.fetch(tenant, call))
    }
}
