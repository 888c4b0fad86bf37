//! `GET /v1/domains/{domain}/webhooks/{webhook}/deliveries/{delivery}`.

use axum::Json;
use axum::extract::State;

use super::DeliveryPath;
use super::view::DeliveryDetailItem;
use crate::auth::Access;
use crate::path::InPath;
use crate::problem::Problem;
use crate::state::App;

/// Shows a delivery
///
/// Its body, and each try with what was answered.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/webhooks/{webhook}/deliveries/{delivery}", tag = "webhooks",
    operation_id = "webhooks_delivery",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("webhook" = String, Path, description = "The webhook's name", example = "crm"),
        ("delivery" = String, Path, description = "The delivery's id"),
    ),
    responses((status = 200, description = "The delivery", body = DeliveryDetailItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("provisioning")), ("x-problems" = json!(["unknown_delivery"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<DeliveryPath>,
) -> Result<Json<DeliveryDetailItem>, Problem> {
    let found = app.webhooks.delivery(path.key(&access), path.delivery.clone()).await?;
    Ok(Json(found.ok_or_else(|| path.unknown())?.into()))
}
