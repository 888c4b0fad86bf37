//! Links of invitations: whose one is, and what following it does.

use model::{AgentId, TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use super::PREFIX;
use crate::audit::Author;
use crate::error::StoreError;
use crate::secret::Secret;
use crate::sql::{signed, unsigned};
use crate::store::Store;
use crate::token::{digest, is_random};
use crate::web_login::{IdentityRow, WebIdentity};

/// Whose a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Her domain.
    pub tenant: TenantId,
    /// Its name.
    pub domain: String,
    /// Who.
    pub agent: AgentId,
    /// Her name.
    pub name: String,
    /// Her extension, if she has one.
    pub extension: Option<String>,
    /// What she logs in with.
    pub email: String,
    /// When the link ends.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
pub(super) struct InvitedRow {
    tenant: i64,
    domain: String,
    agent: i64,
    name: String,
    extension: Option<String>,
    email: String,
    expires_at: i64,
}

impl From<InvitedRow> for Invited {
    fn from(row: InvitedRow) -> Self {
        Self {
            tenant: TenantId(unsigned(row.tenant)),
            domain: row.domain,
            agent: AgentId(unsigned(row.agent)),
            name: row.name,
            extension: row.extension,
            email: row.email,
            expires_at: Timestamp(row.expires_at),
        }
    }
}

impl Store {
    /// Whose link this is, if it is good at `now`.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn invited(&self, token: &str, now: Timestamp) -> Result<Option<Invited>, StoreError> {
        let mut tx = self.begin_read().await?;
        by_token(&mut tx, token, now).await
    }

    /// Sets the password of whose link this is, if it is good at `now`; she takes calls from then on. `address` is
    /// where she comes from.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn invitation_accept(
        &self,
        token: &str,
        password: &Secret,
        address: &str,
        now: Timestamp,
    ) -> Result<Option<Invited>, StoreError> {
        if self.invited(token, now).await?.is_none() {
            return Ok(None);
        }
        let hash = self.passwords().hash(password.clone()).await?;
        let mut tx = self.begin_write().await?;
        // Of several who come at once with the right token, one has it.
        let Some(invited) = by_token(&mut tx, token, now).await? else { return Ok(None) };
        sqlx::query("UPDATE agents SET password_hash = $2 WHERE id = $1")
            .bind(signed(invited.agent.0))
            .bind(&hash)
            .execute(&mut *tx)
            .await?;
        confirm(&mut tx, &invited, address, now).await?;
        tx.commit().await?;
        Ok(Some(invited))
    }

    /// The agent of an e-mail address that has been shown to be hers; none if nobody has it, or she is shut off. Who was
    /// invited to it has confirmed it so, and takes calls from then on: that is said too.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read, or the confirmation not be kept.
    pub async fn enter_by_email(
        &self,
        email: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<Option<(WebIdentity, bool)>, StoreError> {
        let found = IdentityRow::of_email(self.reader(), email).await?;
        let Some(row) = found else { return Ok(None) };
        let Some(identity) = row.identity(self.reader()).await? else { return Ok(None) };
        let Some(agent) = identity.agent else { return Ok(None) };
        let mut tx = self.begin_write().await?;
        let open: Option<InvitedRow> = sqlx::query_as(
            "SELECT agents.tenant, tenants.name AS domain, invitations.agent, agents.name, agents.extension,
               invitations.email, invitations.expires_at
             FROM invitations JOIN agents ON agents.id = invitations.agent JOIN tenants ON tenants.id = agents.tenant
             WHERE agents.id = $1 AND agents.email = $2 AND invitations.email = $2
               AND invitations.confirmed_at IS NULL",
        )
        .bind(signed(agent.0))
        .bind(email)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(open) = open else { return Ok(Some((identity, false))) };
        confirm(&mut tx, &open.into(), address, now).await?;
        tx.commit().await?;
        Ok(Some((identity, true)))
    }
}

/// The link was followed, or its owner has shown otherwise that the address is hers.
async fn confirm(
    conn: &mut SqliteConnection,
    invited: &Invited,
    address: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE invitations SET hash = NULL, token_sealed = NULL, confirmed_at = $2 WHERE agent = $1",
    )
    .bind(signed(invited.agent.0))
    .bind(now.0)
    .execute(&mut *conn)
    .await?;
    let called = invited.extension.as_deref().unwrap_or(&invited.email);
    let line = format!("~ invitation of {called} confirmed");
    let by = Author { address: address.to_owned(), ..Author::named(&invited.name) };
    crate::audit::append(conn, invited.tenant, (now, &by), None, &[line]).await
}

async fn by_token(
    conn: &mut SqliteConnection,
    token: &str,
    now: Timestamp,
) -> Result<Option<Invited>, StoreError> {
    if !is_random(token, PREFIX) {
        return Ok(None);
    }
    let row: Option<InvitedRow> = sqlx::query_as(
        "SELECT agents.tenant, tenants.name AS domain, invitations.agent, agents.name, agents.extension,
           invitations.email, invitations.expires_at
         FROM invitations JOIN agents ON agents.id = invitations.agent JOIN tenants ON tenants.id = agents.tenant
         WHERE invitations.hash = $1 AND invitations.confirmed_at IS NULL AND invitations.expires_at > $2
           AND agents.password_hash IS NULL AND agents.status <> 'disabled'",
    )
    .bind(digest(token))
    .bind(now.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Invited::from))
}
