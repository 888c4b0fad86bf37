//! The switch as a state machine: calls, legs, bridges, agents, queues of one domain.
//!
//! [`Engine`] owns everything that decides and performs nothing. Feed it what the world did ([`Input`]); carry
//! out what it commands ([`Command`]); publish what it says has happened ([`Event`]).
//!
//! # Reading order
//!
//! [`input`], [`command`], [`event`], [`request`] are the words. [`engine`] routes each input to the room that
//! owns it: `route` says where a dialed text leads, `call` and the rooms below it hold calls from arrival to
//! end, `agents` carries out what the ACD says, `devices` knows whose phone is there, `hours` and `day` keep the
//! clocks of people, `opening` and `night` say what is open, `reach` how people want to be reached, `groups` whose turn it is in ring groups, `lists` and `sticky` know callers, `mailboxes` their
//! messages. [`view`] and [`record`] are what others read; `saved` and `restart` carry an engine from one process to
//! the next, `hand_over` from one version to the next.
//!
//! # Laws
//!
//! * Every leg ends with exactly one `Ended` from the shell, also when the engine told it to end. A call is over
//!   when all its legs are; it leaves exactly one [`CallRecord`].
//! * After `End` or `Refuse` a leg is commanded nothing more.
//! * A leg hears at most one other. Of all offers of a call, one at most is ever connected.
//! * For each queue, `offered = answered + every way out + waiting`, after every step.
//! * Every view that a step changed is named in [`Touched`].
//! * Each [`Request`] has exactly one reply, in the same step.
//! * The engine does not fail. What can never be is told ([`EventKind::CallFaulted`]) and ends one call.
//!
//! # Example
//!
//! ```
//! use std::sync::Arc;
//! use engine::{Arrival, Command, Engine, FirstIds, Input, LegCommand, LegInput, Limits, Origin};
//! use model::{CallId, CallerId, Directory, LegId, OfferId, PlayId, Tenant, TenantId, Timestamp, TrunkId};
//!
//! let tenant = Tenant::new(TenantId(1), "acme.test");
//! let first = FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) };
//! let directory = Arc::new(Directory::new(tenant));
//! let mut engine = Engine::new(directory, Limits::default(), first, Timestamp::ZERO);
//!
//! // A trunk nobody provisioned is not let in.
//! let arrival = Arrival {
//!     origin: Origin::Trunk(TrunkId(1)),
//!     dialed: "8000".into(),
//!     caller: CallerId::new("+4930555", ""),
//!     max_forwards: 70,
//! };
//! let out = engine.step(Input::Leg(LegId(2), LegInput::Arrived(arrival)), Timestamp::from_secs(1));
//! assert_eq!(out.commands, [Command::Leg(LegId(2), LegCommand::Refuse(engine::Cause::Forbidden))]);
//!
//! // The call is over, and has its record, when the leg says so.
//! let ended = LegInput::Ended(engine::Cause::Forbidden);
//! let out = engine.step(Input::Leg(LegId(2), ended), Timestamp::from_secs(1));
//! assert_eq!(out.events.last().map(|event| event.kind.name()), Some("call_ended"));
//! assert_eq!(engine.call_count(), 0);
//! ```

#![forbid(unsafe_code)]

mod agents;
mod bridge;
mod call;
mod counters;
mod day;
mod devices;
mod groups;
mod hand_over;
mod hours;
mod ids;
mod leg;
mod lists;
mod mailboxes;
mod never;
mod night;
mod opening;
mod reach;
mod restart;
mod resume;
mod route;
mod saved;
mod step;
mod sticky;
mod timer;
mod views;

pub mod cause;
pub mod command;
pub mod engine;
pub mod event;
pub mod input;
pub mod keys;
pub mod limits;
pub mod outbox;
pub mod record;
pub mod request;
pub mod view;
pub mod what_if;

pub use acd::{
    AgentAction, AgentState, Candidate, Counts, Decision, Exclusion, HandedAgent, HandedMembership, LookedAt,
    MembershipResult, MembershipState, MembershipView, NoCall, OfferOutcome, PassedOver, Pending,
    QueueOutcome, Reason, Refusal, Scope, Short, WaitingView, Wants, WhyNot,
};
pub use callflow::{Fallback, Secrecy};
pub use cause::Cause;
pub use command::{Command, DialTarget, Fetch, LegCommand, MediaCommand, NewPrompt};
pub use engine::{Engine, FirstIds};
pub use event::{Event, EventKind, FlowEnd, GroupOutcome, MessageGone};
pub use hand_over::{
    HandOver, HandOver6, HandedCallback, HandedMailbox, HandedMessage, HandedPlace, HandedQueue,
};
pub use input::{Arrival, DeviceInput, Input, LegInput, MediaInput, Origin, RecordEnd, RecordingInput};
pub use keys::Keys;
pub use limits::Limits;
pub use mailboxes::{MailboxView, Message, Unfinished};
pub use opening::NumberRule;
pub use outbox::{Outbox, Touched};
pub use reach::ReachChange;
pub use record::{CallRecord, Direction, Holds, LegRecord, LegStatus, QueueStay, Recorded, by_call_link};
pub use request::{Actor, GreetingChange, MessageAction, Rejection, Reply, Request};
pub use view::{AgentView, CallState, CallView, DomainView, QueueCounters, QueueView, View, WhyWaiting};
pub use what_if::{OpeningThen, WhatIf, WhatIfStep};
