//! How the values of settings are read: each says what would be right.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::mail::TlsMode;
use outbound::network::Network;
use sip_proto::auth::Algorithm;

/// An address and a port.
pub(super) fn address(value: &str) -> Result<SocketAddr, String> {
    value
        .to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .ok_or_else(|| format!("`{value}` is no address; write `ADDRESS:PORT`, for instance `0.0.0.0:5060`"))
}

/// One of them, or none.
pub(super) fn address_or_off(value: &str) -> Result<Option<SocketAddr>, String> {
    if matches!(value, "off" | "") { Ok(None) } else { address(value).map(Some) }
}

/// Several of them, by commas.
pub(super) fn addresses(value: &str) -> Result<Vec<SocketAddr>, String> {
    if matches!(value, "off" | "") {
        return Ok(Vec::new());
    }
    value.split(',').map(|part| address(part.trim())).collect()
}

/// An IP address.
pub(super) fn ip(value: &str) -> Result<IpAddr, String> {
    value.parse().map_err(|_| format!("`{value}` is no IP address"))
}

/// Any text.
pub(super) fn text(value: &str) -> Result<String, String> {
    Ok(value.into())
}

/// Nothing, or what `read` reads.
pub(super) fn optional<T>(value: &str, read: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if value.is_empty() { Ok(None) } else { read(value).map(Some) }
}

/// A whole number within bounds.
pub(super) fn number(value: &str, min: u64, max: u64) -> Result<u64, String> {
    match value.parse::<u64>() {
        Ok(n) if (min..=max).contains(&n) => Ok(n),
        Ok(_) | Err(_) => Err(format!("`{value}` is no whole number from {min} to {max}")),
    }
}

/// A time in whole seconds within bounds.
pub(super) fn seconds(value: &str, min: u64, max: u64) -> Result<Duration, String> {
    number(value, min, max).map(Duration::from_secs)
}

/// A switch.
pub(super) fn on_off(value: &str) -> Result<bool, String> {
    match value.trim().to_ascii_lowercase().as_str() {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("`{value}` is neither `on` nor `off`")),
    }
}

/// Digest algorithms by commas.
pub(super) fn digest(value: &str) -> Result<Vec<Algorithm>, String> {
    let mut found = Vec::new();
    for part in value.split(',').map(str::trim) {
        let algorithm = match part.to_ascii_lowercase().as_str() {
            "sha256" | "sha-256" => Algorithm::Sha256,
            "md5" => Algorithm::Md5,
            _ => return Err(format!("`{part}` is none of: sha256, md5")),
        };
        if !found.contains(&algorithm) {
            found.push(algorithm);
        }
    }
    Ok(found)
}

/// A range of ports.
pub(super) fn ports(value: &str) -> Result<std::ops::RangeInclusive<u16>, String> {
    let wrong = || {
        format!("`{value}` is no range of ports; write `20000-29999`, from 1024 up, with at least 4 ports")
    };
    let (first, last) = value.split_once('-').ok_or_else(wrong)?;
    let first: u16 = first.trim().parse().map_err(|_| wrong())?;
    let last: u16 = last.trim().parse().map_err(|_| wrong())?;
    if first < 1_024 || last < first || last - first < 3 {
        return Err(wrong());
    }
    Ok(first..=last)
}

/// How a connection to a mail server is protected.
pub(super) fn tls_mode(value: &str) -> Result<TlsMode, String> {
    match value {
        "starttls" => Ok(TlsMode::StartTls),
        "tls" => Ok(TlsMode::Tls),
        "off" => Ok(TlsMode::Off),
        other => Err(format!("`{other}` is none of: starttls, tls, off")),
    }
}

/// Who mails come from.
pub(super) fn sender(value: &str) -> Result<String, String> {
    if outbound::mail::is_sender(value) {
        return Ok(value.into());
    }
    Err(format!("`{value}` is no sender; write `cordboard@example.com` or `Name <cordboard@example.com>`"))
}

