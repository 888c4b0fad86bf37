//! `POST /v1/domains/{domain}/agents/{extension}/login`.

use axum::extract::State;
use axum::response::Response;
use engine::AgentAction;

use super::act::{ActionBody, ActionResult, act};
use crate::auth::Access;
use crate::json::Body;
use crate::path::{AgentPath, InPath};
use crate::problem::Problem;
use crate::state::App;

/// Logs an agent in
///
/// She becomes ready where the queue says `auto_ready`, otherwise not ready with the reason `login`. Where she is logged in already, nothing changes.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/agents/{extension}/login", tag = "agents",
    operation_id = "agents_login",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "1001"),
    ),
    request_body(content = Option<ActionBody>, example = json!({"queue": "8000"})),
    responses(
        (status = 200, description = "What came of it, queue by queue", body = ActionResult),
        (status = 202, description = "It happens when her call ends", body = ActionResult),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_agent", "unknown_queue", "not_a_member", "no_agent", "no_extension", "not_active",
            "not_logged_in", "entry_disabled", "wrong_state", "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn login(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    Body(body): Body<ActionBody>,
) -> Result<Response, Problem> {
    act(&app, &access, &path.extension, &body, |_| AgentAction::Login).await
}
