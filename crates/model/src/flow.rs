//! Flows as they are provisioned: what a caller hears and chooses between dialing and a person.
//!
//! A flow is one of two kinds. An [`AgentExtensionFlow`] leads callers straight to an agent whose extension they
//! know (FC-1 to FC-5); a [`FlowDocument`] is a tree of steps as an editor saves it. Both are compiled and run by
//! the crate `callflow`; nothing here runs.

pub mod document;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::fallback::FallbackAction;
use crate::flow::document::FlowDocument;
use crate::id::FlowId;
use crate::number::ExtensionNumber;

/// A call flow with its place in the number space.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Flow {
    /// Its id.
    pub id: FlowId,
    /// The extension that reaches it.
    pub number: ExtensionNumber,
    /// 1–64 characters, unique in the domain.
    pub name: String,
    /// What its callers meet.
    pub body: FlowBody,
}

/// What a flow's callers meet.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum FlowBody {
    /// The caller dials an agent.
    AgentExtension(Box<AgentExtensionFlow>),
    /// A tree of steps.
    Tree(FlowDocument),
}

/// The agent-extension flow (domain 4): the caller dials an extension, the agent rings, and there is a next plan for
/// each way in which that can fail. Prompts are names; `None` plays nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AgentExtensionFlow {
    /// What asks for the extension (FC-2).
    pub greeting: Option<String>,
    /// Said to who pressed nothing (FC-3d).
    pub no_input_message: Option<String>,
    /// Said to who dialed nobody's extension (FC-3e).
    pub invalid_message: Option<String>,
    /// How the extension is listened for.
    pub keys: KeyRules,
    /// Seconds an agent's phone rings, 5–120; 20 unless set (PS).
    pub ring_timeout: u32,
    /// How often an error message is repeated, 0–10; 3 unless set (PS).
    pub max_repeats: u8,
    /// Whom the flow reaches.
    pub reachable: Reachable,
    /// Extensions that it does not reach all the same (PS).
    pub exclude: Vec<NumberRange>,
    /// Whether agents who are not ready are rung (PS-3); false unless set (A25).
    pub ring_not_ready: bool,
    /// Whether `*` is heard while the agent rings; false unless set.
    pub star_during_ring: bool,
    /// The agent cannot be rung (FC-3a).
    pub on_unavailable: FallbackAction,
    /// She rang and did not answer (FC-3b).
    pub on_no_answer: FallbackAction,
    /// She is engaged or in wrap-up (FC-3c).
    pub on_busy: FallbackAction,
    /// The caller failed too often (FC-3f).
    pub on_repeats_exhausted: FallbackAction,
    /// The caller pressed `*` (FC-3g).
    pub on_star: FallbackAction,
}

/// How keys are listened for. Times in seconds, 1–60.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct KeyRules {
    /// From the end of the prompt to the first key; 5 unless set.
    pub first_timeout: u32,
    /// From one key to the next; 2 unless set (PS).
    pub next_timeout: u32,
    /// Whether `#` ends what is keyed; true unless set.
    pub hash_ends: bool,
    /// Whether keys are heard while the prompt plays; true unless set.
    pub barge_in: bool,
}

impl Default for KeyRules {
    fn default() -> Self {
        Self { first_timeout: 5, next_timeout: 2, hash_ends: true, barge_in: true }
    }
}

/// Whom an agent-extension flow reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub enum Reachable {
    /// Agents' extensions.
    #[default]
    Agents,
    /// Every phone, also one that is no agent's.
    Phones,
}

/// Extensions from one to another, both included; of one length.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NumberRange {
    /// The lowest.
    pub from: ExtensionNumber,
    /// The highest.
    pub to: ExtensionNumber,
}

impl NumberRange {
    /// Whether it holds `number`. Of numbers of one length the order of their digits is that of their values.
    #[must_use]
    pub fn contains(&self, number: &str) -> bool {
        let (from, to) = (self.from.as_str(), self.to.as_str());
        number.len() == from.len() && number.len() == to.len() && (from..=to).contains(&number)
    }
}

impl AgentExtensionFlow {
    /// `ring_timeout` unless set, seconds.
    pub const RING_TIMEOUT_DEFAULT: u32 = 20;
    /// `max_repeats` unless set.
    pub const MAX_REPEATS_DEFAULT: u8 = 3;

    /// A flow with the defaults of the domain model that ends every failed call.
    #[must_use]
    pub fn new() -> Self {
        Self {
            greeting: None,
            no_input_message: None,
            invalid_message: None,
            keys: KeyRules::default(),
            ring_timeout: Self::RING_TIMEOUT_DEFAULT,
            max_repeats: Self::MAX_REPEATS_DEFAULT,
            reachable: Reachable::default(),
            exclude: Vec::new(),
            ring_not_ready: false,
            star_during_ring: false,
            on_unavailable: FallbackAction::default(),
            on_no_answer: FallbackAction::default(),
            on_busy: FallbackAction::default(),
            on_repeats_exhausted: FallbackAction::default(),
            on_star: FallbackAction::default(),
        }
    }
}

impl Default for AgentExtensionFlow {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_numbers_of_its_own_length() {
        let number = |text| ExtensionNumber::parse(text).unwrap();
        let range = NumberRange { from: number("1001"), to: number("2001") };
        for inside in ["1001", "1500", "2001"] {
            assert!(range.contains(inside), "{inside}");
        }
        for outside in ["1000", "2002", "100", "10010", "", "15"] {
            assert!(!range.contains(outside), "{outside}");
        }
    }
}
