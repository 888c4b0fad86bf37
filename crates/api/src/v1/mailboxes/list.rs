//! `GET /v1/domains/{domain}/mailboxes`.

use axum::extract::State;

use super::view::MailboxItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// Lists the mailboxes
///
/// Those that the login may hear, by number: an agent's own, and for supervisors and above all of the domain.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/mailboxes", tag = "mailboxes", operation_id = "mailboxes_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The mailboxes", body = List<MailboxItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["number", "name", "new"], "id": ["number"], "q": ["number", "name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    let mut items = Vec::new();
    for mailbox in directory.mailboxes.values() {
        if access.may_hear(&directory, mailbox).is_ok()
            && let Some(view) = access.sees(&app).mailbox(mailbox.id).await?
        {
            items.push(MailboxItem::new(mailbox, &view));
        }
    }
    listing.of_all(items)
}
