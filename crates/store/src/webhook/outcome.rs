//! What came of tries, and when a webhook is paused for it.

use model::{TenantId, Timestamp};
use sqlx::SqliteConnection;

use super::deliveries::{NewDelivery, message_id, promote};
use crate::audit::Author;
use crate::error::StoreError;
use crate::sql::signed;
use crate::store::Store;

/// Tries of one delivery that are kept.
const ATTEMPTS_KEPT_MAX: i64 = 20;

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub milliseconds: u64,
    /// What was answered; none if there was no answer.
    pub status: Option<u16>,
    /// The first bytes of the answer, as text.
    pub answer: String,
    /// Why it counts as none; none if it was taken.
    pub error: Option<String>,
}

/// What follows from a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Taken,
    /// It is tried again then.
    Again(Timestamp),
    /// It is given up, and nothing further is sent if the webhook is paused for it.
    GivenUp {
        /// Whether the receiver wants nothing any more.
        pause: bool,
    },
}

/// A try that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The delivery's row.
    pub delivery: i64,
    /// What it is about.
    pub object: String,
    /// The try.
    pub attempt: Attempt,
    /// What follows.
    pub verdict: Verdict,
}

impl Store {
    /// Notes what came of tries, all of it or nothing. Says why the webhook is paused from now on, if it is: the receiver
    /// wants nothing any more, or `in_row_max` deliveries in a row were given up.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_ended(
        &self,
        webhook: u64,
        ended: &[Ended],
        in_row_max: u32,
    ) -> Result<Option<String>, StoreError> {
        let mut tx = self.begin_write().await?;
        for one in ended {
            attempt(&mut tx, one.delivery, &one.attempt).await?;
            note(&mut tx, webhook, one).await?;
        }
        let gone = ended.iter().find(|one| one.verdict == Verdict::GivenUp { pause: true });
        let reason = match gone {
            Some(gone) => gone.attempt.error.clone(),
            None => None,
        };
        let many = format!("{in_row_max} deliveries in a row were given up");
        let paused = sqlx::query_scalar(
            "UPDATE webhooks SET paused_at = $2, paused_reason = COALESCE($3, $4)
             WHERE id = $1 AND paused_at IS NULL AND ($3 IS NOT NULL OR given_up_in_row >= $5)
             RETURNING paused_reason",
        )
        .bind(signed(webhook))
        .bind(ended.last().map_or(0, |one| one.attempt.at.0))
        .bind(reason)
        .bind(many)
        .bind(i64::from(in_row_max))
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(paused)
    }

    /// Keeps something in the log that was sent past the order, once. Returns the id that it had.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_sent(
        &self,
        new: &NewDelivery,
        message: &str,
        tried: &Attempt,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let state = if tried.error.is_none() { "delivered" } else { "given_up" };
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO webhook_deliveries
               (webhook, message, seq, kind, object, payload, made_at, state, head, due_at, tries, ended_at, reason)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, FALSE, $7, 1, $7, $9
             WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = $1) RETURNING id",
        )
        .bind(signed(new.webhook))
        .bind(message)
        .bind(new.seq.map(signed))
        .bind(&new.kind)
        .bind(&new.object)
        .bind(&*new.payload)
        .bind(tried.at.0)
        .bind(state)
        .bind(&tried.error)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(id) = id {
            attempt(&mut tx, id, tried).await?;
        }
        Ok(tx.commit().await?)
    }

    /// An id for something that is sent past the order.
    #[must_use]
    pub fn webhook_message_id() -> String {
        message_id()
    }

    /// A webhook that is paused is so no more; what waits goes out. Returns its id; none if there is no such webhook.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn webhook_resume(
        &self,
        tenant: TenantId,
        name: &str,
        (now, by): (Timestamp, &Author),
    ) -> Result<Option<u64>, StoreError> {
        let mut tx = self.begin_write().await?;
        let Some((id, paused)) = super::state::find(&mut tx, tenant, name).await? else { return Ok(None) };
        if paused {
            sqlx::query(
                "UPDATE webhooks SET paused_at = NULL, paused_reason = NULL, given_up_in_row = 0 WHERE id = $1",
            )
            .bind(signed(id))
            .execute(&mut *tx)
            .await?;
            let line = format!("~ webhook {name} paused true -> false");
            crate::audit::append(&mut tx, tenant, (now, by), None, &[line]).await?;
        }
        tx.commit().await?;
        Ok(Some(id))
    }
}

async fn attempt(conn: &mut SqliteConnection, delivery: i64, tried: &Attempt) -> Result<(), StoreError> {
    // Its webhook may have been removed meanwhile.
    sqlx::query(
        "INSERT INTO webhook_attempts (delivery, at, milliseconds, status, answer, error)
         SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = $1)",
    )
    .bind(delivery)
    .bind(tried.at.0)
    .bind(signed(tried.milliseconds))
    .bind(tried.status.map(i64::from))
    .bind(&tried.answer)
    .bind(&tried.error)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM webhook_attempts WHERE delivery = $1 AND id <= (
           SELECT id FROM webhook_attempts WHERE delivery = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
    )
    .bind(delivery)
    .bind(ATTEMPTS_KEPT_MAX)
    .execute(conn)
    .await?;
    Ok(())
}

async fn note(conn: &mut SqliteConnection, webhook: u64, one: &Ended) -> Result<(), StoreError> {
    let (at, error) = (one.attempt.at.0, one.attempt.error.as_deref());
    let (state, due_at) = match &one.verdict {
        Verdict::Taken => ("delivered", None),
        Verdict::Again(due_at) => ("waiting", Some(due_at.0)),
        Verdict::GivenUp { .. } => ("given_up", None),
    };
    // One that was dropped meanwhile for lack of room has ended, unless the receiver has it after all.
    let noted = sqlx::query(
        "UPDATE webhook_deliveries SET
           state = $2, tries = tries + 1, due_at = COALESCE($3, due_at), head = head AND $2 = 'waiting',
           ended_at = CASE WHEN $2 <> 'waiting' THEN $4 END, reason = $5
         WHERE id = $1 AND (state = 'waiting' OR $2 = 'delivered')",
    )
    .bind(one.delivery)
    .bind(state)
    .bind(due_at)
    .bind(at)
    .bind(if state == "given_up" { error } else { None })
    .execute(&mut *conn)
    .await?;
    let (delivered, given_up) = match (&one.verdict, noted.rows_affected()) {
        (Verdict::Taken, 1..) => (1, 0),
        (Verdict::GivenUp { .. }, 1..) => (0, 1),
        (Verdict::Taken | Verdict::GivenUp { .. }, 0) | (Verdict::Again(_), _) => (0, 0),
    };
    sqlx::query(
        "UPDATE webhooks SET
           delivered = delivered + $2, given_up = given_up + $3,
           given_up_in_row = CASE WHEN $2 > 0 THEN 0 ELSE given_up_in_row + $3 END,
           last_success_at = CASE WHEN $5 IS NULL THEN $4 ELSE last_success_at END,
           last_failure_at = CASE WHEN $5 IS NULL THEN last_failure_at ELSE $4 END,
           last_failure = COALESCE($5, last_failure)
         WHERE id = $1",
    )
    .bind(signed(webhook))
    .bind(delivered)
    .bind(given_up)
    .bind(at)
    .bind(error)
    .execute(&mut *conn)
    .await?;
    if state != "waiting" {
        promote(conn, webhook, &one.object).await?;
    }
    Ok(())
}
