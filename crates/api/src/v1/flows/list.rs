//! `GET /v1/domains/{domain}/flows`.

use axum::extract::State;

use super::{FlowItem, Inside};
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// Lists the flows
///
/// All of the domain, each with how many callers are inside.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/flows", tag = "domain", operation_id = "flows_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All flows", body = List<FlowItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["number", "name"], "id": ["number"], "q": ["number", "name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let inside = Inside::of(&snapshot.calls);
    let flows = snapshot.directory.flows.values().map(|flow| FlowItem::new(flow, &inside));
    listing.of_all(flows)
}
