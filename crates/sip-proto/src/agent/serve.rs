//! What the application commands, and the timers of calls.

use super::UserAgent;
use super::command::{DialogId, OutboundInvite, OutboundRequest, RequestKey, UaCommand};
use super::core::{Cx, UsageTimer};
use super::event::{UaEvent, UaOutbox};
use super::transactions::{Answerer, Owner};
use super::usage::Usage;
use crate::message::{Headers, Message, Name, reason_phrase};
use crate::time::Moment;

impl UserAgent {
    pub(crate) fn command(&mut self, command: UaCommand, now: Moment, out: &mut UaOutbox) {
        match command {
            UaCommand::Invite { dialog, invite } => self.invite(dialog, *invite, now, out),
            UaCommand::Retry { dialog, headers } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.retry(cx, headers));
            }
            UaCommand::Acknowledge { dialog, sdp } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.acknowledge(cx, sdp));
            }
            UaCommand::Progress { dialog, status, sdp } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.progress(cx, status, sdp));
            }
            UaCommand::Answer { dialog, sdp, headers } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.answer(cx, sdp, &headers));
            }
            UaCommand::Reject { dialog, status, reason, headers } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.reject(cx, status, &reason, &headers));
            }
            UaCommand::Hangup { dialog, reason } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.hang_up(cx, reason));
            }
            UaCommand::Reinvite { dialog, sdp } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.send_reinvite(cx, sdp, false));
            }
            UaCommand::AcceptReinvite { dialog, sdp } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.accept_reinvite(cx, sdp));
            }
            UaCommand::RejectReinvite { dialog, status } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.reject_reinvite(cx, status));
            }
            UaCommand::SendInfo { dialog, content_type, body } => {
                self.with_usage(dialog, now, out, |usage, cx| usage.send_info(cx, &content_type, body));
            }
            UaCommand::SendWithin { dialog, key, method, headers, body } => {
                if !self.usages.contains_key(&dialog) {
                    return out.events.push(UaEvent::Response { key, status: 481, response: None });
                }
                self.with_usage(dialog, now, out, |usage, cx| {
                    usage.send_within(cx, key, method, &headers, body);
                });
            }
            UaCommand::Respond { key, status, reason, headers, body } => {
                let mut cx = self.cx(now, out);
                answer_request(&mut cx, key, status, &reason, &headers, body);
            }
            UaCommand::Request { key, request } => {
                let mut cx = self.cx(now, out);
                send_request(&mut cx, key, *request);
            }
        }
    }

    fn invite(&mut self, id: DialogId, invite: OutboundInvite, now: Moment, out: &mut UaOutbox) {
        if self.usages.contains_key(&id) {
            return;
        }
        if self.core.is_full() || self.usages.len() >= self.core.config.limits.dialogs_max {
            let reason = reason_phrase(503).to_owned();
            out.events.push(UaEvent::Failed { dialog: id, status: 503, reason, response: None });
            return;
        }
        let usage = Usage::of_command(&mut self.cx(now, out), id, invite);
        self.keep_usage(usage, now, out);
    }

    pub(crate) fn usage_timer(&mut self, id: DialogId, timer: UsageTimer, now: Moment, out: &mut UaOutbox) {
        self.with_usage(id, now, out, |usage, cx| {
            usage.stop_timer(cx, timer);
            match timer {
                UsageTimer::Answer => usage.answer_again(cx),
                UsageTimer::AckMissing => usage.ack_missing(cx),
                UsageTimer::Progress => usage.progress_again(cx),
                UsageTimer::ChallengeOpen => usage.failed(cx, 408, None),
                UsageTimer::Glare => usage.glare_over(cx),
                UsageTimer::Refresh => usage.refresh_session(cx),
                UsageTimer::Expire => usage.session_expired(cx),
                UsageTimer::FlowLost => usage.flow_loss_final(cx),
            }
        });
    }
}

fn answer_request(
    cx: &mut Cx<'_>,
    key: RequestKey,
    status: u16,
    reason: &str,
    headers: &Headers,
    body: Vec<u8>,
) {
    let ours = cx.core.servers.get(&key.0).is_some_and(|server| server.answerer == Answerer::Application);
    if !ours || !(100..700).contains(&status) {
        return;
    }
    let Some(mut response) = cx.response(key.0, status, reason) else { return };
    response.headers.extend(headers);
    response.body = body;
    cx.respond(key.0, &response);
}

fn send_request(cx: &mut Cx<'_>, key: RequestKey, request: OutboundRequest) {
    if cx.core.is_full() {
        cx.out.events.push(UaEvent::Response { key, status: 503, response: None });
        return;
    }
    let mut from = request.from;
    if from.tag().is_none() {
        from = from.with_tag(&cx.core.rng.tag());
    }
    let (call_id, number) = request.sequence.unwrap_or_else(|| (cx.core.rng.call_id(), 1));
    let method = request.method;
    let user = from.uri.user.clone().unwrap_or_default();
    let contact = cx.core.contact(&user, request.destination.transport(), &request.request_uri);
    let mut message = Message::request(method.clone(), request.request_uri);
    let headers = &mut message.headers;
    headers.push(Name::MaxForwards, "70");
    headers.push(Name::From, from.to_string());
    headers.push(Name::To, request.to.to_string());
    headers.push(Name::CallId, call_id);
    headers.push(Name::CSeq, format!("{number} {method}"));
    headers.extend(&request.headers);
    if headers.get(Name::Contact).is_none() {
        headers.push(Name::Contact, contact);
    }
    message.body = request.body;
    cx.start_client(message, request.destination, Owner::Application(key));
}
