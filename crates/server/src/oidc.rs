//! Log-in by the provider of identities that the settings name: OpenID Connect, by an authorization code with PKCE.
//!
//! What the provider is (its addresses, its keys) is read from itself and kept for an hour. Everything it says comes by
//! the client for services of others: bounded in size and time, and led nowhere inside but to the provider's own host,
//! which the operator has named.

mod provider;
mod token;

use std::sync::Arc;

use anyhow::Result;
use api::sso::{LoginState, Returned, SingleSignOn, SsoAnswer, SsoError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::http::Client;
use sha2::{Digest as _, Sha256};
use switch::Clock;
use tokio::sync::Semaphore;

use self::provider::{Exchanged, Provider};
use self::token::{Address, Expected, Verdict};
use crate::settings::Settings;

/// Log-ins that ask the provider something at once; beyond: busy.
const AT_ONCE_MAX: usize = 16;
/// What is asked for: who she is, and her e-mail address.
const SCOPE: &str = "openid email";

/// The provider, and what this server is to it.
pub(crate) struct Oidc {
    name: String,
    issuer: String,
    client_id: String,
    /// Domains of e-mail addresses that are let in; all if empty.
    email_domains: Vec<String>,
    /// Where it sends browsers back to.
    redirect: String,
    provider: Provider,
    turns: Semaphore,
}

impl Oidc {
    /// The provider of the settings, if they name one. `web` is what people reach this server by.
    pub(crate) fn of(settings: &Settings, web: &str, client: &Client) -> Option<Arc<dyn SingleSignOn>> {
        let (issuer, client_id) = settings.oidc_issuer.clone().zip(settings.oidc_client_id.clone())?;
        let secret = settings.oidc_client_secret.clone();
        let provider = Provider::new(&issuer, (&client_id, secret), client.trusting(&issuer), Clock::start());
        Some(Arc::new(Self {
            name: settings.oidc_name.clone(),
            issuer,
            client_id,
            email_domains: settings.oidc_email_domains.clone(),
            redirect: format!("{web}/v1/auth/oidc/callback"),
            provider,
            turns: Semaphore::new(AT_ONCE_MAX),
        }))
    }

    async fn location(&self, login: &LoginState) -> Result<String, SsoError> {
        let _turn = self.turns.try_acquire().map_err(|_| SsoError::Busy)?;
        let known = self.provider.known().await?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(login.verifier.as_bytes()));
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect),
            ("scope", SCOPE),
            ("state", &login.state),
            ("nonce", &login.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let place = &known.document.authorization_endpoint;
        let joint = if place.contains('?') { '&' } else { '?' };
        Ok(format!("{place}{joint}{query}"))
    }

    async fn email(&self, returned: Returned<'_>, login: &LoginState) -> Result<String, SsoError> {
        let _turn = self.turns.try_acquire().map_err(|_| SsoError::Busy)?;
        if returned.issuer.is_some_and(|issuer| issuer != self.issuer) {
            return Err(SsoError::Untrusted("another provider has answered".into()));
        }
        let exchanged = self.provider.exchange(returned.code, &self.redirect, &login.verifier).await?;
        let expected = Expected { issuer: &self.issuer, client_id: &self.client_id, nonce: &login.nonce };
        let verified = token::verify(&exchanged.id_token, &self.provider.known().await?.keys, &expected);
        let claims = match verified {
            // Keys change; a new one may be there by now.
            Err(Verdict::UnknownKey) => {
                let known = self.provider.renewed().await?;
                token::verify(&exchanged.id_token, &known.keys, &expected)
            }
            verified => verified,
        };
        let claims = claims.map_err(|verdict| SsoError::Untrusted(verdict.to_string()))?;
        let address = match claims.address() {
            Some(address) if address.verified.is_some() => address,
            Some(_) | None => self.told_apart(&exchanged, &claims.sub).await?,
        };
        self.let_in(address)
    }

    /// The address of a provider that does not write it, or what it knows of it, into the ID token.
    async fn told_apart(&self, exchanged: &Exchanged, subject: &str) -> Result<Address, SsoError> {
        let missing = || SsoError::Unverified("the provider names no e-mail address".into());
        let Some(claims) = self.provider.user_info(exchanged).await? else { return Err(missing()) };
        if claims.sub != subject {
            return Err(SsoError::Untrusted("the user info is of somebody else".into()));
        }
        claims.address().ok_or_else(missing)
    }

    fn let_in(&self, Address { email, verified }: Address) -> Result<String, SsoError> {
        let (given, email) = (email.is_ascii(), email.to_lowercase());
        if email.is_ascii() && !given {
            // A letter that only looks like one of ours (the Kelvin sign) would make it somebody else's.
            return Err(SsoError::Unverified(
                "the address has letters that are not what they look like".into(),
            ));
        }
        if verified != Some(true) {
            return Err(SsoError::Unverified("the provider has not verified the e-mail address".into()));
        }
        let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
        if domain.is_empty() || !self.email_domains.is_empty() && !self.email_domains.contains(&domain) {
            let shown = outbound::one_line(&domain);
            return Err(SsoError::Unverified(format!("addresses at `{shown}` are not let in")));
        }
        Ok(email)
    }
}

