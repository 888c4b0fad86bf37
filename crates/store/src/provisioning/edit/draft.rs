//! A document while it is edited.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::document::tag;
use super::super::yaml::write::from_json;
use super::super::yaml::{Key, Node, Value};
use super::identity::{Identity, text_of};
use super::merge::merge;
use super::object::{Object, Section};
use super::origins::{mark, token};
use super::{Change, Edit, EditError, EditProblem};

/// The fields of the domain's own settings.
pub(crate) const SETTINGS: [&str; 4] = ["timezone", "language", "webhook_secret", "second_factor"];

type Entries = Vec<(Key, Node)>;

/// The lists of a document, and what else it says.
pub(super) struct Draft {
    own: Entries,
    lists: BTreeMap<Section, Vec<Node>>,
}

impl Draft {
    /// Takes a document apart.
    pub(super) fn of(document: Node) -> Self {
        let mut draft = Self { own: Vec::new(), lists: BTreeMap::new() };
        for (key, node) in entries_of(document) {
            let section = Section::ALL.into_iter().find(|section| section.name() == key.name);
            match (section, node.value) {
                (Some(section), Value::List(list)) => {
                    draft.lists.insert(section, list);
                }
                (Some(_) | None, value) => draft.own.push((key, Node::new(value))),
            }
        }
        draft
    }

    /// Puts it together again.
    pub(super) fn into_tree(self) -> Node {
        let lists = self.lists.into_iter().filter(|(_, list)| !list.is_empty());
        let lists = lists.map(|(section, list)| (key(section.name()), Node::new(Value::List(list))));
        Node::new(Value::Map(self.own.into_iter().chain(lists).collect()))
    }

    /// Makes one edit.
    pub(super) fn make(&mut self, index: usize, edit: &Edit) -> Result<(), EditError> {
        let work = Work { index, object: &edit.object, expected: edit.expected.as_deref() };
        let Some(section) = edit.object.section() else { return self.settings(&work, &edit.change) };
        let list = self.lists.entry(section).or_default();
        let identity = edit.object.identity();
        let Object::Member { queue, agent: _ } = &edit.object else {
            return work.change(list, &identity, &edit.change);
        };
        let of = Object::Queue(queue.clone());
        let Some(queue) = list.iter_mut().find(|node| of.identity().is(node)) else {
            return Err(EditError::Missing { edit: index, what: of.to_string() });
        };
        with_members(queue, |members| work.change(members, &identity, &edit.change))
    }

    fn settings(&mut self, work: &Work<'_>, change: &Change) -> Result<(), EditError> {
        let (settings, others) =
            self.own.drain(..).partition(|(key, _)| SETTINGS.contains(&key.name.as_str()));
        self.own = others;
        let mut node = Node::new(Value::Map(settings));
        match change {
            Change::Put(value) => node = from_json(value),
            Change::Patch(value) => merge(&mut node, value),
            Change::Create(_) | Change::Remove => {
                return Err(work
                    .problem("", "the settings of a domain are always there: they can be put and patched"));
            }
        }
        let Value::Map(entries) = node.value else {
            return Err(work.problem("", "the settings of a domain are a mapping of fields"));
        };
        for (key, mut node) in entries {
            if !SETTINGS.contains(&key.name.as_str()) {
                let name = super::super::agents::clean(&key.name);
                let text = format!("the settings of a domain have no field `{name}`");
                return Err(work.problem(&token(&key.name), &text));
            }
            mark(&mut node, work.index);
            self.own.push((key, node));
        }
        Ok(())
    }
}

/// The edit at work.
struct Work<'a> {
    index: usize,
    object: &'a Object,
    expected: Option<&'a str>,
}

