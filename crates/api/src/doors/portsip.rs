//! The door for programs of PortSIP's API, version 22: what the agents of call queues do, the queues with who waits
//! in them, and the WSI socket ([`wsi`]).
//!
//! Documented, and as documented here: `GET /api/call_queues/{id}/waiting` and its `pickup`, the words of states, lists
//! as `{"count", "items"}` with `skip` and `top`, errors as `{"errors": [{"code", "message"}]}`, and the messages of the
//! socket. The paths below `…/agents/{agent_number}` follow the documented resources (`…/agents`, `status`); `…/login`
//! and `…/logout` are those that older versions had. `POST /api/login` is ours in that style.
//!
//! Ids are opaque texts: a queue's is ours, an extension's is its number, a session's is its call's. Times are seconds
//! since 1970, durations seconds. An agent who is being rung is `READY`, for PortSIP has no state for it: that she is
//! rung is told of her extension.

pub(crate) mod agents;
pub(crate) mod call_queues;
pub(crate) mod login;
pub(crate) mod status;
pub(crate) mod waiting;
pub(crate) mod wsi;

use engine::AgentState;
use model::{Agent, CallerId, Directory, Queue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::Door;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};

/// This door.
pub(super) const DOOR: Door =
    Door { prefix: "/api/", shape: "PortSipFailure", status: ProblemKind::status, failure };

/// Most items of a list.
const TOP_MAX: usize = 100;

/// A failure as PortSIP tells it.
#[derive(Serialize, ToSchema)]
#[schema(as = PortSipFailure)]
pub(crate) struct Failure {
    /// What is the matter, one for each thing.
    errors: Vec<FailureItem>,
    /// The stable reference that the same problem has elsewhere.
    #[serde(rename = "type")]
    #[schema(example = "/problems/unknown_queue")]
    kind: String,
}

/// One thing that is the matter.
#[derive(Serialize, ToSchema)]
#[schema(as = PortSipFailureItem)]
pub(crate) struct FailureItem {
    /// The name of the problem.
    #[schema(example = "unknown_queue")]
    code: String,
    /// What, in a sentence.
    message: String,
}

fn failure(problem: &Problem, request_id: &str) -> Value {
    let item = |message: &str| json!({ "code": problem.kind.name(), "message": message });
    let errors: Vec<Value> = if problem.reasons.is_empty() {
        vec![item(&problem.detail)]
    } else {
        problem.reasons.iter().map(|reason| item(reason)).collect()
    };
    json!({ "errors": errors, "type": problem.kind.reference(), "request_id": request_id })
}

/// Which part of a list. Other parameters (`filter`, `search`, `orderby`) are passed over.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// How many items to pass over; 0 unless set.
    skip: Option<usize>,
    /// Most items, 1 to 100; 100 unless set.
    top: Option<usize>,
}

impl ListParams {
    /// One part of a list, and how many there are in all.
    fn part(&self, items: Vec<Value>) -> Value {
        let count = items.len();
        let top = self.top.unwrap_or(TOP_MAX).clamp(1, TOP_MAX);
        let part: Vec<_> = items.into_iter().skip(self.skip.unwrap_or_default()).take(top).collect();
        json!({ "count": count, "items": part })
    }
}

/// `…/call_queues/{queue_id}`.
#[derive(Deserialize)]
pub(crate) struct QueuePath {
    queue_id: String,
}

/// `…/call_queues/{queue_id}/agents/{agent_number}`.
#[derive(Deserialize)]
pub(crate) struct AgentPath {
    queue_id: String,
    agent_number: String,
}

/// The queue with this id.
fn queue<'a>(directory: &'a Directory, id: &str) -> Result<&'a Queue, Problem> {
    directory.queues.values().find(|queue| queue.id.to_string() == id).ok_or_else(|| {
        Problem::new(ProblemKind::UnknownQueue, format!("no queue has the id `{}`", shown(id)))
    })
}

/// The agent with this extension.
fn agent<'a>(directory: &'a Directory, number: &str) -> Result<&'a Agent, Problem> {
    directory.agent_of(number).ok_or_else(|| {
        Problem::new(ProblemKind::UnknownAgent, format!("no agent has the extension `{}`", shown(number)))
    })
}

/// The words of a state: over HTTP, and on the socket, where one who is logged out is `ONLINE`.
const fn state_word(state: &AgentState) -> &'static str {
    match state {
        AgentState::Offline => "OFFLINE",
        AgentState::LoggedOut => "LOGGED_OUT",
        AgentState::NotReady { .. } => "NOT_READY",
        AgentState::Ready | AgentState::Ringing { .. } => "READY",
        AgentState::QueueCall { .. } => "QUEUE_CALL",
        AgentState::OtherCall { .. } => "OTHER_CALL",
        AgentState::WrapUp { .. } => "WRAP_UP",
    }
}

/// A caller's number, or his name where it is withheld.
fn number_of(caller: &CallerId) -> &str {
    let number = caller.number.reveal();
    if number.is_empty() { caller.name.reveal() } else { number }
}
