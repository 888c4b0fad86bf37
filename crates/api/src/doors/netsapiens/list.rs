//! `GET`, `POST /ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use model::{Directory, Queue};

use super::entry::{EntryBody, EntryItem, entry_of};
use super::{QueuePath, member};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::{InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// The queue with this number.
pub(super) fn queue<'a>(directory: &'a Directory, number: &str) -> Result<&'a Queue, Problem> {
    directory.queue(number).ok_or_else(|| {
        Problem::new(ProblemKind::UnknownQueue, format!("no queue has the number `{}`", shown(number)))
    })
}

/// Lists a queue's agents
///
/// With NetSapiens' names, as a bare array, by extension.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents", tag = "netsapiens",
    operation_id = "ns_agents_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 200, description = "The entries", body = Vec<EntryItem>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue"])))
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let directory = &snapshot.directory;
    let queue = queue(directory, &path.callqueue)?;
    let mut views: Vec<_> = snapshot.agents.iter().collect();
    views.sort_by(|a, b| a.extension.cmp(&b.extension));
    let item = |view: &&engine::AgentView| {
        let (agent, membership) = entry_of(directory, queue, view.agent)?;
        Some(EntryItem::new(directory, (queue, &agent, &membership), Some(view)))
    };
    Ok(Json(views.iter().filter_map(item).collect::<Vec<_>>()).into_response())
}

/// Adds an agent to a queue
///
/// With NetSapiens' names. 200 with the entry if `synchronous` is yes, else 202; both when it is done. `automatic` logs
/// her in there, `manual` logs her out.
#[utoipa::path(
    post, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents", tag = "netsapiens",
    operation_id = "ns_agents_create",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
    ),
    request_body(content = EntryBody),
    responses(
        (status = 200, description = "It is done; `synchronous` was yes", body = EntryItem),
        (status = 202, description = "It is done"),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_agent", "no_agent", "unknown_entry", "entry_exists", "invalid_change",
            "stale_plan", "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn create(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<QueuePath>,
    Body(body): Body<EntryBody>,
) -> Result<Response, Problem> {
    let Some(id) = body.callqueue_agent_id.clone() else {
        let detail = "`callqueue-agent-id` says which agent, as `1001@acme.test`";
        return Err(Problem::new(ProblemKind::InvalidBody, detail));
    };
    member::save(&app, &access, origin, (&path.callqueue, &id), (&body, true)).await
}
