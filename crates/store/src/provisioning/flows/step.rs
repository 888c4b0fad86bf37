//! One step of a tree: what it does, and the fields that belong to that.

use std::collections::BTreeMap;

use model::flow::document::{
    Collect, Dial, DialByName, FlowStep, Menu, NamePart, Next, RingRules, StepAction, Transfer,
    TransferTarget, Unreached, Webhook,
};

use super::super::fallbacks::{Owner, fallback};
use super::super::limits::{FLOW_RING_TIMEOUT, MAX_REPEATS, NAME_MAX, PRIORITY, VARIABLES_MAX};
use super::super::reader::{Fields, Shape};
use super::super::reading::Reading;
use super::super::skills;
use super::super::yaml::{Node, Value};
use super::{condition, exclude, keys, said};

pub(crate) const STEP: Shape = Shape {
    what: "step",
    known: &[
        "id",
        "do",
        "next",
        "prompts",
        "barge_in",
        "first_digit_timeout",
        "inter_digit_timeout",
        "terminator",
        "repeats",
        "no_input",
        "invalid",
        "on_failed",
        "keys",
        "dial",
        "by",
        "variable",
        "min",
        "max",
        "sensitive",
        "reachable_scope",
        "exclude",
        "ring_timeout",
        "ring_not_ready",
        "star_during_ring",
        "on_unavailable",
        "on_busy",
        "on_no_answer",
        "on_star",
        "seconds",
        "when",
        "otherwise",
        "value",
        "language",
        "times",
        "again",
        "url",
        "send",
        "take",
        "timeout",
        "extension",
        "ring_group",
        "external",
        "queue",
        "skills",
        "priority",
        "to",
    ],
    later: &["mailbox"],
};

const QUESTION: [&str; 9] = [
    "prompts",
    "barge_in",
    "first_digit_timeout",
    "inter_digit_timeout",
    "terminator",
    "repeats",
    "no_input",
    "invalid",
    "on_failed",
];
const UNREACHED: [&str; 5] = ["ring_timeout", "ring_not_ready", "on_unavailable", "on_busy", "on_no_answer"];

/// A deed: its word, its own fields, and lists of fields that others have too.
type Deed = (&'static str, &'static [&'static str], &'static [&'static [&'static str]]);

/// What a step can do, and the fields of that besides `id` and `do`; a question's and a ringing's own come with
/// them.
const DEEDS: [Deed; 15] = [
    ("answer", &["next"], &[]),
    ("ring", &["seconds", "next"], &[]),
    ("play", &["prompts", "barge_in", "next"], &[]),
    ("menu", &["keys", "dial"], &[&QUESTION]),
    ("collect", &["variable", "min", "max", "sensitive", "next"], &[&QUESTION]),
    ("dial", &["reachable_scope", "exclude", "star_during_ring", "on_star"], &[&QUESTION, &UNREACHED]),
    ("dial_by_name", &["by", "star_during_ring", "on_star"], &[&QUESTION, &UNREACHED]),
    ("branch", &["when", "otherwise"], &[]),
    ("set", &["variable", "value", "next"], &[]),
    ("language", &["language", "next"], &[]),
    ("repeat", &["times", "again", "next"], &[]),
    ("webhook", &["url", "send", "take", "timeout", "next", "on_failed"], &[]),
    ("transfer", &["extension", "ring_group", "external"], &[&UNREACHED]),
    ("enqueue", &["queue", "skills", "priority"], &[]),
    ("leave", &["to"], &[]),
];

const SECONDS: (i64, i64) = (1, 60);
/// Fewest and most digits that are asked for; both ends are what it is unless set.
pub(crate) const DIGITS: (u8, u8) = (1, 32);
const TIMES: (i64, i64) = (1, 10);
const SERVICE_TIMEOUT: (i64, i64) = (1, 10);
/// Seconds that it rings before it is answered, unless set.
pub(crate) const SECONDS_DEFAULT: u32 = 5;
/// Seconds that a service may take, unless set.
pub(crate) const SERVICE_TIMEOUT_DEFAULT: u32 = 3;
/// How often a question is said again, unless set.
pub(crate) const REPEATS_DEFAULT: u8 = 3;

