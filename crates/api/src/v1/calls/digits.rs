//! `POST /v1/domains/{domain}/calls/{call}/digits`.

use axum::extract::State;
use axum::http::StatusCode;
use engine::{Keys, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::control::ask;
use crate::auth::Access;
use crate::json::Body;
use crate::path::{CallPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// What to press.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DigitsBody {
    /// One to 32 keys, one after the other: digits, `*`, `#`, and the letters A to D.
    #[serde(default)]
    #[schema(example = "40#", pattern = "^[0-9A-Da-d*#]{1,32}$", required = true)]
    digits: String,
}

/// Presses keys
///
/// The other party hears them as if the agent's own phone had sent them: as telephone events (RFC 4733) where his side
/// knows them, else as tones; 100 ms each, with pauses. For the menus of those who were called. Nobody hears anything
/// else until they are through. What was pressed is kept nowhere, not even in the journal.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/calls/{call}/digits", tag = "calls", operation_id = "calls_digits",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body = DigitsBody,
    responses((status = 204, description = "They are on their way")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!([
            "unknown_call", "call_over", "not_talking", "invalid_body", "too_large", "too_slow"
        ]))
    )
)]
pub(crate) async fn digits(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
    Body(DigitsBody { digits }): Body<DigitsBody>,
) -> Result<StatusCode, Problem> {
    let call = path.id()?;
    let keys = Keys::parse(&digits).ok_or_else(|| {
        let detail = format!("`digits` wants 1 to {} of the keys 0 to 9, *, # and A to D", Keys::MAX);
        Problem::new(ProblemKind::InvalidBody, detail)
    })?;
    ask(&app, &access, call, |only_own| Request::Press { call, keys, only_own }).await?;
    Ok(StatusCode::NO_CONTENT)
}
