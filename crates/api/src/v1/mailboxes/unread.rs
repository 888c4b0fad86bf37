//! `POST /v1/domains/{domain}/mailboxes/{number}/messages/{message}/unread`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::MessageAction;

use super::MessagePath;
use crate::auth::Access;
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;

/// Marks a message as new
#[utoipa::path(
    post, path = "/v1/domains/{domain}/mailboxes/{number}/messages/{message}/unread", tag = "mailboxes",
    operation_id = "mailboxes_unread",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The mailbox's number", example = "1001"),
        ("message" = String, Path, description = "The message's id", example = "42"),
    ),
    responses((status = 204, description = "It is so now")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("mailbox")),
        ("x-problems" = json!(["unknown_mailbox", "unknown_message", "forbidden"]))
    )
)]
pub(crate) async fn unread(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<MessagePath>,
) -> Result<StatusCode, Problem> {
    super::act(&app, &access, &path, MessageAction::Unread).await
}
