//! What the user agent says, told to the engines.

use engine::{Arrival, Cause, LegInput, Origin};
use model::{CallerId, TenantId};
use sip_proto::agent::{DialogId, EndReason, UaCommand, UaEvent};
use sip_proto::sdp::{CodecKind, Description, Direction, LocalMedia, Negotiated, find_sdp, is_sdp};
use sip_proto::{Flow, Headers, Message, Name, Transport};

use crate::border::Identity;
use crate::cause::cause_of;
use crate::codecs;
use crate::digits::Digits;
use crate::forks::new_credentials;
use crate::legs::{Key, Keying, Leg, Side};
use crate::ports::Ports;

/// Most characters of a dialed text that the engine is given.
const DIALED_LENGTH_MAX: usize = 128;

/// What stands where a caller's number would be who has none: no number of anybody has letters.
const GUEST: &str = "guest";

/// What a caller is told whose keys came where others could read them.
const KEYS_IN_THE_CLEAR: &str =
    "RTP/SAVP with a=crypto is taken over TLS only: here its keys can be read by others";

impl Ports {
    pub(crate) fn ua_event(&mut self, event: UaEvent) {
        match event {
            UaEvent::Invite { dialog, request, flow } => self.arrived(dialog, &request, flow),
            UaEvent::Progress { dialog, status, .. } => self.progress(dialog, status),
            UaEvent::Answered { dialog, sdp, .. } => self.answered(dialog, sdp.as_deref()),
            UaEvent::Failed { dialog, status, .. } => {
                // A 6xx speaks for the person, not for one device: the others stop (RFC 3261 section 16.7).
                if status >= 600 {
                    self.stop_other_forks(dialog);
                }
                self.failed(dialog, cause_of(status));
            }
            UaEvent::Established { dialog, sdp } | UaEvent::ReinviteEstablished { dialog, sdp } => {
                self.established(dialog, sdp.as_deref());
            }
            UaEvent::Ended { dialog, why, .. } => self.ended(dialog, why),
            UaEvent::Reinvite { dialog, sdp } => self.reinvited(dialog, sdp.as_deref()),
            UaEvent::Info { dialog, content_type, body } => self.info(dialog, &content_type, &body),
            UaEvent::Request { key, dialog, tag, request, flow } => {
                self.request(key, dialog, &request, (&tag, flow));
            }
            UaEvent::Response { key, status, response } => {
                if !self.trunk_tests.answered(key, (status, response.as_deref()), self.now) {
                    self.notified(key, status);
                }
            }
            // We offer no session of our own.
            UaEvent::Challenged { dialog, .. } => self.failed(dialog, Cause::Forbidden),
            UaEvent::ReinviteCancelled { .. }
            | UaEvent::ReinviteAnswered { .. }
            | UaEvent::ReinviteFailed { .. }
            | UaEvent::InfoAnswered { .. } => {}
        }
    }

    fn arrived(&mut self, dialog: DialogId, request: &Message, flow: Flow) {
        let Some(identity) = self.border.take_admitted() else {
            self.reject(dialog, 403, "");
            return;
        };
        let offer = match offer_of(request) {
            Ok(offer) => offer,
            Err((status, why)) => {
                self.reject(dialog, status, &why);
                return;
            }
        };
        let keying = match &offer {
            Some(offer) => keying_of(offer, flow.transport),
            None => Some(self.keying_toward(flow.transport)),
        };
        let Some(keying) = keying else {
            self.reject(dialog, 488, KEYS_IN_THE_CLEAR);
            return;
        };
        let (tenant, origin, caller) = self.who(identity, request);
        let dialed = request.request_uri().map(sip_proto::Uri::user_text).unwrap_or_default();
        let dialed = dialed.chars().take(DIALED_LENGTH_MAX).collect();
        let key = (tenant, self.new_leg());
        let (peer, bound) = (flow.remote, flow.local.ip());
        let side = Side::Arrived { dialog, peer, bound, offer, keying, opus: false, answered: false };
        self.legs
            .insert(key, Leg { side, media: None, ringing: false, held: false, digits: Digits::default() });
        let max_forwards =
            request.number(Name::MaxForwards).map_or(70, |hops| u8::try_from(hops).unwrap_or(70));
        self.tell(key, LegInput::Arrived(Arrival { origin, dialed, caller, max_forwards }));
    }

