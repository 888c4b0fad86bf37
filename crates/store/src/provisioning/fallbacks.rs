//! Fallbacks, and what a number opens: mappings of exactly one field.

use model::{DidAction, ExtensionNumber, FallbackAction};

use super::reader::{Fields, Shape};
use super::reading::{Kind, Reading, Target};
use super::yaml::{Node, Value};

pub(crate) const FALLBACK: Shape = Shape {
    what: "action",
    known: &["hangup", "queue", "extension", "flow", "external", "voicemail"],
    later: &["ivr", "ring_group", "ext_flow", "repeat"],
};

pub(crate) const HANGUP: Shape = Shape { what: "hangup", known: &["message"], later: &[] };

pub(crate) const VOICEMAIL: Shape = Shape { what: "voicemail", known: &["message"], later: &["mailbox"] };

pub(crate) const OPEN: Shape = Shape {
    what: "open",
    known: &["queue", "extension", "flow", "hangup"],
    later: &["ivr", "ring_group", "voicemail", "external", "ext_flow"],
};

/// Whose fallback is read.
pub(crate) struct Owner<'a> {
    pub(crate) kind: Kind,
    /// None if its own number is wrong, which is noted elsewhere.
    pub(crate) number: Option<&'a ExtensionNumber>,
}

/// A field that is a fallback. None if it is missing or wrong; the latter is noted.
pub(crate) fn fallback(fields: &Fields<'_>, name: &str, owner: &Owner<'_>) -> Option<FallbackAction> {
    let node = fields.get(name)?;
    let reading = fields.reading;
    let action = Fields::of(reading, node, &FALLBACK)?;
    let (choice, value) = only(&action, name, &FALLBACK)?;
    let refer = |field: &str, target| {
        let number = reference(&action, field)?;
        reading.refer(value.line, &format!("`{name}`"), owner.number, &number, target);
        Some(number)
    };
    match choice {
        "hangup" => Some(FallbackAction::Hangup { message: hangup_message(reading, value)? }),
        "queue" => refer("queue", Target::Queue).map(FallbackAction::Queue),
        "extension" => refer("extension", Target::Any).map(FallbackAction::Extension),
        "flow" => refer("flow", Target::Flow).map(FallbackAction::Flow),
        "external" => outside(&action, "external").map(FallbackAction::External),
        _ => {
            let message = voicemail_message(reading, value)?;
            let place = match owner.kind {
                Kind::Queue => "queue",
                Kind::Flow => "flow",
                Kind::Agent | Kind::Extension => "extension",
            };
            let number = owner.number.map(ToString::to_string).unwrap_or_default();
            reading.warning(format!(
                "{place} {number} {name}: voicemail plays its message and ends the call, there are no mailboxes yet"
            ));
            Some(FallbackAction::Voicemail { message: Some(message) })
        }
    }
}

/// What a number opens.
pub(crate) fn open(fields: &Fields<'_>) -> Option<DidAction> {
    let node = fields.must("open")?;
    let reading = fields.reading;
    let action = Fields::of(reading, node, &OPEN)?;
    let (choice, value) = only(&action, "open", &OPEN)?;
    let refer = |field: &str, target| {
        let number = reference(&action, field)?;
        reading.refer(value.line, "`open`", None, &number, target);
        Some(number)
    };
    match choice {
        "queue" => refer("queue", Target::Queue).map(DidAction::Queue),
        "extension" => refer("extension", Target::Phone).map(DidAction::Extension),
        "flow" => refer("flow", Target::Flow).map(DidAction::Flow),
        _ => Some(DidAction::Hangup { message: hangup_message(reading, value)? }),
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
fn outside(action: &Fields<'_>, field: &str) -> Option<String> {
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

/// The message that asks for one, which must be there.
fn voicemail_message(reading: &Reading<'_>, node: &Node) -> Option<String> {
    let fields = Fields::of(reading, node, &VOICEMAIL)?;
    fields.must("message")?;
    prompt(&fields, "message")
}

/// A field that names a prompt.
pub(crate) fn prompt(fields: &Fields<'_>, name: &str) -> Option<String> {
    let (text, line) = fields.text(name)?;
    fields.reading.prompt(line, &format!("`{name}` of the {}", fields.what), text);
    Some(text.to_owned())
}
