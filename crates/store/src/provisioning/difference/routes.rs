//! Where callers come in and are led: ring groups, mailboxes, numbers.

use model::{Did, Greetings, Mailbox, RingGroup};

use super::super::in_words::{action, bracketed, needs};
use super::{Item, field, hidden};
use crate::mailbox::MailboxRow;
use crate::words::Word as _;

pub(super) fn ring_group(group: &RingGroup) -> Item {
    let RingGroup { number, name, strategy, members, ring_time, max_time, skip_busy, repeat, on_no_answer } =
        group;
    let fields = vec![
        field("name", name),
        field("strategy", strategy.word()),
        field("members", bracketed(members.iter().map(ToString::to_string))),
        field("ring_time", ring_time),
        field("max_time", max_time),
        field("skip_busy", skip_busy),
        field("repeat", repeat),
        field("on_no_answer", action(Some(on_no_answer))),
    ];
    Item { kind: "ring_group", name: number.to_string(), fields }
}

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
        transcription,
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
        said("transcription", transcription),
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