impl Work<'_> {
    /// Changes the entry of a list.
    fn change(&self, list: &mut Vec<Node>, identity: &Identity, change: &Change) -> Result<(), EditError> {
        let at = list.iter().position(|node| identity.is(node));
        let old = at.and_then(|at| list.get_mut(at));
        if let (Some(expected), Some(old)) = (self.expected, &old)
            && tag(old).as_deref() != Some(expected)
        {
            return Err(EditError::Changed { edit: self.index, what: self.object.to_string() });
        }
        match (change, old) {
            (Change::Create(_), Some(_)) => {
                Err(EditError::Exists { edit: self.index, what: self.object.to_string() })
            }
            (Change::Patch(_) | Change::Remove, None) => {
                Err(EditError::Missing { edit: self.index, what: self.object.to_string() })
            }
            (Change::Create(value) | Change::Put(value), None) => {
                list.push(self.made(value, identity)?);
                Ok(())
            }
            (Change::Put(value), Some(old)) => {
                *old = self.made(value, identity)?;
                Ok(())
            }
            (Change::Patch(patch), Some(old)) => {
                *old = self.patched(old, patch)?;
                Ok(())
            }
            (Change::Remove, Some(_)) => {
                list.retain(|node| !identity.is(node));
                Ok(())
            }
        }
    }

    /// An entry from its value; what its key says is filled in.
    fn made(&self, value: &Json, identity: &Identity) -> Result<Node, EditError> {
        let mut node = match (self.object, value) {
            (Object::Group(_), Json::Null) => Node::new(Value::Map(Vec::new())),
            (_, value) => from_json(value),
        };
        for (field, wanted) in &identity.0 {
            let given = match &node.value {
                Value::Map(entries) => entries.iter().any(|(key, _)| key.name == *field),
                // What is no mapping is the reader's to refuse.
                Value::Nothing
                | Value::Flag(_)
                | Value::Whole(_)
                | Value::Other
                | Value::Text(_)
                | Value::List(_) => continue,
            };
            if !given && let Value::Map(entries) = &mut node.value {
                entries.insert(0, (key(field), Node::new(Value::Text(wanted.clone()))));
            } else if text_of(&node, field).is_some_and(|text| !same(field, text, wanted)) {
                let object = self.object;
                let text = format!("`{field}` is another than that of the {object}; to rename it, patch it");
                return Err(self.problem(&token(field), &text));
            }
        }
        self.done(node)
    }

    fn patched(&self, old: &Node, patch: &Json) -> Result<Node, EditError> {
        let mut node = match &old.value {
            // A group is its name, and is edited as a mapping that has one.
            Value::Text(_) => Node::new(Value::Map(vec![(key("name"), old.clone())])),
            Value::Nothing
            | Value::Flag(_)
            | Value::Whole(_)
            | Value::Other
            | Value::List(_)
            | Value::Map(_) => old.clone(),
        };
        merge(&mut node, patch);
        self.done(node)
    }

    /// The entry as the document has it, marked.
    fn done(&self, mut node: Node) -> Result<Node, EditError> {
        if let Object::Group(_) = self.object {
            node = self.group(node)?;
        }
        mark(&mut node, self.index);
        Ok(node)
    }

    fn group(&self, node: Node) -> Result<Node, EditError> {
        let mut entries = entries_of(node).into_iter();
        match (entries.next(), entries.next()) {
            (Some((key, name)), None) if key.name == "name" => Ok(name),
            (None | Some(_), _) => Err(self.problem("", "a group is a mapping of its `name` alone")),
        }
    }

    fn problem(&self, pointer: &str, text: &str) -> EditError {
        let (edit, pointer, text) = (Some(self.index), pointer.to_owned(), text.to_owned());
        EditError::Problems(vec![EditProblem { edit, pointer, text }])
    }
}

/// Whether a field says the same as the key, as the reader compares them.
fn same(field: &str, given: &str, wanted: &str) -> bool {
    match field {
        "language" | "email" => given.to_lowercase() == wanted,
        _ => given == wanted,
    }
}

/// Changes the members of a queue.
fn with_members(
    queue: &mut Node,
    change: impl FnOnce(&mut Vec<Node>) -> Result<(), EditError>,
) -> Result<(), EditError> {
    let mut none = Vec::new();
    let Value::Map(entries) = &mut queue.value else { return change(&mut none) };
    let members = entries.iter_mut().find(|(key, _)| key.name == MEMBERS);
    if let Some((_, Node { line: _, value: Value::List(list) })) = members {
        return change(list);
    }
    change(&mut none)?;
    entries.retain(|(key, _)| key.name != MEMBERS);
    entries.push((key(MEMBERS), Node::new(Value::List(none))));
    Ok(())
}

const MEMBERS: &str = "members";

fn entries_of(node: Node) -> Entries {
    match node.value {
        Value::Map(entries) => entries,
        Value::Nothing
        | Value::Flag(_)
        | Value::Whole(_)
        | Value::Other
        | Value::Text(_)
        | Value::List(_) => Vec::new(),
    }
}

fn key(name: &str) -> Key {
    Key { line: 0, name: name.to_owned() }
}
