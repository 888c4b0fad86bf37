//! Which addresses we may send to.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;

/// Whether a packet may be sent to an address at all.
///
/// Unspecified is the old way to say "hold" (RFC 3264 8.4); a group or everybody on the wire is never
/// the other side of a call.
pub(crate) fn sendable(address: SocketAddr) -> bool {
    let ip = address.ip().to_canonical();
    let everybody = ip == IpAddr::V4(Ipv4Addr::BROADCAST);
    address.port() != 0 && !ip.is_unspecified() && !ip.is_multicast() && !everybody
}

/// Whether an address is one of our own media ports: two such endpoints would play ball for ever.
pub(crate) fn is_ours(address: SocketAddr, bind: IpAddr, ports: &RangeInclusive<u16>) -> bool {
    let ip = address.ip().to_canonical();
    if !ports.contains(&address.port()) {
        return false;
    }
    if !bind.is_unspecified() {
        return ip == bind.to_canonical();
    }
    // Bound to every address of this machine: one that can be bound is one of them.
    ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok()
}

/// An address as a socket bound to `bind` wants it: an IPv6 socket writes IPv4 addresses mapped.
pub(crate) fn for_socket(address: SocketAddr, bind: IpAddr) -> SocketAddr {
    match (address.ip().to_canonical(), bind) {
        (IpAddr::V4(ip), IpAddr::V6(_)) => SocketAddr::new(ip.to_ipv6_mapped().into(), address.port()),
        (ip, IpAddr::V4(_) | IpAddr::V6(_)) => SocketAddr::new(ip, address.port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_everybody_and_groups_are_not_sent_to() {
        for bad in
            ["0.0.0.0:4000", "255.255.255.255:4000", "224.0.0.1:4000", "192.0.2.1:0", "[ff02::1]:9", "[::]:9"]
        {
            assert!(!sendable(address(bad)), "{bad}");
        }
        assert!(!sendable(address("[::ffff:224.0.0.1]:9")));
        assert!(sendable(address("192.0.2.1:4000")));
    }

    #[test]
    fn our_own_ports_are_known() {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let every = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        assert!(is_ours(address("127.0.0.1:10000"), loopback, &(10_000..=10_100)));
        assert!(is_ours(address("127.0.0.1:10000"), every, &(10_000..=10_100)));
        assert!(!is_ours(address("127.0.0.1:9000"), every, &(10_000..=10_100)));
        assert!(!is_ours(address("127.0.0.2:10000"), loopback, &(10_000..=10_100)));
        assert!(!is_ours(address("192.0.2.1:10000"), every, &(10_000..=10_100)));
    }

    #[test]
    fn an_ipv6_socket_gets_mapped_addresses() {
        let mapped = for_socket(address("192.0.2.1:9"), "::".parse().unwrap());
        assert_eq!(mapped, address("[::ffff:192.0.2.1]:9"));
        assert_eq!(for_socket(mapped, "0.0.0.0".parse().unwrap()), address("192.0.2.1:9"));
    }
}
