//! Calls we make, until they are answered or fail (RFC 3261 section 13.2).

use super::body::{SDP, sdp_of};
use super::command::{DialogId, OutboundInvite};
use super::core::{Cx, UsageTimer};
use super::event::UaEvent;
use super::refresh::SessionTimer;
use super::transactions::{Outcome, Owner};
use super::usage::{Calling, Confirmed, Phase, Usage};
use crate::dialog::Dialog;
use crate::flow::Flow;
use crate::message::{Headers, Message, Method, Name, reason_phrase};

impl Usage {
    /// Sends the INVITE of a new call.
    pub(crate) fn of_command(cx: &mut Cx<'_>, id: DialogId, invite: OutboundInvite) -> Usage {
        let tag = cx.core.rng.tag();
        let user = invite.from.uri.user.clone().unwrap_or_default();
        let call_id = invite.call_id.clone().unwrap_or_else(|| cx.core.rng.call_id());
        let calling = Calling {
            invite,
            call_id,
            cseq: 0,
            client: None,
            tries: 0,
            session_expires: cx.core.config.session_expires,
            min_se: None,
            credentials: Headers::new(),
            early: Vec::new(),
        };
        let mut usage = Usage::new(id, tag, user, Phase::Calling(Box::new(calling)));
        usage.send_invite(cx);
        usage
    }

    /// The application has credentials.
    pub(crate) fn retry(&mut self, cx: &mut Cx<'_>, headers: Headers) {
        let Phase::Calling(calling) = &mut self.phase else { return };
        if calling.client.is_none() {
            calling.credentials = headers;
            self.stop_timer(cx, UsageTimer::ChallengeOpen);
            self.send_invite(cx);
        }
    }

    fn send_invite(&mut self, cx: &mut Cx<'_>) {
        let Phase::Calling(calling) = &mut self.phase else { return };
        calling.cseq += 1;
        calling.early.clear();
        let invite = &calling.invite;
        let mut request = Message::request(Method::Invite, invite.request_uri.clone());
        let headers = &mut request.headers;
        for route in &invite.routes {
            headers.push(Name::Route, route.to_string());
        }
        headers.push(Name::MaxForwards, invite.max_forwards.to_string());
        headers.push(Name::From, invite.from.clone().with_tag(&self.local_tag).to_string());
        headers.push(Name::To, invite.to.to_string());
        headers.push(Name::CallId, &calling.call_id);
        headers.push(Name::CSeq, format!("{} INVITE", calling.cseq));
        headers.extend(&invite.headers);
        headers.extend(&calling.credentials);
        let transport = invite.destination.transport();
        cx.core.describe(&mut request, &self.contact_user, transport, &invite.request_uri);
        cx.write_session_timer(&mut request, calling.session_expires, "");
        if let Some(least) = calling.min_se {
            request.headers.set(Name::MinSe, least.as_secs().to_string());
        }
        if let Some(sdp) = &invite.sdp {
            request.set_body(SDP, sdp.clone());
        }
        calling.client = Some(cx.start_client(request, invite.destination, Owner::Invite(self.id)));
    }

    /// Something came back for the INVITE of this call.
    pub(crate) fn invite_answered(&mut self, cx: &mut Cx<'_>, outcome: Outcome) {
        let awaited = match &self.phase {
            Phase::Calling(calling) => calling.client == Some(outcome.client),
            Phase::Incoming(_) | Phase::Confirmed(_) | Phase::Ending(..) | Phase::Gone => false,
        };
        let status = outcome.status();
        match (outcome.result, outcome.flow) {
            (Ok(response), Some(flow)) if !awaited => self.late_answer(cx, outcome.client, &response, flow),
            (Ok(response), Some(flow)) if status < 200 => {
                self.provisional(cx, outcome.client, &response, flow)
            }
            (Ok(response), Some(flow)) if status < 300 => self.answered(cx, outcome.client, response, flow),
            (Ok(response), _) => self.refused(cx, status, response),
            (Err(_), _) if awaited => self.failed(cx, status, None),
            (Err(_), _) => {}
        }
    }

    fn provisional(&mut self, cx: &mut Cx<'_>, client: u64, response: &Message, flow: Flow) {
        let forks_max = cx.core.config.limits.forks_per_invite_max;
        let status = response.status().unwrap_or_default();
        let Phase::Calling(calling) = &mut self.phase else { return };
        // A 100 makes no dialog, whatever tag it has (RFC 3261 12.1).
        if status > 100
            && let Some(tag) = response.to_tag()
            && !calling.early.iter().any(|known| known.remote_tag == tag)
        {
            if calling.early.len() >= forks_max {
                return;
            }
            let request = cx.core.clients.get(&client).and_then(|client| client.request.as_deref());
            calling.early.extend(request.and_then(|request| Dialog::of_client(request, response, flow)));
        }
        if status > 100 {
            self.tell(cx, UaEvent::Progress { dialog: self.id, status, sdp: sdp_of(response) });
        }
    }

