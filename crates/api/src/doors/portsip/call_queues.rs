//! `GET /api/call_queues` and `GET /api/call_queues/{queue_id}`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use model::{Queue, Strategy};
use serde_json::{Value, json};

use super::{ListParams, QueuePath, queue};
use crate::auth::Access;
use crate::path::{InPath, Params};
use crate::problem::Problem;
use crate::state::App;

/// Lists call queues
///
/// With PortSIP's names, by id.
#[utoipa::path(
    get, path = "/api/call_queues", tag = "portsip", operation_id = "ps_call_queues_list",
    params(ListParams),
    responses((status = 200, description = "The queues", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["invalid_parameter", "busy", "stopping"])))
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    Params(params): Params<ListParams>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let items = directory.queues.values().map(summary).collect();
    Ok(Json(params.part(items)).into_response())
}

/// Shows a call queue
///
/// With PortSIP's names; what it has and we do not is left out.
#[utoipa::path(
    get, path = "/api/call_queues/{queue_id}", tag = "portsip", operation_id = "ps_call_queues_get",
    params(("queue_id" = String, Path, description = "The queue's id", example = "1")),
    responses((status = 200, description = "The queue", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue", "busy", "stopping"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let queue = queue(&snapshot.directory, &path.queue_id)?;
    let night = snapshot.queues.iter().any(|view| view.queue == queue.id && view.night_mode);
    Ok(Json(detailed(queue, night)).into_response())
}

fn summary(queue: &Queue) -> Value {
    json!({
        "id": queue.id.to_string(),
        "name": queue.name,
        "extension_number": queue.number.as_str(),
        "polling_strategy": strategy(queue.strategy),
    })
}

fn detailed(queue: &Queue, night_mode: bool) -> Value {
    let mut item = summary(queue);
    let fields = json!({
        "ring_time": queue.ring_time,
        "max_callers": queue.max_callers,
        "max_waiting_time": queue.max_waiting_time,
        "wait_when_no_agents_online": queue.wait_when_no_agents,
        "agent_auto_ready": queue.auto_ready,
        "enable_wrap_up": queue.wrap_up_time > 0,
        "wrap_up_time": queue.wrap_up_time,
        "sla_time": queue.sla_time,
        "enable_night_mode": night_mode,
        "enable_callback": queue.in_queue.callback.is_some(),
        "enable_sticky_routing": queue.sticky_days > 0,
        "sticky_routing_duration": queue.sticky_days,
    });
    if let (Value::Object(item), Value::Object(fields)) = (&mut item, fields) {
        item.extend(fields);
    }
    item
}

/// PortSIP's word; those that it has none for have ours, in its spelling.
const fn strategy(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::RingAll => "RING_SIMULTANEOUSLY",
        Strategy::Linear => "PRIORITIZED_HUNT",
        Strategy::Cyclic => "CYCLIC_HUNT",
        Strategy::LeastWorked => "LEAST_WORKED_HUNT",
        Strategy::SkillLinear => "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
        Strategy::SkillCyclic => "SKILL_BASED_ROUTING_CYCLIC_HUNT",
        Strategy::SkillLeastWorked => "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
        Strategy::LongestIdle => "LONGEST_IDLE_HUNT",
        Strategy::LinearCascade => "LINEAR_CASCADE",
        Strategy::TieredLongestIdle => "TIERED_LONGEST_IDLE_HUNT",
        Strategy::Random => "RANDOM_HUNT",
    }
}
