//! What is spoken on an endpoint, and on which clock.

use rtp::{Codec, RATE};

/// The clock of Opus in RTP, whatever is in the packets (RFC 7587 4.1), Hz.
pub(crate) const OPUS_CLOCK: u32 = 48_000;

/// The payload types that browsers give to Opus. Only the figures of a browser's reports depend on it, whose clock must
/// be known before its description is.
pub(crate) const BROWSERS_OPUS: [u8; 2] = [109, 111];

/// What the bytes of an audio payload mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// One of the two laws of G.711.
    G711(Codec),
    /// Opus (RFC 6716), in RTP by RFC 7587.
    Opus,
}

impl Voice {
    /// Units of a timestamp in a second.
    pub fn clock(self) -> u32 {
        match self {
            Voice::G711(_) => RATE,
            Voice::Opus => OPUS_CLOCK,
        }
    }
}

impl From<Codec> for Voice {
    fn from(codec: Codec) -> Voice {
        Voice::G711(codec)
    }
}

/// A payload type of telephone events (RFC 4733).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelephoneEvent {
    /// Its number.
    pub payload_type: u8,
    /// In which units it says how long a key is held, Hz. Its timestamps are those of the voice beside it: browsers
    /// send events of 8,000 Hz on the timeline of Opus.
    pub clock: u32,
}

impl TelephoneEvent {
    /// Rewrites how long the key is held, in the four bytes of an event that counts by `from`.
    pub(crate) fn count_by(self, from: u32, payload: &mut [u8]) {
        if from == self.clock || from == 0 {
            return;
        }
        if let Some([_, _, duration @ ..]) = payload.first_chunk_mut::<4>() {
            let scaled = u64::from(u16::from_be_bytes(*duration)) * u64::from(self.clock) / u64::from(from);
            *duration = u16::try_from(scaled).unwrap_or(u16::MAX).to_be_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_held_as_long_on_either_clock() {
        let scaled = |from, clock, duration: u16| {
            let [high, low] = duration.to_be_bytes();
            let mut payload = [5, 10, high, low];
            TelephoneEvent { payload_type: 101, clock }.count_by(from, &mut payload);
            assert_eq!(payload[..2], [5, 10]);
            u16::from_be_bytes([payload[2], payload[3]])
        };
        assert_eq!(scaled(8_000, 48_000, 800), 4_800);
        assert_eq!(scaled(48_000, 8_000, 4_800), 800);
        assert_eq!(scaled(8_000, 8_000, 800), 800);
        assert_eq!(scaled(8_000, 48_000, 60_000), u16::MAX);
        assert_eq!(scaled(0, 48_000, 7), 7);
        TelephoneEvent { payload_type: 101, clock: 48_000 }.count_by(8_000, &mut [1, 2]);
    }
}
