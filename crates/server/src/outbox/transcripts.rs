//! Messages put into text by a service of others.

use std::sync::Arc;
use std::time::Duration;

use engine::{Actor, MessageAction, Request};
use model::Pii;
use outbound::http::{ANSWER_MAX, Client, Post, PostError};
use outbound::sign::SigningSecret;
use serde::Deserialize;
use store::{Errand, OutboxRow, RecordWriter, Store};
use switch::{AskError, Clock, Handle, Recordings};

use super::{Carrier, Outcome, Pace};

/// How long a service may take for one message.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a mail waits for the text.
pub(crate) const MAIL_WAITS: Duration = Duration::from_secs(60);
/// Largest recording that is sent, bytes: the longest message, half an hour, is 29 MB.
const RECORDING_MAX: u64 = 30 << 20;

/// How services are tried: a text that comes after hours is of no use.
pub(crate) const PACE: Pace = Pace {
    first: Duration::from_secs(10),
    pause_max: Duration::from_secs(1_800),
    hold_max: Duration::from_secs(60),
    give_up: Duration::from_secs(4 * 3_600),
    at_once: 2,
};

/// Has messages put into text.
pub(crate) struct Transcripts {
    pub(crate) client: Client,
    pub(crate) switch: Handle,
    pub(crate) store: Store,
    pub(crate) records: Arc<RecordWriter>,
    pub(crate) recordings: Recordings,
    pub(crate) clock: Clock,
}

/// What a service answers.
#[derive(Deserialize)]
struct Transcript {
    text: String,
}

impl Carrier for Transcripts {
    const ERRAND: Errand = Errand::Transcription;
    const FIGURE: &'static str = "cordboard_transcriptions_total";
    const CALLED: &'static str = "transcription";

    async fn carry(&self, row: OutboxRow) -> Outcome {
        match self.transcribe(row).await {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }
}

impl Transcripts {
    async fn transcribe(&self, row: OutboxRow) -> Result<Outcome, Outcome> {
        let directory = self.switch.provisioned(row.tenant).await.map_err(unanswered)?;
        let mailbox = directory.mailboxes.get(&row.mailbox).ok_or(Outcome::Pointless)?;
        let url = mailbox.transcription.clone().ok_or(Outcome::Pointless)?;
        let view = self.switch.mailbox(row.tenant, row.mailbox).await.map_err(unanswered)?;
        let view = view.ok_or(Outcome::Pointless)?;
        if !view.messages.iter().any(|message| message.record == row.record) {
            return Err(Outcome::Pointless);
        }
        let post = self.post(row, url).await?;
        let answer = self.client.post(post).await.map_err(failed)?;
        let Transcript { text } = serde_json::from_slice(&answer).map_err(|error| {
            Outcome::Hopeless(format!("it answered no text: {}", outbound::one_line(&error.to_string())))
        })?;
        let action = MessageAction::Transcribed(Pii(text));
        let request = Request::Message { mailbox: row.mailbox, record: row.record, action };
        // Whatever the engine answers is right: the message may have been deleted.
        let _answer = self.switch.request(row.tenant, Actor::System, request).await.map_err(unanswered)?;
        self.hasten(row).await;
        Ok(Outcome::Done)
    }

    async fn post(&self, row: OutboxRow, url: String) -> Result<Post, Outcome> {
        let later = |what: String| Outcome::Failed { what, all: false };
        let file = self.recordings.file(row.tenant, row.mailbox, row.record);
        let unread = |error: std::io::Error| {
            later(format!("the recording {} cannot be read: {error}", file.display()))
        };
        if tokio::fs::metadata(&file).await.map_err(unread)?.len() > RECORDING_MAX {
            return Err(Outcome::Hopeless("the recording is too large".into()));
        }
        let sound = tokio::fs::read(&file).await.map_err(unread)?;
        let secret = self.store.webhook_secret(row.tenant).await.map_err(|error| later(error.to_string()))?;
        Ok(Post {
            url,
            content_type: "audio/wav",
            body: sound.into(),
            timeout: TIMEOUT,
            answer_max: ANSWER_MAX,
            id: format!("message-{}-{}", row.mailbox, row.record),
            second: self.clock.now().0.div_euclid(1_000_000),
            secret: secret.and_then(|secret| SigningSecret::parse(secret.reveal())),
        })
    }

    /// A mail that waits for the text goes now.
    async fn hasten(&self, row: OutboxRow) {
        let now = self.clock.now();
        match self.store.outbox_hasten(row.tenant, Errand::Email, row.record, now).await {
            Ok(()) => self.records.errands_changed(),
            // It goes a little later.
            Err(error) => tracing::warn!(%error, "a mail could not be hastened"),
        }
    }
}

fn unanswered(error: AskError) -> Outcome {
    match error {
        AskError::UnknownDomain => Outcome::Pointless,
        AskError::Busy | AskError::Stopped => Outcome::Busy,
    }
}

/// Each box has a service of its own: that one fails says nothing of the next.
fn failed(error: PostError) -> Outcome {
    let what = error.to_string();
    match error {
        PostError::Status(408 | 425 | 429) => Outcome::Failed { what, all: false },
        PostError::Status(400..500)
        | PostError::Url(_)
        | PostError::Forbidden { .. }
        | PostError::Plain
        | PostError::Redirect(_)
        | PostError::TooLong(_) => Outcome::Hopeless(what),
        PostError::Status(_)
        | PostError::Unknown(_)
        | PostError::Connect(_)
        | PostError::Broken(_)
        | PostError::Late(_)
        | PostError::Busy => Outcome::Failed { what, all: false },
    }
}
