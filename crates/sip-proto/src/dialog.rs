//! Dialogs: what two sides remember of each other between requests (RFC 3261 section 12).

use std::net::{IpAddr, SocketAddr};

use crate::flow::{Destination, Flow, Transport};
use crate::message::{Headers, Message, Method, Name, NameAddr, Scheme, Uri};

/// One dialog.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// Call-ID as it came or was made.
    pub call_id: Vec<u8>,
    /// Our side as From and To carry it, with our tag.
    pub local: Vec<u8>,
    /// The peer's side as From and To carry it, with its tag, bytes as the peer sent them.
    pub remote: Vec<u8>,
    /// The peer's tag; empty for peers of RFC 2543.
    pub remote_tag: String,
    /// The number of our last request.
    pub local_cseq: u32,
    /// The number of the peer's last request, once there was one.
    pub remote_cseq: Option<u32>,
    /// Where the peer wants requests addressed.
    pub target: Uri,
    /// Proxies that want to see the requests, nearest first.
    pub routes: Vec<NameAddr>,
    /// How the peer's last message came.
    pub flow: Flow,
    /// Whether that connection is closed.
    pub flow_lost: bool,
    /// Whether we made the Call-ID: then we back off longer (section 14.1).
    pub owns_call_id: bool,
}

impl Dialog {
    /// The dialog a request makes on the side that answers (section 12.1.1).
    ///
    /// `None` if a header a dialog needs is missing; parsing has made sure of all but Contact.
    pub fn of_server(request: &Message, local_tag: &str, flow: Flow) -> Option<Dialog> {
        let to = request.headers.get(Name::To)?;
        let mut local = to.to_vec();
        local.extend_from_slice(b";tag=");
        local.extend_from_slice(local_tag.as_bytes());
        Some(Dialog {
            call_id: request.call_id()?.to_vec(),
            local,
            remote: request.headers.get(Name::From)?.to_vec(),
            remote_tag: request.from_tag().unwrap_or_default().into_owned(),
            local_cseq: 0,
            remote_cseq: Some(request.cseq()?.number),
            target: request.contact()?.uri,
            routes: request.addresses(Name::RecordRoute).collect(),
            flow,
            flow_lost: false,
            owns_call_id: false,
        })
    }

    /// The dialog a response makes on the side that asked (section 12.1.2).
    pub fn of_client(request: &Message, response: &Message, flow: Flow) -> Option<Dialog> {
        let mut routes: Vec<NameAddr> = response.addresses(Name::RecordRoute).collect();
        routes.reverse();
        let asked = request.request_uri()?;
        Some(Dialog {
            call_id: request.call_id()?.to_vec(),
            local: request.headers.get(Name::From)?.to_vec(),
            remote: response.headers.get(Name::To)?.to_vec(),
            remote_tag: response.to_tag().unwrap_or_default().into_owned(),
            local_cseq: request.cseq()?.number,
            remote_cseq: None,
            target: response.contact().map_or_else(|| asked.clone(), |contact| contact.uri),
            routes,
            flow,
            flow_lost: false,
            owns_call_id: true,
        })
    }

    /// The next request of ours, numbered, without Via and body.
    pub fn request(&mut self, method: Method) -> Message {
        self.local_cseq = self.local_cseq.saturating_add(1);
        self.request_numbered(method, self.local_cseq)
    }

    /// A request with the number of another: the ACK of a 2xx (section 13.2.2.4).
    pub fn request_numbered(&self, method: Method, number: u32) -> Message {
        // A first proxy without `lr` wants to be the Request-URI (section 12.2.1.1).
        let strict = self.routes.first().filter(|first| !first.uri.params.has("lr"));
        let uri = strict.map_or_else(|| self.target.clone(), |first| first.uri.clone());
        let mut request = Message::request(method, uri);
        let headers = &mut request.headers;
        for route in self.routes.iter().skip(usize::from(strict.is_some())) {
            headers.push(Name::Route, route.to_string());
        }
        if strict.is_some() {
            headers.push(Name::Route, format!("<{}>", self.target));
        }
        headers.push(Name::MaxForwards, "70");
        headers.push(Name::From, &self.local);
        headers.push(Name::To, &self.remote);
        headers.push(Name::CallId, &self.call_id);
        let method = request.method().map_or("", Method::as_str);
        request.headers.push(Name::CSeq, format!("{number} {method}"));
        request
    }

