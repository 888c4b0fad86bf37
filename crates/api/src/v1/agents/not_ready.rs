//! `POST /v1/domains/{domain}/agents/{extension}/not-ready`.

use axum::extract::State;
use axum::response::Response;
use engine::AgentAction;
use model::NotReadyReason;

use super::act::{ActionBody, ActionResult, act};
use super::named;
use crate::auth::Access;
use crate::json::Body;
use crate::path::{AgentPath, InPath};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::not_ready_codes::is_one_of_them;

/// Makes an agent not ready
///
/// With a reason, if one is given: any text, or one of the domain's not-ready codes where it has some. A supervisor who
/// gives none leaves the reason `supervisor`. During a call it happens when that ends: 202 with `pending`.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/agents/{extension}/not-ready", tag = "agents",
    operation_id = "agents_not_ready",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "1001"),
    ),
    request_body(content = Option<ActionBody>, example = json!({"queue": "8000", "reason": "lunch"})),
    responses(
        (status = 200, description = "What came of it, queue by queue", body = ActionResult),
        (status = 202, description = "It happens when her call ends", body = ActionResult),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_agent", "unknown_queue", "not_a_member", "no_agent", "no_extension", "not_active",
            "not_logged_in", "entry_disabled", "wrong_state", "unknown_reason", "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn not_ready(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    Body(body): Body<ActionBody>,
) -> Result<Response, Problem> {
    let own = access.identity().agent;
    let action = |agent| {
        AgentAction::NotReady(match &body.reason {
            Some(reason) => NotReadyReason::chosen(reason),
            None if own == Some(agent) => NotReadyReason::chosen(""),
            None => NotReadyReason::Supervisor,
        })
    };
    if let Some(reason) = &body.reason {
        // Who may not change her state is told that first.
        let directory = access.sees(&app).directory().await?;
        access.may_steer(named(&directory, &access, &path.extension)?)?;
        is_one_of_them(&directory, reason)?;
    }
    act(&app, &access, &path.extension, &body, action).await
}
