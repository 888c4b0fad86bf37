//! Messages by e-mail.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use engine::{Actor, MailboxView, MessageAction, Request};
use model::{Directory, Mailbox, TenantId};
use outbound::mail::{File, MailError, MailServer, Mailer};
use store::{Errand, OutboxRow, Store};
use switch::{AskError, Handle, Recordings};

use super::texts::{self, Sound};
use super::{Carrier, Outcome, Pace};
use crate::settings::Settings;

/// How long one mail may take.
const MAIL_TIMEOUT: Duration = Duration::from_secs(180);
/// How often a question to a busy switch is repeated within one try.
const ASKS_MAX: u32 = 20;
/// The pause between them.
const ASK_PAUSE: Duration = Duration::from_millis(250);

/// How mails are tried.
pub(crate) fn pace(settings: &Settings) -> Pace {
    Pace {
        first: Duration::from_secs(5),
        pause_max: Duration::from_secs(3_600),
        hold_max: Duration::from_secs(300),
        give_up: settings.smtp_give_up,
        // Each holds its recording in memory, three times while it is written into a mail.
        at_once: 2,
    }
}

/// Sends messages to the owners of their mailboxes.
pub(crate) struct Mails {
    pub(crate) mailer: Mailer,
    pub(crate) switch: Handle,
    pub(crate) store: Store,
    pub(crate) recordings: Recordings,
    /// Largest recording that is sent, bytes.
    pub(crate) attachment_max: u64,
}

/// The mail server as set; none if none is.
pub(crate) fn mailer(settings: &Settings) -> Result<Option<Mailer>> {
    let (Some(host), Some(from)) = (&settings.smtp_host, &settings.smtp_from) else { return Ok(None) };
    let server = MailServer {
        host: host.clone(),
        port: settings.smtp_port,
        tls: settings.smtp_tls,
        login: settings.smtp_user.clone().zip(settings.smtp_password.clone()),
        from: from.clone(),
        timeout: MAIL_TIMEOUT,
    };
    Mailer::new(&server).map(Some).context("no mails can be sent")
}

impl Carrier for Mails {
    const ERRAND: Errand = Errand::Email;
    const FIGURE: &'static str = "cordboard_mails_total";
    const CALLED: &'static str = "mail";

    async fn carry(&self, row: OutboxRow) -> Outcome {
        match self.mail(row).await {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }
}

impl Mails {
    async fn mail(&self, row: OutboxRow) -> Result<Outcome, Outcome> {
        let (directory, view) = self.ask(row).await?;
        let mailbox = directory.mailboxes.get(&row.mailbox).ok_or(Outcome::Pointless)?;
        if !row.taken {
            let address = mailbox.email.clone().ok_or(Outcome::Pointless)?;
            let message = view
                .messages
                .iter()
                .find(|message| message.record == row.record)
                .ok_or(Outcome::Pointless)?;
            let sound = self.sound(row).await?;
            let goes = mailbox.delete_after_email && sound.is_some();
            let told = match (&sound, goes) {
                (None, _) => Sound::TooLarge,
                (Some(_), false) => Sound::Attached,
                (Some(_), true) => Sound::AttachedOnly,
            };
            let mut mail = texts::compose(&directory, mailbox, message, told);
            mail.to = address;
            mail.attachments.extend(sound.map(|bytes| File {
                name: texts::file_name(&directory, mailbox, message),
                kind: "audio/wav",
                bytes,
            }));
            self.mailer.send(mail).await.map_err(failed)?;
            if !goes {
                return Ok(Outcome::Done);
            }
            if let Err(error) = self.store.outbox_taken(row.id).await {
                tracing::error!(%error, "a mail was taken and that cannot be noted; it may be sent twice");
            }
        }
        self.delete(row, mailbox).await
    }

    /// What is provisioned and the box as it is now.
    async fn ask(&self, row: OutboxRow) -> Result<(Arc<Directory>, MailboxView), Outcome> {
        let unanswered = |error| match error {
            AskError::UnknownDomain => Outcome::Pointless,
            AskError::Busy | AskError::Stopped => Outcome::Busy,
        };
        let directory = self.switch.provisioned(row.tenant).await.map_err(unanswered)?;
        let view = self.switch.mailbox(row.tenant, row.mailbox).await.map_err(unanswered)?;
        Ok((directory, view.ok_or(Outcome::Pointless)?))
    }

    /// The recording; none if it is too large for a mail.
    async fn sound(&self, row: OutboxRow) -> Result<Option<Vec<u8>>, Outcome> {
        let file = self.recordings.file(row.tenant, row.mailbox, row.record);
        let unread = |error: std::io::Error| Outcome::Failed {
            what: format!("the recording {} cannot be read: {error}", file.display()),
            all: false,
        };
        let size = tokio::fs::metadata(&file).await.map_err(unread)?.len();
        if size > self.attachment_max {
            return Ok(None);
        }
        tokio::fs::read(&file).await.map(Some).map_err(unread)
    }

    /// The mail server has the message, and its box wants it to go then.
    async fn delete(&self, row: OutboxRow, mailbox: &Mailbox) -> Result<Outcome, Outcome> {
        for _ in 0..ASKS_MAX {
            let action = MessageAction::Emailed;
            let request = Request::Message { mailbox: mailbox.id, record: row.record, action };
            match request_of(&self.switch, row.tenant, request).await {
                Ok(()) => return Ok(Outcome::Done),
                Err(AskError::UnknownDomain) => return Err(Outcome::Pointless),
                Err(AskError::Busy) => tokio::time::sleep(ASK_PAUSE).await,
                Err(AskError::Stopped) => break,
            }
        }
        Err(Outcome::Busy)
    }
}

/// Whatever the engine answers is right: a message that is not there any more need not be deleted.
async fn request_of(switch: &Handle, tenant: TenantId, request: Request) -> Result<(), AskError> {
    switch.request(tenant, Actor::System, request).await.map(|_| ())
}

fn failed(error: MailError) -> Outcome {
    let what = error.to_string();
    match error {
        MailError::Server(_) => Outcome::Failed { what, all: true },
        MailError::Later(_) => Outcome::Failed { what, all: false },
        MailError::Never(_) => Outcome::Hopeless(what),
    }
}
