//! From what was saved to what can be run, with every problem on the way.
//!
//! It never fails: a step that is named nowhere is left out of the way, an edge that leads nowhere ends the call.
//! Who saves a flow refuses it while it has problems; who runs one that has them all the same loses nobody.

mod check;
mod edges;

use std::collections::BTreeMap;

use model::flow::document::{Collect, Dial, DialByName, Menu, RingRules, StepAction};
use model::{AgentExtensionFlow, FallbackAction, FlowBody, FlowDocument, Reachable};

use crate::flow::{Action, Ask, Edge, Flow, Reached, Step, Unreached, Want};

pub use check::{Known, Problem};

/// Compiles a flow and says what is wrong with it, by step and field, in the order of the document.
#[must_use]
pub fn compile(flow: &model::Flow, known: &dyn Known) -> (Flow, Vec<Problem>) {
    let (steps, language, problems) = match &flow.body {
        FlowBody::AgentExtension(settings) => (vec![agent_extension(settings)], String::new(), Vec::new()),
        FlowBody::Tree(document) => {
            (tree(document), document.language.clone(), check::problems(flow, document, known))
        }
    };
    (Flow { id: flow.id, number: flow.number.clone(), language, steps }, problems)
}

/// The end of a call about which the document says nothing.
const END: Edge = Edge::Leave(FallbackAction::Hangup { message: None });

/// The agent-extension flow is one question: for an extension, with a plan for everything that can go wrong.
fn agent_extension(flow: &AgentExtensionFlow) -> Step {
    let leave = |action: &FallbackAction| Edge::Leave(action.clone());
    let reached = Reached {
        reachable: flow.reachable,
        exclude: flow.exclude.clone(),
        ring: RingRules {
            seconds: flow.ring_timeout,
            not_ready_too: flow.ring_not_ready,
            star: flow.star_during_ring,
        },
        unreached: Unreached {
            on_unavailable: leave(&flow.on_unavailable),
            on_busy: leave(&flow.on_busy),
            on_no_answer: leave(&flow.on_no_answer),
        },
        on_star: flow.star_during_ring.then(|| leave(&flow.on_star)),
    };
    let ask = Ask {
        prompts: flow.greeting.iter().cloned().map(model::flow::document::Said::Prompt).collect(),
        rules: flow.keys,
        repeats: flow.max_repeats,
        no_input: flow.no_input_message.clone(),
        invalid: flow.invalid_message.clone(),
        asked_again: false,
        want: Want::Extension { reached, on_star: leave(&flow.on_star) },
        on_failed: leave(&flow.on_repeats_exhausted),
    };
    Step { id: "extension".into(), action: Action::Ask(Box::new(ask)) }
}

/// Every step in the document's order; one without any is a flow that ends the call.
fn tree(document: &FlowDocument) -> Vec<Step> {
    let kept = document.steps.iter().take(FlowDocument::STEPS_MAX);
    let mut numbers: BTreeMap<&str, u16> = BTreeMap::new();
    for (step, number) in kept.clone().zip(0..) {
        numbers.entry(step.id.as_str()).or_insert(number);
    }
    let names = Names { numbers, document };
    let steps: Vec<Step> =
        kept.map(|step| Step { id: step.id.clone(), action: action(&names, &step.action) }).collect();
    if steps.is_empty() {
        let action = Action::Leave(FallbackAction::Hangup { message: None });
        return vec![Step { id: String::new(), action }];
    }
    steps
}

/// The steps by their names.
struct Names<'a> {
    numbers: BTreeMap<&'a str, u16>,
    document: &'a FlowDocument,
}

impl Names<'_> {
    fn edge(&self, next: &str) -> Edge {
        self.numbers.get(next).map_or(END, |number| Edge::Step(*number))
    }

    /// The dialing of another step, for a menu that takes extensions too.
    fn dialing(&self, step: &str) -> Option<Reached> {
        match &self.document.steps.iter().find(|found| found.id == step)?.action {
            StepAction::Dial(dial) => Some(reached(self, dial)),
            StepAction::Answer { .. }
            | StepAction::Ring { .. }
            | StepAction::Play { .. }
            | StepAction::Menu(_)
            | StepAction::Collect(_)
            | StepAction::DialByName(_)
            | StepAction::Branch { .. }
            | StepAction::Set { .. }
            | StepAction::Language { .. }
            | StepAction::Repeat { .. }
            | StepAction::Webhook(_)
            | StepAction::Transfer(_)
            | StepAction::Enqueue { .. }
            | StepAction::Leave(_) => None,
        }
    }
}

