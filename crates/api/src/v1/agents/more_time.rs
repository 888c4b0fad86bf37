//! `POST /v1/domains/{domain}/agents/{extension}/wrap-up/more`.

use axum::extract::State;
use axum::response::Response;
use engine::AgentAction;
use serde::Deserialize;
use utoipa::ToSchema;

use super::act::{ActionBody, ActionResult, act};
use crate::auth::Access;
use crate::json::Body;
use crate::path::{AgentPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Seconds, where nothing is said.
const SECONDS: u32 = 60;
/// Most seconds at once: as long as a queue's wrap-up can be.
const SECONDS_MAX: u32 = 3_600;

/// How much more. May be left out altogether.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoreTimeBody {
    /// Seconds; 60 unless said.
    #[schema(example = 60, minimum = 1, maximum = 3_600)]
    seconds: Option<u32>,
}

/// Gives an agent more time for her wrap-up
///
/// Its clock runs so much longer, in all her queues, but ends at the latest an hour from now. A wrap-up without a clock
/// stays without one.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/agents/{extension}/wrap-up/more", tag = "agents",
    operation_id = "agents_wrap_up_more",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "1001"),
    ),
    request_body(content = Option<MoreTimeBody>, example = json!({"seconds": 60})),
    responses((status = 200, description = "What came of it, queue by queue", body = ActionResult)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_agent", "not_a_member", "no_agent", "no_extension", "not_active", "not_logged_in", "wrong_state",
            "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn more_time(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    Body(body): Body<MoreTimeBody>,
) -> Result<Response, Problem> {
    let seconds = body.seconds.unwrap_or(SECONDS);
    if !(1..=SECONDS_MAX).contains(&seconds) {
        let detail = format!("`seconds` is {seconds}; give one from 1 to {SECONDS_MAX}");
        return Err(Problem::new(ProblemKind::InvalidBody, detail));
    }
    act(&app, &access, &path.extension, &ActionBody::default(), |_| AgentAction::MoreTime(seconds)).await
}
