//! The conditions of a branch.

use model::flow::document::{Condition, Next};

use super::super::limits::CONDITIONS_MAX;
use super::super::reader::{Fields, Shape};
use super::super::yaml::Node;

pub(crate) const WHEN: Shape = Shape {
    what: "condition",
    known: &[
        "open",
        "holiday",
        "variable",
        "is",
        "begins",
        "caller",
        "queue",
        "waiting",
        "expected_wait",
        "unstaffed",
        "next",
    ],
    later: &[],
};

/// What counts, callers or seconds.
const COUNT: (i64, i64) = (1, 100_000);

/// The field `when`: what may be so, each with the step that follows.
pub(super) fn when(fields: &Fields<'_>) -> Vec<(Condition, Next)> {
    let nodes = fields.list("when", CONDITIONS_MAX);
    nodes.iter().filter_map(|node| one(fields, node)).collect()
}

fn one(fields: &Fields<'_>, node: &Node) -> Option<(Condition, Next)> {
    let when = Fields::of(fields.reading, node, &WHEN)?;
    when.must("next");
    let next = when.text("next").map(|(text, _)| text.to_owned());
    let text = |name: &str| when.given(name).and_then(|_| when.text(name)).map(|(text, _)| text.to_owned());
    let queue = || when.number("queue");
    let has = |name: &str| when.given(name).is_some();
    let condition = if has("open") {
        text("open").map(Condition::Open)
    } else if has("holiday") {
        text("holiday").map(Condition::Holiday)
    } else if has("caller") {
        text("caller").map(Condition::Caller)
    } else if has("is") {
        let (variable, value) = (text("variable"), text("is"));
        variable.zip(value).map(|(variable, value)| Condition::Is { variable, value })
    } else if has("begins") {
        let (variable, with) = (text("variable"), text("begins"));
        variable.zip(with).map(|(variable, with)| Condition::Begins { variable, with })
    } else if has("waiting") {
        let least = when.whole("waiting", COUNT, 1);
        queue().map(|queue| Condition::Waiting { queue, least })
    } else if has("expected_wait") {
        let least = when.whole("expected_wait", COUNT, 1);
        queue().map(|queue| Condition::ExpectedWait { queue, least })
    } else if when.flag("unstaffed", false) {
        queue().map(Condition::Unstaffed)
    } else {
        None
    };
    if condition.is_none() {
        when.problem(
            node.line,
            "a condition is one of: open, holiday, caller; variable with is or begins; queue with waiting, \
             expected_wait or unstaffed",
        );
    }
    condition.zip(next)
}
