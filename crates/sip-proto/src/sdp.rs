//! Session descriptions and the offer/answer exchange, seen as one audio stream.
//!
//! Two layers. [`sdp_types`] keeps every line as it came (RFC 8866); [`Description`] is what this
//! house reads out of it: which `m=` line is audio we could use, where its packets go, which way
//! they flow and which codecs it names. [`LocalSdp`] is our side of the exchange (RFC 3264): it
//! prints offers and answers, keeps the number and order of `m=` lines, and counts the version in
//! `o=` up exactly when the text changes.
//!
//! Audio over DTLS-SRTP, as browsers speak it, has a part of its own in each layer
//! ([`SecureDescription`], [`LocalSecure`], [`NegotiatedSecure`]); a dialog has it for life or never.
//! So have the keys of SRTP that a description carries itself ([`Crypto`]), for phones behind TLS.
//!
//! Everything read here comes from a stranger: lengths and counts have a named limit, a line that
//! makes no sense makes its own stream unusable and not the whole description.

mod agreed;
mod codecs;
mod describe;
mod local;
mod multipart;
mod print;
mod sdes;
mod secure;

pub use agreed::{AnswerError, Negotiated, NegotiatedCodec, NoCommonCodec};
pub use describe::{AudioDescription, Description, MediaLine, SdpError};
pub use local::{AudioCapabilities, CodecPreference, LocalMedia, LocalSdp};
pub use multipart::{find_sdp, is_sdp};
pub use sdes::{Crypto, CryptoSuite, MASTER_LEN, MasterKey, NegotiatedKeys};
pub use secure::{
    Fingerprint, IceCredentials, LocalSecure, NegotiatedSecure, SecureDescription, Setup, Unusable,
};

/// Bytes of one description. A browser's audio offer with ICE candidates is near 8 kB.
pub const SDP_BYTES_MAX: usize = 32 * 1024;
/// Lines of one description.
pub const SDP_LINES_MAX: usize = 1024;
/// `m=` lines of one description.
pub const MEDIA_LINES_MAX: usize = 16;
/// Formats (payload types) read from one `m=` line; the rest is ignored.
pub const FORMATS_MAX: usize = 64;
/// Milliseconds of audio in a packet when nobody says otherwise (RFC 3551 4.2).
pub const PTIME_DEFAULT_MS: u16 = 20;
/// Shortest and longest packet we are willing to send; a wish outside is replaced by the default.
pub const PTIME_RANGE_MS: std::ops::RangeInclusive<u16> = 10..=120;

/// Which way media flows, from the view of the one who wrote it (RFC 8866 6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both ways; what holds when nothing is said.
    #[default]
    SendRecv,
    /// The writer sends and does not listen: the usual form of hold.
    SendOnly,
    /// The writer listens and does not send.
    RecvOnly,
    /// Neither way.
    Inactive,
}

impl Direction {
    /// The direction in which the writer sends and receives as asked.
    #[must_use]
    pub fn new(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    /// True when the writer sends media.
    #[must_use]
    pub fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// True when the writer wants to receive media.
    #[must_use]
    pub fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// The same flow seen from the other end: sendonly is the other's recvonly.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self::new(self.receives(), self.sends())
    }

    /// What is left when both ends of the same view must agree.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.sends() && other.sends(), self.receives() && other.receives())
    }

    /// The attribute's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    /// Reads the attribute's name; anything else is not a direction.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "sendrecv" => Some(Self::SendRecv),
            "sendonly" => Some(Self::SendOnly),
            "recvonly" => Some(Self::RecvOnly),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }
}

/// A codec by its meaning, not by its number. `Other` keeps the name as the peer spelled it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecKind {
    /// G.711 µ-law, 8 kHz.
    Pcmu,
    /// G.711 A-law, 8 kHz.
    Pcma,
    /// G.722; 16 kHz audio with a clock of 8 kHz (RFC 3551 4.5.2).
    G722,
    /// Opus, always `48000/2` in SDP (RFC 7587).
    Opus,
    /// Digits and tones as named telephone events (RFC 4733).
    TelephoneEvent,
    /// Something we do not speak.
    Other(String),
}

impl CodecKind {
    /// The encoding name as it stands in `a=rtpmap`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
            Self::G722 => "G722",
            Self::Opus => "opus",
            Self::TelephoneEvent => "telephone-event",
            Self::Other(name) => name,
        }
    }

    /// True for a codec that carries voice and that we know.
    #[must_use]
    pub fn is_voice(&self) -> bool {
        match self {
            Self::Pcmu | Self::Pcma | Self::G722 | Self::Opus => true,
            Self::TelephoneEvent | Self::Other(_) => false,
        }
    }

    /// Reads name, clock rate and number of audio channels; a known name with a foreign clock is
    /// `Other`, since its packets would not mean what we think.
    #[must_use]
    pub fn from_rtpmap(name: &str, clock_rate: u32, audio_channels: u8) -> Self {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("PCMU") && clock_rate == 8000 && audio_channels == 1 {
            Self::Pcmu
        } else if is("PCMA") && clock_rate == 8000 && audio_channels == 1 {
            Self::Pcma
        } else if is("G722") && clock_rate == 8000 && audio_channels == 1 {
            Self::G722
        } else if is("opus") && clock_rate == 48_000 && audio_channels == 2 {
            Self::Opus
        } else if is("telephone-event") {
            Self::TelephoneEvent
        } else {
            Self::Other(name.to_owned())
        }
    }

    /// Name and clock of the static payload types (RFC 3551 6) that need no `a=rtpmap`.
    #[must_use]
    pub fn from_static(payload_type: u8) -> Option<(Self, u32)> {
        let other = |name: &str| Self::Other(name.to_owned());
        Some(match payload_type {
            0 => (Self::Pcmu, 8000),
            3 => (other("GSM"), 8000),
            4 => (other("G723"), 8000),
            8 => (Self::Pcma, 8000),
            9 => (Self::G722, 8000),
            13 => (other("CN"), 8000),
            15 => (other("G728"), 8000),
            18 => (other("G729"), 8000),
            _ => return None,
        })
    }
}

/// One format of an `m=audio` line with all that was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecEntry {
    /// The number in the RTP header, 0–127.
    pub payload_type: u8,
    /// What it is.
    pub kind: CodecKind,
    /// RTP clock in Hz.
    pub clock_rate: u32,
    /// The parameters of `a=fmtp`, verbatim, without the number.
    pub fmtp: Option<String>,
}
