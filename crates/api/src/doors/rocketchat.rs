//! The door for programs of Rocket.Chat's voice channel: which agent has which extension, and what the queues do.
//!
//! Its paths, names and words, as its server had them while it had the feature. A user is one of our agents: her
//! `userId` is her id (`owner` for the server's owner, who is none), her `username` her e-mail address; whoever names
//! her may say the part before the `@` alone where nobody else of the domain has it. Every agent counts as having the
//! role `livechat-agent`. To be an agent of the domain is enough to be found; whether she is active is not asked.
//!
//! An extension is a phone of the domain; queues are known by their numbers. In Asterisk an extension is part of
//! queues, here its agent is: when she is given another extension her queues go with her, and when hers is taken away
//! she leaves them.
//!
//! Failures are `{"success": false, "error": …}` with the status that Rocket.Chat has for them, and our `type` beside.

pub(crate) mod agent_extension;
pub(crate) mod agents;
pub(crate) mod associate;
pub(crate) mod connection;
pub(crate) mod connector;
pub(crate) mod credential;
pub(crate) mod extensions;
pub(crate) mod login;
pub(crate) mod queues;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use engine::{AgentState, AgentView};
use model::{Agent, Directory, Extension};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::Door;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::storage::Identity;

/// This door.
pub(super) const DOOR: Door =
    Door { prefix: "/api/v1/", shape: "RocketChatFailure", status: status_of, failure };

/// The id of whoever is nobody's agent.
const OWNER: &str = "owner";

/// The word of a refusal that names no permission.
const UNAUTHORIZED: &str = "unauthorized";

/// Rows of a page unless `count` says, and at most.
const COUNT_DEFAULT: u32 = 10;
const COUNT_MAX: u32 = 100;

/// A failure as Rocket.Chat tells it. One without a login, or with a wrong one, has `status: error` in place of
/// `success`.
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatFailure)]
pub(crate) struct Failure {
    /// Always false.
    #[schema(required = false)]
    success: bool,
    /// What is the matter.
    #[schema(required = false, example = "extension already in use 1002")]
    error: String,
    /// The stable reference that the same problem has elsewhere.
    #[serde(rename = "type")]
    #[schema(example = "/problems/entry_exists")]
    kind: String,
}

/// Rocket.Chat has 400 for whatever it has no other status for.
const fn status_of(kind: ProblemKind) -> u16 {
    match kind.status() {
        kept @ (401 | 403 | 404 | 405 | 408 | 413 | 429 | 500..) => kept,
        _ => 400,
    }
}

fn failure(problem: &Problem, request_id: &str) -> Value {
    let mut body = if problem.kind == ProblemKind::Unauthorized {
        json!({ "status": "error", "message": "You must be logged in to do this." })
    } else if problem.kind == ProblemKind::BadCredentials {
        json!({ "status": "error", "error": "Unauthorized", "message": "Unauthorized" })
    } else if problem.kind == ProblemKind::Forbidden && problem.detail != UNAUTHORIZED {
        let words = "User does not have the permissions required for this action [error-unauthorized]";
        json!({ "success": false, "error": words })
    } else {
        // In the words of whoever refused.
        json!({ "success": false, "error": problem.detail })
    };
    body["type"] = problem.kind.reference().into();
    body["request_id"] = request_id.into();
    body
}

/// It was done; beside that, whatever `fields` say.
fn success(fields: Value) -> Response {
    let mut body = Map::from_iter([("success".to_owned(), Value::Bool(true))]);
    if let Value::Object(fields) = fields {
        body.extend(fields);
    }
    Json(Value::Object(body)).into_response()
}

/// What Rocket.Chat says when something is not found.
fn not_found(kind: ProblemKind, words: &str) -> Problem {
    Problem::new(kind, words)
}

fn missing(name: &str) -> Problem {
    Problem::new(ProblemKind::InvalidParameter, format!("The '{name}' param is required"))
}

/// The id of a login's user.
fn user_id(identity: &Identity) -> String {
    identity.agent.map_or_else(|| OWNER.to_owned(), |agent| agent.to_string())
}

