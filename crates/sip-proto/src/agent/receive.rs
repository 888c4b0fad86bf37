//! Where a received message goes: transaction, call, or the guard.

use std::borrow::Cow;
use std::io::Write as _;

use super::command::{DialogId, RequestKey};
use super::event::{EndReason, UaEvent, UaOutbox};
use super::guard::{Guard, Verdict};
use super::outgoing::release;
use super::transactions::{Answerer, Outcome, Owner};
use super::usage::Usage;
use super::{Reason, UserAgent};
use crate::flow::Flow;
use crate::message::{Headers, List, Message, Method, Name, ParseError, Via};
use crate::time::Moment;
use crate::transaction::server_key;

/// Room for a stamp: `;received=` with an IPv6 address, and a port.
const STAMP_BYTES: usize = 64;

/// A request on its way to whom it concerns.
struct Arrival<'a> {
    request: Message,
    /// Names its server transaction.
    key: Box<[u8]>,
    flow: Flow,
    now: Moment,
    guard: &'a mut dyn Guard,
    out: &'a mut UaOutbox,
}

impl UserAgent {
    pub(crate) fn receive(
        &mut self,
        flow: Flow,
        mut request: Message,
        now: Moment,
        guard: &mut dyn Guard,
        out: &mut UaOutbox,
    ) {
        let Some(method) = request.method().cloned() else {
            let outcome = self.cx(now, out).client_response(request, flow);
            return self.deliver(outcome, now, out);
        };
        let Some(via) = stamp(&mut request, &flow) else { return };
        let key = server_key(&request, &method, &via);
        let known = self.cx(now, out).find_server(&key);
        // Some phones send the ACK of a 2xx with the branch of its INVITE: it is for the call.
        let for_call = |server| method == Method::Ack && self.core.has_accepted(server);
        if let Some(server) = known.filter(|&server| !for_call(server)) {
            return self.cx(now, out).server_request(server, &method);
        }
        let tag = request.to_tag().map(Cow::into_owned);
        let arrival = Arrival { request, key, flow, now, guard, out };
        match (method, tag) {
            (Method::Ack, tag) => self.receive_ack(arrival, &tag.unwrap_or_default()),
            (Method::Cancel, _) => self.receive_cancel(arrival, &via),
            // A REGISTER makes no dialog, whatever tag a phone repeats from the last answer.
            (Method::Register, _) | (_, None) => self.receive_initial(arrival),
            // Subscriptions are the application's (RFC 6665): their dialogs are not known here.
            (Method::Subscribe, Some(tag)) if self.find_call(&tag, &arrival.request).is_none() => {
                self.receive_initial(arrival);
            }
            (_, Some(tag)) => self.receive_within(arrival, &tag),
        }
    }

    /// A message that could not be read. A request is told what is wrong with it.
    pub(crate) fn receive_malformed(
        &mut self,
        flow: Flow,
        error: &ParseError,
        now: Moment,
        guard: &mut dyn Guard,
        out: &mut UaOutbox,
    ) {
        let Some(partial) = &error.partial else { return };
        let wanted = [Name::Via, Name::From, Name::To, Name::CallId, Name::CSeq];
        let answerable =
            partial.is_request() && wanted.iter().all(|&name| partial.headers.get(name).is_some());
        if !answerable || partial.method() == Some(&Method::Ack) {
            return;
        }
        let mut partial = (**partial).clone();
        stamp(&mut partial, &flow);
        if guard.admit(&partial, &flow, now) != Verdict::Drop {
            let mut cx = self.cx(now, out);
            cx.reply_stateless(&partial, &flow, error.status(), &error.reason(), &Headers::new());
        }
    }

    fn receive_initial(&mut self, arrival: Arrival<'_>) {
        let Arrival { request, key, flow, now, guard, out } = arrival;
        let calls = self.usages.len();
        let id = DialogId(self.next_dialog);
        let looped = self.is_our_own(&request);
        let mut cx = self.cx(now, out);
        if !cx.admit(&request, &flow, guard) {
            return;
        }
        if looped {
            return cx.reply_stateless(&request, &flow, 482, "", &Headers::new());
        }
        match request.method() {
            Some(Method::Options) if cx.core.config.answer_options => cx.answer_options(&request, &flow),
            Some(Method::Invite) if calls >= cx.core.config.limits.dialogs_max => {
                cx.refuse_overload(&request, &flow);
            }
            Some(Method::Invite) => match Usage::of_invite(&mut cx, id, request, key, flow) {
                Ok(usage) => {
                    self.next_dialog += 2;
                    self.keep_usage(usage, now, out);
                }
                Err(refusal) => {
                    let (request, status, headers) = *refusal;
                    cx.reply_stateless(&request, &flow, status, "", &headers);
                }
            },
            _ => {
                let tag = cx.core.rng.tag();
                let answered_by = tag.clone();
                let server = cx.start_server(&request, key, flow, Answerer::Application, tag);
                let request = Box::new(request);
                let key = RequestKey(server);
                let event = UaEvent::Request { key, dialog: None, tag: answered_by, request, flow };
                cx.out.events.push(event);
            }
        }
    }

    /// Whether this is an INVITE of ours that has come back to us: a phone or a trunk whose address is our
    /// own. To answer it with another call would go round until everything is used up.
    fn is_our_own(&self, request: &Message) -> bool {
        let Some(tag) = request.from_tag() else { return false };
        let call = self.tags.get(tag.as_ref()).and_then(|id| self.usages.get(id));
        call.is_some_and(|call| call.is_calling() && call.owns(request, ""))
    }

