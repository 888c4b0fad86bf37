//! SIP as state machines: messages, transactions, dialogs, SDP, digest, registrations and subscriptions.
//!
//! Nothing here opens a socket, reads a clock or draws a random number of its own. The shell gives
//! what it received and the moment it received it, and carries out what comes back:
//!
//! ```text
//!   bytes ──► message::parse_datagram / message::StreamParser ──► Message
//!   Message ──► agent::UserAgent::handle(input, now, guard, out) ──► transmits and events
//!   agent::UserAgent::next_deadline() ──► when to give it a Tick
//! ```
//!
//! Reading order: [`message`] (what is on the wire), [`transaction`] (RFC 3261 section 17),
//! [`dialog`] (section 12), [`agent`] (calls: sections 8, 9, 13 to 15, and RFC 4028), then [`sdp`],
//! [`auth`], [`register`] and [`subscription`], which the agent knows nothing of.
#![forbid(unsafe_code)]

pub mod agent;
pub mod auth;
pub mod dialog;
pub mod flow;
pub mod limits;
pub mod message;
mod random;
pub mod register;
pub mod sdp;
pub mod subscription;
pub mod time;
pub mod timer;
pub mod transaction;

pub use flow::{Destination, Flow, Transport};
pub use message::{
    CSeq, Headers, Message, Method, Name, NameAddr, Params, ParseError, Scheme, StartLine, StreamItem,
    StreamParser, Uri, Via, parse_datagram,
};
pub use time::Moment;