/// Networks by commas.
pub(super) fn networks(value: &str) -> Result<Vec<Network>, String> {
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| {
        Network::parse(part)
            .ok_or_else(|| format!("`{part}` is no network; write for instance `10.1.0.0/16`"))
    };
    parts.map(read).collect()
}

/// What a page of ours is reached by: scheme and host, no path.
pub(super) fn web_url(value: &str) -> Result<String, String> {
    let bare = value.strip_suffix('/').unwrap_or(value);
    let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
    let fine = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    match host {
        Some(host) if !host.is_empty() && host.chars().all(fine) => Ok(bare.into()),
        Some(_) | None => Err(format!(
            "`{value}` is no address of a web page; write `https://cordboard.example.com`, without a path"
        )),
    }
}

/// What a provider of identities calls itself (OpenID Connect Discovery 1.0, 3).
pub(super) fn issuer(value: &str) -> Result<String, String> {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let fine = |c: char| c.is_ascii_graphic() && !"?#@\\\"<>".contains(c);
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && host.chars().all(fine) => {
            Ok(value.into())
        }
        Some(_) | None => Err(format!("`{value}` is no issuer; write for instance `https://id.example.com`")),
    }
}

/// Domains of e-mail addresses by commas, in lower case.
pub(super) fn domains(value: &str) -> Result<Vec<String>, String> {
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| {
        let fine = part.chars().all(|c| c.is_alphanumeric() || ".-".contains(c));
        let wrong = || format!("`{part}` is no domain; write for instance `example.com`");
        fine.then(|| part.to_lowercase()).ok_or_else(wrong)
    };
    parts.map(read).collect()
}

/// Most names of a certificate that the server gets itself.
const HOST_NAMES_MAX: usize = 16;

/// Names of this server by commas, in lower case and each once: what an authority can look up and vouch for.
pub(super) fn host_names(value: &str) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let name = host_name(part)?;
        if !found.contains(&name) {
            found.push(name);
        }
    }
    if found.len() > HOST_NAMES_MAX {
        return Err(format!("names {} hosts; a certificate is for {HOST_NAMES_MAX} at most", found.len()));
    }
    Ok(found)
}

fn host_name(part: &str) -> Result<String, String> {
    if part.starts_with("*.") {
        return Err(format!(
            "`{part}`: a certificate for all names of a domain is given by DNS only, which this server cannot change; write each name"
        ));
    }
    if part.parse::<IpAddr>().is_ok() {
        return Err(format!("`{part}` is an address; write the name that phones and browsers use"));
    }
    let label = |label: &str| {
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(fine)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if part.len() <= 253 && part.contains('.') && part.split('.').all(label) {
        return Ok(part.to_ascii_lowercase());
    }
    Err(format!(
        "`{part}` is no name of a host that others can look up; write for instance `pbx.example.com` (with letters beyond ASCII in its `xn--` form)"
    ))
}

/// An e-mail address, and no name with it.
pub(super) fn email(value: &str) -> Result<String, String> {
    let fine = |c: char| c.is_ascii_graphic() && !"<>,;?&#\"".contains(c);
    if outbound::mail::is_sender(value) && value.chars().all(fine) {
        return Ok(value.into());
    }
    Err(format!("`{value}` is no e-mail address; write for instance `ann@example.com`"))
}

/// Where an authority's directory is (RFC 8555 section 7.1.1): over https, as all of the protocol.
pub(super) fn directory(value: &str) -> Result<String, String> {
    let fine = |c: char| c.is_ascii_graphic() && !"#@\\\"<>".contains(c);
    match value.strip_prefix("https://") {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(fine) => {
            Ok(value.into())
        }
        Some(_) | None => Err(format!(
            "`{value}` is no directory; write for instance `https://ca.example.com/acme/directory`"
        )),
    }
}

/// A key in base64url, with or without its padding.
pub(super) fn external_key(value: &str) -> Result<String, String> {
    // What it is stays out of the message: it is a secret.
    let wrong = |_| "is no base64url; copy the HMAC key as the authority shows it".to_owned();
    let bare = value.trim_end_matches('=');
    URL_SAFE_NO_PAD.decode(bare).map(|_| bare.to_owned()).map_err(wrong)
}
