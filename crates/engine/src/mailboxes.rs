//! Mailboxes: which messages are in them, what is being recorded, who may open them.
//!
//! The sound is a file of the shell's, named by its [`RecordId`]; here is everything else, and it is in the journal.
//! A recording that begins is noted before it is commanded, and one that is to go is noted until the shell says
//! that its file is gone: so a start after a crash knows what to look for on the disk.

mod hand_over;
mod recordings;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use borsh::{BorshDeserialize, BorshSerialize};
use model::{CallId, CallerId, Mailbox, MailboxId, Pii, RecordId, Timestamp};

use crate::call::voicemail::Session;
use crate::command::{Command, NewPrompt};
use crate::engine::Engine;
use crate::event::{EventKind, MessageGone};
use crate::request::{MessageAction, Rejection, Reply};
use crate::step::Step;
use crate::timer::TimerKind;

pub(crate) use self::hand_over::take_over;
pub(crate) use self::recordings::{begin, discard, greeting_asked, keep_prompt, recording};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Message {
    /// Its recording.
    pub record: RecordId,
    /// Who left it.
    pub caller: CallerId,
    /// When its recording began.
    pub at: Timestamp,
    /// How long it is, seconds, rounded up.
    pub seconds: u32,
    /// Whether it was heard to its end, or marked so.
    pub read: bool,
    /// What is said in it, if a service has put it into text.
    pub text: Option<Pii<String>>,
}

/// One mailbox as others may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxView {
    /// The box.
    pub mailbox: MailboxId,
    /// Messages, the oldest first.
    pub messages: Vec<Message>,
    /// Messages that nobody has heard.
    pub new: u32,
    /// The others.
    pub old: u32,
    /// The greeting that was recorded by phone.
    pub greeting: Option<RecordId>,
    /// Until when nobody gets in, after too many wrong PINs.
    pub locked_until: Option<Timestamp>,
}

/// A recording that the shell owes an answer for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unfinished {
    /// It was being recorded.
    Recording(MailboxId, RecordId),
    /// Its file is to go.
    Erasing(MailboxId, RecordId),
    /// It is to become a prompt.
    Keeping(NewPrompt),
}

/// What the engine keeps of one mailbox.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
struct Kept {
    messages: BTreeMap<RecordId, Message>,
    greeting: Option<RecordId>,
    /// Wrong PINs in a row.
    failures: u32,
    locked_until: Option<Timestamp>,
}

/// What a recording becomes.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) enum Purpose {
    Message {
        call: CallId,
        caller: CallerId,
    },
    Greeting {
        call: CallId,
    },
    /// A greeting that is written by the shell, by request.
    Written,
    /// What may become a prompt.
    Prompt {
        call: CallId,
    },
    /// Nothing: nobody wants it any more.
    Nothing,
}

#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
struct Running {
    mailbox: MailboxId,
    at: Timestamp,
    purpose: Purpose,
}

/// All mailboxes, and the calls that are with one.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Mailboxes {
    kept: BTreeMap<MailboxId, Kept>,
    running: BTreeMap<RecordId, Running>,
    erasing: BTreeSet<(MailboxId, RecordId)>,
    /// What is to become a prompt, with the calls that wait for it.
    keeping: BTreeMap<RecordId, (CallId, NewPrompt)>,
    pub(crate) sessions: BTreeMap<CallId, Session>,
}

impl Mailboxes {
    /// Whether a box takes no further message; those that are being left count.
    pub(crate) fn is_full(&self, mailbox: &Mailbox) -> bool {
        let kept = self.kept.get(&mailbox.id).map_or(0, |kept| kept.messages.len());
        let leaves = |running: &&Running| {
            running.mailbox == mailbox.id && matches!(running.purpose, Purpose::Message { .. })
        };
        kept + self.running.values().filter(leaves).count() >= usize::from(mailbox.max_messages)
    }

    /// The recorded greeting.
    pub(crate) fn greeting(&self, mailbox: MailboxId) -> Option<RecordId> {
        self.kept.get(&mailbox)?.greeting
    }

    /// A message that is still there.
    pub(crate) fn message(&self, mailbox: MailboxId, record: RecordId) -> Option<&Message> {
        self.kept.get(&mailbox)?.messages.get(&record)
    }

    /// The messages that were heard, or were not, the oldest first.
    pub(crate) fn list(&self, mailbox: MailboxId, read: bool) -> Vec<RecordId> {
        let messages = self.kept.get(&mailbox).into_iter().flat_map(|kept| kept.messages.values());
        messages.filter(|message| message.read == read).map(|message| message.record).collect()
    }

