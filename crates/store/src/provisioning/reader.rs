//! Reading the fields of one mapping: each getter returns what is there, or notes the problem and goes on.

use std::collections::BTreeMap;

use model::ExtensionNumber;

use super::reading::{Reading, nearest};
use super::yaml::{Node, Value};
use crate::words::Word;

/// The fields of one kind of mapping.
pub(crate) struct Shape {
    /// What it is, for messages.
    pub(crate) what: &'static str,
    /// Its fields.
    pub(crate) known: &'static [&'static str],
    /// Fields of the domain model that come later.
    pub(crate) later: &'static [&'static str],
}

/// A mapping whose fields are known by name.
pub(crate) struct Fields<'a> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) what: &'static str,
    pub(crate) line: u64,
    entries: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Fields<'a> {
    /// Takes a mapping apart; notes fields that are unknown, not built yet, or there twice.
    pub(crate) fn of(reading: &'a Reading<'a>, node: &'a Node, shape: &Shape) -> Option<Self> {
        let what = shape.what;
        let Value::Map(list) = &node.value else {
            let kind = node.value.kind();
            reading.problem(node.line, format!("{what} is {kind}; a mapping of fields is wanted"));
            return None;
        };
        let mut entries: BTreeMap<&str, &Node> = BTreeMap::new();
        for (key, value) in list {
            let name = key.name.as_str();
            if !shape.known.contains(&name) {
                reading.problem(key.line, unknown(shape, name));
            } else if entries.insert(name, value).is_some() {
                reading.problem(key.line, format!("`{name}` of the {what} is there twice"));
            }
        }
        Some(Self { reading, what, line: node.line, entries })
    }

    /// The field, unless it is missing or empty.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.get(name).copied().filter(|node| !matches!(node.value, Value::Nothing))
    }

    /// The field, empty or not.
    pub(crate) fn given(&self, name: &str) -> Option<&'a Node> {
        self.entries.get(name).copied()
    }

    /// The line of a field, or the mapping's if it is not there.
    pub(crate) fn line_of(&self, name: &str) -> u64 {
        self.given(name).map_or(self.line, |node| node.line)
    }

    /// A field that must be there.
    pub(crate) fn must(&self, name: &str) -> Option<&'a Node> {
        let node = self.get(name);
        if node.is_none() {
            self.problem(self.line_of(name), format!("the {} wants `{name}`", self.what));
        }
        node
    }

    pub(crate) fn problem(&self, line: u64, text: impl Into<String>) {
        self.reading.problem(line, text);
    }

    /// A field of another type than is wanted.
    fn wrong(&self, name: &str, node: &Node, wanted: &str) {
        let hint = match &node.value {
            Value::Whole(number) if wanted.starts_with("text") => {
                format!("; put it in quotes: \"{number}\"")
            }
            Value::Whole(_)
            | Value::Nothing
            | Value::Flag(_)
            | Value::Other
            | Value::Text(_)
            | Value::List(_)
            | Value::Map(_) => String::new(),
        };
        let kind = node.value.kind();
        self.problem(node.line, format!("`{name}` of the {} is {kind}; {wanted} is wanted{hint}", self.what));
    }

    /// A field that is not empty text.
    pub(crate) fn text(&self, name: &str) -> Option<(&'a str, u64)> {
        self.given(name).and_then(|node| self.as_text(name, node))
    }

    /// `node` as text.
    pub(crate) fn as_text(&self, name: &str, node: &'a Node) -> Option<(&'a str, u64)> {
        if let Value::Text(text) = &node.value {
            return Some((text, node.line));
        }
        self.wrong(name, node, "text");
        None
    }

    /// A name: 1 to `max` characters, none of them a control character, no blank at its ends.
    pub(crate) fn name(&self, name: &str, max: usize) -> Option<String> {
        let node = self.must(name)?;
        let (text, line) = self.as_text(name, node)?;
        self.as_name(name, text, line, max)
    }

    /// `text` as a name.
    pub(crate) fn as_name(&self, name: &str, text: &str, line: u64, max: usize) -> Option<String> {
        let length = text.chars().count();
        if length == 0 || length > max {
            let what = self.what;
            self.problem(
                line,
                format!("`{name}` of the {what} has {length} characters; 1 to {max} are allowed"),
            );
        } else if text.chars().any(char::is_control) || text.trim() != text {
            let what = self.what;
            self.problem(
                line,
                format!("`{name}` of the {what} has control characters or blanks at its ends"),
            );
        } else {
            return Some(text.to_owned());
        }
        None
    }

    /// A number of the domain's number space.
    pub(crate) fn number(&self, name: &str) -> Option<ExtensionNumber> {
        let node = self.must(name)?;
        let (text, line) = self.as_text(name, node)?;
        self.as_number(name, text, line)
    }

    /// `text` as such a number.
    pub(crate) fn as_number(&self, name: &str, text: &str, line: u64) -> Option<ExtensionNumber> {
        ExtensionNumber::parse(text)
            .inspect_err(|why| {
                self.problem(line, format!("`{name}` of the {} is `{text}`; {why}", self.what))
            })
            .ok()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        match self.given(name) {
            None => default,
            Some(Node { value: Value::Flag(flag), .. }) => *flag,
            Some(node) => {
                self.wrong(name, node, "true or false");
                default
            }
        }
    }

    /// A whole number in a range, both ends allowed.
    pub(crate) fn whole<T: TryFrom<i64>>(&self, name: &str, range: (i64, i64), default: T) -> T {
        self.given(name).and_then(|node| self.as_whole(name, node, range)).unwrap_or(default)
    }

    /// `node` as such a number.
    pub(crate) fn as_whole<T: TryFrom<i64>>(
        &self,
        name: &str,
        node: &Node,
        (min, max): (i64, i64),
    ) -> Option<T> {
        let Value::Whole(number) = node.value else {
            self.wrong(name, node, "a whole number");
            return None;
        };
        if (min..=max).contains(&number)
            && let Ok(number) = T::try_from(number)
        {
            return Some(number);
        }
        let what = self.what;
        self.problem(node.line, format!("`{name}` of the {what} is {number}; it goes from {min} to {max}"));
        None
    }

    /// One of the words of an enum; `later` are those of the domain model that come later.
    pub(crate) fn word<T: Word>(&self, name: &str, later: &[&str], default: T) -> T {
        let Some((word, line)) = self.text(name) else { return default };
        if let Some(found) = T::from_word(word) {
            return found;
        }
        let all = T::ALL.iter().map(|variant| variant.word()).collect::<Vec<_>>().join(", ");
        let what = self.what;
        self.problem(
            line,
            if later.contains(&word) {
                format!("`{name}: {word}` of the {what} is not built yet; it can be {all}")
            } else {
                format!("`{name}` of the {what} is `{word}`; it can be {all}")
            },
        );
        default
    }

    /// A list, empty if it is not there; one that is too long is noted and left out.
    pub(crate) fn list(&self, name: &str, max: usize) -> &'a [Node] {
        match self.get(name) {
            None => &[],
            Some(Node { value: Value::List(list), line }) => {
                if list.len() <= max {
                    return list;
                }
                self.problem(*line, format!("`{name}` has {} entries; {max} are allowed", list.len()));
                &[]
            }
            Some(node) => {
                self.wrong(name, node, "a list");
                &[]
            }
        }
    }
}

fn unknown(shape: &Shape, name: &str) -> String {
    let what = shape.what;
    if shape.later.contains(&name) {
        return format!("`{name}` of the {what} is not built yet");
    }
    match nearest(name, shape.known.iter().copied()) {
        Some(near) => format!("the {what} has no field `{name}`; did you mean `{near}`?"),
        None => format!("the {what} has no field `{name}`"),
    }
}
