//! What a phone does by itself, and the texts it sends.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::{OnCancel, Place};
use crate::sip::Message;

/// What the thread and the test share.
pub(super) struct Line {
    pub(super) socket: UdpSocket,
    /// Only bound, so that audio sent here meets an open port.
    pub(super) media: UdpSocket,
    pub(super) local: SocketAddr,
    pub(super) server: SocketAddr,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) next: AtomicU32,
    pub(super) stop: AtomicBool,
    pub(super) state: Mutex<State>,
    pub(super) changed: Condvar,
}

pub(super) struct State {
    pub(super) heard: Vec<Heard>,
    pub(super) calls: BTreeMap<String, Call>,
    pub(super) rings: bool,
    pub(super) on_cancel: OnCancel,
    pub(super) acks_to_lose: u32,
}

pub(super) struct Heard {
    pub(super) message: Message,
    pub(super) at: Instant,
    pub(super) taken: bool,
}

/// A call by its `Call-ID`.
pub(super) struct Call {
    pub(super) place: Place,
    /// The INVITE: ours when we called, theirs when we are called.
    pub(super) invite: Message,
    pub(super) ours: bool,
    /// Our side and theirs, with tags as far as known.
    pub(super) local: String,
    pub(super) remote: String,
    pub(super) target: String,
    pub(super) routes: Vec<String>,
    pub(super) cseq: u32,
    /// Hung up before it was answered: an answer that was already on its way is ended at once.
    pub(super) given_up: bool,
}

impl Line {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn fresh(&self, word: &str) -> String {
        format!("{word}-{}-{}", self.local.port(), self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn send(&self, text: &str) -> anyhow::Result<()> {
        self.socket.send_to(text.as_bytes(), self.server)?;
        Ok(())
    }

    pub(super) fn listen(&self) {
        let mut buffer = vec![0; 65_536];
        while !self.stop.load(Ordering::Relaxed) {
            let Ok((length, _)) = self.socket.recv_from(&mut buffer) else { continue };
            let Some(message) = buffer.get(..length).and_then(|bytes| Message::parse(bytes).ok()) else {
                continue;
            };
            let replies = self.react(&message);
            for reply in replies {
                let _ = self.send(&reply);
            }
            self.changed.notify_all();
        }
    }

    /// Keeps the message and says what a phone sends by itself.
    pub(super) fn react(&self, message: &Message) -> Vec<String> {
        let mut state = self.state();
        let again = message.status() == 0
            && message.method() != "ACK"
            && state.heard.iter().any(|heard| {
                heard.message.start == message.start && heard.message.header("Via") == message.header("Via")
            });
        if !again {
            state.heard.push(Heard { message: message.clone(), at: Instant::now(), taken: false });
        }
        match (message.status(), message.method()) {
            (0, "INVITE") => self.on_invite(&mut state, message, again),
            (0, "CANCEL") => self.on_cancel(&mut state, message),
            (0, "BYE") => {
                if let Some(call) = state.calls.get_mut(message.call_id()) {
                    call.place = Place::Over;
                }
                vec![self.response(message, 200, "OK", "", "")]
            }
            (0, "ACK") => Vec::new(),
            (0, _) => vec![self.response(message, 200, "OK", "", "")],
            (200.., "INVITE") => self.on_final(&mut state, message),
            _ => Vec::new(),
        }
    }

    pub(super) fn on_invite(&self, state: &mut State, invite: &Message, again: bool) -> Vec<String> {
        if invite.header("To").contains("tag=") {
            return vec![self.ok_to_invite(invite)];
        }
        if again {
            return Vec::new();
        }
        let call = Call {
            place: Place::Early,
            invite: invite.clone(),
            ours: false,
            local: self.tagged(invite),
            remote: invite.header("From").to_owned(),
            target: invite.contact_uri().to_owned(),
            routes: invite.all("Record-Route").map(str::to_owned).collect(),
            cseq: 0,
            given_up: false,
        };
        state.calls.insert(invite.call_id().to_owned(), call);
        if state.rings { vec![self.response(invite, 180, "Ringing", "", "")] } else { Vec::new() }
    }

    pub(super) fn on_cancel(&self, state: &mut State, cancel: &Message) -> Vec<String> {
        let ok = self.response(cancel, 200, "OK", "", "");
        let on_cancel = state.on_cancel;
        let Some(call) = state.calls.get_mut(cancel.call_id()).filter(|call| call.place == Place::Early)
        else {
            return vec![ok];
        };
        match on_cancel {
            OnCancel::Stop => {
                call.place = Place::Over;
                vec![ok, self.response(&call.invite, 487, "Request Terminated", "", "")]
            }
            OnCancel::AnswerAnyway => {
                call.place = Place::Talking;
                vec![self.ok_to_invite(&call.invite), ok]
            }
        }
    }

    pub(super) fn on_final(&self, state: &mut State, response: &Message) -> Vec<String> {
        let lose = state.acks_to_lose > 0;
        state.acks_to_lose = state.acks_to_lose.saturating_sub(1);
        let Some(call) = state.calls.get_mut(response.call_id()) else { return Vec::new() };
        call.remote = response.header("To").to_owned();
        if response.status() >= 300 {
            call.place = Place::Over;
            return if lose { Vec::new() } else { vec![self.ack_of_refusal(call)] };
        }
        call.target = response.contact_uri().to_owned();
        call.routes = response.all("Record-Route").map(str::to_owned).collect();
        call.routes.reverse();
        let ack = self.in_dialog("ACK", call, response.cseq());
        if call.place == Place::Early {
            call.place = Place::Talking;
            if call.given_up {
                call.place = Place::Over;
                call.cseq += 1;
                return vec![ack, self.in_dialog("BYE", call, call.cseq)];
            }
        }
        if lose { Vec::new() } else { vec![ack] }
    }

    /// The `To` of a request to us, with our tag.
    pub(super) fn tagged(&self, request: &Message) -> String {
        let to = request.header("To");
        if to.contains("tag=") { to.to_owned() } else { format!("{to};tag=p{}", self.local.port()) }
    }

    pub(super) fn ok_to_invite(&self, invite: &Message) -> String {
        self.response(invite, 200, "OK", &self.offer_headers(), &self.sdp())
    }

    pub(super) fn offer_headers(&self) -> String {
        format!(
            "Contact: <sip:{}@{}>\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nContent-Type: application/sdp",
            self.user, self.local
        )
    }

    pub(super) fn sdp(&self) -> String {
        let port = self.media.local_addr().map_or(9, |address| address.port());
        let ip = self.local.ip();
        format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n\
             a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
        )
    }

