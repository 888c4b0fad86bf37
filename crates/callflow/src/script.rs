//! A caller by script: a flow in virtual time, for its author's tests and for ours.
//!
//! Lines first say what the world is like, then what people do and when. What is not said: prompts last two seconds,
//! phones ring out, outside services fail.
//!
//! ```text
//! agent 1001                     an agent whose phone is free; `busy`, `away` otherwise
//! phone 1090                     a phone that is no agent's
//! named 1001 Ann Ash             whose name can be keyed
//! number 8000                    something else that has a number
//! queue 8000 waiting 3 wait 40s  a line; `unstaffed`: nobody is logged in
//! hours office closed            `open`, `closed`, `holiday`
//! prompt welcome 8s              how long it is
//! caller +4930555                who calls; `caller` alone: nobody says
//! service account=gold           what an outside service answers
//! 3s keys 1001#                  the caller presses keys, one every fifth of a second
//! 9s answers                     who is rung; `declines`, `is gone` otherwise
//! 12s hangs up                   the caller
//! ```

mod parse;
mod place;
mod stage;

pub use place::Nowhere;

use std::sync::Arc;

use model::Timestamp;

use crate::flow::Flow;
use crate::world::World;

/// Most lines of a script.
pub const LINES_MAX: usize = 500;

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptProblem {
    /// The line, from 0.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// Plays a script against a flow: what happened, a line each, with its time. `base` answers what the script leaves
/// unsaid.
///
/// # Errors
/// The first line that is not understood.
pub fn play<'l>(
    flow: &Arc<Flow>,
    lines: impl IntoIterator<Item = &'l str>,
    base: &dyn World,
) -> Result<Vec<String>, ScriptProblem> {
    let script = parse::parse(lines)?;
    Ok(stage::play(flow, &script, base))
}

/// The first of `expected` that did not happen after those before it. Each is the text of a line without its time,
/// or the beginning of one.
#[must_use]
pub fn first_missing<'e>(happened: &[String], expected: &'e [String]) -> Option<&'e str> {
    let mut left =
        happened.iter().map(|line| line.split_once("s ").map_or(line.as_str(), |(_, text)| text.trim()));
    expected.iter().map(|line| line.trim()).find(|wanted| !left.any(|text| text.starts_with(wanted)))
}

/// A moment of a script as it is written: seconds with one decimal.
fn clock(at: Timestamp) -> String {
    let tenths = at.0.div_euclid(100_000);
    format!("{}.{}s", tenths / 10, tenths.rem_euclid(10))
}
