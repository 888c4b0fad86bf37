//! Flows of a provisioning file, as somebody would write them who means harm; and callers in those that are taken.

#![no_main]

use std::sync::Arc;
use std::time::Duration;

use callflow::run::Entering;
use callflow::script::Nowhere;
use callflow::{Input, Known, NotReached, Output, Run, compile};
use libfuzzer_sys::{Corpus, fuzz_target};
use model::{CallerId, Timestamp};
use store::provisioning::parse;

const HEAD: &str = include_str!("../seeds/head.yaml");

/// Whatever a flow names is there.
struct Everything;

impl Known for Everything {
    fn prompt(&self, _: &str) -> bool {
        true
    }

    fn queue(&self, _: &str) -> bool {
        true
    }

    fn phone(&self, _: &str) -> bool {
        true
    }

    fn flow(&self, _: &str) -> bool {
        true
    }

    fn ring_group(&self, _: &str) -> bool {
        true
    }

    fn hours(&self, _: &str) -> bool {
        true
    }

    fn anything(&self, _: &str) -> bool {
        true
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // What comes after a zero byte is the caller.
    let (text, keys) = bytes.split_at(bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()));
    let Ok(text) = std::str::from_utf8(text) else { return Corpus::Reject };
    let Ok(wanted) = parse(&format!("{HEAD}{text}"), &["goodbye", "please-wait"]) else { return Corpus::Keep };
    for flow in wanted.directory().flows.values() {
        let (compiled, _) = compile(flow, &Everything);
        let caller = CallerId::new("+4930", "");
        let entering = Entering { caller: &caller, dialed: "7000", answered: false, language: "" };
        let (mut out, mut now, mut left) = (Vec::new(), Timestamp::ZERO, 0);
        let mut run = Run::begin(Arc::new(compiled), entering, &Nowhere, now, &mut out);
        for byte in keys.iter().take(400) {
            left += out.iter().filter(|output| matches!(output, Output::Leave(_))).count();
            assert!(left <= 1, "it left twice");
            out.clear();
            now = now.after(Duration::from_millis(u64::from(*byte) * 50));
            let input = match byte % 6 {
                0 | 1 => Input::Key(char::from(b"0123456789*#"[usize::from(byte / 6) % 12])),
                2 => Input::PlayEnded,
                3 => Input::NotReached(NotReached::Busy),
                4 => Input::Fetched(None),
                _ => Input::Tick,
            };
            run.handle(input, &Nowhere, now, &mut out);
        }
    }
    Corpus::Keep
});
