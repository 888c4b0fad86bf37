//! Log-in by a provider of identities: `GET /v1/auth/oidc`, and below it `/start`, `/callback` and `/redeem`.
//!
//! A browser is sent to the provider and comes back with a code. Whoever it says that she is must be an agent here
//! already, by her e-mail. Nothing of a log-in that is under way is kept here: it is in a cookie of the browser that
//! began it, so nobody can fill our memory with log-ins, and none can be ended by another browser.

pub(crate) mod callback;
mod cookie;

use axum::Json;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::cookie::Cookie;
use super::LoginItem;
use super::login::TokenItem;
use crate::json::Body;
use crate::problem::{Problem, ProblemKind};
use crate::secret::random;
use crate::sso::{LoginState, SingleSignOn, SsoError};
use crate::state::App;

/// Whether there is a provider to log in by.
#[derive(Serialize, ToSchema)]
pub(crate) struct OidcItem {
    /// Whether there is one.
    offered: bool,
    /// What it is called; null if there is none.
    #[schema(example = "Acme account")]
    name: Option<String>,
}

/// A log-in that was made by a provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedeemBody {
    /// What the page was opened with, behind `#oidc=`.
    #[schema(example = "Zm9yIGV4YW1wbGU")]
    code: String,
}

/// Says whether one can log in by a provider
///
/// By OpenID Connect, if the settings name a provider (`oidc.issuer`).
#[utoipa::path(
    get, path = "/v1/auth/oidc", tag = "auth", operation_id = "oidc_offer",
    responses((status = 200, description = "Whether, and under which name", body = OidcItem)),
    security(())
)]
pub(crate) async fn offer(State(app): State<App>) -> Json<OidcItem> {
    let name = app.sso.as_ref().map(|sso| sso.name().to_owned());
    Json(OidcItem { offered: name.is_some(), name })
}

/// Begins a log-in by the provider
///
/// For a browser: it is sent to the provider, and has a cookie by which only it can end this log-in, within ten
/// minutes. If the provider cannot be asked it is sent back to `/`, which says so.
#[utoipa::path(
    get, path = "/v1/auth/oidc/start", tag = "auth", operation_id = "oidc_start",
    responses((status = 303, description = "On to the provider, or back to `/` with what is the matter")),
    security(()),
    extensions(("x-problems" = json!(["oidc_off"])))
)]
pub(crate) async fn start(State(app): State<App>) -> Result<Response, Problem> {
    let sso = provider(&app)?;
    let login = LoginState { state: random(), nonce: random(), verifier: random() };
    match sso.begin(&login).await {
        Ok(location) => {
            let cookie = Cookie::new(login, app.clock.now()).set(sso.secure());
            Ok(see(&location, &cookie))
        }
        Err(error) => Ok(back(sso, &error)),
    }
}

/// Ends a log-in by the provider
///
/// Gives the token for the code that the page was opened with. The code is good once, for a minute, with the cookie of
/// the browser that began.
#[utoipa::path(
    post, path = "/v1/auth/oidc/redeem", tag = "auth", operation_id = "oidc_redeem",
    request_body = RedeemBody,
    responses((status = 200, description = "Logged in", body = TokenItem)),
    security(()),
    extensions(("x-problems" = json!([
        "oidc_off", "invalid_body", "oidc_stale", "too_large", "too_slow", "storage_failed", "busy", "stopping", "unknown_domain"
    ])))
)]
pub(crate) async fn redeem(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<RedeemBody>,
) -> Result<([(HeaderName, String); 1], Json<TokenItem>), Problem> {
    let secure = provider(&app)?.secure();
    let now = app.clock.now();
    let cookie = Cookie::of(&headers, secure, now);
    let made = cookie.and_then(|cookie| app.handovers.take(&body.code, &cookie.login.verifier, now));
    let (identity, made) = made.ok_or_else(|| Problem::plain(ProblemKind::OidcStale))?;
    let login = LoginItem::new(&app, &identity, Some(made.expires_at)).await?;
    Ok(([(SET_COOKIE, Cookie::clear(secure))], Json(TokenItem::new(made, login))))
}

/// The provider, if there is one.
fn provider(app: &App) -> Result<&dyn SingleSignOn, Problem> {
    app.sso.as_deref().ok_or_else(|| Problem::plain(ProblemKind::OidcOff))
}

/// Back to our own page, which says what is the matter; the log has more.
fn back(sso: &dyn SingleSignOn, error: &SsoError) -> Response {
    let kind = match error {
        SsoError::Busy => ProblemKind::Busy,
        SsoError::Unreachable(_) => ProblemKind::OidcUnreachable,
        SsoError::Refused(_) => ProblemKind::OidcRefused,
        SsoError::Untrusted(_) => ProblemKind::OidcUntrusted,
        SsoError::Unverified(_) => ProblemKind::OidcUnverified,
    };
    tracing::warn!(%error, "nobody is logged in by the provider");
    back_with(sso, kind)
}

fn back_with(sso: &dyn SingleSignOn, kind: ProblemKind) -> Response {
    crate::metric::login("wrong");
    see(&format!("/#oidc-problem={}", kind.name()), &Cookie::clear(sso.secure()))
}

fn see(location: &str, cookie: &str) -> Response {
    let mut headers = HeaderMap::new();
    let (Ok(location), Ok(cookie)) = (location.parse(), cookie.parse()) else {
        return Problem::plain(ProblemKind::Internal).into_response();
    };
    headers.insert(LOCATION, location);
    headers.insert(SET_COOKIE, cookie);
    (StatusCode::SEE_OTHER, headers).into_response()
}
