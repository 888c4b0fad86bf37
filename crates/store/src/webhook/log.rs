//! The log of deliveries: what was sent, what came of it, and the way to send it again.

use std::time::Duration;

use model::{TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use super::deliveries::{drop_oldest, promote};
use super::outcome::Attempt;
use super::state::find;
use crate::error::StoreError;
use crate::page::{Cursor, Page, Part};
use crate::sql::{narrow, signed, unsigned};
use crate::store::Store;

/// How long a delivery is kept, whether it was taken, given up, or waits.
pub const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
/// Most deliveries of one webhook that are kept after they have ended.
pub const ENDED_MAX: u64 = 10_000;
/// Rows that are removed in one go: nobody waits long for the database.
const REMOVED_AT_ONCE: i64 = 1_000;
/// Why one that waits is given up after that time.
const TOO_OLD: &str = "it waited for seven days";

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// It is not sent any more.
    GivenUp,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::GivenUp];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A delivery, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, the same for each try.
    pub message: String,
    /// The event's number; none if it is about the webhook itself.
    pub seq: Option<u64>,
    /// What kind of event.
    pub kind: String,
    /// What it is about.
    pub object: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried since it was made or sent again.
    pub tries: u32,
    /// When it is tried next; none if it has ended.
    pub due_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it was given up.
    pub reason: Option<String>,
}

/// A delivery with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryDetail {
    /// As lists show it.
    pub delivery: Delivery,
    /// The body.
    pub payload: String,
    /// The last twenty tries, in order.
    pub attempts: Vec<Attempt>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    message: String,
    seq: Option<i64>,
    kind: String,
    object: String,
    made_at: i64,
    state: String,
    tries: i64,
    due_at: i64,
    ended_at: Option<i64>,
    reason: Option<String>,
}

impl TryFrom<Row> for Delivery {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let state = DeliveryState::parse(&row.state);
        let state = state.ok_or_else(|| StoreError::corrupt("the state of a delivery", &row.state))?;
        Ok(Self {
            message: row.message,
            seq: row.seq.map(unsigned),
            kind: row.kind,
            object: row.object,
            made_at: Timestamp(row.made_at),
            state,
            tries: narrow(row.tries, "the tries of a delivery")?,
            due_at: (state == DeliveryState::Waiting).then_some(Timestamp(row.due_at)),
            ended_at: row.ended_at.map(Timestamp),
            reason: row.reason,
        })
    }
}

#[derive(FromRow)]
struct AttemptRow {
    at: i64,
    milliseconds: i64,
    status: Option<i64>,
    answer: String,
    error: Option<String>,
}

impl TryFrom<AttemptRow> for Attempt {
    type Error = StoreError;

    fn try_from(row: AttemptRow) -> Result<Self, StoreError> {
        let AttemptRow { at, milliseconds, status, answer, error } = row;
        let status = status.map(|status| narrow(status, "the status of an answer")).transpose()?;
        Ok(Self { at: Timestamp(at), milliseconds: unsigned(milliseconds), status, answer, error })
    }
}

