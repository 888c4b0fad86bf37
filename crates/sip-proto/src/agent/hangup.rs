//! The ways a call ends (RFC 3261 sections 9 and 15, RFC 3326).

use super::command::Reason;
use super::core::{Cx, UsageTimer};
use super::event::EndReason;
use super::outgoing::acknowledge;
use super::transactions::Owner;
use super::usage::{Confirmed, Phase, Usage};
use crate::flow::Transport;
use crate::message::{Headers, Message, Method, Name};

impl Usage {
    /// The application wants the call over. It is told so at once; the rest is our business.
    pub(crate) fn hang_up(&mut self, cx: &mut Cx<'_>, reason: Option<Reason>) {
        match &mut self.phase {
            Phase::Calling(calling) => {
                if let Some(client) = calling.client {
                    cx.cancel_client(client, reason);
                }
                self.phase = Phase::Gone;
                self.tell_ended(cx, EndReason::Local, None);
            }
            Phase::Incoming(_) => {
                let mut headers = Headers::new();
                if let Some(reason) = &reason {
                    headers.push(Name::Reason, reason.to_header());
                }
                self.reject(cx, reason.map_or(480, |reason| status_of(&reason)), "", &headers);
            }
            Phase::Confirmed(confirmed) => {
                let early = confirmed.unacked.as_ref().is_some_and(|unacked| unacked.initial);
                if early && !self.told {
                    confirmed.hangup = Some(reason);
                    self.tell_ended(cx, EndReason::Local, None);
                } else if !self.told {
                    self.tell_ended(cx, EndReason::Local, None);
                    self.send_bye(cx, reason);
                }
            }
            Phase::Ending(..) | Phase::Gone => {}
        }
    }

    /// Sends the BYE; what was under way in the call is settled first.
    pub(crate) fn send_bye(&mut self, cx: &mut Cx<'_>, reason: Option<Reason>) {
        let Phase::Confirmed(mut confirmed) = std::mem::replace(&mut self.phase, Phase::Gone) else { return };
        self.stop_all_timers(cx);
        settle(cx, &mut confirmed);
        let mut dialog = confirmed.dialog;
        let Some(hop) = dialog.next_hop() else { return };
        let mut bye = dialog.request(Method::Bye);
        if let Some(reason) = reason {
            bye.headers.push(Name::Reason, reason.to_header());
        }
        let client = cx.start_client(bye, hop, Owner::Bye(self.id));
        self.phase = Phase::Ending(Box::new(dialog), client);
    }

    /// The peer's BYE.
    pub(crate) fn peer_bye(&mut self, cx: &mut Cx<'_>, server: u64, request: &Message) {
        cx.respond_plain(server, 200, &Headers::new());
        let reason = Reason::of(request);
        match &mut self.phase {
            Phase::Incoming(_) => self.abandoned(cx, EndReason::Bye, reason),
            Phase::Confirmed(confirmed) => {
                settle(cx, confirmed);
                self.tell_ended(cx, EndReason::Bye, reason);
                self.phase = Phase::Gone;
            }
            Phase::Ending(..) => self.phase = Phase::Gone,
            // A called side may not (section 15); its INVITE answer says what it means.
            Phase::Calling(_) | Phase::Gone => {}
        }
    }

    /// Our BYE was answered, or nobody is there to answer it.
    pub(crate) fn bye_answered(&mut self, client: u64, status: u16) {
        if let Phase::Ending(_, awaited) = &self.phase
            && *awaited == client
            && status >= 200
        {
            self.phase = Phase::Gone;
        }
    }

    /// A request within the call got 481 or 408: the peer has lost it (section 12.2.1.2).
    pub(crate) fn lost(&mut self, cx: &mut Cx<'_>, status: u16) {
        let why = if status == 481 { EndReason::Unknown } else { EndReason::Timeout };
        self.tell_ended(cx, why, None);
        self.send_bye(cx, None);
    }

    /// The session was not refreshed in time (RFC 4028 section 10).
    pub(crate) fn session_expired(&mut self, cx: &mut Cx<'_>) {
        self.tell_ended(cx, EndReason::SessionExpired, None);
        self.send_bye(cx, Some(Reason::sip(408, "Session timer expired")));
    }

    /// The connection of the call is closed.
    pub(crate) fn flow_closed(&mut self, cx: &mut Cx<'_>) {
        let grace = cx.core.config.limits.flow_loss_grace;
        match &mut self.phase {
            Phase::Incoming(_) => self.abandoned(cx, EndReason::Transport, None),
            Phase::Confirmed(confirmed) => {
                confirmed.dialog.flow_lost = true;
                // A TCP peer can be called back, and carriers close idle connections during calls. A phone on TLS
                // talks on meanwhile, and comes back by itself: that nobody is there, its silence says.
                if confirmed.dialog.flow.transport == Transport::Ws {
                    self.set_timer(cx, UsageTimer::FlowLost, grace);
                }
            }
            Phase::Calling(_) | Phase::Ending(..) | Phase::Gone => {}
        }
    }

    /// The peer did not come back on another connection.
    pub(crate) fn flow_loss_final(&mut self, cx: &mut Cx<'_>) {
        let Some(confirmed) = self.confirmed() else { return };
        if confirmed.dialog.flow_lost {
            self.tell_ended(cx, EndReason::Transport, None);
            self.send_bye(cx, None);
        }
    }
}

/// Brings what is under way in a call to an end before the call.
fn settle(cx: &mut Cx<'_>, confirmed: &mut Confirmed) {
    if let Some(offer) = confirmed.incoming.take() {
        cx.respond_plain(offer.server, 487, &Headers::new());
    }
    if let Some((client, cseq)) = confirmed.acknowledge.take() {
        acknowledge(cx, &confirmed.dialog, client, cseq, None);
    }
    if let Some(offer) = confirmed.outgoing.take() {
        cx.abandon_client(offer.client);
    }
}

/// The status that tells a caller what a cause means (RFC 3398 section 7.2.6, the common ones).
fn status_of(reason: &Reason) -> u16 {
    match (reason.protocol.as_str(), reason.cause) {
        ("SIP", status @ 300..=699) => status,
        ("Q.850", 1..=3) => 404,
        ("Q.850", 17) => 486,
        ("Q.850", 21) => 603,
        ("Q.850", 18..=20 | 27 | 31) => 480,
        ("Q.850", 28) => 484,
        ("Q.850", 34 | 38 | 41 | 42 | 47) => 503,
        _ => 480,
    }
}
