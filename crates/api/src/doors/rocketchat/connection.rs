//! `GET /api/v1/voip/managementServer/checkConnection`, `GET /api/v1/voip/callServer/checkConnection`.
//!
//! Rocket.Chat asks its own server to connect to Asterisk. Here both are this server, so nothing is connected to:
//! the parameters are looked at, and the answer says whether the switch answers.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::{Pairs, success};
use crate::auth::Access;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Says whether queues and extensions can be managed
///
/// With Rocket.Chat's words; the parameters must be there and are not used.
#[utoipa::path(
    get, path = "/api/v1/voip/managementServer/checkConnection", tag = "rocketchat",
    operation_id = "rc_check_management",
    params(
        ("host" = String, Query, description = "Not used", example = "localhost"),
        ("port" = String, Query, description = "Not used", example = "5038"),
        ("username" = String, Query, description = "Not used", example = "admin"),
        ("password" = String, Query, description = "Not used", example = "secret"),
    ),
    responses((status = 200, description = "They can", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn management(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    for name in ["host", "port", "username", "password"] {
        query.wanted(name)?;
    }
    connected(&app, &access).await
}

/// Says whether calls can be made
///
/// With Rocket.Chat's words; `websocketUrl`, or `host`, `port` and `path`, must be there and are not used.
#[utoipa::path(
    get, path = "/api/v1/voip/callServer/checkConnection", tag = "rocketchat", operation_id = "rc_check_call_server",
    params(
        ("websocketUrl" = Option<String>, Query, description = "Not used"),
        ("host" = Option<String>, Query, description = "Not used"),
        ("port" = Option<String>, Query, description = "Not used"),
        ("path" = Option<String>, Query, description = "Not used"),
    ),
    responses((status = 200, description = "They can", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn call_server(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let whole = ["host", "port", "path"].iter().all(|name| query.get(name).is_some());
    if query.get("websocketUrl").is_none() && !whole {
        return Err(Problem::new(ProblemKind::InvalidParameter, "Incorrect / Insufficient Parameters"));
    }
    connected(&app, &access).await
}

async fn connected(app: &App, access: &Access) -> Result<Response, Problem> {
    access.sees(app).directory().await?;
    Ok(success(json!({ "status": "connected" })))
}
