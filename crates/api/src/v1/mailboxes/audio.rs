//! `GET /v1/domains/{domain}/mailboxes/{number}/messages/{message}/audio`.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};

use super::MessagePath;
use crate::auth::Access;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// The sound of a message
///
/// 16-bit WAV at 8 kHz, one channel. It does not mark the message as heard.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/mailboxes/{number}/messages/{message}/audio", tag = "mailboxes",
    operation_id = "mailboxes_audio",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The mailbox's number", example = "1001"),
        ("message" = String, Path, description = "The message's id", example = "42"),
    ),
    responses((status = 200, description = "The sound", body = Vec<u8>, content_type = "audio/wav")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("mailbox")),
        ("x-problems" = json!(["unknown_mailbox", "unknown_message", "forbidden"]))
    )
)]
pub(crate) async fn audio(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<MessagePath>,
) -> Result<([(HeaderName, &'static str); 2], Vec<u8>), Problem> {
    let record = path.id()?;
    let view = super::view(&app, &access, &path.number).await?;
    let unknown = || Problem::plain(ProblemKind::UnknownMessage);
    view.messages.iter().find(|message| message.record == record).ok_or_else(unknown)?;
    // The longest message, half an hour, is 29 MB.
    let file = app.recordings.file(access.tenant(), view.mailbox, record);
    let sound = tokio::fs::read(&file).await.map_err(|error| {
        tracing::error!(file = %file.display(), %error, "a message cannot be read");
        unknown()
    })?;
    Ok(([(CONTENT_TYPE, "audio/wav"), (CACHE_CONTROL, "private, no-store")], sound))
}
