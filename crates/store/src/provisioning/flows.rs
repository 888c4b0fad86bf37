//! Flows. They are kept with all their settings; nothing runs them yet.

use std::collections::BTreeMap;

use model::{AgentExtensionFlow, ExtensionNumber, FallbackAction, FlowId};

use super::fallbacks::{Owner, fallback, prompt};
use super::limits::{DIGIT_TIMEOUT, FLOW_RING_TIMEOUT, FLOWS_MAX, MAX_REPEATS, NAME_MAX};
use super::reader::{Fields, Shape};
use super::reading::{Kind, Reading};
use super::yaml::Node;
use crate::flow::{FlowRow, Prompting};

pub(crate) const FLOW: Shape = Shape {
    what: "flow",
    known: &[
        "number",
        "name",
        "kind",
        "greeting",
        "ring_timeout",
        "no_input_message",
        "invalid_message",
        "max_repeats",
        "first_digit_timeout",
        "inter_digit_timeout",
        "terminator",
        "barge_in",
        "on_unavailable",
        "on_no_answer",
        "on_busy",
        "on_repeats_exhausted",
        "on_star",
    ],
    later: &["max_digits", "reachable_scope", "exclude", "ring_not_ready", "star_during_ring", "enabled"],
};

/// The only kind of flow so far.
const KIND: &str = "agent_extension";
/// Keys that can end a number.
const TERMINATORS: [&str; 2] = ["#", ""];

/// The flows.
pub(crate) fn flows(top: &Fields<'_>) -> Vec<FlowRow> {
    let mut names = BTreeMap::new();
    top.list("flows", FLOWS_MAX).iter().filter_map(|node| flow(top.reading, node, &mut names)).collect()
}

fn flow<'a>(reading: &'a Reading<'a>, node: &'a Node, names: &mut BTreeMap<String, u64>) -> Option<FlowRow> {
    let fields = Fields::of(reading, node, &FLOW)?;
    let number = fields.number("number");
    if let Some(number) = &number {
        reading.claim(number, Kind::Flow, fields.line_of("number"));
        reading.warning(format!(
            "flow {number} is kept, and flows do not run yet: its callers take on_unavailable"
        ));
    }
    let name = fields.name("name", NAME_MAX);
    if let Some(name) = &name
        && let Some(at) = names.insert(name.clone(), fields.line_of("name"))
    {
        let line = fields.line_of("name");
        fields.problem(line, format!("name `{name}` is already that of the flow on line {at}"));
    }
    kind(&fields);
    let ring_timeout = fields.whole("ring_timeout", FLOW_RING_TIMEOUT, 20);
    let max_repeats = fields.whole("max_repeats", MAX_REPEATS, 3);
    let prompting = prompting(&fields);
    let owner = Owner { kind: Kind::Flow, number: number.as_ref() };
    let action = |name: &str| required(&fields, name, &owner);
    let on_unavailable = action("on_unavailable");
    let on_no_answer = action("on_no_answer");
    let on_busy = action("on_busy");
    let on_repeats_exhausted = action("on_repeats_exhausted");
    let on_star = action("on_star");
    let number: ExtensionNumber = number?;
    let flow = AgentExtensionFlow {
        id: FlowId(0),
        number,
        name: name?,
        ring_timeout,
        max_repeats,
        on_unavailable: on_unavailable?,
        on_no_answer: on_no_answer?,
        on_busy: on_busy?,
        on_repeats_exhausted: on_repeats_exhausted?,
        on_star: on_star?,
    };
    Some(FlowRow { flow, prompting })
}

fn kind(fields: &Fields<'_>) {
    if fields.must("kind").is_none() {
        return;
    }
    let Some((kind, line)) = fields.text("kind") else { return };
    if kind != KIND {
        let kind = super::agents::clean(kind);
        fields.problem(line, format!("`kind: {kind}` of the flow is not built yet; it can be {KIND}"));
    }
}

/// All five actions are wanted: a caller must never come to a place that nobody thought of.
fn required(fields: &Fields<'_>, name: &str, owner: &Owner<'_>) -> Option<FallbackAction> {
    fields.must(name)?;
    fallback(fields, name, owner)
}

fn prompting(fields: &Fields<'_>) -> Prompting {
    let defaults = Prompting::default();
    let said = |name: &str| fields.get(name).and_then(|_| prompt(fields, name));
    Prompting {
        greeting: said("greeting"),
        no_input_message: said("no_input_message"),
        invalid_message: said("invalid_message"),
        first_digit_timeout: fields.whole("first_digit_timeout", DIGIT_TIMEOUT, defaults.first_digit_timeout),
        inter_digit_timeout: fields.whole("inter_digit_timeout", DIGIT_TIMEOUT, defaults.inter_digit_timeout),
        terminator: terminator(fields).unwrap_or(defaults.terminator),
        barge_in: fields.flag("barge_in", defaults.barge_in),
    }
}

fn terminator(fields: &Fields<'_>) -> Option<String> {
    let (text, line) = fields.text("terminator")?;
    if !TERMINATORS.contains(&text) {
        fields.problem(line, "`terminator` of the flow is \"#\", or \"\" for none");
        return None;
    }
    Some(text.to_owned())
}
