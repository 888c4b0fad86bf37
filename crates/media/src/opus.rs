//! Opus as bytes and samples; the only file that knows which library does it.
//!
//! Everything here is at 8 kHz, one of the five rates of the codec itself (RFC 6716 2): a decoder leaves out what G.711,
//! a recording or an ear for keys has no room for anyway, so no resampler is needed, and it costs a quarter of what
//! 48 kHz would. Where both sides speak Opus nothing comes here at all.
//!
//! A coder that panics loses its state and one packet, and not the thread with all its calls.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ropus::{Application, Bitrate, Channels, DecodeMode};
use rtp::{FRAME, RATE};

/// Samples of the longest packet, 120 ms (RFC 6716 2.1.4).
pub(crate) const PACKET_SAMPLES: usize = 6 * FRAME;
/// The step of a length in Opus, 2.5 ms.
const STEP: usize = FRAME / 8;
/// Bits per second that we send: more adds nothing that can be heard of a band of 4 kHz.
const BITRATE: Bitrate = Bitrate::Bits(20_000);
/// How hard the encoder tries, 0 to 10; above 5 it takes twice the time and little is gained.
const COMPLEXITY: u8 = 5;

/// One side's packets into samples.
pub(crate) struct Decoder {
    inner: Option<ropus::Decoder>,
    samples: [i16; PACKET_SAMPLES],
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder { inner: None, samples: [0; PACKET_SAMPLES] }
    }
}

impl Decoder {
    /// The samples of a packet, stereo as one channel; `None` if it is no Opus.
    pub(crate) fn decode(&mut self, packet: &[u8]) -> Option<&[i16]> {
        self.run(packet, PACKET_SAMPLES, DecodeMode::Normal)
    }

    /// What was lost right before `next`, as far as `next` repeats it (RFC 6716 2.1.7) and made up where it does not.
    /// `samples` is how much, at most [`PACKET_SAMPLES`]; it is cut to whole steps of 2.5 ms.
    pub(crate) fn recover(&mut self, next: &[u8], samples: usize) -> Option<&[i16]> {
        self.run(next, samples.min(PACKET_SAMPLES) / STEP * STEP, DecodeMode::Fec)
    }

    fn run(&mut self, packet: &[u8], room: usize, mode: DecodeMode) -> Option<&[i16]> {
        let room = self.samples.get_mut(..room).filter(|room| !room.is_empty() && !packet.is_empty())?;
        let make = || ropus::Decoder::new(RATE, Channels::Mono).ok();
        let length = guarded(&mut self.inner, make, |decoder| decoder.decode(packet, room, mode).ok())?;
        self.samples.get(..length)
    }
}

/// One stream's samples into packets.
#[derive(Default)]
pub(crate) struct Encoder {
    inner: Option<ropus::Encoder>,
}

impl Encoder {
    /// Encodes 20 ms into `packet`; how long it is then.
    pub(crate) fn encode(&mut self, samples: &[i16; FRAME], packet: &mut [u8]) -> Option<usize> {
        let make = || {
            let encoder = ropus::Encoder::builder(RATE, Channels::Mono, Application::Voip);
            encoder.bitrate(BITRATE).complexity(COMPLEXITY).build().ok()
        };
        guarded(&mut self.inner, make, |encoder| encoder.encode(samples, packet).ok())
    }
}

