//! `GET /v1/auth/oidc/callback`: a browser comes back from the provider.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::Response;
use serde::Deserialize;
use store::Client;
use utoipa::IntoParams;

use super::cookie::Cookie;
use super::{back, back_with, provider, see};
use crate::auth::throttle::Attempt;
use crate::metric;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::secret::hash;
use crate::sso::{LoginState, Returned, SingleSignOn, SsoError};
use crate::state::App;
use crate::v1::agents::invitation::taken_over;
use crate::v1::auth::login::{self, Peer};

/// Longest code that is looked at, bytes.
const FIELD_BYTES_MAX: usize = 4_096;

/// What a token made so is for.
const LABEL: &str = "oidc";

/// What a provider sends a browser back with; providers add fields of their own. Each as long as documented, and in any
/// letters, they fit into the head that the listener takes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallbackParams {
    /// What the browser was sent with.
    #[param(max_length = 64)]
    state: Option<String>,
    /// The code to be exchanged.
    #[param(max_length = 2048)]
    code: Option<String>,
    /// Why there is no code.
    #[param(max_length = 256)]
    error: Option<String>,
    /// Who answers (RFC 9207).
    #[param(max_length = 256)]
    iss: Option<String>,
}

/// Takes a browser back from the provider
///
/// For a browser: it is sent to `/#oidc=<code>`, and the page there gets its token by `POST /v1/auth/oidc/redeem`; or to
/// `/#oidc-problem=<name>`, which `/problems/<name>` explains. Whoever comes must be an agent by the e-mail that the
/// provider vouches for; nobody is made. A second factor of ours is not asked for: that is the provider's. Who was
/// invited to this address has confirmed it.
#[utoipa::path(
    get, path = "/v1/auth/oidc/callback", tag = "auth", operation_id = "oidc_callback",
    params(CallbackParams),
    responses((status = 303, description = "On to `/`, with a code for a token, or with what is the matter")),
    security(()),
    extensions(("x-problems" = json!(["oidc_off", "invalid_parameter", "storage_failed", "busy"])))
)]
pub(crate) async fn callback(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Params(params): Params<CallbackParams>,
) -> Result<Response, Problem> {
    let sso = provider(&app)?;
    let now = app.clock.now();
    let cookie = Cookie::of(&headers, sso.secure(), now);
    let begun_here = |cookie: &Cookie| {
        params.state.as_deref().is_some_and(|state| hash(state) == hash(&cookie.login.state))
    };
    let Some(cookie) = cookie.filter(begun_here) else {
        return Ok(back_with(sso, ProblemKind::OidcStale));
    };
    if let Some(error) = &params.error {
        tracing::info!(error = crate::path::shown(error), "the provider let somebody not in");
        return Ok(back_with(sso, ProblemKind::OidcRefused));
    }
    let code = params.code.as_deref().filter(|code| (1..=FIELD_BYTES_MAX).contains(&code.len()));
    let Some(code) = code else { return Ok(back_with(sso, ProblemKind::OidcStale)) };
    let from = login::address(&peer);
    let address = from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    // A made-up code costs the provider a look at it: not more often than passwords are looked at.
    // Counted by who asks; behind one address are many, and nobody keeps the others out by a few codes.
    let attempt = Attempt::new(address, &format!("provider, {}", cookie.login.state));
    if app.throttle.check(attempt, now).is_err() {
        metric::login("throttled");
        return Ok(back_with(sso, ProblemKind::TooManyAttempts));
    }
    let returned = Returned { code, issuer: params.iss.as_deref() };
    let email = match sso.end(returned, &cookie.login).await {
        Ok(email) => email,
        Err(error) => {
            if matches!(error, SsoError::Refused(_)) {
                app.throttle.failed(attempt, app.clock.now());
            }
            return Ok(back(sso, &error));
        }
    };
    let client = headers.get(USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let client = Client { label: LABEL.into(), address: from, name: client.to_owned() };
    enter(&app, sso, (email, client), cookie.login).await
}

/// Logs whoever has this e-mail in, if there is somebody.
async fn enter(
    app: &App,
    sso: &dyn SingleSignOn,
    (email, client): (String, Client),
    begun: LoginState,
) -> Result<Response, Problem> {
    let (storage, now) = (app.storage.clone(), app.clock.now());
    let from = client.address.map(|address| address.to_string()).unwrap_or_default();
    let found = taken_over(app, async move {
        let found = storage.enter_by_email(&email, &from, now).await?;
        let changed = found.as_ref().filter(|(_, confirmed)| *confirmed).map(|(identity, _)| identity.tenant);
        Ok((found.map(|(identity, _)| identity), changed))
    });
    let Some(identity) = found.await? else { return Ok(back_with(sso, ProblemKind::OidcUnknown)) };
    let lifetime = app.limits.token_lifetime;
    let made = app.storage.token_create(&identity, &client, now, lifetime).await?;
    metric::login("right");
    let code = app.handovers.put((identity, made), &begun.verifier, now);
    // The page shows by the cookie that it is in the browser which began.
    Ok(see(&format!("/#oidc={code}"), &Cookie::new(begun, now).set(sso.secure())))
}
