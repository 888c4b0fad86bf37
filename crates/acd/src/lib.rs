//! Who gets which call: agents, waiting lines, offers, strategies.

#![forbid(unsafe_code)]

pub mod acd;
pub mod decision;
pub mod input;
pub mod limits;
pub mod output;

pub use acd::{Acd, MembershipView, WaitingView};
pub use decision::{Candidate, Decision, Exclusion};
pub use input::{AcdInput, AgentAction, Gone, OfferFailure, OtherLeg, Scope};
pub use limits::Limits;
pub use output::{
    AcdOutbox, AcdOutput, AgentState, MembershipResult, MembershipState, OfferOutcome, Pending, QueueOutcome,
    Refusal,
};