/// The agent of this name: her e-mail address, or the part before its `@` if that is hers alone.
fn by_username<'a>(directory: &'a Directory, name: &str) -> Option<&'a Agent> {
    let mut agents = directory.agents.values().filter(|agent| !agent.email.is_empty());
    if name.contains('@') {
        return agents.find(|agent| agent.email.eq_ignore_ascii_case(name));
    }
    let local = |agent: &&Agent| {
        agent.email.split_once('@').is_some_and(|(local, _)| local.eq_ignore_ascii_case(name))
    };
    let mut named = agents.filter(local);
    match (named.next(), named.next()) {
        (Some(agent), None) => Some(agent),
        (None | Some(_), _) => None,
    }
}

/// The agent with this id.
fn by_id<'a>(directory: &'a Directory, id: &str) -> Option<&'a Agent> {
    directory.agents.values().find(|agent| agent.id.to_string() == id)
}

/// What a phone does, as far as it is known: of one that is nobody's it is not.
fn state_of(view: Option<&AgentView>) -> &'static str {
    let Some(view) = view else { return "unknown" };
    match view.state {
        AgentState::QueueCall { .. } | AgentState::OtherCall { .. } => "busy",
        AgentState::Ringing { .. } => "ringing",
        AgentState::Offline
        | AgentState::LoggedOut
        | AgentState::NotReady { .. }
        | AgentState::Ready
        | AgentState::WrapUp { .. } => {
            if view.registered {
                "registered"
            } else {
                "unregistered"
            }
        }
    }
}

/// The phone with this number.
fn extension<'a>(directory: &'a Directory, number: &str) -> Result<&'a Extension, Problem> {
    let found = directory.extensions.values().find(|extension| extension.number.as_str() == number);
    found.ok_or_else(|| {
        not_found(ProblemKind::UnknownEntry, &format!("Extension not found {}", shown(number)))
    })
}

/// What a query says: pairs, since names may come more than once.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The first value under this name that is not empty.
    fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// A value that must be there.
    fn wanted<'a>(&'a self, name: &'a str) -> Result<&'a str, Problem> {
        self.get(name).ok_or_else(|| missing(name))
    }

    /// Every value under this name, or under it with brackets, as lists are written.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is = move |key: &str| key.split('[').next() == Some(name);
        self.0
            .iter()
            .filter(move |(key, value)| is(key) && !value.trim().is_empty())
            .map(|(_, value)| &**value)
    }

    /// `count` and `offset`.
    fn page(&self) -> Result<(usize, usize), Problem> {
        let number = |name: &str, otherwise| match self.get(name) {
            None => Ok(otherwise),
            // As far as the document says: an `int32`.
            Some(text) => {
                text.parse::<u32>().ok().filter(|number| i32::try_from(*number).is_ok()).ok_or_else(|| {
                    let detail = format!("The '{name}' param is not a number: {}", shown(text));
                    Problem::new(ProblemKind::InvalidParameter, detail)
                })
            }
        };
        let count = match number("count", COUNT_DEFAULT)? {
            0 => COUNT_MAX,
            count => count.min(COUNT_MAX),
        };
        let whole = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Ok((whole(count), whole(number("offset", 0)?)))
    }
}

/// One page of rows under their name, with what a client needs to ask for the next one.
fn page(name: &str, rows: Vec<Value>, pairs: &Pairs) -> Result<Response, Problem> {
    let (count, offset) = pairs.page()?;
    let total = rows.len();
    let rows: Vec<_> = rows.into_iter().skip(offset).take(count).collect();
    Ok(success(json!({ name: rows, "offset": offset, "count": count, "total": total })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_may_say_a_name_more_than_once() {
        let pairs = Pairs(
            [("queues[]", "8000"), ("queues[1]", "8001"), ("count", "0"), ("offset", "3"), ("text", " ")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        );
        assert_eq!(pairs.all("queues").collect::<Vec<_>>(), ["8000", "8001"]);
        assert_eq!((pairs.get("text"), pairs.page().unwrap()), (None, (100, 3)));
        assert_eq!(pairs.wanted("type").unwrap_err().detail, "The 'type' param is required");
    }
}
