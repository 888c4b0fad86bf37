//! `GET /v1/domains/{domain}/calls/{call}`.

use axum::Json;
use axum::extract::State;

use super::view::CallItem;
use crate::auth::Access;
use crate::path::{CallPath, InPath, unknown_call};
use crate::problem::Problem;
use crate::state::App;

/// Shows one call, live or ended, with all its legs
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls/{call}", tag = "calls", operation_id = "calls_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 200, description = "The call", body = CallItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_call"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
) -> Result<Json<CallItem>, Problem> {
    let id = path.id()?;
    let directory = access.sees(&app).directory().await?;
    let names = directory.names();
    if let Some(view) = access.sees(&app).call(id).await? {
        return Ok(Json(CallItem::live(&view, names, usize::MAX)));
    }
    let record = access.sees(&app).ended(id).await?.ok_or_else(|| unknown_call(&id.to_string()))?;
    Ok(Json(CallItem::ended(&record, names, usize::MAX)))
}
