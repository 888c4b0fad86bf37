//! What a step says: prompts, and variables spoken.

use model::flow::document::Said;

use super::super::limits::SAID_MAX;
use super::super::reader::{Fields, Shape};
use super::super::yaml::{Node, Value};

const SPOKEN: Shape = Shape { what: "prompt", known: &["digits", "number"], later: &[] };

/// The field `prompts`: names of prompts, `{digits: VARIABLE}` or `{number: VARIABLE}`.
pub(super) fn said(fields: &Fields<'_>) -> Vec<Said> {
    fields.list("prompts", SAID_MAX).iter().filter_map(|node| one(fields, node)).collect()
}

fn one(fields: &Fields<'_>, node: &Node) -> Option<Said> {
    if !matches!(node.value, Value::Map(_)) {
        let (name, _) = fields.as_text("prompts", node)?;
        return Some(Said::Prompt(name.to_owned()));
    }
    let spoken = Fields::of(fields.reading, node, &SPOKEN)?;
    let digits = spoken.given("digits").and_then(|_| spoken.text("digits"));
    let number = spoken.given("number").and_then(|_| spoken.text("number"));
    match (digits, number) {
        (Some((variable, _)), None) => Some(Said::Digits(variable.to_owned())),
        (None, Some((variable, _))) => Some(Said::Number(variable.to_owned())),
        (Some(_), Some(_)) | (None, None) => {
            spoken.problem(node.line, "a prompt is a name, or exactly one of digits and number");
            None
        }
    }
}
