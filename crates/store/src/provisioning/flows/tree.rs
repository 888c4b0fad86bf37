//! A tree of steps, and what its author says that it does.

use model::FlowDocument;
use model::flow::document::FlowTest;

use super::super::limits::{NAME_MAX, TEST_LINES_MAX};
use super::super::reader::{Fields, Shape};
use super::super::yaml::{Node, Value};
use super::check::FlowLines;
use super::step;

pub(crate) const TEST: Shape = Shape { what: "test", known: &["name", "script", "expect"], later: &[] };

/// The steps of a flow of kind `tree`, and its tests; notes where they stand.
pub(crate) fn tree(fields: &Fields<'_>, lines: &mut FlowLines) -> FlowDocument {
    fields.must("steps");
    let steps = fields.list("steps", FlowDocument::STEPS_MAX);
    let tests = fields.list("tests", FlowDocument::TESTS_MAX);
    let steps = steps.iter().filter_map(|node| {
        let (step, fields) = step::step(fields.reading, node)?;
        lines.steps.push((node.line, fields));
        Some(step)
    });
    let steps = steps.collect();
    let tests = tests.iter().filter_map(|node| {
        let test = test(fields, node)?;
        lines.tests.push(node.line);
        Some(test)
    });
    let tests = tests.collect();
    FlowDocument {
        language: fields.text("language").map(|(text, _)| text.to_owned()).unwrap_or_default(),
        steps,
        tests,
    }
}

fn test(fields: &Fields<'_>, node: &Node) -> Option<FlowTest> {
    let test = Fields::of(fields.reading, node, &TEST)?;
    let name = test.name("name", NAME_MAX);
    let script = lines(&test, "script");
    test.must("expect");
    let expect = lines(&test, "expect");
    Some(FlowTest { name: name?, script, expect })
}

/// A text of several lines, or a list of them.
fn lines(fields: &Fields<'_>, name: &str) -> Vec<String> {
    let lines: Vec<String> = match fields.get(name) {
        None => Vec::new(),
        Some(Node { value: Value::List(list), .. }) => list
            .iter()
            .filter_map(|node| fields.as_text(name, node))
            .map(|(text, _)| text.to_owned())
            .collect(),
        Some(node) => {
            let text = fields.as_text(name, node).map(|(text, _)| text).unwrap_or_default();
            text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
        }
    };
    if lines.len() > TEST_LINES_MAX {
        let count = lines.len();
        fields.problem(
            fields.line_of(name),
            format!("`{name}` has {count} lines; {TEST_LINES_MAX} are allowed"),
        );
    }
    lines
}
