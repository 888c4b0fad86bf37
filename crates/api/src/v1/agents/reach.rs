//! `GET` and `PATCH /v1/domains/{domain}/agents/{extension}/reach`.

use axum::Json;
use axum::extract::State;
use engine::{AgentView, ReachChange, Request};
use model::Pii;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::rejected;
use super::view::ForwardWord;
use crate::auth::Access;
use crate::json::Body;
use crate::path::{AgentPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// How an agent is reached.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReachItem {
    /// Whether she is not to be disturbed: no calls ring her.
    dnd: bool,
    /// When calls for her go to her personal phone.
    forward_when: ForwardWord,
    /// The number of her personal phone; null if she has none.
    #[schema(example = "+491701234567")]
    personal_phone: Option<String>,
    /// The last part of the address of her call link, `/call/{domain}/{call_link}`, by which guests call her from a
    /// browser; null if she has none. It is provisioned.
    #[schema(example = "ann")]
    call_link: Option<String>,
    /// Whether that link leads to nobody for now.
    call_link_private: bool,
}

/// What is to be set; what is left out stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachBody {
    /// Not to be disturbed: no queue offers her calls, and who dials her comes to her mailbox or the next plan.
    dnd: Option<bool>,
    /// When calls for her go to her personal phone.
    forward_when: Option<ForwardWord>,
    /// The number of her personal phone, as a trunk takes it; empty: she has none any more.
    #[schema(example = "+491701234567", pattern = r"^(\+?[0-9]{5,32})?$")]
    personal_phone: Option<String>,
    /// Whether her call link leads to nobody for now. Calls that have come by it go on.
    call_link_private: Option<bool>,
}

impl From<&AgentView> for ReachItem {
    fn from(view: &AgentView) -> Self {
        Self {
            dnd: view.dnd,
            forward_when: view.personal.forward_when.into(),
            personal_phone: view.personal.phone.as_ref().map(|phone| phone.reveal().clone()),
            call_link: view.call_link.as_ref().map(|link| link.name.clone()),
            call_link_private: view.call_link.as_ref().is_some_and(|link| link.private),
        }
    }
}

/// Shows how an agent is reached
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agents/{extension}/reach", tag = "agents", operation_id = "agents_reach",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "~"),
    ),
    responses((status = 200, description = "How she is reached", body = ReachItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("agent_state")), ("x-problems" = json!(["unknown_agent", "no_agent"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Json<ReachItem>, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = super::named(&directory, &access, &path.extension)?;
    access.may_steer(agent)?;
    shown(&app, &access, agent).await
}

/// Changes how an agent is reached
///
/// All of it, or, where one part cannot be, nothing.
///
/// It holds at once and over restarts, until it is changed again, here or by a feature code, or until a provisioning
/// file says something new of it.
#[utoipa::path(
    patch, path = "/v1/domains/{domain}/agents/{extension}/reach", tag = "agents",
    operation_id = "agents_change_reach",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "~"),
    ),
    request_body(content = ReachBody, example = json!({"forward_when": "offline", "personal_phone": "+491701234567"})),
    responses((status = 200, description = "How she is reached now", body = ReachItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("agent_state")),
        ("x-problems" = json!([
            "unknown_agent", "no_agent", "no_extension", "no_personal_phone", "unusable_personal_phone", "no_call_link",
            "invalid_body", "too_large", "too_slow"
        ]))
    )
)]
pub(crate) async fn patch(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    body: Result<Body<ReachBody>, Problem>,
) -> Result<Json<ReachItem>, Problem> {
    let Body(body) = body?;
    let directory = access.sees(&app).directory().await?;
    let agent = super::named(&directory, &access, &path.extension)?;
    access.may_steer(agent)?;
    let change = ReachChange {
        dnd: body.dnd,
        forward_when: body.forward_when.map(Into::into),
        personal_phone: body.personal_phone.map(|phone| (!phone.is_empty()).then_some(Pii(phone))),
        call_link_private: body.call_link_private,
    };
    let request = Request::Reach { agent, change };
    let reply = access.sees(&app).request(request).await?;
    reply.map_err(rejected)?;
    shown(&app, &access, agent).await
}

async fn shown(app: &App, access: &Access, agent: model::AgentId) -> Result<Json<ReachItem>, Problem> {
    let view = access.sees(app).agent(agent).await?;
    let view = view.ok_or_else(|| Problem::plain(ProblemKind::UnknownAgent))?;
    Ok(Json(ReachItem::from(&view)))
}
