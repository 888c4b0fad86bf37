//! What all of a user agent shares: settings, chance, timers, and the tables of transactions.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::command::DialogId;
use super::config::UaConfig;
use super::event::{Transmit, UaOutbox};
use super::transactions::{ClientTransaction, ServerTransaction};
use crate::flow::{Destination, Flow, Transport};
use crate::message::{Headers, Message, Method, Name, Scheme, Uri};
use crate::random::{Rng, derived_tag};
use crate::time::Moment;
use crate::timer::{TimerName, Timers};

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    Client(u64, TimerName),
    Server(u64, TimerName),
    Usage(DialogId, UsageTimer),
}

/// Timers of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UsageTimer {
    /// Send the 2xx again (RFC 3261 section 13.3.1.4).
    Answer,
    /// The ACK did not come.
    AckMissing,
    /// Send the provisional answer again, for proxies with a timer C (section 13.3.1.1).
    Progress,
    /// Nobody answered a challenge for us.
    ChallengeOpen,
    /// Send the re-INVITE again after a 491 (section 14.1).
    Glare,
    /// Refresh the session (RFC 4028).
    Refresh,
    /// The session was not refreshed.
    Expire,
    /// The peer did not come back on another connection.
    FlowLost,
}

pub(crate) struct Core {
    pub(crate) config: UaConfig,
    pub(crate) rng: Rng,
    pub(crate) seed: u64,
    pub(crate) timers: Timers<Timer>,
    pub(crate) clients: HashMap<u64, ClientTransaction>, // lookup only: by key
    pub(crate) servers: HashMap<u64, ServerTransaction>, // lookup only: by key
    pub(crate) server_keys: HashMap<Arc<[u8]>, u64>,     // lookup only: by key
    pub(crate) merges: HashMap<u64, u64>,                // lookup only: by key
    /// Client transactions by the connection they went out on.
    pub(crate) client_flows: BTreeSet<(u64, u64)>,
    pub(crate) next_transaction: u64,
    pub(crate) retained: usize,
    pub(crate) allow: String,
    pub(crate) supported: String,
}

/// One input at work: the core, the moment, and where results go.
pub(crate) struct Cx<'a> {
    pub(crate) core: &'a mut Core,
    pub(crate) now: Moment,
    pub(crate) out: &'a mut UaOutbox,
}

impl Core {
    pub(crate) fn new(config: UaConfig, seed: u64) -> Self {
        let allow: Vec<&str> = config.allow.iter().map(Method::as_str).collect();
        Core {
            allow: allow.join(", "),
            supported: config.supported.join(", "),
            config,
            rng: Rng::new(seed),
            seed,
            timers: Timers::new(),
            clients: HashMap::new(),
            servers: HashMap::new(),
            server_keys: HashMap::new(),
            merges: HashMap::new(),
            client_flows: BTreeSet::new(),
            next_transaction: 1,
            retained: 0,
        }
    }

    pub(crate) fn transaction_count(&self) -> usize {
        self.clients.len() + self.servers.len()
    }

    /// Whether this is an INVITE we answered with a 2xx.
    pub(crate) fn has_accepted(&self, server: u64) -> bool {
        self.servers.get(&server).is_some_and(ServerTransaction::has_accepted)
    }

    /// Whether another request would be too much.
    pub(crate) fn is_full(&self) -> bool {
        let limits = &self.config.limits;
        self.transaction_count() >= limits.transactions_max || self.retained >= limits.retained_bytes_max
    }

    /// `<sip:user@us;transport=x>` for a Contact. Toward a peer that is at a SIPS URI it is one too (RFC 3261
    /// sections 8.1.1.8 and 12.1.1), unless the way there is in the clear: what is not safe is not called so.
    pub(crate) fn contact(&self, user: &str, transport: Transport, peer: &Uri) -> String {
        let address = self.config.address(transport);
        let at = if user.is_empty() { "" } else { "@" };
        let safe = transport == Transport::Tls && peer.scheme == Scheme::Sips;
        let scheme = if safe { "sips" } else { "sip" };
        let mut contact = format!("<{scheme}:{user}{at}{}:{}", address.host, address.port);
        // With `sips` the transport `tls` is understood, and not to be said (section 26.2.2).
        if transport != Transport::Udp && !safe {
            contact.push_str(";transport=");
            contact.push_str(transport.uri_token());
        }
        contact.push('>');
        contact
    }

    /// Puts Contact, Allow and Supported on a message that makes or refreshes a dialog with a peer at a URI.
    pub(crate) fn describe(&self, message: &mut Message, user: &str, transport: Transport, peer: &Uri) {
        message.headers.set(Name::Contact, self.contact(user, transport, peer));
        message.headers.set(Name::Allow, &self.allow);
        message.headers.set(Name::Supported, &self.supported);
    }
}

impl Cx<'_> {
    /// Sends bytes, at least once; the token lets the shell report a failure.
    pub(crate) fn transmit(&mut self, to: Destination, bytes: Arc<[u8]>, token: u64) {
        self.out.transmits.push(Transmit { to, bytes, token });
    }

    pub(crate) fn set_timer(&mut self, after: Duration, timer: Timer) -> crate::timer::TimerId {
        // At least a millisecond: a timer of no length would be due again before it was served.
        let after = after.max(Duration::from_millis(1));
        let at = self.now + after;
        let at = match timer {
            Timer::Client(_, name) | Timer::Server(_, name) => name.served_at(at),
            Timer::Usage(..) => at,
        };
        self.core.timers.set(at, timer)
    }

    /// Answers a request and forgets it: the same request gets the same answer, by computation.
    pub(crate) fn reply_stateless(
        &mut self,
        request: &Message,
        flow: &Flow,
        status: u16,
        reason: &str,
        headers: &Headers,
    ) {
        if request.method() == Some(&Method::Ack) {
            return;
        }
        let tag = self.stateless_tag(request);
        let mut response = Message::response(request, status, reason, Some(&tag));
        response.headers.extend(headers);
        if !self.core.config.product.is_empty() {
            response.headers.push(Name::Server, &self.core.config.product);
        }
        self.transmit(Destination::Flow(*flow), response.to_bytes().into(), 0);
    }

    fn stateless_tag(&self, request: &Message) -> String {
        let headers = &request.headers;
        let part = |name: Name| headers.get(name).unwrap_or(b"");
        derived_tag(self.core.seed, &[part(Name::CallId), part(Name::From), part(Name::Via)])
    }

    /// 503 with Retry-After, kept nowhere.
    pub(crate) fn refuse_overload(&mut self, request: &Message, flow: &Flow) {
        let mut headers = Headers::new();
        headers.push(Name::RetryAfter, self.core.config.limits.retry_after.as_secs().to_string());
        self.reply_stateless(request, flow, 503, "", &headers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_at_a_sips_address_finds_us_at_one_where_the_way_is_safe() {
        let mut config = UaConfig::new("192.0.2.1:5060".parse().unwrap());
        config.tls.port = 5061;
        let core = Core::new(config, 1);
        let contact =
            |transport, peer: &str| core.contact("8000", transport, &Uri::parse(peer.as_bytes()).unwrap());
        assert_eq!(contact(Transport::Tls, "sips:1001@198.51.100.7"), "<sips:8000@192.0.2.1:5061>");
        let named = "<sip:8000@192.0.2.1:5061;transport=tls>";
        assert_eq!(contact(Transport::Tls, "sip:1001@198.51.100.7;transport=tls"), named);
        assert_eq!(contact(Transport::Udp, "sips:1001@198.51.100.7"), "<sip:8000@192.0.2.1:5060>");
    }
}
