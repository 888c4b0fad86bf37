//! Following an invitation's link: `POST /v1/auth/invitation`, `POST /v1/auth/invitation/accept`.

use std::net::{IpAddr, Ipv4Addr};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::Invited;
use utoipa::ToSchema;

use super::login::{self, Peer, turn};
use super::setup::usable_password;
use crate::auth::throttle::Attempt;
use crate::json::Body;
use crate::metric;
use crate::problem::{Problem, ProblemKind};
use crate::secret::{hash, hex};
use crate::state::App;
use crate::time::Time;
use crate::v1::agents::invitation::taken_over;

/// A link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationBody {
    /// What comes after the `#` of the link.
    #[schema(example = "cbi_Zm9yIGV4YW1wbGU")]
    token: String,
}

/// A link, and the password to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptBody {
    /// What comes after the `#` of the link.
    #[schema(example = "cbi_Zm9yIGV4YW1wbGU")]
    token: String,
    /// The password that she will log in with.
    #[schema(example = "long-and-secret", min_length = 8, max_length = 128, format = Password)]
    password: String,
}

/// Whose a link is.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitedItem {
    /// Her full name.
    #[schema(example = "Ann Ash")]
    name: String,
    /// What she logs in with.
    #[schema(example = "ann@acme.test")]
    email: String,
    /// Her domain.
    #[schema(example = "acme.test")]
    domain: String,
    /// Her extension, if she has one.
    #[schema(example = "1001")]
    extension: Option<String>,
    /// When the link ends.
    expires_at: Time,
}

impl From<Invited> for InvitedItem {
    fn from(of: Invited) -> Self {
        let Invited { tenant: _, domain, agent: _, name, extension, email, expires_at } = of;
        Self { name, email, domain, extension, expires_at: expires_at.into() }
    }
}

/// Says whose an invitation is
///
/// For the page that an invitation's link leads to. Wrong links are counted as wrong passwords are, by address.
#[utoipa::path(
    post, path = "/v1/auth/invitation", tag = "auth", operation_id = "invitation_show",
    request_body = InvitationBody,
    responses((status = 200, description = "Who is invited", body = InvitedItem)),
    security(()),
    extensions(("x-problems" = json!([
        "invalid_body", "invitation_refused", "too_many_attempts", "too_large", "too_slow", "storage_failed"
    ])))
)]
pub(crate) async fn show(
    State(app): State<App>,
    peer: Peer,
    Body(body): Body<InvitationBody>,
) -> Result<Json<InvitedItem>, Problem> {
    let attempt = allowed(&app, address(&peer), &body.token)?;
    let found = app.storage.invited(&body.token, app.clock.now()).await?;
    found.map(|invited| Json(invited.into())).ok_or_else(|| refused(&app, attempt))
}

/// Accepts an invitation
///
/// Sets the password of whose link it is. The link is used up, she can log in, and calls reach her.
#[utoipa::path(
    post, path = "/v1/auth/invitation/accept", tag = "auth", operation_id = "invitation_accept",
    request_body = AcceptBody,
    responses((status = 200, description = "She can log in", body = InvitedItem)),
    security(()),
    extensions(("x-problems" = json!([
        "invalid_body", "invitation_refused", "too_many_attempts", "too_large", "too_slow", "busy", "storage_failed"
    ])))
)]
pub(crate) async fn accept(
    State(app): State<App>,
    peer: Peer,
    Body(body): Body<AcceptBody>,
) -> Result<Json<InvitedItem>, Problem> {
    let from = address(&peer);
    let attempt = allowed(&app, from, &body.token)?;
    let now = app.clock.now();
    // First of all: what is said about the password is for who has a link only.
    if app.storage.invited(&body.token, now).await?.is_none() {
        return Err(refused(&app, attempt));
    }
    usable_password(&body.password)?;
    let _turn = turn(&app).await?;
    let storage = app.storage.clone();
    let accepted = taken_over(&app, async move {
        let from = from.to_string();
        let invited = storage.invitation_accept(&body.token, &body.password, &from, now).await?;
        let changed = invited.as_ref().map(|invited| invited.tenant);
        Ok((invited, changed))
    });
    let invited = accepted.await?.ok_or_else(|| refused(&app, attempt))?;
    app.throttle.succeeded(attempt);
    metric::login("right");
    Ok(Json(invited.into()))
}

fn address(peer: &Peer) -> IpAddr {
    login::address(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// Links are guessed no faster than passwords. What is tried stands for the account: behind one address are many, and
/// who guesses keeps nobody else from following her link.
fn allowed(app: &App, from: IpAddr, token: &str) -> Result<Attempt, Problem> {
    let attempt = Attempt::new(from, &format!("invitation {}", hex(&hash(token))));
    login::allowed(app, attempt)?;
    Ok(attempt)
}

fn refused(app: &App, attempt: Attempt) -> Problem {
    app.throttle.failed(attempt, app.clock.now());
    metric::login("wrong");
    Problem::plain(ProblemKind::InvitationRefused)
}
