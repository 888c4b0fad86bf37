//! What can be provisioned, in the OpenAPI document: the shapes are those of the provisioning file's own schema, so that
//! neither can say what the other does not.

use serde_json::{Value, json};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};

/// Below which the paths of single things lie.
const BELOW: &str = "/v1/domains/{domain}/provisioning/";

/// The shapes of the lists' entries; a group is a mapping of its name alone.
const ENTRIES: [&str; 21] = [
    "PromptShape",
    "PlaylistShape",
    "BusinessHoursShape",
    "RoleShape",
    "AgentShape",
    "ExtensionShape",
    "QueueShape",
    "FlowShape",
    "RingGroupShape",
    "MailboxShape",
    "NumberShape",
    "TrunkShape",
    "VipShape",
    "ExclusiveShape",
    "QueueBlacklistShape",
    "BlacklistShape",
    "WebhookShape",
    "FeatureCodeShape",
    "NotReadyCodeShape",
    "DispositionShape",
    "ReportShape",
];

/// Adds the shapes, and says of each path which of them it takes and gives.
pub(super) fn describe(document: &mut OpenApi) {
    let mut schema = store::provisioning::schema::json_schema();
    let shapes = schema.get_mut("$defs").map(Value::take);
    let Some(Value::Object(shapes)) = shapes else { return };
    let member = in_path(&shapes, "MemberShape", "agent");
    let components = document.components.get_or_insert_default();
    for (name, mut shape) in shapes {
        relocate(&mut shape);
        let read: Option<RefOr<Schema>> = serde_json::from_value(shape).ok();
        debug_assert!(read.is_some(), "the shape {name} cannot be written");
        components.schemas.extend(read.map(|read| (name, read)));
    }
    let of = |name: &str| json!({ "$ref": place(name) });
    let group =
        json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } });
    let entry = json!({ "anyOf": ENTRIES.iter().map(|name| of(name)).chain([group]).collect::<Vec<_>>() });
    let settings = json!({
        "type": "object",
        "properties": {
            "timezone": { "type": "string" }, "language": { "type": "string" }, "webhook_secret": { "type": "string" },
            "second_factor": { "type": "array", "items": { "type": "string" } }
        }
    });
    for (path, item) in &mut document.paths.paths {
        let Some(rest) = path.strip_prefix(BELOW) else { continue };
        let takes = match rest {
            "settings" => &settings,
            "queues/{queue}/members/{agent}" => &member,
            _ if rest.starts_with("{section}") => &entry,
            _ => continue,
        };
        for operation in [&mut item.put, &mut item.post].into_iter().flatten() {
            takes_and_gives(operation, takes, false);
        }
        if let Some(operation) = &mut item.patch {
            takes_and_gives(operation, &json!({ "type": "object", "additionalProperties": true }), false);
        }
        if let Some(operation) = &mut item.get {
            takes_and_gives(operation, takes, true);
        }
    }
}

/// A shape of which a field may be left out, because the path says it.
fn in_path(shapes: &serde_json::Map<String, Value>, name: &str, field: &str) -> Value {
    let mut shape = shapes.get(name).cloned().unwrap_or_default();
    relocate(&mut shape);
    if let Some(Value::Array(required)) = shape.get_mut("required") {
        required.retain(|name| name != field);
    }
    shape
}

/// Where a shape lies in the document.
fn place(name: &str) -> String {
    Ref::from_schema_name(name).ref_location
}

/// Lets references lead to where the shapes are here, and spells them as this document does.
fn relocate(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get_mut("$ref")
                && let Some(name) = to.strip_prefix("#/$defs/")
            {
                *to = place(name);
            }
            // The same in a word that the document's types know.
            if let Some(only) = fields.remove("const") {
                fields.insert("enum".into(), json!([only]));
            }
            fields.values_mut().for_each(relocate);
        }
        Value::Array(items) => items.iter_mut().for_each(relocate),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Says what a body, or an answer, is like.
fn takes_and_gives(operation: &mut Operation, shape: &Value, answer: bool) {
    let shape: Option<RefOr<Schema>> = serde_json::from_value(shape.clone()).ok();
    debug_assert!(shape.is_some(), "a shape cannot be written");
    let content = if answer {
        match operation.responses.responses.get_mut("200") {
            Some(RefOr::T(response)) => response.content.get_mut("application/json"),
            Some(RefOr::Ref(_)) | None => None,
        }
    } else {
        match &mut operation.request_body {
            Some(RefOr::T(body)) => body.content.get_mut("application/json"),
            Some(RefOr::Ref(_)) | None => None,
        }
    };
    let Some(RefOr::T(content)) = content else { return };
    // A page of a list holds the entries.
    let is_page = matches!(&content.schema, Some(RefOr::Ref(to)) if to.ref_location.contains("List"));
    if !is_page {
        content.schema = shape;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_say_here_what_they_say_in_the_files_schema() {
        let document = serde_json::to_value(crate::openapi::openapi()).unwrap();
        let schema = store::provisioning::schema::json_schema();
        for (name, shape) in schema["$defs"].as_object().unwrap() {
            let mut shape = shape.clone();
            relocate(&mut shape);
            assert_eq!(document["components"]["schemas"][name], shape, "{name}");
        }
        for name in ENTRIES {
            assert!(schema["$defs"][name].is_object(), "{name}");
        }
        let lists =
            schema["properties"].as_object().unwrap().values().filter(|field| field["type"] == "array");
        assert_eq!(lists.count(), ENTRIES.len() + 2, "groups and `second_factor` are no shapes");
    }
}
