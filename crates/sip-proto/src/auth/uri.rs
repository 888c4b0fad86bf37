//! Whether the `uri` of the credentials means the Request-URI (RFC 7616 3.4.6).
//!
//! Phones write the same resource in several ways: escapes, letter case of the host, the default
//! port, parameters that only say how to get there. What must not pass is another user or host.

/// True when both name the same user at the same place.
pub(super) fn equivalent(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (Parts::read(one), Parts::read(other)) {
        (Some(one), Some(other)) => one.matches(&other),
        (None, _) | (_, None) => false,
    }
}

struct Parts<'a> {
    scheme: &'a str,
    user: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn read(uri: &'a str) -> Option<Self> {
        let (scheme, rest) = uri.trim().split_once(':')?;
        if scheme.eq_ignore_ascii_case("tel") {
            let user = rest.split(';').next()?;
            return Some(Self { scheme, user, host: "", port: None });
        }
        // An '@' may only stand after the user: in parameters and headers it must be escaped.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (user, rest),
            None => ("", rest),
        };
        // A password has no meaning in SIP.
        let user = user.split(':').next()?;
        let place = rest.split([';', '?']).next()?;
        let (host, port) = match place.strip_prefix('[') {
            Some(v6) => {
                let (host, port) = v6.split_once(']')?;
                (host, port.strip_prefix(':'))
            }
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        Some(Self { scheme, user, host, port })
    }

    fn port_or_default(&self) -> Option<u16> {
        match self.port {
            Some(port) => port.trim().parse().ok(),
            None if self.scheme.eq_ignore_ascii_case("sips") => Some(5061),
            None => Some(5060),
        }
    }

    fn matches(&self, other: &Parts<'_>) -> bool {
        let trimmed = |host: &'a str| host.strip_suffix('.').unwrap_or(host);
        self.scheme.eq_ignore_ascii_case(other.scheme)
            && unescaped(self.user).eq(unescaped(other.user))
            && trimmed(self.host).eq_ignore_ascii_case(other.host.strip_suffix('.').unwrap_or(other.host))
            && self.port_or_default() == other.port_or_default()
    }
}

/// The bytes with `%41` read as `A`; an escape that is none stays as it stands.
fn unescaped(text: &str) -> impl Iterator<Item = u8> + '_ {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut at = 0;
    std::iter::from_fn(move || {
        let byte = *bytes.get(at)?;
        if byte == b'%'
            && let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2))
        {
            at += 3;
            return u8::try_from(high * 16 + low).ok();
        }
        at += 1;
        Some(byte)
    })
}

#[cfg(test)]
mod tests {
    use super::equivalent;

    #[test]
    fn equivalent_forms_are_the_same_resource() {
        for (one, other) in [
            ("sip:acme.test", "sip:acme.test"),
            ("sip:acme.test", "SIP:ACME.test:5060"),
            ("sip:8000@acme.test", "sip:8000@acme.test;user=phone"),
            ("sip:8000@acme.test;transport=tcp", "sip:8000@acme.test?Subject=x"),
            ("sip:%2a36@acme.test", "sip:*36@acme.test"),
            ("sip:8000@acme.test.", "sip:8000@acme.test"),
            ("sips:acme.test:5061", "sips:acme.test"),
            ("sip:a@[2001:db8::1]", "sip:a@[2001:DB8::1]:5060;lr"),
            ("tel:+4930123;ext=1", "tel:+4930123"),
        ] {
            assert!(equivalent(one, other), "{one} {other}");
        }
    }

    #[test]
    fn another_user_host_port_or_scheme_is_another_resource() {
        for (one, other) in [
            ("sip:8000@acme.test", "sip:8001@acme.test"),
            ("sip:8000@acme.test", "sip:acme.test"),
            ("sip:8000@acme.test", "sip:8000@acme.example"),
            ("sip:8000@acme.test", "sip:8000@acme.test:5070"),
            ("sip:acme.test", "sips:acme.test"),
            ("sip:Ann@acme.test", "sip:ann@acme.test"),
            ("sip:a%4@acme.test", "sip:aJ@acme.test"),
            ("sip:a@acme.test:x", "sip:a@acme.test"),
            ("tel:+1", "sip:+1"),
            ("", "sip:a"),
        ] {
            assert!(!equivalent(one, other), "{one} {other}");
        }
    }
}
