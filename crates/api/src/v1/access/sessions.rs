//! Everybody's log-ins: `GET …/sessions`, `DELETE …/sessions/{session}`.

use axum::extract::State;
use axum::http::StatusCode;
use store::Note;

use crate::auth::Access;
use crate::author::Origin;
use crate::page::{List, Listed, Listing};
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::auth::sessions::{SessionItem, SessionPath};

/// Lists everybody's log-ins
///
/// Those of the domain's agents that hold, newest first. The owner's are not among them.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/sessions", tag = "access", operation_id = "domain_sessions_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The log-ins", body = List<SessionItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("access")),
        ("x-list" = json!({"sort": ["-created_at", "used_at", "name"], "id": ["id"], "q": ["name", "address", "client"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let sessions = app.storage.sessions(access.tenant(), app.clock.now()).await?;
    let items = sessions.into_iter().map(|session| SessionItem::new(session, access.login()));
    listing.of_all(items)
}

/// Ends somebody's log-in
///
/// Its token is worth nothing from now on; a phone in the browser is closed at once, its
/// event sockets at their next ping.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/sessions/{session}", tag = "access", operation_id = "domain_sessions_end",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("session" = String, Path, description = "The log-in's id", example = "17"),
    ),
    responses((status = 204, description = "It has ended")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("access")), ("x-problems" = json!(["unknown_session", "invalid_parameter"])))
)]
pub(crate) async fn end(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<SessionPath>,
) -> Result<StatusCode, Problem> {
    let now = app.clock.now();
    let sessions = app.storage.sessions(access.tenant(), now).await?;
    let id = path.among(&sessions)?;
    let whose = sessions.iter().find(|session| session.id == id).map_or("", |session| &session.name);
    let change = format!("- log-in of {whose}");
    let note = Note { tenant: access.tenant(), at: now, by: origin.of(&access), change };
    app.storage.session_end(id, Some(&note)).await?;
    app.tell_ended(Some(id));
    Ok(StatusCode::NO_CONTENT)
}
