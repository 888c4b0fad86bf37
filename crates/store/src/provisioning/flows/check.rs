//! Flows held against the rest of their file: everything the compiler finds, on its line, and the flows' own tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use callflow::script::{self, first_missing};
use callflow::{Begins, HoursState, Known, Line, Named, Reach, World};
use model::flow::document::{FlowTest, NamePart};
use model::{ExtensionNumber, Flow, FlowBody, Reachable};

use super::super::problem::Problem;
use super::super::reading::{Kind, Reading};

/// Where a flow and its steps stand in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlowLines {
    /// The flow.
    pub(crate) line: u64,
    /// Each step, and its fields by name.
    pub(crate) steps: Vec<(u64, BTreeMap<&'static str, u64>)>,
    /// Each test.
    pub(crate) tests: Vec<u64>,
}

/// Notes what the compiler finds wrong.
pub(crate) fn compile(reading: &Reading<'_>, flow: &Flow, lines: &FlowLines) {
    let (_, problems) = callflow::compile(flow, &File(reading));
    for problem in problems {
        let step = problem.step.and_then(|at| lines.steps.get(at));
        let field = spelled(&problem.field);
        let line = step.map_or(lines.line, |(line, fields)| fields.get(field).copied().unwrap_or(*line));
        let name = problem.step.and_then(|at| match &flow.body {
            FlowBody::Tree(document) => document.steps.get(at).map(|step| step.id.as_str()),
            FlowBody::AgentExtension(_) => None,
        });
        let what = match (name, problem.field.as_str()) {
            (Some(name), "") => format!("step `{name}`: "),
            (Some(name), _) => format!("`{field}` of step `{name}`: "),
            (None, _) => String::new(),
        };
        reading.problem(line, format!("{what}{}", problem.text));
    }
}

/// The file's name for a field of the compiler's.
fn spelled(field: &str) -> &str {
    match field {
        "first_timeout" => "first_digit_timeout",
        "next_timeout" => "inter_digit_timeout",
        "message" | "flow" => "to",
        _ if field.starts_with("key ") => "keys",
        _ => field,
    }
}

/// Most lines that are kept of what happened in a test: the last ones.
const HAPPENED_MAX: usize = 200;

/// A test of a flow, and what came of it.
#[derive(Clone, Debug)]
pub struct FlowTested {
    /// The flow's number.
    pub flow: ExtensionNumber,
    /// The test's name.
    pub name: String,
    /// What happened, a line each, the last of them.
    pub happened: Vec<String>,
    /// Why it failed, and on which line of the file it stands; none: it passed.
    pub problem: Option<Problem>,
}

/// Plays the tests of a flow.
pub(crate) fn tests(reading: &Reading<'_>, flow: &Flow, lines: &FlowLines) -> Vec<FlowTested> {
    let FlowBody::Tree(document) = &flow.body else { return Vec::new() };
    let file = File(reading);
    let compiled = Arc::new(callflow::compile(flow, &file).0);
    let play = |(index, test): (usize, &FlowTest)| {
        let line = lines.tests.get(index).copied().unwrap_or(lines.line);
        let name = &test.name;
        let (happened, text) = match script::play(&compiled, test.script.iter().map(String::as_str), &file) {
            Err(problem) => {
                let text =
                    format!("test `{name}`, line {} of its script: {}", problem.line + 1, problem.text);
                (Vec::new(), Some(text))
            }
            Ok(mut happened) => {
                let last = happened.last().map(|line| line.trim().to_owned()).unwrap_or_default();
                let text = first_missing(&happened, &test.expect)
                    .map(|what| format!("test `{name}` fails: `{what}` did not happen; at the end: {last}"));
                happened.drain(..happened.len().saturating_sub(HAPPENED_MAX));
                (happened, text)
            }
        };
        let problem = text.map(|text| Problem::new(line, text));
        FlowTested { flow: flow.number.clone(), name: name.clone(), happened, problem }
    };
    document.tests.iter().enumerate().map(play).collect()
}

/// What the file says there is. For tests everybody is there and free, and business hours are open.
pub(crate) struct File<'a, 'b>(pub(crate) &'a Reading<'b>);

impl Known for File<'_, '_> {
    fn prompt(&self, name: &str) -> bool {
        self.0.has_prompt(name)
    }

    fn queue(&self, number: &str) -> bool {
        self.0.kind_of(number) == Some(Kind::Queue)
    }

    fn phone(&self, number: &str) -> bool {
        matches!(self.0.kind_of(number), Some(Kind::Agent | Kind::Extension))
    }

    fn flow(&self, number: &str) -> bool {
        self.0.kind_of(number) == Some(Kind::Flow)
    }

    fn ring_group(&self, number: &str) -> bool {
        self.0.kind_of(number) == Some(Kind::RingGroup)
    }

    fn hours(&self, name: &str) -> bool {
        self.0.knows_hours(name)
    }

    fn anything(&self, number: &str) -> bool {
        self.0.kind_of(number).is_some()
    }
}

impl World for File<'_, '_> {
    fn begins(&self, digits: &str) -> Begins {
        let (exact, longer) = self.0.begins(digits);
        Begins { exact, longer }
    }

    fn longest(&self) -> usize {
        self.0.longest_number()
    }

    fn is_phone(&self, number: &str, reachable: Reachable) -> bool {
        match (self.0.kind_of(number), reachable) {
            (Some(Kind::Agent), _) | (Some(Kind::Extension), Reachable::Phones) => true,
            (Some(_) | None, Reachable::Agents | Reachable::Phones) => false,
        }
    }

    fn reach(&self, number: &str, _not_ready_too: bool) -> Reach {
        if self.phone(number) { Reach::Free } else { Reach::Unavailable }
    }

    fn named(&self, _: &str, _: NamePart, _: usize) -> Vec<Named> {
        // A test says itself who is there by name.
        Vec::new()
    }

    fn hours(&self, _name: &str) -> HoursState {
        HoursState::Open
    }

    fn line(&self, queue: &str) -> Option<Line> {
        self.queue(queue).then_some(Line { waiting: 0, staffed: true, expected_wait: None })
    }
}
