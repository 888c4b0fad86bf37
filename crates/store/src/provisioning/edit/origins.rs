//! From a problem back to the edit that it is about.
//!
//! A document that is edited stands in no text, so its values get numbers in the place of lines. Which edit a number
//! belongs to, and where in it, is kept here; and of all others, which thing of the domain they are part of.

use std::collections::BTreeMap;

use super::super::problem::Problem;
use super::super::yaml::{Node, Value};
use super::EditProblem;
use super::object::Section;

/// Where the values of a numbered document come from.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    last: u64,
    /// Values of edits: which, and their pointers.
    edited: BTreeMap<u64, (usize, String)>,
    /// The things of the domain by their first number, kind and key.
    objects: Vec<(u64, Option<(Section, String)>)>,
}

/// The mark of the edit by which a value came; until the document is numbered it stands in the place of its line.
pub(super) fn mark(node: &mut Node, edit: usize) {
    node.line = edit as u64 + 1;
}

fn edit_of(node: &Node) -> Option<usize> {
    node.line.checked_sub(1).and_then(|edit| usize::try_from(edit).ok())
}

impl Origins {
    /// Numbers the values of a document whose edited values are marked.
    pub(super) fn number(tree: &mut Node) -> Self {
        let mut origins = Self::default();
        origins.visit(tree, None);
        let Value::Map(entries) = &mut tree.value else { return origins };
        for (key, node) in entries {
            let section = Section::ALL.into_iter().find(|section| section.name() == key.name);
            // The domain's settings are edited as one thing: its fields are its pointers.
            let edit = edit_of(node).map(|edit| (edit, token(&key.name)));
            match (section, &mut node.value) {
                (Some(section), Value::List(list)) => {
                    node.line = origins.next(None);
                    key.line = node.line;
                    for entry in list {
                        let name = section.key_of(entry);
                        origins.objects.push((origins.last + 1, Some((section, name))));
                        origins.walk(entry, None);
                    }
                    origins.objects.push((origins.last + 1, None));
                }
                (Some(_) | None, _) => {
                    node.line = 0;
                    origins.walk(node, edit.as_ref());
                    key.line = node.line;
                }
            }
        }
        origins
    }

    /// Numbers a value and what is in it.
    fn walk(&mut self, node: &mut Node, within: Option<&(usize, String)>) {
        let own = edit_of(node).map(|edit| (edit, String::new()));
        let within = own.as_ref().or(within);
        self.visit(node, within);
        let inside = |name: &str| within.map(|(edit, pointer)| (*edit, format!("{pointer}{}", token(name))));
        match &mut node.value {
            Value::List(list) => {
                for (index, node) in list.iter_mut().enumerate() {
                    self.walk(node, inside(&index.to_string()).as_ref());
                }
            }
            Value::Map(entries) => {
                for (key, node) in entries {
                    self.walk(node, inside(&key.name).as_ref());
                    key.line = node.line;
                }
            }
            Value::Nothing | Value::Flag(_) | Value::Whole(_) | Value::Other | Value::Text(_) => {}
        }
    }

    fn visit(&mut self, node: &mut Node, within: Option<&(usize, String)>) {
        node.line = self.next(within);
    }

    fn next(&mut self, within: Option<&(usize, String)>) -> u64 {
        self.last += 1;
        if let Some(origin) = within {
            self.edited.insert(self.last, origin.clone());
        }
        self.last
    }

    fn object(&self, number: u64) -> Option<&(Section, String)> {
        let after = self.objects.partition_point(|(first, _)| *first <= number);
        self.objects.get(after.checked_sub(1)?)?.1.as_ref()
    }

    /// What the value is part of, as ` 8000`: to be put behind its kind.
    pub(crate) fn key(&self, number: u64) -> String {
        self.object(number).map_or_else(String::new, |(_, key)| format!(" {key}"))
    }

    /// The same with its kind, as `queue 8000: `.
    pub(crate) fn prefix(&self, number: u64) -> String {
        self.object(number).map_or_else(String::new, |(section, key)| format!("{} {key}: ", section.word()))
    }

    /// A problem, as it is told to whoever made the edits.
    pub(super) fn told(&self, problem: Problem) -> EditProblem {
        let Problem { line, text } = problem;
        match self.edited.get(&line) {
            Some((edit, pointer)) => EditProblem { edit: Some(*edit), pointer: pointer.clone(), text },
            None => EditProblem {
                edit: None,
                pointer: String::new(),
                text: format!("{}{text}", self.prefix(line)),
            },
        }
    }
}

/// A part of a JSON pointer (RFC 6901, 3).
pub(super) fn token(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
