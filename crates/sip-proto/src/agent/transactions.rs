//! The records of the transaction tables.

use std::sync::Arc;

use super::command::{DialogId, Reason, RequestKey};
use crate::flow::{Destination, Flow};
use crate::message::{Message, Method};
use crate::timer::TimerId;
use crate::transaction::{Client, Fault, InviteClient, InviteServer, Server};

/// Whose request a client transaction carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Nobody waits for the outcome; 2xx to INVITEs are still acknowledged.
    Nobody,
    /// The INVITE that makes the call.
    Invite(DialogId),
    /// An INVITE within the call.
    Reinvite(DialogId),
    /// An UPDATE that refreshes the session.
    Update(DialogId),
    /// An INFO.
    Info(DialogId),
    /// The BYE.
    Bye(DialogId),
    /// A request of the application outside dialogs.
    Application(RequestKey),
}

pub(crate) enum ClientMachine {
    Invite(InviteClient),
    Other(Client),
}

/// What is to become of an INVITE that is no longer wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cancel {
    No,
    /// To be sent with the first provisional response (RFC 3261 section 9.1).
    Wanted(Option<Reason>),
    /// Sent, as this client transaction.
    Sent(u64),
}

pub(crate) struct ClientTransaction {
    pub(crate) branch: String,
    pub(crate) method: Method,
    pub(crate) machine: ClientMachine,
    pub(crate) owner: Owner,
    pub(crate) to: Destination,
    /// The head of an INVITE, for its ACK, its CANCEL and its dialogs.
    pub(crate) request: Option<Box<Message>>,
    /// The request as sent, until answered.
    pub(crate) bytes: Option<Arc<[u8]>>,
    /// The ACK of each 2xx by To tag, or of the failure under the empty tag.
    pub(crate) acks: Vec<(String, Destination, Arc<[u8]>)>,
    pub(crate) cancel: Cancel,
    pub(crate) timers: TimerSlots,
    pub(crate) retained: usize,
}

pub(crate) enum ServerMachine {
    Invite(InviteServer),
    Other(Server),
}

/// Who answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answerer {
    /// It is answered as soon as it comes.
    Agent,
    /// The call, by a command of the application.
    Call(DialogId),
    /// The application.
    Application,
}

pub(crate) struct ServerTransaction {
    pub(crate) key: Arc<[u8]>,
    pub(crate) merge: Option<u64>,
    pub(crate) machine: ServerMachine,
    pub(crate) answerer: Answerer,
    pub(crate) flow: Flow,
    /// What responses are made from, until the final one.
    pub(crate) head: Option<Box<Message>>,
    /// The To tag of all responses.
    pub(crate) tag: String,
    /// The last response as sent.
    pub(crate) response: Option<Arc<[u8]>>,
    pub(crate) timers: TimerSlots,
    pub(crate) retained: usize,
}

/// A transaction has one timer that sends again and one that ends something.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimerSlots {
    pub(crate) again: Option<TimerId>,
    pub(crate) end: Option<TimerId>,
}

/// What a client transaction has for its owner.
pub(crate) struct Outcome {
    pub(crate) client: u64,
    pub(crate) owner: Owner,
    pub(crate) result: Result<Message, Fault>,
    /// How the response came.
    pub(crate) flow: Option<Flow>,
}

impl ServerTransaction {
    /// Whether this is an INVITE that was answered with a 2xx.
    pub(crate) fn has_accepted(&self) -> bool {
        match &self.machine {
            ServerMachine::Invite(machine) => machine.has_accepted(),
            ServerMachine::Other(_) => false,
        }
    }

    /// Whether no final answer was given.
    pub(crate) fn is_open(&self) -> bool {
        match &self.machine {
            ServerMachine::Invite(machine) => machine.is_open(),
            ServerMachine::Other(machine) => machine.is_open(),
        }
    }
}

impl Outcome {
    /// The status, where a fault counts as what RFC 3261 section 8.1.3.1 says it is.
    pub(crate) fn status(&self) -> u16 {
        match &self.result {
            Ok(response) => response.status().unwrap_or(500),
            Err(Fault::Timeout | Fault::RangTooLong) => 408,
            Err(Fault::Transport) => 503,
        }
    }
}
