//! Whether the process lives, whether it takes calls, and its figures. No login is asked for.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// It lives.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthItem {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The server's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// It takes calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReadyItem {
    /// `ready`.
    #[schema(example = "ready")]
    status: &'static str,
}

/// Says that the process lives
#[utoipa::path(
    get, path = "/healthz", tag = "server", operation_id = "healthz",
    responses((status = 200, description = "It lives", body = HealthItem)),
    security(())
)]
pub(crate) async fn healthz(State(app): State<App>) -> Json<HealthItem> {
    Json(HealthItem { status: "ok", version: app.version })
}

/// Says whether the server takes calls
#[utoipa::path(
    get, path = "/readyz", tag = "server", operation_id = "readyz",
    responses((status = 200, description = "It takes calls", body = ReadyItem)),
    security(()),
    extensions(("x-problems" = json!(["not_ready"])))
)]
pub(crate) async fn readyz(State(app): State<App>) -> Result<Json<ReadyItem>, Problem> {
    let reasons = app.readiness.reasons();
    if reasons.is_empty() {
        return Ok(Json(ReadyItem { status: "ready" }));
    }
    Err(Problem::new(ProblemKind::NotReady, reasons.join("; ")).reasons(reasons))
}

/// Shows the server's figures
///
/// In Prometheus' text format.
#[utoipa::path(
    get, path = "/metrics", tag = "server", operation_id = "metrics",
    responses((status = 200, description = "The figures", body = String, content_type = "text/plain")),
    security(())
)]
pub(crate) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (app.metrics)())
}
