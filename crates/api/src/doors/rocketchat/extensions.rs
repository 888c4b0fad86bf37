//! `GET /api/v1/omnichannel/extension` and `GET /api/v1/omnichannel/extensions`: which phones there are, and whose.

use axum::extract::State;
use axum::response::Response;
use engine::AgentView;
use model::{Agent, Directory, Extension};
use serde_json::{Value, json};

use super::{Pairs, by_id, by_username, page, state_of, success};
use crate::auth::Access;
use crate::path::{Params, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Lists numbers of extensions
///
/// With Rocket.Chat's words: `free` ones, those `allocated` to agents, or those `available` to an agent: the free ones and,
/// before them, her own.
#[utoipa::path(
    get, path = "/api/v1/omnichannel/extension", tag = "rocketchat", operation_id = "rc_extension_numbers",
    params(
        ("type" = String, Query, description = "`free`, `allocated` or `available`", example = "free"),
        ("username" = Option<String>, Query, description = "Her e-mail address, or the part before its `@`; this or `userId` is needed"),
        ("userId" = Option<String>, Query, description = "Her id"),
    ),
    responses((status = 200, description = "The numbers", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn numbers(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let kind = query.wanted("type")?;
    let user = match (query.get("userId"), query.get("username")) {
        (Some(id), _) => by_id(&directory, id),
        (None, Some(name)) => by_username(&directory, name),
        (None, None) => return Err(super::missing("username")),
    };
    let numbers = |allocated: bool| {
        let of_kind = directory.extensions.values().filter(move |one| one.agent.is_some() == allocated);
        of_kind.map(|one| one.number.to_string())
    };
    let own = user.and_then(|agent| agent.extension.as_ref()).map(ToString::to_string);
    let extensions: Vec<String> = match kind.to_ascii_lowercase().as_str() {
        "free" => numbers(false).collect(),
        "allocated" => numbers(true).collect(),
        "available" => own.into_iter().chain(numbers(false)).collect(),
        other => {
            let detail = format!("{} not found", shown(other));
            return Err(Problem::new(ProblemKind::InvalidParameter, detail));
        }
    };
    Ok(success(json!({ "extensions": extensions })))
}

/// Lists extensions with their agents
///
/// With Rocket.Chat's names, by number, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/omnichannel/extensions", tag = "rocketchat", operation_id = "rc_extensions",
    params(
        ("status" = Option<String>, Query, description = "`registered`, `unregistered`, `ringing`, `busy` or `unknown`"),
        ("agentId" = Option<String>, Query, description = "Her id"),
        ("queues[]" = Option<Vec<String>>, Query, description = "Numbers of queues, any of which must be among hers"),
        ("extension" = Option<String>, Query, description = "The number"),
        ("count" = Option<u32>, Query, description = "Rows of a page, at most 100; 10 unless set"),
        ("offset" = Option<u32>, Query, description = "Rows to pass over"),
    ),
    responses((status = 200, description = "The extensions", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let directory = &snapshot.directory;
    let rows = directory.extensions.values().map(|one| row(directory, &snapshot.agents, one));
    let is = |row: &Value, field: &str, name: &str| query.get(name).is_none_or(|wanted| row[field] == wanted);
    let in_queue = |row: &Value| {
        let of_row =
            |wanted: &str| row["queues"].as_array().is_some_and(|all| all.iter().any(|one| one == wanted));
        query.get("queues").is_none() || query.all("queues").any(of_row)
    };
    let wanted = |row: &Value| {
        is(row, "state", "status")
            && is(row, "userId", "agentId")
            && is(row, "extension", "extension")
            && in_queue(row)
    };
    page("extensions", rows.filter(wanted).collect(), &query)
}

/// An extension as its list has it.
fn row(directory: &Directory, views: &[AgentView], extension: &Extension) -> Value {
    let number = extension.number.as_str();
    let Some(agent) = extension.agent.and_then(|agent| directory.agents.get(&agent)) else {
        return json!({ "extension": number, "state": state_of(None) });
    };
    let view = views.iter().find(|view| view.agent == agent.id);
    json!({
        "extension": number,
        "state": state_of(view),
        "queues": queues_of(directory, agent),
        "userId": agent.id.to_string(),
        "username": agent.email,
        "name": agent.name,
    })
}

/// The numbers of an agent's queues.
pub(super) fn queues_of(directory: &Directory, agent: &Agent) -> Vec<String> {
    let queue = |membership: &model::Membership| directory.queues.get(&membership.queue);
    directory.memberships_of(agent.id).filter_map(queue).map(|queue| queue.number.to_string()).collect()
}
