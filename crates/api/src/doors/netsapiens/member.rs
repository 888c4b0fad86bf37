//! `GET`, `PUT`, `DELETE /ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents/{agent}`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use engine::AgentAction;
use store::provisioning::{Change, Edit, Object};

use super::entry::{AvailabilityType, EntryBody, EntryItem, entry_of};
use super::list::queue;
use super::{AgentPath, YesNo, accepted, extension, is_own};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::{ActionBody, act};
use crate::v1::provisioning::change::{ChangeParams, change};

/// Makes or changes an entry, then logs her in or out as it says.
pub(super) async fn save(
    app: &App,
    access: &Access,
    origin: Origin,
    (number, id): (&str, &str),
    (body, is_new): (&EntryBody, bool),
) -> Result<Response, Problem> {
    let directory = access.sees(app).directory().await?;
    queue(&directory, number)?;
    if body.domain.as_deref().is_some_and(|domain| !is_own(domain, access)) {
        return Err(Problem::plain(ProblemKind::UnknownDomain));
    }
    if body.callqueue.as_deref().is_some_and(|queue| queue != number) {
        let detail = format!("`callqueue` is another than {number} in the path");
        return Err(Problem::new(ProblemKind::InvalidBody, detail));
    }
    let agent = extension(id, access, &directory)?;
    let edits = body.edits(number, &agent, is_new)?;
    change(app, access, origin, (edits, &ChangeParams::default())).await?;
    let action = match body.callqueue_agent_availability_type {
        Some(AvailabilityType::Automatic) => Some(AgentAction::Login),
        Some(AvailabilityType::Manual) => Some(AgentAction::Logout),
        Some(AvailabilityType::Disabled | AvailabilityType::OffnetAutomatic) | None => None,
    };
    if let Some(action) = action {
        let scope = ActionBody { queue: Some(number.to_owned()), reason: None };
        act(app, access, &agent, &scope, |_| action).await?;
    }
    if body.synchronous != Some(YesNo::Yes) {
        return Ok(accepted());
    }
    shown_entry(app, access, number, &agent).await
}

async fn shown_entry(app: &App, access: &Access, number: &str, agent: &str) -> Result<Response, Problem> {
    let directory = access.sees(app).directory().await?;
    let queue = queue(&directory, number)?;
    let member = directory.agent_of(agent).and_then(|agent| entry_of(&directory, queue, agent.id));
    let (agent, membership) = member
        .ok_or_else(|| Problem::new(ProblemKind::NotAMember, format!("{agent} is no member of {number}")))?;
    let view = access.sees(app).agent(agent.id).await?;
    Ok(Json(EntryItem::new(&directory, (queue, &agent, &membership), view.as_ref())).into_response())
}

/// Gives an agent's entry in a queue
///
/// With NetSapiens' names. `~` is the login's own agent.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents/{agent}", tag = "netsapiens",
    operation_id = "ns_agents_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
        ("agent" = String, Path, description = "`user@domain`, or `sip:device@domain`", example = "1001@acme.test"),
    ),
    responses((status = 200, description = "The entry", body = EntryItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "unknown_agent", "no_agent", "not_a_member"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    queue(&directory, &path.callqueue)?;
    let agent = extension(&path.agent, &access, &directory)?;
    shown_entry(&app, &access, &path.callqueue, &agent).await
}

/// Changes an agent's entry in a queue
///
/// With NetSapiens' names; what is left out stays. 200 with the entry if `synchronous` is yes, else 202.
#[utoipa::path(
    put, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents/{agent}", tag = "netsapiens",
    operation_id = "ns_agents_update",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
        ("agent" = String, Path, description = "`user@domain`, or `sip:device@domain`", example = "1001@acme.test"),
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
            "unknown_queue", "unknown_agent", "no_agent", "unknown_entry", "invalid_change", "stale_plan",
            "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn update(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<AgentPath>,
    Body(body): Body<EntryBody>,
) -> Result<Response, Problem> {
    save(&app, &access, origin, (&path.callqueue, &path.agent), (&body, false)).await
}

/// Takes an agent out of a queue
#[utoipa::path(
    delete, path = "/ns-api/v2/domains/{domain}/callqueues/{callqueue}/agents/{agent}", tag = "netsapiens",
    operation_id = "ns_agents_delete",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
        ("agent" = String, Path, description = "`user@domain`, or `sip:device@domain`", example = "1001@acme.test"),
    ),
    responses((status = 202, description = "It is done")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "unknown_queue", "unknown_agent", "no_agent", "unknown_entry", "invalid_change", "stale_plan"
        ]))
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    queue(&directory, &path.callqueue)?;
    let agent = extension(&path.agent, &access, &directory)?;
    let object = Object::Member { queue: path.callqueue, agent };
    let edit = Edit { object, change: Change::Remove, expected: None };
    change(&app, &access, origin, (vec![edit], &ChangeParams::default())).await?;
    Ok(accepted())
}
