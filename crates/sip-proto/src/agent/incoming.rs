//! Calls that come in, until they are answered, refused or given up (RFC 3261 section 13.3).

use std::time::Duration;

use super::body::{SDP, sdp_of};
use super::command::{DialogId, Reason};
use super::core::{Cx, UsageTimer};
use super::event::{EndReason, UaEvent};
use super::refresh::TimerAnswer;
use super::transactions::Answerer;
use super::usage::{Confirmed, Incoming, Phase, Unacked, Usage};
use crate::dialog::Dialog;
use crate::flow::{Destination, Flow};
use crate::message::{Headers, Message, Name};

/// How often a ringing phone is told again that it rings: proxies give up after three minutes.
const PROGRESS_AGAIN: Duration = Duration::from_secs(60);

impl Usage {
    /// An admitted INVITE becomes a call; or it is given back with what to answer.
    pub(crate) fn of_invite(
        cx: &mut Cx<'_>,
        id: DialogId,
        request: Message,
        key: Box<[u8]>,
        flow: Flow,
    ) -> Result<Usage, Box<(Message, u16, Headers)>> {
        let timer = match TimerAnswer::to_request(cx.core, &request) {
            Ok(timer) => timer,
            Err(least) => {
                let mut headers = Headers::new();
                headers.push(Name::MinSe, least.to_string());
                return Err(Box::new((request, 422, headers)));
            }
        };
        let tag = cx.core.rng.tag();
        let Some(dialog) = Dialog::of_server(&request, &tag, flow) else {
            return Err(Box::new((request, 400, Headers::new())));
        };
        let server = cx.start_server(&request, key, flow, Answerer::Call(id), tag.clone());
        if let Some(trying) = cx.response(server, 100, "") {
            cx.respond(server, &trying);
        }
        let incoming = Incoming {
            server,
            dialog,
            offered: sdp_of(&request).is_some(),
            timer,
            updates: request.headers.has_token(Name::Allow, "UPDATE"),
        };
        let user = request.request_uri().and_then(|uri| uri.user.clone()).unwrap_or_default();
        let usage = Usage::new(id, tag, user, Phase::Incoming(Box::new(incoming)));
        usage.tell(cx, UaEvent::Invite { dialog: id, request: Box::new(request), flow });
        Ok(usage)
    }

    /// The application says how it goes.
    pub(crate) fn progress(&mut self, cx: &mut Cx<'_>, status: u16, sdp: Option<Vec<u8>>) {
        let Phase::Incoming(incoming) = &self.phase else { return };
        let status = if (101..200).contains(&status) { status } else { 180 };
        let Some(mut response) = cx.response(incoming.server, status, "") else { return };
        cx.core.describe(
            &mut response,
            &self.contact_user,
            incoming.dialog.flow.transport,
            &incoming.dialog.target,
        );
        if let Some(sdp) = sdp {
            response.set_body(SDP, sdp);
        }
        cx.respond(incoming.server, &response);
        self.set_timer(cx, UsageTimer::Progress, PROGRESS_AGAIN);
    }

    pub(crate) fn progress_again(&mut self, cx: &mut Cx<'_>) {
        let Phase::Incoming(incoming) = &self.phase else { return };
        cx.server_request(incoming.server, &crate::message::Method::Invite);
        self.set_timer(cx, UsageTimer::Progress, PROGRESS_AGAIN);
    }

    /// The application answers.
    pub(crate) fn answer(&mut self, cx: &mut Cx<'_>, sdp: Vec<u8>, headers: &Headers) {
        let Phase::Incoming(incoming) = &self.phase else { return };
        let flow = incoming.dialog.flow;
        let Some(mut response) = cx.response(incoming.server, 200, "") else { return };
        cx.core.describe(&mut response, &self.contact_user, flow.transport, &incoming.dialog.target);
        incoming.timer.write(&mut response);
        response.headers.extend(headers);
        response.set_body(SDP, sdp.clone());
        let Some(bytes) = cx.respond(incoming.server, &response) else { return };
        let Phase::Incoming(incoming) = std::mem::replace(&mut self.phase, Phase::Gone) else { return };
        let interval = cx.core.config.timings.t1;
        let cseq = incoming.dialog.remote_cseq.unwrap_or(0);
        let late_offer = !incoming.offered;
        let mut confirmed = Confirmed::new(incoming.dialog, incoming.updates, sdp);
        confirmed.unacked = Some(Unacked { cseq, bytes, flow, interval, late_offer, initial: true });
        self.phase = Phase::Confirmed(Box::new(confirmed));
        self.stop_timer(cx, UsageTimer::Progress);
        self.await_ack(cx, interval);
        self.restart_session_timer(cx, incoming.timer.timer);
    }

