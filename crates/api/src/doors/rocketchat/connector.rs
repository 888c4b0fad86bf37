//! `GET /api/v1/connector.extension.*`: the phones, and what a phone needs to register.
//!
//! A phone's secret is shown once, when it is made, and never again: `password` is empty here. Nothing is signed as JWT.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use model::Extension;
use serde_json::{Value, json};
use switch::Snapshot;

use super::{Pairs, UNAUTHORIZED, extension, not_found, state_of, success, user_id};
use crate::auth::Access;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Lists all extensions
///
/// With Rocket.Chat's names.
#[utoipa::path(
    get, path = "/api/v1/connector.extension.list", tag = "rocketchat", operation_id = "rc_connector_list",
    responses((status = 200, description = "The extensions", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("provisioning")), ("x-problems" = json!(["busy", "stopping"])))
)]
pub(crate) async fn list(State(app): State<App>, access: Access) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let all = snapshot.directory.extensions.values();
    let rows: Vec<_> =
        all.map(|one| json!({ "extension": one.number.as_str(), "state": state(&snapshot, one) })).collect();
    Ok(success(json!({ "extensions": rows })))
}

/// Gives an extension's details
///
/// With Rocket.Chat's names.
#[utoipa::path(
    get, path = "/api/v1/connector.extension.getDetails", tag = "rocketchat", operation_id = "rc_connector_details",
    params(("extension" = String, Query, description = "The number", example = "1001")),
    responses((status = 200, description = "The details", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "unknown_entry", "busy", "stopping"]))
    )
)]
pub(crate) async fn details(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let one = extension(&snapshot.directory, query.wanted("extension")?)?;
    Ok(success(json!({
        "extension": one.number.as_str(),
        "name": one.display_name,
        "state": state(&snapshot, one),
        "authtype": "userpass",
        "password": "",
    })))
}

/// Says where and as whom a phone registers
///
/// With Rocket.Chat's names, by extension.
#[utoipa::path(
    get, path = "/api/v1/connector.extension.getRegistrationInfoByExtension", tag = "rocketchat",
    operation_id = "rc_connector_registration",
    params(("extension" = String, Query, description = "The number", example = "1001")),
    responses((status = 200, description = "Where and as whom", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "unknown_entry", "busy", "stopping"]))
    )
)]
pub(crate) async fn registration(
    State(app): State<App>,
    access: Access,
    headers: HeaderMap,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let one = extension(&snapshot.directory, query.wanted("extension")?)?;
    Ok(success(info(&snapshot, one, &headers)))
}

/// Says where and as whom one's own phone registers
///
/// With Rocket.Chat's names, by the login's own id; any other is refused.
#[utoipa::path(
    get, path = "/api/v1/connector.extension.getRegistrationInfoByUserId", tag = "rocketchat",
    operation_id = "rc_connector_own_registration",
    params(("id" = String, Query, description = "The login's own id", example = "1")),
    responses(
        (status = 200, description = "Where and as whom", body = serde_json::Value),
        (status = 403, description = "The id is another's", body = super::Failure),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("own")),
        ("x-problems" = json!(["invalid_parameter", "forbidden", "unknown_entry", "busy", "stopping"]))
    )
)]
pub(crate) async fn own_registration(
    State(app): State<App>,
    access: Access,
    headers: HeaderMap,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    if query.wanted("id")? != user_id(access.identity()) {
        return Err(Problem::new(ProblemKind::Forbidden, UNAUTHORIZED));
    }
    let snapshot = access.sees(&app).snapshot().await?;
    let own = |one: &&Extension| one.agent.is_some() && one.agent == access.identity().agent;
    let one = snapshot.directory.extensions.values().find(own);
    let one = one.ok_or_else(|| not_found(ProblemKind::UnknownEntry, "Extension not found"))?;
    Ok(success(info(&snapshot, one, &headers)))
}

fn state(snapshot: &Snapshot, extension: &Extension) -> &'static str {
    let view = |agent| snapshot.agents.iter().find(|view| view.agent == agent);
    state_of(extension.agent.and_then(view))
}

/// The server is the one that was asked, under the name by which it was.
fn info(snapshot: &Snapshot, extension: &Extension, headers: &HeaderMap) -> Value {
    let domain = &snapshot.directory.tenant.name;
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or(domain);
    json!({
        "host": domain,
        "callServerConfig": { "websocketPath": format!("wss://{asked}/sip") },
        "extensionDetails": {
            "extension": extension.number.as_str(),
            "password": "",
            "authtype": "userpass",
            "state": state(snapshot, extension),
        },
    })
}
