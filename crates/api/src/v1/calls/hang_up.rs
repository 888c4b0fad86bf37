//! `DELETE /v1/domains/{domain}/calls/{call}`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::Request;

use crate::auth::Access;
use crate::path::{CallPath, InPath, unknown_call};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Hangs up a call
///
/// Ends all its legs. The call is gone from the live ones when the last leg has confirmed, a moment later.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/calls/{call}", tag = "calls", operation_id = "calls_hang_up",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 204, description = "It is being ended")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("hang_up")), ("x-problems" = json!(["unknown_call", "call_over"])))
)]
pub(crate) async fn hang_up(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
) -> Result<StatusCode, Problem> {
    access.may_hang_up()?;
    let call = path.id()?;
    let request = Request::HangUp { call };
    match app.switch.request(access.tenant(), access.identity().actor(), request).await? {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(_) => match app.storage.call_fetch(access.tenant(), call).await? {
            Some(_) => Err(Problem::new(ProblemKind::CallOver, format!("call {call} has ended already"))),
            None => Err(unknown_call(&call.to_string())),
        },
    }
}
