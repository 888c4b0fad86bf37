//! JSON merge patch (RFC 7396) on a tree.

use serde_json::Value as Json;

use super::super::yaml::write::from_json;
use super::super::yaml::{Key, Node, Value};

/// Merges `patch` into a value: fields that are null go, mappings are merged, everything else is replaced.
pub(super) fn merge(target: &mut Node, patch: &Json) {
    let Json::Object(fields) = patch else {
        target.value = from_json(patch).value;
        return;
    };
    let mut entries = match std::mem::replace(&mut target.value, Value::Nothing) {
        Value::Map(entries) => entries,
        Value::Nothing
        | Value::Flag(_)
        | Value::Whole(_)
        | Value::Other
        | Value::Text(_)
        | Value::List(_) => Vec::new(),
    };
    for (name, value) in fields {
        let at = entries.iter().position(|(key, _)| key.name == *name);
        match (value, at.and_then(|at| entries.get_mut(at))) {
            (Json::Null, _) => entries.retain(|(key, _)| key.name != *name),
            (value, Some((_, node))) => merge(node, value),
            (value, None) => {
                let mut node = Node::new(Value::Nothing);
                merge(&mut node, value);
                entries.push((Key { line: 0, name: name.clone() }, node));
            }
        }
    }
    target.value = Value::Map(entries);
}

#[cfg(test)]
mod tests {
    use super::super::super::yaml::write::to_json;
    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        for (original, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let json = |text: &str| serde_json::from_str::<Json>(text).unwrap();
            let mut tree = from_json(&json(original));
            merge(&mut tree, &json(patch));
            assert_eq!(to_json(&tree).unwrap(), result, "{original} and {patch}");
        }
    }
}
