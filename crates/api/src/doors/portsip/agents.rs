//! `GET /api/call_queues/{queue_id}/agents` and `…/agents/{agent_number}`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use engine::{AgentView, MembershipView};
use model::{Agent, Directory, Membership, Queue};
use serde_json::{Value, json};

use super::{AgentPath, ListParams, QueuePath, agent, queue, state_word};
use crate::auth::Access;
use crate::path::{InPath, Params};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::view::reason;

/// Lists a queue's agents
///
/// With PortSIP's names, in the order in which they are hunted.
#[utoipa::path(
    get, path = "/api/call_queues/{queue_id}/agents", tag = "portsip", operation_id = "ps_agents_list",
    params(("queue_id" = String, Path, description = "The queue's id", example = "1"), ListParams),
    responses((status = 200, description = "The agents", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
    Params(params): Params<ListParams>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let directory = &snapshot.directory;
    let queue = queue(directory, &path.queue_id)?;
    let mut members: Vec<&Membership> = directory.members(queue.id).collect();
    members.sort_by_key(|membership| (membership.order, membership.agent));
    let item = |membership: &&Membership| {
        let agent = directory.agents.get(&membership.agent)?;
        let view = snapshot.agents.iter().find(|view| view.agent == agent.id);
        Some(item(agent, membership, view.and_then(|view| entry(view, queue))))
    };
    Ok(Json(params.part(members.iter().filter_map(item).collect())).into_response())
}

/// Shows an agent of a queue
///
/// With PortSIP's names.
#[utoipa::path(
    get, path = "/api/call_queues/{queue_id}/agents/{agent_number}", tag = "portsip", operation_id = "ps_agents_get",
    params(
        ("queue_id" = String, Path, description = "The queue's id", example = "1"),
        ("agent_number" = String, Path, description = "Her extension", example = "1001"),
    ),
    responses((status = 200, description = "The agent", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "unknown_agent", "not_a_member", "busy", "stopping"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    Ok(Json(member(&app, &access, &path).await?).into_response())
}

/// An agent of a queue, as she is now.
pub(super) async fn member(app: &App, access: &Access, path: &AgentPath) -> Result<Value, Problem> {
    let directory = access.sees(app).directory().await?;
    let (queue, agent, membership) = named(&directory, path)?;
    let view = access.sees(app).agent(agent.id).await?;
    Ok(item(agent, membership, view.as_ref().and_then(|view| entry(view, queue))))
}

/// The queue, the agent and her membership that a path names.
pub(super) fn named<'a>(
    directory: &'a Directory,
    path: &AgentPath,
) -> Result<(&'a Queue, &'a Agent, &'a Membership), Problem> {
    let queue = queue(directory, &path.queue_id)?;
    let agent = agent(directory, &path.agent_number)?;
    let membership = directory.memberships.get(&(queue.id, agent.id)).ok_or_else(|| {
        let detail = format!("{} is no member of {}", path.agent_number, queue.number);
        Problem::new(ProblemKind::NotAMember, detail)
    })?;
    Ok((queue, agent, membership))
}

fn entry<'a>(view: &'a AgentView, queue: &Queue) -> Option<&'a MembershipView> {
    view.memberships.iter().find(|entry| entry.queue == queue.id)
}

fn item(agent: &Agent, membership: &Membership, entry: Option<&MembershipView>) -> Value {
    json!({
        "extension_number": agent.extension.as_ref().map(ToString::to_string),
        "display_name": agent.name,
        "skill_level": membership.skill_level,
        "status": entry.map_or("OFFLINE", |entry| state_word(&entry.state)),
        "reason": entry.and_then(|entry| reason(&entry.state)),
    })
}