    fn answered(&mut self, cx: &mut Cx<'_>, client: u64, response: Message, flow: Flow) {
        let request = cx.core.clients.get(&client).and_then(|client| client.request.as_deref());
        let dialog = request.and_then(|request| Dialog::of_client(request, &response, flow));
        let Some(mut dialog) = dialog else { return self.failed(cx, 500, None) };
        let Phase::Calling(calling) = std::mem::replace(&mut self.phase, Phase::Gone) else { return };
        let updates = response.headers.has_token(Name::Allow, "UPDATE");
        let cseq = dialog.local_cseq;
        // What was sent before the answer has used numbers of its own.
        if let Some(early) = calling.early.iter().find(|early| early.remote_tag == dialog.remote_tag) {
            dialog.local_cseq = early.local_cseq;
        }
        let offered = calling.invite.sdp.is_some();
        let mut confirmed = Confirmed::new(dialog, updates, calling.invite.sdp.unwrap_or_default());
        if offered {
            acknowledge(cx, &confirmed.dialog, client, cseq, None);
        } else {
            confirmed.acknowledge = Some((client, cseq));
        }
        self.phase = Phase::Confirmed(Box::new(confirmed));
        self.restart_session_timer(cx, SessionTimer::of_response(&response));
        let sdp = sdp_of(&response);
        self.tell(cx, UaEvent::Answered { dialog: self.id, sdp, response: Box::new(response) });
    }

    /// A response for an INVITE this call no longer waits for: a fork that answered later, or the
    /// answer again while the application has not acknowledged it.
    fn late_answer(&mut self, cx: &mut Cx<'_>, client: u64, response: &Message, flow: Flow) {
        let pending = match &self.phase {
            Phase::Confirmed(confirmed) => {
                let tag = response.to_tag().unwrap_or_default();
                confirmed.acknowledge.is_some() && confirmed.dialog.remote_tag == tag
            }
            Phase::Calling(_) | Phase::Incoming(_) | Phase::Ending(..) | Phase::Gone => false,
        };
        if !pending {
            release(cx, client, response, flow);
        }
    }

    /// The application answers the offer the 2xx brought.
    pub(crate) fn acknowledge(&mut self, cx: &mut Cx<'_>, sdp: Vec<u8>) {
        let Some(confirmed) = self.confirmed() else { return };
        let Some((client, cseq)) = confirmed.acknowledge.take() else { return };
        confirmed.sdp = sdp.clone();
        acknowledge(cx, &confirmed.dialog, client, cseq, Some(sdp));
        self.send_queued(cx);
    }

    fn refused(&mut self, cx: &mut Cx<'_>, status: u16, response: Message) {
        let retries_max = cx.core.config.limits.retries_max;
        let Phase::Calling(calling) = &mut self.phase else { return };
        let again = calling.tries < retries_max;
        let longer =
            response.number(Name::MinSe).map(|least| std::time::Duration::from_secs(u64::from(least)));
        match (status, longer) {
            (422, Some(longer)) if again && longer > calling.session_expires => {
                calling.tries += 1;
                calling.session_expires = longer;
                calling.min_se = Some(longer);
                self.send_invite(cx);
            }
            (401 | 407, _) if again && calling.invite.authenticates => {
                calling.tries += 1;
                calling.client = None;
                self.set_timer(cx, UsageTimer::ChallengeOpen, cx.core.config.timings.give_up());
                self.tell(cx, UaEvent::Challenged { dialog: self.id, response: Box::new(response) });
            }
            _ => self.failed(cx, status, Some(response)),
        }
    }

    /// The call was not answered, and that is the end of it.
    pub(crate) fn failed(&mut self, cx: &mut Cx<'_>, status: u16, response: Option<Message>) {
        let reason = response.as_ref().and_then(Message::reason).unwrap_or(reason_phrase(status)).to_owned();
        let response = response.map(Box::new);
        self.tell(cx, UaEvent::Failed { dialog: self.id, status, reason, response });
        self.told = true;
        self.phase = Phase::Gone;
    }
}

/// Sends the ACK of a 2xx.
pub(crate) fn acknowledge(cx: &mut Cx<'_>, dialog: &Dialog, client: u64, cseq: u32, sdp: Option<Vec<u8>>) {
    let mut ack = dialog.request_numbered(Method::Ack, cseq);
    if let Some(sdp) = sdp {
        ack.set_body(SDP, sdp);
    }
    let way = cx.core.clients.get(&client).map(|client| client.to);
    if let Some(to) = dialog.next_hop().or(way) {
        cx.ack_success(client, &dialog.remote_tag, to, &ack);
    }
}

/// A response nobody waits for: a 2xx is acknowledged, and a call nobody wants hung up
/// (RFC 3261 sections 13.2.2.4 and 9.1).
pub(crate) fn release(cx: &mut Cx<'_>, client: u64, response: &Message, flow: Flow) {
    if !response.status().is_some_and(|status| (200..300).contains(&status)) {
        return;
    }
    let Some(request) = cx.core.clients.get(&client).and_then(|client| client.request.as_deref()) else {
        return;
    };
    let within = request.to_tag().is_some();
    let Some(mut dialog) = Dialog::of_client(request, response, flow) else { return };
    if within {
        // The routes of a dialog are those of its first INVITE (section 12.2.1.2).
        dialog.routes = request.addresses(Name::Route).collect();
    }
    let cseq = dialog.local_cseq;
    acknowledge(cx, &dialog, client, cseq, None);
    if !within && let Some(hop) = dialog.next_hop() {
        let bye = dialog.request(Method::Bye);
        cx.start_client(bye, hop, Owner::Nobody);
    }
}