    /// How many messages nobody has heard, and how many somebody has.
    fn counts(&self, mailbox: MailboxId) -> (u32, u32) {
        let Some(kept) = self.kept.get(&mailbox) else { return (0, 0) };
        let all = u32::try_from(kept.messages.len()).unwrap_or(u32::MAX);
        let read = kept.messages.values().filter(|message| message.read).count();
        let read = u32::try_from(read).unwrap_or(u32::MAX);
        (all - read, read)
    }

    fn touched(&mut self, mailbox: MailboxId) -> &mut Kept {
        self.kept.entry(mailbox).or_default()
    }
}

impl Engine {
    pub(crate) fn view_mailbox(&self, mailbox: MailboxId) -> Option<MailboxView> {
        if !self.directory.mailboxes.contains_key(&mailbox) {
            return None;
        }
        let (new, old) = self.mailboxes.counts(mailbox);
        let kept = self.mailboxes.kept.get(&mailbox);
        Some(MailboxView {
            mailbox,
            messages: kept.map(|kept| kept.messages.values().cloned().collect()).unwrap_or_default(),
            new,
            old,
            greeting: kept.and_then(|kept| kept.greeting),
            locked_until: kept.and_then(|kept| kept.locked_until),
        })
    }

    pub(crate) fn view_unfinished(&self) -> Vec<Unfinished> {
        let running = self.mailboxes.running.iter();
        let running = running.map(|(&record, running)| Unfinished::Recording(running.mailbox, record));
        let erasing = self.mailboxes.erasing.iter();
        let erasing = erasing.map(|&(mailbox, record)| Unfinished::Erasing(mailbox, record));
        let keeping = self.mailboxes.keeping.values();
        let keeping = keeping.map(|(_, prompt)| Unfinished::Keeping(prompt.clone()));
        running.chain(erasing).chain(keeping).collect()
    }
}

fn add(engine: &mut Engine, mailbox: MailboxId, message: Message, call: CallId, step: &mut Step<'_>) {
    engine.mailboxes.touched(mailbox).messages.insert(message.record, message.clone());
    step.event(EventKind::MessageLeft { mailbox, message, call });
    lamp(engine, mailbox, step);
    set_lapse(engine);
}

/// Another greeting in the place of the one before, or none.
pub(crate) fn greet(engine: &mut Engine, mailbox: MailboxId, record: Option<RecordId>, step: &mut Step<'_>) {
    let before = std::mem::replace(&mut engine.mailboxes.touched(mailbox).greeting, record);
    if let Some(before) = before {
        erase(engine, mailbox, before, step);
    }
}

/// Marks a message as heard or not; `false` if there is no such.
pub(crate) fn mark(
    engine: &mut Engine,
    mailbox: MailboxId,
    record: RecordId,
    read: bool,
    step: &mut Step<'_>,
) -> bool {
    let kept = engine.mailboxes.kept.get_mut(&mailbox);
    let Some(message) = kept.and_then(|kept| kept.messages.get_mut(&record)) else { return false };
    if std::mem::replace(&mut message.read, read) != read {
        step.event(EventKind::MessageMarked { mailbox, record, read });
        lamp(engine, mailbox, step);
    }
    true
}

/// Takes a message away; `false` if there is no such.
pub(crate) fn delete(
    engine: &mut Engine,
    mailbox: MailboxId,
    record: RecordId,
    why: MessageGone,
    step: &mut Step<'_>,
) -> bool {
    let kept = engine.mailboxes.kept.get_mut(&mailbox);
    if kept.and_then(|kept| kept.messages.remove(&record)).is_none() {
        return false;
    }
    step.event(EventKind::MessageDeleted { mailbox, record, why });
    erase(engine, mailbox, record, step);
    lamp(engine, mailbox, step);
    true
}

/// Lets the shell remove a file, and keeps that in mind until it has.
pub(crate) fn erase(engine: &mut Engine, mailbox: MailboxId, record: RecordId, step: &mut Step<'_>) {
    engine.mailboxes.erasing.insert((mailbox, record));
    step.out.commands.push(Command::Erase { mailbox, record });
}

/// Tells the shell how many messages there are, for the phones that show it.
fn lamp(engine: &Engine, mailbox: MailboxId, step: &mut Step<'_>) {
    let Some(number) = engine.directory.mailboxes.get(&mailbox).map(|mailbox| mailbox.number.clone()) else {
        return;
    };
    let (new, old) = engine.mailboxes.counts(mailbox);
    step.out.commands.push(Command::Lamp { mailbox: number, new, old });
}

