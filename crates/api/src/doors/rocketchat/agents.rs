//! `GET /api/v1/omnichannel/agents/available`.

use axum::extract::State;
use axum::response::Response;
use model::Agent;
use serde_json::{Value, json};

use super::{Pairs, page};
use crate::auth::Access;
use crate::path::Params;
use crate::problem::Problem;
use crate::state::App;

/// Lists agents to whom an extension can be given
///
/// With Rocket.Chat's names: those who have none, by name. `sort` and the like are passed over.
#[utoipa::path(
    get, path = "/api/v1/omnichannel/agents/available", tag = "rocketchat", operation_id = "rc_agents_available",
    params(
        ("text" = Option<String>, Query, description = "Part of a name or an e-mail address"),
        ("includeExtension" = Option<String>, Query, description = "Whoever has this extension is listed, too"),
        ("count" = Option<u32>, Query, description = "Rows of a page, at most 100; 10 unless set"),
        ("offset" = Option<u32>, Query, description = "Rows to pass over"),
    ),
    responses((status = 200, description = "The agents", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_parameter", "busy", "stopping"]))
    )
)]
pub(crate) async fn available(
    State(app): State<App>,
    access: Access,
    Params(query): Params<Pairs>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let text = query.get("text").unwrap_or_default().to_lowercase();
    let included = query.get("includeExtension");
    let wanted = |agent: &&Agent| {
        let number = agent.extension.as_ref().map(model::ExtensionNumber::as_str);
        (number.is_none() || number == included)
            && (agent.name.to_lowercase().contains(&text) || agent.email.to_lowercase().contains(&text))
    };
    let mut agents: Vec<&Agent> = directory.agents.values().filter(wanted).collect();
    agents.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    page("agents", agents.into_iter().map(row).collect(), &query)
}

fn row(agent: &Agent) -> Value {
    let mut row = json!({ "_id": agent.id.to_string(), "username": agent.email, "name": agent.name });
    if let Some(extension) = &agent.extension {
        row["extension"] = extension.as_str().into();
    }
    row
}
