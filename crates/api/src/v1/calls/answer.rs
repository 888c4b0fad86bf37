//! `POST /v1/domains/{domain}/calls/{call}/answer`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::Request;
use serde::Deserialize;
use utoipa::ToSchema;

use super::control::ask;
use crate::auth::Access;
use crate::json::Body;
use crate::path::{CallPath, InPath};
use crate::problem::Problem;
use crate::state::App;

/// Whose phone is meant. May be left out altogether.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerBody {
    /// An agent's extension, `~` for the login's own. By default the login's own phone if it rings, else the only one
    /// that does.
    #[schema(example = "1001")]
    agent: Option<String>,
}

/// Answers a call that rings
///
/// The agent's phone is asked to lift by itself, with the event `talk` that desk phones of many makers know. Once it
/// has, all is as if she had lifted it by hand; one that does not know the event goes on ringing, so look at the events
/// for what came of it. Her personal phone outside cannot be asked.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/calls/{call}/answer", tag = "calls", operation_id = "calls_answer",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(content = Option<AnswerBody>, example = json!({})),
    responses((status = 204, description = "Her phone is being asked")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_call", "call_over", "not_ringing", "several_ring", "unknown_agent", "no_agent", "invalid_body",
            "too_large"
        ]))
    )
)]
pub(crate) async fn answer(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
    Body(body): Body<AnswerBody>,
) -> Result<StatusCode, Problem> {
    let call = path.id()?;
    let agent = match &body.agent {
        Some(extension) => {
            let directory = access.sees(&app).directory().await?;
            Some(crate::v1::agents::named(&directory, &access, extension)?)
        }
        None => None,
    };
    ask(&app, &access, call, |only_own| Request::Lift { call, agent, only_own }).await?;
    Ok(StatusCode::NO_CONTENT)
}