/// Somebody asks for a change of a message.
pub(crate) fn asked(
    engine: &mut Engine,
    mailbox: MailboxId,
    record: RecordId,
    action: MessageAction,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    if !engine.directory.mailboxes.contains_key(&mailbox) {
        return Err(Rejection::UnknownMailbox);
    }
    let done = match action {
        MessageAction::Read => mark(engine, mailbox, record, true, step),
        MessageAction::Unread => mark(engine, mailbox, record, false, step),
        MessageAction::Delete => delete(engine, mailbox, record, MessageGone::Deleted, step),
        MessageAction::Emailed => delete(engine, mailbox, record, MessageGone::Emailed, step),
        MessageAction::Transcribed(text) => text::transcribe(engine, mailbox, record, text, step),
    };
    if done { Ok(Reply::Message) } else { Err(Rejection::UnknownMessage) }
}

/// What came of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    Open,
    Wrong,
    /// Too many were wrong: nobody gets in for a while, not even with the right one.
    Locked,
}

/// Tries a PIN on a box. Wrong ones are counted over all calls, whoever makes them.
pub(crate) fn open(engine: &mut Engine, mailbox: MailboxId, digits: &str, step: &mut Step<'_>) -> Opened {
    let (failures_max, lock) = (engine.limits.pin_failures_max, engine.limits.pin_lock);
    let Some(pin) = engine.directory.mailboxes.get(&mailbox).and_then(|mailbox| mailbox.pin.as_ref()) else {
        return Opened::Wrong;
    };
    let right = pin.is(digits);
    let kept = engine.mailboxes.touched(mailbox);
    if kept.locked_until.is_some_and(|until| step.now < until) {
        return Opened::Locked;
    }
    kept.locked_until = None;
    if right {
        kept.failures = 0;
        return Opened::Open;
    }
    kept.failures = kept.failures.saturating_add(1);
    if kept.failures < failures_max {
        return Opened::Wrong;
    }
    kept.failures = 0;
    let until = step.now.after(lock);
    kept.locked_until = Some(until);
    step.event(EventKind::MailboxLocked { mailbox, until });
    Opened::Locked
}

/// Boxes that are provisioned no more lose their messages; the clocks of the others are set by their new rules.
pub(crate) fn configure(engine: &mut Engine, step: &mut Step<'_>) {
    let gone = |id: &&MailboxId| !engine.directory.mailboxes.contains_key(id);
    let gone: Vec<MailboxId> = engine.mailboxes.kept.keys().filter(gone).copied().collect();
    for mailbox in gone {
        let Some(kept) = engine.mailboxes.kept.remove(&mailbox) else { continue };
        for record in kept.messages.into_keys() {
            step.event(EventKind::MessageDeleted { mailbox, record, why: MessageGone::MailboxGone });
            erase(engine, mailbox, record, step);
        }
        if let Some(record) = kept.greeting {
            erase(engine, mailbox, record, step);
        }
    }
    set_lapse(engine);
}

/// Deletes what has been kept for as long as its box says.
pub(crate) fn lapse(engine: &mut Engine, step: &mut Step<'_>) {
    let lapsed = |(mailbox, record, at): (MailboxId, RecordId, Timestamp)| {
        (at <= step.now).then_some((mailbox, record))
    };
    let lapsed: Vec<(MailboxId, RecordId)> = lapses(engine).filter_map(lapsed).collect();
    for (mailbox, record) in lapsed {
        delete(engine, mailbox, record, MessageGone::Lapsed, step);
    }
    set_lapse(engine);
}

/// When each message lapses that does.
fn lapses(engine: &Engine) -> impl Iterator<Item = (MailboxId, RecordId, Timestamp)> {
    engine.mailboxes.kept.iter().flat_map(|(&mailbox, kept)| {
        let days = engine.directory.mailboxes.get(&mailbox).map_or(0, |mailbox| mailbox.retention_days);
        let keep = Duration::from_secs(u64::from(days) * 24 * 60 * 60);
        let messages = kept.messages.values().filter(move |_| days > 0);
        messages.map(move |message| (mailbox, message.record, message.at.after(keep)))
    })
}

fn set_lapse(engine: &mut Engine) {
    match lapses(engine).map(|(_, _, at)| at).min() {
        Some(at) => engine.timers.set(TimerKind::MessagesLapse, at),
        None => engine.timers.stop(TimerKind::MessagesLapse),
    }
}
