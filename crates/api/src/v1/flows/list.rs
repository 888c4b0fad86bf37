//! `GET /v1/domains/{domain}/flows`.

use axum::Json;
use axum::extract::State;

use super::{FlowItem, Inside};
use crate::auth::Access;
use crate::page::List;
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
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn list(State(app): State<App>, access: Access) -> Result<Json<List<FlowItem>>, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let inside = Inside::of(&snapshot.calls);
    let flows = snapshot.directory.flows.values().map(|flow| FlowItem::new(flow, &inside));
    Ok(Json(List::whole(flows.collect())))
}
