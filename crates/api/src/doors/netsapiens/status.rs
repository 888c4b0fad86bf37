//! `PATCH /ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents/{agent}/{action}`.

use axum::extract::State;
use axum::response::Response;
use engine::AgentAction;
use model::NotReadyReason;
use serde::Deserialize;

use super::{ALL, accepted, extension};
use crate::auth::Access;
use crate::path::{InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::{ActionBody, act};

/// `…/callqueues/{callqueue}/agents/{agent}/{action}`.
#[derive(Deserialize)]
pub(crate) struct ActionPath {
    callqueue: String,
    agent: String,
    action: String,
}

/// Custom statuses, `cust1` to `cust8`, and the others that count as not available.
const AWAY: [&str; 13] = [
    "break", "lunch", "meeting", "web", "other", "cust1", "cust2", "cust3", "cust4", "cust5", "cust6",
    "cust7", "cust8",
];

/// What an action means.
fn meaning(action: &str) -> Option<AgentAction> {
    Some(match action {
        "login" => AgentAction::Login,
        "online" => AgentAction::Ready,
        "logout" | "offline" => AgentAction::Logout,
        "onecall" => AgentAction::SingleCall,
        away if AWAY.contains(&away) => AgentAction::NotReady(NotReadyReason::Chosen(away.to_owned())),
        _ => return None,
    })
}

/// Changes what an agent does in a queue
///
/// With NetSapiens' words: `login`, `logout`, `onecall`, `online`, `offline`, `break`, `lunch`, `meeting`, `web`,
/// `other`, `cust1` to `cust8`. The queue may be `all`: every one that she is in.
#[utoipa::path(
    patch, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents/{agent}/{action}", tag = "netsapiens",
    operation_id = "ns_agents_action",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number, or `all`", example = "all"),
        ("agent" = String, Path, description = "`user@domain`, or `~` for the login's own agent", example = "1001@acme.test"),
        ("action" = String, Path, description = "The action or status", example = "login"),
    ),
    responses((status = 202, description = "It is done, or will be when her call ends")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "not_found", "unknown_queue", "unknown_agent", "no_agent", "not_a_member", "no_extension", "not_active",
            "not_logged_in", "entry_disabled", "wrong_state"
        ]))
    )
)]
pub(crate) async fn patch(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<ActionPath>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = extension(&path.agent, &access, &directory)?;
    let Some(action) = meaning(&path.action) else {
        let detail = format!("there is no action `{}` of agents", shown(&path.action));
        return Err(Problem::new(ProblemKind::NotFound, detail));
    };
    let queue = (path.callqueue != ALL).then_some(path.callqueue);
    act(&app, &access, &agent, &ActionBody { queue, reason: None }, |_| action).await?;
    Ok(accepted())
}
