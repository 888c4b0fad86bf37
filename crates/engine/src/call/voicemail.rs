//! A call that is with a mailbox: a caller who leaves a message, or an owner who hears them.
//!
//! [`leave`] takes a caller from the greeting to the saved message, [`open`] lets an owner in, [`listen`] is her
//! menu, [`speak`] makes prompts of numbers and times, in [`studio`] prompts are recorded. What the boxes hold is [`crate::mailboxes`].

pub(crate) mod leave;
mod listen;
mod open;
mod speak;
pub(crate) mod studio;

use borsh::{BorshDeserialize, BorshSerialize};
use model::{CallId, MailboxId, PlayId, RecordId};

use crate::call::{Place, clear, connect, prompt};
use crate::cause::Cause;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::input::RecordEnd;
use crate::mailboxes::{self, Purpose};
use crate::step::Step;
use crate::timer::TimerKind;
use studio::Take;

pub(crate) use open::check;

/// How often nothing is pressed before the call is ended.
const IDLE_MAX: u8 = 3;

/// Where a call stands in its dealings with a mailbox.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Session {
    stage: Stage,
    /// What the caller hears.
    play: Option<PlayId>,
    /// How often in a row nothing was pressed.
    idle: u8,
}

impl Session {
    /// What was recorded to become a prompt, as long as nothing has become of it.
    pub(crate) fn recorded_prompt(&self) -> Option<RecordId> {
        match &self.stage {
            Stage::Studio(take) => take.recorded(),
            Stage::Greeting { .. }
            | Stage::Beep { .. }
            | Stage::Recording { .. }
            | Stage::Number { .. }
            | Stage::Pin { .. }
            | Stage::Main { .. }
            | Stage::Listen { .. }
            | Stage::Options { .. } => None,
        }
    }
}

#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
enum Stage {
    /// Hears the greeting, then the tone.
    Greeting { mailbox: MailboxId },
    /// Hears the tone before a recording begins.
    Beep { mailbox: MailboxId, greeting: bool },
    /// Leaves a message (false) or records the greeting (true).
    Recording { mailbox: MailboxId, record: RecordId, greeting: bool },
    /// Keys in a box's number.
    Number { digits: String },
    /// Keys in its PIN.
    Pin { mailbox: MailboxId, digits: String, wrong: u8 },
    /// Is asked what to do.
    Main { mailbox: MailboxId },
    /// Goes through a list of messages.
    Listen { mailbox: MailboxId, list: Vec<RecordId>, at: usize, heard: Heard },
    /// Is asked what to do about the greeting.
    Options { mailbox: MailboxId },
    /// Records a prompt.
    Studio(Take),
}

/// What of a message is being heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
enum Heard {
    /// Something before it: its number, its envelope.
    Before,
    /// The message itself.
    Message,
    /// What can be done with it.
    Menu,
}

/// Takes the call into a stage; what it hears there comes with `say` or `play_record`.
fn stand(engine: &mut Engine, id: CallId, stage: Stage, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.place = Place::Voicemail;
    step.touch_call(id);
    let idle = engine.mailboxes.sessions.get(&id).map_or(0, |session| session.idle);
    engine.mailboxes.sessions.insert(id, Session { stage, play: None, idle });
}

/// Plays prompts of the program in the language of a mailbox.
fn say_words(engine: &mut Engine, id: CallId, mailbox: MailboxId, names: &[&str], step: &mut Step<'_>) {
    let rules = engine.directory.mailboxes.get(&mailbox);
    let prompts = names.iter().map(|name| speak::word(rules, name)).collect();
    say(engine, id, prompts, step);
}

/// Says a last word in the language of a mailbox and ends the call.
fn say_goodbye(engine: &mut Engine, id: CallId, mailbox: MailboxId, names: &[&str], step: &mut Step<'_>) {
    let rules = engine.directory.mailboxes.get(&mailbox);
    let prompts: Vec<String> = names.iter().map(|name| speak::word(rules, name)).collect();
    let prompts: Vec<&str> = prompts.iter().map(String::as_str).collect();
    prompt::play_then_end(engine, id, &prompts, Cause::Normal, step);
}

/// Plays prompts; a key or the end of them is waited for.
fn say(engine: &mut Engine, id: CallId, prompts: Vec<String>, step: &mut Step<'_>) {
    let play = connect::play(engine, id, prompts, false, step);
    hears(engine, id, play, engine.limits.prompt_max, step);
}

