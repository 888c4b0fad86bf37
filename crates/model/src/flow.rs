//! Flows as they are provisioned. The interpreter comes with the callflow crate; until then a caller who
//! reaches a flow takes its `on_unavailable` action, so that nobody is lost.

use crate::fallback::FallbackAction;
use crate::id::FlowId;
use crate::number::ExtensionNumber;
use borsh::{BorshDeserialize, BorshSerialize};

/// The agent-extension flow (FC-1 to FC-5), settings only.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AgentExtensionFlow {
    /// Its id.
    pub id: FlowId,
    /// The extension that reaches it.
    pub number: ExtensionNumber,
    /// 1–64 characters, unique.
    pub name: String,
    /// Seconds an agent's phone rings, 5–120; 20 unless set.
    pub ring_timeout: u32,
    /// How often an error message is repeated, 0–10; 3 unless set.
    pub max_repeats: u8,
    /// The agent cannot be rung.
    pub on_unavailable: FallbackAction,
    /// She rang and did not answer.
    pub on_no_answer: FallbackAction,
    /// She is engaged or in wrap-up.
    pub on_busy: FallbackAction,
    /// The caller failed too often.
    pub on_repeats_exhausted: FallbackAction,
    /// The caller pressed `*`.
    pub on_star: FallbackAction,
}
