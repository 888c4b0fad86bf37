//! `GET`, `POST /ns-api/v2/domains/{domain}/callqueues`, and `GET`, `PUT`, `DELETE …/callqueues/{callqueue}`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use model::Queue;
use store::provisioning::{Change, Edit, Object};
use switch::Snapshot;

use super::list::queue;
use super::queue::{CallQueueItem, QueueBody};
use super::{QueuePath, YesNo, accepted, is_own};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::provisioning::change::{ChangeParams, change};

/// Lists call queues
///
/// With NetSapiens' names, as a bare array, by id.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/callqueues", tag = "netsapiens", operation_id = "ns_callqueues_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The queues", body = Vec<CallQueueItem>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn list(State(app): State<App>, access: Access) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let items: Vec<_> = snapshot.directory.queues.values().map(|queue| item(&snapshot, queue)).collect();
    Ok(Json(items).into_response())
}

/// Makes a call queue
///
/// With NetSapiens' names. 200 with the queue if `synchronous` is yes, else 202; both when it is done.
#[utoipa::path(
    post, path = "/ns-api/v2/domains/{domain}/callqueues", tag = "netsapiens", operation_id = "ns_callqueues_create",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    request_body(content = QueueBody),
    responses(
        (status = 200, description = "It is done; `synchronous` was yes", body = CallQueueItem),
        (status = 202, description = "It is done"),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["entry_exists", "invalid_change", "stale_plan", "invalid_body", "too_large"]))
    )
)]
pub(crate) async fn create(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    Body(body): Body<QueueBody>,
) -> Result<Response, Problem> {
    let Some(number) = body.callqueue.clone() else {
        return Err(Problem::new(
            ProblemKind::InvalidBody,
            "`callqueue` is the number of the queue, as `8000`",
        ));
    };
    save(&app, &access, origin, &number, (&body, true)).await
}

/// Shows a call queue
///
/// With NetSapiens' names.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}", tag = "netsapiens",
    operation_id = "ns_callqueues_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 200, description = "The queue", body = CallQueueItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
) -> Result<Response, Problem> {
    shown_queue(&app, &access, &path.callqueue).await
}

/// Changes a call queue
///
/// With NetSapiens' names; what is left out stays. 200 with the queue if `synchronous` is yes, else 202.
#[utoipa::path(
    put, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}", tag = "netsapiens",
    operation_id = "ns_callqueues_update",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
    ),
    request_body(content = QueueBody),
    responses(
        (status = 200, description = "It is done; `synchronous` was yes", body = CallQueueItem),
        (status = 202, description = "It is done"),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["unknown_queue", "unknown_entry", "invalid_change", "stale_plan", "invalid_body", "too_large"]))
    )
)]
pub(crate) async fn update(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<QueuePath>,
    Body(body): Body<QueueBody>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    queue(&directory, &path.callqueue)?;
    save(&app, &access, origin, &path.callqueue, (&body, false)).await
}

/// Removes a call queue
///
/// Refused while anything else leads to it; who waits in it is led on.
#[utoipa::path(
    delete, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}", tag = "netsapiens",
    operation_id = "ns_callqueues_delete",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 202, description = "It is done")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["unknown_queue", "unknown_entry", "invalid_change", "stale_plan"]))
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<QueuePath>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    queue(&directory, &path.callqueue)?;
    let edit = Edit { object: Object::Queue(path.callqueue), change: Change::Remove, expected: None };
    change(&app, &access, origin, (vec![edit], &ChangeParams::default())).await?;
    Ok(accepted())
}

async fn save(
    app: &App,
    access: &Access,
    origin: Origin,
    number: &str,
    (body, is_new): (&QueueBody, bool),
) -> Result<Response, Problem> {
    if body.domain.as_deref().is_some_and(|domain| !is_own(domain, access)) {
        return Err(Problem::plain(ProblemKind::UnknownDomain));
    }
    if body.callqueue.as_deref().is_some_and(|queue| queue != number) {
        let detail = format!("`callqueue` is another than {number} in the path");
        return Err(Problem::new(ProblemKind::InvalidBody, detail));
    }
    let mut fields = body.fields()?;
    let change_to = if is_new {
        // A queue has a name; this API's may do without.
        if fields["name"].is_null() {
            fields["name"] = number.into();
        }
        Change::Create(fields)
    } else {
        Change::Patch(fields)
    };
    let edit = Edit { object: Object::Queue(number.to_owned()), change: change_to, expected: None };
    change(app, access, origin, (vec![edit], &ChangeParams::default())).await?;
    if body.synchronous != Some(YesNo::Yes) {
        return Ok(accepted());
    }
    shown_queue(app, access, number).await
}

async fn shown_queue(app: &App, access: &Access, number: &str) -> Result<Response, Problem> {
    let snapshot = access.sees(app).snapshot().await?;
    let queue = queue(&snapshot.directory, number)?;
    Ok(Json(item(&snapshot, queue)).into_response())
}

fn item(snapshot: &Snapshot, queue: &Queue) -> CallQueueItem {
    let view = snapshot.queues.iter().find(|view| view.queue == queue.id);
    let entries = snapshot.agents.iter().flat_map(|agent| &agent.memberships);
    let available = entries.filter(|entry| entry.queue == queue.id && entry.available).count();
    CallQueueItem::new(&snapshot.directory, queue, view, available)
}
