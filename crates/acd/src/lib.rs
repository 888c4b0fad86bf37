//! Who gets which call: agents, waiting lines, offers, strategies.

#![forbid(unsafe_code)]

pub mod acd;
pub mod decision;
pub mod input;
pub mod limits;
pub mod output;

mod agent;
mod announce;
mod candidate;
mod check;
mod configure;
mod dispatch;
mod membership;
mod never;
mod offer;
mod overflow;
mod strategy;
mod timer;
mod waiting;
mod wrap_up;

pub use acd::{Acd, MembershipView, WaitingView};
pub use decision::{Candidate, Decision, Exclusion};
pub use input::{AcdInput, AgentAction, Gone, OfferFailure, OtherLeg, Scope};
pub use limits::Limits;
pub use output::{
    AcdOutbox, AcdOutput, AgentState, MembershipResult, MembershipState, OfferOutcome, Pending, QueueOutcome,
    Refusal,
};
