//! The owner's menu by phone.
//!
//! At first: `1` new messages, `2` saved ones, `0` the greeting, `*` the end. With a message: `1` again, `4` the one
//! before, `5` who and when, `6` the next, `7` delete, `9` keep as new, `#` skip, `*` back. A message that was heard to
//! its end is a saved one.

use model::{CallId, MailboxId, RecordId};

use crate::call::voicemail::{Heard, Stage, leave, play_record, say, say_goodbye, say_words, speak, stand};
use crate::engine::Engine;
use crate::event::MessageGone;
use crate::mailboxes;
use crate::step::Step;

/// Says what is in the box and what can be done.
pub(super) fn main(engine: &mut Engine, id: CallId, mailbox: MailboxId, step: &mut Step<'_>) {
    main_after(engine, id, mailbox, &[], step);
}

/// The same, and `first` before it.
fn main_after(engine: &mut Engine, id: CallId, mailbox: MailboxId, first: &[&str], step: &mut Step<'_>) {
    let Some(rules) = engine.directory.mailboxes.get(&mailbox) else {
        return say_goodbye(engine, id, mailbox, &["goodbye"], step);
    };
    let counts = |read| engine.mailboxes.list(mailbox, read).len();
    let mut prompts: Vec<String> = first.iter().map(|name| speak::word(Some(rules), name)).collect();
    prompts.extend(speak::counts(rules, counts(false), counts(true)));
    prompts.push(speak::word(Some(rules), "vm-main-menu"));
    stand(engine, id, Stage::Main { mailbox }, step);
    say(engine, id, prompts, step);
}

pub(super) fn main_key(engine: &mut Engine, id: CallId, mailbox: MailboxId, key: char, step: &mut Step<'_>) {
    match key {
        '1' | '2' => {
            let list = engine.mailboxes.list(mailbox, key == '2');
            if list.is_empty() {
                let none = if key == '1' { "vm-no-new-messages" } else { "vm-no-saved-messages" };
                return main_after(engine, id, mailbox, &[none], step);
            }
            announce(engine, id, (mailbox, list, 0), &[], step);
        }
        '0' => options(engine, id, mailbox, step),
        '*' | '#' => say_goodbye(engine, id, mailbox, &["goodbye"], step),
        _ => {}
    }
}

/// A place in a list of messages.
type At = (MailboxId, Vec<RecordId>, usize);

/// Says `first` and the number of a message in its list; the message follows. Behind the last one the menu does.
fn announce(engine: &mut Engine, id: CallId, (mailbox, list, at): At, first: &[&str], step: &mut Step<'_>) {
    let Some(rules) = engine.directory.mailboxes.get(&mailbox).filter(|_| at < list.len()) else {
        let first: Vec<&str> = first.iter().copied().chain(["vm-no-more-messages"]).collect();
        return main_after(engine, id, mailbox, &first, step);
    };
    let words = first.iter().copied().chain(["vm-message"]);
    let mut prompts: Vec<String> = words.map(|name| speak::word(Some(rules), name)).collect();
    prompts.extend(speak::number(rules, at + 1));
    stand(engine, id, Stage::Listen { mailbox, list, at, heard: Heard::Before }, step);
    say(engine, id, prompts, step);
}

/// Something about a message has been heard to its end: what comes next?
pub(super) fn heard(
    engine: &mut Engine,
    id: CallId,
    (mailbox, list, at): At,
    heard: Heard,
    step: &mut Step<'_>,
) {
    let Some(record) = list.get(at).copied() else { return main(engine, id, mailbox, step) };
    match heard {
        Heard::Before => {
            stand(engine, id, Stage::Listen { mailbox, list, at, heard: Heard::Message }, step);
            play_record(engine, id, mailbox, record, step);
        }
        Heard::Message => {
            mailboxes::mark(engine, mailbox, record, true, step);
            menu(engine, id, (mailbox, list, at), step);
        }
        Heard::Menu => {
            let due = step.now.after(engine.limits.key_wait);
            engine.timers.set(crate::timer::TimerKind::VoicemailOverdue(id), due);
        }
    }
}

/// Says what can be done with a message.
pub(super) fn menu(engine: &mut Engine, id: CallId, (mailbox, list, at): At, step: &mut Step<'_>) {
    stand(engine, id, Stage::Listen { mailbox, list, at, heard: Heard::Menu }, step);
    say_words(engine, id, mailbox, &["vm-message-menu"], step);
}

pub(super) fn message_key(
    engine: &mut Engine,
    id: CallId,
    (mailbox, list, at): At,
    key: char,
    step: &mut Step<'_>,
) {
    let Some(record) = list.get(at).copied() else { return main(engine, id, mailbox, step) };
    match key {
        '1' => {
            stand(engine, id, Stage::Listen { mailbox, list, at, heard: Heard::Message }, step);
            play_record(engine, id, mailbox, record, step);
        }
        '4' => announce(engine, id, (mailbox, list, at.saturating_sub(1)), &[], step),
        '5' => {
            let zone = &engine.directory.tenant.zone;
            let rules = engine.directory.mailboxes.get(&mailbox);
            let message = engine.mailboxes.message(mailbox, record).zip(rules);
            let prompts = message.map(|(message, rules)| speak::envelope(rules, message, zone, step.now));
            let prompts = prompts.unwrap_or_else(|| vec![speak::word(rules, "vm-deleted")]);
            stand(engine, id, Stage::Listen { mailbox, list, at, heard: Heard::Before }, step);
            say(engine, id, prompts, step);
        }
        '6' | '#' => announce(engine, id, (mailbox, list, at + 1), &[], step),
        '7' => {
            mailboxes::delete(engine, mailbox, record, MessageGone::Deleted, step);
            let mut list = list;
            list.remove(at);
            announce(engine, id, (mailbox, list, at), &["vm-deleted"], step);
        }
        '9' => {
            mailboxes::mark(engine, mailbox, record, false, step);
            announce(engine, id, (mailbox, list, at + 1), &["vm-kept"], step);
        }
        '*' => main(engine, id, mailbox, step),
        _ => {}
    }
}

/// The greeting: `1` record, `2` hear, `3` the program's own again, `*` back.
pub(super) fn options(engine: &mut Engine, id: CallId, mailbox: MailboxId, step: &mut Step<'_>) {
    stand(engine, id, Stage::Options { mailbox }, step);
    say_words(engine, id, mailbox, &["vm-greeting-menu"], step);
}

pub(super) fn options_after(
    engine: &mut Engine,
    id: CallId,
    mailbox: MailboxId,
    first: &str,
    step: &mut Step<'_>,
) {
    stand(engine, id, Stage::Options { mailbox }, step);
    say_words(engine, id, mailbox, &[first, "vm-greeting-menu"], step);
}

pub(super) fn options_key(
    engine: &mut Engine,
    id: CallId,
    mailbox: MailboxId,
    key: char,
    step: &mut Step<'_>,
) {
    match key {
        '1' => leave::beep(engine, id, mailbox, true, step),
        '2' => match engine.mailboxes.greeting(mailbox) {
            Some(record) => {
                stand(engine, id, Stage::Options { mailbox }, step);
                play_record(engine, id, mailbox, record, step);
            }
            None => options_after(engine, id, mailbox, "vm-leave-message", step),
        },
        '3' => {
            mailboxes::greet(engine, mailbox, None, step);
            options_after(engine, id, mailbox, "vm-greeting-removed", step);
        }
        '*' => main(engine, id, mailbox, step),
        _ => {}
    }
}
