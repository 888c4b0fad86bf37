//! `GET /v1/domains/{domain}/queues`.

use axum::extract::State;

use super::view::QueueItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// Lists the queues
///
/// All of the domain, by number, each with how many wait and what it has done since the server started.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/queues", tag = "queues", operation_id = "queues_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All queues", body = List<QueueItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["number", "name", "waiting"], "id": ["id"], "q": ["number", "name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    listing.of_all(snapshot.queues.iter().map(QueueItem::new))
}
