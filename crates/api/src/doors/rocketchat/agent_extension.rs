//! `GET`, `DELETE /api/v1/omnichannel/agent/extension/{username}`.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::associate::{edits, save};
use super::{by_username, not_found, success};
use crate::auth::Access;
use crate::author::Origin;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// `…/agent/extension/{username}`.
#[derive(Deserialize)]
pub(crate) struct UserPath {
    username: String,
}

/// Gives an agent's extension
///
/// With Rocket.Chat's words; 404 if she has none.
#[utoipa::path(
    get, path = "/api/v1/omnichannel/agent/extension/{username}", tag = "rocketchat",
    operation_id = "rc_agent_extension_get",
    params(("username" = String, Path, description = "Her e-mail address, or the part before its `@`", example = "ann@acme.test")),
    responses((status = 200, description = "Her extension", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_agent", "unknown_entry", "busy", "stopping"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<UserPath>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = by_username(&directory, &path.username)
        .ok_or_else(|| not_found(ProblemKind::UnknownAgent, "User not found"))?;
    let extension = agent
        .extension
        .as_ref()
        .ok_or_else(|| not_found(ProblemKind::UnknownEntry, "Extension not found"))?;
    let found =
        json!({ "_id": agent.id.to_string(), "username": agent.email, "extension": extension.as_str() });
    Ok(success(json!({ "extension": found })))
}

/// Takes an agent's extension away
///
/// It is free then, and she is in no queue any more. One who has none is left alone.
#[utoipa::path(
    delete, path = "/api/v1/omnichannel/agent/extension/{username}", tag = "rocketchat",
    operation_id = "rc_agent_extension_delete",
    params(("username" = String, Path, description = "Her e-mail address, or the part before its `@`", example = "ann@acme.test")),
    responses((status = 200, description = "She has none", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "unknown_agent", "unknown_entry", "entry_exists", "invalid_change", "stale_plan", "invalid_parameter", "busy",
            "stopping"
        ]))
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<UserPath>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = by_username(&directory, &path.username)
        .ok_or_else(|| not_found(ProblemKind::UnknownAgent, "The required resource was not found"))?;
    save(&app, &access, origin, edits(&directory, agent, None)?).await?;
    Ok(success(json!({})))
}
