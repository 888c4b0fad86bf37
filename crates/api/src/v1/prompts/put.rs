//! `PUT /v1/domains/{domain}/prompts/{name}`.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use store::prompt::{PROMPT_TEXT_MAX, is_voice};
use utoipa::ToSchema;

use super::view::PromptItem;
use super::{LanguageParams, PromptPath, key};
use crate::auth::Access;
use crate::author::Origin;
use crate::path::{InPath, Params};
use crate::problem::{Problem, ProblemKind};
use crate::prompts::NewSound;
use crate::state::App;

/// A prompt made from text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpokenPrompt {
    /// What is said.
    #[schema(min_length = 1, max_length = 2000, example = "Guten Tag. Alle Plätze sind besetzt.")]
    text: String,
    /// A voice of espeak-ng; the language's own unless set.
    #[schema(example = "de+f3", pattern = "^[A-Za-z0-9+_][A-Za-z0-9+_-]{0,31}$")]
    voice: Option<String>,
}

/// Makes or exchanges a prompt
///
/// The body is a WAV, FLAC, Ogg Vorbis or MP3 file of at most 20 MiB and 20 minutes; its content type is not looked
/// at. Or, as `application/json`, a text that the server speaks, if espeak-ng is installed there. Either is brought to
/// the loudness of all prompts. It is heard from now on; who hears the old one at this moment hears it to its end.
#[utoipa::path(
    put, path = "/v1/domains/{domain}/prompts/{name}", tag = "prompts", operation_id = "prompts_put",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("name" = String, Path, description = "The prompt's name", example = "welcome"),
        LanguageParams,
    ),
    request_body(
        description = "A sound, or a text to be spoken",
        content((Vec<u8> = "audio/*"), (SpokenPrompt = "application/json"))
    ),
    responses((status = 200, description = "The prompt as it is now", body = PromptItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "unusable_sound", "no_speech", "prompts_full", "invalid_parameter", "invalid_body", "too_large", "too_slow"
        ]))
    )
)]
pub(crate) async fn put(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<PromptPath>,
    Params(params): Params<LanguageParams>,
    request: Request,
) -> Result<Json<PromptItem>, Problem> {
    let key = key(&access, &path, params.language.as_deref())?;
    // A sound is large: only so many are on their way at once, from their first byte on.
    let _turn = app.uploads.try_acquire().map_err(|_| {
        Problem::new(ProblemKind::Busy, "other sounds are on their way at this moment").retry_after(2)
    })?;
    let sound = sound(&app, request).await?;
    Ok(Json(PromptItem::new(app.prompts.put(key, sound, origin.of(&access)).await?)))
}

/// A sound as it arrives, or a text to be spoken.
pub(crate) async fn sound(app: &App, request: Request) -> Result<NewSound, Problem> {
    let is_text = is_json(request.headers());
    let most = if is_text { app.limits.body_bytes_max } else { app.limits.sound_bytes_max };
    let arriving = tokio::time::timeout(app.limits.sound_timeout, to_bytes(request.into_body(), most));
    let arrived = arriving.await.map_err(|_| Problem::plain(ProblemKind::TooSlow))?;
    let bytes = arrived.map_err(|_| {
        let detail = format!("the body did not arrive whole, or has over {most} bytes");
        Problem::new(ProblemKind::TooLarge, detail)
    })?;
    if !is_text {
        return Ok(NewSound::File(bytes.into()));
    }
    let wrong = |text: String| Problem::new(ProblemKind::InvalidBody, text);
    let spoken: SpokenPrompt = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    let text = spoken.text.trim().to_owned();
    let length = text.chars().count();
    if !(1..=PROMPT_TEXT_MAX).contains(&length) {
        return Err(wrong(format!("`text` has {length} characters; 1 to {PROMPT_TEXT_MAX} are allowed")));
    }
    if spoken.voice.as_deref().is_some_and(|voice| !is_voice(voice)) {
        return Err(wrong("`voice` is the name of an espeak-ng voice, like en-us or de+f3".into()));
    }
    Ok(NewSound::Text { text, voice: spoken.voice })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
