//! What the cells of a column are, as the provisioning file's own schema says.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::page::csv::{read, texts};
use crate::page::shape::{SECRETS, resolved};
use crate::path::shown;

/// A column that a table can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The field.
    pub(super) name: String,
    kind: Kind,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Flag,
    /// Texts with `;` between them.
    Texts,
    /// JSON; a text too, if it may be one.
    Deep {
        text: bool,
    },
}

impl Column {
    /// The columns of an object's schema, with `$defs` in `document`.
    pub(super) fn all(schema: &Value, document: &Value) -> Vec<Self> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let column =
            |(name, schema): (&String, &Value)| Self { name: name.clone(), kind: Kind::of(schema, document) };
        properties.into_iter().flatten().map(column).collect()
    }

    /// A column of texts.
    pub(super) fn text(name: &str) -> Self {
        Self { name: name.to_owned(), kind: Kind::Text }
    }

    /// What is never shown: an empty cell leaves it as it is.
    pub(super) fn is_secret(&self) -> bool {
        SECRETS.contains(&self.name.as_str())
    }

    /// The value of a cell; null for an empty one. What is wrong, and how to write it, if it has none.
    pub(super) fn value(&self, cell: &str) -> Result<Value, String> {
        let cell = read(cell);
        let (text, trimmed) = (&*cell, cell.trim());
        if trimmed.is_empty() {
            return Ok(Value::Null);
        }
        let wrong = |how: &str| Err(format!("`{}` is `{}`; it is written {how}", self.name, shown(trimmed)));
        match self.kind {
            Kind::Text => Ok(Value::from(text)),
            Kind::Whole => match trimmed.parse::<i64>() {
                Ok(number) => Ok(Value::from(number)),
                Err(_) => wrong("as a whole number, like 20"),
            },
            Kind::Flag => match trimmed.to_ascii_lowercase().as_str() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => wrong("true or false"),
            },
            Kind::Texts if trimmed.starts_with('[') => match serde_json::from_str(trimmed) {
                Ok(value) => Ok(value),
                Err(_) => wrong("with `;` between its parts, or as a JSON list"),
            },
            Kind::Texts => Ok(Value::from(texts(trimmed))),
            Kind::Deep { text: as_text } => match serde_json::from_str(trimmed) {
                Ok(value @ (Value::Object(_) | Value::Array(_))) => Ok(value),
                Ok(value) if !as_text => Ok(value),
                Ok(_) | Err(_) if as_text && !trimmed.starts_with(['{', '[']) => Ok(Value::from(text)),
                Ok(_) | Err(_) => wrong("as JSON, like {\"queue\": \"8000\"}"),
            },
        }
    }
}

impl Kind {
    fn of(schema: &Value, document: &Value) -> Self {
        let mut types = BTreeSet::new();
        let items = collect(schema, document, &mut types, 0);
        match types.iter().copied().collect::<Vec<_>>().as_slice() {
            ["string"] => Self::Text,
            ["integer"] => Self::Whole,
            ["boolean"] => Self::Flag,
            ["array"] if items => Self::Texts,
            _ => Self::Deep { text: types.contains("string") },
        }
    }
}

/// The types that a value may have besides null; and whether those of its items, if it is a list, are texts.
fn collect<'a>(schema: &'a Value, document: &'a Value, types: &mut BTreeSet<&'a str>, depth: usize) -> bool {
    let schema = resolved(schema, document);
    // Schemas that nest deeper say no more of what a cell is.
    if depth > 4 {
        return false;
    }
    match schema.get("type") {
        Some(Value::String(one)) => types.extend(Some(one.as_str())),
        Some(Value::Array(several)) => types.extend(several.iter().filter_map(Value::as_str)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {}
    }
    if schema.get("const").or_else(|| schema.pointer("/enum/0")).is_some_and(Value::is_string) {
        types.insert("string");
    }
    let mut texts = schema.get("items").is_some_and(|items| {
        let mut types = BTreeSet::new();
        collect(items, document, &mut types, depth + 1);
        types.into_iter().eq(["string"])
    });
    for of in ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|word| schema.get(word)?.as_array()) {
        for one in of {
            texts |= collect(one, document, types, depth + 1);
        }
    }
    types.remove("null");
    texts
}

