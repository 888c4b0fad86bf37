//! Mailboxes and their messages.

pub(crate) mod audio;
pub(crate) mod delete;
pub(crate) mod greeting;
pub(crate) mod list;
pub(crate) mod messages;
pub(crate) mod read;
pub(crate) mod unread;
pub mod view;

use axum::http::StatusCode;
use engine::{MailboxView, MessageAction, Request};
use model::{Directory, Mailbox, RecordId};
use serde::Deserialize;

use crate::auth::Access;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;

/// `…/mailboxes/{number}`.
#[derive(Deserialize)]
pub(crate) struct MailboxPath {
    pub(crate) number: String,
}

/// `…/mailboxes/{number}/messages/{message}`.
#[derive(Deserialize)]
pub(crate) struct MessagePath {
    pub(crate) number: String,
    message: String,
}

impl MessagePath {
    /// The message's id.
    pub(crate) fn id(&self) -> Result<RecordId, Problem> {
        self.message.parse().map(RecordId).map_err(|_| {
            let text = format!("there is no message `{}`", shown(&self.message));
            Problem::new(ProblemKind::UnknownMessage, text)
        })
    }
}

/// The mailbox with this number, if the login may hear it.
fn named<'a>(directory: &'a Directory, access: &Access, number: &str) -> Result<&'a Mailbox, Problem> {
    let mailbox = directory.mailbox(number).ok_or_else(|| {
        let text = format!("no mailbox has the number `{}`", shown(number));
        Problem::new(ProblemKind::UnknownMailbox, text)
    })?;
    access.may_hear(directory, mailbox)?;
    Ok(mailbox)
}

/// A mailbox that the login may hear, as it is now.
async fn view(app: &App, access: &Access, number: &str) -> Result<MailboxView, Problem> {
    let directory = access.sees(app).directory().await?;
    let mailbox = named(&directory, access, number)?.id;
    let view = access.sees(app).mailbox(mailbox).await?;
    view.ok_or_else(|| Problem::plain(ProblemKind::UnknownMailbox))
}

/// Does something with a message.
async fn act(
    app: &App,
    access: &Access,
    path: &MessagePath,
    action: MessageAction,
) -> Result<StatusCode, Problem> {
    let record = path.id()?;
    let directory = access.sees(app).directory().await?;
    let mailbox = named(&directory, access, &path.number)?.id;
    let request = Request::Message { mailbox, record, action };
    let reply = access.sees(app).request(request).await?;
    reply.map_err(rejected)?;
    Ok(StatusCode::NO_CONTENT)
}