impl Store {
    /// The deliveries of a webhook; none if there is no such webhook.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_log(
        &self,
        (tenant, name): (TenantId, &str),
        state: Option<DeliveryState>,
        part: Part,
    ) -> Result<Option<Page<Delivery>>, StoreError> {
        let mut tx = self.begin_read().await?;
        let Some((webhook, _)) = find(&mut tx, tenant, name).await? else { return Ok(None) };
        let rows: Vec<Row> = sqlx::query_as(part.statement(
            "SELECT id, message, seq, kind, object, made_at, state, tries, due_at, ended_at, reason
             FROM webhook_deliveries
             WHERE webhook = $1 AND id < $2 AND ($3 IS NULL OR state = $3) ORDER BY id DESC LIMIT $4",
            "SELECT id, message, seq, kind, object, made_at, state, tries, due_at, ended_at, reason
             FROM webhook_deliveries
             WHERE webhook = $1 AND id > $2 AND ($3 IS NULL OR state = $3) ORDER BY id LIMIT $4",
        ))
        .bind(signed(webhook))
        .bind(part.place().id)
        .bind(state.map(DeliveryState::as_str))
        .bind(part.rows())
        .fetch_all(&mut *tx)
        .await?;
        let Page { items, next } = part.page(rows, |row| Cursor { at: 0, id: row.id });
        let items = items.into_iter().map(Delivery::try_from).collect::<Result<_, _>>()?;
        Ok(Some(Page { items, next }))
    }

    /// One delivery of a webhook with its tries; none if either is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_delivery(
        &self,
        (tenant, name): (TenantId, &str),
        message: &str,
    ) -> Result<Option<DeliveryDetail>, StoreError> {
        let mut tx = self.begin_read().await?;
        let Some((webhook, _)) = find(&mut tx, tenant, name).await? else { return Ok(None) };
        let Some(row) = fetch(&mut tx, webhook, message).await? else { return Ok(None) };
        let payload = sqlx::query_scalar("SELECT payload FROM webhook_deliveries WHERE id = $1")
            .bind(row.id)
            .fetch_one(&mut *tx)
            .await?;
        let attempts: Vec<AttemptRow> = sqlx::query_as(
            "SELECT at, milliseconds, status, answer, error FROM webhook_attempts
             WHERE delivery = $1 ORDER BY id",
        )
        .bind(row.id)
        .fetch_all(&mut *tx)
        .await?;
        let attempts = attempts.into_iter().map(Attempt::try_from).collect::<Result<_, _>>()?;
        Ok(Some(DeliveryDetail { delivery: row.try_into()?, payload, attempts }))
    }

    /// Has a delivery sent again, with all its tries, before what is newer of its object; one that waits is due now.
    /// Returns the webhook's id; none if either is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_redeliver(
        &self,
        (tenant, name): (TenantId, &str),
        message: &str,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let mut tx = self.begin_write().await?;
        let Some((webhook, _)) = find(&mut tx, tenant, name).await? else { return Ok(None) };
        let Some(row) = fetch(&mut tx, webhook, message).await? else { return Ok(None) };
        sqlx::query(
            "UPDATE webhook_deliveries SET state = 'waiting', due_at = $2, tries = 0, ended_at = NULL, reason = NULL
             WHERE id = $1",
        )
        .bind(row.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        promote(&mut tx, webhook, &row.object).await?;
        tx.commit().await?;
        Ok(Some(webhook))
    }

    /// Removes what is kept for too long or too much of; says whether there may be more to remove.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_sweep(&self, now: Timestamp) -> Result<bool, StoreError> {
        let oldest = now.before(KEPT_FOR);
        let mut tx = self.begin_write().await?;
        let webhooks: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM webhooks ORDER BY id").fetch_all(&mut *tx).await?;
        let mut more = false;
        for webhook in webhooks {
            let late: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM webhook_deliveries WHERE webhook = $1 AND state = 'waiting' AND made_at < $2",
            )
            .bind(webhook)
            .bind(oldest.0)
            .fetch_one(&mut *tx)
            .await?;
            if late > 0 {
                drop_oldest(&mut tx, unsigned(webhook), unsigned(late), TOO_OLD, now).await?;
            }
            more |= remove(&mut tx, webhook, oldest).await? == REMOVED_AT_ONCE.unsigned_abs();
        }
        tx.commit().await?;
        Ok(more)
    }
}

async fn fetch(conn: &mut SqliteConnection, webhook: u64, message: &str) -> Result<Option<Row>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT id, message, seq, kind, object, made_at, state, tries, due_at, ended_at, reason
         FROM webhook_deliveries WHERE message = $1 AND webhook = $2",
    )
    .bind(message)
    .bind(signed(webhook))
    .fetch_optional(conn)
    .await?)
}

/// Removes ended deliveries of a webhook: the old ones, and the oldest beyond the limit.
async fn remove(conn: &mut SqliteConnection, webhook: i64, oldest: Timestamp) -> Result<u64, StoreError> {
    let boundary: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM webhook_deliveries WHERE webhook = $1 AND state <> 'waiting'
         ORDER BY id DESC LIMIT 1 OFFSET $2",
    )
    .bind(webhook)
    .bind(signed(ENDED_MAX))
    .fetch_optional(&mut *conn)
    .await?;
    let removed = sqlx::query(
        "DELETE FROM webhook_deliveries WHERE id IN (
           SELECT id FROM webhook_deliveries WHERE webhook = $1 AND state <> 'waiting'
             AND (id <= $2 OR ended_at < $3) ORDER BY id LIMIT $4)",
    )
    .bind(webhook)
    .bind(boundary.unwrap_or(0))
    .bind(oldest.0)
    .bind(REMOVED_AT_ONCE)
    .execute(conn)
    .await?;
    Ok(removed.rows_affected())
}
