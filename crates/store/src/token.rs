//! Tokens: 256 random bits, shown once, kept as their SHA-256.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::secret::{Secret, hex};
use crate::sql::signed;
use crate::store::Store;
use crate::web_login::{IdentityRow, WebIdentity};

/// What every token starts with, so that a scanner for leaked secrets knows it.
const PREFIX: &str = "cb_";
/// Characters of a token: the prefix and 32 bytes in base64.
const LENGTH: usize = PREFIX.len() + 43;
/// Most live tokens of one agent or the owner; the oldest goes when another is made.
pub const TOKENS_PER_HOLDER_MAX: u32 = 100;

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The token itself. It cannot be shown again.
    pub token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Store {
    /// Makes a token for somebody who has logged in. `label` says what for, e.g. `web` or `apply`.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn token_create(
        &self,
        identity: &WebIdentity,
        label: &str,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<NewToken, StoreError> {
        let bytes: [u8; 32] = rand::random();
        let token = Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)));
        let expires_at = now.after(lifetime);
        let agent = identity.agent.map(|agent| signed(agent.0));
        let mut tx = self.begin_write().await?;
        let id = take(&mut tx, Counter::Token, 1).await?;
        sqlx::query("DELETE FROM tokens WHERE expires_at <= $1").bind(now.0).execute(&mut *tx).await?;
        sqlx::query(
            "DELETE FROM tokens WHERE id IN (
               SELECT id FROM tokens WHERE agent = $1 OR (agent IS NULL AND $1 IS NULL)
               ORDER BY id DESC LIMIT 1000000 OFFSET $2)",
        )
        .bind(agent)
        .bind(i64::from(TOKENS_PER_HOLDER_MAX) - 1)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO tokens (id, hash, agent, label, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(signed(id))
        .bind(digest(token.reveal()))
        .bind(agent)
        .bind(label)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(NewToken { token, expires_at })
    }

    /// Whose token it is, and when it ends; none if it is unknown, has ended, or its holder is gone or shut off.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn token_verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(WebIdentity, Timestamp)>, StoreError> {
        if token.len() != LENGTH || !token.starts_with(PREFIX) {
            return Ok(None);
        }
        let found: Option<(Option<i64>, i64)> =
            sqlx::query_as("SELECT agent, expires_at FROM tokens WHERE hash = $1 AND expires_at > $2")
                .bind(digest(token))
                .bind(now.0)
                .fetch_optional(self.reader())
                .await?;
        let Some((agent, expires_at)) = found else { return Ok(None) };
        let expires_at = Timestamp(expires_at);
        let Some(agent) = agent else {
            return self.owner_identity().await.map(|owner| Some((owner, expires_at)));
        };
        let row: Option<IdentityRow> =
            sqlx::query_as("SELECT id, tenant, role, name, status, password_hash FROM agents WHERE id = $1")
                .bind(agent)
                .fetch_optional(self.reader())
                .await?;
        let identity = row.map_or(Ok(None), IdentityRow::identity)?;
        Ok(identity.map(|identity| (identity, expires_at)))
    }

    /// Ends a token: a log-out. Ending one that is not there does nothing.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn token_end(&self, token: &str) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query("DELETE FROM tokens WHERE hash = $1").bind(digest(token)).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
