//! Requests within calls (RFC 3261 section 12.2.2).

use super::command::RequestKey;
use super::core::Cx;
use super::event::UaEvent;
use super::reinvite::later;
use super::transactions::{Answerer, Owner};
use super::usage::{Phase, Usage};
use crate::flow::Flow;
use crate::message::{Headers, Message, Method, Name};

impl Usage {
    /// A request with our tag, and Call-ID and tag of the peer, that is no ACK and no CANCEL.
    pub(crate) fn request_within(&mut self, cx: &mut Cx<'_>, request: Message, key: Box<[u8]>, flow: Flow) {
        let Some(method) = request.method().cloned() else { return };
        let invite = method == Method::Invite;
        let answerer = if invite { Answerer::Call(self.id) } else { Answerer::Agent };
        let server = cx.start_server(&request, key, flow, answerer, self.local_tag.clone());
        if let Some((status, headers)) = self.screen(cx, &request, &method) {
            return cx.respond_plain(server, status, &headers);
        }
        if let Some(dialog) = self.dialog_mut() {
            dialog.arrived_on(flow);
        }
        match method {
            Method::Bye => self.peer_bye(cx, server, &request),
            Method::Invite => self.peer_offer(cx, server, &request),
            Method::Update => self.peer_update(cx, server, &request, flow),
            Method::Info => self.peer_info(cx, server, request),
            Method::Options => {
                if let Some(mut response) = cx.response(server, 200, "") {
                    let peer = request.contact().map(|contact| contact.uri);
                    let peer = peer.as_ref().or(self.dialog().map(|dialog| &dialog.target));
                    if let Some(peer) = peer {
                        cx.core.describe(&mut response, &self.contact_user, flow.transport, peer);
                    }
                    response.headers.push(Name::Accept, super::body::SDP);
                    cx.respond(server, &response);
                }
            }
            // We never answer reliably, so there is nothing to acknowledge (RFC 3262 section 3).
            Method::Prack => cx.respond_plain(server, 481, &Headers::new()),
            Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Subscribe
            | Method::Notify
            | Method::Refer
            | Method::Message
            | Method::Publish
            | Method::Other(_) => self.ask_application(cx, server, request, flow),
        }
    }

    /// What must not be taken, and the answer to it.
    fn screen(&mut self, cx: &mut Cx<'_>, request: &Message, method: &Method) -> Option<(u16, Headers)> {
        let mut headers = Headers::new();
        let number = request.cseq().map_or(0, |cseq| cseq.number);
        let fresh = match &mut self.phase {
            Phase::Calling(_) => true,
            Phase::Incoming(incoming) => incoming.dialog.accept_cseq(number),
            Phase::Confirmed(confirmed) => confirmed.dialog.accept_cseq(number),
            Phase::Ending(dialog, _) => {
                if *method != Method::Bye {
                    return Some((481, headers));
                }
                dialog.accept_cseq(number)
            }
            Phase::Gone => return Some((481, headers)),
        };
        if !fresh {
            return Some((500, headers));
        }
        if !cx.core.config.allow.contains(method) && *method != Method::Prack {
            headers.push(Name::Allow, &cx.core.allow);
            return Some((405, headers));
        }
        if let Some(unsupported) = cx.unsupported(request) {
            headers.push(Name::Unsupported, unsupported);
            return Some((420, headers));
        }
        if !Usage::takes_body(request) {
            headers.push(Name::Accept, super::body::SDP);
            return Some((415, headers));
        }
        None
    }

    /// An INFO is answered at once: it carries digits and wishes, and who sent it waits (RFC 6086).
    fn peer_info(&mut self, cx: &mut Cx<'_>, server: u64, request: Message) {
        if request.headers.get(Name::InfoPackage).is_some() {
            let mut headers = Headers::new();
            headers.push(Name::RecvInfo, "");
            return cx.respond_plain(server, 469, &headers);
        }
        cx.respond_plain(server, 200, &Headers::new());
        if let Some(content_type) = request.content_type() {
            let (dialog, body) = (self.id, request.body);
            self.tell(cx, UaEvent::Info { dialog, content_type, body });
        }
    }

    fn ask_application(&mut self, cx: &mut Cx<'_>, server: u64, request: Message, flow: Flow) {
        let pending_max = cx.core.config.limits.pending_per_dialog_max;
        let id = self.id;
        let Some(confirmed) = self.confirmed().filter(|confirmed| confirmed.hangup.is_none()) else {
            return later(cx, server);
        };
        confirmed.requests.retain(|&open| cx.is_open(open));
        if confirmed.requests.len() >= pending_max {
            return later(cx, server);
        }
        confirmed.requests.push(server);
        if let Some(server) = cx.core.servers.get_mut(&server) {
            server.answerer = Answerer::Application;
        }
        let request = Box::new(request);
        let (key, tag) = (RequestKey(server), self.local_tag.clone());
        self.tell(cx, UaEvent::Request { key, dialog: Some(id), tag, request, flow });
    }

    /// The application sends an INFO.
    pub(crate) fn send_info(&mut self, cx: &mut Cx<'_>, content_type: &str, body: Vec<u8>) {
        let id = self.id;
        let Some(confirmed) = self.confirmed().filter(|confirmed| confirmed.hangup.is_none()) else { return };
        let Some(hop) = confirmed.dialog.next_hop() else {
            return self.tell(cx, UaEvent::InfoAnswered { dialog: id, status: 503 });
        };
        let mut info = confirmed.dialog.request(Method::Info);
        info.set_body(content_type, body);
        cx.start_client(info, hop, Owner::Info(id));
    }

    /// The application sends a request that is its own affair.
    pub(crate) fn send_within(
        &mut self,
        cx: &mut Cx<'_>,
        key: RequestKey,
        method: Method,
        headers: &Headers,
        body: Vec<u8>,
    ) {
        let user = self.contact_user.clone();
        let ours = matches!(
            method,
            Method::Invite | Method::Ack | Method::Bye | Method::Cancel | Method::Update | Method::Prack
        );
        let dialog = match &mut self.phase {
            Phase::Confirmed(confirmed) if confirmed.hangup.is_none() && !ours => Some(&mut confirmed.dialog),
            Phase::Calling(calling) if !ours => calling.early.last_mut(),
            Phase::Confirmed(_)
            | Phase::Calling(_)
            | Phase::Incoming(_)
            | Phase::Ending(..)
            | Phase::Gone => None,
        };
        let hop = dialog.as_ref().and_then(|dialog| dialog.next_hop());
        let (Some(dialog), Some(hop)) = (dialog, hop) else {
            return cx.out.events.push(UaEvent::Response { key, status: 481, response: None });
        };
        let mut request = dialog.request(method);
        request.headers.push(Name::Contact, cx.core.contact(&user, hop.transport(), &dialog.target));
        request.headers.extend(headers);
        request.body = body;
        cx.start_client(request, hop, Owner::Application(key));
    }

    pub(crate) fn info_answered(&mut self, cx: &mut Cx<'_>, status: u16) {
        if status >= 200 {
            self.tell(cx, UaEvent::InfoAnswered { dialog: self.id, status });
        }
        if status == 481 {
            self.lost(cx, status);
        }
    }
}
