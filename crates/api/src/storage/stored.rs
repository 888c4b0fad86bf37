//! The real storage: the database, and the writer that holds what is not in it yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::CallRecord;
use model::{CallId, TenantId};
use store::{AuditEntry, Cursor, Page, RecordWriter, Store, StoreError, WebIdentity};

use super::{Answer, Identity, Storage, StorageError};
use crate::page::CallCursor;

/// The domain of an owner on a server without any domain: none has this id, so every answer is "unknown".
const NO_DOMAIN: TenantId = TenantId(0);

/// The database and its writer.
pub struct Stored {
    pub(super) store: Store,
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

    pub(super) async fn identity(&self, of: WebIdentity) -> Result<Identity, StorageError> {
        let tenant = of.tenant.unwrap_or(NO_DOMAIN);
        let domain = self.domain(tenant).await?;
        let WebIdentity { tenant: _, agent, key, role, rights, supervises, name } = of;
        Ok(Identity { tenant, domain, agent, key, role, rights, supervises, name })
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
