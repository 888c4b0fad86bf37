//! One's own second factor: `POST`, `DELETE /v1/auth/totp`, `POST /v1/auth/totp/confirm`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{Factor, Note};
use utoipa::ToSchema;

use crate::auth::Login;
use crate::auth::throttle::Attempt;
use crate::author::Origin;
use crate::json::Body;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::Identity;
use crate::v1::auth::login::wait;

/// What an app needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpItem {
    /// The secret in base32, to type into the app.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// The same as an address, to show as a picture that the app reads.
    #[schema(
        example = "otpauth://totp/acme.test:Ann%20Ash?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=acme.test"
    )]
    uri: String,
}

/// Longest code; ours are shorter.
const CODE_LENGTH_MAX: usize = 64;

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    /// The six digits that the app shows, or a recovery code.
    #[schema(example = "492039", max_length = 64)]
    code: String,
}

impl CodeBody {
    /// The code, if it can be one at all.
    fn code(&self) -> Result<&str, Problem> {
        if self.code.chars().count() > CODE_LENGTH_MAX {
            let detail = format!("`code` has more than {CODE_LENGTH_MAX} characters");
            return Err(Problem::new(ProblemKind::InvalidBody, detail));
        }
        Ok(&self.code)
    }
}

/// What the domain's audit has of it; the owner of the server is in no domain.
fn note(sign: &str, identity: &Identity, origin: Origin, app: &App) -> Option<Note> {
    identity.agent?;
    let change = format!("{sign} second factor of {}", identity.name);
    Some(Note { tenant: identity.tenant, at: app.clock.now(), by: origin.by(identity), change })
}

/// What helps when the app is lost.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryItem {
    /// Each is good once in place of a code of the app. They cannot be shown again.
    #[schema(example = json!(["k3m9xq2wd7hzta4c"]))]
    recovery_codes: Vec<String>,
}

/// Offers a second factor
///
/// The answer's secret goes into an app for one-time passwords (TOTP, RFC 6238: SHA-1, six digits, thirty seconds).
/// Nothing changes before `confirm` has seen a code of it.
#[utoipa::path(
    post, path = "/v1/auth/totp", tag = "auth", operation_id = "totp_offer",
    responses((status = 200, description = "What the app needs", body = TotpItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("own")), ("x-problems" = json!(["no_person", "second_factor_on"])))
)]
pub(crate) async fn offer(State(app): State<App>, login: Login) -> Result<Json<TotpItem>, Problem> {
    login.person()?;
    let offered = app.storage.factor_offer(&login.grant.identity).await?;
    let offer = offered.ok_or_else(|| Problem::plain(ProblemKind::SecondFactorOn))?;
    Ok(Json(TotpItem { secret: offer.secret.reveal().to_owned(), uri: offer.uri.reveal().to_owned() }))
}

/// Takes the second factor into use
///
/// From now on a log-in wants a code of the app besides the password.
#[utoipa::path(
    post, path = "/v1/auth/totp/confirm", tag = "auth", operation_id = "totp_confirm",
    request_body = CodeBody,
    responses((status = 200, description = "It is in use", body = RecoveryItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("own")),
        ("x-problems" = json!([
            "invalid_body", "invalid_parameter", "no_person", "wrong_code", "too_many_attempts", "too_large",
            "too_slow"
        ]))
    )
)]
pub(crate) async fn confirm(
    State(app): State<App>,
    login: Login,
    origin: Origin,
    Body(body): Body<CodeBody>,
) -> Result<Json<RecoveryItem>, Problem> {
    login.person()?;
    let (code, identity) = (body.code()?, &login.grant.identity);
    let attempt = throttled(&app, &login)?;
    let note = note("+", identity, origin, &app);
    let (session, now) = (login.grant.session, app.clock.now());
    let codes = app.storage.factor_confirm(identity, code, now, session, note.as_ref()).await?;
    let Some(codes) = codes else {
        app.throttle.failed(attempt, app.clock.now());
        return Err(Problem::plain(ProblemKind::WrongCode));
    };
    tracing::info!(name = login.grant.identity.name, "a second factor is in use");
    Ok(Json(RecoveryItem { recovery_codes: codes.iter().map(|code| code.reveal().to_owned()).collect() }))
}

/// Takes the second factor away
///
/// With a code of it, so that whoever finds a browser left open cannot.
#[utoipa::path(
    delete, path = "/v1/auth/totp", tag = "auth", operation_id = "totp_remove",
    request_body = CodeBody,
    responses((status = 204, description = "The password is enough again")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("own")),
        ("x-problems" = json!([
            "invalid_body", "invalid_parameter", "no_person", "wrong_code", "too_many_attempts", "too_large",
            "too_slow"
        ]))
    )
)]
pub(crate) async fn remove(
    State(app): State<App>,
    login: Login,
    origin: Origin,
    Body(body): Body<CodeBody>,
) -> Result<StatusCode, Problem> {
    login.person()?;
    let (code, identity) = (body.code()?, &login.grant.identity);
    let attempt = throttled(&app, &login)?;
    match app.storage.factor(identity, Some(code), app.clock.now()).await? {
        Factor::Right => {
            let note = note("-", identity, origin, &app);
            app.storage.factor_remove(identity.agent, note.as_ref()).await?;
            tracing::info!(name = identity.name, "a second factor is not in use any more");
            Ok(StatusCode::NO_CONTENT)
        }
        // What is not there is not there afterwards either.
        Factor::Off => Ok(StatusCode::NO_CONTENT),
        Factor::Wanted | Factor::Wrong => {
            app.throttle.failed(attempt, app.clock.now());
            Err(Problem::plain(ProblemKind::WrongCode))
        }
    }
}

/// Codes are guessed no faster here than at the log-in.
fn throttled(app: &App, login: &Login) -> Result<Attempt, Problem> {
    let account = format!("second factor of {:?}", login.grant.identity.agent);
    let attempt = Attempt::new(login.address(), &account);
    app.throttle.check(attempt, app.clock.now()).map_err(wait)?;
    Ok(attempt)
}
