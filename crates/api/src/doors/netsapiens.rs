//! The door for programs of NetSapiens' API, version 2: call queues, their agents, what these do, and the figures of both.
//!
//! Its field names and its answers (202 unless `synchronous` is yes, then 200 with the resource; lists that are bare
//! arrays); fields that it has and we do not are passed over.

pub(crate) mod callqueues;
mod entry;
pub(crate) mod list;
pub(crate) mod member;
mod queue;
pub(crate) mod statistics;
pub(crate) mod status;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::Directory;
use serde::Deserialize;
use serde_json::json;

use crate::auth::{Access, OWN};
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};

/// Every queue that she is in, in place of a number; for actions only.
const ALL: &str = "all";

/// `…/callqueues/{callqueue}`, and what is below it.
#[derive(Deserialize)]
pub(crate) struct QueuePath {
    callqueue: String,
}

/// `…/callqueues/{callqueue}/agents/{agent}`.
#[derive(Deserialize)]
pub(crate) struct AgentPath {
    callqueue: String,
    agent: String,
}

/// A yes or a no as this API has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

impl From<bool> for YesNo {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// The extension of `user@domain`, `sip:device@domain`, `user`, or of the login's own agent for `~`.
fn extension(id: &str, access: &Access, directory: &Directory) -> Result<String, Problem> {
    let unknown = || {
        let detail =
            format!("`{}` is no agent of this domain, as `1001@{}`", shown(id), access.identity().domain);
        Problem::new(ProblemKind::UnknownAgent, detail)
    };
    if id == OWN {
        let agent = access.identity().agent.ok_or_else(|| Problem::plain(ProblemKind::NoAgent))?;
        let own = directory.agents.get(&agent).and_then(|agent| agent.extension.clone());
        return own.map(|number| number.to_string()).ok_or_else(unknown);
    }
    let bare = id.strip_prefix("sip:").unwrap_or(id);
    let (user, domain) = bare.split_once('@').map_or((bare, None), |(user, domain)| (user, Some(domain)));
    if domain.is_some_and(|domain| !is_own(domain, access)) || directory.agent_of(user).is_none() {
        return Err(unknown());
    }
    Ok(user.to_owned())
}

fn is_own(domain: &str, access: &Access) -> bool {
    domain == OWN || domain.eq_ignore_ascii_case(&access.identity().domain)
}

/// It was done, and the answer has nothing else to say.
fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({ "code": 202, "message": "Accepted" }))).into_response()
}
