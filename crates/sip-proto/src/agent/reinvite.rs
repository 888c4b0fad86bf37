//! Changing the session of an answered call, from either side (RFC 3261 section 14, RFC 3311).

use std::time::Duration;

use super::body::{SDP, is_acceptable, sdp_of};
use super::core::{Cx, UsageTimer};
use super::event::UaEvent;
use super::outgoing::{acknowledge, release};
use super::refresh::{SessionTimer, TimerAnswer};
use super::transactions::{Outcome, Owner};
use super::usage::{OwnOffer, PeerOffer, Unacked, Usage};
use crate::flow::Flow;
use crate::message::{Headers, Message, Method, Name};

impl Usage {
    /// The peer's re-INVITE, or UPDATE with an offer.
    pub(crate) fn peer_offer(&mut self, cx: &mut Cx<'_>, server: u64, request: &Message) {
        let id = self.id;
        let update = request.method() == Some(&Method::Update);
        let Some(confirmed) = self.confirmed() else {
            return self.refuse_offer_while_early(cx, server);
        };
        if confirmed.incoming.is_some() {
            // Section 14.2: the peer may not have two at once; chance spreads its next try.
            return later(cx, server);
        }
        if confirmed.is_negotiating() {
            return cx.respond_plain(server, 491, &Headers::new());
        }
        let timer = match TimerAnswer::to_request(cx.core, request) {
            Ok(timer) => timer,
            Err(least) => {
                let mut headers = Headers::new();
                headers.push(Name::MinSe, least.to_string());
                return cx.respond_plain(server, 422, &headers);
            }
        };
        confirmed.dialog.refresh_target(request);
        if !update && let Some(trying) = cx.response(server, 100, "") {
            cx.respond(server, &trying);
        }
        let sdp = sdp_of(request);
        let cseq = request.cseq().map_or(0, |cseq| cseq.number);
        confirmed.incoming = Some(PeerOffer { server, update, offered: sdp.is_some(), cseq, timer });
        self.tell(cx, UaEvent::Reinvite { dialog: id, sdp });
    }

    /// The peer's UPDATE without an offer: it only refreshes (RFC 4028 section 7.4).
    pub(crate) fn peer_update(&mut self, cx: &mut Cx<'_>, server: u64, request: &Message, flow: Flow) {
        if !request.body.is_empty() {
            return self.peer_offer(cx, server, request);
        }
        let answer = match TimerAnswer::to_request(cx.core, request) {
            Ok(answer) => answer,
            Err(least) => {
                let mut headers = Headers::new();
                headers.push(Name::MinSe, least.to_string());
                return cx.respond_plain(server, 422, &headers);
            }
        };
        let Some(mut response) = cx.response(server, 200, "") else { return };
        let user = self.contact_user.clone();
        if let Some(confirmed) = self.confirmed() {
            confirmed.dialog.refresh_target(request);
            cx.core.describe(&mut response, &user, flow.transport, &confirmed.dialog.target);
        }
        answer.write(&mut response);
        cx.respond(server, &response);
        if self.confirmed().is_some() {
            self.restart_session_timer(cx, answer.timer);
        }
    }

    /// Before the answer the first offer is still open (RFC 3311 section 5.2).
    fn refuse_offer_while_early(&mut self, cx: &mut Cx<'_>, server: u64) {
        match self.dialog() {
            Some(_) => later(cx, server),
            None => cx.respond_plain(server, 491, &Headers::new()),
        }
    }

    /// The application accepts the peer's offer.
    pub(crate) fn accept_reinvite(&mut self, cx: &mut Cx<'_>, sdp: Vec<u8>) {
        let user = self.contact_user.clone();
        let interval = cx.core.config.timings.t1;
        let Some(confirmed) = self.confirmed() else { return };
        let Some(offer) = confirmed.incoming.take() else { return };
        let flow = confirmed.dialog.flow;
        let Some(mut response) = cx.response(offer.server, 200, "") else { return };
        cx.core.describe(&mut response, &user, flow.transport, &confirmed.dialog.target);
        offer.timer.write(&mut response);
        response.set_body(SDP, sdp.clone());
        let Some(bytes) = cx.respond(offer.server, &response) else { return };
        confirmed.sdp = sdp;
        if !offer.update {
            let late_offer = !offer.offered;
            let cseq = offer.cseq;
            confirmed.unacked = Some(Unacked { cseq, bytes, flow, interval, late_offer, initial: false });
            self.await_ack(cx, interval);
        }
        self.restart_session_timer(cx, offer.timer.timer);
        self.send_queued(cx);
    }

    /// The application refuses the peer's offer.
    pub(crate) fn reject_reinvite(&mut self, cx: &mut Cx<'_>, status: u16) {
        let Some(offer) = self.confirmed().and_then(|confirmed| confirmed.incoming.take()) else { return };
        let status = if (300..700).contains(&status) { status } else { 488 };
        cx.respond_plain(offer.server, status, &Headers::new());
        self.send_queued(cx);
    }

    /// The peer cancels its re-INVITE; the call goes on (section 14.1).
    pub(crate) fn peer_offer_cancelled(&mut self, cx: &mut Cx<'_>, server: u64) {
        let id = self.id;
        let Some(confirmed) = self.confirmed() else { return };
        if confirmed.incoming.take_if(|offer| offer.server == server).is_some() {
            cx.respond_plain(server, 487, &Headers::new());
            self.tell(cx, UaEvent::ReinviteCancelled { dialog: id });
            self.send_queued(cx);
        }
    }

