//! The codecs of the telephone network, and the way from one to the other.

mod g711;

pub use g711::{a_decode, a_encode, mu_decode, mu_encode};

/// What the bytes of an audio payload mean. Both have 8,000 samples a second and one byte a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// G.711 µ-law, static payload type 0.
    Pcmu,
    /// G.711 A-law, static payload type 8.
    Pcma,
}

impl Codec {
    /// The codec of a static payload type (RFC 3551 6).
    pub fn of_static(payload_type: u8) -> Option<Codec> {
        match payload_type {
            0 => Some(Codec::Pcmu),
            8 => Some(Codec::Pcma),
            _ => None,
        }
    }

    /// The static payload type.
    pub fn static_payload_type(self) -> u8 {
        match self {
            Codec::Pcmu => 0,
            Codec::Pcma => 8,
        }
    }

    /// The byte of silence.
    pub fn silence(self) -> u8 {
        match self {
            Codec::Pcmu => 0xff,
            Codec::Pcma => 0xd5,
        }
    }

    /// One sample into one byte.
    pub fn encode(self, sample: i16) -> u8 {
        match self {
            Codec::Pcmu => mu_encode(sample),
            Codec::Pcma => a_encode(sample),
        }
    }

    /// One byte into one sample.
    pub fn decode(self, byte: u8) -> i16 {
        match self {
            Codec::Pcmu => mu_decode(byte),
            Codec::Pcma => a_decode(byte),
        }
    }

    /// Rewrites a payload of this codec in place as one of `to`: one table look-up a byte.
    pub fn transcode(self, to: Codec, payload: &mut [u8]) {
        let table = match (self, to) {
            (Codec::Pcmu, Codec::Pcmu) | (Codec::Pcma, Codec::Pcma) => return,
            (Codec::Pcmu, Codec::Pcma) => &g711::MU_TO_A,
            (Codec::Pcma, Codec::Pcmu) => &g711::A_TO_MU,
        };
        for byte in payload {
            *byte = table[usize::from(*byte)];
        }
    }
}
