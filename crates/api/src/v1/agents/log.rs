//! `GET /v1/domains/{domain}/agent-log`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::{AgentLogEntry, Page};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::{Problem, ProblemKind};
use crate::seen::SeenDirectory;
use crate::state::App;
use crate::time::Time;

/// One change of what an agent does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentLogItem {
    /// When.
    at: Time,
    /// The agent's extension; of one who has none any more `#` and her id.
    #[schema(example = "1001")]
    agent: String,
    /// Her full name; null if she is not there any more.
    #[schema(example = "Ann Ash")]
    name: Option<String>,
    /// The number of the queue in which; of one that is not there any more `#` and its id.
    #[schema(example = "8000")]
    queue: String,
    /// What she does from then on there, in the words of an agent's `state`.
    #[schema(example = "not_ready")]
    state: String,
    /// Why, if she is not ready.
    #[schema(example = "lunch")]
    reason: Option<String>,
    /// Who caused it: `agent 7`, `feature code of agent 7`, `owner`, `API key 3` or `system`, with ids.
    #[schema(example = "agent 7")]
    actor: String,
}

impl AgentLogItem {
    /// A queue that this login does not see has its id, as one that is gone has.
    fn new(entry: AgentLogEntry, seen: &SeenDirectory) -> Self {
        let AgentLogEntry { agent, queue, state, reason, actor, at } = entry;
        let names = seen.names();
        let number = if seen.queues.contains_key(&queue) { names.queue(queue) } else { format!("#{queue}") };
        Self {
            at: at.into(),
            agent: names.agent(agent),
            name: names.agent_name(agent),
            queue: number,
            state,
            reason: reason.filter(|reason| !reason.is_empty()),
            actor,
        }
    }
}

/// Whose changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogParams {
    /// Only those of the agent with this extension; `~` is the login's own.
    #[param(example = "1001")]
    agent: Option<String>,
}

/// Lists what agents did
///
/// Each change of what an agent does in one of her queues: when, which state, why, and who caused it. It is kept a
/// moment after it happened.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agent-log", tag = "agents", operation_id = "agent_log_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        LogParams,
    ),
    responses((status = 200, description = "A page of changes", body = List<AgentLogItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_agent", "no_agent", "missing_parameter"])),
        ("x-list" = json!({"sort": ["-at"], "limit": [50, 200]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing<LogParams>,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    let named = |extension: &String| super::named(&directory, &access, extension);
    let agent = listing.filter.agent.as_ref().map(named).transpose()?;
    if agent.is_none() && !access.sees(&app).purview().await?.is_whole() {
        let detail = "`agent` says whose: this login sees some agents of the domain only";
        return Err(Problem::new(ProblemKind::MissingParameter, detail));
    }
    let (app, tenant, directory) = (&app, access.tenant(), &directory);
    listing
        .of_pages(|part| async move {
            let Page { items, next } = app.storage.agent_log(tenant, agent, part).await?;
            let items = items.into_iter().map(|entry| AgentLogItem::new(entry, directory)).collect();
            Ok(Page { items, next })
        })
        .await
}
