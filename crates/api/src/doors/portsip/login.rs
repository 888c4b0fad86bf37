//! `POST /api/login`, and who somebody is by what PortSIP's programs know: a user name or an extension, with a domain.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::json::Body;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::{Identity, NewToken};
use crate::v1::auth::login::{LoginBody, Peer, by_password};

/// Who logs in.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = PortSipLogin)]
pub(crate) struct Credentials {
    /// Her e-mail address, or the part before its `@` where a domain is named and nobody else of it has it.
    #[schema(example = "ann@acme.test", max_length = 1024)]
    pub(super) username: Option<String>,
    /// Or her extension; then a domain must be named.
    #[schema(example = "1001")]
    pub(super) extension_number: Option<String>,
    /// The password of her web login, not the phone's.
    #[schema(example = "desk-password", max_length = 1024, format = Password)]
    pub(super) password: Option<String>,
    /// The domain.
    #[schema(example = "acme.test")]
    pub(super) domain: Option<String>,
}

/// Logs in, as PortSIP does
///
/// `{"access_token", "token_type": "Bearer", "expires_in"}`. The token is one of ours, good everywhere. Failed attempts are
/// counted together with those of `POST /v1/auth/login`.
#[utoipa::path(
    post, path = "/api/login", tag = "portsip", operation_id = "ps_login",
    request_body = Credentials,
    responses((status = 200, description = "Logged in", body = serde_json::Value)),
    security(()),
    extensions(("x-problems" = json!([
        "invalid_body", "bad_credentials", "too_many_attempts", "too_large", "storage_failed", "busy"
    ])))
)]
pub(crate) async fn login(
    State(app): State<App>,
    peer: Peer,
    Body(body): Body<Credentials>,
) -> Result<Response, Problem> {
    let (_, made) = identify(&app, peer, body).await?;
    let seconds = made.expires_at.since(app.clock.now()).as_secs();
    let answer = json!({ "access_token": made.token, "token_type": "Bearer", "expires_in": seconds });
    Ok(Json(answer).into_response())
}

/// Checks the credentials and makes a token. Whatever is wrong with them, the answer and its cost are the same.
pub(super) async fn identify(
    app: &App,
    peer: Peer,
    said: Credentials,
) -> Result<(Identity, NewToken), Problem> {
    let wrong = || Problem::plain(ProblemKind::BadCredentials);
    let domain = said.domain.unwrap_or_default();
    let name = said.extension_number.or(said.username).ok_or_else(wrong)?;
    let email = if name.contains('@') {
        name
    } else {
        let known = app.storage.email_of(&domain, &name).await?;
        // No account has such a name; attempts at it are counted as at any other.
        known.unwrap_or_else(|| format!("{name} of {domain}"))
    };
    let body = LoginBody { email, password: said.password.ok_or_else(wrong)?, code: None };
    let (identity, made) = by_password(app, peer, "PortSIP", &body).await?;
    if !domain.is_empty() && !domain.eq_ignore_ascii_case(&identity.domain) {
        app.storage.token_end(&made.token).await?;
        return Err(wrong());
    }
    Ok((identity, made))
}
