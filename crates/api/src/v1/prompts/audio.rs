//! `GET /v1/domains/{domain}/prompts/{name}` and `…/audio`.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::view::PromptItem;
use super::{LanguageParams, PromptPath, key};
use crate::auth::Access;
use crate::path::{InPath, Params};
use crate::problem::Problem;
use crate::state::App;

/// Shows a prompt
#[utoipa::path(
    get, path = "/v1/domains/{domain}/prompts/{name}", tag = "prompts", operation_id = "prompts_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("name" = String, Path, description = "The prompt's name", example = "welcome"),
        LanguageParams,
    ),
    responses((status = 200, description = "The prompt", body = PromptItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_prompt", "invalid_parameter"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<PromptPath>,
    Params(params): Params<LanguageParams>,
) -> Result<Json<PromptItem>, Problem> {
    let (prompt, _) = app.prompts.fetch(key(&access, &path, params.language.as_deref())?).await?;
    Ok(Json(PromptItem::new(prompt)))
}

/// Gives a prompt's sound
///
/// As it is played: 16-bit PCM, 8 kHz, mono.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/prompts/{name}/audio", tag = "prompts", operation_id = "prompts_audio",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("name" = String, Path, description = "The prompt's name", example = "welcome"),
        LanguageParams,
    ),
    responses((status = 200, description = "A WAV file", body = Vec<u8>, content_type = "audio/wav")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_prompt", "invalid_parameter"])))
)]
pub(crate) async fn audio(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<PromptPath>,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let (_, wav) = app.prompts.fetch(key(&access, &path, params.language.as_deref())?).await?;
    Ok(([(CONTENT_TYPE, "audio/wav")], wav).into_response())
}