/// What makes `old` into `new` as a JSON merge patch; none if there is nothing to do.
pub(super) fn patch(old: &Value, new: &Value) -> Option<Value> {
    let (Value::Object(before), Value::Object(after)) = (old, new) else {
        return (old != new).then(|| new.clone());
    };
    let gone =
        before.keys().filter(|name| !after.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let changed = after.iter().filter_map(|(name, value)| {
        let old = before.get(name).unwrap_or(&Value::Null);
        Some((name.clone(), patch(old, value)?))
    });
    let fields: Map<String, Value> = gone.chain(changed).collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn column(shape: &str, name: &str) -> Column {
        let document = store::provisioning::schema::json_schema();
        let all = Column::all(&document["$defs"][shape], &document);
        all.into_iter().find(|column| column.name == name).unwrap()
    }

    #[test]
    fn each_field_has_the_kind_of_its_schema() {
        for (shape, name, kind) in [
            ("AgentShape", "extension", Kind::Text),
            ("AgentShape", "role", Kind::Text),
            ("AgentShape", "forward_when", Kind::Text),
            ("AgentShape", "groups", Kind::Texts),
            ("AgentShape", "skills", Kind::Deep { text: false }),
            ("AgentShape", "hours", Kind::Deep { text: true }),
            ("AgentShape", "max_concurrent_calls", Kind::Whole),
            ("AgentShape", "dnd", Kind::Flag),
            ("ExtensionShape", "ring_timeout", Kind::Whole),
            ("MemberShape", "order", Kind::Whole),
            ("NumberShape", "number", Kind::Text),
            ("NumberShape", "hours", Kind::Text),
            ("NumberShape", "priority", Kind::Whole),
        ] {
            assert_eq!(column(shape, name).kind, kind, "{shape} {name}");
        }
        assert!(matches!(column("NumberShape", "open").kind, Kind::Deep { .. }));
    }

    #[test]
    fn a_cell_is_read_by_its_kind_or_says_how_it_is_written() {
        let value = |name, cell| column("AgentShape", name).value(cell);
        assert_eq!(value("extension", "1001"), Ok(json!("1001")));
        assert_eq!(value("personal_phone", "'+4930"), Ok(json!("+4930")));
        assert_eq!(value("personal_phone", "+4930"), Ok(json!("+4930")));
        assert_eq!(value("dnd", " TRUE "), Ok(json!(true)));
        assert_eq!(value("dnd", ""), Ok(Value::Null));
        assert_eq!(value("groups", "support; sales;"), Ok(json!(["support", "sales"])));
        assert_eq!(value("groups", "[\"a;b\"]"), Ok(json!(["a;b"])));
        assert_eq!(value("hours", "office"), Ok(json!("office")));
        assert_eq!(value("hours", "{\"monday\": \"all_day\"}"), Ok(json!({"monday": "all_day"})));
        assert_eq!(value("skills", "{\"english\": 5}"), Ok(json!({"english": 5})));
        for (name, cell, how) in [
            ("max_concurrent_calls", "many", "whole number"),
            ("max_concurrent_calls", "1.5", "whole number"),
            ("max_concurrent_calls", "99999999999999999999", "whole number"),
            ("dnd", "wahr", "true or false"),
            ("skills", "english", "as JSON"),
            ("hours", "{monday", "as JSON"),
            ("groups", "[a", "JSON list"),
        ] {
            let text = value(name, cell).unwrap_err();
            assert!(text.contains(how) && text.contains(cell), "{text}");
        }
    }

    #[test]
    fn a_patch_makes_the_new_of_the_old_and_is_none_if_they_are_alike() {
        let old = json!({"a": 1, "b": {"c": 1, "d": 2}, "e": "x"});
        assert_eq!(patch(&old, &old), None);
        let new = json!({"a": 1, "b": {"c": 3}, "f": [1]});
        assert_eq!(patch(&old, &new), Some(json!({"b": {"c": 3, "d": null}, "e": null, "f": [1]})));
    }
}
