//! What an exchange of descriptions has settled, or why it has not.

use std::net::SocketAddr;

use super::sdes::NegotiatedKeys;
use super::secure::NegotiatedSecure;
use super::{CodecKind, Direction};

/// A codec both sides agreed on, with the numbers for each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NegotiatedCodec {
    /// Payload type to write when we send.
    pub send: u8,
    /// Payload type the peer writes when it sends to us.
    pub receive: u8,
    /// RTP clock in Hz.
    pub clock_rate: u32,
}

/// The outcome of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// The voice codec.
    pub codec: CodecKind,
    /// Its payload types.
    pub payload: NegotiatedCodec,
    /// Payload types of telephone-event, when both sides have it.
    pub telephone_event: Option<NegotiatedCodec>,
    /// Others, which the peer may send instead.
    pub also_event: Option<NegotiatedCodec>,
    /// Where our RTP goes; `None` while the peer holds with address zero.
    pub remote: Option<SocketAddr>,
    /// Where our RTCP goes.
    pub remote_rtcp: Option<SocketAddr>,
    /// RTP and RTCP share a port.
    pub rtcp_mux: bool,
    /// As the peer stated it, from the peer's view, narrowed by address zero.
    pub remote_direction: Direction,
    /// What is left for us, from our view, after both wishes.
    pub direction: Direction,
    /// Milliseconds per packet to send.
    pub ptime: u16,
    /// How the packets are kept secret, when they are.
    pub secure: Option<NegotiatedSecure>,
    /// The same by keys of the descriptions.
    pub keys: Option<NegotiatedKeys>,
}

impl Negotiated {
    /// True while the peer does not want to hear us.
    #[must_use]
    pub fn held_by_remote(&self) -> bool {
        !self.remote_direction.receives()
    }
}

/// No audio stream of the offer names a codec we have: the answer is 488 Not Acceptable Here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCommonCodec;

impl std::fmt::Display for NoCommonCodec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no audio codec in common")
    }
}

impl std::error::Error for NoCommonCodec {}

/// Why an answer to our offer is of no use; the call is then ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerError {
    /// We have no offer outstanding.
    NoOffer,
    /// The audio stream was refused (port zero) or is not usable.
    Refused,
    /// The answer names no codec that we offered.
    NoCommonCodec,
}

impl std::fmt::Display for AnswerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoOffer => "an answer without an offer",
            Self::Refused => "the audio stream was refused",
            Self::NoCommonCodec => "the answer names no codec of the offer",
        })
    }
}

impl std::error::Error for AnswerError {}
