//! YAML as a tree in which every value knows its line.
//!
//! Text goes in that anybody may have written: size, depth and count are bounded, anchors, aliases, merge keys
//! and tags are refused, and only `true` and `false` are booleans.

pub(crate) mod write;

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Spanned};

use super::limits::{DEPTH_MAX, FILE_BYTES_MAX, NODES_MAX};
use super::problem::Problem;

/// A value and the line it starts on; 0 if it stands in no text.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: u64,
    pub(crate) value: Value,
}

impl Node {
    /// A value that stands in no text.
    pub(crate) fn new(value: Value) -> Self {
        Self { line: 0, value }
    }
}

/// A value as it was written.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Nothing,
    Flag(bool),
    Whole(i64),
    /// A number that is not whole, or too large to be one.
    Other,
    Text(String),
    List(Vec<Node>),
    /// In the file's order; a key may stand twice.
    Map(Vec<(Key, Node)>),
}

/// A key and its line.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) line: u64,
    pub(crate) name: String,
}

impl Value {
    /// What it is, for a message that wanted something else.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Flag(_) => "true or false",
            Self::Whole(_) | Self::Other => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Reads one YAML document.
pub(crate) fn parse(text: &str) -> Result<Node, Problem> {
    if text.len() > FILE_BYTES_MAX {
        let text = format!("the file has {} bytes, {FILE_BYTES_MAX} are allowed", text.len());
        return Err(Problem::new(0, text));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
            max_documents: 1,
            max_depth: DEPTH_MAX,
            flow_nesting_limit: DEPTH_MAX,
            max_nodes: NODES_MAX,
            max_events: NODES_MAX * 2,
            max_total_scalar_bytes: FILE_BYTES_MAX,
            max_total_comment_bytes: FILE_BYTES_MAX,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        Problem::new(line, describe(&error))
    })
}

fn describe(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.contains("alias") || text.contains("anchor") {
        return "anchors and aliases (`&` and `*`) are not allowed here; write the value out, or put it in quotes"
            .into();
    }
    format!("this is not YAML as it is read here: {text}")
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { line: spanned.referenced.line(), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { line: spanned.referenced.line(), name: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a mapping")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Self)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Whole(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Other, Value::Whole))
    }

    fn visit_i128<E: Error>(self, number: i128) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Other, Value::Whole))
    }

    fn visit_u128<E: Error>(self, number: u128) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Other, Value::Whole))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Value::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Key>()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_and_key_knows_its_line() {
        let node = parse("a: 1\nb:\n  - {c: x,\n     d: true}\n  - \"07\"\ne: 07\nf: ~\ng: yes\n").unwrap();
        let Value::Map(entries) = node.value else { panic!("a mapping") };
        let lines: Vec<_> = entries.iter().map(|(key, node)| (key.line, node.line)).collect();
        assert_eq!(lines[0], (1, 1));
        assert_eq!(lines[2], (6, 6));
        assert!(matches!(&entries[2].1.value, Value::Text(text) if text == "07"));
        assert!(matches!(&entries[3].1.value, Value::Nothing));
        assert!(matches!(&entries[4].1.value, Value::Text(text) if text == "yes"));
        let Value::List(list) = &entries[1].1.value else { panic!("a list") };
        assert_eq!((list[0].line, list[1].line), (3, 5));
        let Value::Map(inner) = &list[0].value else { panic!("a mapping") };
        assert_eq!(inner[1].0.line, 4);
    }

    #[test]
    fn a_key_may_stand_twice_and_both_are_seen() {
        let node = parse("a: 1\na: 2\n").unwrap();
        assert!(matches!(node.value, Value::Map(entries) if entries.len() == 2));
    }

    #[test]
    fn hostile_text_is_refused_with_its_line() {
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
        assert!(parse(bomb).unwrap_err().text.contains("anchors and aliases"), "{:?}", parse(bomb));
        let deep = format!("a: {}{}", "[".repeat(1000), "]".repeat(1000));
        for text in [deep.as_str(), "a: [", "a: b: c", "\"", "a: 1\n---\nb: 2\n", "a: !foo 1", "a: 1\n\tb: 2"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("a: 1\nb: ]\nc: 2\n").unwrap_err().line, 2);
        assert!(parse(&"#".repeat(FILE_BYTES_MAX + 1)).unwrap_err().text.contains("bytes"));
    }
}
