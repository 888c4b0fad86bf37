//! Mails of invitations, for whoever sends them.

use model::Timestamp;
use sqlx::FromRow;

use super::link::{Invited, InvitedRow};
use super::place;
use crate::error::StoreError;
use crate::secret::Secret;
use crate::sql::signed;
use crate::store::Store;

/// What is to be said in a mail, and to whom.
#[derive(Clone, Debug)]
pub struct InvitationLetter {
    /// Who is invited, and where.
    pub invited: Invited,
    /// The domain's language.
    pub language: String,
    /// The domain's time zone.
    pub timezone: String,
    /// What the link ends with.
    pub token: Secret,
}

#[derive(FromRow)]
struct LetterRow {
    #[sqlx(flatten)]
    invited: InvitedRow,
    language: String,
    timezone: String,
    token_sealed: Option<String>,
}

impl Store {
    /// What the mail of an invitation says; none if it is not to be sent any more.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read or opened.
    pub async fn invitation_letter(&self, id: u64) -> Result<Option<InvitationLetter>, StoreError> {
        let row: Option<LetterRow> = sqlx::query_as(
            "SELECT agents.tenant, tenants.name AS domain, invitations.agent, agents.name, agents.extension,
               invitations.email, invitations.expires_at, tenants.language, tenants.timezone,
               invitations.token_sealed
             FROM invitations JOIN agents ON agents.id = invitations.agent JOIN tenants ON tenants.id = agents.tenant
             WHERE invitations.id = $1",
        )
        .bind(signed(id))
        .fetch_optional(self.reader())
        .await?;
        let Some(LetterRow { invited, language, timezone, token_sealed: Some(sealed) }) = row else {
            return Ok(None);
        };
        let token = self.key().unseal(&sealed, &place(id));
        let token = token.ok_or_else(|| StoreError::Sealed(place(id)))?;
        Ok(Some(InvitationLetter { invited: invited.into(), language, timezone, token }))
    }

    /// The mail server has the mail of an invitation.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be noted.
    pub async fn invitation_mailed(&self, id: u64, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "UPDATE invitations SET mailed_at = $2, token_sealed = NULL, mail_problem = '' WHERE id = $1",
        )
        .bind(signed(id))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// The mail of an invitation was not taken; with `for_good` it is not tried again.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be noted.
    pub async fn invitation_not_mailed(&self, id: u64, what: &str, for_good: bool) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "UPDATE invitations SET mail_problem = $2, mail_given_up = $3,
               token_sealed = CASE WHEN $3 THEN NULL ELSE token_sealed END
             WHERE id = $1",
        )
        .bind(signed(id))
        .bind(what)
        .bind(for_good)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }
}
