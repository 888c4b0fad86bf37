//! Who may come in, as the database knows it.

use std::net::IpAddr;
use std::time::Duration;

use model::{AgentId, TenantId, Timestamp};
use store::idempotency::{Begun, KeptAnswer, Keyed};
use store::{
    ApiKey, Author, Client, Factor, KeyError, KeyWish, Note, Secret, Session, TotpOffer, WebIdentity,
};

use super::credentials::{Credentials, DomainName};
use super::{Answer, Grant, Identity, NewToken, StorageError, Stored};

impl Credentials for Stored {
    fn login<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, Option<Identity>> {
        Box::pin(async move {
            match self.store.login(email, &Secret::new(password)).await? {
                Some(identity) => Ok(Some(self.identity(identity).await?)),
                None => Ok(None),
            }
        })
    }

    fn email_of<'a>(&'a self, domain: &'a str, name: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(async move { Ok(self.store.email_of(domain, name).await?) })
    }

    fn owner_create<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.store.create_owner(email, &Secret::new(password)).await?) })
    }

    fn factor<'a>(
        &'a self,
        identity: &'a Identity,
        code: Option<&'a str>,
        now: Timestamp,
    ) -> Answer<'a, Factor> {
        Box::pin(async move { Ok(self.store.totp_check(identity.agent, code, now).await?) })
    }

    fn factor_offer<'a>(&'a self, identity: &'a Identity) -> Answer<'a, Option<TotpOffer>> {
        let issuer = if identity.domain.is_empty() { "Cordboard" } else { &identity.domain };
        Box::pin(async move { Ok(self.store.totp_offer(identity.agent, (&identity.name, issuer)).await?) })
    }

    fn factor_confirm<'a>(
        &'a self,
        identity: &'a Identity,
        code: &'a str,
        now: Timestamp,
        session: Option<u64>,
        note: Option<&'a Note>,
    ) -> Answer<'a, Option<Vec<Secret>>> {
        Box::pin(async move { Ok(self.store.totp_confirm(identity.agent, code, now, session, note).await?) })
    }

    fn factor_remove<'a>(&'a self, holder: Option<AgentId>, note: Option<&'a Note>) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.store.totp_remove(holder, note).await?) })
    }

    fn token_create<'a>(
        &'a self,
        identity: &'a Identity,
        client: &'a Client,
        now: Timestamp,
        lifetime: Duration,
    ) -> Answer<'a, NewToken> {
        Box::pin(async move {
            let of = WebIdentity {
                tenant: Some(identity.tenant),
                agent: identity.agent,
                key: None,
                role: identity.role.clone(),
                rights: identity.rights.clone(),
                supervises: identity.supervises.clone(),
                name: identity.name.clone(),
                factor_due: identity.factor_due,
            };
            let made = self.store.token_create(&of, client, now, lifetime).await?;
            Ok(NewToken { token: made.token.reveal().to_owned(), expires_at: made.expires_at })
        })
    }

    fn token_verify<'a>(
        &'a self,
        token: &'a str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Answer<'a, Option<Grant>> {
        Box::pin(async move {
            let Some(found) = self.store.token_verify(token, from, now).await? else { return Ok(None) };
            let identity = self.identity(found.identity).await?;
            Ok(Some(Grant { identity, expires_at: found.expires_at, session: found.session }))
        })
    }

    fn token_end<'a>(&'a self, token: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { Ok(self.store.token_end(token).await?) })
    }

    fn sessions(&self, tenant: TenantId, now: Timestamp) -> Answer<'_, Vec<Session>> {
        Box::pin(async move { Ok(self.store.sessions(tenant, now).await?) })
    }

    fn sessions_of(&self, holder: Option<AgentId>, now: Timestamp) -> Answer<'_, Vec<Session>> {
        Box::pin(async move { Ok(self.store.sessions_of(holder, now).await?) })
    }

    fn session_end<'a>(&'a self, id: u64, note: Option<&'a Note>) -> Answer<'a, ()> {
        Box::pin(async move { Ok(self.store.session_end(id, note).await?) })
    }

    fn keys(&self, tenant: TenantId) -> Answer<'_, Vec<ApiKey>> {
        Box::pin(async move { Ok(self.store.keys(tenant).await?) })
    }

    fn key_create<'a>(
        &'a self,
        tenant: TenantId,
        wish: &'a KeyWish,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, Result<(ApiKey, Secret), KeyError>> {
        Box::pin(async move {
            match self.store.key_create(tenant, wish, by, now).await {
                Err(KeyError::Store(error)) => Err(StorageError::from(error)),
                made => Ok(made),
            }
        })
    }

    fn key_remove<'a>(
        &'a self,
        tenant: TenantId,
        id: u64,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.store.key_remove(tenant, id, by, now).await?) })
    }

    fn domains(&self) -> Answer<'_, Vec<DomainName>> {
        Box::pin(async move {
            let all = self.store.domains().await?;
            Ok(all.into_iter().map(|domain| (domain.id, domain.name)).collect())
        })
    }

    fn idempotency_begin<'a>(&'a self, keyed: &'a Keyed, now: Timestamp) -> Answer<'a, Begun> {
        Box::pin(async move { Ok(self.store.idempotency_begin(keyed, now).await?) })
    }

    fn idempotency_end<'a>(&'a self, keyed: &'a Keyed, answer: Option<&'a KeptAnswer>) -> Answer<'a, ()> {
        Box::pin(async move { Ok(self.store.idempotency_end(keyed, answer).await?) })
    }
}
