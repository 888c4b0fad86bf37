//! Flows and callers that nobody would write: nothing panics, everything ends.

use std::sync::Arc;

use borsh::BorshDeserialize;
use callflow::run::{Entering, STEPS_MAX};
use callflow::script::{self, Nowhere};
use callflow::{Input, NotReached, Output, Run, compile};
use model::flow::document::{Menu, Said, StepAction};
use model::{CallerId, FlowBody, FlowDocument, Timestamp};
use proptest::prelude::*;

use crate::world::{Everything, compiled, document, flow, step};

/// A document out of any bytes: each step takes what it wants of them.
fn any_document(bytes: &[u8]) -> FlowDocument {
    let mut bytes = bytes.iter().copied().chain(std::iter::repeat(0));
    let mut byte = move || bytes.next().unwrap_or_default();
    let count = byte() % 12;
    let steps = (0..count).map(|at| {
        let mut next = || format!("s{}", byte() % 14);
        let said = vec![Said::Prompt("p".into()), Said::Digits("v".into())];
        let action = match byte_of(&next()) % 8 {
            0 => StepAction::Play { prompts: said, barge_in: true, next: next() },
            1 => StepAction::Menu(Menu {
                prompts: said,
                keys: [(b'1', next()), (b'*', next())].into(),
                dial: Some(next()),
                repeats: 3,
                on_failed: next(),
                ..Menu::default()
            }),
            2 => StepAction::Collect(model::flow::document::Collect {
                prompts: said,
                variable: "v".into(),
                min: 3,
                max: 1,
                sensitive: true,
                next: next(),
                on_failed: next(),
                ..Default::default()
            }),
            3 => StepAction::Dial(model::flow::document::Dial {
                prompts: vec![],
                on_star: next(),
                on_failed: next(),
                ..Default::default()
            }),
            4 => StepAction::Repeat { times: 3, again: next(), next: next() },
            5 => StepAction::Set { variable: "v".into(), value: "{v}{v}{caller".into(), next: next() },
            6 => StepAction::Webhook(model::flow::document::Webhook {
                take: vec!["v".into()],
                next: next(),
                on_failed: next(),
                ..Default::default()
            }),
            _ => StepAction::Answer { next: next() },
        };
        step(&format!("s{at}"), action)
    });
    FlowDocument { steps: steps.collect(), ..FlowDocument::default() }
}

fn byte_of(text: &str) -> u8 {
    text.bytes().last().unwrap_or_default()
}

/// Feeds a run whatever comes; it must end, and after its last word be silent.
fn feed(body: FlowBody, inputs: &[u8]) {
    let (compiled, _) = compile(&flow(body), &Everything);
    let caller = CallerId::new("+4930", "");
    let entering = Entering { caller: &caller, dialed: "7000", answered: false, language: "" };
    let (mut out, mut now, mut left) = (Vec::new(), Timestamp::ZERO, 0);
    let mut run = Run::begin(Arc::new(compiled), entering, &Nowhere, now, &mut out);
    for byte in inputs {
        left += out.iter().filter(|output| matches!(output, Output::Leave(_))).count();
        assert!(left <= 1);
        assert!(out.len() <= STEPS_MAX as usize * 6);
        out.clear();
        now = now.after(std::time::Duration::from_millis(u64::from(*byte) * 50));
        let key = |at: u8| char::from(b"0123456789*#ABCD?\xff"[usize::from(at % 18)]);
        let input = match byte % 7 {
            0 | 1 => Input::Key(key(byte / 7)),
            2 => Input::PlayEnded,
            3 => Input::NotReached(NotReached::Busy),
            4 => Input::Fetched(Some(vec![("v".into(), "x".repeat(usize::from(*byte)))])),
            5 => Input::Fetched(None),
            _ => Input::Tick,
        };
        run.handle(input, &Nowhere, now, &mut out);
        if left == 1 {
            assert_eq!(out, [], "a run that is over says nothing");
        }
    }
    let bytes = borsh::to_vec(&run).expect("bytes");
    assert_eq!(borsh::to_vec(&Run::try_from_slice(&bytes).expect("a run")).expect("bytes"), bytes);
}

proptest! {
    #[test]
    fn any_document_and_any_caller_come_to_an_end(
        shape in prop::collection::vec(any::<u8>(), 0..200),
        inputs in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        feed(FlowBody::Tree(any_document(&shape)), &inputs);
    }

    #[test]
    fn any_caller_comes_through_an_agent_extension_flow(inputs in prop::collection::vec(any::<u8>(), 0..400)) {
        feed(FlowBody::AgentExtension(Box::default()), &inputs);
    }

    #[test]
    fn any_script_is_played_or_refused(lines in prop::collection::vec("[a-z0-9*#.= ]{0,30}", 0..20)) {
        let (flow, _) = compiled(FlowBody::AgentExtension(Box::default()));
        let _either = script::play(&flow, lines.iter().map(String::as_str), &Nowhere);
    }

    #[test]
    fn any_bytes_are_a_document_or_none(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(document) = FlowDocument::try_from_slice(&bytes) {
            feed(FlowBody::Tree(document), &[2, 6, 0]);
        }
    }
}

#[test]
fn a_flow_that_goes_on_and_on_is_left_after_so_many_steps() {
    let (flow, problems) = compiled(document(vec![step("a", StepAction::Answer { next: "a".into() })]));
    assert_eq!(problems.len(), 1);
    let happened = script::play(&flow, [], &Nowhere).expect("a script");
    assert!(happened.last().unwrap().ends_with("hang up: the flow goes on and on"));
    assert_eq!(happened.len(), STEPS_MAX as usize + 2);
}
