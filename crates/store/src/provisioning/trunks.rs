//! Numbers dialed from outside, and trunks.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use model::{Did, Trunk, TrunkId};

use super::agents::clean;
use super::business_hours::named;
use super::fallbacks::{Owner, fallback};
use super::limits::{ALLOW_FROM_MAX, DID_DIGITS, HOST_MAX, NAME_MAX, NUMBERS_MAX, PRIORITY, TRUNKS_MAX};
use super::reader::{Fields, Shape};
use super::reading::Reading;
use super::skills::needs;
use super::yaml::Node;
use crate::trunk::{network_text, parse_network};

pub(crate) const NUMBER: Shape = Shape {
    what: "number",
    known: &["number", "hours", "open", "closed", "holiday", "night", "skills", "priority"],
    later: &[],
};

pub(crate) const TRUNK: Shape = Shape {
    what: "trunk",
    known: &["name", "host", "allow_from"],
    later: &["username", "password", "register", "transport", "codecs", "max_calls", "outbound"],
};

/// The numbers.
pub(crate) fn numbers(top: &Fields<'_>) -> Vec<Did> {
    let mut lines = BTreeMap::new();
    let mut numbers: Vec<Did> = Vec::new();
    for node in top.list("numbers", NUMBERS_MAX) {
        let Some((did, line)) = number(top.reading, node) else { continue };
        if let Some(at) = lines.insert(did.number.clone(), line) {
            let at = top.reading.on(at);
            top.problem(line, format!("number {} is there already{at}", did.number));
            continue;
        }
        top.reading.dialed(&did.number);
        numbers.push(did);
    }
    numbers
}

fn number<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<(Did, u64)> {
    let fields = Fields::of(reading, node, &NUMBER)?;
    let number = outside_number(&fields);
    let owner = Owner { what: "number", from: None };
    let action = |name| fallback(&fields, name, &owner);
    let open = fields.must("open").and_then(|_| action("open"));
    let (closed, holiday, night) = (action("closed"), action("holiday"), action("night"));
    let hours = named(&fields);
    match fields.get("hours") {
        Some(node) if fields.get("closed").is_none() => {
            fields
                .problem(node.line, "the number has `hours` and no `closed` to say what happens out of them");
        }
        Some(_) => {}
        None => {
            for name in ["closed", "holiday"].into_iter().filter(|name| fields.get(name).is_some()) {
                let line = fields.line_of(name);
                fields.problem(line, format!("the number has `{name}` and no `hours` to say when that is"));
            }
        }
    }
    let skills = needs(&fields);
    let priority = fields.whole("priority", PRIORITY, 0);
    let (number, line) = number?;
    let number = number.to_owned();
    Some((Did { number, hours, open: open?, closed, holiday, night, skills, priority }, line))
}

/// The number that a mapping is about: one of the network's, a caller's or a dialed one.
pub(crate) fn outside_number<'a>(fields: &Fields<'a>) -> Option<(&'a str, u64)> {
    let node = fields.must("number")?;
    fields.as_text("number", node).filter(|(text, line)| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let (min, max) = DID_DIGITS;
        let fine =
            (min..=max).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !fine {
            let text = clean(text);
            fields.problem(
                *line,
                format!("`number` is `{text}`; a number from outside has {min} to {max} digits, and may start with +"),
            );
        }
        fine
    })
}

/// The trunks.
pub(crate) fn trunks(top: &Fields<'_>) -> Vec<Trunk> {
    let mut names = BTreeMap::new();
    let mut trunks = Vec::new();
    for node in top.list("trunks", TRUNKS_MAX) {
        let Some((trunk, line)) = trunk(top.reading, node) else { continue };
        if let Some(at) = names.insert(trunk.name.clone(), line) {
            let at = top.reading.on(at);
            top.problem(line, format!("name `{}` is already that of the trunk{at}", trunk.name));
            continue;
        }
        trunks.push(trunk);
    }
    trunks
}

fn trunk<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<(Trunk, u64)> {
    let fields = Fields::of(reading, node, &TRUNK)?;
    let name = fields.name("name", NAME_MAX);
    let host = fields.must("host").and_then(|node| fields.as_text("host", node)).filter(|(text, line)| {
        let fine = is_host_port(text);
        if !fine {
            let text = clean(text);
            fields.problem(*line, format!("`host` of the trunk is `{text}`; host or host:port is wanted"));
        }
        fine
    });
    let allow_from = allow_from(&fields, name.as_deref().unwrap_or_default());
    let (host, _) = host?;
    let line = fields.line_of("name");
    Some((Trunk { id: TrunkId(0), name: name?, host: host.to_owned(), allow_from }, line))
}

fn allow_from(fields: &Fields<'_>, trunk: &str) -> Vec<(IpAddr, u8)> {
    let mut networks = Vec::new();
    for node in fields.list("allow_from", ALLOW_FROM_MAX) {
        let Some((text, line)) = fields.as_text("allow_from", node) else { continue };
        let Some((address, prefix)) = parse_network(text) else {
            let text = clean(text);
            fields.problem(
                line,
                format!("`allow_from` of the trunk has `{text}`; a network is written like 192.0.2.0/24"),
            );
            continue;
        };
        let network = (first_address(address, prefix), prefix);
        if network.0 != address {
            let right = network_text(&network);
            fields.problem(
                line,
                format!("`allow_from` of the trunk has {text}, which lies inside {right}: write {right}"),
            );
        } else if networks.contains(&network) {
            fields.problem(line, format!("`allow_from` of the trunk has {text} twice"));
        } else {
            networks.push(network);
        }
        if prefix == 0 {
            fields.reading.warning(format!("trunk {trunk} takes calls from every address ({text})"));
        }
    }
    networks
}

/// The first address of the network that `address` lies in.
fn first_address(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
fn is_host_port(text: &str) -> bool {
    if text.is_empty() || text.len() > HOST_MAX {
        return false;
    }
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let port_fine = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return address.parse::<Ipv6Addr>().is_ok() && port_fine;
    }
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.split('.').all(label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_and_without_port() {
        for fine in ["sip.carrier.test", "127.0.0.1:5080", "[2001:db8::1]", "[::1]:5060", "a"] {
            assert!(is_host_port(fine), "{fine}");
        }
        for wrong in ["", "a b", "a:0", "a:99999", "a:+5", "[::1", "2001:db8::1", "-a", "a..b", "a:", "a/b"] {
            assert!(!is_host_port(wrong), "{wrong}");
        }
    }
}
