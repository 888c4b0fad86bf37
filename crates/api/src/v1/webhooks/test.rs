//! `POST /v1/domains/{domain}/webhooks/{webhook}/test`.

use axum::Json;
use axum::extract::State;

use super::WebhookPath;
use super::view::TestedItem;
use crate::auth::Access;
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;

/// Tests a webhook
///
/// Sends `webhook.test` once and at once, signed like everything else, even if the webhook is paused or switched off, and
/// answers with what came back. It stands in the log; it is not tried again, and counts for nothing.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/webhooks/{webhook}/test", tag = "webhooks", operation_id = "webhooks_test",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("webhook" = String, Path, description = "The webhook's name", example = "crm"),
    ),
    responses((status = 200, description = "What came back", body = TestedItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("provisioning")), ("x-problems" = json!(["unknown_webhook"])))
)]
pub(crate) async fn test(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<WebhookPath>,
) -> Result<Json<TestedItem>, Problem> {
    let tested = app.webhooks.test(path.key(&access)).await?;
    Ok(Json(tested.ok_or_else(|| path.unknown())?.into()))
}
