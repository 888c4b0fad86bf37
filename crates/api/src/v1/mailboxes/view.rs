//! What is shown of a mailbox and of a message.

use engine::{MailboxView, Message};
use model::Mailbox;
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::Time;

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MailboxItem {
    /// Its number.
    #[schema(example = "1001")]
    pub number: String,
    /// Its name.
    pub name: String,
    /// Messages that nobody has heard.
    pub new: u32,
    /// The others.
    pub old: u32,
    /// Whether its callers hear a greeting that was recorded by phone or sent in, where none is provisioned.
    pub greeting: bool,
    /// Until when nobody gets in by phone, after too many wrong PINs.
    pub locked_until: Option<Time>,
}

impl MailboxItem {
    pub(crate) fn new(mailbox: &Mailbox, view: &MailboxView) -> Self {
        Self {
            number: mailbox.number.to_string(),
            name: mailbox.name.clone(),
            new: view.new,
            old: view.old,
            greeting: view.greeting.is_some(),
            locked_until: view.locked_until.map(Time::from),
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MessageItem {
    /// Its id.
    #[schema(example = "42")]
    pub id: String,
    /// Who left it: the number, empty if it was withheld.
    pub caller: String,
    /// The name that came with it.
    pub caller_name: String,
    /// When it was left.
    pub at: Time,
    /// How long it is, seconds.
    pub seconds: u32,
    /// Whether it counts as heard.
    pub read: bool,
    /// What is said in it, if a service has put it into text: a machine's guess, up to 4,000 characters.
    pub text: Option<String>,
}

impl MessageItem {
    pub(crate) fn new(message: &Message) -> Self {
        Self {
            id: message.record.to_string(),
            caller: message.caller.number.reveal().clone(),
            caller_name: message.caller.name.reveal().clone(),
            at: message.at.into(),
            seconds: message.seconds,
            read: message.read,
            text: message.text.as_ref().map(|text| text.reveal().clone()),
        }
    }
}
