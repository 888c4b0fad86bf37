//! Trunks: connections to carriers.

use borsh::{BorshDeserialize, BorshSerialize};
use std::net::IpAddr;

use crate::id::TrunkId;

/// A carrier connection.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Trunk {
    /// Its id.
    pub id: TrunkId,
    /// Unique name.
    pub name: String,
    /// Where calls go out, `host[:port]`.
    pub host: String,
    /// Networks whose calls come in without credentials: address and prefix length.
    pub allow_from: Vec<(IpAddr, u8)>,
}

impl Trunk {
    /// Whether a call from `source` is this trunk's.
    #[must_use]
    pub fn allows(&self, source: IpAddr) -> bool {
        self.allow_from.iter().any(|&(network, prefix)| in_network(source.to_canonical(), network, prefix))
    }
}

/// Whether an address lies in a network. One of the other family never does.
#[must_use]
pub fn in_network(address: IpAddr, network: IpAddr, prefix: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(prefix.into())).unwrap_or(0);
            a.to_bits() & mask == n.to_bits() & mask
        }
        (IpAddr::V6(a), IpAddr::V6(n)) => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(prefix.into())).unwrap_or(0);
            a.to_bits() & mask == n.to_bits() & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_own_addresses_only() {
        let trunk = |network: &str, prefix| Trunk {
            id: TrunkId(1),
            name: "carrier".into(),
            host: "127.0.0.1".into(),
            allow_from: vec![(network.parse().unwrap(), prefix)],
        };
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(trunk("127.0.0.1", 32).allows(at("127.0.0.1")));
        assert!(!trunk("127.0.0.1", 32).allows(at("127.0.0.2")));
        assert!(trunk("10.1.0.0", 16).allows(at("10.1.200.3")));
        assert!(trunk("0.0.0.0", 0).allows(at("8.8.8.8")));
        assert!(!trunk("0.0.0.0", 0).allows(at("::1")));
        assert!(trunk("127.0.0.1", 32).allows(at("::ffff:127.0.0.1")), "a mapped address is the same host");
    }
}
