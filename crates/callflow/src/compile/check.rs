//! What is wrong with a document: every problem, with the step and the field that has it.

mod values;

use std::collections::{BTreeMap, BTreeSet};

use model::FlowDocument;
use model::flow::document::FlowStep;

use super::edges::{self, Way};

/// What a flow may point to in its domain.
pub trait Known {
    /// Whether a prompt of this name can be played.
    fn prompt(&self, name: &str) -> bool;
    /// Whether a queue has this number.
    fn queue(&self, number: &str) -> bool;
    /// Whether a phone has this number.
    fn phone(&self, number: &str) -> bool;
    /// Whether a flow has this number.
    fn flow(&self, number: &str) -> bool;
    /// Whether a ring group has this number.
    fn ring_group(&self, number: &str) -> bool;
    /// Whether business hours have this name.
    fn hours(&self, name: &str) -> bool;
    /// Whether anything at all has this number.
    fn anything(&self, number: &str) -> bool;
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The place of the step in the document, from 0; none: the document itself.
    pub step: Option<usize>,
    /// The field of the step; empty: the step itself.
    pub field: String,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// All problems of a document.
pub(super) fn problems(flow: &model::Flow, document: &FlowDocument, known: &dyn Known) -> Vec<Problem> {
    let mut found = Found { problems: Vec::new() };
    if document.steps.is_empty() {
        found.whole("the flow has no step: its callers would hear nothing and be ended");
    }
    if document.steps.len() > FlowDocument::STEPS_MAX {
        let count = document.steps.len();
        found.whole(&format!("the flow has {count} steps; {} are allowed", FlowDocument::STEPS_MAX));
    }
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, step) in document.steps.iter().enumerate() {
        name(&mut found, &mut places, index, step);
        values::check(&mut found, index, step, (flow, document, known));
    }
    for (index, step) in document.steps.iter().enumerate() {
        for Way { field, to, .. } in edges::ways(step) {
            if !to.is_empty() && !places.contains_key(to) {
                found.at(index, &field, &format!("there is no step `{to}`"));
            }
        }
    }
    unreachable(&mut found, document, &places);
    loops(&mut found, document, &places);
    found.problems.sort();
    found.problems
}

/// Collects what is wrong.
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn whole(&mut self, text: &str) {
        self.problems.push(Problem { step: None, field: String::new(), text: text.into() });
    }

    fn at(&mut self, step: usize, field: &str, text: &str) {
        self.problems.push(Problem { step: Some(step), field: field.into(), text: text.into() });
    }
}

fn name<'a>(found: &mut Found, places: &mut BTreeMap<&'a str, usize>, index: usize, step: &'a FlowStep) {
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if step.id.is_empty() || step.id.len() > 64 || !letters(&step.id) {
        found.at(index, "id", "a step's name has 1 to 64 letters, digits, `_` and `-`");
    } else if places.insert(&step.id, index).is_some() {
        found.at(index, "id", &format!("another step is named `{}` too", step.id));
    }
}

fn unreachable(found: &mut Found, document: &FlowDocument, places: &BTreeMap<&str, usize>) {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut to_do = vec![0];
    while let Some(index) = to_do.pop() {
        let Some(step) = document.steps.get(index) else { continue };
        if seen.insert(index) {
            to_do.extend(edges::ways(step).iter().filter_map(|way| places.get(way.to)));
        }
    }
    for index in (0..document.steps.len()).filter(|index| !seen.contains(index)) {
        found.at(index, "", "no step leads here: name it as somebody's next, or take it out");
    }
}

/// A loop that goes round although its caller does nothing never ends. What is left after all steps without a way
/// into the rest have been taken away, again and again, lies on such a loop or leads into one.
fn loops(found: &mut Found, document: &FlowDocument, places: &BTreeMap<&str, usize>) {
    let ways: Vec<Vec<usize>> = document
        .steps
        .iter()
        .map(|step| {
            let free = edges::ways(step).into_iter().filter(|way| !way.bounded);
            free.filter_map(|way| places.get(way.to).copied()).collect()
        })
        .collect();
    for index in 0..ways.len() {
        if comes_back(&ways, index) {
            found.at(
                index,
                "",
                "a caller who presses nothing comes back here for ever: let one way out of the loop end the call, \
                 or go through a `repeat`",
            );
        }
    }
}

fn comes_back(ways: &[Vec<usize>], start: usize) -> bool {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut to_do: Vec<usize> = ways.get(start).cloned().unwrap_or_default();
    while let Some(index) = to_do.pop() {
        if index == start {
            return true;
        }
        if seen.insert(index) {
            to_do.extend(ways.get(index).into_iter().flatten());
        }
    }
    false
}
