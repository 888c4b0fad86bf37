//! `GET /v1/domains/{domain}/agents/{extension}`.

use axum::Json;
use axum::extract::State;

use super::view::AgentItem;
use crate::auth::Access;
use crate::path::{AgentPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Shows one agent
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agents/{extension}", tag = "agents", operation_id = "agents_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "1001"),
    ),
    responses((status = 200, description = "The agent", body = AgentItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_agent", "no_agent"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Json<AgentItem>, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = super::named(&directory, &access, &path.extension)?;
    let view = access.sees(&app).agent(agent).await?;
    let view = view.ok_or_else(|| Problem::plain(ProblemKind::UnknownAgent))?;
    Ok(Json(AgentItem::new(&view, directory.names())))
}