/// Lets a coder work, made first if need be.
fn guarded<T, R>(
    coder: &mut Option<T>,
    make: impl FnOnce() -> Option<T>,
    work: impl FnOnce(&mut T) -> Option<R>,
) -> Option<R> {
    if coder.is_none() {
        *coder = make();
    }
    let working = coder.as_mut()?;
    // Whatever state it is left in, it is thrown away.
    let done = catch_unwind(AssertUnwindSafe(|| work(working)));
    match done {
        Ok(done) => done,
        Err(_panic) => {
            tracing::error!("an Opus coder has failed; one packet is lost");
            *coder = None;
            None
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use rtp::power_share;
    use rtp::tone::Tone;

    use super::*;

    /// A tone in packets of 20 ms.
    pub(crate) fn packets(frequency: f64, frames: u64) -> Vec<Vec<u8>> {
        let samples = Tone::sine(frequency).samples(RATE, Duration::from_millis(20 * frames));
        let mut encoder = Encoder::default();
        let frames = samples.chunks_exact(FRAME).map(|frame| {
            let mut packet = [0; FRAME];
            let length = encoder.encode(frame.try_into().unwrap(), &mut packet).unwrap();
            packet[..length].to_vec()
        });
        frames.collect()
    }

    /// Asserts that most of what is heard is a tone. A pure one is what Opus makes up worst: it fades within the packet
    /// and finds its step again slowly, as nothing that is said does. So short pieces are judged, and mildly.
    pub(crate) fn goes_on(heard: &[i16], frequency: f64) {
        let pieces: Vec<f64> =
            heard.chunks_exact(5 * FRAME).map(|piece| power_share(piece, RATE, frequency)).collect();
        let mean = pieces.iter().sum::<f64>() / f64::from(u32::try_from(pieces.len()).unwrap());
        assert!(mean >= 0.6, "{mean} of {pieces:?}");
    }

    #[test]
    fn a_tone_is_the_same_tone_after_the_way_there_and_back() {
        for frequency in [300.0, 440.0, 1_000.0, 3_000.0] {
            let packets = packets(frequency, 100);
            let bytes: usize = packets.iter().map(Vec::len).sum();
            assert!(bytes <= 2 * 20_000 / 8 * 3 / 2, "{bytes} bytes in two seconds");
            let mut decoder = Decoder::default();
            let heard: Vec<i16> =
                packets.iter().flat_map(|packet| decoder.decode(packet).unwrap().to_vec()).collect();
            assert_eq!(heard.len(), 100 * FRAME);
            let share = power_share(&heard[FRAME..], RATE, frequency);
            assert!(share >= 0.95, "{frequency}: {share}");
        }
    }

    #[test]
    fn a_lost_packet_is_made_up_so_that_the_tone_goes_on() {
        let mut decoder = Decoder::default();
        let mut heard = Vec::new();
        let packets = packets(440.0, 100);
        for (at, packet) in packets.iter().enumerate() {
            // One of ten.
            if at % 10 == 5 {
                continue;
            }
            if at % 10 == 6 {
                heard.extend_from_slice(decoder.recover(packet, FRAME + 7).unwrap());
            }
            heard.extend_from_slice(decoder.decode(packet).unwrap());
        }
        assert_eq!(heard.len(), 100 * FRAME);
        goes_on(&heard[FRAME..], 440.0);
    }

    #[test]
    fn odd_lengths_and_no_opus_give_nothing() {
        let mut decoder = Decoder::default();
        assert!(decoder.decode(&[]).is_none());
        assert!(decoder.recover(&[], FRAME).is_none());
        let packet = &packets(440.0, 1)[0];
        assert!(decoder.recover(packet, STEP - 1).is_none());
        assert_eq!(decoder.recover(packet, usize::MAX).map(<[i16]>::len), Some(PACKET_SAMPLES));
        // Code 3 with no count of frames (RFC 6716 3.2.5).
        assert!(decoder.decode(&[0x03]).is_none());
        assert!(decoder.decode(packet).is_some());
        assert!(Encoder::default().encode(&[0; FRAME], &mut []).is_none());
    }

    #[test]
    fn no_packet_of_a_stranger_breaks_a_decoder() {
        let mut decoder = Decoder::default();
        let real = packets(440.0, 20);
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % below
        };
        for round in 0..30_000 {
            let mut packet = if round % 2 == 0 {
                (0..next(120)).map(|_| next(256).to_le_bytes()[0]).collect()
            } else {
                real[next(real.len())].clone()
            };
            for _ in 0..next(4) {
                let at = next(packet.len().max(1));
                if let Some(byte) = packet.get_mut(at) {
                    *byte ^= 1 << next(8);
                }
            }
            if round % 3 == 0 {
                decoder.recover(&packet, next(2_000));
            }
            if let Some(heard) = decoder.decode(&packet) {
                assert!(heard.len() <= PACKET_SAMPLES && heard.len() % STEP == 0);
            }
        }
        assert!(decoder.inner.is_some());
        assert!(decoder.decode(&real[0]).is_some());
    }
}
