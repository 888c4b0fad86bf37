//! Ring groups, mailboxes, numbers dialed from outside, and trunks.

use model::{Did, FallbackAction, Greetings, Mailbox, RingGroup, RingStrategy, Trunk};

use super::super::yaml::Node;
use super::actions::{action, needs};
use super::mapping::{Mapping, text, texts};
use crate::mailbox::MailboxRow;
use crate::trunk::network_text;

pub(super) fn ring_group(group: &RingGroup) -> Node {
    let RingGroup { number, name, strategy, members, ring_time, max_time, skip_busy, repeat, on_no_answer } =
        group;
    let mut fields = Mapping::default();
    fields.text("number", number.as_str());
    fields.text("name", name);
    fields.word_unless("strategy", *strategy, RingStrategy::default());
    fields.list("members", members.iter().map(|member| text(member.as_str())).collect());
    fields.number_unless("ring_time", *ring_time, RingGroup::RING_TIME_DEFAULT);
    fields.number_unless("max_time", *max_time, 0);
    fields.flag_unless("skip_busy", *skip_busy, true);
    fields.number_unless("repeat", *repeat, 0);
    let hangs_up = *on_no_answer == FallbackAction::default();
    fields.maybe_node("on_no_answer", (!hangs_up).then(|| action(on_no_answer)));
    fields.done()
}

pub(super) fn mailbox(row: &MailboxRow) -> Node {
    let MailboxRow { mailbox, pin_sealed: _ } = row;
    let default = Mailbox::new(mailbox.id, mailbox.number.clone(), &mailbox.name);
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
        greetings,
    } = mailbox;
    let mut fields = Mapping::default();
    fields.text("number", number.as_str());
    fields.text("name", name);
    fields.maybe("email", email.as_deref());
    fields.flag_unless("delete_after_email", *delete_after_email, default.delete_after_email);
    fields.text_unless("language", language, &default.language);
    fields.number_unless("retention_days", *retention_days, default.retention_days);
    fields.number_unless("max_seconds", *max_seconds, default.max_seconds);
    fields.number_unless("max_messages", *max_messages, default.max_messages);
    fields.maybe_node("greetings", (*greetings != Greetings::default()).then(|| said(greetings)));
    let transcription = transcription.as_deref().map(|url| {
        let mut service = Mapping::default();
        service.text("url", url);
        service.done()
    });
    fields.maybe_node("transcription", transcription);
    fields.done()
}

fn said(Greetings { no_answer, busy, unavailable }: &Greetings) -> Node {
    let mut greetings = Mapping::default();
    greetings.maybe("no_answer", no_answer.as_deref());
    greetings.maybe("busy", busy.as_deref());
    greetings.maybe("unavailable", unavailable.as_deref());
    greetings.done()
}

pub(super) fn number(did: &Did) -> Node {
    let Did { number, hours, open, closed, holiday, night, skills, priority } = did;
    let mut fields = Mapping::default();
    fields.text("number", number);
    fields.maybe("hours", hours.as_deref());
    fields.node("open", action(open));
    fields.maybe_node("closed", closed.as_ref().map(action));
    fields.maybe_node("holiday", holiday.as_ref().map(action));
    fields.maybe_node("night", night.as_ref().map(action));
    fields.maybe_node("skills", needs(skills));
    fields.number_unless("priority", *priority, 0);
    fields.done()
}

pub(super) fn trunk(trunk: &Trunk) -> Node {
    let Trunk { id: _, name, host, allow_from } = trunk;
    let mut fields = Mapping::default();
    fields.text("name", name);
    fields.text("host", host);
    fields.list("allow_from", texts(&allow_from.iter().map(network_text).collect::<Vec<_>>()));
    fields.done()
}
