//! What is said in messages.

use model::{MailboxId, Pii, RecordId};

use crate::engine::Engine;
use crate::event::EventKind;
use crate::step::Step;

/// A service has put a message into text; `false` if there is no such message.
pub(super) fn transcribe(
    engine: &mut Engine,
    mailbox: MailboxId,
    record: RecordId,
    text: Pii<String>,
    step: &mut Step<'_>,
) -> bool {
    let max = engine.limits.message_text_max;
    let kept = engine.mailboxes.kept.get_mut(&mailbox);
    let Some(message) = kept.and_then(|kept| kept.messages.get_mut(&record)) else { return false };
    message.text = Some(Pii(text.0.chars().filter(|c| !c.is_control() || *c == '\n').take(max).collect()));
    step.event(EventKind::MessageTranscribed { mailbox, record });
    true
}
