//! By which fields an entry of a list is known.

use super::super::yaml::{Node, Value};

/// The fields by which an entry of a list is known.
#[derive(Clone, Debug)]
pub(crate) struct Identity(pub(super) Vec<(&'static str, String)>);

impl Identity {
    /// Whether an entry is the one.
    pub(crate) fn is(&self, entry: &Node) -> bool {
        self.0.iter().all(|(field, wanted)| text_of(entry, field) == Some(wanted))
    }
}

/// A field of an entry that is a text. A group is its name.
pub(super) fn text_of<'a>(entry: &'a Node, field: &str) -> Option<&'a str> {
    let node = match &entry.value {
        Value::Map(entries) => &entries.iter().find(|(key, _)| key.name == field)?.1,
        Value::Text(_) if field == "name" => entry,
        Value::Nothing
        | Value::Flag(_)
        | Value::Whole(_)
        | Value::Other
        | Value::Text(_)
        | Value::List(_) => return None,
    };
    match &node.value {
        Value::Text(text) => Some(text),
        Value::Nothing | Value::Flag(_) | Value::Whole(_) | Value::Other | Value::List(_) | Value::Map(_) => {
            None
        }
    }
}
