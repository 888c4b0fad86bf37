//! `DELETE /v1/domains/{domain}/calls/{call}`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::Request;
use model::CallId;

use crate::auth::Access;
use crate::path::{CallPath, InPath, unknown_call};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Hangs up a call
///
/// Ends all its legs. An agent ends calls that she is on; with the right `call_control` any. The call is gone from
/// the live ones when the last leg has confirmed, a moment later.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/calls/{call}", tag = "calls", operation_id = "calls_hang_up",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 204, description = "It is being ended")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("call_control")), ("x-problems" = json!(["unknown_call", "call_over"])))
)]
pub(crate) async fn hang_up(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
) -> Result<StatusCode, Problem> {
    let call = path.id()?;
    if !access.may_control_calls() {
        only_own(&app, &access, call).await?;
    }
    let request = Request::HangUp { call };
    match access.sees(&app).request(request).await? {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(_) => match access.sees(&app).ended(call).await? {
            Some(_) => Err(Problem::new(ProblemKind::CallOver, format!("call {call} has ended already"))),
            None => Err(unknown_call(&call.to_string())),
        },
    }
}

/// She is on the call now. One that is not there any more is told apart later.
async fn only_own(app: &App, access: &Access, call: CallId) -> Result<(), Problem> {
    let Some(view) = access.sees(app).call(call).await? else { return Ok(()) };
    let own = access.identity().agent;
    let mut live = view.legs.iter().filter(|leg| leg.ended_at.is_none());
    if own.is_some() && live.any(|leg| leg.agent == own) {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Forbidden, "an agent hangs up calls that she is on only"))
}
