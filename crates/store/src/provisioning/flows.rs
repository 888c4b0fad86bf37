//! Flows: agents reached by their extension, and trees of steps.

pub(crate) mod check;
pub(crate) mod condition;
mod said;
pub(crate) mod step;
pub(crate) mod tree;

use std::collections::BTreeMap;

use model::{
    AgentExtensionFlow, ExtensionNumber, FallbackAction, Flow, FlowBody, FlowId, KeyRules, NumberRange,
    Reachable,
};

use check::FlowLines;

use super::fallbacks::{Owner, fallback, prompt};
use super::limits::{DIGIT_TIMEOUT, EXCLUDED_MAX, FLOW_RING_TIMEOUT, FLOWS_MAX, MAX_REPEATS, NAME_MAX};
use super::reader::{Fields, Shape};
use super::reading::{Kind, Reading};
use super::yaml::Node;

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
        "reachable_scope",
        "exclude",
        "ring_not_ready",
        "star_during_ring",
        "language",
        "steps",
        "tests",
    ],
    later: &["max_digits", "enabled"],
};

/// Fields that only a tree has, besides its number, name and kind.
const OF_TREES: [&str; 3] = ["language", "steps", "tests"];
/// What every flow has.
const OF_ALL: [&str; 3] = ["number", "name", "kind"];
/// Keys that can end a number.
const TERMINATORS: [&str; 2] = ["#", ""];

/// The flows, each with where it stands.
pub(crate) fn flows(top: &Fields<'_>) -> Vec<(Flow, FlowLines)> {
    let mut names = BTreeMap::new();
    top.list("flows", FLOWS_MAX).iter().filter_map(|node| flow(top.reading, node, &mut names)).collect()
}

fn flow<'a>(
    reading: &'a Reading<'a>,
    node: &'a Node,
    names: &mut BTreeMap<String, u64>,
) -> Option<(Flow, FlowLines)> {
    let fields = Fields::of(reading, node, &FLOW)?;
    let number = fields.number("number");
    if let Some(number) = &number {
        reading.claim(number, Kind::Flow, fields.line_of("number"));
    }
    let name = fields.name("name", NAME_MAX);
    if let Some(name) = &name
        && let Some(at) = names.insert(name.clone(), fields.line_of("name"))
    {
        let line = fields.line_of("name");
        let at = reading.which(at);
        fields.problem(line, format!("name `{name}` is already that of the flow{at}"));
    }
    let mut lines = FlowLines { line: node.line, ..FlowLines::default() };
    let body = body(&fields, kind(&fields)?, number.as_ref(), &mut lines)?;
    Some((Flow { id: FlowId(0), number: number?, name: name?, body }, lines))
}

/// What a flow's callers meet, from what the database keeps. None: it is no flow, or refers to what cannot be.
pub(crate) fn stored(kind: &str, text: &str) -> Option<FlowBody> {
    let kind = Kinds::named(kind)?;
    let tree = super::yaml::parse(text).ok()?;
    // Prompts and numbers may be gone since: what is kept is read as it is.
    let reading = Reading::new(&[], None);
    let fields = Fields::of(&reading, &tree, &FLOW)?;
    body(&fields, kind, None, &mut FlowLines::default())
}

fn body(
    fields: &Fields<'_>,
    kind: Kinds,
    number: Option<&ExtensionNumber>,
    lines: &mut FlowLines,
) -> Option<FlowBody> {
    Some(match kind {
        Kinds::AgentExtension => {
            strangers(fields, &OF_TREES, "agent_extension");
            FlowBody::AgentExtension(Box::new(agent_extension(fields, number)?))
        }
        Kinds::Tree => {
            let own = OF_TREES.into_iter().chain(OF_ALL);
            let foreign: Vec<&str> =
                FLOW.known.iter().copied().filter(|name| !own.clone().any(|own| own == *name)).collect();
            strangers(fields, &foreign, "tree");
            FlowBody::Tree(tree::tree(fields, lines))
        }
    })
}

