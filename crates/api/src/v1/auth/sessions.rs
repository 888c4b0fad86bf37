//! One's own log-ins: `GET /v1/auth/sessions`, `DELETE /v1/auth/sessions/{session}`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::Session;
use utoipa::ToSchema;

use crate::auth::Login;
use crate::page::{List, Listed, Listing};
use crate::path::{InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;

/// A log-in that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionItem {
    /// By which it is ended.
    #[schema(example = "17")]
    pub(crate) id: String,
    /// Whose.
    #[schema(example = "Ann Ash")]
    name: String,
    /// Whether it is the one that asks.
    current: bool,
    /// The address that it was made from; null if it was this machine's own.
    #[schema(example = "192.0.2.7")]
    address: Option<String>,
    /// What the client called itself; null if it did not.
    #[schema(example = "Mozilla/5.0")]
    client: Option<String>,
    /// Since when.
    created_at: Time,
    /// When it was last used, to the minute; null: not since.
    used_at: Option<Time>,
    /// When it ends by itself.
    expires_at: Time,
}

impl SessionItem {
    /// `of`: the login that asks.
    pub(crate) fn new(session: Session, of: &Login) -> Self {
        Self {
            id: session.id.to_string(),
            current: of.grant.session == Some(session.id),
            name: session.name,
            address: session.client.address.map(|address| address.to_string()),
            client: Some(session.client.name).filter(|name| !name.is_empty()),
            created_at: session.created_at.into(),
            used_at: session.used_at.map(Time),
            expires_at: session.expires_at.into(),
        }
    }
}

/// `…/sessions/{session}`.
#[derive(Deserialize)]
pub(crate) struct SessionPath {
    session: String,
}

impl SessionPath {
    /// The one among `sessions` that the path names.
    pub(crate) fn among(&self, sessions: &[Session]) -> Result<u64, Problem> {
        let id: Option<u64> = self.session.parse().ok();
        let found = sessions.iter().map(|session| session.id).find(|known| Some(*known) == id);
        found.ok_or_else(|| {
            let detail = format!("there is no session `{}`", shown(&self.session));
            Problem::new(ProblemKind::UnknownSession, detail)
        })
    }
}

/// Lists one's own log-ins
///
/// Those that hold, newest first, each with where it was made and when it was last used.
#[utoipa::path(
    get, path = "/v1/auth/sessions", tag = "auth", operation_id = "sessions_list",
    responses((status = 200, description = "The log-ins", body = List<SessionItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("own")),
        ("x-problems" = json!(["no_person"])),
        ("x-list" = json!({"sort": ["-created_at"], "id": ["id"]}))
    )
)]
pub(crate) async fn list(State(app): State<App>, login: Login, listing: Listing) -> Result<Listed, Problem> {
    login.person()?;
    let sessions = app.storage.sessions_of(login.grant.identity.agent, app.clock.now()).await?;
    let items = sessions.into_iter().map(|session| SessionItem::new(session, &login));
    listing.of_all(items)
}

/// Ends one of one's own log-ins
///
/// Its token is worth nothing from now on; a phone in the browser is closed at once, its
/// event sockets at their next ping.
#[utoipa::path(
    delete, path = "/v1/auth/sessions/{session}", tag = "auth", operation_id = "sessions_end",
    params(("session" = String, Path, description = "The log-in's id", example = "17")),
    responses((status = 204, description = "It has ended")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("own")), ("x-problems" = json!(["no_person", "unknown_session"])))
)]
pub(crate) async fn end(
    State(app): State<App>,
    login: Login,
    InPath(path): InPath<SessionPath>,
) -> Result<StatusCode, Problem> {
    login.person()?;
    let sessions = app.storage.sessions_of(login.grant.identity.agent, app.clock.now()).await?;
    let id = path.among(&sessions)?;
    app.storage.session_end(id, None).await?;
    app.tell_ended(Some(id));
    Ok(StatusCode::NO_CONTENT)
}
