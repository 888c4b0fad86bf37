//! The switch as a state machine: calls, legs, bridges, agents, queues of one domain.
//!
//! [`Engine`] owns everything that decides and performs nothing. Feed it what the world did ([`Input`]); carry
//! out what it commands ([`Command`]); publish what it says has happened ([`Event`]).

#![forbid(unsafe_code)]

pub mod cause;
pub mod command;
pub mod engine;
pub mod event;
pub mod input;
pub mod limits;
pub mod outbox;
pub mod record;
pub mod request;
pub mod view;

pub use acd::{
    AgentAction, AgentState, Candidate, Decision, Exclusion, MembershipResult, MembershipState,
    MembershipView, OfferOutcome, Pending, QueueOutcome, Refusal, Scope, WaitingView,
};
pub use cause::Cause;
pub use command::{Command, DialTarget, LegCommand, MediaCommand};
pub use engine::{Engine, FirstIds};
pub use event::{Event, EventKind};
pub use input::{Arrival, DeviceInput, Input, LegInput, MediaInput, Origin};
pub use limits::Limits;
pub use outbox::{Outbox, Touched};
pub use record::{CallRecord, Direction, LegRecord, LegStatus, QueueStay};
pub use request::{Actor, Rejection, Reply, Request};
pub use view::{AgentView, CallState, CallView, QueueCounters, QueueView, View};
