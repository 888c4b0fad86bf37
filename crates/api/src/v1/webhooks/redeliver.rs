//! `POST /v1/domains/{domain}/webhooks/{webhook}/deliveries/{delivery}/redeliver`.

use axum::extract::State;
use axum::http::StatusCode;

use super::DeliveryPath;
use crate::auth::Access;
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;

/// Sends a delivery again
///
/// Under its old id and with all its tries, before what is newer of its object. One that waits is tried at once. While
/// the webhook is paused it waits.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/webhooks/{webhook}/deliveries/{delivery}/redeliver", tag = "webhooks",
    operation_id = "webhooks_redeliver",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("webhook" = String, Path, description = "The webhook's name", example = "crm"),
        ("delivery" = String, Path, description = "The delivery's id"),
    ),
    responses((status = 202, description = "It will be sent")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("provisioning")), ("x-problems" = json!(["unknown_delivery"])))
)]
pub(crate) async fn redeliver(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<DeliveryPath>,
) -> Result<StatusCode, Problem> {
    let found = app.webhooks.redeliver(path.key(&access), path.delivery.clone()).await?;
    if found { Ok(StatusCode::ACCEPTED) } else { Err(path.unknown()) }
}