    pub(super) fn response(
        &self,
        request: &Message,
        status: u16,
        reason: &str,
        more: &str,
        body: &str,
    ) -> String {
        let mut lines = vec![format!("SIP/2.0 {status} {reason}")];
        for name in ["Via", "Record-Route"] {
            lines.extend(request.all(name).map(|value| format!("{name}: {value}")));
        }
        lines.push(format!("From: {}", request.header("From")));
        lines.push(format!("To: {}", self.tagged(request)));
        lines.push(format!("Call-ID: {}", request.call_id()));
        lines.push(format!("CSeq: {}", request.header("CSeq")));
        finish(lines, more, body)
    }

    #[expect(clippy::too_many_arguments, reason = "the lines of a request, in their order")]
    pub(super) fn request(
        &self,
        method: &str,
        uri: &str,
        from: &str,
        to: &str,
        call_id: &str,
        cseq: u32,
        more: &str,
        body: &str,
    ) -> String {
        let via = format!("SIP/2.0/UDP {};branch=z9hG4bK-{};rport", self.local, self.fresh("b"));
        let lines = vec![
            format!("{method} {uri} SIP/2.0"),
            format!("Via: {via}"),
            "Max-Forwards: 70".to_owned(),
            format!("From: {from}"),
            format!("To: {to}"),
            format!("Call-ID: {call_id}"),
            format!("CSeq: {cseq} {method}"),
        ];
        finish(lines, more, body)
    }

    pub(super) fn in_dialog(&self, method: &str, call: &Call, cseq: u32) -> String {
        let routes: Vec<String> = call.routes.iter().map(|route| format!("Route: {route}")).collect();
        let call_id = call.invite.call_id();
        self.request(method, &call.target, &call.local, &call.remote, call_id, cseq, &routes.join("\r\n"), "")
    }

    /// Another offer in a call.
    pub(super) fn reinvite(&self, call: &Call, cseq: u32, offer: &str) -> String {
        let mut more: Vec<String> = call.routes.iter().map(|route| format!("Route: {route}")).collect();
        more.push(self.offer_headers());
        let (call_id, more) = (call.invite.call_id(), more.join("\r\n"));
        self.request("INVITE", &call.target, &call.local, &call.remote, call_id, cseq, &more, offer)
    }

    /// A key as INFO (`application/dtmf-relay`).
    pub(super) fn info(&self, call: &Call, cseq: u32, key: char) -> String {
        let mut more: Vec<String> = call.routes.iter().map(|route| format!("Route: {route}")).collect();
        more.push("Content-Type: application/dtmf-relay".to_owned());
        let body = format!("Signal={key}\r\nDuration=160\r\n");
        let call_id = call.invite.call_id();
        self.request(
            "INFO",
            &call.target,
            &call.local,
            &call.remote,
            call_id,
            cseq,
            &more.join("\r\n"),
            &body,
        )
    }

    /// The ACK of a refusal belongs to the INVITE's own transaction (RFC 3261 section 17.1.1.3).
    pub(super) fn ack_of_refusal(&self, call: &Call) -> String {
        self.same_branch("ACK", &call.invite, &call.remote)
    }

    pub(super) fn cancel(&self, invite: &Message) -> String {
        self.same_branch("CANCEL", invite, invite.header("To"))
    }

    pub(super) fn same_branch(&self, method: &str, invite: &Message, to: &str) -> String {
        let uri = invite.start.split(' ').nth(1).unwrap_or("");
        let lines = vec![
            format!("{method} {uri} SIP/2.0"),
            format!("Via: {}", invite.header("Via")),
            "Max-Forwards: 70".to_owned(),
            format!("From: {}", invite.header("From")),
            format!("To: {to}"),
            format!("Call-ID: {}", invite.call_id()),
            format!("CSeq: {} {method}", invite.cseq()),
        ];
        finish(lines, "", "")
    }
}

fn finish(mut lines: Vec<String>, more: &str, body: &str) -> String {
    if !more.is_empty() {
        lines.push(more.to_owned());
    }
    lines.push(format!("Content-Length: {}", body.len()));
    format!("{}\r\n\r\n{body}", lines.join("\r\n"))
}
