//! Flows: which there are, what they say, and who is inside.

pub(crate) mod get;
pub(crate) mod list;

use std::collections::BTreeMap;

use engine::{CallState, CallView};
use model::{Flow, FlowBody, FlowId};
use serde::Serialize;
use utoipa::ToSchema;

/// What kind of flow it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FlowKind {
    /// Asks for an extension and rings it.
    AgentExtension,
    /// A tree of steps.
    Tree,
}

/// A flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowItem {
    /// The number that leads to it from inside.
    #[schema(example = "7000")]
    number: String,
    /// Its name.
    #[schema(example = "Reach an agent")]
    name: String,
    /// What kind it is.
    kind: FlowKind,
    /// Callers who are inside it now, in whichever version.
    callers: usize,
}

impl FlowItem {
    fn new(flow: &Flow, inside: &Inside<'_>) -> Self {
        let kind = match &flow.body {
            FlowBody::AgentExtension(_) => FlowKind::AgentExtension,
            FlowBody::Tree(_) => FlowKind::Tree,
        };
        let callers = inside.0.get(&flow.id).map_or(0, |steps| steps.values().sum());
        Self { number: flow.number.to_string(), name: flow.name.clone(), kind, callers }
    }
}

/// How many callers are at each step of each flow.
struct Inside<'a>(BTreeMap<FlowId, BTreeMap<&'a str, usize>>);

impl<'a> Inside<'a> {
    fn of(calls: &'a [CallView]) -> Self {
        let mut flows: BTreeMap<FlowId, BTreeMap<&str, usize>> = BTreeMap::new();
        for call in calls {
            if let CallState::InFlow { flow, step } = &call.state {
                *flows.entry(*flow).or_default().entry(step).or_default() += 1;
            }
        }
        Self(flows)
    }
}