fn action(names: &Names<'_>, action: &StepAction) -> Action {
    let edge = |next: &str| names.edge(next);
    match action {
        StepAction::Answer { next } => Action::Answer { next: edge(next) },
        StepAction::Ring { seconds, next } => Action::Ring { seconds: *seconds, next: edge(next) },
        StepAction::Play { prompts, barge_in, next } => {
            Action::Play { prompts: prompts.clone(), barge_in: *barge_in, next: edge(next) }
        }
        StepAction::Menu(menu) => Action::Ask(Box::new(self::menu(names, menu))),
        StepAction::Collect(collect) => Action::Ask(Box::new(self::collect(names, collect))),
        StepAction::Dial(dial) => Action::Ask(Box::new(self::dial(names, dial))),
        StepAction::DialByName(dial) => Action::Ask(Box::new(dial_by_name(names, dial))),
        StepAction::Branch { when, otherwise } => Action::Branch {
            when: when.iter().map(|(condition, next)| (condition.clone(), edge(next))).collect(),
            otherwise: edge(otherwise),
        },
        StepAction::Set { variable, value, next } => {
            Action::Set { variable: variable.clone(), value: value.clone(), next: edge(next) }
        }
        StepAction::Language { language, next } => {
            Action::Language { language: language.clone(), next: edge(next) }
        }
        StepAction::Repeat { times, again, next } => {
            Action::Repeat { times: *times, again: edge(again), next: edge(next) }
        }
        StepAction::Webhook(webhook) => Action::Webhook {
            url: webhook.url.clone(),
            send: webhook.send.clone(),
            take: webhook.take.clone(),
            timeout: webhook.timeout,
            next: edge(&webhook.next),
            on_failed: edge(&webhook.on_failed),
        },
        StepAction::Transfer(transfer) => Action::Transfer {
            to: transfer.to.clone(),
            ring: transfer.ring,
            unreached: unreached(names, &transfer.unreached),
        },
        StepAction::Enqueue { queue, skills, priority } => {
            Action::Enqueue { queue: queue.clone(), skills: skills.clone(), priority: *priority }
        }
        StepAction::Leave(action) => Action::Leave(action.clone()),
    }
}

fn collect(names: &Names<'_>, collect: &Collect) -> Ask {
    Ask {
        prompts: collect.prompts.clone(),
        rules: collect.rules,
        repeats: collect.repeats,
        no_input: collect.no_input.clone(),
        invalid: collect.invalid.clone(),
        asked_again: true,
        want: Want::Digits {
            variable: collect.variable.clone(),
            min: collect.min,
            max: collect.max.max(collect.min).max(1),
            sensitive: collect.sensitive,
            next: names.edge(&collect.next),
        },
        on_failed: names.edge(&collect.on_failed),
    }
}

fn dial(names: &Names<'_>, dial: &Dial) -> Ask {
    Ask {
        prompts: dial.prompts.clone(),
        rules: dial.rules,
        repeats: dial.repeats,
        no_input: dial.no_input.clone(),
        invalid: dial.invalid.clone(),
        asked_again: false,
        want: Want::Extension { reached: reached(names, dial), on_star: names.edge(&dial.on_star) },
        on_failed: names.edge(&dial.on_failed),
    }
}

fn dial_by_name(names: &Names<'_>, dial: &DialByName) -> Ask {
    Ask {
        prompts: dial.prompts.clone(),
        rules: dial.rules,
        repeats: dial.repeats,
        no_input: dial.no_input.clone(),
        invalid: dial.invalid.clone(),
        asked_again: true,
        want: Want::Name { by: dial.by, reached: by_name(names, dial), on_star: names.edge(&dial.on_star) },
        on_failed: names.edge(&dial.on_failed),
    }
}

fn menu(names: &Names<'_>, menu: &Menu) -> Ask {
    let keys = menu.keys.iter().map(|(key, next)| (*key, names.edge(next))).collect();
    Ask {
        prompts: menu.prompts.clone(),
        rules: menu.rules,
        repeats: menu.repeats,
        no_input: menu.no_input.clone(),
        invalid: menu.invalid.clone(),
        asked_again: true,
        want: Want::Key { keys, dial: menu.dial.as_deref().and_then(|step| names.dialing(step)) },
        on_failed: names.edge(&menu.on_failed),
    }
}

fn by_name(names: &Names<'_>, dial: &DialByName) -> Reached {
    Reached {
        reachable: Reachable::Agents,
        exclude: Vec::new(),
        ring: dial.ring,
        unreached: unreached(names, &dial.unreached),
        on_star: dial.ring.star.then(|| names.edge(&dial.on_star)),
    }
}

fn reached(names: &Names<'_>, dial: &Dial) -> Reached {
    Reached {
        reachable: dial.reachable,
        exclude: dial.exclude.clone(),
        ring: dial.ring,
        unreached: unreached(names, &dial.unreached),
        on_star: dial.ring.star.then(|| names.edge(&dial.on_star)),
    }
}

fn unreached(names: &Names<'_>, next: &model::flow::document::Unreached) -> Unreached {
    Unreached {
        on_unavailable: names.edge(&next.on_unavailable),
        on_busy: names.edge(&next.on_busy),
        on_no_answer: names.edge(&next.on_no_answer),
    }
}
