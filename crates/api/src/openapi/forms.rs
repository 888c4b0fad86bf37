//! What form parameters have, by their names: one name means one thing in all operations. What has the form that the
//! document says and is refused all the same is refused for what it means (409, 412, 422), not for how it is written
//! (400).

use serde_json::{Value, json};
use store::webhook::log::DeliveryState;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{RefOr, Schema};

/// Parameters that are moments.
const MOMENTS: [&str; 3] = ["at", "from", "to"];

/// Whether an operation asks for moments: of those there are too early and too late ones.
pub(super) fn takes_moments(operation: &Operation) -> bool {
    let is_moment = |one: &RefOr<Parameter>| matches!(one, RefOr::T(one) if MOMENTS.contains(&&*one.name));
    operation.parameters.iter().flatten().any(is_moment)
}

/// The form of a parameter; none if any text will do.
fn form(operation: &str, name: &str) -> Option<Value> {
    match name {
        name if MOMENTS.contains(&name) => Some(json!({ "format": "date-time" })),
        "language" => Some(json!({ "pattern": "^[A-Za-z0-9]{2,3}(-[A-Za-z0-9]{2,4})?$" })),
        "name" if operation.starts_with("prompts_") => Some(json!({ "pattern": "^[a-z0-9-]{1,64}$" })),
        "state" if operation == "webhooks_deliveries" => {
            Some(json!({ "enum": DeliveryState::ALL.map(DeliveryState::as_str) }))
        }
        _ => None,
    }
}

/// Writes the forms of an operation's parameters into its document.
pub(super) fn describe(operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(form) = form(&id, &parameter.name)
        {
            add(parameter, form);
        }
    }
}

fn add(parameter: &mut Parameter, form: Value) {
    let Ok(Value::Object(mut schema)) = serde_json::to_value(&parameter.schema) else { return };
    let Value::Object(form) = form else { return };
    schema.extend(form);
    let written: Option<RefOr<Schema>> = serde_json::from_value(schema.into()).ok();
    debug_assert!(written.is_some(), "the form of {} cannot be written", parameter.name);
    parameter.schema = written;
}
