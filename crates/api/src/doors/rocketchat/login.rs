//! `POST /api/v1/login`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::user_id;
use crate::json::Body;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::auth::login::{LoginBody, Peer, by_password};

/// User and password. What else Rocket.Chat takes here (resume tokens) is passed over.
#[derive(Deserialize, ToSchema)]
#[schema(as = RocketChatLogin)]
pub(crate) struct RocketChatLogin {
    /// The e-mail address of the web login; here it must be whole, for a domain is not known yet.
    #[schema(example = "ann@acme.test", max_length = 1024)]
    #[serde(alias = "username", alias = "email")]
    user: Option<String>,
    /// Her password.
    #[schema(example = "desk-password", max_length = 1024, format = Password)]
    password: Option<String>,
    /// The code of her app, or a recovery code, if she has a second factor.
    #[schema(example = "492039", max_length = 64)]
    code: Option<String>,
}

/// Logs in, as Rocket.Chat does
///
/// `{"status":"success","data":{"userId","authToken","me"}}`; send both as `X-User-Id` and `X-Auth-Token`. Failed attempts
/// are counted together with those of `POST /v1/auth/login`.
#[utoipa::path(
    post, path = "/api/v1/login", tag = "rocketchat", operation_id = "rc_login",
    request_body = RocketChatLogin,
    responses((status = 200, description = "Logged in", body = serde_json::Value)),
    security(()),
    extensions(("x-problems" = json!(["invalid_body", "bad_credentials", "too_many_attempts", "too_large"])))
)]
pub(crate) async fn login(
    State(app): State<App>,
    peer: Peer,
    Body(body): Body<RocketChatLogin>,
) -> Result<Response, Problem> {
    let (Some(email), Some(password)) = (body.user, body.password) else {
        return Err(Problem::plain(ProblemKind::BadCredentials));
    };
    let body = LoginBody { email, password, code: body.code };
    let (identity, made) = by_password(&app, peer, "Rocket.Chat", &body).await?;
    let id = user_id(&identity);
    let me = json!({ "_id": id, "username": body.email, "name": identity.name });
    let data = json!({ "userId": id, "authToken": made.token, "me": me });
    Ok(Json(json!({ "status": "success", "data": data })).into_response())
}
