//! Server transactions at work: taking requests, answering, and answering again.

use std::sync::Arc;

use super::core::{Cx, Timer};
use super::transactions::{Answerer, ServerMachine, ServerTransaction, TimerSlots};
use crate::flow::{Destination, Flow};
use crate::message::{Headers, Message, Method, Name};
use crate::timer::TimerName;
use crate::transaction::{InviteServer, Reaction, Server, merge_key};

impl Cx<'_> {
    /// The transaction this key names, if it is known.
    pub(crate) fn find_server(&self, key: &[u8]) -> Option<u64> {
        self.core.server_keys.get(key).copied()
    }

    /// Begins a server transaction, whose number it gives.
    pub(crate) fn start_server(
        &mut self,
        request: &Message,
        key: Box<[u8]>,
        flow: Flow,
        answerer: Answerer,
        tag: String,
    ) -> u64 {
        let id = self.core.next_transaction;
        self.core.next_transaction += 1;
        let reliable = flow.transport.is_reliable();
        let (machine, reaction) = if request.method() == Some(&Method::Invite) {
            (ServerMachine::Invite(InviteServer::start(reliable)), Reaction::default())
        } else {
            let (machine, reaction) = Server::start(reliable, &self.core.config.timings);
            (ServerMachine::Other(machine), reaction)
        };
        let key: Arc<[u8]> = key.into();
        self.core.server_keys.insert(key.clone(), id);
        let merge = merge_key(self.core.seed, request);
        if let Some(merge) = merge {
            self.core.merges.insert(merge, id);
        }
        let head = head_of(request);
        let retained = key.len() + head.headers.byte_len();
        self.core.retained += retained;
        let transaction = ServerTransaction {
            key,
            merge,
            machine,
            answerer,
            flow,
            head: Some(Box::new(head)),
            tag,
            response: None,
            timers: TimerSlots::default(),
            retained,
        };
        self.core.servers.insert(id, transaction);
        self.react_server(id, reaction);
        id
    }

    /// Whether this is a copy, by another way, of a request we have (RFC 3261 section 8.2.2.2).
    pub(crate) fn is_merged(&self, request: &Message) -> bool {
        merge_key(self.core.seed, request).is_some_and(|key| self.core.merges.contains_key(&key))
    }

    /// A request came that belongs to a transaction: a retransmission, or the ACK of a failure.
    pub(crate) fn server_request(&mut self, id: u64, method: &Method) {
        let timings = self.core.config.timings;
        let Some(server) = self.core.servers.get_mut(&id) else { return };
        let reaction = match (&mut server.machine, method) {
            (ServerMachine::Invite(machine), Method::Ack) => machine.ack(&timings),
            (ServerMachine::Invite(machine), _) => machine.request(),
            (ServerMachine::Other(machine), _) => machine.request(),
        };
        self.react_server(id, reaction);
    }

    /// A timer of a server transaction is due.
    pub(crate) fn server_timer(&mut self, id: u64, name: TimerName) {
        let timings = self.core.config.timings;
        let Some(server) = self.core.servers.get_mut(&id) else { return };
        if name.is_retransmission() {
            server.timers.again = None;
        } else {
            server.timers.end = None;
        }
        let reaction = match &mut server.machine {
            ServerMachine::Invite(machine) => machine.timer(name, &timings),
            ServerMachine::Other(machine) => machine.timer(name),
        };
        self.react_server(id, reaction);
    }

    /// Whether a request has no final answer yet.
    pub(crate) fn is_open(&self, id: u64) -> bool {
        self.core.servers.get(&id).is_some_and(ServerTransaction::is_open)
    }

    /// A response to an open request, to be completed and given to [`respond`](Self::respond).
    pub(crate) fn response(&self, id: u64, status: u16, reason: &str) -> Option<Message> {
        let server = self.core.servers.get(&id).filter(|server| server.is_open())?;
        let mut response = Message::response(server.head.as_ref()?, status, reason, Some(&server.tag));
        if (101..300).contains(&status)
            && let Some(head) = &server.head
        {
            response.headers.copy(&head.headers, Name::RecordRoute);
        }
        if !self.core.config.product.is_empty() {
            response.headers.push(Name::Server, &self.core.config.product);
        }
        Some(response)
    }

    /// Sends a response; gives its bytes.
    pub(crate) fn respond(&mut self, id: u64, response: &Message) -> Option<Arc<[u8]>> {
        let timings = self.core.config.timings;
        let status = response.status()?;
        let server = self.core.servers.get_mut(&id)?;
        let reaction = match &mut server.machine {
            ServerMachine::Invite(machine) => machine.respond(status, &timings),
            ServerMachine::Other(machine) => machine.respond(status, &timings),
        };
        if !reaction.send {
            return None;
        }
        let bytes: Arc<[u8]> = response.to_bytes().into();
        server.response = Some(bytes.clone());
        if status >= 200 {
            server.head = None;
        }
        let head = server.head.as_ref().map_or(0, |head| head.headers.byte_len());
        let retained = server.key.len() + head + bytes.len();
        self.core.retained = self.core.retained - server.retained + retained;
        server.retained = retained;
        self.react_server(id, reaction);
        Some(bytes)
    }

    /// Sends a response without more to it.
    pub(crate) fn respond_plain(&mut self, id: u64, status: u16, headers: &Headers) {
        if let Some(mut response) = self.response(id, status, "") {
            response.headers.extend(headers);
            self.respond(id, &response);
        }
    }

    fn react_server(&mut self, id: u64, reaction: Reaction) {
        let Some(server) = self.core.servers.get_mut(&id) else { return };
        let mut slots = server.timers;
        let resend = reaction.send.then(|| (server.flow, server.response.clone()));
        if reaction.stop {
            self.core.timers.stop(slots.again.take());
            self.core.timers.stop(slots.end.take());
        }
        if let Some((flow, Some(bytes))) = resend {
            self.transmit(Destination::Flow(flow), bytes, 0);
        }
        for (name, after) in reaction.set.into_iter().flatten() {
            let timer = self.set_timer(after, Timer::Server(id, name));
            let slot = if name.is_retransmission() { &mut slots.again } else { &mut slots.end };
            self.core.timers.stop(slot.replace(timer));
        }
        if reaction.ended {
            self.forget_server(id);
        } else if let Some(server) = self.core.servers.get_mut(&id) {
            server.timers = slots;
        }
    }

    /// Ends a server transaction without an answer: there is nobody left to hear it.
    pub(crate) fn forget_server(&mut self, id: u64) {
        let Some(server) = self.core.servers.remove(&id) else { return };
        self.core.timers.stop(server.timers.again);
        self.core.timers.stop(server.timers.end);
        self.core.server_keys.remove(&server.key);
        if let Some(merge) = server.merge
            && self.core.merges.get(&merge) == Some(&id)
        {
            self.core.merges.remove(&merge);
        }
        self.core.retained -= server.retained;
    }
}

/// What responses are made from.
fn head_of(request: &Message) -> Message {
    let mut headers = Headers::with_capacity(8, 512);
    for name in
        [Name::Via, Name::From, Name::To, Name::CallId, Name::CSeq, Name::Timestamp, Name::RecordRoute]
    {
        headers.copy(&request.headers, name);
    }
    Message { start: request.start.clone(), headers, body: Vec::new() }
}
