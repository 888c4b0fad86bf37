//! `GET /v1/domains/{domain}/mailboxes/{number}/messages`.

use axum::extract::State;

use super::MailboxPath;
use super::view::MessageItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
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
    extensions(
        ("x-right" = json!("mailbox")),
        ("x-problems" = json!(["unknown_mailbox", "forbidden"])),
        ("x-list" = json!({"sort": ["at", "seconds", "caller"], "id": ["id"], "q": ["caller", "caller_name", "text"]}))
    )
)]
pub(crate) async fn messages(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<MailboxPath>,
    listing: Listing,
) -> Result<Listed, Problem> {
    let view = super::view(&app, &access, &path.number).await?;
    listing.of_all(view.messages.iter().map(MessageItem::new))
}
