//! From bytes to the audio view of a description.

use std::net::{IpAddr, SocketAddr};

use sdp_types::{Attribute, Media};

use super::sdes::{self, Crypto};
use super::secure::{self, SecureDescription, Unusable};
use super::{CodecEntry, CodecKind, Direction, FORMATS_MAX, MEDIA_LINES_MAX, SDP_BYTES_MAX, SDP_LINES_MAX};

/// Why a body is not a description we can read. The answer to an offer is then 400 or 488.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SdpError {
    /// More bytes, lines or `m=` lines than [`SDP_BYTES_MAX`], [`SDP_LINES_MAX`], [`MEDIA_LINES_MAX`].
    TooLarge,
    /// Not in the form of RFC 8866; the text names the line.
    Malformed(String),
}

impl std::fmt::Display for SdpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge => f.write_str("session description too large"),
            Self::Malformed(what) => write!(f, "malformed session description: {what}"),
        }
    }
}

impl std::error::Error for SdpError {}

/// A parsed description: every `m=` line in order, and the audio in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Session id of `o=`, a string of digits by rule but not by practice.
    pub origin_id: String,
    /// Version of `o=`; the same version means an unchanged description (RFC 3264 8).
    pub origin_version: u64,
    /// The `m=` lines in their order.
    pub media: Vec<MediaLine>,
}

/// One `m=` line: enough to refuse it in an answer, and its audio view when it has a usable one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaLine {
    /// `audio`, `video`, `image` …
    pub media: String,
    /// `RTP/AVP` and its kin.
    pub protocol: String,
    /// The first format, which a refusal repeats.
    pub first_format: String,
    /// Zero refuses or removes the stream.
    pub port: u16,
    /// Its name, when it has one.
    pub mid: Option<String>,
    /// The audio, when this is an audio line over a protocol and to an address we can use.
    pub audio: Option<AudioDescription>,
    /// Why an audio line that is not refused is of no use.
    pub unusable: Option<Unusable>,
}

/// One usable audio stream as its writer describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioDescription {
    /// Where its writer wants to receive. Unspecified (`0.0.0.0`, `::`) is the hold of RFC 2543.
    pub addr: IpAddr,
    /// RTP port, never zero.
    pub port: u16,
    /// Where its writer wants RTCP: `a=rtcp` (RFC 3605), the RTP port with `a=rtcp-mux`, else port + 1.
    /// `None` when that would be beyond 65535.
    pub rtcp: Option<SocketAddr>,
    /// RTP and RTCP share a port (RFC 5761).
    pub rtcp_mux: bool,
    /// Which way, already narrowed by an unspecified address.
    pub direction: Direction,
    /// The formats in the writer's order of preference; those without a meaning are left out.
    pub codecs: Vec<CodecEntry>,
    /// `a=ptime` in milliseconds.
    pub ptime: Option<u16>,
    /// `a=maxptime` in milliseconds.
    pub maxptime: Option<u16>,
    /// DTLS-SRTP.
    pub secure: Option<SecureDescription>,
    /// SRTP by a key that stands here; without either RTP is plain.
    pub crypto: Option<Crypto>,
}

impl AudioDescription {
    /// Where to send RTP, or nowhere while the writer does not want any.
    #[must_use]
    pub fn destination(&self) -> Option<SocketAddr> {
        (!self.addr.is_unspecified()).then_some(SocketAddr::new(self.addr, self.port))
    }

    /// True while the writer does not want to hear us: sendonly, inactive or address zero.
    #[must_use]
    pub fn is_hold(&self) -> bool {
        !self.direction.receives()
    }
}

impl Description {
    /// Reads a body of type `application/sdp`. Bytes that are not UTF-8 are replaced, since they
    /// only stand in free text.
    pub fn parse(body: &[u8]) -> Result<Self, SdpError> {
        if body.len() > SDP_BYTES_MAX || body.iter().filter(|b| **b == b'\n').count() > SDP_LINES_MAX {
            return Err(SdpError::TooLarge);
        }
        let text = String::from_utf8_lossy(body);
        let document = sdp_types::Session::parse(text.as_bytes())
            .map_err(|error| SdpError::Malformed(error.to_string()))?;
        if document.medias.len() > MEDIA_LINES_MAX {
            return Err(SdpError::TooLarge);
        }
        let media = document.medias.iter().map(|media| media_line(&document, media)).collect();
        Ok(Self { origin_id: document.origin.sess_id, origin_version: document.origin.sess_version, media })
    }

    /// The first audio stream that could be used, with its place among the `m=` lines.
    #[must_use]
    pub fn audio_line(&self) -> Option<(usize, &AudioDescription)> {
        self.media.iter().enumerate().find_map(|(at, line)| Some((at, line.audio.as_ref()?)))
    }

    /// Why the first audio stream that was meant to be used cannot be, if none can.
    #[must_use]
    pub fn unusable(&self) -> Option<Unusable> {
        if self.audio().is_some() { None } else { self.media.iter().find_map(|line| line.unusable) }
    }

    /// The first audio stream that could be used.
    #[must_use]
    pub fn audio(&self) -> Option<&AudioDescription> {
        self.audio_line().map(|(_, audio)| audio)
    }
}

