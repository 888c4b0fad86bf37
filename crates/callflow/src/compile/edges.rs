//! Which step leads to which, and whether a caller must do something to be led there.

use model::flow::document::{FlowStep, StepAction, Unreached};

/// One way on from a step.
pub(super) struct Way<'a> {
    /// The field that names it.
    pub(super) field: String,
    /// Where to; empty: the call ends.
    pub(super) to: &'a str,
    /// Whether it is taken only by who pressed a key, or so often and no more: a loop by it comes to an end.
    pub(super) bounded: bool,
}

/// All ways on, in the document's order.
pub(super) fn ways(step: &FlowStep) -> Vec<Way<'_>> {
    let way = |field: &str, to, bounded| Way { field: field.into(), to, bounded };
    match &step.action {
        StepAction::Answer { next }
        | StepAction::Ring { next, .. }
        | StepAction::Play { next, .. }
        | StepAction::Set { next, .. }
        | StepAction::Language { next, .. } => vec![way("next", next.as_str(), false)],
        StepAction::Menu(menu) => {
            let keys = menu.keys.iter().map(|(key, next)| Way {
                field: format!("key {}", char::from(*key)),
                to: next,
                bounded: true,
            });
            let dial = menu.dial.iter().map(|step| way("dial", step.as_str(), true));
            keys.chain(dial).chain([way("on_failed", menu.on_failed.as_str(), false)]).collect()
        }
        StepAction::Collect(collect) => {
            vec![way("next", &collect.next, true), way("on_failed", &collect.on_failed, false)]
        }
        StepAction::Dial(dial) => self::dial(&dial.unreached, &dial.on_failed, &dial.on_star),
        StepAction::DialByName(dial) => self::dial(&dial.unreached, &dial.on_failed, &dial.on_star),
        StepAction::Branch { when, otherwise } => when
            .iter()
            .map(|(_, next)| way("when", next.as_str(), false))
            .chain([way("otherwise", otherwise.as_str(), false)])
            .collect(),
        StepAction::Repeat { again, next, .. } => {
            vec![way("again", again, true), way("next", next, false)]
        }
        StepAction::Webhook(webhook) => {
            vec![way("next", &webhook.next, false), way("on_failed", &webhook.on_failed, false)]
        }
        StepAction::Transfer(transfer) => unreached(&transfer.unreached, false),
        StepAction::Enqueue { .. } | StepAction::Leave(_) => Vec::new(),
    }
}

fn dial<'a>(next: &'a Unreached, on_failed: &'a str, on_star: &'a str) -> Vec<Way<'a>> {
    let mut ways = unreached(next, true);
    ways.push(Way { field: "on_failed".into(), to: on_failed, bounded: false });
    ways.push(Way { field: "on_star".into(), to: on_star, bounded: true });
    ways
}

fn unreached(next: &Unreached, bounded: bool) -> Vec<Way<'_>> {
    let way = |field: &str, to| Way { field: field.into(), to, bounded };
    vec![
        way("on_unavailable", next.on_unavailable.as_str()),
        way("on_busy", &next.on_busy),
        way("on_no_answer", &next.on_no_answer),
    ]
}
