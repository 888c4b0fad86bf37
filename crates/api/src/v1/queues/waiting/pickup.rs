//! `POST /v1/domains/{domain}/queues/{number}/waiting/{call}/pickup`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::Request;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::{Access, OWN};
use crate::json::Body;
use crate::path::{InPath, WaitingPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;

/// Who is to have the call. May be left out altogether.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PickupBody {
    /// An agent's extension; `~`, which is also the default: the login's own.
    #[schema(example = "1001")]
    agent: Option<String>,
}

/// Picks up a waiting call
///
/// The chosen call rings this agent at once, past its place in the line, and nobody else; who was rung for it is not,
/// and has missed nothing. She need be neither ready nor logged in, nor a member of the queue, but on no call and
/// with a phone; her wrap-up ends. If she does not take it, it goes on from its old place. What comes of it is told
/// by the events and by the call's own record.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/queues/{number}/waiting/{call}/pickup", tag = "queues",
    operation_id = "queues_waiting_pickup",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(content = Option<PickupBody>, example = json!({"agent": "1001"})),
    responses((status = 204, description = "It rings her")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_call", "not_waiting", "unknown_agent", "no_agent", "cannot_take",
            "being_answered", "offers_used_up", "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn pickup(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<WaitingPath>,
    Body(body): Body<PickupBody>,
) -> Result<StatusCode, Problem> {
    let directory = access.sees(&app).directory().await?;
    let extension = body.agent.as_deref().unwrap_or(OWN);
    let agent = crate::v1::agents::named(&directory, &access, extension)?;
    access.may_give_calls(agent)?;
    let queue = crate::v1::queues::named(&directory, &path.number)?.id;
    let call = path.id()?;
    let request = Request::PickUp { call, queue, agent };
    match access.sees(&app).request(request).await? {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(engine::Rejection::NotWaiting | engine::Rejection::UnknownCall) => {
            let detail = format!("call {call} does not wait in queue {}", path.number);
            Err(Problem::new(ProblemKind::NotWaiting, detail))
        }
        Err(rejection) => Err(rejected(rejection)),
    }
}