/// The kinds of flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kinds {
    AgentExtension,
    Tree,
}

impl Kinds {
    fn named(word: &str) -> Option<Self> {
        match word {
            "agent_extension" => Some(Self::AgentExtension),
            "tree" => Some(Self::Tree),
            _ => None,
        }
    }
}

fn kind(fields: &Fields<'_>) -> Option<Kinds> {
    fields.must("kind")?;
    let (word, line) = fields.text("kind")?;
    let kind = Kinds::named(word);
    if kind.is_none() {
        let word = super::agents::clean(word);
        fields.problem(line, format!("`kind` of the flow is `{word}`; it can be agent_extension or tree"));
    }
    kind
}

/// Notes fields that mean nothing for this kind.
fn strangers(fields: &Fields<'_>, names: &[&str], kind: &str) {
    for name in names.iter().filter(|name| fields.given(name).is_some()) {
        fields.problem(fields.line_of(name), format!("`{name}` means nothing for a flow of kind {kind}"));
    }
}

fn agent_extension(fields: &Fields<'_>, number: Option<&ExtensionNumber>) -> Option<AgentExtensionFlow> {
    let defaults = AgentExtensionFlow::new();
    let said = |name: &str| fields.get(name).and_then(|_| prompt(fields, name));
    let owner = Owner::inside("flow", number);
    let action = |name: &str| required(fields, name, &owner);
    let ring_timeout = fields.whole("ring_timeout", FLOW_RING_TIMEOUT, defaults.ring_timeout);
    let max_repeats = fields.whole("max_repeats", MAX_REPEATS, defaults.max_repeats);
    let actions = [
        action("on_unavailable"),
        action("on_no_answer"),
        action("on_busy"),
        action("on_repeats_exhausted"),
        action("on_star"),
    ];
    let [on_unavailable, on_no_answer, on_busy, on_repeats_exhausted, on_star] = actions;
    Some(AgentExtensionFlow {
        greeting: said("greeting"),
        no_input_message: said("no_input_message"),
        invalid_message: said("invalid_message"),
        keys: keys(fields),
        ring_timeout,
        max_repeats,
        reachable: fields.word("reachable_scope", &[], Reachable::Agents),
        exclude: exclude(fields),
        ring_not_ready: fields.flag("ring_not_ready", false),
        star_during_ring: fields.flag("star_during_ring", false),
        on_unavailable: on_unavailable?,
        on_no_answer: on_no_answer?,
        on_busy: on_busy?,
        on_repeats_exhausted: on_repeats_exhausted?,
        on_star: on_star?,
    })
}

/// Extensions that a flow does not reach: `"1234"` or `"1001-2001"`.
fn exclude(fields: &Fields<'_>) -> Vec<NumberRange> {
    let nodes = fields.list("exclude", EXCLUDED_MAX);
    let range = |node| {
        let (text, line) = fields.as_text("exclude", node)?;
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (from, to) = (fields.as_number("exclude", from, line)?, fields.as_number("exclude", to, line)?);
        let fine = from.as_str().len() == to.as_str().len() && from <= to;
        if !fine {
            fields.problem(line, "`exclude` wants ranges like 1001-2001: of one length, the lower first");
        }
        fine.then_some(NumberRange { from, to })
    };
    nodes.iter().filter_map(range).collect()
}

/// All five actions are wanted: a caller must never come to a place that nobody thought of.
fn required(fields: &Fields<'_>, name: &str, owner: &Owner<'_>) -> Option<FallbackAction> {
    fields.must(name)?;
    fallback(fields, name, owner)
}

fn keys(fields: &Fields<'_>) -> KeyRules {
    let defaults = KeyRules::default();
    KeyRules {
        first_timeout: fields.whole("first_digit_timeout", DIGIT_TIMEOUT, defaults.first_timeout),
        next_timeout: fields.whole("inter_digit_timeout", DIGIT_TIMEOUT, defaults.next_timeout),
        hash_ends: terminator(fields).map_or(defaults.hash_ends, |key| key == "#"),
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
