//! `POST /v1/auth/setup`.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::throttle::Attempt;
use crate::json::Body;
use crate::metric;
use crate::problem::{Problem, ProblemKind};
use crate::setup::PASSWORD_BYTES_MIN;
use crate::state::App;
use crate::v1::auth::login::{self, Peer};

/// Stands for the account in the throttle: there is none yet.
const ACCOUNT: &str = "set-up link";
/// Longest e-mail, bytes (RFC 5321, 4.5.3.1.3, without its brackets).
const EMAIL_BYTES_MAX: usize = 254;
/// Longest password, bytes.
const PASSWORD_BYTES_MAX: usize = 128;

/// The owner's login to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupBody {
    /// What comes after the `#` of the set-up link.
    #[schema(example = "Zm9yIGV4YW1wbGU")]
    token: String,
    /// The login name.
    #[schema(example = "owner@acme.test", max_length = 254)]
    email: String,
    /// The password.
    #[schema(example = "long-and-secret", min_length = 8, max_length = 128, format = Password)]
    password: String,
}

/// Makes the owner's login
///
/// Works once, with the token of the link that a server without an owner prints when it starts. The server goes on
/// listening on its own machine only until it is started again.
#[utoipa::path(
    post, path = "/v1/auth/setup", tag = "auth", operation_id = "setup",
    request_body = SetupBody,
    responses((status = 204, description = "The owner can log in; the token is worth nothing any more")),
    security(()),
    extensions(("x-problems" = json!([
        "invalid_body", "setup_refused", "too_many_attempts", "too_large", "too_slow", "busy", "storage_failed"
    ])))
)]
pub(crate) async fn setup(
    State(app): State<App>,
    peer: Peer,
    Body(body): Body<SetupBody>,
) -> Result<StatusCode, Problem> {
    let address = login::address(&peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let attempt = Attempt::new(address, ACCOUNT);
    login::allowed(&app, attempt)?;
    if !app.setup.fits(&body.token) {
        app.throttle.failed(attempt, app.clock.now());
        metric::login("wrong");
        return Err(Problem::plain(ProblemKind::SetupRefused));
    }
    check(&body)?;
    let busy = || Problem::new(ProblemKind::Busy, "too many logins at this moment").retry_after(2);
    let _turn = app.password_checks.acquire().await.map_err(|_| busy())?;
    // Of several who come at once with the right token, one has it.
    let taken = app.setup.take(&body.token).ok_or_else(|| Problem::plain(ProblemKind::SetupRefused))?;
    match app.storage.owner_create(body.email.trim(), &body.password).await {
        Ok(true) => {
            tracing::info!("the owner is set; restart the server to let it listen as http.listen says");
            Ok(StatusCode::NO_CONTENT)
        }
        Ok(false) => Err(Problem::plain(ProblemKind::SetupRefused)),
        Err(error) => {
            app.setup.give_back(taken);
            Err(error.into())
        }
    }
}

fn check(body: &SetupBody) -> Result<(), Problem> {
    let invalid = |detail: String| Err(Problem::new(ProblemKind::InvalidBody, detail));
    let email = body.email.trim();
    let halves = email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if !halves || email.len() > EMAIL_BYTES_MAX || email.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        return invalid("`email` is no e-mail address".into());
    }
    usable_password(&body.password)
}

/// Whether this can be a password that somebody chooses.
pub(crate) fn usable_password(password: &str) -> Result<(), Problem> {
    let length = password.len();
    if (PASSWORD_BYTES_MIN..=PASSWORD_BYTES_MAX).contains(&length) {
        return Ok(());
    }
    let detail =
        format!("`password` has {length} bytes; {PASSWORD_BYTES_MIN} to {PASSWORD_BYTES_MAX} are possible");
    Err(Problem::new(ProblemKind::InvalidBody, detail))
}
