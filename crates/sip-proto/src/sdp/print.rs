//! Printing our descriptions.

use std::fmt::Write;
use std::net::IpAddr;

use super::sdes::Crypto;
use super::secure::{LocalSecure, Setup};
use super::{CodecEntry, CodecKind, Direction};

/// One `m=` line to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Our audio.
    Audio(AudioLine),
    /// A stream we refuse: port zero, one format, as RFC 3264 6 wants it.
    Refused { media: String, protocol: String, format: String, mid: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AudioLine {
    pub(super) protocol: String,
    pub(super) port: u16,
    pub(super) direction: Direction,
    pub(super) codecs: Vec<CodecEntry>,
    pub(super) ptime: u16,
    pub(super) rtcp_mux: bool,
    pub(super) mid: Option<String>,
    pub(super) secure: Option<SecureLine>,
    pub(super) crypto: Option<Crypto>,
}

/// What an audio line over DTLS-SRTP says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecureLine {
    pub(super) ours: LocalSecure,
    pub(super) setup: Setup,
    pub(super) bundled: bool,
}

/// Priority of our best candidate: a host's, of the first component (RFC 8445 5.1.2.1). The next has one less.
const PRIORITY: u32 = (126 << 24) | (65_535 << 8) | 255;

/// `IP4` or `IP6`.
fn family(addr: IpAddr) -> &'static str {
    match addr {
        IpAddr::V4(_) => "IP4",
        IpAddr::V6(_) => "IP6",
    }
}

/// The `v=` and `o=` lines. The username is a dash: it says nothing that is anybody's business.
pub(super) fn head(id: u64, version: u64, addr: IpAddr) -> String {
    format!("v=0\r\no=- {id} {version} IN {} {addr}\r\n", family(addr))
}

/// Everything after `o=`, which is what a new version number is about.
pub(super) fn tail(addr: IpAddr, lines: &[Line]) -> String {
    let mut text = String::with_capacity(320);
    // Writing to a String cannot fail, so the results carry nothing.
    let _ = write!(text, "s=-\r\nc=IN {} {addr}\r\nt=0 0\r\n", family(addr));
    let secure = lines.iter().find_map(|line| match line {
        Line::Audio(audio) => audio.secure.as_ref().map(|secure| (secure, audio.mid.as_deref())),
        Line::Refused { .. } => None,
    });
    if let Some((secure, mid)) = secure {
        if let Some(mid) = mid.filter(|_| secure.bundled) {
            let _ = write!(text, "a=group:BUNDLE {mid}\r\n");
        }
        text.push_str("a=ice-lite\r\n");
    }
    for line in lines {
        match line {
            Line::Audio(audio) => audio_line(&mut text, audio),
            Line::Refused { media, protocol, format, mid } => {
                let _ = write!(text, "m={media} 0 {protocol} {format}\r\n");
                if let Some(mid) = mid {
                    let _ = write!(text, "a=mid:{mid}\r\n");
                }
            }
        }
    }
    text
}

fn audio_line(text: &mut String, audio: &AudioLine) {
    let _ = write!(text, "m=audio {} {}", audio.port, audio.protocol);
    for codec in &audio.codecs {
        let _ = write!(text, " {}", codec.payload_type);
    }
    text.push_str("\r\n");
    for codec in &audio.codecs {
        let stereo = if codec.kind == CodecKind::Opus { "/2" } else { "" };
        let (number, name) = (codec.payload_type, codec.kind.name());
        let _ = write!(text, "a=rtpmap:{number} {name}/{}{stereo}\r\n", codec.clock_rate);
        if let Some(fmtp) = &codec.fmtp {
            let _ = write!(text, "a=fmtp:{number} {fmtp}\r\n");
        }
    }
    let _ = write!(text, "a=ptime:{}\r\na={}\r\n", audio.ptime, audio.direction.as_str());
    if audio.rtcp_mux {
        text.push_str("a=rtcp-mux\r\n");
    }
    if let Some(mid) = &audio.mid {
        let _ = write!(text, "a=mid:{mid}\r\n");
    }
    if let Some(crypto) = &audio.crypto {
        let _ = write!(text, "a=crypto:{crypto}\r\n");
    }
    if let Some(secure) = &audio.secure {
        secure_lines(text, audio.port, secure);
    }
}

/// Credentials, keys and addresses. A browser makes the stream that its page is told of from `a=msid`.
fn secure_lines(text: &mut String, port: u16, SecureLine { ours, setup, .. }: &SecureLine) {
    let (ice, fingerprint, setup) = (&ours.ice, ours.fingerprint, setup.as_str());
    let _ = write!(text, "a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", ice.ufrag, ice.password);
    let _ = write!(text, "a=fingerprint:sha-256 {fingerprint}\r\na=setup:{setup}\r\n");
    for ((foundation, address), priority) in (1..).zip(&ours.candidates).zip((0..=PRIORITY).rev()) {
        let _ = write!(text, "a=candidate:{foundation} 1 udp {priority} {address} {port} typ host\r\n");
    }
    text.push_str("a=end-of-candidates\r\na=msid:cordboard audio\r\n");
    let _ = write!(text, "a=ssrc:{} cname:cordboard\r\n", ours.source);
}
