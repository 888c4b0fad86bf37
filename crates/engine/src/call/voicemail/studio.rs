//! Recording a prompt by phone: `*65`, its number, the tone, what shall be heard; then it is heard, and kept or not.
//!
//! Number 12 becomes the prompt `phone-12` of the domain. What is being recorded lies in the box
//! [`MailboxId::PROMPTS`]; the shell makes a prompt of it, which outlives a crash in between.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, Directory, MailboxId, QueueId, RecordId, Right, Role};

use crate::agents;
use crate::call::voicemail::{self, Stage, play_record, record_for, say, stand};
use crate::call::{connect, prompt};
use crate::cause::Cause;
use crate::command::{MediaCommand, NewPrompt};
use crate::engine::Engine;
use crate::input::RecordEnd;
use crate::mailboxes::{self, Purpose};
use crate::step::Step;
use crate::timer::TimerKind;

/// Digits of a prompt's number.
const NUMBER_LENGTH_MAX: usize = 4;
/// Longest prompt that is recorded by phone, seconds.
pub(super) const SECONDS_MAX: u16 = 300;

/// Where somebody stands who records a prompt.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) enum Take {
    /// Keys in its number.
    Number { digits: String },
    /// Hears the tone.
    Beep { number: String },
    /// Speaks.
    Speaking { number: String, record: RecordId },
    /// Hears what was recorded.
    Heard { number: String, record: RecordId },
    /// Is asked what shall become of it.
    Asked { number: String, record: RecordId },
    /// Waits until it is a prompt.
    Kept { number: String, record: RecordId },
}

impl Take {
    /// What was recorded, and is not decided upon.
    pub(super) fn recorded(&self) -> Option<RecordId> {
        match self {
            Self::Heard { record, .. } | Self::Asked { record, .. } => Some(*record),
            Self::Number { .. } | Self::Beep { .. } | Self::Speaking { .. } | Self::Kept { .. } => None,
        }
    }
}

/// A phone wants to record a prompt.
pub(crate) fn begin(
    engine: &mut Engine,
    id: CallId,
    agent: AgentId,
    queue: Option<QueueId>,
    step: &mut Step<'_>,
) {
    if queue.is_some() {
        return prompt::play_then_end(engine, id, &["invalid-code"], Cause::Normal, step);
    }
    if !may(&engine.directory, agent) {
        return prompt::play_then_end(engine, id, &["failed"], Cause::Normal, step);
    }
    agents::caller_talks(engine, id, step);
    connect::answer_caller(engine, id, step);
    ask_number(engine, id, step);
}

/// Supervisors of the whole domain may, and whoever is above them; with a role of the domain's own who may change it.
fn may(directory: &Directory, agent: AgentId) -> bool {
    directory.agents.get(&agent).is_some_and(|agent| match &agent.role {
        Role::Agent => false,
        Role::Supervisor | Role::Admin | Role::Owner => directory.supervised(agent).is_none(),
        Role::Custom(_) => directory.rights_of(&agent.role).has(Right::Provisioning),
    })
}

fn ask_number(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    stand(engine, id, Stage::Studio(Take::Number { digits: String::new() }), step);
    say(engine, id, vec!["record-number".into()], step);
}

fn number_entered(engine: &mut Engine, id: CallId, digits: String, step: &mut Step<'_>) {
    if digits.is_empty() {
        return ask_number(engine, id, step);
    }
    beep(engine, id, digits, step);
}

fn beep(engine: &mut Engine, id: CallId, number: String, step: &mut Step<'_>) {
    stand(engine, id, Stage::Studio(Take::Beep { number }), step);
    say(engine, id, vec!["tone-beep".into()], step);
}

fn speak(engine: &mut Engine, id: CallId, number: String, step: &mut Step<'_>) {
    let record = mailboxes::begin(engine, MailboxId::PROMPTS, Purpose::Prompt { call: id }, step.now);
    let stage = Stage::Studio(Take::Speaking { number, record });
    record_for(engine, id, (MailboxId::PROMPTS, record, SECONDS_MAX), stage, step);
}

fn ask(engine: &mut Engine, id: CallId, number: String, record: RecordId, step: &mut Step<'_>) {
    stand(engine, id, Stage::Studio(Take::Asked { number, record }), step);
    say(engine, id, vec!["record-menu".into()], step);
}

/// Somebody who records a prompt pressed a key.
pub(super) fn key(engine: &mut Engine, id: CallId, take: Take, key: char, step: &mut Step<'_>) {
    match take {
        Take::Number { mut digits } => match key {
            '#' => number_entered(engine, id, digits, step),
            '*' => ask_number(engine, id, step),
            digit if digit.is_ascii_digit() && digits.len() < NUMBER_LENGTH_MAX => {
                digits.push(digit);
                voicemail::keyed(engine, id, Stage::Studio(Take::Number { digits }), step);
            }
            _ => {}
        },
        Take::Beep { .. } | Take::Kept { .. } => {}
        Take::Speaking { number, record } => {
            let leg = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id());
            let Some(leg) = leg else { return };
            if key == '*' {
                mailboxes::discard(engine, record);
                step.media(MediaCommand::StopRecord { leg });
                beep(engine, id, number, step);
            } else if key == '#' {
                step.media(MediaCommand::StopRecord { leg });
            }
        }
        Take::Heard { number, record } | Take::Asked { number, record } => {
            decided(engine, id, (number, record), key, step);
        }
    }
}