    /// Where our next request goes; `None` if the only way to the peer is lost.
    ///
    /// The route set decides, and without one the peer's contact; but a connection is used while it
    /// lives, and a private contact that is not where the peer's messages come from is behind a NAT
    /// that only the way back passes. Names are not resolved here: the way back serves.
    pub fn next_hop(&self) -> Option<Destination> {
        let connected = self.flow.transport != Transport::Udp;
        if connected && !self.flow_lost {
            return Some(Destination::Flow(self.flow));
        }
        let hop = self.routes.first().map_or(&self.target, |first| &first.uri);
        let address = hop.host_ip().map(|ip| SocketAddr::new(ip, hop.port_or_default()));
        match address {
            // Browsers and phones behind TLS call us; there is no way to call them.
            _ if matches!(self.flow.transport, Transport::Ws | Transport::Tls) => None,
            None if connected => None,
            Some(remote) if connected => {
                Some(Destination::Address { transport: self.flow.transport, remote })
            }
            Some(remote) if remote == self.flow.remote => Some(Destination::Flow(self.flow)),
            Some(remote) if self.routes.is_empty() && hidden(remote.ip(), self.flow.remote.ip()) => {
                Some(Destination::Flow(self.flow))
            }
            Some(remote) => Some(match transport_of(hop) {
                Some(transport) => Destination::Address { transport, remote },
                None => Destination::Flow(self.flow),
            }),
            None => Some(Destination::Flow(self.flow)),
        }
    }

    /// Takes the number of a request from the peer: `false` if it is old. Gaps are as they should
    /// be: a proxy may have challenged what would have filled them (section 12.2.2).
    pub fn accept_cseq(&mut self, number: u32) -> bool {
        if self.remote_cseq.is_some_and(|last| number <= last) {
            return false;
        }
        self.remote_cseq = Some(number);
        true
    }

    /// Takes a new target from the Contact of a re-INVITE, an UPDATE, or a 2xx to one.
    pub fn refresh_target(&mut self, message: &Message) {
        if let Some(contact) = message.contact() {
            self.target = contact.uri;
        }
    }

    /// Whether a message of the peer may come this way: a call over TLS stays there, so that what is answered to it,
    /// keys among it, is never read on the way (RFC 4568 section 5).
    #[must_use]
    pub fn may_arrive_on(&self, flow: &Flow) -> bool {
        self.flow.transport != Transport::Tls || flow.transport == Transport::Tls
    }

    /// The peer's message came this way; the next one of ours goes back by it.
    pub fn arrived_on(&mut self, flow: Flow) {
        self.flow = flow;
        self.flow_lost = false;
    }

    /// Whether Call-ID and the peer's tag are those of this dialog.
    pub fn is_of(&self, headers: &Headers, remote_tag: &str) -> bool {
        headers.get(Name::CallId) == Some(&self.call_id) && self.remote_tag == remote_tag
    }
}

