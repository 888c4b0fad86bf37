//! `POST /v1/domains/{domain}/agents/{extension}/calls`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use engine::{Reply, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::rejected;
use crate::auth::Access;
use crate::json::Body;
use crate::path::{AgentPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Whom to call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeCallBody {
    /// A number of the domain, of whatever kind, or one outside.
    #[serde(default)]
    #[schema(example = "+493012345678", min_length = 1, max_length = 32, required = true)]
    to: String,
}

/// The call that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeCallItem {
    /// Its id.
    #[schema(example = "17")]
    id: String,
}

/// Makes a call for an agent
///
/// Her phone rings first and shows whom she is going to speak with; when she has answered, `to` is dialed as if she
/// had dialed it herself, and she hears it ring. What comes of it is told by the events and by the call's own record:
/// if she does not answer, or `to` cannot be reached, its cause says so. Not while she is on a call or being rung.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/agents/{extension}/calls", tag = "agents", operation_id = "agents_call",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "1001"),
    ),
    request_body(content = MakeCallBody, example = json!({"to": "+493012345678"})),
    responses((
        status = 201, description = "Her phone rings", body = MadeCallItem,
        headers(("Location" = String, description = "Where the call is"))
    )),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_agent", "no_agent", "cannot_take", "unknown_destination", "busy", "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn call(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    Body(MakeCallBody { to }): Body<MakeCallBody>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = super::named(&directory, &access, &path.extension)?;
    access.may_give_calls(agent)?;
    if to.is_empty() {
        return Err(Problem::new(ProblemKind::InvalidBody, "`to` says whom to call"));
    }
    let request = Request::MakeCall { agent, to };
    let reply = access.sees(&app).request(request).await?;
    let Reply::Call(call) = reply.map_err(rejected)? else {
        return Err(Problem::plain(ProblemKind::Internal));
    };
    let place = format!("/v1/domains/{}/calls/{call}", access.identity().domain);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(MadeCallItem { id: call.to_string() }))
        .into_response())
}
