//! Whether a trunk answers now: it is asked by OPTIONS (RFC 3261 section 11), from the address that calls go out from
//! and at the address that they go to. No call is made for it, and the engines hear nothing of it.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use model::TenantId;
use sip_proto::agent::{OutboundRequest, RequestKey, UaCommand};
use sip_proto::sdp::{Description, find_sdp};
use sip_proto::{Destination, Headers, Message, Method, Moment, Name, NameAddr, Transport, Uri};
use tokio::sync::oneshot;

use crate::ports::Ports;

/// Most trunks that are asked at once; one more is not.
pub const TRUNK_TESTS_MAX: usize = 64;
/// Most characters of a text of the trunk's that are passed on.
const TEXT_MAX: usize = 128;
/// Most methods or codecs that are passed on.
const LISTED_MAX: usize = 32;

/// A trunk to ask.
#[derive(Clone, Debug)]
pub struct TrunkQuestion {
    /// Whose trunk it is.
    pub tenant: TenantId,
    /// Where it is.
    pub at: SocketAddr,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrunkReply {
    /// Whatever it answered.
    Answered(Box<TrunkAnswer>),
    /// Nobody answered in the time that a transaction has (32 s).
    Silent,
    /// It could not be sent: no socket leads there.
    NotSent,
    /// Too many are asked already.
    Busy,
}

/// A trunk's final answer. Its texts are a stranger's: one line each, of bounded length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkAnswer {
    /// 200 to 699.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// From the request to the answer.
    pub took: Duration,
    /// What it calls itself (`Server`, else `User-Agent`).
    pub product: Option<String>,
    /// Methods that it takes.
    pub allow: Vec<String>,
    /// Codecs of its description, if it sent one, as `PCMA/8000`.
    pub codecs: Vec<String>,
    /// Where it saw the request come from, if it says so (RFC 3581).
    pub seen_as: Option<SocketAddr>,
}

/// Trunks that have been asked and have not answered.
#[derive(Debug, Default)]
pub(crate) struct TrunkTests {
    asked: BTreeMap<RequestKey, (Moment, oneshot::Sender<TrunkReply>)>,
}

impl TrunkTests {
    /// Whether one more can be asked; those whom nobody waits for any more take no room.
    fn has_room(&mut self) -> bool {
        self.asked.retain(|_, (_, tell)| !tell.is_closed());
        self.asked.len() < TRUNK_TESTS_MAX
    }

    fn begin(&mut self, key: RequestKey, now: Moment, tell: oneshot::Sender<TrunkReply>) {
        self.asked.insert(key, (now, tell));
    }

    /// A request was answered, or was not; whether it was one of these.
    pub(crate) fn answered(
        &mut self,
        key: RequestKey,
        (status, response): (u16, Option<&Message>),
        now: Moment,
    ) -> bool {
        let Some((since, tell)) = self.asked.remove(&key) else { return false };
        let reply = match response {
            Some(response) => TrunkReply::Answered(Box::new(read(response, status, now - since))),
            // The user agent's own words for nobody, and for no way there.
            None if status == 408 => TrunkReply::Silent,
            None => TrunkReply::NotSent,
        };
        // Who asked may have given up.
        let _gone = tell.send(reply);
        true
    }
}

/// The question.
fn options(domain: &str, at: SocketAddr) -> OutboundRequest {
    let uri = Uri::sip_address(None, at);
    let mut headers = Headers::new();
    headers.push(Name::Accept, "application/sdp");
    OutboundRequest {
        destination: Destination::Address { transport: Transport::Udp, remote: at },
        method: Method::Options,
        request_uri: uri.clone(),
        from: NameAddr::new(Uri::sip(None, domain, None)),
        to: NameAddr::new(uri),
        sequence: None,
        headers,
        body: Vec::new(),
    }
}

fn read(response: &Message, status: u16, took: Duration) -> TrunkAnswer {
    let headers = &response.headers;
    let product = headers.text(Name::Server).or_else(|| headers.text(Name::UserAgent));
    let allow = headers.list(Name::Allow).map(|method| line(&String::from_utf8_lossy(method)));
    TrunkAnswer {
        status,
        reason: line(response.reason().unwrap_or_default()),
        took,
        product: product.map(|product| line(&product)).filter(|product| !product.is_empty()),
        allow: allow.filter(|method| !method.is_empty()).take(LISTED_MAX).collect(),
        codecs: codecs(response),
        seen_as: seen_as(response),
    }
}

/// The codecs of the first audio that the description has.
fn codecs(response: &Message) -> Vec<String> {
    let kind = response.content_type().unwrap_or_default();
    let described = find_sdp(&kind, &response.body).and_then(|body| Description::parse(body).ok());
    let Some(described) = described else { return Vec::new() };
    let Some((_, audio)) = described.audio_line() else { return Vec::new() };
    let codecs = audio.codecs.iter().take(LISTED_MAX);
    codecs.map(|codec| line(&format!("{}/{}", codec.kind.name(), codec.clock_rate))).collect()
}

fn seen_as(response: &Message) -> Option<SocketAddr> {
    let via = response.via()?;
    let ip: IpAddr = via.params.get("received")?.trim_matches(['[', ']']).parse().ok()?;
    let port = via.params.get("rport").and_then(|port| port.parse().ok()).or(via.port).unwrap_or(5060);
    Some(SocketAddr::new(ip, port))
}

/// A stranger's text as one line of bounded length.
fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TEXT_MAX).collect()
}

impl Ports {
    /// Asks a trunk, and tells who wants to know when it has answered.
    pub(crate) fn test_trunk(&mut self, question: &TrunkQuestion, tell: oneshot::Sender<TrunkReply>) {
        if !self.trunk_tests.has_room() {
            let _gone = tell.send(TrunkReply::Busy);
            return;
        }
        let domain = self.border.domains.get(question.tenant);
        let domain = domain.map_or("invalid", |domain| domain.directory.tenant.name.as_str());
        let request = options(domain, question.at);
        let key = self.lamps.new_key();
        self.trunk_tests.begin(key, self.now, tell);
        self.ua(UaCommand::Request { key, request: Box::new(request) });
    }
}

#[cfg(test)]
#[path = "trunk_tests/tests.rs"]
mod tests;
