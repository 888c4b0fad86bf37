//! Where a caller goes, by a number, a queue or a flow: mappings of exactly one field.

use model::{ExtensionNumber, FallbackAction};

use super::reader::{Fields, Shape};
use super::reading::{Reading, Target};
use super::yaml::{Node, Value};

pub(crate) const FALLBACK: Shape = Shape {
    what: "action",
    known: &["hangup", "queue", "extension", "flow", "ring_group", "external", "voicemail"],
    later: &["ivr", "ext_flow", "repeat"],
};

pub(crate) const HANGUP: Shape = Shape { what: "hangup", known: &["message"], later: &[] };

pub(crate) const VOICEMAIL: Shape = Shape { what: "voicemail", known: &["message", "mailbox"], later: &[] };

/// Whose action is read.
pub(crate) struct Owner<'a> {
    /// What it is, for messages.
    pub(crate) what: &'a str,
    /// Its number, if callers can be sent to it and it is not wrong, which is noted elsewhere.
    pub(crate) from: Option<&'a ExtensionNumber>,
}

impl<'a> Owner<'a> {
    /// Something of the domain's number space.
    pub(crate) fn inside(what: &'a str, number: Option<&'a ExtensionNumber>) -> Self {
        Self { what, from: number }
    }
}

/// A field that is an action. None if it is missing or wrong; the latter is noted.
pub(crate) fn fallback(fields: &Fields<'_>, name: &str, owner: &Owner<'_>) -> Option<FallbackAction> {
    let node = fields.get(name)?;
    let reading = fields.reading;
    let action = Fields::of(reading, node, &FALLBACK)?;
    let (choice, value) = only(&action, name, &FALLBACK)?;
    let refer = |field: &str, target| {
        let number = reference(&action, field)?;
        reading.refer(value.line, &format!("`{name}`"), owner.from, &number, target);
        Some(number)
    };
    match choice {
        "hangup" => Some(FallbackAction::Hangup { message: hangup_message(reading, value)? }),
        "queue" => refer("queue", Target::Queue).map(FallbackAction::Queue),
        "extension" => refer("extension", Target::Any).map(FallbackAction::Extension),
        "flow" => refer("flow", Target::Flow).map(FallbackAction::Flow),
        "ring_group" => refer("ring_group", Target::RingGroup).map(FallbackAction::RingGroup),
        "external" => outside(&action, "external").map(FallbackAction::External),
        _ => {
            let (mailbox, message) = voicemail(reading, name, value)?;
            if mailbox.is_none() && owner.what == "number" {
                reading.warning_on(
                    value.line,
                    &format!(
                        "`{name}` leads to voicemail, and a number has no mailbox of its own: it plays its message and \
                         ends the call; name one with `mailbox`"
                    ),
                );
            }
            if let (None, Some(number)) = (&mailbox, owner.from) {
                let what = owner.what;
                reading.own_box(
                    number,
                    format!(
                        "{what} {number} {name}: there is no mailbox {number}, so voicemail plays its message and \
                         ends the call; add {number} to `mailboxes`, or name another with `mailbox`"
                    ),
                );
            }
            Some(FallbackAction::Voicemail { mailbox, message })
        }
    }
}

/// The one field of a mapping that has exactly one.
fn only<'a>(action: &Fields<'a>, name: &str, shape: &Shape) -> Option<(&'static str, &'a Node)> {
    let mut given = shape.known.iter().filter_map(|choice| Some((*choice, action.given(choice)?)));
    match (given.next(), given.next()) {
        (Some(only), None) => Some(only),
        (None, _) | (Some(_), Some(_)) => {
            action.problem(action.line, format!("`{name}` wants exactly one of {}", shape.known.join(", ")));
            None
        }
    }
}

fn reference(action: &Fields<'_>, field: &str) -> Option<ExtensionNumber> {
    let (text, line) = action.text(field)?;
    action.as_number(field, text, line)
}

/// A number outside.
pub(crate) fn outside(action: &Fields<'_>, field: &str) -> Option<String> {
    let (text, line) = action.text(field)?;
    let digits = text.strip_prefix('+').unwrap_or(text);
    if (5..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let shown = super::agents::clean(text);
    let wanted = "a number outside has 5 to 32 digits, with a + before them if need be";
    action.problem(line, format!("`{field}` is `{shown}`; {wanted}"));
    None
}

/// The message of a hang-up, if it has one. None if something is wrong.
fn hangup_message(reading: &Reading<'_>, node: &Node) -> Option<Option<String>> {
    if matches!(node.value, Value::Nothing) {
        return Some(None);
    }
    let fields = Fields::of(reading, node, &HANGUP)?;
    if fields.get("message").is_none() {
        return Some(None);
    }
    prompt(&fields, "message").map(Some)
}

/// Whose box, if it is named, and the message that asks for one, if there is one. None if something is wrong.
fn voicemail(
    reading: &Reading<'_>,
    name: &str,
    node: &Node,
) -> Option<(Option<ExtensionNumber>, Option<String>)> {
    if matches!(node.value, Value::Nothing) {
        return Some((None, None));
    }
    let fields = Fields::of(reading, node, &VOICEMAIL)?;
    let mailbox = match fields.get("mailbox") {
        None => None,
        Some(_) => {
            let number = reference(&fields, "mailbox")?;
            reading.refer(fields.line_of("mailbox"), &format!("`{name}`"), None, &number, Target::Mailbox);
            Some(number)
        }
    };
    let message = match fields.get("message") {
        None => None,
        Some(_) => Some(prompt(&fields, "message")?),
    };
    Some((mailbox, message))
}

/// A field that names a prompt.
pub(crate) fn prompt(fields: &Fields<'_>, name: &str) -> Option<String> {
    let (text, line) = fields.text(name)?;
    fields.reading.prompt(line, &format!("`{name}` of the {}", fields.what), text);
    Some(text.to_owned())
}
