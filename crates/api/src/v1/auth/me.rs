//! `GET /v1/auth/me`.

use axum::Json;
use axum::extract::State;

use super::LoginItem;
use crate::auth::Login;
use crate::problem::Problem;
use crate::state::App;

/// Says who is logged in
///
/// What the login answered, without the token.
#[utoipa::path(
    get, path = "/v1/auth/me", tag = "auth", operation_id = "me",
    responses((status = 200, description = "Whose token this is", body = LoginItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("own")))
)]
pub(crate) async fn me(State(app): State<App>, login: Login) -> Result<Json<LoginItem>, Problem> {
    Ok(Json(LoginItem::new(&app, &login.grant.identity, login.grant.expires_at).await?))
}
