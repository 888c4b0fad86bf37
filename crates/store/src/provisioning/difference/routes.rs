//! Where callers come in and are led: mailboxes, numbers.

use model::{Did, Greetings, Mailbox};

use super::super::in_words::{action, needs};
use super::{Item, field, hidden};
use crate::mailbox::MailboxRow;

pub(super) fn mailbox(row: &MailboxRow) -> Item {
    let Mailbox {
        id: _,
        number,
        name,
        pin: _,
        email,
        delete_after_email,
        language,
        retention_days,
        max_seconds,
        max_messages,
        greetings: Greetings { no_answer, busy, unavailable },
    } = &row.mailbox;
    let said = |name: &'static str, prompt: &Option<String>| field(name, prompt.as_deref().unwrap_or("none"));
    let fields = vec![
        field("number", number),
        field("name", name),
        hidden("pin", row.pin_sealed.as_ref()),
        said("email", email),
        field("delete_after_email", delete_after_email),
        field("language", language),
        field("retention_days", retention_days),
        field("max_seconds", max_seconds),
        field("max_messages", max_messages),
        said("greeting_no_answer", no_answer),
        said("greeting_busy", busy),
        said("greeting_unavailable", unavailable),
    ];
    Item { kind: "mailbox", name: number.to_string(), fields }
}

pub(super) fn number(did: &Did) -> Item {
    let Did { number, hours, open, closed, holiday, night, skills, priority } = did;
    let fields = vec![
        field("hours", hours.as_deref().unwrap_or("none")),
        field("open", action(Some(open))),
        field("closed", action(closed.as_ref())),
        field("holiday", action(holiday.as_ref())),
        field("night", action(night.as_ref())),
        field("skills", needs(skills)),
        field("priority", priority),
    ];
    Item { kind: "number", name: number.clone(), fields }
}
