//! `GET /v1/domains/{domain}/agents`.

use axum::extract::State;

use super::view::AgentItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// Lists the agents
///
/// All of the domain, by extension, each with her state and, per queue, her membership.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agents", tag = "agents", operation_id = "agents_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All agents", body = List<AgentItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["extension", "name", "state", "state_since"], "id": ["id"], "q": ["extension", "name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let names = snapshot.names();
    listing.of_all(snapshot.agents.iter().map(|view| AgentItem::new(view, names)))
}
