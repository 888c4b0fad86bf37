//! URIs: sip, sips, tel, and any other kept as it came (RFC 3261 section 19.1, RFC 3966).

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::params::Params;
use super::raw::RawUri;
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
        RawUri::read(bytes)?.to_uri()
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
        f.write_str(self.scheme.as_str())?;
        f.write_str(":")?;
        match self.scheme {
            Scheme::Other(_) => return f.write_str(&self.opaque),
            Scheme::Tel => f.write_str(self.user.as_deref().unwrap_or_default())?,
            Scheme::Sip | Scheme::Sips => {
                if let Some(user) = &self.user {
                    f.write_str(user)?;
                    if let Some(password) = &self.password {
                        f.write_str(":")?;
                        f.write_str(password)?;
                    }
                    f.write_str("@")?;
                }
                f.write_str(&self.host)?;
                if let Some(port) = self.port {
                    f.write_str(":")?;
                    port.fmt(f)?;
                }
            }
        }
        self.params.fmt(f)?;
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
