//! Reports that go by e-mail, as they are kept.

use model::{TenantId, Timestamp};
use store::Author;
use store::report::mails::{ReportState, SendError};

use super::{Answer, StorageError, Stored};

/// What the interface needs of the storage for reports.
pub trait Reports: Send + Sync + 'static {
    /// The reports of a domain and how they fare, by name.
    fn reports(&self, tenant: TenantId, now: Timestamp) -> Answer<'_, Vec<ReportState>>;

    /// Has a report go now, to `recipients` or its own; says to how many.
    fn report_send<'a>(
        &'a self,
        of: (TenantId, &'a str),
        recipients: Option<&'a [String]>,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, Result<usize, SendError>>;
}

impl Reports for Stored {
    fn reports(&self, tenant: TenantId, now: Timestamp) -> Answer<'_, Vec<ReportState>> {
        Box::pin(async move { Ok(self.store.reports(tenant, now).await?) })
    }

    fn report_send<'a>(
        &'a self,
        of: (TenantId, &'a str),
        recipients: Option<&'a [String]>,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, Result<usize, SendError>> {
        Box::pin(async move {
            match self.store.report_send(of, recipients, by, now).await {
                Err(SendError::Store(error)) => Err(StorageError::from(error)),
                sent => Ok(sent),
            }
        })
    }
}
