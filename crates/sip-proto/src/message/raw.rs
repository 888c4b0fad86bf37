//! URIs, addresses and Vias taken apart where they stand: to check a header, or to read one thing of it, nothing
//! has to be copied.

use super::params::{self, Params};
use super::uri::{Scheme, Uri, host_ip};
use super::{NameAddr, Via, scan};

/// A URI in the bytes it came in.
pub(crate) struct RawUri<'b> {
    scheme: RawScheme<'b>,
    user: Option<&'b [u8]>,
    password: Option<&'b [u8]>,
    host: &'b [u8],
    port: Option<u16>,
    params: &'b [u8],
    headers: Option<&'b [u8]>,
    opaque: &'b [u8],
}

enum RawScheme<'b> {
    Sip,
    Sips,
    Tel,
    Other(&'b [u8]),
}

impl<'b> RawUri<'b> {
    /// Reads a URI and checks all of it. `None` if it is malformed.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<RawUri<'b>> {
        let bytes = scan::trim(bytes);
        if bytes.iter().any(|byte| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'>' | b'"' | 0)) {
            return None;
        }
        let colon = bytes.iter().position(|&byte| byte == b':')?;
        let (scheme, rest) = (&bytes[..colon], &bytes[colon + 1..]);
        if scheme.eq_ignore_ascii_case(b"sip") {
            return RawUri::read_sip(RawScheme::Sip, rest);
        }
        if scheme.eq_ignore_ascii_case(b"sips") {
            return RawUri::read_sip(RawScheme::Sips, rest);
        }
        if scheme.eq_ignore_ascii_case(b"tel") {
            return RawUri::read_tel(rest);
        }
        let starts_right = scheme.first().is_some_and(u8::is_ascii_alphabetic);
        let legal = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        if !starts_right || !scheme.iter().all(legal) || rest.is_empty() {
            return None;
        }
        Some(RawUri { opaque: rest, ..RawUri::empty(RawScheme::Other(scheme)) })
    }

    fn empty(scheme: RawScheme<'b>) -> RawUri<'b> {
        RawUri {
            scheme,
            user: None,
            password: None,
            host: b"",
            port: None,
            params: b"",
            headers: None,
            opaque: b"",
        }
    }

    fn read_sip(scheme: RawScheme<'b>, rest: &'b [u8]) -> Option<RawUri<'b>> {
        let mut uri = RawUri::empty(scheme);
        let rest = match rest.iter().position(|&byte| byte == b'@') {
            Some(at) => {
                let userinfo = &rest[..at];
                let colon = userinfo.iter().position(|&byte| byte == b':');
                let user = &userinfo[..colon.unwrap_or(userinfo.len())];
                if user.is_empty() {
                    return None;
                }
                uri.user = Some(user);
                uri.password = colon.map(|colon| &userinfo[colon + 1..]);
                &rest[at + 1..]
            }
            None => rest,
        };
        let rest = match rest.iter().position(|&byte| byte == b'?') {
            Some(at) => {
                let headers = &rest[at + 1..];
                if headers.split(|&byte| byte == b'&').any(|header| !header.contains(&b'=')) {
                    return None;
                }
                uri.headers = Some(headers);
                &rest[..at]
            }
            None => rest,
        };
        let params = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
        (uri.host, uri.port) = read_host_port(&rest[..params])?;
        uri.params = &rest[params..];
        params::walk(uri.params, |_, _| ())?;
        Some(uri)
    }

    fn read_tel(rest: &'b [u8]) -> Option<RawUri<'b>> {
        let end = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
        let number = &rest[..end];
        let legal = |byte: &u8| byte.is_ascii_hexdigit() || b"+*#-.()".contains(byte);
        if number.is_empty() || !number.iter().all(legal) {
            return None;
        }
        let params = &rest[end..];
        params::walk(params, |_, _| ())?;
        Some(RawUri { user: Some(number), params, ..RawUri::empty(RawScheme::Tel) })
    }

    /// A copy that stands for itself.
    pub(crate) fn to_uri(&self) -> Option<Uri> {
        let mut headers = Vec::new();
        for header in self.headers.into_iter().flat_map(|headers| headers.split(|&byte| byte == b'&')) {
            let equals = header.iter().position(|&byte| byte == b'=')?;
            headers.push((scan::text(&header[..equals]), scan::text(&header[equals + 1..])));
        }
        Some(Uri {
            scheme: match self.scheme {
                RawScheme::Sip => Scheme::Sip,
                RawScheme::Sips => Scheme::Sips,
                RawScheme::Tel => Scheme::Tel,
                RawScheme::Other(scheme) => Scheme::Other(scan::text(scheme).to_ascii_lowercase()),
            },
            user: self.user.map(scan::text),
            password: self.password.map(scan::text),
            host: scan::text(self.host),
            port: self.port,
            params: Params::parse(self.params)?,
            headers,
            opaque: scan::text(self.opaque),
        })
    }
}

