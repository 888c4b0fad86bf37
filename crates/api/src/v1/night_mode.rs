//! `PUT /v1/domains/{domain}/night-mode` and `PUT /v1/domains/{domain}/queues/{number}/night-mode`.

use axum::Json;
use axum::extract::State;
use engine::Request;
use model::QueueId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Access;
use crate::json::Body;
use crate::path::{InPath, QueuePath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;
use crate::v1::queues;

/// How the switch shall stand, or stands.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NightModeBody {
    /// On or off.
    on: bool,
}

/// Switches the domain's night mode
///
/// Callers who come from now on take the `night` action of the number they dialed, and the `on_night` action of a
/// queue that has one. Who waits or talks already is not disturbed. It stays until it is switched again, also over
/// a restart. To switch it as it stands already is no mistake and no event.
#[utoipa::path(
    put, path = "/v1/domains/{domain}/night-mode", tag = "domain", operation_id = "domain_night_mode",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    request_body(content = NightModeBody, example = json!({"on": true})),
    responses((status = 200, description = "As it stands now", body = NightModeBody)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("night_mode")), ("x-problems" = json!(["invalid_body", "too_large", "too_slow"])))
)]
pub(crate) async fn of_domain(
    State(app): State<App>,
    access: Access,
    body: Result<Body<NightModeBody>, Problem>,
) -> Result<Json<NightModeBody>, Problem> {
    if !access.sees(&app).purview().await?.is_whole() {
        let detail = "night mode of the domain is for who sees all of it; you supervise some groups";
        return Err(Problem::new(ProblemKind::Forbidden, detail));
    }
    switch(&app, &access, None, body?).await
}

/// Switches a queue's night mode
///
/// Callers who come to it from now on take its `on_night` action, or `on_no_answer` if it has none. Who waits in
/// the line stays.
#[utoipa::path(
    put, path = "/v1/domains/{domain}/queues/{number}/night-mode", tag = "queues",
    operation_id = "queues_night_mode",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
    ),
    request_body(content = NightModeBody, example = json!({"on": true})),
    responses((status = 200, description = "As it stands now", body = NightModeBody)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("night_mode")),
        ("x-problems" = json!(["unknown_queue", "invalid_body", "too_large", "too_slow"]))
    )
)]
pub(crate) async fn of_queue(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
    body: Result<Body<NightModeBody>, Problem>,
) -> Result<Json<NightModeBody>, Problem> {
    let directory = access.sees(&app).directory().await?;
    let queue = queues::named(&directory, &path.number)?.id;
    switch(&app, &access, Some(queue), body?).await
}

async fn switch(
    app: &App,
    access: &Access,
    queue: Option<QueueId>,
    Body(body): Body<NightModeBody>,
) -> Result<Json<NightModeBody>, Problem> {
    let request = Request::NightMode { queue, on: body.on };
    let reply = access.sees(app).request(request).await?;
    reply.map_err(rejected)?;
    Ok(Json(body))
}
