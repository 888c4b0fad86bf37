//! `POST /api/v1/omnichannel/agent/extension`, and what it takes to give an extension to an agent or take it away.

use axum::extract::State;
use axum::response::Response;
use model::{Agent, Directory};
use serde::Deserialize;
use serde_json::{Value, json};
use store::provisioning::{Change, Edit, Object};
use utoipa::ToSchema;

use super::{by_id, by_username, not_found, success};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::provisioning::change::{ChangeParams, change};

/// Whom to give which extension.
#[derive(Deserialize, ToSchema)]
#[schema(as = RocketChatAssociation)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssociationBody {
    /// Her e-mail address, or the part before its `@`.
    #[schema(example = "ann@acme.test")]
    username: Option<String>,
    /// Or her id.
    #[schema(example = "1")]
    user_id: Option<String>,
    /// A free extension's number.
    #[schema(example = "1090")]
    extension: Option<String>,
}

/// Gives an extension to an agent
///
/// With Rocket.Chat's words. One that is another agent's is refused; the one that she had before is free then, and her
/// queues go with her. Giving her what she has changes nothing.
#[utoipa::path(
    post, path = "/api/v1/omnichannel/agent/extension", tag = "rocketchat", operation_id = "rc_associate",
    request_body = AssociationBody,
    responses((status = 200, description = "It is hers", body = serde_json::Value)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "unknown_agent", "unknown_entry", "entry_exists", "invalid_change", "stale_plan", "invalid_body",
            "invalid_parameter", "too_large", "busy", "stopping"
        ]))
    )
)]
pub(crate) async fn associate(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    Body(body): Body<AssociationBody>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let number = body.extension.as_deref().ok_or_else(|| super::missing("extension"))?;
    let agent = match (&body.user_id, &body.username) {
        (Some(id), _) => by_id(&directory, id),
        (None, Some(name)) => by_username(&directory, name),
        (None, None) => return Err(super::missing("username")),
    };
    let agent = agent.ok_or_else(|| {
        not_found(ProblemKind::UnknownAgent, "User not found or does not have livechat-agent role")
    })?;
    let edits = edits(&directory, agent, Some(number))?;
    let saved = save(&app, &access, origin, edits).await;
    // It was free a moment ago.
    saved
        .map_err(|problem| if problem.kind == ProblemKind::UnknownEntry { taken(number) } else { problem })?;
    Ok(success(json!({})))
}

/// Makes the edits, if there are any.
pub(super) async fn save(
    app: &App,
    access: &Access,
    origin: Origin,
    edits: Vec<Edit>,
) -> Result<(), Problem> {
    if !edits.is_empty() {
        change(app, access, origin, (edits, &ChangeParams::default())).await?;
    }
    Ok(())
}

fn taken(number: &str) -> Problem {
    Problem::new(ProblemKind::EntryExists, format!("extension already in use {}", shown(number)))
}

/// What must change so that an agent has this extension, or none.
///
/// A file knows an agent's phone by her own entry and a free one by its own, and the members of a queue by their
/// extensions; so all of them change together.
pub(super) fn edits(directory: &Directory, agent: &Agent, to: Option<&str>) -> Result<Vec<Edit>, Problem> {
    let old = agent.extension.as_ref().map(model::ExtensionNumber::as_str);
    if old == to {
        return Ok(Vec::new());
    }
    let edit = |object, change| Edit { object, change, expected: None };
    let mut edits = Vec::new();
    if let Some(number) = to {
        if super::extension(directory, number)?.agent.is_some() {
            return Err(taken(number));
        }
        edits.push(edit(Object::Extension(number.to_owned()), Change::Remove));
    }
    let key = old.filter(|_| agent.email.is_empty()).unwrap_or(&agent.email);
    let new = to.map_or(Value::Null, Value::from);
    edits.push(edit(Object::Agent(key.to_owned()), Change::Patch(json!({ "extension": new }))));
    if let Some(old) = old {
        for membership in directory.memberships_of(agent.id) {
            let Some(queue) = directory.queues.get(&membership.queue) else { continue };
            let member = Object::Member { queue: queue.number.to_string(), agent: old.to_owned() };
            let change = to.map_or(Change::Remove, |new| Change::Patch(json!({ "agent": new })));
            edits.push(edit(member, change));
        }
        edits.push(edit(Object::Extension(old.to_owned()), Change::Create(json!({}))));
    }
    Ok(edits)
}
