//! Hosts and networks, as Asterisk writes them and as a provisioning file does.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest host with its port, bytes.
const HOST_MAX: usize = 260;

/// `host` or `host:port` of a SIP URI, or of what stands in its place.
pub(super) fn host_of(uri: &str) -> Option<String> {
    let uri = uri.split('<').next_back().unwrap_or(uri);
    let uri = uri.split(['>', ';', '?']).next().unwrap_or(uri).trim();
    let uri = ["sip:", "sips:"].iter().find_map(|scheme| uri.strip_prefix(scheme)).unwrap_or(uri);
    let host = uri.rsplit('@').next().unwrap_or(uri).trim();
    if let Ok(bare) = host.parse::<Ipv6Addr>() {
        return Some(format!("[{bare}]"));
    }
    is_host(host).then(|| host.to_owned())
}

/// Whether a host with or without a port is an address and no name.
pub(super) fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.split(':').next().is_some_and(|host| host.parse::<Ipv4Addr>().is_ok())
}

fn is_host(text: &str) -> bool {
    if text.is_empty() || text.len() > HOST_MAX {
        return false;
    }
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        return address.parse::<Ipv6Addr>().is_ok()
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.split('.').all(label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// An address, `address/length` or `address/mask` as the network it lies in; none if it is a name.
pub(super) fn network(text: &str) -> Option<String> {
    let (address, length) =
        text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address: IpAddr = address.trim().trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    let longest: u8 = if address.is_ipv4() { 32 } else { 128 };
    let length = match length.map(str::trim) {
        None => longest,
        Some(mask) if mask.contains('.') => {
            let mask = mask.parse::<Ipv4Addr>().ok()?.to_bits();
            // Ones, then zeros: anything else is no network.
            let length = mask.leading_ones();
            (address.is_ipv4() && mask.count_ones() == length).then_some(())?;
            u8::try_from(length).ok()?
        }
        Some(length) => length.parse().ok().filter(|length| *length <= longest)?,
    };
    let first = match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    };
    Some(format!("{first}/{length}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_contacts() {
        for (uri, host) in [
            ("sip:198.51.100.1:5060", Some("198.51.100.1:5060")),
            ("sip:1234@sip.carrier.test;transport=tcp", Some("sip.carrier.test")),
            ("<sip:a@b.test:5080;lr>", Some("b.test:5080")),
            ("sip:[2001:db8::1]:5060", Some("[2001:db8::1]:5060")),
            ("2001:db8::1", Some("[2001:db8::1]")),
            ("sip:a b", None),
            ("", None),
            ("sip:host:99999", None),
        ] {
            assert_eq!(host_of(uri).as_deref(), host, "{uri}");
        }
    }

    #[test]
    fn networks_begin_where_they_begin() {
        for (text, wanted) in [
            ("198.51.100.1", Some("198.51.100.1/32")),
            ("198.51.100.9/24", Some("198.51.100.0/24")),
            ("198.51.100.9/255.255.255.0", Some("198.51.100.0/24")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("2001:db8::5/32", Some("2001:db8::/32")),
            ("198.51.100.9/255.0.255.0", None),
            ("198.51.100.9/33", None),
            ("carrier.test", None),
        ] {
            assert_eq!(network(text).as_deref(), wanted, "{text}");
        }
    }
}
