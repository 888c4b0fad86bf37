//! Leg commands, carried out as SIP.

use engine::{Cause, DialTarget, LegInput};
use model::{CallerId, LegId, TenantId};
use sip_proto::agent::{DialogId, OutboundInvite, RequestKey, UaCommand};
use sip_proto::register::Binding;
use sip_proto::sdp::{CodecKind, Direction, LocalMedia};
use sip_proto::{Destination, Headers, Method, Name, NameAddr, Transport, Uri};

use crate::cause::{reason_of, status_of};
use crate::codecs;
use crate::digits::Digits;
use crate::legs::{Fork, Key, Leg, Side};
use crate::ports::Ports;
use crate::registrar::aor;

/// Where one device is called.
struct Target {
    uri: Uri,
    destination: Destination,
    routes: Vec<NameAddr>,
}

impl Ports {
    pub(crate) fn ring(&mut self, key: Key) {
        let Some(Side::Arrived { dialog, answered: false, .. }) = self.legs.get(key).map(|leg| &leg.side)
        else {
            return;
        };
        let dialog = *dialog;
        self.ua(UaCommand::Progress { dialog, status: 180, sdp: None });
    }

    pub(crate) fn refuse(&mut self, key: Key, cause: Cause) {
        let Some(leg) = self.legs.remove(key) else { return };
        if let Side::Arrived { dialog, .. } = leg.side {
            let mut headers = Headers::new();
            if status_of(cause) == 503 {
                headers.push(Name::RetryAfter, "5");
            }
            self.ua(UaCommand::Reject { dialog, status: status_of(cause), reason: String::new(), headers });
        }
        self.close_media(&leg);
        self.tell(key, LegInput::Ended(cause));
    }

    /// Answers an arrived leg: takes a port, answers its offer (or makes ours), and lets media begin.
    pub(crate) fn answer(&mut self, key: Key) {
        let Some(leg) = self.legs.get_mut(key) else { return };
        let Side::Arrived { dialog, peer, bound, offer, keying, opus, answered } = &mut leg.side else {
            return;
        };
        if *answered {
            return;
        }
        *answered = true;
        let (dialog, peer, bound, offer, keying) = (*dialog, *peer, *bound, offer.take(), *keying);
        let opus = *opus;
        let capabilities = codecs::capabilities(opus);
        let address = self.addresses.toward(peer.ip(), bound);
        let Some(mut media) = self.open_media(address, keying) else {
            self.refuse(key, Cause::Congestion);
            return;
        };
        let local = LocalMedia { addr: address, port: media.port, direction: Direction::SendRecv };
        let body = match &offer {
            Some(offer) => match media.sdp.build_answer(offer, &capabilities, &local) {
                Ok((body, negotiated)) => {
                    media.opus = negotiated.codec == CodecKind::Opus;
                    self.configure(media.endpoint, &media.candidates, &negotiated);
                    body
                }
                Err(_no_common_codec) => {
                    self.media.command(media.endpoint, media::EndpointCommand::Close);
                    self.refuse(key, Cause::NoCommonCodec);
                    return;
                }
            },
            None => media.sdp.build_offer(&codecs::unasked(opus), &local),
        };
        self.legs.set_media(key, media);
        self.ua(UaCommand::Answer { dialog, sdp: body.into_bytes(), headers: Headers::new() });
    }

    pub(crate) fn dial(
        &mut self,
        key: Key,
        (to, beside): (&DialTarget, Option<LegId>),
        shown: (&CallerId, Option<&str>),
        (max_forwards, auto_answer): (u8, bool),
    ) {
        if let DialTarget::Extension(number) = to {
            self.called.insert((key.0, number.clone()));
        }
        let targets = self.targets(key.0, to);
        if targets.is_empty() {
            self.tell(key, LegInput::Ended(Cause::Unreachable));
            return;
        }
        let (capabilities, opus) = self.offered(key.0, to, beside);
        let mut shared = None;
        let mut forks = Vec::with_capacity(targets.len());
        let mut invites = Vec::with_capacity(targets.len());
        for target in targets {
            let Some(mut media) = self.fork_media(&mut shared, target.destination) else { continue };
            let local = LocalMedia { addr: media.address, port: media.port, direction: Direction::SendRecv };
            media.opus = opus;
            let body = media.sdp.build_offer(&capabilities, &local);
            let dialog = self.new_dialog();
            forks.push(Fork { dialog, media });
            let mut invite = self.invite(key.0, to, target, shown, body);
            invite.max_forwards = max_forwards;
            if auto_answer {
                ask_to_answer(&mut invite.headers, &invite.from.uri);
            }
            invites.push((dialog, invite));
        }
        if forks.is_empty() {
            self.tell(key, LegInput::Ended(Cause::Congestion));
            return;
        }
        let side = Side::Dialed { forks, answered: None, worst: Cause::Unreachable, beside };
        self.legs
            .insert(key, Leg { side, media: None, ringing: false, held: false, digits: Digits::default() });
        for (dialog, invite) in invites {
            self.ua(UaCommand::Invite { dialog, invite: Box::new(invite) });
        }
    }