impl SingleSignOn for Oidc {
    fn name(&self) -> &str {
        &self.name
    }

    fn secure(&self) -> bool {
        self.redirect.starts_with("https://")
    }

    fn begin<'a>(&'a self, login: &'a LoginState) -> SsoAnswer<'a, String> {
        Box::pin(self.location(login))
    }

    fn end<'a>(&'a self, returned: Returned<'a>, login: &'a LoginState) -> SsoAnswer<'a, String> {
        Box::pin(self.email(returned, login))
    }
}

/// Fields as a form or a query has them.
fn form(fields: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", encoded(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// All but what needs no encoding anywhere (RFC 3986, 2.3), byte by byte.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(domains: &[&str]) -> Oidc {
        let client = Client::new(Vec::new()).unwrap();
        let issuer = "https://id.acme.test".to_owned();
        Oidc {
            name: "Acme".into(),
            client_id: "cordboard".into(),
            email_domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            redirect: "https://cc.acme.test/v1/auth/oidc/callback".into(),
            provider: Provider::new(&issuer, ("cordboard", None), client, Clock::start()),
            issuer,
            turns: Semaphore::new(1),
        }
    }

    #[test]
    fn only_a_verified_address_of_a_domain_that_is_let_in_counts() {
        let address = |email: &str, verified: bool| Address { email: email.into(), verified: Some(verified) };
        let everywhere = of(&[]);
        assert_eq!(everywhere.let_in(address("Ann@Acme.test", true)), Ok("ann@acme.test".into()));
        assert!(matches!(everywhere.let_in(address("ann@acme.test", false)), Err(SsoError::Unverified(_))));
        let unsaid = Address { email: "ann@acme.test".into(), verified: None };
        assert!(matches!(everywhere.let_in(unsaid), Err(SsoError::Unverified(_))));
        let kelvin = address("mar\u{212A}@acme.test", true);
        assert!(matches!(everywhere.let_in(kelvin), Err(SsoError::Unverified(_))), "she is not Mark");
        assert!(
            everywhere.let_in(address("ann", true)).is_err()
                && everywhere.let_in(address("ann@", true)).is_err()
        );
        let acme = of(&["acme.test"]);
        assert_eq!(acme.let_in(address("ann@ACME.test", true)), Ok("ann@acme.test".into()));
        for wrong in ["ann@evil.test", "ann@acme.test@evil.test", "ann@sub.acme.test", "ann@xacme.test"] {
            assert!(acme.let_in(address(wrong, true)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_form_is_encoded_byte_by_byte() {
        assert_eq!(form(&[("a", "b c&d=é"), ("e", "x-._~")]), "a=b%20c%26d%3D%C3%A9&e=x-._~");
    }
}
