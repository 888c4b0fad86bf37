//! Requests that are sent twice and done once: the client chooses a key (`Idempotency-Key`,
//! draft-ietf-httpapi-idempotency-key-header-07), and what the first request with it answered is the answer to all.
//!
//! The key is kept before the work is begun and its answer after it. What is begun and was never answered, because
//! the server died in between, stays so: nobody can say whether it was done, and doing it again might do it twice.

use std::time::Duration;

use model::{TenantId, Timestamp};
use sqlx::FromRow;

use crate::error::StoreError;
use crate::secret::Secret;
use crate::sql::{from_json, narrow, signed, to_json};
use crate::store::Store;

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 3_600);
/// Keys that are kept of one domain; the oldest go first.
const KEPT_MAX: i64 = 10_000;

/// A request that its client has given a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    /// In which domain.
    pub tenant: TenantId,
    /// Who asks: two who choose the same key are not in each other's way.
    pub who: String,
    /// The key.
    pub key: String,
    /// What is asked, hashed: method, path and body.
    pub request: String,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Those headers that belong to the answer.
    pub headers: Vec<(String, String)>,
    /// The body, UTF-8.
    pub body: String,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: do it, and then say what came of it.
    New,
    /// This came of it.
    Done(KeptAnswer),
    /// It is being done, or was begun by a server that died.
    Unanswered,
    /// The key stands for another request.
    OfAnother,
}

#[derive(FromRow)]
struct Row {
    request_hash: String,
    status: Option<i64>,
    answer: Option<String>,
}

impl Store {
    /// Looks a key up, and keeps it if it is new.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn idempotency_begin(&self, keyed: &Keyed, now: Timestamp) -> Result<Begun, StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query("DELETE FROM idempotency WHERE expires_at <= $1").bind(now.0).execute(&mut *tx).await?;
        let found: Option<Row> = sqlx::query_as(
            "SELECT request_hash, status, answer FROM idempotency
             WHERE tenant = $1 AND who = $2 AND idempotency_key = $3",
        )
        .bind(signed(keyed.tenant.0))
        .bind(&keyed.who)
        .bind(&keyed.key)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(row) = found {
            return self.known(keyed, row);
        }
        sqlx::query(
            "INSERT INTO idempotency (tenant, who, idempotency_key, request_hash, expires_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(signed(keyed.tenant.0))
        .bind(&keyed.who)
        .bind(&keyed.key)
        .bind(&keyed.request)
        .bind(now.after(KEPT_FOR).0)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "DELETE FROM idempotency WHERE rowid IN (
               SELECT rowid FROM idempotency WHERE tenant = $1 ORDER BY expires_at DESC LIMIT 1000 OFFSET $2)",
        )
        .bind(signed(keyed.tenant.0))
        .bind(KEPT_MAX)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Begun::New)
    }

    /// Keeps what came of it; `None` forgets the key, so that the client may try again.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn idempotency_end(
        &self,
        keyed: &Keyed,
        answer: Option<&KeptAnswer>,
    ) -> Result<(), StoreError> {
        let sealed = answer.map(|answer| self.seal_answer(keyed, answer)).transpose()?;
        let mut tx = self.begin_write().await?;
        let sql = if sealed.is_some() {
            "UPDATE idempotency SET status = $1, answer = $2
             WHERE tenant = $3 AND who = $4 AND idempotency_key = $5"
        } else {
            "DELETE FROM idempotency
             WHERE $1 IS NULL AND $2 IS NULL AND tenant = $3 AND who = $4 AND idempotency_key = $5"
        };
        sqlx::query(sql)
            .bind(answer.map(|answer| i64::from(answer.status)))
            .bind(sealed)
            .bind(signed(keyed.tenant.0))
            .bind(&keyed.who)
            .bind(&keyed.key)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    fn known(&self, keyed: &Keyed, row: Row) -> Result<Begun, StoreError> {
        if row.request_hash != keyed.request {
            return Ok(Begun::OfAnother);
        }
        let (Some(status), Some(sealed)) = (row.status, row.answer) else { return Ok(Begun::Unanswered) };
        let opened = self.key().unseal(&sealed, &place(keyed));
        let opened = opened.ok_or_else(|| StoreError::Sealed(place(keyed)))?;
        let answer: KeptAnswer = from_json(opened.reveal(), "an answer that is kept")?;
        let status = narrow(status, "the status of an answer that is kept")?;
        Ok(Begun::Done(KeptAnswer { status, ..answer }))
    }

    /// An answer may hold what is shown once: a key, a phone's password. It lies sealed, as they do.
    fn seal_answer(&self, keyed: &Keyed, answer: &KeptAnswer) -> Result<String, StoreError> {
        let text = Secret::new(to_json(answer)?);
        self.key().seal(&text, &place(keyed)).ok_or_else(|| StoreError::Sealed(place(keyed)))
    }
}

fn place(keyed: &Keyed) -> String {
    format!("answer/{}/{}/{}", keyed.tenant.0, keyed.who, keyed.key)
}
