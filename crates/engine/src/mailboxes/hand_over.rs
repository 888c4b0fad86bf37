//! What another version is told of mailboxes: the sounds lie on the disk, and without this nobody would know of them.

use std::collections::BTreeMap;

use model::{CallerId, MailboxId, RecordId};

use super::{Kept, Mailboxes, Message, Purpose, Running, Session, erase, set_lapse};
use crate::engine::Engine;
use crate::hand_over::{HandedMailbox, HandedMessage};
use crate::step::Step;

impl Mailboxes {
    /// All there is of each box.
    pub(crate) fn hand_over(&self) -> Vec<HandedMailbox> {
        let empty = |mailbox| HandedMailbox {
            mailbox,
            messages: Vec::new(),
            greeting: None,
            failures: 0,
            locked_until: None,
            under_way: Vec::new(),
            erasing: Vec::new(),
        };
        let mut handed: BTreeMap<MailboxId, HandedMailbox> = BTreeMap::new();
        let mut of = |mailbox: MailboxId, tell: &mut dyn FnMut(&mut HandedMailbox)| {
            tell(handed.entry(mailbox).or_insert_with(|| empty(mailbox)));
        };
        for (&mailbox, kept) in &self.kept {
            of(mailbox, &mut |handed| {
                handed.messages = kept.messages.values().map(message).collect();
                handed.greeting = kept.greeting;
                handed.failures = kept.failures;
                handed.locked_until = kept.locked_until;
            });
        }
        for (&record, running) in &self.running {
            of(running.mailbox, &mut |handed| handed.under_way.push(under_way(record, running)));
        }
        for &(mailbox, record) in &self.erasing {
            of(mailbox, &mut |handed| handed.erasing.push(record));
        }
        // Who was recording a prompt does so again.
        let asked = self.sessions.values().filter_map(Session::recorded_prompt);
        for record in self.keeping.keys().copied().chain(asked) {
            of(MailboxId::PROMPTS, &mut |handed| handed.erasing.push(record));
        }
        handed.into_values().collect()
    }
}

fn message(message: &Message) -> HandedMessage {
    let Message { record, caller, at, seconds, read, text } = message;
    let caller = (caller.number.clone(), caller.name.clone());
    HandedMessage { record: *record, caller, at: *at, seconds: *seconds, read: *read, text: text.clone() }
}

fn under_way(record: RecordId, running: &Running) -> (Option<model::CallId>, HandedMessage) {
    let (call, caller) = match &running.purpose {
        Purpose::Message { call, caller } => (Some(*call), caller.clone()),
        Purpose::Greeting { .. } | Purpose::Written | Purpose::Prompt { .. } | Purpose::Nothing => {
            (None, CallerId::new("", ""))
        }
    };
    let caller = (caller.number, caller.name);
    (call, HandedMessage { record, caller, at: running.at, seconds: 0, read: false, text: None })
}

/// Goes on from what another version has left. Of a box that is not provisioned any more the files go.
pub(crate) fn take_over(engine: &mut Engine, handed: &[HandedMailbox], step: &mut Step<'_>) {
    for of in handed {
        let mailbox = of.mailbox;
        for (call, HandedMessage { record, caller: (number, name), at, .. }) in &of.under_way {
            let caller = CallerId { number: number.clone(), name: name.clone() };
            let purpose = call.map_or(Purpose::Nothing, |call| Purpose::Message { call, caller });
            engine.mailboxes.running.insert(*record, Running { mailbox, at: *at, purpose });
        }
        for record in &of.erasing {
            erase(engine, mailbox, *record, step);
        }
        if !engine.directory.mailboxes.contains_key(&mailbox) {
            let files = of.messages.iter().map(|message| message.record).chain(of.greeting);
            for record in files.collect::<Vec<_>>() {
                erase(engine, mailbox, record, step);
            }
            continue;
        }
        let message = |of: &HandedMessage| {
            let caller = CallerId { number: of.caller.0.clone(), name: of.caller.1.clone() };
            let HandedMessage { record, caller: _, at, seconds, read, text } = of.clone();
            let message = Message { record, caller, at, seconds, read, text };
            (of.record, message)
        };
        let kept = Kept {
            messages: of.messages.iter().map(message).collect(),
            greeting: of.greeting,
            failures: of.failures,
            locked_until: of.locked_until,
        };
        engine.mailboxes.kept.insert(mailbox, kept);
    }
    set_lapse(engine);
}
