//! Ids that are never given twice, not even after a restart or a removal.

use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::sql::unsigned;
use crate::store::Store;

/// What is counted. Each kind has its own counter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    Tenant,
    Agent,
    Queue,
    Flow,
    Trunk,
    Mailbox,
    Token,
    ApiKey,
    Invitation,
    Log,
    Change,
    Webhook,
    Report,
    ReportMail,
    Runtime,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Agent => "agent",
            Self::Queue => "queue",
            Self::Flow => "flow",
            Self::Trunk => "trunk",
            Self::Mailbox => "mailbox",
            Self::Token => "token",
            Self::ApiKey => "api_key",
            Self::Invitation => "invitation",
            Self::Log => "log",
            Self::Change => "change",
            Self::Webhook => "webhook",
            Self::Report => "report",
            Self::ReportMail => "report_mail",
            Self::Runtime => "runtime",
        }
    }
}

/// Takes `count` ids of one kind; the first of them is returned.
pub(crate) async fn take(
    conn: &mut SqliteConnection,
    counter: Counter,
    count: u64,
) -> Result<u64, StoreError> {
    let next: i64 = sqlx::query_scalar("SELECT next FROM counters WHERE name = $1")
        .bind(counter.name())
        .fetch_one(&mut *conn)
        .await?;
    let after = i64::try_from(count)
        .ok()
        .and_then(|count| next.checked_add(count))
        .ok_or(StoreError::IdsExhausted(counter.name()))?;
    sqlx::query("UPDATE counters SET next = $1 WHERE name = $2")
        .bind(after)
        .bind(counter.name())
        .execute(&mut *conn)
        .await?;
    Ok(unsigned(next))
}

impl Store {
    /// Reserves `block` ids for calls, legs and offers and returns the first. They are on disk as used before
    /// this returns, so no restart gives one of them again.
    ///
    /// # Errors
    /// [`StoreError::IdsExhausted`] at the end of the counter, [`StoreError::Database`] if it cannot be kept.
    pub async fn reserve_ids(&self, block: u64) -> Result<u64, StoreError> {
        let mut tx = self.begin_write().await?;
        let first = take(&mut tx, Counter::Runtime, block).await?;
        tx.commit().await?;
        Ok(first)
    }
}
