//! Agents: who they are, what they do, and changing that.

pub(crate) mod act;
pub(crate) mod call;
pub(crate) mod get;
pub(crate) mod intervals;
pub(crate) mod invitation;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod more_time;
pub(crate) mod not_ready;
pub(crate) mod reach;
pub(crate) mod ready;
pub(crate) mod single_call;
pub mod view;
pub(crate) mod why_no_call;
pub(crate) mod wrap_up;

use model::AgentId;

use crate::auth::{Access, OWN};
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};

/// The agent that a path means: by extension, or `~` for the login's own.
pub(crate) fn named(
    directory: &model::Directory,
    access: &Access,
    extension: &str,
) -> Result<AgentId, Problem> {
    if extension == OWN {
        return access.identity().agent.ok_or_else(|| Problem::plain(ProblemKind::NoAgent));
    }
    directory.agent_of(extension).map(|agent| agent.id).ok_or_else(|| {
        let detail = format!("no agent has the extension `{}`", shown(extension));
        Problem::new(ProblemKind::UnknownAgent, detail)
    })
}
