//! A tree as text again, and trees of what came as JSON.

use serde::ser::{Error as _, Serialize, Serializer};

use super::{Key, Node, Value};

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Nothing => to.serialize_unit(),
            Value::Flag(flag) => to.serialize_bool(*flag),
            Value::Whole(number) => to.serialize_i64(*number),
            // No field is of this kind: what has one is refused by the reader, and never written.
            Value::Other => Err(S::Error::custom("a number that is not whole has no place here")),
            Value::Text(text) => to.serialize_str(text),
            Value::List(list) => to.collect_seq(list),
            Value::Map(entries) => to.collect_map(entries.iter().map(|(key, node)| (&key.name, node))),
        }
    }
}

/// A tree as YAML in which every text is read back as text: what looks like a number, a date or a word of its own
/// stands in quotes.
pub(crate) fn to_yaml(tree: &Node) -> Result<String, String> {
    let options = serde_saphyr::ser_options! {
        // Two spaces before the dash: a list is then seen to belong to its key.
        compact_list_indent: false,
        // A long text stays on its line, so that no reader has to agree on how lines are folded.
        prefer_block_scalars: false,
    };
    serde_saphyr::to_string_with_options(tree, options).map_err(|error| error.to_string())
}

/// A tree as JSON on one line, which is YAML too.
pub(crate) fn to_json(tree: &Node) -> Result<String, String> {
    serde_json::to_string(tree).map_err(|error| error.to_string())
}

/// The tree of a JSON value; its lines are not known.
pub(crate) fn from_json(value: &serde_json::Value) -> Node {
    Node::new(match value {
        serde_json::Value::Null => Value::Nothing,
        serde_json::Value::Bool(flag) => Value::Flag(*flag),
        serde_json::Value::Number(number) => number.as_i64().map_or(Value::Other, Value::Whole),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(list) => Value::List(list.iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => Value::Map(
            entries
                .iter()
                .map(|(name, value)| (Key { line: 0, name: name.clone() }, from_json(value)))
                .collect(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn whatever_a_text_looks_like_it_is_read_back_as_that_text() {
        let texts = [
            "",
            "1001",
            "07",
            "0x1f",
            "0o17",
            "1_000",
            "1e3",
            ".5",
            ".inf",
            "-1",
            "+49301111",
            "yes",
            "No",
            "on",
            "y",
            "true",
            "null",
            "~",
            "2026-12-25",
            "2030-12-31T23:00:00Z",
            "09:00-17:00",
            "12:30",
            "<<",
            "=",
            "- a",
            "-",
            "?",
            "? a",
            "a: b",
            "a:",
            ":a",
            "#",
            "a #b",
            "*",
            "*a",
            "&a",
            "!t",
            "%",
            "@",
            "`",
            "'",
            "\"",
            "it's",
            "\\",
            "{a}",
            "[a]",
            "a, b",
            "|",
            ">",
            "---",
            "...",
            " a",
            "a ",
            "a\nb",
            "a\n",
            "\n",
            "a\tb",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "é",
            "\u{1f600}",
            "\u{7}",
            "a b",
            "{caller}",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "00:00-24:00",
        ];
        let long = "word ".repeat(60);
        for text in texts.into_iter().chain([long.trim()]) {
            let text = || Node::new(Value::Text(text.to_owned()));
            let key = Key { line: 0, name: "k".into() };
            let list = Node::new(Value::List(vec![text(), text()]));
            let tree = Node::new(Value::Map(vec![(key, list)]));
            for written in [to_yaml(&tree).unwrap(), to_json(&tree).unwrap()] {
                let read = parse(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
                assert_eq!(to_json(&read).unwrap(), to_json(&tree).unwrap(), "{written}");
            }
        }
    }

    #[test]
    fn a_key_may_look_like_anything_too() {
        for name in ["1", "*", "#", "yes", "null", "a: b", "2026-01-01", "é", "it's", "?", "-", "<<", "~"] {
            let key = Key { line: 0, name: name.into() };
            let tree = Node::new(Value::Map(vec![(key, Node::new(Value::Flag(true)))]));
            let written = to_yaml(&tree).unwrap();
            let read = parse(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(to_json(&read).unwrap(), to_json(&tree).unwrap(), "{written}");
        }
    }
}
