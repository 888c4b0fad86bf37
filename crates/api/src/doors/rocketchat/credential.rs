//! `X-Auth-Token` and `X-User-Id`: Rocket.Chat's way to hand over a token. Good for every operation, as a bearer is.

use axum::http::request::Parts;

use super::user_id;
use crate::problem::{Problem, ProblemKind};
use crate::storage::Identity;

const TOKEN: &str = "x-auth-token";
const USER: &str = "x-user-id";

/// The token, if it comes that way.
pub(crate) fn token(parts: &Parts) -> Option<String> {
    let token = parts.headers.get(TOKEN)?.to_str().ok()?.trim();
    (!token.is_empty()).then(|| token.to_owned())
}

/// Who comes that way must say, too, whose token it is.
pub(crate) fn check(parts: &Parts, identity: &Identity) -> Result<(), Problem> {
    let said = parts.headers.get(USER).and_then(|value| value.to_str().ok());
    if said.map(str::trim) == Some(&user_id(identity)) {
        return Ok(());
    }
    let detail = "`X-User-Id` is not that of the user whose token `X-Auth-Token` is";
    Err(Problem::new(ProblemKind::Unauthorized, detail))
}
