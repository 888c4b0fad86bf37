//! `GET /v1/domains/{domain}/queues/{number}`.

use axum::Json;
use axum::extract::State;

use super::view::QueueItem;
use crate::auth::Access;
use crate::path::{InPath, QueuePath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Shows one queue
#[utoipa::path(
    get, path = "/v1/domains/{domain}/queues/{number}", tag = "queues", operation_id = "queues_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 200, description = "The queue", body = QueueItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
) -> Result<Json<QueueItem>, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let queue = super::named(&snapshot.directory, &path.number)?;
    let view = snapshot.queues.iter().find(|view| view.queue == queue.id);
    Ok(Json(QueueItem::new(view.ok_or_else(|| Problem::plain(ProblemKind::UnknownQueue))?)))
}
