//! What is known of a caller, by name.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use model::{CallerId, FlowDocument, Pii};

/// Names and values. The caller's number is among them, so all of them print as dots.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Variables {
    values: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
enum Value {
    Seen(Pii<String>),
    /// Somebody else keeps it: it is not here to be seen.
    Hidden,
}

impl Variables {
    pub(super) fn of(caller: &CallerId, dialed: &str) -> Self {
        let mut variables = Self::default();
        variables.set("caller", caller.number.reveal());
        variables.set("dialed", dialed);
        variables
    }

    /// Keeps a value, cut to its length. A name too many is not kept.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let value = value.chars().filter(|c| !c.is_control()).take(FlowDocument::VALUE_MAX).collect();
        self.put(name, Value::Seen(Pii(value)));
    }

    /// Remembers that somebody else keeps it.
    pub(super) fn hide(&mut self, name: &str) {
        self.put(name, Value::Hidden);
    }

    fn put(&mut self, name: &str, value: Value) {
        if self.values.len() < FlowDocument::VARIABLES_MAX || self.values.contains_key(name) {
            self.values.insert(name.to_owned(), value);
        }
    }

    /// A value; none if there is none, or if nobody may see it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Value::Seen(value) => Some(value.reveal()),
            Value::Hidden => None,
        }
    }

    /// What is sent under a name: empty if there is nothing, none if somebody else must fill it in.
    pub(super) fn sent(&self, name: &str) -> Option<String> {
        match self.values.get(name) {
            Some(Value::Seen(value)) => Some(value.reveal().clone()),
            Some(Value::Hidden) => None,
            None => Some(String::new()),
        }
    }

    /// `text` with `{name}` replaced by values; what is not known is empty.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            filled.push_str(self.get(name).unwrap_or_default());
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }

    pub(super) fn learned(&self) -> impl Iterator<Item = (&str, &str)> {
        let given = ["caller", "dialed"];
        let seen = self.values.iter().filter(move |(name, _)| !given.contains(&name.as_str()));
        seen.filter_map(|(name, value)| match value {
            Value::Seen(value) => Some((name.as_str(), value.reveal().as_str())),
            Value::Hidden => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_with_what_is_known_and_nothing_of_it_is_filled_again() {
        let mut variables = Variables::of(&CallerId::new("+4930", ""), "8000");
        variables.set("a", "{caller}");
        variables.hide("pin");
        assert_eq!(variables.fill("<{caller}|{a}|{pin}|{none}|{"), "<+4930|{caller}|||{");
        assert_eq!(variables.sent("pin"), None);
        assert_eq!(variables.learned().collect::<Vec<_>>(), [("a", "{caller}")]);
    }

    #[test]
    fn neither_names_nor_values_grow_without_end() {
        let mut variables = Variables::default();
        for index in 0..1_000 {
            variables.set(&format!("v{index:04}"), &"x".repeat(1_000));
        }
        assert_eq!(variables.values.len(), FlowDocument::VARIABLES_MAX);
        assert_eq!(variables.get("v0000").map(str::len), Some(FlowDocument::VALUE_MAX));
    }
}
