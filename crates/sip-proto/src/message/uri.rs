//! URIs: sip, sips, tel, and any other kept as it came (RFC 3261 section 19.1, RFC 3966).

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::params::Params;
use super::scan;

/// What a URI starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `sip:`
    Sip,
    /// `sips:`
    Sips,
    /// `tel:`
    Tel,
    /// Any other, in lower case; the rest of the URI is in [`Uri::opaque`].
    Other(String),
}

impl Scheme {
    /// The scheme as written, without the colon.
    pub fn as_str(&self) -> &str {
        match self {
            Scheme::Sip => "sip",
            Scheme::Sips => "sips",
            Scheme::Tel => "tel",
            Scheme::Other(scheme) => scheme,
        }
    }
}

/// A URI, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// What it starts with.
    pub scheme: Scheme,
    /// User part as written, escapes kept; the number of a `tel:`.
    pub user: Option<String>,
    /// The password nobody should send.
    pub password: Option<String>,
    /// Host as written, IPv6 in brackets; empty unless sip or sips.
    pub host: String,
    /// Port, if written.
    pub port: Option<u16>,
    /// What follows after semicolons.
    pub params: Params,
    /// What follows after the question mark, escapes kept.
    pub headers: Vec<(String, String)>,
    /// All after the colon, for other schemes.
    pub opaque: String,
}

impl Uri {
    /// A `sip:` URI. `user` is escaped where it must be.
    pub fn sip(user: Option<&str>, host: &str, port: Option<u16>) -> Uri {
        Uri {
            scheme: Scheme::Sip,
            user: user.map(escape_user),
            password: None,
            host: host.to_owned(),
            port,
            params: Params::new(),
            headers: Vec::new(),
            opaque: String::new(),
        }
    }

    /// A `sip:` URI for an address, IPv6 in brackets.
    pub fn sip_address(user: Option<&str>, address: SocketAddr) -> Uri {
        let host = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        Uri::sip(user, &host, Some(address.port()))
    }

    /// Reads a URI; white space around it is not part of it. `None` if it is malformed.
    pub fn parse(bytes: &[u8]) -> Option<Uri> {
        let bytes = scan::trim(bytes);
        if bytes.iter().any(|byte| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'>' | b'"' | 0)) {
            return None;
        }
        let colon = bytes.iter().position(|&byte| byte == b':')?;
        let (scheme, rest) = (&bytes[..colon], &bytes[colon + 1..]);
        if scheme.eq_ignore_ascii_case(b"sip") {
            return parse_sip(Scheme::Sip, rest);
        }
        if scheme.eq_ignore_ascii_case(b"sips") {
            return parse_sip(Scheme::Sips, rest);
        }
        if scheme.eq_ignore_ascii_case(b"tel") {
            return parse_tel(rest);
        }
        let starts_right = scheme.first().is_some_and(u8::is_ascii_alphabetic);
        let legal = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        if !starts_right || !scheme.iter().all(legal) || rest.is_empty() {
            return None;
        }
        let mut uri = Uri::sip(None, "", None);
        uri.scheme = Scheme::Other(scan::text(scheme).to_ascii_lowercase());
        uri.opaque = scan::text(rest);
        Some(uri)
    }

    /// Whether the scheme is sip or sips.
    pub fn is_sip(&self) -> bool {
        matches!(self.scheme, Scheme::Sip | Scheme::Sips)
    }

    /// The user part with its escapes undone; empty if there is none.
    pub fn user_text(&self) -> String {
        self.user.as_deref().map(unescape).unwrap_or_default()
    }

    /// The host as an address, if it is one.
    pub fn host_ip(&self) -> Option<IpAddr> {
        host_ip(&self.host)
    }

    /// The port, or the default of the scheme.
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(if self.scheme == Scheme::Sips { 5061 } else { 5060 })
    }

    /// Whether two URIs are the same by RFC 3261 section 19.1.4.
    pub fn matches(&self, other: &Uri) -> bool {
        if self.scheme != other.scheme {
            return false;
        }
        match self.scheme {
            Scheme::Sip | Scheme::Sips => self.matches_sip(other),
            Scheme::Tel => {
                digits(self.user.as_deref()) == digits(other.user.as_deref())
                    && same_params(&self.params, &other.params)
            }
            Scheme::Other(_) => self.opaque == other.opaque,
        }
    }

    fn matches_sip(&self, other: &Uri) -> bool {
        let part = |part: &Option<String>| part.as_deref().map(unescape);
        let headers = |uri: &Uri| {
            let mut all: Vec<_> = uri
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), unescape(value)))
                .collect();
            all.sort();
            all
        };
        part(&self.user) == part(&other.user)
            && part(&self.password) == part(&other.password)
            && self.host.eq_ignore_ascii_case(&other.host)
            && self.port == other.port
            && same_params(&self.params, &other.params)
            && headers(self) == headers(other)
    }
}

