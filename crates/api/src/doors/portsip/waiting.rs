//! `GET /api/call_queues/{queue_id}/waiting`, `POST …/waiting/{session_id}/pickup`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use engine::{Rejection, Request};
use model::CallId;
use serde::Deserialize;
use serde_json::json;

use super::{ListParams, QueuePath, number_of, queue};
use crate::auth::Access;
use crate::path::{InPath, Params, unknown_call};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;

/// `…/call_queues/{queue_id}/waiting/{session_id}/pickup`.
#[derive(Deserialize)]
pub(crate) struct SessionPath {
    queue_id: String,
    session_id: String,
}

/// Lists who waits in a queue
///
/// With PortSIP's names, head of the line first. `extension_number` is the caller's number.
#[utoipa::path(
    get, path = "/api/call_queues/{queue_id}/waiting", tag = "portsip", operation_id = "ps_waiting_list",
    params(("queue_id" = String, Path, description = "The queue's id", example = "1"), ListParams),
    responses((status = 200, description = "The line", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
    Params(params): Params<ListParams>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let queue = queue(&snapshot.directory, &path.queue_id)?;
    let line = access.sees(&app).waiting(queue.id).await?;
    let callers: BTreeMap<_, _> = snapshot.calls.iter().map(|call| (call.call, &call.caller)).collect();
    let now = app.clock.now();
    // A call that came between the two answers has its caller in the next one.
    let item = |entry: engine::WaitingView| {
        let caller = callers.get(&entry.call)?;
        Some(json!({
            "session_id": entry.call.to_string(),
            "extension_number": number_of(caller),
            "display_name": caller.name.reveal(),
            "waiting_time": now.since(entry.enqueued_at).as_secs(),
        }))
    };
    Ok(Json(params.part(line.into_iter().filter_map(item).collect())).into_response())
}

/// Picks up a waiting call
///
/// It rings the login's own agent at once, past its place in the line.
#[utoipa::path(
    post, path = "/api/call_queues/{queue_id}/waiting/{session_id}/pickup", tag = "portsip",
    operation_id = "ps_waiting_pickup",
    params(
        ("queue_id" = String, Path, description = "The queue's id", example = "1"),
        ("session_id" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 204, description = "It rings her")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_call", "not_waiting", "no_agent", "cannot_take", "being_answered", "offers_used_up",
            "busy", "stopping"
        ]))
    )
)]
pub(crate) async fn pickup(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<SessionPath>,
) -> Result<StatusCode, Problem> {
    let agent = access.identity().agent.ok_or_else(|| {
        Problem::new(ProblemKind::NoAgent, "a call is picked up by an agent, and this login is none")
    })?;
    let directory = access.sees(&app).directory().await?;
    let queue = queue(&directory, &path.queue_id)?.id;
    let call = path.session_id.parse().map(CallId).map_err(|_| unknown_call(&path.session_id))?;
    let request = Request::PickUp { call, queue, agent };
    match access.sees(&app).request(request).await? {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(Rejection::NotWaiting | Rejection::UnknownCall) => {
            let detail = format!("call {call} does not wait in this queue");
            Err(Problem::new(ProblemKind::NotWaiting, detail))
        }
        Err(rejection) => Err(rejected(rejection)),
    }
}
