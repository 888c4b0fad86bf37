//! What the stories share: a flow, a script, and what came of it.

use std::sync::Arc;

use callflow::script::{self, Nowhere};
use callflow::{Flow, Known, Problem, compile};
use expect_test::Expect;
use model::flow::document::{FlowStep, StepAction};
use model::{ExtensionNumber, FallbackAction, FlowBody, FlowDocument, FlowId};

pub(crate) fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).expect("an extension")
}

pub(crate) fn queue(text: &str) -> FallbackAction {
    FallbackAction::Queue(number(text))
}

pub(crate) fn hangup(message: &str) -> FallbackAction {
    FallbackAction::Hangup { message: Some(message.into()) }
}

/// A domain in which everything is there but what begins with `no`, or with 9.
pub(crate) struct Everything;

impl Known for Everything {
    fn prompt(&self, name: &str) -> bool {
        !name.starts_with("no")
    }
    fn queue(&self, number: &str) -> bool {
        number.starts_with('8')
    }
    fn phone(&self, number: &str) -> bool {
        number.starts_with('1')
    }
    fn flow(&self, number: &str) -> bool {
        number.starts_with('7')
    }
    fn ring_group(&self, number: &str) -> bool {
        number == "7100"
    }

    fn hours(&self, name: &str) -> bool {
        !name.starts_with("no")
    }
    fn anything(&self, number: &str) -> bool {
        !number.starts_with('9')
    }
}

pub(crate) fn flow(body: FlowBody) -> model::Flow {
    model::Flow { id: FlowId(1), number: number("7000"), name: "A flow".into(), body }
}

pub(crate) fn compiled(body: FlowBody) -> (Arc<Flow>, Vec<Problem>) {
    let (flow, problems) = compile(&flow(body), &Everything);
    (Arc::new(flow), problems)
}

pub(crate) fn step(id: &str, action: StepAction) -> FlowStep {
    FlowStep { id: id.into(), action }
}

pub(crate) fn document(steps: Vec<FlowStep>) -> FlowBody {
    FlowBody::Tree(FlowDocument { steps, ..FlowDocument::default() })
}

/// Plays a script against a flow that has no problem; which step it is at is left out.
pub(crate) fn check(body: FlowBody, lines: &str, expected: &Expect) {
    let (flow, problems) = compiled(body);
    assert_eq!(problems, []);
    let happened = script::play(&flow, lines.lines(), &Nowhere).expect("a script");
    let shown = happened.iter().filter(|line| line.split_whitespace().nth(1) != Some("step"));
    let text: String = shown.flat_map(|line| [line.trim_end(), "\n"]).collect();
    expected.assert_eq(&text);
}
