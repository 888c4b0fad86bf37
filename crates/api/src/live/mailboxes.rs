//! What happens in mailboxes, as it is sent.

use engine::{EventKind, MessageGone};

use crate::live::event::EventItem;
use crate::v1::names::Names;

/// An event of a mailbox; any other has no name here.
pub(super) fn item(kind: &EventKind, names: Names<'_>) -> EventItem {
    if let EventKind::MessageLeft { mailbox, message, call } = kind {
        return EventItem::MessageLeft {
            mailbox: names.mailbox(*mailbox),
            message: message.record.to_string(),
            call: call.to_string(),
            seconds: message.seconds,
        };
    }
    if let EventKind::MessageMarked { mailbox, record, read } = kind {
        let (mailbox, message) = (names.mailbox(*mailbox), record.to_string());
        return EventItem::MessageMarked { mailbox, message, read: *read };
    }
    if let EventKind::MessageTranscribed { mailbox, record } = kind {
        let (mailbox, message) = (names.mailbox(*mailbox), record.to_string());
        return EventItem::MessageTranscribed { mailbox, message };
    }
    if let EventKind::MessageDeleted { mailbox, record, why } = kind {
        let (mailbox, message) = (names.mailbox(*mailbox), record.to_string());
        return EventItem::MessageDeleted { mailbox, message, why: gone(*why) };
    }
    if let EventKind::RecordingFailed { mailbox, call } = kind {
        return EventItem::RecordingFailed { mailbox: names.mailbox(*mailbox), call: call.to_string() };
    }
    if let EventKind::MailboxLocked { mailbox, until } = kind {
        return EventItem::MailboxLocked { mailbox: names.mailbox(*mailbox), until: (*until).into() };
    }
    EventItem::Updated
}

const fn gone(why: MessageGone) -> &'static str {
    match why {
        MessageGone::Deleted => "deleted",
        MessageGone::Emailed => "emailed",
        MessageGone::Lapsed => "lapsed",
        MessageGone::MailboxGone => "mailbox_gone",
    }
}
