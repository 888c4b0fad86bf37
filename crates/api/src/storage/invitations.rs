//! Who is invited: links by which people set their first password.

use model::{AgentId, TenantId, Timestamp};
use store::{Author, Invitation, InviteError, Invited};

use super::{Answer, Identity, StorageError, Stored};

/// What the interface needs of the storage to invite people.
pub trait Invitations: Send + Sync + 'static {
    /// The invitation of an agent, open or confirmed.
    fn invitation(&self, tenant: TenantId, agent: AgentId) -> Answer<'_, Option<Invitation>>;

    /// Invites an agent, or once more: an older link is worth nothing from now on.
    fn invite<'a>(
        &'a self,
        tenant: TenantId,
        agent: AgentId,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, Result<Invitation, InviteError>>;

    /// Takes an open invitation back; says whether there was one.
    fn invitation_take_back<'a>(
        &'a self,
        tenant: TenantId,
        agent: AgentId,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, bool>;

    /// Whose link this is, if it is good.
    fn invited<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Option<Invited>>;

    /// Sets the password of whose link this is, if it is good. Costly, as a login.
    fn invitation_accept<'a>(
        &'a self,
        token: &'a str,
        password: &'a str,
        address: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Option<Invited>>;

    /// The agent of an e-mail address that was shown to be hers at `now`, by who comes from `address`; and whether she
    /// has confirmed an invitation so.
    fn enter_by_email<'a>(
        &'a self,
        email: &'a str,
        address: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Option<(Identity, bool)>>;
}

impl Invitations for Stored {
    fn invitation(&self, tenant: TenantId, agent: AgentId) -> Answer<'_, Option<Invitation>> {
        Box::pin(async move { Ok(self.store.invitation(tenant, agent).await?) })
    }

    fn invite<'a>(
        &'a self,
        tenant: TenantId,
        agent: AgentId,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, Result<Invitation, InviteError>> {
        Box::pin(async move {
            match self.store.invite(tenant, agent, by, now).await {
                Err(InviteError::Store(error)) => Err(StorageError::from(error)),
                made => Ok(made),
            }
        })
    }

    fn invitation_take_back<'a>(
        &'a self,
        tenant: TenantId,
        agent: AgentId,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.store.invitation_take_back(tenant, agent, by, now).await?) })
    }

    fn invited<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Option<Invited>> {
        Box::pin(async move { Ok(self.store.invited(token, now).await?) })
    }

    fn invitation_accept<'a>(
        &'a self,
        token: &'a str,
        password: &'a str,
        address: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Option<Invited>> {
        let password = store::Secret::new(password);
        Box::pin(async move { Ok(self.store.invitation_accept(token, &password, address, now).await?) })
    }

    fn enter_by_email<'a>(
        &'a self,
        email: &'a str,
        address: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Option<(Identity, bool)>> {
        Box::pin(async move {
            let Some((found, confirmed)) = self.store.enter_by_email(email, address, now).await? else {
                return Ok(None);
            };
            Ok(Some((self.identity(found).await?, confirmed)))
        })
    }
}
