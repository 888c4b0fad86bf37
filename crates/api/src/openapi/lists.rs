//! What all lists take and give, in the OpenAPI document: each says by `x-list` only what is its own.

use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, Response, Schema};

use crate::page::shape::{Lists, Shape};
use crate::page::{CSV_ROWS_MAX, FIELDS_MAX, PARTIAL, TEXT_MAX};

/// What a list with some of its fields is called.
const PART: &str = "PartialList";

/// Adds the parameters of lists, and their other forms.
pub(super) fn describe(document: &mut OpenApi) {
    let lists = Lists::of(document);
    for (path, item) in &mut document.paths.paths {
        let (Some(operation), Some(shape)) = (&mut item.get, lists.of_path(path)) else { continue };
        let read: Option<Vec<Parameter>> =
            parameters(&shape).into_iter().map(|one| serde_json::from_value(one).ok()).collect();
        debug_assert!(read.is_some(), "a parameter cannot be written");
        operation.parameters.get_or_insert_default().extend(read.into_iter().flatten().map(RefOr::T));
        add_forms(operation);
    }
    let part: Option<RefOr<Schema>> = serde_json::from_value(json!({
        "type": "object",
        "description": "A list, or one page of it, with those fields of its items that `fields` names.",
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "items": { "type": "object" } },
            "next": { "type": ["string", "null"] },
        },
    }))
    .ok();
    debug_assert!(part.is_some(), "a part of a list cannot be written");
    let components = document.components.get_or_insert_default();
    components.schemas.extend(part.map(|part| (PART.to_owned(), part)));
}

fn parameters(shape: &Shape) -> Vec<Value> {
    let of = |name: &str, description: String, schema: Value| {
        json!({
            "name": name, "in": "query", "required": false, "description": description, "schema": schema
        })
    };
    let mut all = vec![of(
        "sort",
        "What it is sorted by; with `-` from the last to the first. What has nothing there is last, and what is alike \
         keeps an order of its own. Text goes by its letters, in capitals or not."
            .into(),
        json!({ "type": "string", "enum": shape.sort_words(), "default": shape.sort_default() }),
    )];
    let names: Vec<&str> = shape.field_names().collect();
    let name = if names.is_empty() {
        json!({ "type": "string" })
    } else {
        json!({ "type": "string", "enum": names })
    };
    let mut fields = of(
        "fields",
        "Only these fields of each item, with commas between them; all of them unless set. The answer is of another kind \
         then, since it has less than its schema says."
            .into(),
        json!({ "type": "array", "items": name, "minItems": 1, "maxItems": FIELDS_MAX }),
    );
    fields["style"] = json!("form");
    fields["explode"] = json!(false);
    all.push(fields);
    if !shape.searched().is_empty() {
        let looked_into: Vec<_> = shape.searched().iter().map(|name| format!("`{name}`")).collect();
        let text = format!("Only items with this text in {}, in capitals or not.", looked_into.join(", "));
        all.push(of("q", text, json!({ "type": "string", "maxLength": TEXT_MAX })));
    }
    all.push(of(
        "cursor",
        "What the page before gave as `next`, with the same `sort`; nothing for the first one.".into(),
        json!({ "type": "string" }),
    ));
    let (usual, max) = shape.limit();
    let unless = match usual {
        Some(usual) => format!("{usual} unless set"),
        None => "all of them unless set".into(),
    };
    let text = format!("Most items of one answer, 1 to {max}; {unless}, and {CSV_ROWS_MAX} rows of a table.");
    let mut schema = json!({ "type": "integer", "minimum": 1, "maximum": max });
    if let Some(usual) = usual {
        schema["default"] = json!(usual);
    }
    all.push(of("limit", text, schema));
    all
}

/// The same list with some of its fields, and as a table.
fn add_forms(operation: &mut Operation) {
    let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") else { return };
    let table: Option<Content> = serde_json::from_value(json!({ "schema": { "type": "string" } })).ok();
    let link: Option<Response> = serde_json::from_value(json!({
        "description": "", "headers": { "Link": {
            "description": "Of a table that goes on: where the next rows are, with `rel=\"next\"`",
            "schema": { "type": "string" },
        } },
    }))
    .ok();
    debug_assert!(table.is_some() && link.is_some(), "a table cannot be written");
    let part = ContentBuilder::new().schema(Some(Ref::from_schema_name(PART))).build();
    response.content.insert(PARTIAL.to_owned(), RefOr::T(part));
    response.content.extend(table.map(|table| ("text/csv".to_owned(), RefOr::T(table))));
    response.headers.extend(link.into_iter().flat_map(|link| link.headers));
}