    fn receive_within(&mut self, arrival: Arrival<'_>, tag: &str) {
        let Arrival { request, key, flow, now, guard, out } = arrival;
        let Some(id) = self.find_call(tag, &request) else {
            return self.cx(now, out).disown(&request, &flow, guard);
        };
        let dialog = self.usages.get(&id).and_then(|usage| usage.dialog());
        if dialog.is_some_and(|dialog| !dialog.may_arrive_on(&flow)) {
            let reason = "This call is over TLS";
            return self.cx(now, out).reply_stateless(&request, &flow, 403, reason, &Headers::new());
        }
        let at_home = self.usages.get(&id).is_some_and(|usage| usage.is_from_peer(&flow));
        if !at_home {
            match guard.admit_in_dialog(&request, &flow, now) {
                Verdict::Admit => {}
                Verdict::Drop => return,
                Verdict::Refuse { status, reason, headers } => {
                    return self.cx(now, out).reply_stateless(&request, &flow, status, &reason, &headers);
                }
            }
        }
        let most = self.core.config.limits.requests_per_dialog_second_max;
        let flooded = self.usages.get_mut(&id).is_some_and(|usage| usage.is_flooded(now, most));
        // A BYE makes room: it is taken when nothing else is.
        if (flooded || self.core.is_full()) && request.method() != Some(&Method::Bye) {
            return self.cx(now, out).refuse_overload(&request, &flow);
        }
        self.with_usage(id, now, out, |usage, cx| usage.request_within(cx, request, key, flow));
    }

    /// The ACK of a 2xx; any other that comes here belongs to nothing and is absorbed.
    fn receive_ack(&mut self, arrival: Arrival<'_>, tag: &str) {
        let Arrival { request: ack, flow, now, out, .. } = arrival;
        if let Some(id) = self.find_call(tag, &ack) {
            self.with_usage(id, now, out, |usage, cx| usage.acknowledged(cx, &ack, flow));
        }
    }

    fn receive_cancel(&mut self, arrival: Arrival<'_>, via: &Via) {
        let Arrival { request: cancel, key, flow, now, guard, out } = arrival;
        let invite_key = server_key(&cancel, &Method::Invite, via);
        let mut cx = self.cx(now, out);
        let Some(invite) = cx.find_server(&invite_key) else {
            return cx.disown(&cancel, &flow, guard);
        };
        let Some(server) = cx.core.servers.get(&invite) else { return };
        let (tag, answerer, open) = (server.tag.clone(), server.answerer, server.is_open());
        let id = cx.start_server(&cancel, key, flow, Answerer::Agent, tag);
        cx.respond_plain(id, 200, &Headers::new());
        if let (Answerer::Call(dialog), true) = (answerer, open) {
            let reason = Reason::of(&cancel);
            self.with_usage(dialog, now, out, |usage, cx| {
                usage.peer_offer_cancelled(cx, invite);
                usage.abandoned(cx, EndReason::Cancel, reason);
            });
        }
    }

    /// The call a message with this To tag belongs to.
    fn find_call(&self, tag: &str, message: &Message) -> Option<DialogId> {
        let id = *self.tags.get(tag)?;
        let usage = self.usages.get(&id)?;
        usage.owns(message, &message.from_tag().unwrap_or_default()).then_some(id)
    }

    /// Gives the outcome of a client transaction to whom it belongs.
    pub(crate) fn deliver(&mut self, outcome: Option<Outcome>, now: Moment, out: &mut UaOutbox) {
        let Some(outcome) = outcome else { return };
        let status = outcome.status();
        let client = outcome.client;
        let call = match outcome.owner {
            Owner::Invite(id)
            | Owner::Reinvite(id)
            | Owner::Update(id)
            | Owner::Info(id)
            | Owner::Bye(id) => self.usages.contains_key(&id).then_some(id),
            Owner::Nobody => None,
            Owner::Application(key) => {
                if status >= 200 {
                    let response = outcome.result.ok().map(Box::new);
                    out.events.push(UaEvent::Response { key, status, response });
                }
                return;
            }
        };
        let Some(id) = call else {
            if let (Ok(response), Some(flow)) = (&outcome.result, outcome.flow) {
                release(&mut self.cx(now, out), client, response, flow);
            }
            return;
        };
        self.with_usage(id, now, out, |usage, cx| match outcome.owner {
            Owner::Invite(_) => usage.invite_answered(cx, outcome),
            Owner::Reinvite(_) => usage.reinvite_answered(cx, outcome),
            Owner::Update(_) => usage.update_answered(cx, status, outcome.result.as_ref().ok()),
            Owner::Info(_) => usage.info_answered(cx, status),
            Owner::Bye(_) => usage.bye_answered(client, status),
            Owner::Nobody | Owner::Application(_) => {}
        });
    }
}

/// Writes into the topmost Via where the request came from; gives that Via.
fn stamp(message: &mut Message, flow: &Flow) -> Option<Via> {
    let mut via = message.via()?;
    via.stamp(flow.remote);
    let first = message.headers.get(Name::Via)?;
    let mut line = Vec::with_capacity(first.len() + STAMP_BYTES);
    // Writing to a Vec cannot fail.
    let _ = write!(line, "{via}");
    for other in List::new(first).skip(1) {
        line.extend_from_slice(b", ");
        line.extend_from_slice(other);
    }
    message.headers.replace_first(Name::Via, line);
    Some(via)
}
