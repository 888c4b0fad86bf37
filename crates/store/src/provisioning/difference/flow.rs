//! The lines of flows.

use model::flow::document::FlowStep;
use model::{AgentExtensionFlow, Flow, FlowBody, KeyRules};

use super::{Field, Item, action, bracketed, field};
use crate::flow::json;
use crate::words::Word as _;

/// A flow: of a tree what is not its steps.
pub(super) fn flow(flow: &Flow) -> Item {
    let fields = match &flow.body {
        FlowBody::AgentExtension(settings) => agent_extension(&flow.name, settings),
        FlowBody::Tree(document) => vec![
            field("name", &flow.name),
            field("language", &document.language),
            field("begins_with", document.steps.first().map_or("", |step| step.id.as_str())),
            field("tests", document.tests.len()),
        ],
    };
    Item { kind: "flow", name: flow.number.to_string(), fields }
}

/// The steps of a tree, each as one field: whoever reads a plan sees which of them change.
pub(super) fn steps(flow: &Flow) -> Vec<(&str, Item)> {
    let FlowBody::Tree(document) = &flow.body else { return Vec::new() };
    let item = |step: &FlowStep| Item {
        kind: "step",
        name: format!("{} of {}", step.id, flow.number),
        fields: vec![field("to", json::step(step).map(|step| step.to_string()).unwrap_or_default())],
    };
    document.steps.iter().map(|step| (step.id.as_str(), item(step))).collect()
}

fn agent_extension(name: &str, flow: &AgentExtensionFlow) -> Vec<Field> {
    let AgentExtensionFlow {
        greeting,
        no_input_message,
        invalid_message,
        keys,
        ring_timeout,
        max_repeats,
        reachable,
        exclude,
        ring_not_ready,
        star_during_ring,
        on_unavailable,
        on_no_answer,
        on_busy,
        on_repeats_exhausted,
        on_star,
    } = flow;
    let KeyRules { first_timeout, next_timeout, hash_ends, barge_in } = keys;
    let said = |name: &'static str, prompt: &Option<String>| field(name, prompt.as_deref().unwrap_or("none"));
    vec![
        field("name", name),
        field("ring_timeout", ring_timeout),
        field("max_repeats", max_repeats),
        field("on_unavailable", action(Some(on_unavailable))),
        field("on_no_answer", action(Some(on_no_answer))),
        field("on_busy", action(Some(on_busy))),
        field("on_repeats_exhausted", action(Some(on_repeats_exhausted))),
        field("on_star", action(Some(on_star))),
        said("greeting", greeting),
        said("no_input_message", no_input_message),
        said("invalid_message", invalid_message),
        field("first_digit_timeout", first_timeout),
        field("inter_digit_timeout", next_timeout),
        field("terminator", if *hash_ends { "#" } else { "" }),
        field("barge_in", barge_in),
        field("reachable_scope", reachable.word()),
        field("exclude", bracketed(exclude.iter().map(|range| format!("{}-{}", range.from, range.to)))),
        field("ring_not_ready", ring_not_ready),
        field("star_during_ring", star_during_ring),
    ]
}