/// One step, and the lines of its fields. None if it cannot be read at all; what is wrong is noted.
pub(super) fn step<'a>(
    reading: &'a Reading<'a>,
    node: &'a Node,
) -> Option<(FlowStep, BTreeMap<&'static str, u64>)> {
    let fields = Fields::of(reading, node, &STEP)?;
    let id = fields.name("id", NAME_MAX);
    fields.must("do")?;
    let (deed, line) = fields.text("do")?;
    let Some((deed, own, shared)) = DEEDS.iter().find(|(name, ..)| *name == deed) else {
        let all = DEEDS.map(|(name, ..)| name).join(", ");
        fields.problem(
            line,
            format!("`do` of the step is `{}`; it can be {all}", super::super::agents::clean(deed)),
        );
        return None;
    };
    let belongs = |name: &&str| {
        ["id", "do"].contains(name) || own.contains(name) || shared.iter().any(|list| list.contains(name))
    };
    for name in STEP.known.iter().filter(|name| fields.given(name).is_some() && !belongs(name)) {
        fields.problem(fields.line_of(name), format!("`{name}` means nothing for a step that does `{deed}`"));
    }
    if fields.text("url").is_some_and(|(url, _)| url.starts_with("http://")) {
        let name = id.as_deref().unwrap_or_default();
        reading.warning(format!(
            "step {name}: http:// is not secret, and goes only to networks named in the setting outbound.allow"
        ));
    }
    let given = STEP.known.iter().filter(|name| fields.given(name).is_some());
    let lines = given.map(|name| (*name, fields.line_of(name))).collect();
    Some((FlowStep { id: id?, action: action(&fields, deed)? }, lines))
}

fn action(fields: &Fields<'_>, deed: &str) -> Option<StepAction> {
    let next = || to(fields, "next");
    Some(match deed {
        "answer" => StepAction::Answer { next: next() },
        "ring" => {
            StepAction::Ring { seconds: fields.whole("seconds", SECONDS, SECONDS_DEFAULT), next: next() }
        }
        "play" => StepAction::Play {
            prompts: said::said(fields),
            barge_in: fields.flag("barge_in", true),
            next: next(),
        },
        "menu" => StepAction::Menu(menu(fields)),
        "collect" => StepAction::Collect(collect(fields)),
        "dial" => StepAction::Dial(dial(fields)),
        "dial_by_name" => StepAction::DialByName(dial_by_name(fields)),
        "branch" => StepAction::Branch { when: condition::when(fields), otherwise: to(fields, "otherwise") },
        "set" => {
            StepAction::Set { variable: text(fields, "variable"), value: text(fields, "value"), next: next() }
        }
        "language" => StepAction::Language { language: text(fields, "language"), next: next() },
        "repeat" => StepAction::Repeat {
            times: fields.whole("times", TIMES, 1),
            again: to(fields, "again"),
            next: next(),
        },
        "webhook" => StepAction::Webhook(Webhook {
            url: text(fields, "url"),
            send: variables(fields, "send"),
            take: variables(fields, "take"),
            timeout: fields.whole("timeout", SERVICE_TIMEOUT, SERVICE_TIMEOUT_DEFAULT),
            next: next(),
            on_failed: to(fields, "on_failed"),
        }),
        "transfer" => StepAction::Transfer(transfer(fields)?),
        "enqueue" => StepAction::Enqueue {
            queue: fields.number("queue")?,
            skills: skills::needs(fields),
            priority: fields.whole("priority", PRIORITY, 0),
        },
        _ => {
            fields.must("to")?;
            // That it may lead back to its own flow is the compiler's matter.
            StepAction::Leave(fallback(fields, "to", &Owner::inside("flow", None))?)
        }
    })
}

/// A step's name; empty where there is none: the call ends.
fn to(fields: &Fields<'_>, name: &str) -> Next {
    fields.given(name).and_then(|_| fields.text(name)).map(|(text, _)| text.to_owned()).unwrap_or_default()
}

/// A text that must be there.
fn text(fields: &Fields<'_>, name: &str) -> String {
    fields.must(name).and_then(|_| fields.text(name)).map(|(text, _)| text.to_owned()).unwrap_or_default()
}

fn variables(fields: &Fields<'_>, name: &str) -> Vec<String> {
    let nodes = fields.list(name, VARIABLES_MAX);
    nodes.iter().filter_map(|node| fields.as_text(name, node)).map(|(text, _)| text.to_owned()).collect()
}

/// A message that is a prompt's name; whether there is one is the compiler's matter, as for all prompts of a tree.
fn message(fields: &Fields<'_>, name: &str) -> Option<String> {
    fields.given(name).and_then(|_| fields.text(name)).map(|(text, _)| text.to_owned())
}

