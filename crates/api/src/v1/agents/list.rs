//! `GET /v1/domains/{domain}/agents`.

use axum::Json;
use axum::extract::State;

use super::view::AgentItem;
use crate::auth::Access;
use crate::page::List;
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
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn list(State(app): State<App>, access: Access) -> Result<Json<List<AgentItem>>, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let names = snapshot.names();
    let mut agents: Vec<_> = snapshot.agents.iter().map(|view| AgentItem::new(view, names)).collect();
    agents.sort_by(|a, b| (a.extension.is_none(), &a.extension).cmp(&(b.extension.is_none(), &b.extension)));
    Ok(Json(List::whole(agents)))
}