    /// Refuses, with words for whoever reads a trace of it (RFC 3261 section 20.43) unless there are none.
    fn reject(&mut self, dialog: DialogId, status: u16, why: &str) {
        let mut headers = Headers::new();
        if !why.is_empty() {
            headers.push(Name::Warning, format!("399 cordboard \"{why}\""));
        }
        self.ua(UaCommand::Reject { dialog, status, reason: String::new(), headers });
    }

    /// A phone is who it proved to be; a trunk says who calls; a guest has no number.
    fn who(&self, identity: Identity, request: &Message) -> (TenantId, Origin, CallerId) {
        match identity {
            Identity::Phone(tenant, extension) => {
                let name = self
                    .border
                    .domains
                    .get(tenant)
                    .and_then(|domain| domain.directory.extensions.get(&extension))
                    .map_or("", |e| e.display_name.as_str());
                let caller = CallerId::new(extension.as_str(), name);
                (tenant, Origin::Extension(extension), caller)
            }
            Identity::Guest(tenant, calls, name) => {
                (tenant, Origin::Guest(calls), CallerId::new(GUEST, &name))
            }
            Identity::Trunk(tenant, trunk) => {
                let from = request.from();
                let number = from.as_ref().map(|f| f.uri.user_text()).unwrap_or_default();
                let name = from.and_then(|f| f.display).unwrap_or_default();
                (tenant, Origin::Trunk(trunk), CallerId::new(&number, &name))
            }
        }
    }

    fn progress(&mut self, dialog: DialogId, status: u16) {
        let Some(key) = self.legs.of_dialog(dialog) else { return };
        let Some(leg) = self.legs.get_mut(key) else { return };
        if status > 100 && !leg.ringing {
            leg.ringing = true;
            self.tell(key, LegInput::Ringing);
        }
    }

    /// One device answered: it has the leg, the others stop ringing.
    fn answered(&mut self, dialog: DialogId, sdp: Option<&[u8]>) {
        let Some(key) = self.legs.of_dialog(dialog) else {
            self.hang_up(dialog, Cause::AnsweredElsewhere);
            return;
        };
        let answer = sdp.and_then(|body| Description::parse(body).ok());
        let Some(leg) = self.legs.get_mut(key) else { return };
        let Side::Dialed { forks, answered, beside, .. } = &mut leg.side else { return };
        let beside = *beside;
        let Some(at) = forks.iter().position(|fork| fork.dialog == dialog) else { return };
        let negotiated = answer.and_then(|answer| forks[at].media.sdp.read_answer(&answer).ok());
        let Some(negotiated) = negotiated else {
            self.hang_up(dialog, Cause::NoCommonCodec);
            self.fork_failed(key, dialog, Cause::NoCommonCodec);
            return;
        };
        let mut media = forks.swap_remove(at).media;
        media.opus = negotiated.codec == CodecKind::Opus;
        let others = std::mem::take(forks);
        *answered = Some(dialog);
        for other in &others {
            self.hang_up(other.dialog, Cause::AnsweredElsewhere);
        }
        self.close_forks(&others, &[media.endpoint]);
        self.configure(media.endpoint, &media.candidates, &negotiated);
        if let Some(beside) = beside {
            self.follow((key.0, beside), media.opus);
        }
        self.legs.set_media(key, media);
        self.tell(key, LegInput::Answered);
    }

    fn failed(&mut self, dialog: DialogId, cause: Cause) {
        let Some(key) = self.legs.of_dialog(dialog) else { return };
        let arrived = matches!(self.legs.get(key).map(|leg| &leg.side), Some(Side::Arrived { .. }));
        if arrived {
            self.leg_ended(key, cause);
        } else {
            self.fork_failed(key, dialog, cause);
        }
    }

    fn stop_other_forks(&mut self, dialog: DialogId) {
        let Some(key) = self.legs.of_dialog(dialog) else { return };
        let Some(Side::Dialed { forks, .. }) = self.legs.get_mut(key).map(|leg| &mut leg.side) else {
            return;
        };
        let (this, others): (Vec<_>, Vec<_>) =
            std::mem::take(forks).into_iter().partition(|fork| fork.dialog == dialog);
        let kept: Vec<_> = this.iter().map(|fork| fork.media.endpoint).collect();
        *forks = this;
        for other in &others {
            self.hang_up(other.dialog, Cause::Normal);
        }
        self.close_forks(&others, &kept);
    }

