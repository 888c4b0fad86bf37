//! Parameters of paths and queries, with problems of our own where they cannot be read.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use model::{CallId, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;

/// The parameters of a query.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Query(params) = Query::<T>::from_request_parts(parts, app)
            .await
            .map_err(|error| Problem::new(ProblemKind::InvalidParameter, error.body_text()))?;
        Ok(Self(params))
    }
}

/// The parameters of a path. The domain among them is the business of [`crate::auth::Access`].
pub(crate) struct InPath<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for InPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(params) = Path::<T>::from_request_parts(parts, app)
            .await
            .map_err(|error| Problem::new(ProblemKind::BadRequest, error.body_text()))?;
        Ok(Self(params))
    }
}

/// `…/agents/{extension}`.
#[derive(Deserialize)]
pub(crate) struct AgentPath {
    pub(crate) extension: String,
}

/// `…/numbers/{number}`.
#[derive(Deserialize)]
pub(crate) struct NumberPath {
    pub(crate) number: String,
}

/// `…/flows/{number}`.
#[derive(Deserialize)]
pub(crate) struct FlowPath {
    pub(crate) number: String,
}

/// `…/queues/{number}`.
#[derive(Deserialize)]
pub(crate) struct QueuePath {
    pub(crate) number: String,
}

/// `…/calls/{call}`.
#[derive(Deserialize)]
pub(crate) struct CallPath {
    call: String,
}

impl CallPath {
    /// The call's id.
    pub(crate) fn id(&self) -> Result<CallId, Problem> {
        self.call.parse().map(CallId).map_err(|_| unknown_call(&self.call))
    }
}

/// `…/queues/{number}/waiting/{call}`.
#[derive(Deserialize)]
pub(crate) struct WaitingPath {
    pub(crate) number: String,
    call: String,
}

impl WaitingPath {
    /// The call's id.
    pub(crate) fn id(&self) -> Result<CallId, Problem> {
        self.call.parse().map(CallId).map_err(|_| unknown_call(&self.call))
    }
}

/// A moment among the parameters, RFC 3339; now if it is not there. Beyond what time zones are known for, what
/// hours would say is not known either.
pub(crate) fn moment(name: &str, text: Option<&str>, app: &App) -> Result<Timestamp, Problem> {
    let Some(text) = text else { return Ok(app.clock.now()) };
    let parsed = text.parse::<jiff::Timestamp>().map_err(|_| {
        let detail = format!("`{name}` is `{}`; a moment is written like 2026-12-24T23:00:00Z", shown(text));
        Problem::new(ProblemKind::InvalidParameter, detail)
    })?;
    let at = Timestamp(parsed.as_microsecond());
    let (from, to) = store::zone::SPAN;
    if at < from || at >= to {
        let span = format!("{} to {}", Time(from), Time(to));
        let detail = format!("`{name}` is {}; time zones are known from {span}", Time(at));
        return Err(Problem::new(ProblemKind::MomentOutOfSpan, detail));
    }
    Ok(at)
}

/// No such call.
pub(crate) fn unknown_call(call: &str) -> Problem {
    Problem::new(ProblemKind::UnknownCall, format!("there is no call `{}`", shown(call)))
}

/// A text from outside, short enough to be said back.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}
