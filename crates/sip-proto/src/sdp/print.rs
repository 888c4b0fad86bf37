//! Printing our descriptions.

use std::fmt::Write;
use std::net::IpAddr;

use super::{CodecEntry, CodecKind, Direction};

/// One `m=` line to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Our audio.
    Audio(AudioLine),
    /// A stream we refuse: port zero, one format, as RFC 3264 6 wants it.
    Refused { media: String, protocol: String, format: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AudioLine {
    pub(super) protocol: String,
    pub(super) port: u16,
    pub(super) direction: Direction,
    pub(super) codecs: Vec<CodecEntry>,
    pub(super) ptime: u16,
    pub(super) rtcp_mux: bool,
}

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
    for line in lines {
        match line {
            Line::Audio(audio) => audio_line(&mut text, audio),
            Line::Refused { media, protocol, format } => {
                let _ = write!(text, "m={media} 0 {protocol} {format}\r\n");
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
}
