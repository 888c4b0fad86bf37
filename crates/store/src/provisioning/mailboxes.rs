//! Mailboxes.

use model::{Greetings, Mailbox, MailboxId, Pin};

use super::agents::as_email;
use super::fallbacks::prompt;
use super::limits::{MAILBOXES_MAX, MESSAGE_SECONDS, MESSAGES, NAME_MAX, RETENTION_DAYS};
use super::reader::{Fields, Shape};
use super::wanted::WantedMailbox;
use super::yaml::Node;

pub(crate) const MAILBOX: Shape = Shape {
    what: "mailbox",
    known: &[
        "number",
        "name",
        "pin",
        "email",
        "delete_after_email",
        "language",
        "retention_days",
        "max_seconds",
        "max_messages",
        "greetings",
        "transcription",
    ],
    later: &[],
};

pub(crate) const TRANSCRIPTION: Shape = Shape { what: "transcription", known: &["url"], later: &[] };

/// In place of a PIN: there shall be none.
const NO_PIN: &str = "";

/// Longest URL.
const URL_MAX: usize = 2_048;

pub(crate) const GREETINGS: Shape =
    Shape { what: "greetings", known: &["no_answer", "busy", "unavailable"], later: &["closed"] };

/// Languages that a mailbox speaks and writes.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "de"];

/// The mailboxes. Read after everything that has a number: a box may have the number of one of them.
pub(crate) fn mailboxes(top: &Fields<'_>) -> Vec<WantedMailbox> {
    top.list("mailboxes", MAILBOXES_MAX).iter().filter_map(|node| mailbox(top, node)).collect()
}

fn mailbox(top: &Fields<'_>, node: &Node) -> Option<WantedMailbox> {
    let fields = Fields::of(top.reading, node, &MAILBOX)?;
    let number = fields.number("number");
    if let Some(number) = &number {
        fields.reading.claim_mailbox(number, fields.line_of("number"));
    }
    let name = fields.name("name", NAME_MAX);
    let pin = pin(&fields);
    let email = fields.text("email").and_then(|(text, line)| as_email(&fields, text, line));
    let delete_after_email = fields.flag("delete_after_email", false);
    if delete_after_email && fields.get("email").is_none() {
        let line = fields.line_of("delete_after_email");
        fields.problem(line, "the mailbox has `delete_after_email` and no `email`: its messages would stay");
    }
    let defaults = Mailbox::new(MailboxId(0), number?, &name?);
    let mailbox = Mailbox {
        pin,
        email,
        delete_after_email,
        language: language(&fields).unwrap_or_else(|| defaults.language.clone()),
        retention_days: fields.whole("retention_days", RETENTION_DAYS, defaults.retention_days),
        max_seconds: fields.whole("max_seconds", MESSAGE_SECONDS, defaults.max_seconds),
        max_messages: fields.whole("max_messages", MESSAGES, defaults.max_messages),
        transcription: transcription(&fields),
        greetings: greetings(&fields),
        ..defaults
    };
    Some(WantedMailbox { mailbox, no_pin: matches!(fields.text("pin"), Some((NO_PIN, _))) })
}

fn pin(fields: &Fields<'_>) -> Option<Pin> {
    let (text, line) = fields.text("pin").filter(|(text, _)| *text != NO_PIN)?;
    let pin = Pin::parse(text);
    if pin.is_none() {
        // What was written is not shown: it may be nearly the one that was meant.
        let (min, max) = (Pin::LENGTH_MIN, Pin::LENGTH_MAX);
        fields.problem(line, format!("`pin` of the mailbox has {min} to {max} digits, in quotes"));
    }
    pin
}

fn language(fields: &Fields<'_>) -> Option<String> {
    let (text, line) = fields.text("language")?;
    if !LANGUAGES.contains(&text) {
        let all = LANGUAGES.join(", ");
        fields.problem(
            line,
            format!("`language` of the mailbox is `{}`; it can be {all}", super::agents::clean(text)),
        );
        return None;
    }
    Some(text.to_owned())
}

/// The service that puts messages into text.
fn transcription(fields: &Fields<'_>) -> Option<String> {
    let node = fields.get("transcription")?;
    let service = Fields::of(fields.reading, node, &TRANSCRIPTION)?;
    service.must("url")?;
    let (url, line) = service.text("url")?;
    let begins = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    if !begins || url.len() > URL_MAX || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        let right = "begins with https:// and has at most 2,048 characters of ASCII without spaces";
        service.problem(line, format!("`url` of the transcription {right}"));
        return None;
    }
    if url.starts_with("http://") {
        fields.reading.warning(
            "transcription: http:// is not secret, and goes only to networks named in the setting outbound.allow"
                .into(),
        );
    }
    Some(url.to_owned())
}

fn greetings(fields: &Fields<'_>) -> Greetings {
    let node = fields.get("greetings");
    let Some(greetings) = node.and_then(|node| Fields::of(fields.reading, node, &GREETINGS)) else {
        return Greetings::default();
    };
    let said = |name: &str| greetings.get(name).and_then(|_| prompt(&greetings, name));
    Greetings { no_answer: said("no_answer"), busy: said("busy"), unavailable: said("unavailable") }
}
