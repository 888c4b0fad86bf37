//! `…/v1/domains/{domain}/mailboxes/{number}/greeting`.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use engine::{Actor, GreetingChange, Rejection, Reply, Request};
use model::{MailboxId, RecordId, TenantId};
use switch::{Handle, Recordings};

use super::MailboxPath;
use crate::auth::Access;
use crate::author::Origin;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;
use crate::v1::prompts::put::{SpokenPrompt, sound};

/// What is shorter is a slip.
const LENGTH_MIN: Duration = Duration::from_secs(1);
/// Nobody listens longer before he may speak.
const LENGTH_MAX: Duration = Duration::from_secs(180);

/// The greeting of a mailbox
///
/// 16-bit WAV at 8 kHz, one channel: what was recorded by phone, or sent in.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/mailboxes/{number}/greeting", tag = "mailboxes",
    operation_id = "mailboxes_greeting_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The mailbox's number", example = "1001"),
    ),
    responses((status = 200, description = "The sound", body = Vec<u8>, content_type = "audio/wav")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("mailbox")),
        ("x-problems" = json!(["unknown_mailbox", "unknown_greeting", "forbidden"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<MailboxPath>,
) -> Result<([(HeaderName, &'static str); 2], Vec<u8>), Problem> {
    let view = super::view(&app, &access, &path.number).await?;
    let unknown = || Problem::plain(ProblemKind::UnknownGreeting);
    let record = view.greeting.ok_or_else(unknown)?;
    let file = app.recordings.file(access.tenant(), view.mailbox, record);
    let sound = tokio::fs::read(&file).await.map_err(|error| {
        tracing::error!(file = %file.display(), %error, "a greeting cannot be read");
        unknown()
    })?;
    Ok(([(CONTENT_TYPE, "audio/wav"), (CACHE_CONTROL, "private, no-store")], sound))
}

/// Gives a mailbox another greeting
///
/// The body is as for a prompt: a sound, or as `application/json` a text that the server speaks. One second to three
/// minutes. Callers hear it from now on, unless the provisioning names a prompt for why they came.
#[utoipa::path(
    put, path = "/v1/domains/{domain}/mailboxes/{number}/greeting", tag = "mailboxes",
    operation_id = "mailboxes_greeting_put",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The mailbox's number", example = "1001"),
    ),
    request_body(
        description = "A sound, or a text to be spoken",
        content((Vec<u8> = "audio/*"), (SpokenPrompt = "application/json"))
    ),
    responses((status = 204, description = "Callers hear it")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("mailbox")),
        ("x-problems" = json!([
            "unknown_mailbox", "unusable_sound", "no_speech", "invalid_body", "too_large", "too_slow", "forbidden"
        ]))
    )
)]
pub(crate) async fn put(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<MailboxPath>,
    request: HttpRequest,
) -> Result<StatusCode, Problem> {
    let directory = access.sees(&app).directory().await?;
    let mailbox = super::named(&directory, &access, &path.number)?;
    // A sound is large: only so many are on their way at once, from their first byte on.
    let _turn = app.uploads.try_acquire().map_err(|_| {
        Problem::new(ProblemKind::Busy, "other sounds are on their way at this moment").retry_after(2)
    })?;
    let arrived = sound(&app, request).await?;
    let (wav, length) = app.prompts.shape(mailbox.language.clone(), arrived).await?;
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
        let detail = format!("it is {:.1} s long; a greeting has 1 to 180 seconds", length.as_secs_f64());
        return Err(Problem::new(ProblemKind::UnusableSound, detail));
    }
    let keeping = Keeping {
        switch: app.switch.whole().clone(),
        tenant: access.tenant(),
        actor: access.identity().actor(),
        mailbox: mailbox.id,
        recordings: app.recordings.clone(),
    };
    // A task of its own: what was begun is finished even if nobody waits for it any more.
    let kept = tokio::spawn(async move { keeping.keep(wav, length).await }).await;
    kept.map_err(|_| Problem::plain(ProblemKind::Internal))??;
    origin.note(&app, &access, format!("~ greeting of mailbox {}", mailbox.number)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a mailbox's greeting away
///
/// Callers hear the program's own again. Also if there was none.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/mailboxes/{number}/greeting", tag = "mailboxes",
    operation_id = "mailboxes_greeting_delete",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The mailbox's number", example = "1001"),
    ),
    responses((status = 204, description = "It is gone")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("mailbox")), ("x-problems" = json!(["unknown_mailbox", "forbidden"])))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<MailboxPath>,
) -> Result<StatusCode, Problem> {
    let directory = access.sees(&app).directory().await?;
    let mailbox = super::named(&directory, &access, &path.number)?;
    let request = Request::Greeting { mailbox: mailbox.id, change: GreetingChange::Remove };
    access.sees(&app).request(request).await?.map_err(rejected)?;
    origin.note(&app, &access, format!("- greeting of mailbox {}", mailbox.number)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a greeting is kept, and in whose name.
struct Keeping {
    switch: Handle,
    tenant: TenantId,
    actor: Actor,
    mailbox: MailboxId,
    recordings: Recordings,
}

impl Keeping {
    async fn keep(self, wav: Vec<u8>, length: Duration) -> Result<(), Problem> {
        let begun = self.change(GreetingChange::Begin).await?.map_err(rejected)?;
        let record = begun.ok_or_else(|| Problem::plain(ProblemKind::Internal))?;
        let file = self.recordings.file(self.tenant, self.mailbox, record);
        let to = file.clone();
        let written = tokio::task::spawn_blocking(move || write(&to, &wav)).await;
        let written = written.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        if let Err(error) = &written {
            tracing::error!(file = %file.display(), %error, "a greeting cannot be written");
        }
        let length = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        let kept = GreetingChange::Kept(record, if written.is_ok() { length } else { 0 });
        // Without an answer it may be in force all the same; the next start looks.
        if let Err(rejection) = self.change(kept).await? {
            // Another one was begun meanwhile: nobody will ask for this one's file to go.
            let _ = tokio::fs::remove_file(&file).await;
            return Err(rejected(rejection));
        }
        written.map_err(|_| Problem::plain(ProblemKind::Internal))
    }

    async fn change(&self, change: GreetingChange) -> Result<Result<Option<RecordId>, Rejection>, Problem> {
        let request = Request::Greeting { mailbox: self.mailbox, change };
        let reply = self.switch.request(self.tenant, self.actor.clone(), request).await?;
        Ok(reply.map(|reply| if let Reply::Greeting(record) = reply { record } else { None }))
    }
}

/// Whole or not at all: a start after a crash takes what it finds under this name for the greeting.
fn write(file: &Path, wav: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension("wav.new");
    let written = File::create(&beside).and_then(|mut opened| {
        opened.write_all(wav)?;
        // A name that lasts longer than what it names would be an empty greeting after a power cut.
        opened.sync_all()
    });
    let kept = written.and_then(|()| std::fs::rename(&beside, file));
    if kept.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    kept
}
