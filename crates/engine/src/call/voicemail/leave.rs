//! Leaving a message: greeting, tone, message, goodbye.

use callflow::NotReached;
use model::{CallId, ExtensionNumber, Mailbox, MailboxId, RecordId};

use crate::agents;
use crate::call::voicemail::{self, Stage, open, play_record, say, say_goodbye, say_words, stand};
use crate::call::{Call, clear, connect};
use crate::cause::Cause;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::mailboxes;
use crate::step::Step;

/// The box of `number`, or else that of whom the caller wanted: the queue he stood in last, or what he dialed (A29);
/// after a transfer, whom he was sent to.
pub(crate) fn box_of(engine: &Engine, id: CallId, number: Option<&ExtensionNumber>) -> Option<MailboxId> {
    let directory = &engine.directory;
    if let Some(number) = number {
        return directory.mailbox(number.as_str()).map(|mailbox| mailbox.id);
    }
    let call = engine.calls.get(&id)?;
    let (dialed, legs, queues) = match &call.sent_on {
        Some(sent_on) => (sent_on.to.as_str(), sent_on.legs, sent_on.queues),
        None => (call.dialed.as_str(), 1, 0),
    };
    let rung = call.legs.iter().skip(legs).rev().find_map(|leg| leg.record.extension.as_ref());
    let queue = call.queues.iter().skip(queues).last().map(|stay| &stay.number);
    let rung = rung.filter(|_| queue.is_none());
    let wanted = rung.or(queue).map_or(dialed, ExtensionNumber::as_str);
    directory.mailbox(wanted).map(|mailbox| mailbox.id)
}

/// Lets the caller leave a message, after `message` or the box's greeting for why he came; `why` is the cause for
/// which he would be refused otherwise.
pub(crate) fn leave(
    engine: &mut Engine,
    id: CallId,
    mailbox: MailboxId,
    (message, why): (Option<&str>, Cause),
    step: &mut Step<'_>,
) {
    let Some(rules) = engine.directory.mailboxes.get(&mailbox) else {
        return clear::end_call(engine, id, why, step);
    };
    if engine.mailboxes.is_full(rules) {
        return say_goodbye(engine, id, mailbox, &["vm-full"], step);
    }
    let greeting = message.map(str::to_owned).or_else(|| greeting(rules, why));
    agents::caller_talks(engine, id, step);
    connect::answer_caller(engine, id, step);
    stand(engine, id, Stage::Greeting { mailbox }, step);
    match (greeting, engine.mailboxes.greeting(mailbox)) {
        (Some(prompt), _) => say(engine, id, vec![prompt], step),
        (None, Some(record)) => play_record(engine, id, mailbox, record, step),
        (None, None) => say_words(engine, id, mailbox, &["vm-leave-message"], step),
    }
}

/// The provisioned greeting for why the caller came.
fn greeting(mailbox: &Mailbox, why: Cause) -> Option<String> {
    match why.not_reached() {
        NotReached::NoAnswer => mailbox.greetings.no_answer.clone(),
        NotReached::Busy => mailbox.greetings.busy.clone(),
        NotReached::Unavailable => mailbox.greetings.unavailable.clone(),
    }
}

/// `#` goes on to the tone; `*` is for the owner, who is asked for her PIN. She does not come by her call link: whoever
/// does is a stranger, and costs nobody anything to try all boxes.
pub(super) fn key_in_greeting(
    engine: &mut Engine,
    id: CallId,
    mailbox: MailboxId,
    key: char,
    step: &mut Step<'_>,
) {
    match key {
        '#' => beep(engine, id, mailbox, false, step),
        '*' if !engine.calls.get(&id).is_some_and(Call::is_guests) => {
            open::ask_pin(engine, id, mailbox, 0, step)
        }
        _ => {}
    }
}

/// The tone after which is recorded.
pub(super) fn beep(engine: &mut Engine, id: CallId, mailbox: MailboxId, greeting: bool, step: &mut Step<'_>) {
    stand(engine, id, Stage::Beep { mailbox, greeting }, step);
    say(engine, id, vec!["tone-beep".into()], step);
}

/// `#` ends the message, `*` begins it anew; other keys mean nothing, so that nobody loses his message by a
/// touch.
pub(super) fn key_in_recording(
    engine: &mut Engine,
    id: CallId,
    (mailbox, record, greeting): (MailboxId, RecordId, bool),
    key: char,
    step: &mut Step<'_>,
) {
    let leg = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id());
    let Some(leg) = leg else { return };
    match key {
        '#' => step.media(MediaCommand::StopRecord { leg }),
        '*' => {
            mailboxes::discard(engine, record);
            step.media(MediaCommand::StopRecord { leg });
            beep(engine, id, mailbox, greeting, step);
        }
        _ => {}
    }
}

/// A dialed extension was not reached: its box takes the call, if it has one.
pub(crate) fn missed(
    engine: &mut Engine,
    id: CallId,
    number: &ExtensionNumber,
    why: Cause,
    step: &mut Step<'_>,
) {
    let wanted = match why {
        Cause::Busy | Cause::Declined | Cause::NoAnswer | Cause::Unreachable => true,
        Cause::Normal
        | Cause::NotFound
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::CallerGone
        | Cause::AnsweredElsewhere
        | Cause::Congestion
        | Cause::MediaTimeout
        | Cause::SignallingTimeout
        | Cause::NoCommonCodec
        | Cause::Transferred
        | Cause::Administrative
        | Cause::QueueRule
        | Cause::Shutdown
        | Cause::NodeRestart
        | Cause::Internal => false,
    };
    let mailbox = engine.directory.mailbox(number.as_str()).map(|mailbox| mailbox.id);
    let caller = engine.calls.get(&id).and_then(|call| call.caller_leg());
    // Who is unreachable to herself wants to hear her messages.
    let own = caller.is_some_and(|leg| leg.record.extension.as_ref() == Some(number));
    match mailbox.filter(|_| wanted) {
        Some(_) if own => voicemail::check(engine, id, None, step),
        Some(mailbox) => leave(engine, id, mailbox, (None, why), step),
        None => clear::end_call(engine, id, why, step),
    }
}
