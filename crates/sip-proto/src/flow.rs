//! Where a message came from and where an answer goes: transport, two addresses, one connection.

use std::fmt;
use std::net::SocketAddr;

/// A transport SIP runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// Datagrams; the only transport on which we retransmit.
    Udp,
    /// A byte stream.
    Tcp,
    /// A byte stream under TLS.
    Tls,
    /// WebSocket, RFC 7118, plain or secure: one message a frame.
    Ws,
}

impl Transport {
    /// Whether the transport delivers or says that it could not, so that we need not send again.
    pub fn is_reliable(self) -> bool {
        match self {
            Transport::Udp => false,
            Transport::Tcp | Transport::Tls | Transport::Ws => true,
        }
    }

    /// The token for a Via header.
    pub fn via_token(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TLS",
            Transport::Ws => "WS",
        }
    }

    /// The token for the `transport` parameter of a URI.
    pub fn uri_token(self) -> &'static str {
        match self {
            Transport::Udp => "udp",
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Ws => "ws",
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.uri_token())
    }
}

/// One path to one peer: a pair of addresses, and for connections which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    /// How bytes travel.
    pub transport: Transport,
    /// Our end.
    pub local: SocketAddr,
    /// The peer's end, as we see it.
    pub remote: SocketAddr,
    /// Which connection, never used twice by one shell; 0 for UDP.
    pub id: u64,
}

/// Where a request of ours goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// Over a path that exists.
    Flow(Flow),
    /// To an address; the shell uses a socket or connection it has, or opens one.
    Address {
        /// How bytes travel.
        transport: Transport,
        /// The peer.
        remote: SocketAddr,
    },
}

impl Destination {
    /// How bytes travel.
    pub fn transport(self) -> Transport {
        match self {
            Destination::Flow(flow) => flow.transport,
            Destination::Address { transport, .. } => transport,
        }
    }

    /// The peer's address.
    pub fn remote(self) -> SocketAddr {
        match self {
            Destination::Flow(flow) => flow.remote,
            Destination::Address { remote, .. } => remote,
        }
    }
}
