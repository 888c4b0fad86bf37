//! Which of our addresses a peer can reach us on.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Answers, for a peer, the address of ours to write into SDP and Contact.
#[derive(Debug)]
pub(crate) struct Addresses {
    public: Option<IpAddr>,
    known: BTreeMap<IpAddr, IpAddr>,
}

/// Peers whose answer is remembered; beyond, all are forgotten and asked again.
const PEERS_MAX: usize = 10_000;

impl Addresses {
    pub(crate) const fn new(public: Option<IpAddr>) -> Self {
        Self { public, known: BTreeMap::new() }
    }

    /// The address for Via and Contact, which are the same for all: the public one, the one that is bound, or
    /// that of the default route.
    pub(crate) fn outside(&mut self, bound: Option<SocketAddr>) -> SocketAddr {
        // An address of the documentation range: it only picks the default route.
        let anywhere = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let bound = bound.unwrap_or(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 5060));
        let ip = self.toward(anywhere, bound.ip());
        SocketAddr::new(ip, bound.port())
    }

    /// The address of ours that packets to `peer` leave from; the public one for peers off this machine and
    /// network, if one is set. `bound` is where the socket listens.
    pub(crate) fn toward(&mut self, peer: IpAddr, bound: IpAddr) -> IpAddr {
        if let Some(public) = self.public
            && !is_local(peer)
        {
            return public;
        }
        if !bound.is_unspecified() {
            return bound;
        }
        if let Some(known) = self.known.get(&peer) {
            return *known;
        }
        // Connecting a UDP socket sends nothing; it only asks the routing table.
        let found = UdpSocket::bind(SocketAddr::new(unspecified(peer), 0))
            .and_then(|socket| {
                socket.connect(SocketAddr::new(peer, 9))?;
                socket.local_addr()
            })
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip());
        if self.known.len() >= PEERS_MAX {
            self.known.clear();
        }
        self.known.insert(peer, found);
        found
    }
}

fn unspecified(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    }
}

fn is_local(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
