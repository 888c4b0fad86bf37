//! The store, as the API wants to see it.

use std::sync::Arc;

use api::storage::{Answer, Grant, Identity, Storage, StorageError};
use engine::CallRecord;
use model::{CallId, Pii, TenantId, Timestamp};
use store::{RecordWriter, Secret, Store, StoreError, WebIdentity};

/// The store and the writer in front of it, so that a call is never in neither place.
pub(crate) struct Kept {
    store: Store,
    records: Arc<RecordWriter>,
}

impl Kept {
    pub(crate) const fn new(store: Store, records: Arc<RecordWriter>) -> Self {
        Self { store, records }
    }

    /// Fills in what the login alone does not say. None while the owner has no domain to look at.
    async fn identity(&self, who: WebIdentity) -> Result<Option<Identity>, StoreError> {
        let Some(tenant) = who.tenant else { return Ok(None) };
        let directory = self.store.directory(tenant).await?;
        let agent = who.agent.and_then(|agent| directory.agents.get(&agent));
        Ok(Some(Identity {
            tenant,
            domain: directory.tenant.name.clone(),
            agent: who.agent,
            role: who.role,
            name: who.name,
            email: Pii(agent.map(|agent| agent.email.clone()).unwrap_or_default()),
            extension: agent.and_then(|agent| agent.extension.clone()),
        }))
    }
}

fn told(error: impl std::fmt::Display) -> StorageError {
    StorageError(error.to_string())
}

impl Storage for Kept {
    fn login<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, Option<Identity>> {
        Box::pin(async move {
            match self.store.login(email, &Secret::new(password)).await.map_err(told)? {
                Some(who) => self.identity(who).await.map_err(told),
                None => Ok(None),
            }
        })
    }

    fn token_create<'a>(
        &'a self,
        identity: &'a Identity,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Answer<'a, String> {
        Box::pin(async move {
            let who = WebIdentity {
                tenant: Some(identity.tenant),
                agent: identity.agent,
                role: identity.role,
                name: identity.name.clone(),
            };
            let made = self.store.token_create(&who, "web", now, expires_at.since(now)).await;
            made.map(|made| made.token.reveal().to_owned()).map_err(told)
        })
    }

    fn token_verify<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Option<Grant>> {
        Box::pin(async move {
            let Some((who, expires_at)) = self.store.token_verify(token, now).await.map_err(told)? else {
                return Ok(None);
            };
            let identity = self.identity(who).await.map_err(told)?;
            Ok(identity.map(|identity| Grant { identity, expires_at }))
        })
    }

    fn token_revoke<'a>(&'a self, token: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.store.token_end(token).await.map_err(told) })
    }

    fn call_list(
        &self,
        tenant: TenantId,
        after: Option<api::page::CallCursor>,
        limit: usize,
    ) -> Answer<'_, Vec<Arc<CallRecord>>> {
        Box::pin(async move {
            let after = after.map(|cursor| store::Cursor::after(cursor.started_at, cursor.call));
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            let page = self.store.calls(tenant, after, limit).await.map_err(told)?;
            Ok(page.items.into_iter().map(Arc::new).collect())
        })
    }

    fn call_fetch(&self, tenant: TenantId, call: CallId) -> Answer<'_, Option<Arc<CallRecord>>> {
        Box::pin(async move {
            if let Some(record) = self.records.pending(tenant, call) {
                return Ok(Some(record));
            }
            let Some(mut record) = self.store.call(tenant, call).await.map_err(told)? else {
                return Ok(None);
            };
            let decisions = self.store.decisions(tenant, call).await.map_err(told)?;
            record.decisions = decisions.unwrap_or_default().into_iter().map(Arc::new).collect();
            Ok(Some(Arc::new(record)))
        })
    }
}