/// Plays a recording of a box.
fn play_record(engine: &mut Engine, id: CallId, mailbox: MailboxId, record: RecordId, step: &mut Step<'_>) {
    let leg =
        engine.calls.get(&id).filter(|call| call.caller_is_answered()).and_then(|call| call.caller_leg());
    let Some(leg) = leg.map(|leg| leg.id()) else { return };
    let play = engine.ids.play();
    step.media(MediaCommand::PlayRecord { leg, play, mailbox, record });
    let unknown = if mailbox == MailboxId::PROMPTS { studio::SECONDS_MAX.into() } else { 0 };
    let seconds = engine.mailboxes.message(mailbox, record).map_or(unknown, |message| message.seconds);
    let longest = engine.limits.prompt_max.saturating_add(std::time::Duration::from_secs(seconds.into()));
    hears(engine, id, Some(play), longest, step);
}

fn hears(
    engine: &mut Engine,
    id: CallId,
    play: Option<PlayId>,
    longest: std::time::Duration,
    step: &mut Step<'_>,
) {
    match engine.mailboxes.sessions.get_mut(&id) {
        Some(session) if play.is_some() => session.play = play,
        Some(_) | None => return clear::end_call(engine, id, Cause::Normal, step),
    }
    engine.timers.set(TimerKind::VoicemailOverdue(id), step.now.after(longest));
}

/// Lets the caller speak into a file.
fn record(engine: &mut Engine, id: CallId, mailbox: MailboxId, greeting: bool, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get(&id) else { return };
    let Some(rules) = engine.directory.mailboxes.get(&mailbox) else {
        return clear::end_call(engine, id, Cause::Normal, step);
    };
    let max = rules.max_seconds;
    let purpose = if greeting {
        Purpose::Greeting { call: id }
    } else {
        Purpose::Message { call: id, caller: call.caller.clone() }
    };
    let record = mailboxes::begin(engine, mailbox, purpose, step.now);
    let stage = Stage::Recording { mailbox, record, greeting };
    record_for(engine, id, (mailbox, record, max), stage, step);
}

/// Lets the caller speak for `max` seconds at most, in this stage.
fn record_for(
    engine: &mut Engine,
    id: CallId,
    (mailbox, record, max): (MailboxId, RecordId, u16),
    stage: Stage,
    step: &mut Step<'_>,
) {
    let Some(leg) = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id()) else {
        return;
    };
    let silence = engine.limits.message_silence;
    step.media(MediaCommand::Record { leg, mailbox, record, max, silence });
    stand(engine, id, stage, step);
    // The shell ends it by itself; this is for one that does not.
    let last = engine.limits.prompt_max.saturating_add(std::time::Duration::from_secs(max.into()));
    engine.timers.set(TimerKind::VoicemailOverdue(id), step.now.after(last));
}

/// The stage of a call, taken as it is now.
fn stage(engine: &Engine, id: CallId) -> Option<Stage> {
    engine.mailboxes.sessions.get(&id).map(|session| session.stage.clone())
}

/// The caller pressed a key.
pub(crate) fn key(engine: &mut Engine, id: CallId, key: char, step: &mut Step<'_>) {
    if let Some(session) = engine.mailboxes.sessions.get_mut(&id) {
        session.idle = 0;
    }
    let Some(stage) = stage(engine, id) else { return };
    match stage {
        Stage::Greeting { mailbox } => leave::key_in_greeting(engine, id, mailbox, key, step),
        Stage::Beep { .. } => {}
        Stage::Recording { record, greeting, mailbox } => {
            leave::key_in_recording(engine, id, (mailbox, record, greeting), key, step);
        }
        Stage::Number { digits } => open::number_key(engine, id, digits, key, step),
        Stage::Pin { mailbox, digits, wrong } => {
            open::pin_key(engine, id, (mailbox, digits, wrong), key, step)
        }
        Stage::Main { mailbox } => listen::main_key(engine, id, mailbox, key, step),
        Stage::Listen { mailbox, list, at, .. } => {
            listen::message_key(engine, id, (mailbox, list, at), key, step);
        }
        Stage::Options { mailbox } => listen::options_key(engine, id, mailbox, key, step),
        Stage::Studio(take) => studio::key(engine, id, take, key, step),
    }
}

