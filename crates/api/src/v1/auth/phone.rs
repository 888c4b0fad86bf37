//! `GET /v1/auth/phone`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::{Login, own_phone};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// What a page needs to be the phone of who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PhoneItem {
    /// Her extension.
    #[schema(example = "1001")]
    extension: String,
    /// The address to register, and to call from.
    #[schema(example = "sip:1001@acme.test")]
    sip_uri: String,
    /// Where on this server SIP is spoken over WebSocket.
    #[schema(example = "/sip")]
    websocket: &'static str,
    /// What those who are called see.
    #[schema(example = "Ann Ash")]
    display_name: String,
}

/// Says how a page is the phone of who is logged in
///
/// The page opens `websocket` with the subprotocol `sip` (RFC 7118) and this login's token: as another subprotocol,
/// `bearer.<token>`, or as `access_token` in the query. There it registers `sip_uri` without a secret. The socket is
/// closed when the login ends.
#[utoipa::path(
    get, path = "/v1/auth/phone", tag = "auth", operation_id = "phone",
    responses((status = 200, description = "What the page needs", body = PhoneItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("own")),
        ("x-problems" = json!(["no_agent", "no_extension", "no_browser_phones"]))
    )
)]
pub(crate) async fn phone(State(app): State<App>, login: Login) -> Result<Json<PhoneItem>, Problem> {
    let identity = &login.grant.identity;
    let extension = own_phone(&app, identity).await?;
    let websocket = app.phone_socket.ok_or_else(|| Problem::plain(ProblemKind::NoBrowserPhones))?;
    let sip_uri = format!("sip:{extension}@{}", identity.domain);
    Ok(Json(PhoneItem { extension, sip_uri, websocket, display_name: identity.name.clone() }))
}
