//! `GET /v1/domains/{domain}/mailboxes/{number}/messages`.

use axum::Json;
use axum::extract::State;

use super::MailboxPath;
use super::view::MessageItem;
use crate::auth::Access;
use crate::page::List;
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;

/// Lists the messages of a mailbox, the oldest first
#[utoipa::path(
    get, path = "/v1/domains/{domain}/mailboxes/{number}/messages", tag = "mailboxes",
    operation_id = "mailboxes_messages",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The mailbox's number", example = "1001"),
    ),
    responses((status = 200, description = "Its messages", body = List<MessageItem>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("mailbox")), ("x-problems" = json!(["unknown_mailbox", "forbidden"])))
)]
pub(crate) async fn messages(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<MailboxPath>,
) -> Result<Json<List<MessageItem>>, Problem> {
    let view = super::view(&app, &access, &path.number).await?;
    Ok(Json(List::whole(view.messages.iter().map(MessageItem::new).collect())))
}
