//! Flows: what the database keeps of them is in the file's spelling already; here it comes into the file's order, and
//! what has its default goes.

use model::flow::document::{FlowStep, RingRules, StepAction};
use model::{AgentExtensionFlow, Flow, FlowBody, KeyRules};

use super::super::flows::FLOW;
use super::super::flows::condition::WHEN;
use super::super::flows::step::{DIGITS, REPEATS_DEFAULT, SECONDS_DEFAULT, SERVICE_TIMEOUT_DEFAULT, STEP};
use super::super::flows::tree::TEST;
use super::super::reader::Shape;
use super::super::yaml::write::from_json;
use super::super::yaml::{Key, Node, Value};
use super::actions::needs;
use crate::error::StoreError;
use crate::flow::{json, kind};

/// A flow.
pub(super) fn flow(flow: &Flow) -> Result<Node, StoreError> {
    let Flow { id: _, number, name, body } = flow;
    let mut fields = super::Mapping::default();
    fields.text("number", number.as_str());
    fields.text("name", name);
    fields.text("kind", kind(body));
    let Value::Map(entries) = from_json(&json::body(body)?).value else {
        return Err(StoreError::corrupt("a flow", number));
    };
    for (Key { line: _, name }, node) in kept(entries, &FLOW) {
        match (name.as_str(), body) {
            ("steps", FlowBody::Tree(document)) => {
                fields.list(&name, steps(node, &document.steps));
            }
            ("tests", FlowBody::Tree(_)) => fields.list(&name, each(node, |entries| kept(entries, &TEST))),
            (_, FlowBody::Tree(_) | FlowBody::AgentExtension(_)) => fields.node(&name, node),
        }
    }
    Ok(fields.done())
}

fn steps(node: Node, steps: &[FlowStep]) -> Vec<Node> {
    let mut written = each(node, |entries| kept(entries, &STEP));
    for (node, step) in written.iter_mut().zip(steps) {
        let Value::Map(entries) = &mut node.value else { continue };
        for (key, value) in entries {
            if key.name == "when" {
                let conditions = std::mem::replace(value, Node::new(Value::Nothing));
                value.value = Value::List(each(conditions, |entries| in_order(entries, &WHEN)));
            }
            if let StepAction::Enqueue { queue: _, skills, priority: _ } = &step.action
                && key.name == "skills"
                && let Some(skills) = needs(skills)
            {
                *value = skills;
            }
        }
    }
    written
}

/// The mappings of a list, each as `of` makes it.
fn each(node: Node, of: impl Fn(Vec<(Key, Node)>) -> Vec<(Key, Node)>) -> Vec<Node> {
    let Value::List(list) = node.value else { return Vec::new() };
    let one = |node: Node| match node.value {
        Value::Map(entries) => Node::new(Value::Map(of(entries))),
        value @ (Value::Nothing
        | Value::Flag(_)
        | Value::Whole(_)
        | Value::Other
        | Value::Text(_)
        | Value::List(_)) => Node::new(value),
    };
    list.into_iter().map(one).collect()
}

/// Fields in their shape's order, without those that have their default.
fn kept(entries: Vec<(Key, Node)>, shape: &Shape) -> Vec<(Key, Node)> {
    let mut entries = in_order(entries, shape);
    entries.retain(|(key, node)| !is_default(&key.name, &node.value));
    entries
}

fn in_order(mut entries: Vec<(Key, Node)>, shape: &Shape) -> Vec<(Key, Node)> {
    entries.sort_by_key(|(key, _)| shape.known.iter().position(|known| *known == key.name));
    entries
}

/// Whether a field of a flow or of a step has what it has unless set. No name has two defaults.
fn is_default(name: &str, value: &Value) -> bool {
    let rules = KeyRules::default();
    match value {
        Value::Whole(number) => {
            let default: u32 = match name {
                "ring_timeout" => RingRules::default().seconds,
                "max_repeats" => AgentExtensionFlow::MAX_REPEATS_DEFAULT.into(),
                "repeats" => REPEATS_DEFAULT.into(),
                "first_digit_timeout" => rules.first_timeout,
                "inter_digit_timeout" => rules.next_timeout,
                "min" => DIGITS.0.into(),
                "max" => DIGITS.1.into(),
                "seconds" => SECONDS_DEFAULT,
                "timeout" => SERVICE_TIMEOUT_DEFAULT,
                "priority" => 0,
                _ => return false,
            };
            *number == i64::from(default)
        }
        Value::Flag(flag) => match name {
            "barge_in" => *flag == rules.barge_in,
            "ring_not_ready" | "star_during_ring" | "sensitive" => !flag,
            _ => false,
        },
        Value::Text(text) => {
            matches!(
                (name, text.as_str()),
                ("terminator", "#") | ("reachable_scope", "agents") | ("by", "last")
            )
        }
        Value::List(list) => name == "script" && list.is_empty(),
        Value::Nothing | Value::Other | Value::Map(_) => false,
    }
}
