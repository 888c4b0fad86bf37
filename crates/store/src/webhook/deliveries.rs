//! What webhooks are to be told: written before anybody tries to, together with how far the events were taken.
//!
//! Of one object (a call, an agent, …) only the first that waits may be sent: it is the `head`. When it ends, the next
//! one is.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// Most deliveries of one webhook that wait; beyond, the oldest are given up.
pub const WAITING_MAX: u64 = 10_000;
/// Why the oldest is given up then.
pub const TOO_MANY: &str = "too many deliveries waited";

/// Something that a webhook is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The webhook, by its id.
    pub webhook: u64,
    /// The event's number; none if it is about the webhook itself.
    pub seq: Option<u64>,
    /// What kind of event.
    pub kind: String,
    /// What it is about, as `call 17`.
    pub object: String,
    /// The body.
    pub payload: Arc<str>,
}

/// A delivery that may be tried.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DueDelivery {
    /// Its row.
    pub id: i64,
    /// Its id, the same for each try.
    pub message: String,
    /// What it is about.
    pub object: String,
    /// The body.
    pub payload: String,
    /// How often it was tried since it began to wait.
    pub tries: i64,
    /// When it is to be tried.
    #[sqlx(rename = "due_at")]
    due_at_micros: i64,
}

impl DueDelivery {
    /// When it is to be tried.
    #[must_use]
    pub const fn due_at(&self) -> Timestamp {
        Timestamp(self.due_at_micros)
    }
}

impl Store {
    /// Up to which event all deliveries of a domain were written; none if nobody followed it.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_cursor(&self, tenant: TenantId) -> Result<Option<u64>, StoreError> {
        let seq: Option<i64> = sqlx::query_scalar("SELECT seq FROM webhook_cursors WHERE tenant = $1")
            .bind(signed(tenant.0))
            .fetch_optional(self.reader())
            .await?;
        Ok(seq.map(unsigned))
    }

    /// Nobody follows a domain any more: who begins later begins with what happens then.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_leave(&self, tenant: TenantId) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query("DELETE FROM webhook_cursors WHERE tenant = $1")
            .bind(signed(tenant.0))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Writes deliveries, and that with them the events of a domain were taken up to `seq`: both or neither. What is for
    /// a webhook that is gone or switched off is left out. Says how many older ones were given up for lack of room.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_put(
        &self,
        tenant: TenantId,
        seq: u64,
        new: &[NewDelivery],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin_write().await?;
        for delivery in new {
            insert(&mut tx, delivery, now).await?;
        }
        let mut dropped = 0;
        for webhook in new.iter().map(|delivery| delivery.webhook).collect::<BTreeSet<_>>() {
            dropped += make_room(&mut tx, webhook, now).await?;
        }
        sqlx::query(
            "INSERT INTO webhook_cursors (tenant, seq) VALUES ($1, $2)
             ON CONFLICT (tenant) DO UPDATE SET seq = excluded.seq",
        )
        .bind(signed(tenant.0))
        .bind(signed(seq))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(dropped)
    }

    /// The deliveries of a webhook that may be tried next, the soonest due first, whether they are due or not.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_due(&self, webhook: u64, limit: u32) -> Result<Vec<DueDelivery>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT id, message, object, payload, tries, due_at FROM webhook_deliveries
             WHERE webhook = $1 AND state = 'waiting' AND head ORDER BY due_at, id LIMIT $2",
        )
        .bind(signed(webhook))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?)
    }
}

/// A new id: random, as UUIDs of version 4 are (RFC 9562, 5.4).
pub(crate) fn message_id() -> String {
    let mut bytes: [u8; 16] = rand::random();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = crate::secret::hex(&bytes);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    parts.join("-")
}

async fn insert(conn: &mut SqliteConnection, new: &NewDelivery, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO webhook_deliveries
           (webhook, message, seq, kind, object, payload, made_at, state, head, due_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, 'waiting', NOT EXISTS (
             SELECT 1 FROM webhook_deliveries WHERE webhook = $1 AND object = $5 AND state = 'waiting'), $7
         WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = $1 AND enabled)",
    )
    .bind(signed(new.webhook))
    .bind(message_id())
    .bind(new.seq.map(signed))
    .bind(&new.kind)
    .bind(&new.object)
    .bind(&*new.payload)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up the oldest of those that wait, beyond the limit.
async fn make_room(conn: &mut SqliteConnection, webhook: u64, now: Timestamp) -> Result<u64, StoreError> {
    let waiting: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM webhook_deliveries WHERE webhook = $1 AND state = 'waiting'",
    )
    .bind(signed(webhook))
    .fetch_one(&mut *conn)
    .await?;
    let excess = unsigned(waiting).saturating_sub(WAITING_MAX);
    if excess == 0 {
        return Ok(0);
    }
    drop_oldest(conn, webhook, excess, TOO_MANY, now).await?;
    Ok(excess)
}

/// Gives up so many of the oldest that wait, untried as they may be.
pub(super) async fn drop_oldest(
    conn: &mut SqliteConnection,
    webhook: u64,
    count: u64,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let objects: Vec<String> = sqlx::query_scalar(
        "UPDATE webhook_deliveries SET state = 'given_up', head = FALSE, ended_at = $3, reason = $4
         WHERE id IN (SELECT id FROM webhook_deliveries WHERE webhook = $1 AND state = 'waiting'
                      ORDER BY id LIMIT $2)
         RETURNING object",
    )
    .bind(signed(webhook))
    .bind(signed(count))
    .bind(now.0)
    .bind(reason)
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query("UPDATE webhooks SET given_up = given_up + $2, dropped = dropped + $2 WHERE id = $1")
        .bind(signed(webhook))
        .bind(signed(count))
        .execute(&mut *conn)
        .await?;
    for object in objects.into_iter().collect::<BTreeSet<_>>() {
        promote(conn, webhook, &object).await?;
    }
    Ok(())
}

/// The first of an object that waits may be sent, and no other of it.
pub(super) async fn promote(
    conn: &mut SqliteConnection,
    webhook: u64,
    object: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhook_deliveries SET head = (id = (
             SELECT MIN(id) FROM webhook_deliveries WHERE webhook = $1 AND object = $2 AND state = 'waiting'))
         WHERE webhook = $1 AND object = $2 AND state = 'waiting' AND (head OR id = (
             SELECT MIN(id) FROM webhook_deliveries WHERE webhook = $1 AND object = $2 AND state = 'waiting'))",
    )
    .bind(signed(webhook))
    .bind(object)
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4_and_another_each_time() {
        let ids: BTreeSet<String> = (0..1_000).map(|_| message_id()).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            let bytes = id.as_bytes();
            assert_eq!((id.len(), bytes[8], bytes[13], bytes[18], bytes[23]), (36, b'-', b'-', b'-', b'-'));
            assert!(bytes[14] == b'4' && b"89ab".contains(&bytes[19]), "{id}");
        }
    }
}
