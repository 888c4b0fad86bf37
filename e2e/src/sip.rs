//! SIP messages as text, read with a tester's eye: enough to check what came, and no more.
//!
//! Written apart from the product's parser on purpose: a fault there must not hide itself here.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use md5::{Digest as _, Md5};

/// The one-letter names of headers (RFC 3261 section 20).
const COMPACT: [(&str, &str); 8] = [
    ("v", "Via"),
    ("f", "From"),
    ("t", "To"),
    ("i", "Call-ID"),
    ("m", "Contact"),
    ("c", "Content-Type"),
    ("l", "Content-Length"),
    ("k", "Supported"),
];

/// A request or a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: String,
    /// In the order they came, compact names spelled out.
    pub headers: Vec<(String, String)>,
    /// What follows the empty line.
    pub body: String,
}

impl Message {
    /// Reads one datagram.
    ///
    /// # Errors
    /// When it has no first line or a header without a colon.
    pub fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let text = std::str::from_utf8(bytes).context("not UTF-8")?;
        let (head, body) = text.split_once("\r\n\r\n").context("no empty line")?;
        let mut lines = head.split("\r\n");
        let start = lines.next().filter(|line| !line.is_empty()).context("no first line")?;
        let mut headers = Vec::new();
        for line in lines {
            let Some((name, value)) = line.split_once(':') else { bail!("no colon in {line:?}") };
            let name = name.trim();
            let long =
                COMPACT.iter().find(|(short, _)| name.eq_ignore_ascii_case(short)).map_or(name, |(_, n)| *n);
            headers.push((long.to_owned(), value.trim().to_owned()));
        }
        Ok(Self { start: start.to_owned(), headers, body: body.to_owned() })
    }

    /// The first header of this name; empty when there is none.
    #[must_use]
    pub fn header<'a>(&'a self, name: &str) -> &'a str {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// Every header of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The status of a response; 0 for a request.
    #[must_use]
    pub fn status(&self) -> u16 {
        let status = self.start.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3));
        status.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    /// The method: of a request its own, of a response the one of its `CSeq`.
    #[must_use]
    pub fn method(&self) -> &str {
        if self.status() == 0 {
            self.start.split(' ').next().unwrap_or("")
        } else {
            self.header("CSeq").split_whitespace().nth(1).unwrap_or("")
        }
    }

    /// Whether this is a request with the method.
    #[must_use]
    pub fn is_request(&self, method: &str) -> bool {
        self.status() == 0 && self.method() == method
    }

    /// Whether this is a response with the status to a request with the method.
    #[must_use]
    pub fn is_response(&self, status: u16, method: &str) -> bool {
        self.status() == status && self.method() == method
    }

    /// The call this belongs to.
    #[must_use]
    pub fn call_id(&self) -> &str {
        self.header("Call-ID")
    }

    /// The number in `CSeq`.
    #[must_use]
    pub fn cseq(&self) -> u32 {
        self.header("CSeq").split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// The URI in the first `Contact`.
    #[must_use]
    pub fn contact_uri(&self) -> &str {
        uri(self.header("Contact"))
    }
}

/// The URI of a header that may have a name and parameters around it.
pub(crate) fn uri(value: &str) -> &str {
    match value.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or(rest),
        None => value.split(';').next().unwrap_or(value).trim(),
    }
}

/// A parameter of a challenge, quotes taken off.
fn parameter<'a>(challenge: &'a str, name: &str) -> Option<&'a str> {
    let rest = challenge.split_once(' ')?.1;
    rest.split(',').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"'))
    })
}

/// The `Authorization` for a response of 401, by MD5 (RFC 2617), which every phone knows.
///
/// # Errors
/// When there is no challenge for MD5.
pub(crate) fn authorization(
    challenged: &Message,
    (user, password): (&str, &str),
    method: &str,
    request_uri: &str,
) -> anyhow::Result<String> {
    let challenge = challenged
        .all("WWW-Authenticate")
        .find(|challenge| {
            parameter(challenge, "algorithm").is_none_or(|name| name.eq_ignore_ascii_case("MD5"))
        })
        .with_context(|| format!("no challenge for MD5 in {challenged:?}"))?;
    let realm = parameter(challenge, "realm").context("no realm")?;
    let nonce = parameter(challenge, "nonce").context("no nonce")?;
    let secret = hex(&format!("{user}:{realm}:{password}"));
    let request = hex(&format!("{method}:{request_uri}"));
    let (count, client) = ("00000001", "0a4f113b");
    let response = hex(&format!("{secret}:{nonce}:{count}:{client}:auth:{request}"));
    Ok(format!(
        "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{request_uri}\", \
         response=\"{response}\", algorithm=MD5, qop=auth, nc={count}, cnonce=\"{client}\""
    ))
}

fn hex(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read_with_compact_names() -> anyhow::Result<()> {
        let text =
            b"SIP/2.0 200 OK\r\ni: abc\r\nCSeq: 7 INVITE\r\nm: \"A\" <sip:a@127.0.0.1:5080>;x=1\r\n\r\nv=0";
        let message = Message::parse(text)?;
        assert!(message.is_response(200, "INVITE"));
        assert_eq!(
            (message.call_id(), message.cseq(), message.contact_uri()),
            ("abc", 7, "sip:a@127.0.0.1:5080")
        );
        Ok(())
    }

    /// The example of RFC 2617 section 3.5, with its own nonce and client nonce.
    #[test]
    fn the_digest_is_that_of_the_rfc() {
        let secret = hex("Mufasa:testrealm@host.com:Circle Of Life");
        let request = hex("GET:/dir/index.html");
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        let response = hex(&format!("{secret}:{nonce}:00000001:0a4f113b:auth:{request}"));
        assert_eq!(response, "6629fae49393a05397450978507c4ef1");
    }
}