    /// The application refuses.
    pub(crate) fn reject(&mut self, cx: &mut Cx<'_>, status: u16, reason: &str, headers: &Headers) {
        let Phase::Incoming(incoming) = &self.phase else { return };
        let status = if (300..700).contains(&status) { status } else { 480 };
        if let Some(mut response) = cx.response(incoming.server, status, reason) {
            response.headers.extend(headers);
            cx.respond(incoming.server, &response);
        }
        self.tell_ended(cx, EndReason::Local, None);
        self.phase = Phase::Gone;
    }

    /// The caller gave up: by CANCEL, by a BYE before the answer, or by losing its connection.
    pub(crate) fn abandoned(&mut self, cx: &mut Cx<'_>, why: EndReason, reason: Option<Reason>) {
        let Phase::Incoming(incoming) = &self.phase else { return };
        cx.respond_plain(incoming.server, 487, &Headers::new());
        self.tell_ended(cx, why, reason);
        self.phase = Phase::Gone;
    }

    /// Begins to wait for the ACK of a 2xx.
    pub(crate) fn await_ack(&mut self, cx: &mut Cx<'_>, interval: Duration) {
        self.set_timer(cx, UsageTimer::Answer, interval);
        self.set_timer(cx, UsageTimer::AckMissing, cx.core.config.timings.give_up());
    }

    /// The ACK has not come yet: the 2xx goes out again, on every transport (section 13.3.1.4).
    pub(crate) fn answer_again(&mut self, cx: &mut Cx<'_>) {
        let timings = cx.core.config.timings;
        let Some(unacked) = self.confirmed().and_then(|confirmed| confirmed.unacked.as_mut()) else { return };
        unacked.interval = timings.back_off(unacked.interval);
        let (flow, bytes, interval) = (unacked.flow, unacked.bytes.clone(), unacked.interval);
        cx.transmit(Destination::Flow(flow), bytes, 0);
        self.set_timer(cx, UsageTimer::Answer, interval);
    }

    /// The ACK of a 2xx came.
    pub(crate) fn acknowledged(&mut self, cx: &mut Cx<'_>, ack: &Message, flow: Flow) {
        let id = self.id;
        let number = ack.cseq().map(|cseq| cseq.number);
        let Some(confirmed) = self.confirmed().filter(|confirmed| confirmed.dialog.may_arrive_on(&flow))
        else {
            return;
        };
        let Some(unacked) = confirmed.unacked.take_if(|unacked| Some(unacked.cseq) == number) else { return };
        // An ACK is not shown to the guard, so it may not lead the call to another address.
        if flow.remote.ip() == confirmed.dialog.flow.remote.ip() {
            confirmed.dialog.arrived_on(flow);
        }
        let hangup = confirmed.hangup.take();
        self.stop_timer(cx, UsageTimer::Answer);
        self.stop_timer(cx, UsageTimer::AckMissing);
        if let Some(reason) = hangup {
            return self.send_bye(cx, reason);
        }
        let sdp = if unacked.late_offer { sdp_of(ack) } else { None };
        let event = if unacked.initial {
            UaEvent::Established { dialog: id, sdp }
        } else {
            UaEvent::ReinviteEstablished { dialog: id, sdp }
        };
        self.tell(cx, event);
        self.send_queued(cx);
    }

    /// The ACK never came: the call is hung up (section 13.3.1.4).
    pub(crate) fn ack_missing(&mut self, cx: &mut Cx<'_>) {
        self.tell_ended(cx, EndReason::AckMissing, None);
        self.send_bye(cx, Some(Reason::sip(408, "ACK missing")));
    }
}
