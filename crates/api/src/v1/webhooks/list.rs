//! `GET /v1/domains/{domain}/webhooks`.

use axum::extract::State;

use super::view::WebhookItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// Lists the webhooks
///
/// By name, each with its state and figures. They are made, changed and removed as all that is provisioned, at
/// `…/provisioning/webhooks`.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/webhooks", tag = "webhooks", operation_id = "webhooks_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All webhooks", body = List<WebhookItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-list" = json!({"sort": ["name"], "id": ["name"], "q": ["name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let webhooks = app.webhooks.list(access.tenant()).await?;
    listing.of_all(webhooks.into_iter().map(WebhookItem::from))
}
