//! `DELETE …/agents/{extension}/totp`: for who has lost her app and her recovery codes.

use axum::extract::State;
use axum::http::StatusCode;
use store::Note;

use crate::auth::Access;
use crate::author::Origin;
use crate::path::{AgentPath, InPath};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::agents;

/// Takes somebody's second factor away
///
/// For who has lost her app and her recovery codes: her password is enough again until she sets up another.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/agents/{extension}/totp", tag = "access",
    operation_id = "agents_totp_remove",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "The agent's extension, or `~` for the login's own", example = "1001"),
    ),
    responses((status = 204, description = "She has none")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("access")), ("x-problems" = json!(["unknown_agent", "no_agent", "invalid_parameter"])))
)]
pub(crate) async fn remove(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<AgentPath>,
) -> Result<StatusCode, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = agents::named(&directory, &access, &path.extension)?;
    let name = directory.agents.get(&agent).map_or("", |agent| &agent.name);
    let change = format!("- second factor of {name}");
    let note = Note { tenant: access.tenant(), at: app.clock.now(), by: origin.of(&access), change };
    if app.storage.factor_remove(Some(agent), Some(&note)).await? {
        tracing::info!(
            extension = path.extension,
            by = access.identity().name,
            "a second factor was taken away"
        );
    }
    Ok(StatusCode::NO_CONTENT)
}