fn media_line(document: &sdp_types::Session, media: &Media) -> MediaLine {
    let audio = (media.media == "audio" && media.port != 0).then(|| audio_of(document, media));
    let (audio, unusable) = match audio {
        Some(Ok(audio)) => (Some(audio), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    MediaLine {
        media: media.media.clone(),
        protocol: media.proto.clone(),
        first_format: media.fmt.split_ascii_whitespace().next().unwrap_or("0").to_owned(),
        port: media.port,
        mid: secure::mid_of(media).map(str::to_owned),
        audio,
        unusable,
    }
}

fn audio_of(document: &sdp_types::Session, media: &Media) -> Result<AudioDescription, Unusable> {
    // RTP/AVPF differs only in when feedback may be sent, which nobody is forced to send.
    let plain = matches!(media.proto.as_str(), "RTP/AVP" | "RTP/AVPF");
    let keyed = matches!(media.proto.as_str(), "RTP/SAVP" | "RTP/SAVPF");
    let (secure, crypto) = if secure::is_secure(document, media) {
        (Some(secure::describe(document, media)?), None)
    } else if keyed {
        (None, Some(sdes::describe(media)?))
    } else if plain {
        (None, None)
    } else {
        return Err(Unusable::Profile);
    };
    let connection = media.connections.first().or(document.connection.as_ref()).ok_or(Unusable::Address)?;
    let addr = connection.try_address().map_err(|_| Unusable::Address)?.ip;
    if addr.is_multicast() || addr == IpAddr::V4(std::net::Ipv4Addr::BROADCAST) {
        return Err(Unusable::Address);
    }
    let stated = direction_of(&media.attributes).or_else(|| direction_of(&document.attributes));
    let stated = stated.unwrap_or_default();
    let rtcp_mux = attribute(&media.attributes, "rtcp-mux").is_some();
    // With ICE the address is found by checks, and a browser that has not looked for its own yet writes none.
    let addressed = secure.is_some() || !addr.is_unspecified();
    Ok(AudioDescription {
        addr,
        port: media.port,
        rtcp: rtcp_of(media, addr, rtcp_mux),
        rtcp_mux,
        direction: Direction::new(stated.sends(), stated.receives() && addressed),
        codecs: codecs_of(media),
        ptime: milliseconds(&media.attributes, "ptime"),
        maxptime: milliseconds(&media.attributes, "maxptime"),
        secure,
        crypto,
    })
}

/// The value of the first attribute of that name; an attribute without a value reads as empty.
pub(super) fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|a| a.attribute == name)?;
    Some(found.value.as_deref().unwrap_or(""))
}

fn direction_of(attributes: &[Attribute]) -> Option<Direction> {
    attributes.iter().find_map(|a| Direction::parse(a.attribute.trim_end()))
}

fn milliseconds(attributes: &[Attribute], name: &str) -> Option<u16> {
    let value = attribute(attributes, name)?.trim();
    value.split('.').next()?.parse().ok().filter(|ms| *ms > 0)
}

fn rtcp_of(media: &Media, addr: IpAddr, mux: bool) -> Option<SocketAddr> {
    if mux {
        return Some(SocketAddr::new(addr, media.port));
    }
    if let Some(value) = attribute(&media.attributes, "rtcp") {
        let mut words = value.split_ascii_whitespace();
        if let Some(port) = words.next().and_then(|word| word.parse().ok()).filter(|port| *port > 0) {
            let stated = words.nth(2).and_then(|word| word.parse::<IpAddr>().ok());
            return Some(SocketAddr::new(stated.unwrap_or(addr), port));
        }
    }
    Some(SocketAddr::new(addr, media.port.checked_add(1)?))
}

/// The formats of the `m=` line with their `a=rtpmap` and `a=fmtp`. One pass over the attributes
/// fills a table by payload type, so the cost does not grow with formats times attributes.
fn codecs_of(media: &Media) -> Vec<CodecEntry> {
    let mut maps: [Option<&str>; 128] = [None; 128];
    let mut parameters: [Option<&str>; 128] = [None; 128];
    for attribute in &media.attributes {
        let table = match attribute.attribute.as_str() {
            "rtpmap" => &mut maps,
            "fmtp" => &mut parameters,
            _ => continue,
        };
        let Some((number, rest)) = attribute.value.as_deref().and_then(|v| v.trim().split_once(' ')) else {
            continue;
        };
        if let Some(slot) = number.parse::<usize>().ok().and_then(|pt| table.get_mut(pt)) {
            slot.get_or_insert(rest.trim());
        }
    }
    let mut seen = [false; 128];
    let mut codecs = Vec::new();
    for word in media.fmt.split_ascii_whitespace().take(FORMATS_MAX) {
        let Ok(payload_type) = word.parse::<u8>() else { continue };
        let at = usize::from(payload_type);
        if seen.get(at).copied().unwrap_or(true) {
            continue;
        }
        seen[at] = true;
        let meaning = match maps[at] {
            Some(map) => rtpmap(map),
            None => CodecKind::from_static(payload_type),
        };
        if let Some((kind, clock_rate)) = meaning {
            let fmtp = parameters[at].map(str::to_owned);
            codecs.push(CodecEntry { payload_type, kind, clock_rate, fmtp });
        }
    }
    codecs
}

/// `name/clock[/channels]` (RFC 8866 6.6).
fn rtpmap(map: &str) -> Option<(CodecKind, u32)> {
    let mut parts = map.split('/');
    let name = parts.next()?.trim();
    let clock_rate: u32 = parts.next()?.trim().parse().ok().filter(|rate| *rate > 0)?;
    let audio_channels = match parts.next() {
        Some(count) => count.trim().parse().ok()?,
        None => 1,
    };
    (!name.is_empty()).then(|| (CodecKind::from_rtpmap(name, clock_rate, audio_channels), clock_rate))
}
