//! Who may come in, in memory. What needs more than logins and tokens is tried against the real storage.

use std::net::IpAddr;
use std::time::Duration;

use api::storage::credentials::{Credentials, DomainName};
use api::storage::invitations::Invitations;
use api::storage::{Answer as Soon, Grant, Identity, NewToken, Reports};
use model::{AgentId, TenantId, Timestamp};
use store::idempotency::{Begun, KeptAnswer, Keyed};
use store::report::mails::{ReportState, SendError};
use store::{
    ApiKey, Author, Client, Factor, Invitation, InviteError, Invited, KeyError, KeyWish, Note, Secret,
    Session, TotpOffer,
};

use crate::world::{ACME, GLOBEX, Kept, identity};

impl Credentials for Kept {
    fn login<'a>(&'a self, email: &'a str, password: &'a str) -> Soon<'a, Option<Identity>> {
        Box::pin(async move {
            self.check()?;
            let who = email.strip_suffix("@acme.test").unwrap_or_default();
            Ok(identity(who).filter(|_| password == format!("{who}-password")))
        })
    }

    fn email_of<'a>(&'a self, domain: &'a str, name: &'a str) -> Soon<'a, Option<String>> {
        Box::pin(async move {
            let known = [("1001", "ann"), ("1002", "bob"), ("1003", "sue")];
            let first = known.iter().find(|(number, first)| name == *number || name == *first);
            Ok(first.filter(|_| domain == "acme.test").map(|(_, first)| format!("{first}@acme.test")))
        })
    }

    fn owner_create<'a>(&'a self, email: &'a str, password: &'a str) -> Soon<'a, bool> {
        Box::pin(async move {
            self.check()?;
            let mut owner = self.owner.lock().unwrap();
            let free = owner.is_none();
            owner.get_or_insert_with(|| (email.into(), password.into()));
            Ok(free)
        })
    }

    fn factor<'a>(&'a self, _: &'a Identity, _: Option<&'a str>, _: Timestamp) -> Soon<'a, Factor> {
        Box::pin(async { Ok(Factor::Off) })
    }

    fn factor_offer<'a>(&'a self, _: &'a Identity) -> Soon<'a, Option<TotpOffer>> {
        Box::pin(async { Ok(None) })
    }

    fn factor_confirm<'a>(
        &'a self,
        _: &'a Identity,
        _: &'a str,
        _: Timestamp,
        _: Option<u64>,
        _: Option<&'a Note>,
    ) -> Soon<'a, Option<Vec<Secret>>> {
        Box::pin(async { Ok(None) })
    }

    fn factor_remove<'a>(&'a self, _: Option<AgentId>, _: Option<&'a Note>) -> Soon<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn token_create<'a>(
        &'a self,
        identity: &'a Identity,
        _: &'a Client,
        now: Timestamp,
        lifetime: Duration,
    ) -> Soon<'a, NewToken> {
        Box::pin(async move {
            let mut tokens = self.tokens.lock().unwrap();
            let (token, expires_at) = (format!("token-{}", tokens.len()), now.after(lifetime));
            let grant = Grant { identity: identity.clone(), expires_at: Some(expires_at), session: Some(1) };
            tokens.insert(token.clone(), grant);
            Ok(NewToken { token, expires_at })
        })
    }

    fn token_verify<'a>(
        &'a self,
        token: &'a str,
        _: Option<IpAddr>,
        now: Timestamp,
    ) -> Soon<'a, Option<Grant>> {
        Box::pin(async move {
            self.check()?;
            let tokens = self.tokens.lock().unwrap();
            Ok(tokens.get(token).filter(|grant| grant.expires_at.is_none_or(|at| at > now)).cloned())
        })
    }

    fn token_end<'a>(&'a self, token: &'a str) -> Soon<'a, ()> {
        Box::pin(async move {
            self.tokens.lock().unwrap().remove(token);
            Ok(())
        })
    }

    fn sessions(&self, _: TenantId, _: Timestamp) -> Soon<'_, Vec<Session>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn sessions_of(&self, _: Option<AgentId>, _: Timestamp) -> Soon<'_, Vec<Session>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn session_end<'a>(&'a self, _: u64, _: Option<&'a Note>) -> Soon<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn keys(&self, _: TenantId) -> Soon<'_, Vec<ApiKey>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn key_create<'a>(
        &'a self,
        _: TenantId,
        _: &'a KeyWish,
        _: &'a Author,
        _: Timestamp,
    ) -> Soon<'a, Result<(ApiKey, Secret), KeyError>> {
        Box::pin(async { Ok(Err(KeyError::TooMany)) })
    }

    fn key_remove<'a>(&'a self, _: TenantId, _: u64, _: &'a Author, _: Timestamp) -> Soon<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn domains(&self) -> Soon<'_, Vec<DomainName>> {
        Box::pin(async { Ok(vec![(ACME, "acme.test".into()), (GLOBEX, "globex.test".into())]) })
    }

    fn idempotency_begin<'a>(&'a self, _: &'a Keyed, _: Timestamp) -> Soon<'a, Begun> {
        Box::pin(async { Ok(Begun::New) })
    }

    fn idempotency_end<'a>(&'a self, _: &'a Keyed, _: Option<&'a KeptAnswer>) -> Soon<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Reports for Kept {
    fn reports(&self, tenant: TenantId, _: Timestamp) -> Soon<'_, Vec<ReportState>> {
        Box::pin(async move { Ok(if tenant == ACME { vec![crate::reports::daily()] } else { Vec::new() }) })
    }

    fn report_send<'a>(
        &'a self,
        (tenant, name): (TenantId, &'a str),
        recipients: Option<&'a [String]>,
        by: &'a Author,
        _: Timestamp,
    ) -> Soon<'a, Result<usize, SendError>> {
        Box::pin(async move {
            if (tenant, name) != (ACME, "Daily") {
                return Ok(Err(SendError::Unknown));
            }
            let own = crate::reports::daily().report.recipients;
            let recipients = recipients.unwrap_or(&own);
            self.sent.lock().unwrap().push(format!("{} by {}", recipients.join(","), by.name));
            Ok(Ok(recipients.len()))
        })
    }
}

impl Invitations for Kept {
    fn invitation(&self, _: TenantId, _: AgentId) -> Soon<'_, Option<Invitation>> {
        Box::pin(async { Ok(None) })
    }

    fn invite<'a>(
        &'a self,
        _: TenantId,
        _: AgentId,
        _: &'a Author,
        _: Timestamp,
    ) -> Soon<'a, Result<Invitation, InviteError>> {
        Box::pin(async { Ok(Err(InviteError::NoMail)) })
    }

    fn invitation_take_back<'a>(
        &'a self,
        _: TenantId,
        _: AgentId,
        _: &'a Author,
        _: Timestamp,
    ) -> Soon<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn invited<'a>(&'a self, _: &'a str, _: Timestamp) -> Soon<'a, Option<Invited>> {
        Box::pin(async { Ok(None) })
    }

    fn invitation_accept<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: &'a str,
        _: Timestamp,
    ) -> Soon<'a, Option<Invited>> {
        Box::pin(async { Ok(None) })
    }

    fn enter_by_email<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: Timestamp,
    ) -> Soon<'a, Option<(Identity, bool)>> {
        Box::pin(async { Ok(None) })
    }
}
