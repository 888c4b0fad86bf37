//! Which right an operation takes, as its document says by `x-right`.

use std::collections::HashMap;

use axum::extract::MatchedPath;
use axum::http::Method;
use axum::http::request::Parts;
use model::Right;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::problem::{Problem, ProblemKind};
use crate::storage::Identity;

/// The rights of all operations.
pub(crate) struct OperationRights(HashMap<(String, Method), Right>);

impl OperationRights {
    /// Reads them from the document. Operations without a login name none.
    pub(crate) fn of(document: &OpenApi) -> Self {
        let mut rights = HashMap::new();
        for (path, item) in &document.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::DELETE, &item.delete),
                (Method::PATCH, &item.patch),
            ];
            for (method, operation) in operations {
                let extensions = operation.as_ref().and_then(|operation| operation.extensions.as_ref());
                let word = extensions.and_then(|all| all.get("x-right")).and_then(Value::as_str);
                if let Some(right) = word.and_then(Right::from_word) {
                    rights.insert((path.clone(), method), right);
                }
            }
        }
        Self(rights)
    }

    /// Refuses who may not ask for this at all. Where the right is about people or calls, an agent's own are
    /// enough to get as far as the handler, which tells whose they are.
    pub(crate) fn check(&self, parts: &Parts, identity: &Identity) -> Result<(), Problem> {
        let Some(right) = self.of_request(parts) else {
            // A path without a right in its document: nobody passes, and the log says where to mend it.
            tracing::error!(method = %parts.method, "an operation names no right");
            return Err(Problem::plain(ProblemKind::Internal));
        };
        let own_is_enough = match right {
            Right::AgentState | Right::CallControl | Right::Mailbox => identity.may(Right::Own),
            Right::Read
            | Right::Own
            | Right::Recordings
            | Right::NightMode
            | Right::Configuration
            | Right::Provisioning
            | Right::Audit
            | Right::Access => false,
        };
        if own_is_enough || identity.may(right) {
            return Ok(());
        }
        if identity.factor_due {
            return Err(Problem::plain(ProblemKind::SecondFactorDue));
        }
        let detail = format!("this takes the right `{}`, and the login does not have it", right.word());
        Err(Problem::new(ProblemKind::Forbidden, detail))
    }

    /// The right that a request takes; none: it is open to everybody, or is none of ours.
    pub(crate) fn of_request(&self, parts: &Parts) -> Option<Right> {
        let path = parts.extensions.get::<MatchedPath>()?.as_str();
        // What is answered to HEAD is what GET answers, without its body.
        let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
        self.0.get(&(path.to_owned(), method)).copied()
    }
}
