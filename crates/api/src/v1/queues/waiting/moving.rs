//! `POST /v1/domains/{domain}/queues/{number}/waiting/{call}/move`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::{Rejection, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::json::Body;
use crate::path::{InPath, WaitingPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;

/// Where the caller is to wait.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveBody {
    /// A queue's number.
    #[schema(example = "8001")]
    to: String,
}

/// Moves a waiting call to another queue
///
/// There it stands by how long it has waited in all, with its priority; that queue's longest wait, announcements and
/// figures begin with it. In the first queue it counts as `removed`. Who was rung for it is rung no longer and has
/// missed nothing. A queue that would not let it in now refuses (`turned_away`), and the call waits where it did; so
/// does one for which somebody has lifted the phone (`being_answered`), or whose caller waits to be called back.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/queues/{number}/waiting/{call}/move", tag = "queues",
    operation_id = "queues_waiting_move",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(content = MoveBody, example = json!({"to": "8001"})),
    responses((status = 204, description = "It waits there")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_queue", "not_waiting", "being_answered", "turned_away", "too_many_hops", "forbidden",
            "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn moving(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<WaitingPath>,
    Body(body): Body<MoveBody>,
) -> Result<StatusCode, Problem> {
    access.may_move_calls()?;
    let directory = access.sees(&app).directory().await?;
    let queue = crate::v1::queues::named(&directory, &path.number)?.id;
    let to = crate::v1::queues::named(&directory, &body.to)?.id;
    let call = path.id()?;
    match access.sees(&app).request(Request::Move { call, queue, to }).await? {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(Rejection::NotWaiting | Rejection::UnknownCall) => {
            let detail = format!("call {call} does not wait in queue {}", path.number);
            Err(Problem::new(ProblemKind::NotWaiting, detail))
        }
        Err(rejection) => Err(rejected(rejection)),
    }
}
