//! What is to leave towards outside services, until it has: rows that survive a restart.
//!
//! A row names a message, an invitation or a report's mail, and what is to be done with it, no more. Who carries it out
//! asks for the rest, the switch of a message and the store of the others: so what was changed or deleted in the meantime counts.

use model::{MailboxId, RecordId, TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// Most rows; beyond, nothing further is taken in. A message itself is never lost by that.
const ROWS_MAX: i64 = 100_000;

/// What is to be done with a message, an invitation or a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Errand {
    /// Its mailbox's owner gets it by e-mail.
    Email,
    /// A service puts it into text.
    Transcription,
    /// Somebody is invited by e-mail: no message, the invitation's id stands in its place.
    Invitation,
    /// A report goes by e-mail: no message, the mail's id stands in its place.
    Report,
}

impl Errand {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Transcription => "transcription",
            Self::Invitation => "invitation",
            Self::Report => "report",
        }
    }
}

/// Something new that is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewErrand {
    /// What.
    pub errand: Errand,
    /// The message's mailbox; 0 of what is no message.
    pub mailbox: MailboxId,
    /// The message, or the id of the invitation or the report's mail.
    pub record: RecordId,
    /// When the message was there, or the invitation made.
    pub made_at: Timestamp,
    /// Not before.
    pub due_at: Timestamp,
}

/// Something that is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its id.
    pub id: i64,
    /// The domain.
    pub tenant: TenantId,
    /// The message's mailbox; 0 of what is no message.
    pub mailbox: MailboxId,
    /// The message, or the id of the invitation or the report's mail.
    pub record: RecordId,
    /// When the message was there, or the invitation made.
    pub made_at: Timestamp,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// The outside has it; what follows from that is still to do.
    pub taken: bool,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    tenant: i64,
    mailbox: i64,
    record: i64,
    made_at: i64,
    due_at: i64,
    tries: i64,
    taken: bool,
}

impl From<Row> for OutboxRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            tenant: TenantId(unsigned(row.tenant)),
            mailbox: MailboxId(unsigned(row.mailbox)),
            record: RecordId(unsigned(row.record)),
            made_at: Timestamp(row.made_at),
            due_at: Timestamp(row.due_at),
            tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
            taken: row.taken,
        }
    }
}

impl Store {
    /// The first `limit` errands of a kind, the soonest due first, whether they are due or not.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn outbox(&self, errand: Errand, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, tenant, mailbox, record, made_at, due_at, tries, taken FROM outbox
             WHERE errand = $1 ORDER BY due_at, id LIMIT $2",
        )
        .bind(errand.as_str())
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        Ok(rows.into_iter().map(OutboxRow::from).collect())
    }

    /// How many errands of a kind there are.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn outbox_count(&self, errand: Errand) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE errand = $1")
            .bind(errand.as_str())
            .fetch_one(self.reader())
            .await?;
        Ok(unsigned(count))
    }

    /// Puts an errand off.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn outbox_put_off(&self, id: i64, due_at: Timestamp, tries: u32) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query("UPDATE outbox SET due_at = $2, tries = $3 WHERE id = $1")
            .bind(id)
            .bind(due_at.0)
            .bind(i64::from(tries))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The errand of a message, if there is one of this kind, need not wait longer than until `due_at`.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn outbox_hasten(
        &self,
        tenant: TenantId,
        errand: Errand,
        record: RecordId,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "UPDATE outbox SET due_at = min(due_at, $4)
             WHERE tenant = $1 AND errand = $2 AND record = $3 AND tries = 0",
        )
        .bind(signed(tenant.0))
        .bind(errand.as_str())
        .bind(signed(record.0))
        .bind(due_at.0)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Notes that the outside has it, so that it is not sent again whatever happens next.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn outbox_taken(&self, id: i64) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query("UPDATE outbox SET taken = TRUE WHERE id = $1").bind(id).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// An errand is done, or given up.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn outbox_remove(&self, id: i64) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Takes errands in, each once: what was replayed after a crash may be there already.
pub(crate) async fn put(
    conn: &mut SqliteConnection,
    errands: &[(TenantId, NewErrand)],
) -> Result<(), StoreError> {
    for (tenant, new) in errands {
        let put = sqlx::query(
            "INSERT INTO outbox (tenant, errand, mailbox, record, made_at, due_at)
             SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT COUNT(*) FROM outbox) < $7
             ON CONFLICT (tenant, errand, record) DO NOTHING",
        )
        .bind(signed(tenant.0))
        .bind(new.errand.as_str())
        .bind(signed(new.mailbox.0))
        .bind(signed(new.record.0))
        .bind(new.made_at.0)
        .bind(new.due_at.0)
        .bind(ROWS_MAX)
        .execute(&mut *conn)
        .await?;
        if put.rows_affected() == 0 {
            tracing::warn!(
                message.id = new.record.0,
                "an errand was there already, or too many wait: not taken in"
            );
        }
    }
    Ok(())
}
