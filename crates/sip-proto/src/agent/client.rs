//! Client transactions at work: sending requests, matching responses, ACK and CANCEL.

use std::sync::Arc;

use super::command::Reason;
use super::core::{Cx, Timer};
use super::transactions::{Cancel, ClientMachine, ClientTransaction, Outcome, Owner, TimerSlots};
use crate::flow::{Destination, Flow};
use crate::message::{Message, Method, Name};
use crate::timer::TimerName;
use crate::transaction::{Client, Fault, InviteClient, Reaction, branch_number, new_branch};

impl Cx<'_> {
    /// Sends a request and begins its client transaction, whose number it gives.
    pub(crate) fn start_client(&mut self, mut request: Message, to: Destination, owner: Owner) -> u64 {
        let id = self.core.next_transaction;
        let branch = new_branch(id, self.core.rng.next());
        let address = self.core.config.address(to.transport());
        let token = to.transport().via_token();
        let via = format!("SIP/2.0/{token} {}:{};branch={branch};rport", address.host, address.port);
        request.headers.push_front(Name::Via, via);
        if !self.core.config.product.is_empty() {
            request.headers.set(Name::UserAgent, &self.core.config.product);
        }
        self.start_client_with_via(request, to, owner, branch)
    }

    fn start_client_with_via(
        &mut self,
        mut request: Message,
        to: Destination,
        owner: Owner,
        branch: String,
    ) -> u64 {
        let id = self.core.next_transaction;
        self.core.next_transaction += 1;
        let bytes: Arc<[u8]> = request.to_bytes().into();
        let method = request.method().cloned().unwrap_or(Method::Options);
        let timings = self.core.config.timings;
        let reliable = to.transport().is_reliable();
        let (machine, reaction) = if method == Method::Invite {
            let (machine, reaction) = InviteClient::start(reliable, &timings);
            (ClientMachine::Invite(machine), reaction)
        } else {
            let (machine, reaction) = Client::start(reliable, &timings);
            (ClientMachine::Other(machine), reaction)
        };
        request.body = Vec::new();
        let head = (method == Method::Invite).then(|| Box::new(request));
        let retained = bytes.len() + head.as_ref().map_or(0, |head| head.headers.byte_len());
        self.core.retained += retained;
        if let Destination::Flow(flow) = to
            && flow.id != 0
        {
            self.core.client_flows.insert((flow.id, id));
        }
        let transaction = ClientTransaction {
            branch,
            method,
            machine,
            owner,
            to,
            request: head,
            bytes: Some(bytes),
            acks: Vec::new(),
            cancel: Cancel::No,
            timers: TimerSlots::default(),
            retained,
        };
        self.core.clients.insert(id, transaction);
        self.react_client(id, reaction);
        id
    }

    /// A response came: gives what its owner must hear.
    pub(crate) fn client_response(&mut self, response: Message, flow: Flow) -> Option<Outcome> {
        let id = self.match_response(&response)?;
        let status = response.status()?;
        let timings = self.core.config.timings;
        let client = self.core.clients.get_mut(&id)?;
        let reaction = match &mut client.machine {
            ClientMachine::Invite(machine) => machine.response(status, &timings),
            ClientMachine::Other(machine) => machine.response(status, &timings),
        };
        let owner = client.owner;
        if reaction.deliver {
            client.bytes = None;
        }
        if reaction.ack {
            self.ack_failure(id, &response);
        }
        if (200..300).contains(&status) && self.ack_again(id, &response) {
            return None;
        }
        let wanted = match self.core.clients.get_mut(&id).map(|client| &mut client.cancel) {
            Some(Cancel::Wanted(reason)) if status < 200 => Some(reason.take()),
            _ => None,
        };
        self.react_client(id, reaction);
        if let Some(reason) = wanted {
            self.send_cancel(id, reason);
        }
        reaction.deliver.then_some(Outcome { client: id, owner, result: Ok(response), flow: Some(flow) })
    }

    /// RFC 3261 section 17.1.3: by branch and method; a CANCEL has the branch of its INVITE.
    fn match_response(&self, response: &Message) -> Option<u64> {
        let via = response.via()?;
        let branch = via.branch()?;
        let method = response.cseq()?.method;
        let id = branch_number(branch)?;
        let client = self.core.clients.get(&id).filter(|client| client.branch == branch)?;
        if method == client.method {
            return Some(id);
        }
        match client.cancel {
            Cancel::Sent(cancel) if method == Method::Cancel => {
                self.core.clients.contains_key(&cancel).then_some(cancel)
            }
            Cancel::No | Cancel::Wanted(_) | Cancel::Sent(_) => None,
        }
    }

    /// A timer of a client transaction is due.
    pub(crate) fn client_timer(&mut self, id: u64, name: TimerName) -> Option<Outcome> {
        let timings = self.core.config.timings;
        let client = self.core.clients.get_mut(&id)?;
        if name.is_retransmission() {
            client.timers.again = None;
        } else {
            client.timers.end = None;
        }
        let reaction = match &mut client.machine {
            ClientMachine::Invite(machine) => machine.timer(name),
            ClientMachine::Other(machine) => machine.timer(name, &timings),
        };
        self.client_fault(id, reaction)
    }

    /// The transport could not deliver a request.
    pub(crate) fn client_transport_failed(&mut self, id: u64) -> Option<Outcome> {
        let client = self.core.clients.get_mut(&id)?;
        let reaction = match &mut client.machine {
            ClientMachine::Invite(machine) => machine.transport_failed(),
            ClientMachine::Other(machine) => machine.transport_failed(),
        };
        self.client_fault(id, reaction)
    }

    fn client_fault(&mut self, id: u64, reaction: Reaction) -> Option<Outcome> {
        let owner = self.core.clients.get(&id)?.owner;
        self.react_client(id, reaction);
        let fault = reaction.fault?;
        if fault == Fault::RangTooLong {
            self.cancel_client(id, None);
        }
        Some(Outcome { client: id, owner, result: Err(fault), flow: None })
    }

    fn react_client(&mut self, id: u64, reaction: Reaction) {
        let Some(client) = self.core.clients.get_mut(&id) else { return };
        let mut slots = client.timers;
        let resend = reaction.send.then(|| (client.to, client.bytes.clone()));
        if reaction.stop {
            self.core.timers.stop(slots.again.take());
            self.core.timers.stop(slots.end.take());
        }
        if let Some((to, Some(bytes))) = resend {
            self.transmit(to, bytes, id);
        }
        for (name, after) in reaction.set.into_iter().flatten() {
            let timer = self.set_timer(after, Timer::Client(id, name));
            let slot = if name.is_retransmission() { &mut slots.again } else { &mut slots.end };
            self.core.timers.stop(slot.replace(timer));
        }
        if reaction.ended {
            self.forget_client(id);
        } else if let Some(client) = self.core.clients.get_mut(&id) {
            client.timers = slots;
        }
    }

    fn forget_client(&mut self, id: u64) {
        let Some(client) = self.core.clients.remove(&id) else { return };
        self.core.retained -= client.retained;
        if let Destination::Flow(flow) = client.to {
            self.core.client_flows.remove(&(flow.id, id));
        }
    }

    /// The ACK of a failure is part of the transaction (section 17.1.1.3).
    fn ack_failure(&mut self, id: u64, response: &Message) {
        let Some(client) = self.core.clients.get_mut(&id) else { return };
        if let Some((_, to, bytes)) = client.acks.first() {
            let (to, bytes) = (*to, bytes.clone());
            return self.transmit(to, bytes, 0);
        }
        let Some(request) = client.request.take() else { return };
        let Some(mut ack) = follow_up(&request, Method::Ack) else { return };
        if let Some(to) = response.headers.get(Name::To) {
            ack.headers.set(Name::To, to);
        }
        let bytes: Arc<[u8]> = ack.to_bytes().into();
        client.acks.push((String::new(), client.to, bytes.clone()));
        let to = client.to;
        self.transmit(to, bytes, 0);
    }

    /// Sends the ACK of a 2xx and keeps it for when the 2xx comes again (section 13.2.2.4).
    pub(crate) fn ack_success(&mut self, id: u64, tag: &str, to: Destination, ack: &Message) {
        let mut ack = ack.clone();
        let address = self.core.config.address(to.transport());
        let branch = new_branch(0, self.core.rng.next());
        let token = to.transport().via_token();
        let via = format!("SIP/2.0/{token} {}:{};branch={branch};rport", address.host, address.port);
        ack.headers.push_front(Name::Via, via);
        let bytes: Arc<[u8]> = ack.to_bytes().into();
        if let Some(client) = self.core.clients.get_mut(&id) {
            client.acks.push((tag.to_owned(), to, bytes.clone()));
            client.retained += bytes.len();
            self.core.retained += bytes.len();
        }
        self.transmit(to, bytes, 0);
    }

    /// Whether this 2xx needs no more than the ACK that was sent for it before, or is one too many.
    fn ack_again(&mut self, id: u64, response: &Message) -> bool {
        let forks_max = self.core.config.limits.forks_per_invite_max;
        let Some(client) = self.core.clients.get(&id) else { return false };
        let tag = response.to_tag().unwrap_or_default();
        let Some((_, to, bytes)) = client.acks.iter().find(|(known, ..)| *known == tag) else {
            return client.acks.len() >= forks_max;
        };
        let (to, bytes) = (*to, bytes.clone());
        self.transmit(to, bytes, 0);
        true
    }

    /// The INVITE is no longer wanted: cancels it now, or when it may be.
    pub(crate) fn cancel_client(&mut self, id: u64, reason: Option<Reason>) {
        let Some(client) = self.core.clients.get_mut(&id) else { return };
        let ClientMachine::Invite(machine) = &client.machine else { return };
        client.owner = Owner::Nobody;
        if machine.is_proceeding() {
            self.send_cancel(id, reason);
        } else if machine.is_open() {
            client.cancel = Cancel::Wanted(reason);
        }
    }

    /// The call is over while its re-INVITE is not: the answer matters no more, but its ACK does.
    pub(crate) fn abandon_client(&mut self, id: u64) {
        let timings = self.core.config.timings;
        let Some(client) = self.core.clients.get_mut(&id) else { return };
        let ClientMachine::Invite(machine) = &mut client.machine else { return };
        client.owner = Owner::Nobody;
        let reaction = machine.abandoned(&timings);
        self.react_client(id, reaction);
    }

    fn send_cancel(&mut self, id: u64, reason: Option<Reason>) {
        let timings = self.core.config.timings;
        let Some(client) = self.core.clients.get_mut(&id) else { return };
        let ClientMachine::Invite(machine) = &mut client.machine else { return };
        let Some(request) = &client.request else { return };
        let Some(mut cancel) = follow_up(request, Method::Cancel) else { return };
        if let Some(reason) = reason {
            cancel.headers.push(Name::Reason, reason.to_header());
        }
        let reaction = machine.abandoned(&timings);
        let (to, branch) = (client.to, client.branch.clone());
        client.cancel = Cancel::Sent(self.core.next_transaction);
        self.react_client(id, reaction);
        self.start_client_with_via(cancel, to, Owner::Nobody, branch);
    }
}

/// The ACK of a failure or the CANCEL of `request`: its URI, Via, route and names.
fn follow_up(request: &Message, method: Method) -> Option<Message> {
    let mut message = Message::request(method.clone(), request.request_uri()?.clone());
    for name in [Name::Via, Name::Route, Name::MaxForwards, Name::From, Name::To, Name::CallId] {
        message.headers.copy(&request.headers, name);
    }
    message.headers.push(Name::CSeq, format!("{} {method}", request.cseq()?.number));
    Some(message)
}
