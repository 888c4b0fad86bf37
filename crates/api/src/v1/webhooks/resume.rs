//! `POST /v1/domains/{domain}/webhooks/{webhook}/resume`.

use axum::extract::State;
use axum::http::StatusCode;

use super::WebhookPath;
use crate::auth::Access;
use crate::author::Origin;
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;

/// Resumes a paused webhook
///
/// What waits goes out, in its order. What was given up stays so; each can be sent again. One that is not paused stays
/// as it is.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/webhooks/{webhook}/resume", tag = "webhooks",
    operation_id = "webhooks_resume",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("webhook" = String, Path, description = "The webhook's name", example = "crm"),
    ),
    responses((status = 204, description = "It is active, if it is switched on")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["unknown_webhook", "invalid_parameter"]))
    )
)]
pub(crate) async fn resume(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<WebhookPath>,
) -> Result<StatusCode, Problem> {
    let found = app.webhooks.resume(path.key(&access), origin.of(&access)).await?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(path.unknown()) }
}
