//! Sessions: who is logged in to the web. A token has 256 random bits, is shown once and kept as its SHA-256.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{AgentId, TenantId, Timestamp};
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;

use crate::audit::{self, Note};
use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::secret::{Secret, hex};
use crate::sql::{signed, unsigned};
use crate::store::Store;
use crate::web_login::{IdentityRow, OWNER_NAME, WebIdentity};

/// What every token of a session starts with, so that a scanner for leaked secrets knows it.
const PREFIX: &str = "cbs_";
/// Characters of 32 bytes in base64.
const RANDOM_LENGTH: usize = 43;
/// Most live tokens of one agent or the owner; the oldest goes when another is made.
pub const TOKENS_PER_HOLDER_MAX: u32 = 100;
/// How exact the last use of a token or key is: one write of a busy one in this time.
pub(crate) const USE_KNOWN_TO: Duration = Duration::from_secs(60);
/// Longest name of a client that is kept, characters.
const CLIENT_MAX: usize = 200;

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The token itself. It cannot be shown again.
    pub token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Where a log-in comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// What for: `web`, `apply`.
    pub label: String,
    /// Its address; none if it is this machine's own.
    pub address: Option<IpAddr>,
    /// What it calls itself (`User-Agent`); empty if it does not say.
    pub name: String,
}

/// A credential that was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whose.
    pub identity: WebIdentity,
    /// When it ends by itself; none: never.
    pub expires_at: Option<Timestamp>,
    /// The session it is of; none: it is a key.
    pub session: Option<u64>,
}

/// One log-in that still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// By which it is ended.
    pub id: u64,
    /// Whose; none for the owner.
    pub agent: Option<AgentId>,
    /// Her name.
    pub name: String,
    /// Where from.
    pub client: Client,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute; none: not since.
    pub used_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct SessionRow {
    id: i64,
    agent: Option<i64>,
    name: Option<String>,
    label: String,
    address: String,
    client: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: unsigned(row.id),
            agent: row.agent.map(|id| AgentId(unsigned(id))),
            name: row.name.unwrap_or_else(|| OWNER_NAME.into()),
            client: Client { label: row.label, address: row.address.parse().ok(), name: row.client },
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            used_at: row.used_at.map(Timestamp),
        }
    }
}

impl Store {
    /// Makes a token for somebody who has logged in.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn token_create(
        &self,
        identity: &WebIdentity,
        client: &Client,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<NewToken, StoreError> {
        let token = random(PREFIX);
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
            "INSERT INTO tokens (id, hash, agent, label, address, client, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(signed(id))
        .bind(digest(token.reveal()))
        .bind(agent)
        .bind(&client.label)
        .bind(client.address.map(|address| address.to_string()).unwrap_or_default())
        .bind(plain(&client.name))
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(NewToken { token, expires_at })
    }

    /// Whose token or key this is; none if it is unknown, has ended, may not come from this address, or its holder
    /// is gone or shut off. `from` is the client's address, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn token_verify(
        &self,
        token: &str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<Verified>, StoreError> {
        if !is_random(token, PREFIX) {
            return self.key_verify(token, from, now).await;
        }
        let found: Option<(i64, Option<i64>, i64, Option<i64>)> = sqlx::query_as(
            "SELECT id, agent, expires_at, used_at FROM tokens WHERE hash = $1 AND expires_at > $2",
        )
        .bind(digest(token))
        .bind(now.0)
        .fetch_optional(self.reader())
        .await?;
        let Some((id, agent, expires_at, used_at)) = found else { return Ok(None) };
        let identity = match agent {
            Some(agent) => match IdentityRow::of(self.reader(), agent).await? {
                Some(row) => row.identity(self.reader()).await?,
                None => None,
            },
            None => Some(self.owner_identity().await?),
        };
        if identity.is_some() && is_news(used_at, now) {
            let used = sqlx::query("UPDATE tokens SET used_at = $1 WHERE id = $2").bind(now.0).bind(id);
            self.note_use(used).await;
        }
        let (expires_at, session) = (Some(Timestamp(expires_at)), Some(unsigned(id)));
        Ok(identity.map(|identity| Verified { identity, expires_at, session }))
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

    /// The log-ins of a domain's agents that still hold, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn sessions(&self, tenant: TenantId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let rows: Vec<SessionRow> = sqlx::query_as(
            "SELECT tokens.id, agent, agents.name, label, address, client, created_at, expires_at, used_at
             FROM tokens JOIN agents ON agents.id = tokens.agent
             WHERE agents.tenant = $1 AND expires_at > $2 ORDER BY tokens.id DESC",
        )
        .bind(signed(tenant.0))
        .bind(now.0)
        .fetch_all(self.reader())
        .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// The log-ins of one agent, or of the owner, that still hold, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn sessions_of(
        &self,
        agent: Option<AgentId>,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let rows: Vec<SessionRow> = sqlx::query_as(
            "SELECT tokens.id, agent, agents.name, label, address, client, created_at, expires_at, used_at
             FROM tokens LEFT JOIN agents ON agents.id = tokens.agent
             WHERE (agent = $1 OR (agent IS NULL AND $1 IS NULL)) AND expires_at > $2 ORDER BY tokens.id DESC",
        )
        .bind(agent.map(|agent| signed(agent.0)))
        .bind(now.0)
        .fetch_all(self.reader())
        .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Ends a log-in, and keeps that somebody else did. Ending one that is over does nothing.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn session_end(&self, id: u64, note: Option<&Note>) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let ended =
            sqlx::query("DELETE FROM tokens WHERE id = $1").bind(signed(id)).execute(&mut *tx).await?;
        audit::note(&mut tx, note.filter(|_| ended.rows_affected() > 0)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A new secret of 256 random bits.
pub(crate) fn random(prefix: &str) -> Secret {
    let bytes: [u8; 32] = rand::random();
    Secret::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// Whether this could be one that [`random`] made.
pub(crate) fn is_random(text: &str, prefix: &str) -> bool {
    text.len() == prefix.len() + RANDOM_LENGTH && text.starts_with(prefix)
}

/// Whether the last use that is kept is so long ago that this one is worth a write.
pub(crate) fn is_news(used_at: Option<i64>, now: Timestamp) -> bool {
    used_at.is_none_or(|used_at| now.since(Timestamp(used_at)) >= USE_KNOWN_TO)
}

pub(crate) fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// A client's own words, short and on one line.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(CLIENT_MAX).collect()
}
