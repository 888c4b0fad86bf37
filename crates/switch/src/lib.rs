//! Runs the engines: one for each domain, all owned by one thread; numbers and publishes what they say.
//!
//! [`Switch`] is a plain value that the gateway's loop owns. Everybody else holds a [`Handle`]: a bounded
//! queue of requests into that loop. Nothing here knows SIP, media or HTTP: commands go through [`Port`],
//! what has happened goes to an [`EventSink`] and to subscribers.
//!
//! With a [`journal`] every input is on disk before what it led to leaves: the loop calls [`Switch::commit`] at
//! the end of each turn, before anything is sent. [`recover`] goes on from a journal, [`replay`] runs it again.

#![forbid(unsafe_code)]

pub mod clock;
pub mod handle;
mod host;
pub mod journal;
pub mod null;
pub mod port;
pub mod publish;
mod recordings;
pub mod recover;
pub mod replay;
mod run;
mod upgrade;

#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use handle::{Ask, AskError, CaughtUp, Handle, Subscription};
pub use port::{EventSink, NoSink, Port};
pub use publish::{Published, Snapshot};
pub use recordings::Recordings;
pub use recover::JournalPlace;
pub use replay::{Replayed, replay};
pub use run::{Switch, SwitchLimits};
