//! Transactions: one request and its answers (RFC 3261 section 17, with RFC 6026).
//!
//! Four state machines, each a value that is told what happened and says what to do in a
//! [`Reaction`]. They hold no messages and no timers; the table of the agent does.

mod client;
mod invite_client;
mod invite_server;
mod key;
mod server;

pub use client::Client;
pub use invite_client::InviteClient;
pub use invite_server::InviteServer;
pub use key::{branch_number, merge_key, new_branch, server_key};
pub use server::Server;

use std::time::Duration;

use crate::timer::TimerName;

/// What a state machine wants done. Nothing, by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaction {
    /// Send the kept message (request of a client, last response of a server) again, or first.
    pub send: bool,
    /// Send the ACK of a failed INVITE.
    pub ack: bool,
    /// Give the message to the transaction's user.
    pub deliver: bool,
    /// Stop all timers of this transaction before setting new ones.
    pub stop: bool,
    /// Set these timers.
    pub set: [Option<(TimerName, Duration)>; 2],
    /// Tell the transaction's user that it failed.
    pub fault: Option<Fault>,
    /// The transaction is over; forget it.
    pub ended: bool,
}

/// Why a transaction failed without a final answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody answered in time (as a 408).
    Timeout,
    /// The transport could not deliver (as a 503).
    Transport,
    /// The INVITE rings longer than timer C; it is still there and wants a CANCEL.
    RangTooLong,
}

impl Reaction {
    fn nothing() -> Self {
        Reaction::default()
    }

    fn send() -> Self {
        Reaction { send: true, ..Reaction::default() }
    }

    fn deliver() -> Self {
        Reaction { deliver: true, ..Reaction::default() }
    }

    fn over() -> Self {
        Reaction { ended: true, stop: true, ..Reaction::default() }
    }

    fn failed(fault: Fault) -> Self {
        Reaction { fault: Some(fault), ..Reaction::over() }
    }

    /// Also: stop what runs, set this timer.
    fn then_only(mut self, name: TimerName, after: Duration) -> Self {
        self.stop = true;
        self.set = [Some((name, after)), None];
        self
    }

    /// Also: set this timer, leave the others.
    fn and(mut self, name: TimerName, after: Duration) -> Self {
        let free = if self.set[0].is_none() { 0 } else { 1 };
        self.set[free] = Some((name, after));
        self
    }

    /// Also: absorb for this long, which is not at all on a reliable transport.
    fn then_absorb(self, name: TimerName, after: Duration, reliable: bool) -> Self {
        if reliable { Reaction { stop: true, ended: true, ..self } } else { self.then_only(name, after) }
    }
}
