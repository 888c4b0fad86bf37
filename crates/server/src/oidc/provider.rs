//! What the provider says of itself, and what it is asked.

use std::sync::Arc;
use std::time::Duration;

use api::sso::SsoError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use model::Timestamp;
use outbound::http::{Client, Fetch, Fetched, PostError};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use switch::Clock;
use tokio::sync::Mutex;

use super::token::Claims;
use super::{encoded, form};

/// How long one question may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of an answer.
const ANSWER_MAX: usize = 256 * 1_024;
/// How long what it says of itself holds.
const HOLDS: Duration = Duration::from_secs(3_600);
/// Keys are not asked for again sooner than so.
const RENEWED_AFTER: Duration = Duration::from_secs(10);
/// How long it is left alone after it could not be asked.
const PAUSE: Duration = Duration::from_secs(5);
/// Most keys that are looked at.
const KEYS_MAX: usize = 64;

/// What it says of itself (OpenID Connect Discovery 1.0, 3), as far as it is of use.
#[derive(Debug, Deserialize)]
pub(super) struct Document {
    issuer: String,
    /// Where browsers are sent.
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

/// What came for a code.
#[derive(Deserialize)]
pub(super) struct Exchanged {
    /// Who she is.
    pub(super) id_token: String,
    access_token: Option<String>,
}

/// Why there is nothing for a code.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// What is known of it.
pub(super) struct Known {
    pub(super) document: Document,
    pub(super) keys: Vec<Jwk>,
    read_at: Timestamp,
}

/// What it last said, and when it may be asked again if it did not.
#[derive(Default)]
struct Memory {
    known: Option<Arc<Known>>,
    failed: Option<(Timestamp, SsoError)>,
}

/// Asks it.
pub(super) struct Provider {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    client: Client,
    clock: Clock,
    // Held while it is asked, so that it is asked once and not by everybody who waits.
    memory: Mutex<Memory>,
}

impl Provider {
    pub(super) fn new(
        issuer: &str,
        (client_id, client_secret): (&str, Option<String>),
        client: Client,
        clock: Clock,
    ) -> Self {
        let (issuer, client_id) = (issuer.to_owned(), client_id.to_owned());
        Self { issuer, client_id, client_secret, client, clock, memory: Mutex::default() }
    }

    /// What it says of itself.
    pub(super) async fn known(&self) -> Result<Arc<Known>, SsoError> {
        self.read(HOLDS).await
    }

    /// The same anew, unless that was a moment ago.
    pub(super) async fn renewed(&self) -> Result<Arc<Known>, SsoError> {
        self.read(RENEWED_AFTER).await
    }

    async fn read(&self, holds: Duration) -> Result<Arc<Known>, SsoError> {
        let mut memory = self.memory.lock().await;
        let now = self.clock.now();
        if let Some(known) = memory.known.as_ref().filter(|known| now.since(known.read_at) < holds) {
            return Ok(known.clone());
        }
        if let Some((at, error)) = memory.failed.as_ref().filter(|(at, _)| now.since(*at) < PAUSE) {
            tracing::debug!(since = at.0, "the provider is left alone for a moment");
            return Err(error.clone());
        }
        match self.ask_for_itself(now).await {
            Ok(known) => {
                let known = Arc::new(known);
                *memory = Memory { known: Some(known.clone()), failed: None };
                Ok(known)
            }
            Err(error) => {
                // From now on: to wait for it may have taken longer than the pause.
                memory.failed = Some((self.clock.now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn ask_for_itself(&self, now: Timestamp) -> Result<Known, SsoError> {
        let place = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let document: Document = self.get(place, None).await?;
        if document.issuer != self.issuer {
            let shown = outbound::one_line(&document.issuer);
            let what = format!("it calls itself `{shown}`; `oidc.issuer` must be exactly that");
            return Err(SsoError::Unreachable(what));
        }
        let https = |place: &str| place.starts_with("https://");
        let in_the_clear = !https(&self.issuer) && document.authorization_endpoint.starts_with("http://");
        if !https(&document.authorization_endpoint) && !in_the_clear {
            return Err(SsoError::Unreachable("its authorization_endpoint is no https:// address".into()));
        }
        let Keys { keys } = self.get(document.jwks_uri.clone(), None).await?;
        // A key of a kind that is not known here is of no use, and no reason to leave the others alone.
        let keys =
            keys.into_iter().take(KEYS_MAX).filter_map(|key| serde_json::from_value(key).ok()).collect();
        Ok(Known { document, keys, read_at: now })
    }

    /// Exchanges a code.
    pub(super) async fn exchange(
        &self,
        code: &str,
        redirect: &str,
        verifier: &str,
    ) -> Result<Exchanged, SsoError> {
        let known = self.known().await?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        let methods = known.document.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let has = |method: &str| methods.iter().any(|known| known == method);
        let in_form = has("client_secret_post") && !has("client_secret_basic");
        let authorization = match &self.client_secret {
            Some(secret) if !in_form => {
                let pair = format!("{}:{}", encoded(&self.client_id), encoded(secret));
                Some(format!("Basic {}", STANDARD.encode(pair)))
            }
            Some(secret) => {
                fields.extend([("client_id", self.client_id.as_str()), ("client_secret", secret.as_str())]);
                None
            }
            None => {
                fields.push(("client_id", &self.client_id));
                None
            }
        };
        let url = known.document.token_endpoint.clone();
        let Fetched { status, body } = self.fetch(url, Some(form(&fields)), authorization).await?;
        if (400..500).contains(&status) {
            let refusal: Option<Refusal> = serde_json::from_slice(&body).ok();
            let why =
                refusal.map_or_else(|| status.to_string(), |refusal| outbound::one_line(&refusal.error));
            return Err(SsoError::Refused(why));
        }
        read(status, &body)
    }

    /// What it tells of whoever the token is of; none if it tells nothing so.
    pub(super) async fn user_info(&self, exchanged: &Exchanged) -> Result<Option<Claims>, SsoError> {
        let known = self.known().await?;
        let place = known.document.userinfo_endpoint.clone();
        let Some((place, token)) = place.zip(exchanged.access_token.as_ref()) else { return Ok(None) };
        self.get(place, Some(format!("Bearer {token}"))).await.map(Some)
    }

    async fn get<T: DeserializeOwned>(
        &self,
        url: String,
        authorization: Option<String>,
    ) -> Result<T, SsoError> {
        let Fetched { status, body } = self.fetch(url, None, authorization).await?;
        read(status, &body)
    }

    async fn fetch(
        &self,
        url: String,
        form: Option<String>,
        authorization: Option<String>,
    ) -> Result<Fetched, SsoError> {
        let place = outbound::one_line(&url);
        let fetch = Fetch { url, form, authorization, timeout: TIMEOUT, answer_max: ANSWER_MAX };
        let fetched = self.client.fetch(fetch).await;
        fetched.map_err(|error: PostError| SsoError::Unreachable(format!("{place}: {error}")))
    }
}

fn read<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, SsoError> {
    if status != 200 {
        return Err(SsoError::Unreachable(format!("it answered {status}")));
    }
    let unread = |error: serde_json::Error| {
        SsoError::Unreachable(format!(
            "it answered something else: {}",
            outbound::one_line(&error.to_string())
        ))
    };
    serde_json::from_slice(body).map_err(unread)
}