    /// Asks the devices that ring for a leg to lift: the event `talk`, which desk phones of many makers know
    /// without a standard. What they answer is not waited for: one that knows it not goes on ringing.
    pub(crate) fn lift(&mut self, key: Key) {
        let Some(Side::Dialed { forks, answered: None, .. }) = self.legs.get(key).map(|leg| &leg.side) else {
            return;
        };
        let dialogs: Vec<DialogId> = forks.iter().map(|fork| fork.dialog).collect();
        for dialog in dialogs {
            let mut headers = Headers::new();
            headers.push(Name::Event, "talk");
            // Names no request of ours that is waited for.
            let key = RequestKey(0);
            self.ua(UaCommand::SendWithin { dialog, key, method: Method::Notify, headers, body: Vec::new() });
        }
    }

    fn targets(&self, tenant: TenantId, to: &DialTarget) -> Vec<Target> {
        match to {
            DialTarget::Extension(number) => {
                let bindings = self.bindings.reachable(&aor(tenant, number.as_str())).to_vec();
                bindings.into_iter().map(target_of).collect()
            }
            DialTarget::Trunk(trunk, number) => {
                let Some(host) = self.trunk_hosts.get(&(tenant, *trunk)).copied() else { return Vec::new() };
                let destination = Destination::Address { transport: Transport::Udp, remote: host };
                vec![Target { uri: Uri::sip_address(Some(number), host), destination, routes: Vec::new() }]
            }
        }
    }

    fn invite(
        &self,
        tenant: TenantId,
        to: &DialTarget,
        target: Target,
        (caller, queue): (&CallerId, Option<&str>),
        body: String,
    ) -> OutboundInvite {
        let domain = self.border.domains.get(tenant).map_or("invalid", |d| d.directory.tenant.name.as_str());
        let number = caller.number.reveal();
        let user = if number.is_empty() { "anonymous" } else { number };
        let mut from = NameAddr::new(Uri::sip(Some(user), domain, None));
        from.display = display(caller, queue);
        let to = match to {
            DialTarget::Extension(number) => NameAddr::new(Uri::sip(Some(number.as_str()), domain, None)),
            DialTarget::Trunk(..) => NameAddr::new(target.uri.clone()),
        };
        let mut invite = OutboundInvite::new(target.destination, target.uri, from, to);
        invite.routes = target.routes;
        invite.sdp = Some(body.into_bytes());
        invite
    }

    /// Ends a dialog in whatever state it is; what it says afterwards interests nobody.
    pub(crate) fn hang_up(&mut self, dialog: DialogId, cause: Cause) {
        let reason = reason_of(cause);
        self.legs.forget_dialog(dialog);
        self.ua(UaCommand::Hangup { dialog, reason });
    }
}

/// How a device is called: along the flow it registered on, or at the address in its Contact.
fn target_of(binding: Binding) -> Target {
    let destination = binding.destination();
    let routes = binding.path.iter().filter_map(|path| NameAddr::parse(path.as_bytes())).collect();
    Target { uri: binding.contact, destination, routes }
}

/// Asks the phone to answer by itself. There is a standard (RFC 5373), which few phones know; most look at one of
/// the other two.
fn ask_to_answer(headers: &mut Headers, from: &Uri) {
    headers.push(Name::CallInfo, format!("<{from}>;answer-after=0"));
    headers.push(Name::AlertInfo, "<http://127.0.0.1>;info=alert-autoanswer;delay=0");
    headers.push("Answer-Mode", "Auto");
}

/// What the phone shows: the queue first, so that the agent knows how to greet.
fn display(caller: &CallerId, queue: Option<&str>) -> Option<String> {
    let name = caller.name.reveal();
    match queue {
        Some(queue) if name.is_empty() => Some(format!("{queue}: {}", caller.number.reveal())),
        Some(queue) => Some(format!("{queue}: {name}")),
        None if name.is_empty() => None,
        None => Some(name.clone()),
    }
}
