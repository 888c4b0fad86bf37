//! A compiled flow: steps that point at each other by number, every edge leading somewhere.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use model::flow::document::{Condition, NamePart, RingRules, Said, TransferTarget};
use model::{ExtensionNumber, FallbackAction, FlowId, KeyRules, NumberRange, Reachable, SkillNeed};

/// A flow that can be run. It holds everything that its callers need, so that a newer one does not disturb them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Flow {
    /// Which one.
    pub id: FlowId,
    /// Its number.
    pub number: ExtensionNumber,
    /// The language it begins in; empty: the domain's.
    pub(crate) language: String,
    /// The first begins. Never empty.
    pub(crate) steps: Vec<Step>,
}

impl Flow {
    /// The name of a step, for people; empty if there is none of that number.
    #[must_use]
    pub fn step_name(&self, step: u16) -> &str {
        self.steps.get(usize::from(step)).map_or("", |step| step.id.as_str())
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Step {
    /// Its name in the document.
    pub(crate) id: String,
    pub(crate) action: Action,
}

/// Where it goes on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Edge {
    /// With a step of this flow.
    Step(u16),
    /// Out of it.
    Leave(FallbackAction),
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Action {
    Answer { next: Edge },
    Ring { seconds: u32, next: Edge },
    Play { prompts: Vec<Said>, barge_in: bool, next: Edge },
    Ask(Box<Ask>),
    Branch { when: Vec<(Condition, Edge)>, otherwise: Edge },
    Set { variable: String, value: String, next: Edge },
    Language { language: String, next: Edge },
    Repeat { times: u8, again: Edge, next: Edge },
    Webhook { url: String, send: Vec<String>, take: Vec<String>, timeout: u32, next: Edge, on_failed: Edge },
    Transfer { to: TransferTarget, ring: RingRules, unreached: Unreached },
    Enqueue { queue: ExtensionNumber, skills: Vec<SkillNeed>, priority: u8 },
    Leave(FallbackAction),
}

/// A question, of whatever kind: said, listened for, said again, given up.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Ask {
    pub(crate) prompts: Vec<Said>,
    pub(crate) rules: KeyRules,
    pub(crate) repeats: u8,
    pub(crate) no_input: Option<String>,
    pub(crate) invalid: Option<String>,
    /// Whether the question follows its error messages; without a message it always does.
    pub(crate) asked_again: bool,
    pub(crate) want: Want,
    pub(crate) on_failed: Edge,
}

/// What a question wants to hear.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Want {
    /// One key, or the beginning of an extension if one may be dialed here.
    Key { keys: BTreeMap<u8, Edge>, dial: Option<Reached> },
    /// Digits, to be kept.
    Digits { variable: String, min: u8, max: u8, sensitive: bool, next: Edge },
    /// An extension, to be rung.
    Extension { reached: Reached, on_star: Edge },
    /// The keys of a name, to ring who has it.
    Name { by: NamePart, reached: Reached, on_star: Edge },
}

/// Whom a dialed extension reaches, and how.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Reached {
    pub(crate) reachable: Reachable,
    pub(crate) exclude: Vec<NumberRange>,
    pub(crate) ring: RingRules,
    pub(crate) unreached: Unreached,
    /// `*` while it rings, where that is heard.
    pub(crate) on_star: Option<Edge>,
}

/// What follows a phone that was not reached.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Unreached {
    pub(crate) on_unavailable: Edge,
    pub(crate) on_busy: Edge,
    pub(crate) on_no_answer: Edge,
}
