//! Who gets which call: agents, waiting lines, offers, strategies.
//!
//! [`Acd`] is a value. Tell it what has happened ([`AcdInput`]) or what an agent asked ([`AgentAction`]), and it
//! appends what follows to an [`AcdOutbox`]: whom to ring, whom to stop ringing, whom to connect, who left the
//! line and where to, and how each agent's state has changed. It rings nobody itself, reads no clock and draws
//! no random number but from its own seeded generator: the same inputs at the same times give the same outputs.
//!
//! # Reading order
//!
//! The words first: `input`, `output`, `decision`. Then `acd` (which routes every input to the room that owns it
//! and holds no rule), `agent` (what an agent does follows from a few facts, never from a stored state),
//! `membership` (what she asked of one queue), `waiting` (the line), and `dispatch`, the only place where a call
//! and an agent are paired. The rest is one rule a file: `candidate`, `strategy`, `offer`, `overflow`,
//! `wrap_up`, `agent/missed`, `agent/call_end`, `agent/device`, `configure`. What makes decisions cheap is in
//! `line`, `free`, `places` and `strategy`: what is kept in order, so that nothing is sorted when a call comes.
//!
//! # What can be relied on
//!
//! * A caller never waits while an agent is free who could serve her; a step ends only when that is true.
//! * Each stay in a line ends in exactly one [`AcdOutput::Connected`] or [`AcdOutput::LeftQueue`]; each offer in
//!   exactly one [`AcdOutput::Connected`] or [`AcdOutput::OfferEnded`].
//! * A failed offer costs the caller nothing: time of entry, priority and place stay.
//! * Of several offers of one call the first answer wins; an answer to an offer that is over does nothing.
//! * [`AcdOutput::AgentChanged`] comes once for each change of a membership, at the end of the step, and never
//!   for a change that is none.
//! * A decision costs the same however long the line is, and grows with the logarithm of the members: the free
//!   ones are kept in the order of the strategy. `cargo bench -p acd` measures it.
//! * Every decision leaves a record, and what kept an agent from a call can be asked for afterwards
//!   ([`Acd::why_no_call`], [`Acd::last_decision`]).
//! * The whole of it can be written as bytes and read again; only [`Limits`] come from the process.
//!
//! # Example
//!
//! ```
//! use acd::{Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, Entering, Limits, Scope};
//! use model::{
//!     Agent, AgentId, AgentStatus, CallId, Directory, ExtensionNumber, Membership, OfferId, Personal, Queue,
//!     QueueId, Role, Tenant, TenantId, Timestamp,
//! };
//!
//! let (ann, support) = (AgentId(1), QueueId(1));
//! let tenant = Tenant::new(TenantId(1), "acme.test");
//! let mut directory = Directory::new(tenant);
//! directory.insert_queue(Queue::new(support, ExtensionNumber::parse("8000").unwrap(), "Support"));
//! directory.insert_agent(Agent {
//!     id: ann,
//!     extension: ExtensionNumber::parse("1001").ok(),
//!     name: "Ann Ash".into(),
//!     email: "ann@acme.test".into(),
//!     role: Role::Agent,
//!     supervises: None,
//!     groups: vec!["support".into()],
//!     skills: Default::default(),
//!     status: AgentStatus::Active,
//!     max_concurrent_calls: 1,
//!     hours: None,
//!     personal: Personal::default(),
//!     spoken_name: None,
//!     call_link: None,
//! });
//! directory.insert_membership(Membership::new(support, ann));
//!
//! let mut acd = Acd::new(Limits::default(), OfferId(1));
//! let (mut out, now) = (AcdOutbox::default(), Timestamp::from_secs(100));
//! acd.configure(&directory, now, &mut out);
//! acd.handle(AcdInput::Device { agent: ann, reachable: true }, now, &mut out);
//! acd.act(ann, Scope::All, AgentAction::Login, now, &mut out);
//!
//! // A caller comes: Ann is rung, for twenty seconds.
//! out.outputs.clear();
//! let call = CallId(7);
//! acd.handle(AcdInput::Enqueued(Entering::new(call, support, now)), now, &mut out);
//! let offered = out.outputs.iter().find_map(|output| match output {
//!     AcdOutput::Offered { offer, agent, .. } => Some((*offer, *agent)),
//!     _ => None,
//! });
//! assert_eq!(offered, Some((OfferId(1), ann)));
//! assert_eq!(acd.next_deadline(), Some(Timestamp::from_secs(120)));
//!
//! // She answers: connect the two.
//! out.outputs.clear();
//! acd.handle(AcdInput::OfferAnswered { offer: OfferId(1) }, Timestamp::from_secs(104), &mut out);
//! assert!(matches!(out.outputs[0], AcdOutput::Connected { call: CallId(7), .. }));
//! ```

#![forbid(unsafe_code)]

pub mod acd;
pub mod broken;
pub mod decision;
pub mod input;
pub mod limits;
pub mod output;

mod agent;
mod announce;
mod candidate;
mod chance;
mod check;
mod configure;
mod dispatch;
mod estimate;
mod few;
mod free;
mod growth;
mod hand_over;
mod line;
mod marks;
mod membership;
mod moving;
mod never;
mod offer;
mod overflow;
mod pickup;
mod places;
mod record;
mod short;
mod skills;
mod standing;
mod strategy;
mod table;
mod timer;
mod waiting;
mod why;
mod wrap_up;

pub use acd::{Acd, MembershipView, Stands, WaitingView};
pub use decision::{Candidate, Counts, Decision, Exclusion, LookedAt};
pub use hand_over::{HandedAgent, HandedMembership, Reason, Wants};
pub use input::{AcdInput, AgentAction, Entering, Gone, OfferFailure, OtherLeg, Scope};
pub use limits::Limits;
pub use moving::NoMove;
pub use output::{
    AcdOutbox, AcdOutput, AgentState, MembershipResult, MembershipState, OfferOutcome, Pending, QueueOutcome,
    Refusal,
};
pub use pickup::NoPickup;
pub use short::Short;
pub use why::{NoCall, PassedOver, WhyNot};
