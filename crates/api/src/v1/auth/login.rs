//! `POST /v1/auth/login`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use store::{Client, Factor};
use tokio::sync::SemaphorePermit;
use utoipa::ToSchema;

use super::LoginItem;
use crate::auth::throttle::Attempt;
use crate::json::Body;
use crate::metric;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::{Identity, NewToken};

/// Most bytes of an email or a password that are looked at.
const FIELD_BYTES_MAX: usize = 1_024;
/// Most bytes of a code that are looked at.
const CODE_BYTES_MAX: usize = 64;

/// What a token made at a log-in is for.
const LABEL: &str = "web";

/// Email and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginBody {
    /// The login name.
    #[schema(example = "ann@acme.test", max_length = 1024)]
    pub(crate) email: String,
    /// The password of the web login, which is not the phone's.
    #[schema(example = "desk-password", max_length = 1024, format = Password)]
    pub(crate) password: String,
    /// The code of her app, or a recovery code, if she has a second factor.
    #[schema(example = "492039", max_length = 64)]
    pub(crate) code: Option<String>,
}

/// A new login.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenItem {
    /// Send it as `Authorization: Bearer <token>`.
    #[schema(example = "cbs_Zm9yIGV4YW1wbGU")]
    token: String,
    /// Whose it is.
    #[serde(flatten)]
    login: LoginItem,
}

impl TokenItem {
    pub(crate) fn new(made: NewToken, login: LoginItem) -> Self {
        Self { token: made.token, login }
    }
}

/// Logs in
///
/// Takes an email and a password and gives a token for everything else. Failed attempts are counted by account
/// and by address; over an allowance the answer is 429 with `Retry-After`, and nobody else is held up. Where the
/// password is right and a second factor is in use, the answer without a `code` is `second_factor_wanted`.
#[utoipa::path(
    post, path = "/v1/auth/login", tag = "auth", operation_id = "login",
    request_body = LoginBody,
    responses((status = 200, description = "Logged in", body = TokenItem)),
    security(()),
    extensions(("x-problems" = json!([
        "invalid_body", "bad_credentials", "second_factor_wanted", "too_many_attempts", "too_large"
    ])))
)]
pub(crate) async fn login(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Body(body): Body<LoginBody>,
) -> Result<Json<TokenItem>, Problem> {
    let name = headers.get(USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let (identity, made) = by_password(&app, peer, name, &body).await?;
    let login = LoginItem::new(&app, &identity, Some(made.expires_at)).await?;
    Ok(Json(TokenItem::new(made, login)))
}

/// Who connects, as far as it is known.
pub(crate) type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Checks email, password and second factor, within the allowance for failed attempts, and makes a token. `client` is
/// what the client calls itself.
pub(crate) async fn by_password(
    app: &App,
    peer: Peer,
    client: &str,
    body: &LoginBody,
) -> Result<(Identity, NewToken), Problem> {
    let address = address(&peer);
    let (identity, attempt) = check(app, address, body).await?;
    second_factor(app, &identity, attempt, body.code.as_deref()).await?;
    app.throttle.succeeded(attempt);
    metric::login("right");
    let client = Client { label: LABEL.into(), address, name: client.to_owned() };
    let made =
        app.storage.token_create(&identity, &client, app.clock.now(), app.limits.token_lifetime).await?;
    Ok((identity, made))
}

/// Whose e-mail and password these are, with the attempt that it was.
async fn check(app: &App, from: Option<IpAddr>, body: &LoginBody) -> Result<(Identity, Attempt), Problem> {
    let address = from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let code_length = body.code.as_ref().map_or(0, String::len);
    if body.email.len() > FIELD_BYTES_MAX
        || body.password.len() > FIELD_BYTES_MAX
        || code_length > CODE_BYTES_MAX
    {
        return Err(Problem::plain(ProblemKind::BadCredentials));
    }
    let attempt = Attempt::new(address, &body.email);
    allowed(app, attempt)?;
    let Some(identity) = check_password(app, body).await? else {
        app.throttle.failed(attempt, app.clock.now());
        metric::login("wrong");
        return Err(Problem::plain(ProblemKind::BadCredentials));
    };
    Ok((identity, attempt))
}

/// Whether this may be tried now.
pub(crate) fn allowed(app: &App, attempt: Attempt) -> Result<(), Problem> {
    app.throttle.check(attempt, app.clock.now()).map_err(|seconds| {
        metric::login("throttled");
        wait(seconds)
    })
}

/// A wrong code counts like a wrong password; that one is wanted does not.
async fn second_factor(
    app: &App,
    identity: &Identity,
    attempt: Attempt,
    code: Option<&str>,
) -> Result<(), Problem> {
    match app.storage.factor(identity, code, app.clock.now()).await? {
        Factor::Off | Factor::Right => Ok(()),
        Factor::Wanted => {
            metric::login("code_wanted");
            Err(Problem::plain(ProblemKind::SecondFactorWanted))
        }
        Factor::Wrong => {
            app.throttle.failed(attempt, app.clock.now());
            metric::login("wrong");
            Err(Problem::plain(ProblemKind::BadCredentials))
        }
    }
}

async fn check_password(app: &App, body: &LoginBody) -> Result<Option<Identity>, Problem> {
    let _turn = turn(app).await?;
    Ok(app.storage.login(&body.email, &body.password).await?)
}

/// A flood of logins must not take the cores from the calls: few at once, few waiting, the rest turned away.
pub(crate) async fn turn(app: &App) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>), Problem> {
    let busy = || Problem::new(ProblemKind::Busy, "too many logins at this moment").retry_after(2);
    let waiting = app.password_checks_waiting.try_acquire().map_err(|_| busy())?;
    let checking = app.password_checks.acquire().await.map_err(|_| busy())?;
    Ok((waiting, checking))
}

/// Where a request comes from; none if the server was called by itself.
pub(crate) fn address(peer: &Peer) -> Option<IpAddr> {
    peer.as_ref().map(|Extension(ConnectInfo(peer))| peer.ip().to_canonical())
}

/// What is said to who has tried too often.
pub(crate) fn wait(seconds: u64) -> Problem {
    let detail = format!("wait {seconds} s before the next attempt");
    Problem::new(ProblemKind::TooManyAttempts, detail).retry_after(seconds)
}
