//! Requests that belong to nothing yet: the guard, then what every server checks (RFC 3261
//! section 8.2). Whatever is refused here is refused without keeping anything.

use super::body::{SDP, is_acceptable};
use super::core::Cx;
use super::guard::{Guard, Verdict};
use crate::flow::Flow;
use crate::message::{Headers, Message, Method, Name, Scheme, scan};

impl Cx<'_> {
    /// Whether an initial request is taken; if not, it has been answered or dropped.
    pub(crate) fn admit(&mut self, request: &Message, flow: &Flow, guard: &mut dyn Guard) -> bool {
        match guard.admit(request, flow, self.now) {
            Verdict::Admit => {}
            Verdict::Drop => return false,
            Verdict::Refuse { status, reason, headers } => {
                self.reply_stateless(request, flow, status, &reason, &headers);
                return false;
            }
        }
        if self.core.is_full() {
            self.refuse_overload(request, flow);
            return false;
        }
        let Some((status, headers)) = self.inspect(request) else { return true };
        self.reply_stateless(request, flow, status, "", &headers);
        false
    }

    /// A request that cannot be challenged and that we know nothing of: 481, if the guard lets us
    /// answer at all.
    pub(crate) fn disown(&mut self, request: &Message, flow: &Flow, guard: &mut dyn Guard) {
        if guard.admit(request, flow, self.now) != Verdict::Drop {
            self.reply_stateless(request, flow, 481, "", &Headers::new());
        }
    }

    /// What is wrong with an initial request, as status and headers of the answer.
    fn inspect(&self, request: &Message) -> Option<(u16, Headers)> {
        let config = &self.core.config;
        let mut headers = Headers::new();
        let method = request.method()?;
        if request.number(Name::MaxForwards) == Some(0) {
            return Some((483, headers));
        }
        if !config.allow.contains(method) {
            headers.push(Name::Allow, &self.core.allow);
            return Some((405, headers));
        }
        if matches!(request.request_uri()?.scheme, Scheme::Other(_)) {
            return Some((416, headers));
        }
        if self.is_merged(request) {
            return Some((482, headers));
        }
        if let Some(unsupported) = self.unsupported(request) {
            headers.push(Name::Unsupported, unsupported);
            return Some((420, headers));
        }
        if *method != Method::Invite {
            return None;
        }
        if request.contact().is_none() {
            return Some((400, headers));
        }
        if !is_acceptable(request) {
            headers.push(Name::Accept, SDP);
            headers.push(Name::AcceptEncoding, "identity");
            return Some((415, headers));
        }
        (!request.headers.accepts(SDP)).then_some((406, headers))
    }

    /// The option tags a request requires and we lack.
    pub(crate) fn unsupported(&self, request: &Message) -> Option<String> {
        let lacking: Vec<String> = request
            .headers
            .list(Name::Require)
            .map(scan::text)
            .filter(|tag| !self.core.config.supported.iter().any(|ours| ours.eq_ignore_ascii_case(tag)))
            .collect();
        (!lacking.is_empty()).then(|| lacking.join(", "))
    }

    /// Answers OPTIONS with what we can do (section 11.2).
    pub(crate) fn answer_options(&mut self, request: &Message, flow: &Flow) {
        let mut headers = Headers::new();
        headers.push(Name::Allow, &self.core.allow);
        headers.push(Name::Accept, SDP);
        headers.push(Name::Supported, &self.core.supported);
        if let Some(uri) = request.request_uri() {
            headers.push(Name::Contact, self.core.contact("", flow.transport, uri));
        }
        self.reply_stateless(request, flow, 200, "", &headers);
    }
}
