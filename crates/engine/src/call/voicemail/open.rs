//! Letting an owner in: whose box, and the PIN.

use model::{CallId, MailboxId, Pin, QueueId};

use crate::agents;
use crate::call::voicemail::{Stage, keyed, listen, say, say_goodbye, say_words, stand};
use crate::call::{clear, connect, prompt};
use crate::cause::Cause;
use crate::engine::Engine;
use crate::mailboxes::{self, Opened};
use crate::step::Step;

/// Wrong PINs in one call; then it is ended.
const WRONG_MAX: u8 = 3;
/// Digits of a number that is keyed in.
const NUMBER_LENGTH_MAX: usize = 64;

/// A phone asks for messages: of the queue's box, or of its own; without one it is asked for a number.
pub(crate) fn check(engine: &mut Engine, id: CallId, queue: Option<QueueId>, step: &mut Step<'_>) {
    let caller = engine.calls.get(&id).and_then(|call| call.caller_leg());
    let own = caller.and_then(|leg| leg.record.extension.clone());
    let directory = &engine.directory;
    let of_queue = queue.and_then(|queue| directory.queues.get(&queue)).map(|queue| queue.number.clone());
    let is_own = queue.is_none();
    let number = if is_own { own } else { of_queue };
    let mailbox = number.and_then(|number| directory.mailbox(number.as_str()));
    let found = mailbox.map(|mailbox| (mailbox.id, mailbox.pin.is_some()));
    agents::caller_talks(engine, id, step);
    connect::answer_caller(engine, id, step);
    match found {
        Some((mailbox, false)) if is_own => listen::main(engine, id, mailbox, step),
        Some((mailbox, _)) => ask_pin(engine, id, mailbox, 0, step),
        None if is_own => ask_number(engine, id, step),
        None => prompt::play_then_end(engine, id, &["vm-no-mailbox"], Cause::Normal, step),
    }
}

fn ask_number(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    stand(engine, id, Stage::Number { digits: String::new() }, step);
    say(engine, id, vec!["vm-enter-number".into()], step);
}

/// Asks for the PIN of a box. One without a PIN is asked for all the same, so that nobody learns which have none.
pub(super) fn ask_pin(engine: &mut Engine, id: CallId, mailbox: MailboxId, wrong: u8, step: &mut Step<'_>) {
    stand(engine, id, Stage::Pin { mailbox, digits: String::new(), wrong }, step);
    let prompts: &[&str] = if wrong > 0 { &["vm-wrong-pin", "vm-enter-pin"] } else { &["vm-enter-pin"] };
    say_words(engine, id, mailbox, prompts, step);
}

pub(super) fn number_key(
    engine: &mut Engine,
    id: CallId,
    mut digits: String,
    key: char,
    step: &mut Step<'_>,
) {
    match key {
        '#' => number_entered(engine, id, &digits, step),
        '*' => ask_number(engine, id, step),
        digit if digit.is_ascii_digit() && digits.len() < NUMBER_LENGTH_MAX => {
            digits.push(digit);
            keyed(engine, id, Stage::Number { digits }, step);
        }
        _ => {}
    }
}

pub(super) fn number_entered(engine: &mut Engine, id: CallId, digits: &str, step: &mut Step<'_>) {
    match engine.directory.mailbox(digits).map(|mailbox| mailbox.id) {
        Some(mailbox) => ask_pin(engine, id, mailbox, 0, step),
        None if digits.is_empty() => ask_number(engine, id, step),
        None => {
            let idle = engine.mailboxes.sessions.get(&id).map_or(0, |session| session.idle);
            // A wrong number counts like none: who knows none is not asked for ever.
            stand(engine, id, Stage::Number { digits: String::new() }, step);
            if let Some(session) = engine.mailboxes.sessions.get_mut(&id) {
                session.idle = idle.saturating_add(1);
            }
            if idle.saturating_add(1) >= super::IDLE_MAX {
                return prompt::play_then_end(engine, id, &["vm-no-mailbox"], Cause::Normal, step);
            }
            say(engine, id, vec!["vm-no-mailbox".into(), "vm-enter-number".into()], step);
        }
    }
}

pub(super) fn pin_key(
    engine: &mut Engine,
    id: CallId,
    (mailbox, mut digits, wrong): (MailboxId, String, u8),
    key: char,
    step: &mut Step<'_>,
) {
    match key {
        '#' => pin_entered(engine, id, (mailbox, &digits, wrong), step),
        '*' => ask_number(engine, id, step),
        digit if digit.is_ascii_digit() && digits.len() <= Pin::LENGTH_MAX => {
            digits.push(digit);
            keyed(engine, id, Stage::Pin { mailbox, digits, wrong }, step);
        }
        _ => {}
    }
}

pub(super) fn pin_entered(
    engine: &mut Engine,
    id: CallId,
    (mailbox, digits, wrong): (MailboxId, &str, u8),
    step: &mut Step<'_>,
) {
    if digits.is_empty() {
        return ask_pin(engine, id, mailbox, wrong, step);
    }
    if !engine.directory.mailboxes.contains_key(&mailbox) {
        return clear::end_call(engine, id, Cause::Normal, step);
    }
    let wrong = wrong.saturating_add(1);
    match mailboxes::open(engine, mailbox, digits, step) {
        Opened::Open => listen::main(engine, id, mailbox, step),
        Opened::Wrong if wrong < WRONG_MAX => ask_pin(engine, id, mailbox, wrong, step),
        Opened::Wrong => say_goodbye(engine, id, mailbox, &["vm-wrong-pin", "goodbye"], step),
        Opened::Locked => say_goodbye(engine, id, mailbox, &["vm-locked"], step),
    }
}
