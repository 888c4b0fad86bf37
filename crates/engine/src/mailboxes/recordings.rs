//! What the shell records: noted before it is commanded, and what becomes of it when it has ended.

use model::{CallId, MailboxId, RecordId, Timestamp};

use super::{Message, Purpose, Running, add, erase, greet};
use crate::call::voicemail::{self, studio};
use crate::command::{Command, NewPrompt};
use crate::engine::Engine;
use crate::event::EventKind;
use crate::input::{RecordEnd, RecordingInput};
use crate::request::{GreetingChange, Rejection, Reply};
use crate::step::Step;

/// Notes that a recording begins, and gives its number.
pub(crate) fn begin(engine: &mut Engine, mailbox: MailboxId, purpose: Purpose, now: Timestamp) -> RecordId {
    let record = engine.ids.record();
    engine.mailboxes.running.insert(record, Running { mailbox, at: now, purpose });
    record
}

/// Nobody wants what is being recorded: it goes when it ends, and not before there is a file.
pub(crate) fn discard(engine: &mut Engine, record: RecordId) {
    if let Some(running) = engine.mailboxes.running.get_mut(&record) {
        running.purpose = Purpose::Nothing;
    }
}

/// Somebody asks for another greeting, or for none. Its file is written between two requests; a stop in between is like
/// one that cuts off a recording.
pub(crate) fn greeting_asked(
    engine: &mut Engine,
    mailbox: MailboxId,
    change: GreetingChange,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    if !engine.directory.mailboxes.contains_key(&mailbox) {
        return Err(Rejection::UnknownMailbox);
    }
    let is_written =
        |running: &Running| running.mailbox == mailbox && matches!(running.purpose, Purpose::Written);
    match change {
        GreetingChange::Begin => {
            let before = engine.mailboxes.running.iter().filter(|(_, running)| is_written(running));
            let before: Vec<RecordId> = before.map(|(record, _)| *record).collect();
            for record in before {
                engine.mailboxes.running.remove(&record);
                erase(engine, mailbox, record, step);
            }
            Ok(Reply::Greeting(Some(begin(engine, mailbox, Purpose::Written, step.now))))
        }
        GreetingChange::Kept(record, length) => {
            if !engine.mailboxes.running.get(&record).is_some_and(is_written) {
                return Err(Rejection::UnknownMessage);
            }
            ended(engine, record, length, RecordEnd::Stopped, step);
            Ok(Reply::Greeting(None))
        }
        GreetingChange::Remove => {
            greet(engine, mailbox, None, step);
            Ok(Reply::Greeting(None))
        }
    }
}

/// What the shell says about a recording.
pub(crate) fn recording(engine: &mut Engine, record: RecordId, input: RecordingInput, step: &mut Step<'_>) {
    match input {
        RecordingInput::Ended { length, why } => ended(engine, record, length, why, step),
        RecordingInput::Erased => engine.mailboxes.erasing.retain(|(_, erasing)| *erasing != record),
        RecordingInput::Kept(done) => {
            let Some((call, _)) = engine.mailboxes.keeping.remove(&record) else { return };
            erase(engine, MailboxId::PROMPTS, record, step);
            studio::kept(engine, call, record, done, step);
        }
    }
}

/// Lets the shell make a prompt of a recording, and keeps that in mind until it has.
pub(crate) fn keep_prompt(engine: &mut Engine, call: CallId, prompt: NewPrompt, step: &mut Step<'_>) {
    engine.mailboxes.keeping.insert(prompt.record, (call, prompt.clone()));
    step.out.commands.push(Command::KeepPrompt(prompt));
}

fn ended(engine: &mut Engine, record: RecordId, length: u64, why: RecordEnd, step: &mut Step<'_>) {
    let Some(Running { mailbox, at, purpose }) = engine.mailboxes.running.remove(&record) else { return };
    let known = mailbox == MailboxId::PROMPTS || engine.directory.mailboxes.contains_key(&mailbox);
    let known = known && !matches!(purpose, Purpose::Nothing);
    let kept = known && length >= engine.limits.message_min && why != RecordEnd::Failed;
    if !kept && length > 0 {
        erase(engine, mailbox, record, step);
    }
    match purpose {
        Purpose::Nothing => {}
        Purpose::Message { call, caller } => {
            if kept {
                let seconds = u32::try_from(length.div_ceil(1_000)).unwrap_or(u32::MAX);
                let message = Message { record, caller, at, seconds, read: false, text: None };
                add(engine, mailbox, message, call, step);
            } else if why == RecordEnd::Failed {
                step.event(EventKind::RecordingFailed { mailbox, call });
            }
            voicemail::recorded(engine, call, record, kept, why, step);
        }
        Purpose::Greeting { call } => {
            if kept {
                greet(engine, mailbox, Some(record), step);
            }
            voicemail::recorded(engine, call, record, kept, why, step);
        }
        Purpose::Written => {
            if kept {
                greet(engine, mailbox, Some(record), step);
            }
        }
        Purpose::Prompt { call } => {
            if !studio::recorded(engine, call, record, kept, why, step) && kept {
                erase(engine, mailbox, record, step);
            }
        }
    }
}
