//! `POST /v1/domains/{domain}/calls/{call}/hold` and `…/unhold`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::Request;

use super::control::{NoBody, ask};
use crate::auth::Access;
use crate::json::Body;
use crate::path::{CallPath, InPath};
use crate::problem::Problem;
use crate::state::App;

/// Puts the other party on hold
///
/// He hears the queue's music, or the domain's where there is no queue; the agent's side hears nothing. The phones
/// are not told. A call that is on hold already stays so.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/calls/{call}/hold", tag = "calls", operation_id = "calls_hold",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(content = Option<NoBody>, example = json!({})),
    responses((status = 204, description = "It is on hold")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!(["unknown_call", "call_over", "not_talking", "invalid_body", "too_large"]))
    )
)]
pub(crate) async fn hold(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
    Body(NoBody {}): Body<NoBody>,
) -> Result<StatusCode, Problem> {
    let call = path.id()?;
    ask(&app, &access, call, |only_own| Request::Hold { call, on: true, only_own }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the other party off hold
///
/// The two hear each other again. A call that is not on hold stays as it is.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/calls/{call}/unhold", tag = "calls", operation_id = "calls_unhold",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(content = Option<NoBody>, example = json!({})),
    responses((status = 204, description = "They hear each other")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!(["unknown_call", "call_over", "not_talking", "invalid_body", "too_large"]))
    )
)]
pub(crate) async fn unhold(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
    Body(NoBody {}): Body<NoBody>,
) -> Result<StatusCode, Problem> {
    let call = path.id()?;
    ask(&app, &access, call, |only_own| Request::Hold { call, on: false, only_own }).await?;
    Ok(StatusCode::NO_CONTENT)
}