impl Default for Uri {
    /// The URI of nobody: `sip:invalid`.
    fn default() -> Self {
        Uri::sip(None, "invalid", None)
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.scheme.as_str())?;
        match self.scheme {
            Scheme::Other(_) => return f.write_str(&self.opaque),
            Scheme::Tel => f.write_str(self.user.as_deref().unwrap_or_default())?,
            Scheme::Sip | Scheme::Sips => {
                if let Some(user) = &self.user {
                    f.write_str(user)?;
                    if let Some(password) = &self.password {
                        write!(f, ":{password}")?;
                    }
                    f.write_str("@")?;
                }
                f.write_str(&self.host)?;
                if let Some(port) = self.port {
                    write!(f, ":{port}")?;
                }
            }
        }
        write!(f, "{}", self.params)?;
        for (at, (name, value)) in self.headers.iter().enumerate() {
            write!(f, "{}{name}={value}", if at == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

/// A host as an address, brackets or not.
pub(crate) fn host_ip(host: &str) -> Option<IpAddr> {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    inner.parse().ok()
}

/// Host and port, `host`, `host:port` or `[v6]:port`. `None` if malformed.
pub(crate) fn parse_host_port(bytes: &[u8]) -> Option<(String, Option<u16>)> {
    let host_end = match bytes.first()? {
        b'[' => bytes.iter().position(|&byte| byte == b']')? + 1,
        _ => bytes.iter().position(|&byte| byte == b':').unwrap_or(bytes.len()),
    };
    let (host, rest) = bytes.split_at(host_end);
    let host = scan::trim(host);
    if host.is_empty() || !is_host(host) {
        return None;
    }
    let rest = scan::trim(rest);
    let port = match rest.strip_prefix(b":") {
        Some(port) => Some(scan::number::<u16>(scan::trim(port))?),
        None if rest.is_empty() => None,
        None => return None,
    };
    Some((scan::text(host), port))
}

fn is_host(host: &[u8]) -> bool {
    if host.starts_with(b"[") {
        return host_ip(&scan::text(host)).is_some();
    }
    // An underscore is no host name, but Docker and Active Directory make them, and phones send them.
    host.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

fn parse_sip(scheme: Scheme, rest: &[u8]) -> Option<Uri> {
    let mut uri = Uri::sip(None, "", None);
    uri.scheme = scheme;
    let rest = match rest.iter().position(|&byte| byte == b'@') {
        Some(at) => {
            let userinfo = &rest[..at];
            let colon = userinfo.iter().position(|&byte| byte == b':');
            let user = &userinfo[..colon.unwrap_or(userinfo.len())];
            if user.is_empty() {
                return None;
            }
            uri.user = Some(scan::text(user));
            uri.password = colon.map(|colon| scan::text(&userinfo[colon + 1..]));
            &rest[at + 1..]
        }
        None => rest,
    };
    let (rest, headers) = match rest.iter().position(|&byte| byte == b'?') {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let params = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
    (uri.host, uri.port) = parse_host_port(&rest[..params])?;
    uri.params = Params::parse(&rest[params..])?;
    for header in headers.into_iter().flat_map(|headers| headers.split(|&byte| byte == b'&')) {
        let equals = header.iter().position(|&byte| byte == b'=')?;
        uri.headers.push((scan::text(&header[..equals]), scan::text(&header[equals + 1..])));
    }
    Some(uri)
}

fn parse_tel(rest: &[u8]) -> Option<Uri> {
    let end = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
    let number = &rest[..end];
    let legal = |byte: &u8| byte.is_ascii_hexdigit() || b"+*#-.()".contains(byte);
    if number.is_empty() || !number.iter().all(legal) {
        return None;
    }
    let mut uri = Uri::sip(Some(""), "", None);
    uri.scheme = Scheme::Tel;
    uri.user = Some(scan::text(number));
    uri.params = Params::parse(&rest[end..])?;
    Some(uri)
}

/// RFC 3261 section 19.1.4: a parameter in both must be equal; these must be in both or neither.
fn same_params(ours: &Params, theirs: &Params) -> bool {
    let one_way = |ours: &Params, theirs: &Params| {
        ours.iter().all(|(name, value)| match theirs.get(name) {
            Some(other) => unescape(value.unwrap_or("")).eq_ignore_ascii_case(&unescape(other)),
            None => !["user", "ttl", "method", "maddr", "transport"]
                .iter()
                .any(|strict| name.eq_ignore_ascii_case(strict)),
        })
    };
    one_way(ours, theirs) && one_way(theirs, ours)
}

/// A telephone number without its visual separators (RFC 3966 section 5.1.1).
fn digits(number: Option<&str>) -> String {
    let kept = number.unwrap_or("").chars().filter(|c| !"-.()".contains(*c));
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// `%41` to `A`; what is no escape stays.
fn unescape(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |offset: usize| bytes.get(at + offset).and_then(|&digit| char::from(digit).to_digit(16));
        match (byte, hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                at += 3;
            }
            (_, _, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    scan::text(&out)
}

fn escape_user(user: &str) -> String {
    let mut out = String::with_capacity(user.len());
    for &byte in user.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        Uri::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text} must parse"))
    }

    #[test]
    fn a_uri_is_taken_apart_and_written_back() {
        for text in [
            "sip:alice:pw@example.com:5070;transport=tcp;lr?Subject=hi&Priority=urgent",
            "sips:[2001:db8::1]:5061",
            "sip:+15551234;phone-context=x@gw.example.com",
            "tel:+1-201-555-0123;ext=12",
            "urn:service:sos",
            "sip:example.com",
        ] {
            assert_eq!(uri(text).to_string(), text);
        }
        assert_eq!(uri("SIP:a%20b@H").user_text(), "a b");
    }

    #[test]
    fn malformed_uris_are_refused() {
        for text in [
            "",
            "sip:",
            "alice",
            "sip:@host",
            "sip:a@h:99999",
            "sip:a b@h",
            "sip:a@h:",
            "<sip:a@h>",
            "sip:a@[1:2",
            "sip:a@b@c",
            "sip:a@h;;",
            "tel:",
            "tel:hello world",
            "1x:y",
        ] {
            assert_eq!(Uri::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn comparison_follows_the_examples_of_rfc_3261() {
        let same = [
            ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
            ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"),
            (
                "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
            ),
            (
                "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
            ),
            ("tel:+1-201-555-0123", "tel:+12015550123"),
        ];
        for (a, b) in same {
            assert!(uri(a).matches(&uri(b)), "{a} is {b}");
        }
        let different = [
            ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
            ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ];
        for (a, b) in different {
            assert!(!uri(a).matches(&uri(b)), "{a} is not {b}");
        }
    }
}
