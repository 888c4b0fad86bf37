//! A mapping in the making, its fields in the order in which they are put.

use super::super::yaml::{Key, Node, Value};
use crate::words::Word;

/// Fields and their values; what has its default is left out.
#[derive(Default)]
pub(super) struct Mapping(Vec<(Key, Node)>);

impl Mapping {
    /// A field that is always there.
    pub(super) fn node(&mut self, name: &str, node: Node) {
        self.0.push((Key { line: 0, name: name.to_owned() }, node));
    }

    /// A text that is always there.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.node(name, text(value));
    }

    /// A text, if there is one.
    pub(super) fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    pub(super) fn text_unless(&mut self, name: &str, value: &str, default: &str) {
        self.maybe(name, Some(value).filter(|value| *value != default));
    }

    /// A node, if there is one.
    pub(super) fn maybe_node(&mut self, name: &str, node: Option<Node>) {
        if let Some(node) = node {
            self.node(name, node);
        }
    }

    /// A number that is always there.
    pub(super) fn number(&mut self, name: &str, value: impl Into<i64>) {
        self.node(name, Node::new(Value::Whole(value.into())));
    }

    pub(super) fn number_unless<T: Into<i64> + PartialEq>(&mut self, name: &str, value: T, default: T) {
        if value != default {
            self.number(name, value);
        }
    }

    pub(super) fn flag_unless(&mut self, name: &str, value: bool, default: bool) {
        if value != default {
            self.node(name, Node::new(Value::Flag(value)));
        }
    }

    /// A word that is always there.
    pub(super) fn word(&mut self, name: &str, value: impl Word) {
        self.text(name, value.word());
    }

    pub(super) fn word_unless<T: Word + PartialEq>(&mut self, name: &str, value: T, default: T) {
        if value != default {
            self.text(name, value.word());
        }
    }

    /// A list, unless it is empty.
    pub(super) fn list(&mut self, name: &str, list: Vec<Node>) {
        if !list.is_empty() {
            self.node(name, Node::new(Value::List(list)));
        }
    }

    pub(super) fn done(self) -> Node {
        Node::new(Value::Map(self.0))
    }
}

/// A text.
pub(super) fn text(text: &str) -> Node {
    Node::new(Value::Text(text.to_owned()))
}

/// Texts.
pub(super) fn texts<T: AsRef<str>>(list: &[T]) -> Vec<Node> {
    list.iter().map(|item| text(item.as_ref())).collect()
}