/// `1` keeps it, `2` records it again, `3` plays it again, `*` begins with another number.
fn decided(
    engine: &mut Engine,
    id: CallId,
    (number, record): (String, RecordId),
    key: char,
    step: &mut Step<'_>,
) {
    match key {
        '1' => {
            let caller = engine.calls.get(&id).and_then(|call| call.caller_leg());
            let agent = caller.and_then(|leg| engine.directory.agents.get(&leg.record.agent?));
            let by = agent.map(|agent| agent.name.clone()).unwrap_or_default();
            let prompt = NewPrompt { record, name: format!("phone-{number}"), by };
            stand(engine, id, Stage::Studio(Take::Kept { number, record }), step);
            mailboxes::keep_prompt(engine, id, prompt, step);
            engine.timers.set(TimerKind::VoicemailOverdue(id), step.now.after(engine.limits.prompt_max));
        }
        '2' => {
            mailboxes::erase(engine, MailboxId::PROMPTS, record, step);
            beep(engine, id, number, step);
        }
        '3' => hear(engine, id, number, record, step),
        '*' => {
            mailboxes::erase(engine, MailboxId::PROMPTS, record, step);
            ask_number(engine, id, step);
        }
        _ => {}
    }
}

fn hear(engine: &mut Engine, id: CallId, number: String, record: RecordId, step: &mut Step<'_>) {
    stand(engine, id, Stage::Studio(Take::Heard { number, record }), step);
    play_record(engine, id, MailboxId::PROMPTS, record, step);
}

/// What he heard has come to its end; false if a key is waited for now.
pub(super) fn heard(engine: &mut Engine, id: CallId, take: Take, step: &mut Step<'_>) -> bool {
    match take {
        Take::Beep { number } => speak(engine, id, number, step),
        Take::Heard { number, record } => ask(engine, id, number, record, step),
        Take::Speaking { .. } => {}
        Take::Number { .. } | Take::Asked { .. } | Take::Kept { .. } => return false,
    }
    true
}

/// Nothing was pressed, or something should have been over long ago.
pub(super) fn overdue(engine: &mut Engine, id: CallId, take: Take, step: &mut Step<'_>) {
    match take {
        // What was keyed in counts without the hash, too.
        Take::Number { digits } => number_entered(engine, id, digits, step),
        Take::Beep { number } => speak(engine, id, number, step),
        Take::Heard { number, record } | Take::Asked { number, record } => {
            ask(engine, id, number, record, step);
        }
        Take::Speaking { .. } | Take::Kept { .. } => {
            prompt::play_then_end(engine, id, &["failed"], Cause::Normal, step);
        }
    }
}

/// What he spoke has ended; false if nobody waits for it.
pub(crate) fn recorded(
    engine: &mut Engine,
    id: CallId,
    record: RecordId,
    kept: bool,
    why: RecordEnd,
    step: &mut Step<'_>,
) -> bool {
    let Some(Stage::Studio(Take::Speaking { number, record: expected })) = voicemail::stage(engine, id)
    else {
        return false;
    };
    if expected != record {
        return false;
    }
    if kept {
        hear(engine, id, number, record, step);
    } else if why == RecordEnd::Failed {
        prompt::play_then_end(engine, id, &["failed"], Cause::Normal, step);
    } else {
        stand(engine, id, Stage::Studio(Take::Number { digits: String::new() }), step);
        say(engine, id, vec!["vm-nothing-recorded".into(), "record-number".into()], step);
    }
    true
}

/// It is a prompt now, or could not be made one.
pub(crate) fn kept(engine: &mut Engine, id: CallId, record: RecordId, done: bool, step: &mut Step<'_>) {
    let Some(Stage::Studio(Take::Kept { number, record: expected })) = voicemail::stage(engine, id) else {
        return;
    };
    if expected != record {
        return;
    }
    let digits = number.chars().map(|digit| format!("digit-{digit}"));
    let said: Vec<String> = if done {
        std::iter::once("record-kept".to_owned()).chain(digits).collect()
    } else {
        vec!["failed".into()]
    };
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    prompt::play_then_end(engine, id, &said, Cause::Normal, step);
}

/// He hung up: what he has not kept goes.
pub(super) fn gone(engine: &mut Engine, take: &Take, step: &mut Step<'_>) {
    if let Take::Speaking { record, .. } = take {
        mailboxes::discard(engine, *record);
    }
    if let Some(record) = take.recorded() {
        mailboxes::erase(engine, MailboxId::PROMPTS, record, step);
    }
}
