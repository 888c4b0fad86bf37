//! How a user agent is set up.

use std::net::SocketAddr;
use std::time::Duration;

use crate::flow::Transport;
use crate::limits::Limits;
use crate::message::Method;
use crate::timer::Timings;

/// What peers can reach us by, on one transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress {
    /// Host name or address, IPv6 in brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// The settings of a [`UserAgent`](super::UserAgent).
#[derive(Clone, Debug)]
pub struct UaConfig {
    /// What Via and Contact say on UDP.
    pub udp: PublicAddress,
    /// The same on TCP.
    pub tcp: PublicAddress,
    /// The same on TLS.
    pub tls: PublicAddress,
    /// The same on WebSocket.
    pub ws: PublicAddress,
    /// The value of Server and User-Agent; empty to send neither.
    pub product: String,
    /// The methods of the Allow header; others are answered 405.
    pub allow: Vec<Method>,
    /// The option tags of the Supported header; a Require of others is answered 420.
    pub supported: Vec<String>,
    /// Session-Expires we offer and the most we accept, RFC 4028. At least `min_se`.
    pub session_expires: Duration,
    /// Min-SE: shorter session intervals are answered 422. At least 90 s by RFC 4028.
    pub min_se: Duration,
    /// Answer OPTIONS out of dialogs by itself once admitted; otherwise they become events.
    pub answer_options: bool,
    /// The timers of RFC 3261.
    pub timings: Timings,
    /// What is too much.
    pub limits: Limits,
}

impl UaConfig {
    /// The usual settings, reachable by one address on every transport.
    pub fn new(address: SocketAddr) -> UaConfig {
        let host = match address.ip() {
            std::net::IpAddr::V4(ip) => ip.to_string(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let address = PublicAddress { host, port: address.port() };
        UaConfig {
            udp: address.clone(),
            tcp: address.clone(),
            tls: address.clone(),
            ws: address,
            product: "Cordboard".to_owned(),
            allow: vec![
                Method::Invite,
                Method::Ack,
                Method::Cancel,
                Method::Bye,
                Method::Options,
                Method::Info,
                Method::Update,
                Method::Register,
                Method::Subscribe,
                Method::Notify,
                Method::Refer,
                Method::Message,
                Method::Publish,
            ],
            supported: vec!["timer".to_owned()],
            session_expires: Duration::from_secs(1800),
            min_se: Duration::from_secs(90),
            answer_options: true,
            timings: Timings::default(),
            limits: Limits::default(),
        }
    }

    /// What peers can reach us by on `transport`.
    pub fn address(&self, transport: Transport) -> &PublicAddress {
        match transport {
            Transport::Udp => &self.udp,
            Transport::Tcp => &self.tcp,
            Transport::Tls => &self.tls,
            Transport::Ws => &self.ws,
        }
    }
}