/// Whether an address from a Contact can only be reached through the NAT the messages come from.
fn hidden(contact: IpAddr, source: IpAddr) -> bool {
    let private = match contact {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    private && contact != source
}

/// The transport a URI asks for when the dialog runs over UDP; none if it is one on which we make no connections.
fn transport_of(uri: &Uri) -> Option<Transport> {
    match uri.params.get("transport") {
        _ if uri.scheme == Scheme::Sips => None,
        Some(name) if name.eq_ignore_ascii_case("tcp") => Some(Transport::Tcp),
        Some(name) if name.eq_ignore_ascii_case("tls") => None,
        Some(_) | None => Some(Transport::Udp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::parse_datagram;

    fn flow(transport: Transport, remote: &str) -> Flow {
        Flow { transport, local: "192.0.2.1:5060".parse().unwrap(), remote: remote.parse().unwrap(), id: 0 }
    }

    fn dialog(contact: &str, routes: &str, source: &str) -> Dialog {
        let text = format!(
            "INVITE sip:us@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\n\
             From: J\u{fc}rgen <sip:a@h>;tag=theirs\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 7 INVITE\r\n\
             Contact: <{contact}>\r\n{routes}\r\n"
        );
        let request = parse_datagram(text.as_bytes()).unwrap();
        Dialog::of_server(&request, "ours", flow(Transport::Udp, source)).unwrap()
    }

    #[test]
    fn a_request_in_a_dialog_swaps_the_sides_and_follows_loose_routes() {
        let routes = "Record-Route: <sip:198.51.100.1;lr>, <sip:p2;lr>\r\n";
        let mut dialog = dialog("sip:a@203.0.113.9:5080", routes, "198.51.100.1:5060");
        let request = dialog.request(Method::Bye);
        assert_eq!(request.request_uri().unwrap().to_string(), "sip:a@203.0.113.9:5080");
        assert_eq!(request.to().unwrap().tag(), Some("theirs"));
        assert_eq!(request.from().unwrap().tag(), Some("ours"));
        let routes: Vec<_> = request.headers.all(Name::Route).collect();
        assert_eq!(routes, [&b"<sip:198.51.100.1;lr>"[..], b"<sip:p2;lr>"]);
        assert_eq!(dialog.next_hop(), Some(Destination::Flow(dialog.flow)));
    }

    #[test]
    fn a_strict_router_becomes_the_request_uri_and_the_target_the_last_route() {
        let routes = "Record-Route: <sip:p1>\r\nRecord-Route: <sip:p2;lr>\r\n";
        let mut dialog = dialog("sip:a@203.0.113.9", routes, "198.51.100.1:5060");
        let request = dialog.request(Method::Bye);
        assert_eq!(request.request_uri().unwrap().to_string(), "sip:p1");
        let routes: Vec<_> = request.headers.all(Name::Route).collect();
        assert_eq!(routes, [&b"<sip:p2;lr>"[..], b"<sip:a@203.0.113.9>"]);
    }

    #[test]
    fn a_private_contact_seen_from_elsewhere_is_reached_the_way_its_messages_came() {
        let behind_nat = dialog("sip:a@192.168.1.5:5060", "", "203.0.113.9:1024");
        assert_eq!(behind_nat.next_hop(), Some(Destination::Flow(behind_nat.flow)));
        let carrier = dialog("sip:a@203.0.113.10:5070", "", "203.0.113.9:5060");
        let remote = "203.0.113.10:5070".parse().unwrap();
        assert_eq!(carrier.next_hop(), Some(Destination::Address { transport: Transport::Udp, remote }));
    }

    #[test]
    fn what_came_over_tls_goes_back_on_its_connection_or_not_at_all() {
        let mut phone = dialog("sips:a@198.51.100.7:5061", "", "198.51.100.7:40000");
        phone.flow.transport = Transport::Tls;
        assert_eq!(phone.next_hop(), Some(Destination::Flow(phone.flow)));
        phone.flow_lost = true;
        assert_eq!(phone.next_hop(), None);
        phone.arrived_on(Flow { id: 9, ..phone.flow });
        assert_eq!(phone.next_hop(), Some(Destination::Flow(phone.flow)));
        for contact in ["sips:a@198.51.100.7", "sip:a@198.51.100.7;transport=tls"] {
            let clear = dialog(contact, "", "203.0.113.9:5060");
            assert_eq!(clear.next_hop(), Some(Destination::Flow(clear.flow)), "{contact}");
        }
    }

    #[test]
    fn old_numbers_are_refused_and_gaps_are_not() {
        let mut dialog = dialog("sip:a@h", "", "203.0.113.9:1024");
        assert!(!dialog.accept_cseq(7));
        assert!(dialog.accept_cseq(10));
        assert!(!dialog.accept_cseq(9));
        assert!(dialog.accept_cseq(12));
    }
}