    pub(crate) fn fork_failed(&mut self, key: Key, dialog: DialogId, cause: Cause) {
        self.legs.forget_dialog(dialog);
        let Some(Side::Dialed { forks, worst, .. }) = self.legs.get_mut(key).map(|leg| &mut leg.side) else {
            return;
        };
        let gone: Vec<_> = forks.extract_if(.., |fork| fork.dialog == dialog).collect();
        let kept: Vec<_> = forks.iter().map(|fork| fork.media.endpoint).collect();
        // A person's word weighs more than a device that could not be had.
        if !matches!(*worst, Cause::Declined | Cause::Busy) {
            *worst = cause;
        }
        let (worst, over) = (*worst, forks.is_empty());
        self.close_forks(&gone, &kept);
        if over {
            self.leg_ended(key, worst);
        }
    }

    /// The ACK came; with a late offer it carries the answer to ours.
    fn established(&mut self, dialog: DialogId, sdp: Option<&[u8]>) {
        let (Some(key), Some(body)) = (self.legs.of_dialog(dialog), sdp) else { return };
        let Ok(answer) = Description::parse(body) else {
            self.end_leg(key, Cause::NoCommonCodec);
            return;
        };
        let Some(media) = self.legs.get_mut(key).and_then(|leg| leg.media.as_mut()) else { return };
        match media.sdp.read_answer(&answer) {
            Ok(negotiated) => self.agreed(key, &negotiated),
            // After an answered offer of theirs the ACK's body says nothing new.
            Err(sip_proto::sdp::AnswerError::NoOffer) => {}
            Err(_) => self.end_leg(key, Cause::NoCommonCodec),
        }
    }

    fn ended(&mut self, dialog: DialogId, why: EndReason) {
        let Some(key) = self.legs.of_dialog(dialog) else { return };
        let cause = match why {
            EndReason::Bye | EndReason::Local => Cause::Normal,
            EndReason::Cancel => Cause::CallerGone,
            EndReason::Timeout | EndReason::Unknown | EndReason::AckMissing | EndReason::SessionExpired => {
                Cause::SignallingTimeout
            }
            EndReason::Transport => Cause::Unreachable,
        };
        let still_forked =
            matches!(self.legs.get(key).map(|leg| &leg.side), Some(Side::Dialed { answered: None, .. }));
        if still_forked {
            self.fork_failed(key, dialog, cause);
        } else {
            self.leg_ended(key, cause);
        }
    }

    /// The peer changes its media: hold, resume, another address or codec.
    fn reinvited(&mut self, dialog: DialogId, sdp: Option<&[u8]>) {
        let Some(key) = self.legs.of_dialog(dialog) else {
            self.ua(UaCommand::RejectReinvite { dialog, status: 481 });
            return;
        };
        let offer = sdp.map(Description::parse);
        let Some(leg) = self.legs.get_mut(key) else { return };
        let Some(media) = &mut leg.media else { return };
        let local = LocalMedia { addr: media.address, port: media.port, direction: Direction::SendRecv };
        let capabilities = codecs::capabilities(media.opus);
        let before = media.sdp.clone();
        if let Some(Ok(offer)) = &offer
            && media.sdp.is_restart(offer)
        {
            media.sdp.renew(new_credentials());
        }
        let answered = match offer {
            None => Some((media.sdp.build_offer(&codecs::unasked(media.opus), &local), None)),
            Some(Ok(offer)) => media
                .sdp
                .build_answer(&offer, &capabilities, &local)
                .ok()
                .map(|(body, negotiated)| (body, Some(negotiated))),
            Some(Err(_)) => None,
        };
        let Some((body, negotiated)) = answered else {
            // Nobody was told of what was made for this answer.
            media.sdp = before;
            self.ua(UaCommand::RejectReinvite { dialog, status: 488 });
            return;
        };
        if let Some(negotiated) = negotiated {
            self.agreed(key, &negotiated);
        }
        self.ua(UaCommand::AcceptReinvite { dialog, sdp: body.into_bytes() });
    }

