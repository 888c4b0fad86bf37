//! The real storage: the database, and the writer that holds what is not in it yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::CallRecord;
use model::{AgentId, CallId, QueueId, TenantId, Timestamp};
use store::statistics::intervals::Intervals;
use store::statistics::queue::QueueFigures;
use store::statistics::{AgentInterval, FiguresError, OfAgent};
use store::{
    AgentLogEntry, AuditEntry, CallDisposition, CallFilter, Cursor, Note, Page, Part, RecordWriter, Store,
    StoreError, WebIdentity,
};

use super::{Answer, Figures, FiguresFailed, Identity, Storage, StorageError, place_of};

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

impl From<FiguresError> for FiguresFailed {
    fn from(error: FiguresError) -> Self {
        match error {
            FiguresError::TooMuch => Self::TooMuch,
            FiguresError::Store(error) => Self::Storage(error.into()),
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
        let WebIdentity { tenant: _, agent, key, role, rights, supervises, name, factor_due } = of;
        Ok(Identity { tenant, domain, agent, key, role, rights, supervises, name, factor_due })
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

    /// Of records that wait to be written, those that fit.
    async fn pending_that_fit(
        &self,
        tenant: TenantId,
        filter: &CallFilter,
    ) -> Result<Vec<Arc<CallRecord>>, StorageError> {
        let mut calls = self.writer.pending_calls(tenant);
        let mut said = BTreeMap::new();
        if filter.disposition.is_some() {
            let ids: Vec<CallId> = calls.iter().map(|call| call.call).collect();
            said = self.store.call_dispositions(tenant, &ids).await?;
        }
        calls.retain(|call| filter.fits(call, said.get(&call.call).map(|said| said.code.as_str())));
        Ok(calls)
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
    fn call_list<'a>(
        &'a self,
        tenant: TenantId,
        filter: &'a CallFilter,
        part: Part,
    ) -> Answer<'a, Vec<Arc<CallRecord>>> {
        Box::pin(async move {
            // What waits to be written is asked first: it may be written between the two questions, never unwritten.
            let mut calls = self.pending_that_fit(tenant, filter).await?;
            let place = |call: &Arc<CallRecord>| place_of(call.started_at, call.call);
            if let Some(after) = part.after {
                let is_behind = |at: Cursor| if part.oldest_first { at > after } else { at < after };
                calls.retain(|call| is_behind(place(call)));
            }
            let page = self.store.calls(tenant, filter, part).await?;
            calls.extend(page.items.into_iter().map(Arc::new));
            calls.sort_by_key(place);
            if !part.oldest_first {
                calls.reverse();
            }
            calls.dedup_by_key(|call| call.call);
            calls.truncate(usize::try_from(part.limit).unwrap_or(usize::MAX));
            Ok(calls)
        })
    }

    fn note(&self, note: Note) -> Answer<'_, ()> {
        Box::pin(async move { Ok(self.store.keep_note(&note).await?) })
    }

    fn audit(&self, tenant: TenantId, part: Part, text: Option<String>) -> Answer<'_, Page<AuditEntry>> {
        Box::pin(async move { Ok(self.store.audit(tenant, part, text.as_deref()).await?) })
    }

    fn agent_log(
        &self,
        tenant: TenantId,
        agent: Option<AgentId>,
        part: Part,
    ) -> Answer<'_, Page<AgentLogEntry>> {
        Box::pin(async move { Ok(self.store.agent_log(tenant, agent, part).await?) })
    }

    fn queue_figures<'a>(
        &'a self,
        of: (TenantId, QueueId),
        intervals: &'a Intervals,
        threshold_ms: u64,
    ) -> Figures<'a, QueueFigures> {
        Box::pin(async move { Ok(self.store.queue_figures(of, intervals, threshold_ms).await?) })
    }

    fn agent_figures<'a>(
        &'a self,
        of: OfAgent,
        intervals: &'a Intervals,
        until: Timestamp,
    ) -> Figures<'a, AgentInterval> {
        Box::pin(async move { Ok(self.store.agent_figures(&of, intervals, until).await?) })
    }

    fn call_fetch(&self, tenant: TenantId, call: CallId) -> Answer<'_, Option<Arc<CallRecord>>> {
        Box::pin(self.fetch(tenant, call))
    }

    fn dispose<'a>(
        &'a self,
        tenant: TenantId,
        call: (CallId, Timestamp),
        said: &'a CallDisposition,
    ) -> Answer<'a, ()> {
        Box::pin(async move { Ok(self.store.dispose(tenant, call, said).await?) })
    }

    fn dispositions<'a>(
        &'a self,
        tenant: TenantId,
        calls: &'a [CallId],
    ) -> Answer<'a, BTreeMap<CallId, CallDisposition>> {
        Box::pin(async move { Ok(self.store.call_dispositions(tenant, calls).await?) })
    }
}