fn repeats(fields: &Fields<'_>) -> u8 {
    fields.whole("repeats", MAX_REPEATS, REPEATS_DEFAULT)
}

fn menu(fields: &Fields<'_>) -> Menu {
    Menu {
        prompts: said::said(fields),
        keys: menu_keys(fields),
        dial: message(fields, "dial"),
        rules: keys(fields),
        repeats: repeats(fields),
        no_input: message(fields, "no_input"),
        invalid: message(fields, "invalid"),
        on_failed: to(fields, "on_failed"),
    }
}

/// `{"1": sales, "*": start}`.
fn menu_keys(fields: &Fields<'_>) -> BTreeMap<u8, Next> {
    let Some(node) = fields.get("keys") else { return BTreeMap::new() };
    let Value::Map(entries) = &node.value else {
        fields.problem(node.line, "`keys` wants a mapping of keys to steps, like {\"1\": sales}");
        return BTreeMap::new();
    };
    let mut keys = BTreeMap::new();
    for (key, value) in entries {
        let [byte @ (b'0'..=b'9' | b'*' | b'#')] = key.name.as_bytes() else {
            fields.problem(key.line, "a key is one of 0 to 9, * and #, in quotes");
            continue;
        };
        let Some((step, _)) = fields.as_text("keys", value) else { continue };
        if keys.insert(*byte, step.to_owned()).is_some() {
            fields.problem(key.line, format!("key {} is there twice", key.name));
        }
    }
    keys
}

fn collect(fields: &Fields<'_>) -> Collect {
    let digits = (DIGITS.0.into(), DIGITS.1.into());
    Collect {
        prompts: said::said(fields),
        variable: text(fields, "variable"),
        min: fields.whole("min", digits, DIGITS.0),
        max: fields.whole("max", digits, DIGITS.1),
        sensitive: fields.flag("sensitive", false),
        rules: keys(fields),
        repeats: repeats(fields),
        no_input: message(fields, "no_input"),
        invalid: message(fields, "invalid"),
        next: to(fields, "next"),
        on_failed: to(fields, "on_failed"),
    }
}

fn dial(fields: &Fields<'_>) -> Dial {
    Dial {
        prompts: said::said(fields),
        rules: keys(fields),
        repeats: repeats(fields),
        no_input: message(fields, "no_input"),
        invalid: message(fields, "invalid"),
        reachable: fields.word("reachable_scope", &[], model::Reachable::Agents),
        exclude: exclude(fields),
        ring: ring(fields),
        unreached: unreached(fields),
        on_failed: to(fields, "on_failed"),
        on_star: to(fields, "on_star"),
    }
}

fn dial_by_name(fields: &Fields<'_>) -> DialByName {
    DialByName {
        prompts: said::said(fields),
        by: fields.word("by", &[], NamePart::default()),
        rules: keys(fields),
        repeats: repeats(fields),
        no_input: message(fields, "no_input"),
        invalid: message(fields, "invalid"),
        ring: ring(fields),
        unreached: unreached(fields),
        on_failed: to(fields, "on_failed"),
        on_star: to(fields, "on_star"),
    }
}

fn ring(fields: &Fields<'_>) -> RingRules {
    let defaults = RingRules::default();
    RingRules {
        seconds: fields.whole("ring_timeout", FLOW_RING_TIMEOUT, defaults.seconds),
        not_ready_too: fields.flag("ring_not_ready", false),
        star: fields.flag("star_during_ring", false),
    }
}

fn unreached(fields: &Fields<'_>) -> Unreached {
    Unreached {
        on_unavailable: to(fields, "on_unavailable"),
        on_busy: to(fields, "on_busy"),
        on_no_answer: to(fields, "on_no_answer"),
    }
}

fn transfer(fields: &Fields<'_>) -> Option<Transfer> {
    let given = ["extension", "ring_group", "external"].map(|name| fields.given(name).is_some());
    let target = match given {
        [true, false, false] => TransferTarget::Extension(fields.number("extension")?),
        [false, true, false] => TransferTarget::RingGroup(fields.number("ring_group")?),
        [false, false, true] => TransferTarget::External(text(fields, "external")),
        [true, true, _] | [true, _, true] | [_, true, true] | [false, false, false] => {
            fields.problem(
                fields.line,
                "a transfer wants exactly one of `extension`, `ring_group` and `external`",
            );
            return None;
        }
    };
    Some(Transfer { to: target, ring: ring(fields), unreached: unreached(fields) })
}
