//! `GET /api/v1/voip/queues.getSummary`, `…getQueuedCallsForThisExtension`, `…getMembershipSubscription`.

use axum::extract::State;
use axum::response::Response;
use model::Queue;
use serde_json::{Value, json};
use switch::Snapshot;

use super::{Pairs, extension, success};
use crate::auth::Access;
use crate::path::Params;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::queues::statistics::StatisticsItem;

/// Sums up every queue
///
/// With Rocket.Chat's names: `loggedin`, `available` and `callers` as they are now; `holdtime` and `talktime`, mean whole
/// seconds since the server started; `logestholdtime`, spelled so, of whoever waits longest. A queue's `name` is its
/// number.
#[utoipa::path(
    get, path = "/api/v1/voip/queues.getSummary", tag = "rocketchat", operation_id = "rc_queues_summary",
    responses((status = 200, description = "The queues", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["busy", "stopping"])))
)]
pub(crate) async fn summary(State(app): State<App>, access: Access) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let all = snapshot.directory.queues.values().map(|queue| row(&snapshot, queue));
    Ok(success(json!({ "summary": all.collect::<Vec<_>>() })))
}

/// Counts who waits in an extension's queues
///
/// With Rocket.Chat's names.
#[utoipa::path(
    get, path = "/api/v1/voip/queues.getQueuedCallsForThisExtension", tag = "rocketchat",
    operation_id = "rc_queues_queued_calls",
    params(("extension" = String, Query, description = "The number", example = "1001")),
    responses((status = 200, description = "The counts", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["invalid_parameter", "unknown_entry", "busy", "stopping"]))
    )
)]
pub(crate) async fn queued_calls(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let number = query.wanted("extension")?;
    let snapshot = access.sees(&app).snapshot().await?;
    let queues = queues_of(&snapshot, number)?;
    let waiting = |queue: &&Queue| waiting(&snapshot, queue);
    let count: u64 = queues.iter().map(waiting).sum();
    Ok(success(json!({ "extension": number, "queueCount": queues.len(), "callWaitingCount": count })))
}

/// Lists an extension's queues
///
/// With Rocket.Chat's names.
#[utoipa::path(
    get, path = "/api/v1/voip/queues.getMembershipSubscription", tag = "rocketchat",
    operation_id = "rc_queues_membership",
    params(("extension" = String, Query, description = "The number", example = "1001")),
    responses((status = 200, description = "The queues", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["invalid_parameter", "unknown_entry", "busy", "stopping"]))
    )
)]
pub(crate) async fn membership(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let number = query.wanted("extension")?;
    let snapshot = access.sees(&app).snapshot().await?;
    let queues = queues_of(&snapshot, number)?;
    let rows: Vec<_> = queues.into_iter().map(|queue| row(&snapshot, queue)).collect();
    Ok(success(json!({ "extension": number, "queues": rows })))
}

/// The queues of whoever has this extension.
fn queues_of<'a>(snapshot: &'a Snapshot, number: &str) -> Result<Vec<&'a Queue>, Problem> {
    let directory = &snapshot.directory;
    let agent = extension(directory, number)?.agent;
    let of = agent.into_iter().flat_map(|agent| directory.memberships_of(agent));
    Ok(of.filter_map(|membership| directory.queues.get(&membership.queue)).collect())
}

fn waiting(snapshot: &Snapshot, queue: &Queue) -> u64 {
    let view = snapshot.queues.iter().find(|view| view.queue == queue.id);
    view.map_or(0, |view| u64::from(view.waiting))
}

fn row(snapshot: &Snapshot, queue: &Queue) -> Value {
    let members = snapshot.agents.iter().flat_map(|agent| &agent.memberships);
    let members: Vec<_> = members.filter(|entry| entry.queue == queue.id).collect();
    let logged_in = members.iter().filter(|entry| super::super::is_logged_in(&entry.state)).count();
    let available = members.iter().filter(|entry| entry.available).count();
    let figures = StatisticsItem::of(snapshot, queue);
    let mean = |of: fn(&StatisticsItem) -> Option<f64>| figures.as_ref().and_then(of).unwrap_or_default();
    let longest = figures.as_ref().map_or(0.0, |figures| figures.longest_wait);
    json!({
        "name": queue.number.as_str(),
        "loggedin": logged_in,
        "available": available,
        "callers": waiting(snapshot, queue),
        "holdtime": mean(|figures| figures.average_wait).round(),
        "talktime": mean(|figures| figures.average_talk).round(),
        "logestholdtime": longest.round(),
    })
}
