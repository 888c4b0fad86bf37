//! `POST /v1/domains/{domain}/calls/{call}/transfer`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::Request;
use serde::Deserialize;
use utoipa::ToSchema;

use super::control::ask;
use crate::auth::Access;
use crate::json::Body;
use crate::path::{CallPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Where the other party goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferBody {
    /// A number of the domain (an agent, a queue, a flow, a ring group, a mailbox) or one outside.
    #[serde(default)]
    #[schema(example = "8000", min_length = 1, max_length = 32, required = true)]
    to: String,
}

/// Transfers a call without asking first
///
/// The agent's side leaves at once, with the wrap-up that follows any call, and the other party goes to `to`. If that
/// cannot be reached it goes on there as it would for anybody who had called: the extension's mailbox, the queue's
/// own plans. The record keeps every leg and every line. Of two agents it is the one who asks who leaves; else the one
/// who was called.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/calls/{call}/transfer", tag = "calls", operation_id = "calls_transfer",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(content = TransferBody, example = json!({"to": "8000"})),
    responses((status = 204, description = "It is on its way there")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_call", "call_over", "not_talking", "unknown_destination", "too_many_hops", "invalid_body",
            "too_large"
        ]))
    )
)]
pub(crate) async fn transfer(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
    Body(TransferBody { to }): Body<TransferBody>,
) -> Result<StatusCode, Problem> {
    let call = path.id()?;
    if to.is_empty() {
        return Err(Problem::new(ProblemKind::InvalidBody, "`to` says where the call goes"));
    }
    ask(&app, &access, call, |only_own| Request::Transfer { call, to, only_own }).await?;
    Ok(StatusCode::NO_CONTENT)
}
