//! Bodies: JSON of a bounded size, in which every field must be known.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// A JSON body, always an object. No body at all reads as `{}`, and so does `null`, so that operations with optional
/// fields need none; where to say nothing would change much it must be there (`MUST_BE`).
///
/// The content type is not looked at: credentials travel in a header of their own, so no form of another site
/// can do harm, and whoever types a request by hand is not sent away for a missing header.
pub(crate) struct Body<T, const MUST_BE: bool = false>(pub(crate) T);

impl<T: DeserializeOwned, const MUST_BE: bool> FromRequest<App> for Body<T, MUST_BE> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = app.limits.body_bytes_max;
        let arriving = tokio::time::timeout(app.limits.body_timeout, Bytes::from_request(request, app));
        let arrived = arriving.await.map_err(|_| Problem::plain(ProblemKind::TooSlow))?;
        let bytes = arrived.map_err(|_| {
            Problem::new(
                ProblemKind::TooLarge,
                format!("the body did not arrive whole, or has over {limit} bytes"),
            )
        })?;
        let said = bytes.trim_ascii();
        let wrong = |detail: String| Problem::new(ProblemKind::InvalidBody, detail);
        let is_nothing = said.is_empty() || said == b"null";
        // A list in the order of the fields would be read as well; nobody means that.
        if !is_nothing && !said.starts_with(b"{") || is_nothing && MUST_BE {
            return Err(wrong("the body is to be a JSON object, `{…}`".into()));
        }
        let text: &[u8] = if is_nothing { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|error| wrong(error.to_string()))
    }
}