/// Keeps what was keyed in so far; the next key is waited for, and the prompt is not heard further.
fn keyed(engine: &mut Engine, id: CallId, stage: Stage, step: &mut Step<'_>) {
    let leg = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id());
    let plays = engine.mailboxes.sessions.get(&id).is_some_and(|session| session.play.is_some());
    stand(engine, id, stage, step);
    if let Some(leg) = leg.filter(|_| plays) {
        step.media(MediaCommand::StopPlay { leg });
    }
    key_is_awaited(engine, id, step);
}

/// What the caller heard has come to its end.
pub(crate) fn heard(engine: &mut Engine, id: CallId, ended: PlayId, step: &mut Step<'_>) {
    let Some(session) = engine.mailboxes.sessions.get_mut(&id) else { return };
    if session.play.take_if(|play| *play == ended).is_none() {
        return;
    }
    match session.stage.clone() {
        Stage::Greeting { mailbox } => leave::beep(engine, id, mailbox, false, step),
        Stage::Beep { mailbox, greeting } => record(engine, id, mailbox, greeting, step),
        Stage::Listen { mailbox, list, at, heard } => {
            listen::heard(engine, id, (mailbox, list, at), heard, step);
        }
        Stage::Recording { .. } => {}
        Stage::Studio(take) => {
            if !studio::heard(engine, id, take, step) {
                key_is_awaited(engine, id, step);
            }
        }
        Stage::Number { .. } | Stage::Pin { .. } | Stage::Main { .. } | Stage::Options { .. } => {
            key_is_awaited(engine, id, step);
        }
    }
}

fn key_is_awaited(engine: &mut Engine, id: CallId, step: &Step<'_>) {
    engine.timers.set(TimerKind::VoicemailOverdue(id), step.now.after(engine.limits.key_wait));
}

/// Nothing was pressed, or something should have been over long ago.
pub(crate) fn overdue(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(session) = engine.mailboxes.sessions.get_mut(&id) else { return };
    session.idle = session.idle.saturating_add(1);
    if session.idle >= IDLE_MAX {
        return prompt::play_then_end(engine, id, &["goodbye"], Cause::Normal, step);
    }
    match session.stage.clone() {
        Stage::Greeting { mailbox } => leave::beep(engine, id, mailbox, false, step),
        Stage::Beep { mailbox, greeting } => record(engine, id, mailbox, greeting, step),
        Stage::Recording { mailbox, .. } => say_goodbye(engine, id, mailbox, &["vm-failed"], step),
        // What was keyed in counts without the hash, too.
        Stage::Number { digits } => open::number_entered(engine, id, &digits, step),
        Stage::Pin { mailbox, digits, wrong } => {
            open::pin_entered(engine, id, (mailbox, &digits, wrong), step)
        }
        Stage::Main { mailbox } => listen::main(engine, id, mailbox, step),
        Stage::Listen { mailbox, list, at, heard: Heard::Menu } => {
            listen::menu(engine, id, (mailbox, list, at), step);
        }
        Stage::Listen { mailbox, list, at, heard } => {
            listen::heard(engine, id, (mailbox, list, at), heard, step);
        }
        Stage::Options { mailbox } => listen::options(engine, id, mailbox, step),
        Stage::Studio(take) => studio::overdue(engine, id, take, step),
    }
}

/// A recording of this call has ended: kept, or not.
pub(crate) fn recorded(
    engine: &mut Engine,
    id: CallId,
    record: RecordId,
    kept: bool,
    why: RecordEnd,
    step: &mut Step<'_>,
) {
    let Some(Stage::Recording { mailbox, record: expected, greeting }) = stage(engine, id) else { return };
    if expected != record {
        return;
    }
    let failed = why == RecordEnd::Failed;
    match (greeting, kept) {
        (true, true) => listen::options_after(engine, id, mailbox, "vm-greeting-saved", step),
        (true, false) if failed => listen::options_after(engine, id, mailbox, "vm-failed", step),
        (true, false) => listen::options_after(engine, id, mailbox, "vm-nothing-recorded", step),
        (false, true) => say_goodbye(engine, id, mailbox, &["vm-saved"], step),
        (false, false) if failed => say_goodbye(engine, id, mailbox, &["vm-failed"], step),
        (false, false) => say_goodbye(engine, id, mailbox, &["vm-nothing-recorded"], step),
    }
}

/// The call is being ended, or goes elsewhere.
pub(crate) fn gone(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    if let Some(Session { stage: Stage::Studio(take), .. }) = engine.mailboxes.sessions.remove(&id) {
        studio::gone(engine, &take, step);
    }
    engine.timers.stop(TimerKind::VoicemailOverdue(id));
}