    /// Another exchange about a leg's sound stands, whoever offered: codec, where it goes, and whether it is wanted.
    fn agreed(&mut self, key: Key, negotiated: &Negotiated) {
        let Some(leg) = self.legs.get_mut(key) else { return };
        let Some(media) = &mut leg.media else { return };
        media.opus = negotiated.codec == CodecKind::Opus;
        let (endpoint, candidates) = (media.endpoint, media.candidates.clone());
        let held = negotiated.held_by_remote();
        let changed = std::mem::replace(&mut leg.held, held) != held;
        self.configure(endpoint, &candidates, negotiated);
        if changed {
            self.tell(key, LegInput::Held(held));
        }
    }

    /// Keys by INFO (`application/dtmf-relay`), for phones without telephone-event.
    fn info(&mut self, dialog: DialogId, content_type: &str, body: &[u8]) {
        let Some(key) = self.legs.of_dialog(dialog) else { return };
        if !content_type.eq_ignore_ascii_case("application/dtmf-relay") {
            return;
        }
        let text = String::from_utf8_lossy(body);
        let signal = text.lines().find_map(|line| line.trim().strip_prefix("Signal="));
        let digit = signal.and_then(|signal| signal.trim().chars().next());
        if let Some(digit) = digit.filter(|d| d.is_ascii_digit() || matches!(d, '*' | '#' | 'A'..='D')) {
            self.pressed(key, digit);
        }
    }
}

/// How the call that a peer offers would be kept secret; none: only by keys that anybody on the way could read.
fn keying_of(offer: &Description, transport: Transport) -> Option<Keying> {
    let audio = || offer.media.iter().filter_map(|line| line.audio.as_ref());
    if transport == Transport::Tls && audio().any(|audio| audio.crypto.is_some()) {
        return Some(Keying::Sdes);
    }
    let other = audio().find(|audio| audio.crypto.is_none())?;
    Some(if other.secure.is_some() { Keying::Dtls } else { Keying::Plain })
}

/// The offer in an INVITE: none if it has no body; the status to refuse with, and why, if it is of no use.
fn offer_of(request: &Message) -> Result<Option<Description>, (u16, String)> {
    if request.body.is_empty() {
        return Ok(None);
    }
    let header = request.headers.text(Name::ContentType).unwrap_or_default();
    let body = if is_sdp(&header) { Some(request.body.as_slice()) } else { find_sdp(&header, &request.body) };
    let body = body.ok_or((415, String::new()))?;
    // Its words may repeat the stranger's; a header takes no other than ours.
    let offer = Description::parse(body).map_err(|_| (400, String::new()))?;
    if let Some(unusable) = offer.unusable() {
        return Err((488, unusable.to_string()));
    }
    // Found out only when somebody has answered, it would ring a phone for a call that nobody can hear.
    let common = codecs::offers(&offer, &[CodecKind::Pcma, CodecKind::Pcmu, CodecKind::Opus]);
    if common { Ok(Some(offer)) } else { Err((488, "Audio must be PCMA, PCMU or opus".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_believed_where_nobody_else_could_read_them() {
        let key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
        let offer = |lines: &[(&str, &str)]| {
            let mut text =
                String::from("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n");
            for (profile, more) in lines {
                text += &format!("m=audio 4000 {profile} 0\r\n{more}");
            }
            Description::parse(text.as_bytes()).unwrap()
        };
        let (plain, keyed) = (("RTP/AVP", ""), ("RTP/SAVP", key));
        for (lines, tls, others) in [
            (&[plain][..], Some(Keying::Plain), Some(Keying::Plain)),
            (&[keyed], Some(Keying::Sdes), None),
            (&[plain, keyed], Some(Keying::Sdes), Some(Keying::Plain)),
            (&[keyed, plain], Some(Keying::Sdes), Some(Keying::Plain)),
            // What is offered as plain is plain, whatever keys lie beside it.
            (&[("RTP/AVP", key)], Some(Keying::Plain), Some(Keying::Plain)),
        ] {
            assert_eq!(keying_of(&offer(lines), Transport::Tls), tls, "{lines:?}");
            for transport in [Transport::Udp, Transport::Tcp, Transport::Ws] {
                assert_eq!(keying_of(&offer(lines), transport), others, "{lines:?} {transport}");
            }
        }
        assert!(offer(&[("RTP/SAVP", "")]).unusable().is_some());
    }
}