/// An address with a name in the bytes it came in.
pub(crate) struct RawAddr<'b> {
    /// With its quotes; empty for none.
    display: &'b [u8],
    uri: RawUri<'b>,
    /// Checked only by whoever walks them.
    params: &'b [u8],
}

impl<'b> RawAddr<'b> {
    /// Reads one address and checks all of it. `None` if it is malformed, or a list.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<RawAddr<'b>> {
        let address = RawAddr::read_unwalked(bytes)?;
        params::walk(address.params, |_, _| ())?;
        Some(address)
    }

    /// The `tag` parameter of an address; `None` too if the address is malformed.
    pub(crate) fn tag_of(bytes: &'b [u8]) -> Option<&'b [u8]> {
        params::find(RawAddr::read_unwalked(bytes)?.params, "tag").filter(|tag| !tag.is_empty())
    }

    fn read_unwalked(bytes: &'b [u8]) -> Option<RawAddr<'b>> {
        let bytes = scan::trim(bytes);
        let (display, rest) = if bytes.starts_with(b"\"") {
            let rest = scan::after_quoted(bytes)?;
            (&bytes[..bytes.len() - rest.len()], scan::trim(rest))
        } else {
            match bytes.iter().position(|&byte| byte == b'<') {
                // The grammar wants tokens here, but names with commas and Latin-1 are what comes.
                Some(open) => {
                    let display = scan::trim(&bytes[..open]);
                    if display.contains(&b'"') {
                        return None;
                    }
                    (display, &bytes[open..])
                }
                None => return RawAddr::read_bare(bytes),
            }
        };
        let inner = rest.strip_prefix(b"<")?;
        let close = inner.iter().position(|&byte| byte == b'>')?;
        let uri = RawUri::read(&inner[..close])?;
        Some(RawAddr { display, uri, params: params_after(&inner[close + 1..])? })
    }

    /// An address without brackets: its parameters belong to the header (RFC 3261 section 20.10).
    fn read_bare(bytes: &'b [u8]) -> Option<RawAddr<'b>> {
        let end = bytes.iter().position(|&byte| byte == b';').unwrap_or(bytes.len());
        let address = &bytes[..end];
        if address.iter().any(|byte| matches!(byte, b'?' | b',')) {
            return None;
        }
        Some(RawAddr { display: b"", uri: RawUri::read(address)?, params: params_after(&bytes[end..])? })
    }

    /// A copy that stands for itself.
    pub(crate) fn to_name_addr(&self) -> Option<NameAddr> {
        let display = match self.display {
            b"" => None,
            quoted if quoted.starts_with(b"\"") => scan::quoted(quoted).map(|(display, _)| display),
            plain => Some(scan::text(plain)),
        };
        Some(NameAddr { display, uri: self.uri.to_uri()?, params: Params::parse(self.params)? })
    }
}

fn params_after(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = scan::trim(bytes);
    (bytes.is_empty() || bytes.starts_with(b";")).then_some(bytes)
}

/// A Via in the bytes it came in.
pub(crate) struct RawVia<'b> {
    transport: &'b [u8],
    host: &'b [u8],
    port: Option<u16>,
    params: &'b [u8],
}

impl<'b> RawVia<'b> {
    /// Reads one Via and checks all of it. `None` if it is malformed.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<RawVia<'b>> {
        let params = scan::find_outside(bytes, b';', false).unwrap_or(bytes.len());
        let (main, params) = bytes.split_at(params);
        let first = main.iter().position(|&byte| byte == b'/')?;
        let second = first + 1 + main[first + 1..].iter().position(|&byte| byte == b'/')?;
        let protocol = scan::trim(&main[..first]);
        let version = scan::trim(&main[first + 1..second]);
        let rest = scan::trim(&main[second + 1..]);
        if !protocol.eq_ignore_ascii_case(b"SIP") || version != b"2.0" {
            return None;
        }
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        let (transport, sent_by) = rest.split_at(end);
        if !scan::is_token(transport) {
            return None;
        }
        let (host, port) = read_host_port(scan::trim(sent_by))?;
        params::walk(params, |_, _| ())?;
        Some(RawVia { transport, host, port, params })
    }

    /// A copy that stands for itself.
    pub(crate) fn to_via(&self) -> Option<Via> {
        Some(Via {
            transport: scan::text(self.transport),
            host: scan::text(self.host),
            port: self.port,
            params: Params::parse(self.params)?,
        })
    }
}

/// Host and port, `host`, `host:port` or `[v6]:port`. `None` if malformed.
fn read_host_port(bytes: &[u8]) -> Option<(&[u8], Option<u16>)> {
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
    Some((host, port))
}

fn is_host(host: &[u8]) -> bool {
    /// An underscore is no host name, but Docker and Active Directory make them, and phones send them.
    static HOST: [bool; 256] = scan::table(b".-_");
    if host.starts_with(b"[") {
        return host_ip(&scan::text_of(host)).is_some();
    }
    host.iter().all(|&byte| HOST[usize::from(byte)])
}
