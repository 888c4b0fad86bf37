//! `GET`, `POST /api/call_queues/{queue_id}/agents/{agent_number}/status`, and `…/login`, `…/logout`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use engine::AgentAction;
use model::NotReadyReason;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::AgentPath;
use super::agents::{member, named};
use crate::auth::Access;
use crate::json::Body;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::{ActionBody, act};

/// What an agent is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = PortSipStatus)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum StatusWord {
    /// Ready.
    Ready,
    /// Not ready.
    NotReady,
    /// At work after a call.
    WrapUp,
    /// Not ready, on a break (before version 22.3).
    Break,
    /// Not ready, at lunch (before version 22.3).
    Lunch,
    /// Logged in.
    LoggedIn,
    /// Logged out.
    LoggedOut,
}

/// A status to be.
#[derive(Deserialize, ToSchema)]
#[schema(as = PortSipStatusBody)]
pub(crate) struct StatusBody {
    /// Which.
    status: Option<StatusWord>,
    /// Why she is not ready, at most 32 characters.
    #[schema(example = "training", max_length = 32)]
    reason: Option<String>,
}

impl StatusWord {
    fn action(self, reason: Option<&str>) -> AgentAction {
        let away = |word: &str| AgentAction::NotReady(NotReadyReason::Chosen(word.to_owned()));
        match self {
            Self::Ready => AgentAction::Ready,
            Self::NotReady => away(reason.unwrap_or_default()),
            Self::WrapUp => AgentAction::WrapUp,
            Self::Break => away("break"),
            Self::Lunch => away("lunch"),
            Self::LoggedIn => AgentAction::Login,
            Self::LoggedOut => AgentAction::Logout,
        }
    }
}

/// Shows what an agent does in a queue
///
/// With PortSIP's words.
#[utoipa::path(
    get, path = "/api/call_queues/{queue_id}/agents/{agent_number}/status", tag = "portsip",
    operation_id = "ps_agents_status",
    params(
        ("queue_id" = String, Path, description = "The queue's id", example = "1"),
        ("agent_number" = String, Path, description = "Her extension", example = "1001"),
    ),
    responses((status = 200, description = "The status", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "unknown_agent", "not_a_member", "busy", "stopping"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    status(&app, &access, &path).await
}

/// Says what an agent does in a queue
///
/// With PortSIP's words. The answer has what she does now; during a call what was asked for comes after it.
#[utoipa::path(
    post, path = "/api/call_queues/{queue_id}/agents/{agent_number}/status", tag = "portsip",
    operation_id = "ps_agents_set_status",
    params(
        ("queue_id" = String, Path, description = "The queue's id", example = "1"),
        ("agent_number" = String, Path, description = "Her extension", example = "1001"),
    ),
    request_body(content = StatusBody, example = json!({"status": "NOT_READY", "reason": "training"})),
    responses((status = 200, description = "It is done, or will be", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_agent", "not_a_member", "no_extension", "not_active", "not_logged_in",
            "entry_disabled", "wrong_state", "invalid_body", "too_large", "busy", "stopping"
        ]))
    )
)]
pub(crate) async fn set(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    Body(body): Body<StatusBody>,
) -> Result<Response, Problem> {
    let word = body
        .status
        .ok_or_else(|| Problem::new(ProblemKind::InvalidBody, "`status` says what she is to do, as `READY`"));
    // Who may not change her state is told that first.
    let directory = access.sees(&app).directory().await?;
    access.may_steer(named(&directory, &path)?.1.id)?;
    let action = word?.action(body.reason.as_deref());
    change(&app, &access, &path, (action, body.reason)).await
}

/// Logs an agent in to a queue
///
/// As `status` with `LOGGED_IN`.
#[utoipa::path(
    post, path = "/api/call_queues/{queue_id}/agents/{agent_number}/login", tag = "portsip",
    operation_id = "ps_agents_login",
    params(
        ("queue_id" = String, Path, description = "The queue's id", example = "1"),
        ("agent_number" = String, Path, description = "Her extension", example = "1001"),
    ),
    responses((status = 200, description = "She is", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_agent", "not_a_member", "no_extension", "not_active", "entry_disabled",
            "wrong_state", "busy", "stopping"
        ]))
    )
)]
pub(crate) async fn login(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    change(&app, &access, &path, (AgentAction::Login, None)).await
}

/// Logs an agent out of a queue
///
/// As `status` with `LOGGED_OUT`.
#[utoipa::path(
    post, path = "/api/call_queues/{queue_id}/agents/{agent_number}/logout", tag = "portsip",
    operation_id = "ps_agents_logout",
    params(
        ("queue_id" = String, Path, description = "The queue's id", example = "1"),
        ("agent_number" = String, Path, description = "Her extension", example = "1001"),
    ),
    responses((status = 200, description = "She is, or will be when her call ends", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_agent", "not_a_member", "no_extension", "not_active", "entry_disabled",
            "wrong_state", "busy", "stopping"
        ]))
    )
)]
pub(crate) async fn logout(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    change(&app, &access, &path, (AgentAction::Logout, None)).await
}

async fn change(
    app: &App,
    access: &Access,
    path: &AgentPath,
    (action, reason): (AgentAction, Option<String>),
) -> Result<Response, Problem> {
    let directory = access.sees(app).directory().await?;
    let number = named(&directory, path)?.0.number.to_string();
    act(app, access, &path.agent_number, &ActionBody { queue: Some(number), reason }, |_| action).await?;
    status(app, access, path).await
}

async fn status(app: &App, access: &Access, path: &AgentPath) -> Result<Response, Problem> {
    let item = member(app, access, path).await?;
    Ok(Json(json!({ "status": item["status"], "reason": item["reason"] })).into_response())
}