    /// The application, or the session timer, wants a re-INVITE: now, or as soon as it may be.
    pub(crate) fn send_reinvite(&mut self, cx: &mut Cx<'_>, sdp: Vec<u8>, refresh: bool) {
        let id = self.id;
        let user = self.contact_user.clone();
        let Some(confirmed) = self.confirmed() else { return };
        if confirmed.hangup.is_some() {
            return;
        }
        if confirmed.is_negotiating() || confirmed.backing_off {
            // An offer of the application is never pushed out by a mere refresh.
            if !refresh || confirmed.queued.is_none() {
                confirmed.queued = Some((sdp, refresh));
            }
            return;
        }
        let Some(hop) = confirmed.dialog.next_hop() else {
            return self.offer_failed(cx, 503, refresh);
        };
        let mut request = confirmed.dialog.request(Method::Invite);
        let (interval, refresher) = match confirmed.session {
            Some(timer) => (timer.interval, if timer.ours { "uac" } else { "uas" }),
            None => (cx.core.config.session_expires, ""),
        };
        cx.core.describe(&mut request, &user, hop.transport(), &confirmed.dialog.target);
        cx.write_session_timer(&mut request, interval, refresher);
        request.set_body(SDP, sdp.clone());
        let cseq = confirmed.dialog.local_cseq;
        let client = cx.start_client(request, hop, Owner::Reinvite(id));
        confirmed.outgoing = Some(OwnOffer { client, cseq, sdp, refresh });
    }

    /// Sends the re-INVITE that had to wait, if now it need not.
    pub(crate) fn send_queued(&mut self, cx: &mut Cx<'_>) {
        let Some(confirmed) = self.confirmed() else { return };
        if confirmed.is_negotiating() || confirmed.backing_off {
            return;
        }
        if let Some((sdp, refresh)) = confirmed.queued.take() {
            self.send_reinvite(cx, sdp, refresh);
        }
    }

    /// The back-off after a 491 is over.
    pub(crate) fn glare_over(&mut self, cx: &mut Cx<'_>) {
        if let Some(confirmed) = self.confirmed() {
            confirmed.backing_off = false;
        }
        self.send_queued(cx);
    }

    /// Something came back for our re-INVITE.
    pub(crate) fn reinvite_answered(&mut self, cx: &mut Cx<'_>, outcome: Outcome) {
        let id = self.id;
        let status = outcome.status();
        let awaited = self.confirmed().and_then(|confirmed| {
            confirmed.outgoing.take_if(|offer| offer.client == outcome.client && status >= 200)
        });
        let Some(offer) = awaited else {
            if let (Ok(response), Some(flow), true) = (&outcome.result, outcome.flow, status >= 200) {
                release(cx, outcome.client, response, flow);
            }
            return;
        };
        let Some(confirmed) = self.confirmed() else { return };
        match (outcome.result, status) {
            (Ok(response), 200..=299) => {
                if let Some(flow) = outcome.flow {
                    confirmed.dialog.arrived_on(flow);
                }
                confirmed.dialog.refresh_target(&response);
                confirmed.glares = 0;
                confirmed.sdp = offer.sdp;
                acknowledge(cx, &confirmed.dialog, offer.client, offer.cseq, None);
                self.restart_session_timer(cx, SessionTimer::of_response(&response));
                if !offer.refresh {
                    self.tell(cx, UaEvent::ReinviteAnswered { dialog: id, sdp: sdp_of(&response) });
                }
                self.send_queued(cx);
            }
            (_, 491) if confirmed.glares < cx.core.config.limits.retries_max.max(5) => {
                confirmed.glares += 1;
                confirmed.queued.get_or_insert((offer.sdp, offer.refresh));
                self.back_off(cx);
            }
            (_, 408 | 481) => {
                if !offer.refresh {
                    self.tell(cx, UaEvent::ReinviteFailed { dialog: id, status });
                }
                self.lost(cx, status);
            }
            _ => self.offer_failed(cx, status, offer.refresh),
        }
    }

    fn offer_failed(&mut self, cx: &mut Cx<'_>, status: u16, refresh: bool) {
        if refresh {
            self.refresh_again(cx);
        } else {
            self.tell(cx, UaEvent::ReinviteFailed { dialog: self.id, status });
        }
        self.send_queued(cx);
    }

    /// Section 14.1: 2.1 to 4 s if the Call-ID is ours, up to 2 s if not, in steps of 10 ms.
    fn back_off(&mut self, cx: &mut Cx<'_>) {
        let Some(confirmed) = self.confirmed() else { return };
        confirmed.backing_off = true;
        let steps =
            if confirmed.dialog.owns_call_id { 210 + cx.core.rng.below(191) } else { cx.core.rng.below(201) };
        self.set_timer(cx, UsageTimer::Glare, Duration::from_millis(steps * 10));
    }

    /// Whether the body of a request in this call is one we can take.
    pub(crate) fn takes_body(request: &Message) -> bool {
        match request.method() {
            Some(Method::Invite | Method::Update) => is_acceptable(request),
            _ => true,
        }
    }
}

/// 500 with a Retry-After of up to ten seconds.
pub(crate) fn later(cx: &mut Cx<'_>, server: u64) {
    let mut headers = Headers::new();
    headers.push(Name::RetryAfter, cx.core.rng.below(11).to_string());
    cx.respond_plain(server, 500, &headers);
}
