//! `POST /v1/auth/logout`.

use axum::extract::State;
use axum::http::StatusCode;

use crate::auth::Login;
use crate::problem::Problem;
use crate::state::App;

/// Logs out
///
/// Makes the token worthless; a phone in the browser is closed at once, its event sockets at
/// their next ping. The agent's state in her queues
/// is another matter and stays as it is.
#[utoipa::path(
    post, path = "/v1/auth/logout", tag = "auth", operation_id = "logout",
    responses((status = 204, description = "Logged out")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("own")), ("x-problems" = json!(["no_person"])))
)]
pub(crate) async fn logout(State(app): State<App>, login: Login) -> Result<StatusCode, Problem> {
    login.person()?;
    app.storage.token_end(&login.token).await?;
    app.tell_ended(login.grant.session);
    Ok(StatusCode::NO_CONTENT)
}
