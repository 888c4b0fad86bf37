//! What one party says, as samples at 8 kHz in the order they were said, for whoever needs samples: a recording, an ear
//! for keys, the other codec. What is lost is made up where the codec can do that; what is late is left out.

use std::time::Duration;

use rtp::{FRAME, Header, RATE};

use crate::opus::{Decoder, PACKET_SAMPLES};
use crate::voice::Voice;

/// A sequence number this far ahead or behind is another stream (RFC 3550 A.1).
const DROPOUT_MAX: i16 = 3_000;
const MISORDER_MAX: i16 = -100;
/// What is made up for one loss at most, in samples: beyond 100 ms it is noise.
const MADE_UP_MAX: usize = 5 * FRAME;
/// A gap longer than this is a clock set anew, in seconds.
const GAP_MAX: u32 = 60;
/// Samples of one party in a second: ten times what it should say.
const SAMPLES_PER_SECOND_MAX: usize = 10 * RATE as usize;

/// A run of samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard<'a> {
    /// Of the first of them, at 8 kHz.
    pub(crate) timestamp: u32,
    /// Whether packets right before it were lost.
    pub(crate) after_loss: bool,
    pub(crate) samples: &'a [i16],
}

/// Hears one party.
pub(crate) struct Hearing {
    pub(crate) framer: Framer,
    decoder: Option<Box<Decoder>>,
    samples: Vec<i16>,
    order: Option<Order>,
    second: u64,
    in_second: usize,
}

/// What must come next.
#[derive(Clone, Copy, Debug)]
struct Order {
    ssrc: u32,
    sequence: u16,
    /// The next timestamp on the party's own clock.
    theirs: u32,
    /// The same at 8 kHz. It is counted, not divided: a sixth of a number that wraps does not wrap.
    ours: u32,
    /// The last telephone event's timestamps: all packets of a press have the same.
    event: Option<(u32, u32)>,
}

/// Where a packet stands.
struct Place {
    lost: bool,
    /// From what was expected, at 8 kHz; below zero for a clock that was set back.
    gap: i32,
    order: Order,
}

impl Hearing {
    /// `stream` tells this hearing from every earlier one of the endpoint.
    pub(crate) fn new(stream: u32) -> Hearing {
        let framer = Framer { stream, sequence: 0, begins: None, pending: Vec::new() };
        Hearing { framer, decoder: None, samples: Vec::new(), order: None, second: 0, in_second: 0 }
    }

    /// Takes a packet of audio. `heard` is given what was lost before it, if that could be made up, and its samples.
    pub(crate) fn receive(
        &mut self,
        (voice, header, payload): (Voice, &Header, &[u8]),
        now: Duration,
        mut heard: impl FnMut(Heard<'_>, &mut Framer),
    ) {
        let ratio = voice.clock() / RATE;
        let Some(Place { lost, gap, mut order }) = self.place(header, ratio) else { return };
        if !self.within_rate(now) {
            return;
        }
        let begins = order.ours.wrapping_add_signed(gap);
        let mut after_loss = lost;
        let said = match voice {
            Voice::G711(codec) => {
                self.samples.clear();
                self.samples.extend(payload.iter().map(|byte| codec.decode(*byte)));
                self.samples.as_slice()
            }
            Voice::Opus => {
                let decoder = self.decoder.get_or_insert_default();
                let missing = usize::try_from(gap).map_or(0, |gap| gap.min(MADE_UP_MAX));
                if lost && let Some(samples) = decoder.recover(payload, missing) {
                    let made_up = u32::try_from(samples.len()).unwrap_or(0);
                    let timestamp = begins.wrapping_sub(made_up);
                    self.in_second += samples.len();
                    heard(
                        Heard { timestamp, after_loss: i64::from(made_up) < i64::from(gap), samples },
                        &mut self.framer,
                    );
                    after_loss = false;
                }
                // One that is no Opus counts as lost, so its place is kept.
                let Some(samples) = decoder.decode(payload) else { return };
                samples
            }
        };
        self.in_second += said.len();
        let length = u32::try_from(said.len()).unwrap_or(0);
        heard(Heard { timestamp: begins, after_loss, samples: said }, &mut self.framer);
        order.sequence = header.sequence.wrapping_add(1);
        order.theirs = header.timestamp.wrapping_add(length * ratio);
        order.ours = begins.wrapping_add(length);
        self.order = Some(order);
    }

    /// Takes note of a packet without audio: its number is not lost. Its timestamp at 8 kHz; `None` if it is late.
    pub(crate) fn pass(&mut self, header: &Header, clock: u32) -> Option<u32> {
        let Place { gap, mut order, .. } = self.place(header, clock / RATE)?;
        let timestamp = match order.event {
            Some((theirs, ours)) if theirs == header.timestamp => ours,
            Some(_) | None => order.ours.wrapping_add_signed(gap),
        };
        order.event = Some((header.timestamp, timestamp));
        order.sequence = header.sequence.wrapping_add(1);
        self.order = Some(order);
        Some(timestamp)
    }

    /// Where a packet belongs; `None` if its place is gone by.
    fn place(&self, header: &Header, ratio: u32) -> Option<Place> {
        let begin = |ours| Order {
            ssrc: header.ssrc,
            sequence: header.sequence,
            theirs: header.timestamp,
            ours,
            event: None,
        };
        let Some(order) = self.order.filter(|order| order.ssrc == header.ssrc) else {
            let ours = self.order.map_or(header.timestamp / ratio.max(1), |order| order.ours);
            return Some(Place { lost: false, gap: 0, order: begin(ours) });
        };
        let ahead = header.sequence.wrapping_sub(order.sequence).cast_signed();
        if (MISORDER_MAX..0).contains(&ahead) {
            return None;
        }
        if !(0..=DROPOUT_MAX).contains(&ahead) {
            return Some(Place { lost: false, gap: 0, order: begin(order.ours) });
        }
        let gap = header.timestamp.wrapping_sub(order.theirs).cast_signed() / ratio.max(1).cast_signed();
        let gap = if gap.unsigned_abs() > GAP_MAX * RATE { 0 } else { gap };
        Some(Place { lost: ahead > 0, gap, order })
    }

    fn within_rate(&mut self, now: Duration) -> bool {
        if now.as_secs() != self.second {
            (self.second, self.in_second) = (now.as_secs(), 0);
        }
        self.in_second + PACKET_SAMPLES <= SAMPLES_PER_SECOND_MAX
    }
}

/// Cuts what is heard into frames of 20 ms, with numbers as a stream of its own has them. Loss that was not made up
/// stays loss, and silence stays silence.
#[derive(Debug)]
pub(crate) struct Framer {
    stream: u32,
    sequence: u16,
    /// The timestamp of the first sample that waits.
    begins: Option<u32>,
    pending: Vec<i16>,
}

/// [`FRAME`] as timestamps count it.
const FRAME_SAMPLES: u32 = 160;

impl Framer {
    /// Takes samples; `frame` is given each full frame with its numbers, at 8 kHz.
    pub(crate) fn push(&mut self, heard: Heard<'_>, mut frame: impl FnMut(Header, &[i16; FRAME])) {
        let waiting = u32::try_from(self.pending.len()).unwrap_or(0);
        let begins = self.begins.unwrap_or(heard.timestamp);
        let gap = heard.timestamp.wrapping_sub(begins.wrapping_add(waiting));
        self.begins = Some(begins);
        // What has come twice, or from a clock set back, goes on where the last has ended.
        if gap > 0 && gap <= GAP_MAX * RATE {
            if waiting > 0 {
                self.pending.resize(FRAME, 0);
                self.cut(&mut frame);
            }
            let lost = if heard.after_loss { gap / FRAME_SAMPLES } else { 0 };
            self.sequence = self.sequence.wrapping_add(u16::try_from(lost).unwrap_or(u16::MAX));
            self.begins = Some(heard.timestamp);
        }
        self.pending.extend_from_slice(heard.samples);
        self.cut(&mut frame);
    }

    /// The numbers of a packet without audio, sent at its `timestamp`.
    pub(crate) fn number(&mut self, marker: bool, timestamp: u32) -> Header {
        let header =
            Header { marker, payload_type: 0, sequence: self.sequence, timestamp, ssrc: self.stream };
        self.sequence = self.sequence.wrapping_add(1);
        header
    }

    fn cut(&mut self, frame: &mut impl FnMut(Header, &[i16; FRAME])) {
        let mut done = 0;
        while let Some(samples) = self.pending.get(done..).and_then(|rest| rest.first_chunk::<FRAME>()) {
            let begins = self.begins.unwrap_or(0);
            let header = Header {
                marker: false,
                payload_type: 0,
                sequence: self.sequence,
                timestamp: begins,
                ssrc: self.stream,
            };
            frame(header, samples);
            self.sequence = self.sequence.wrapping_add(1);
            self.begins = Some(begins.wrapping_add(FRAME_SAMPLES));
            done += FRAME;
        }
        self.pending.drain(..done);
    }
}

#[cfg(test)]
mod tests {
    use rtp::{Codec, power_share};

    use super::*;
    use crate::opus::tests::{goes_on, packets};

    const MU: Voice = Voice::G711(Codec::Pcmu);

    fn header(sequence: u16, timestamp: u32) -> Header {
        Header { marker: false, payload_type: 111, sequence, timestamp, ssrc: 7 }
    }

    /// Frames with their numbers, of packets as they come.
    fn frames(voice: Voice, come: &[(u16, u32, &[u8])]) -> Vec<(u16, u32, Vec<i16>)> {
        let mut hearing = Hearing::new(1);
        let mut frames = Vec::new();
        for (sequence, timestamp, payload) in come {
            let packet = (voice, &header(*sequence, *timestamp), *payload);
            hearing.receive(packet, Duration::ZERO, |heard, framer| {
                framer.push(heard, |header, samples| {
                    assert_eq!(header.ssrc, 1);
                    frames.push((header.sequence, header.timestamp, samples.to_vec()));
                });
            });
        }
        frames
    }

    #[test]
    fn opus_becomes_a_stream_of_frames_on_a_clock_of_8_khz_across_the_end_of_numbers() {
        let packets = packets(440.0, 50);
        let come: Vec<_> = (65_500..).map(|n: u32| n).zip(&packets).collect();
        let come: Vec<(u16, u32, &[u8])> = come
            .iter()
            .map(|(n, packet)| {
                let [low, high, ..] = n.to_le_bytes();
                (u16::from_le_bytes([low, high]), n.wrapping_mul(960).wrapping_sub(62_900_000), &packet[..])
            })
            .collect();
        let frames = frames(Voice::Opus, &come);
        assert_eq!(frames.len(), 50);
        for pair in frames.windows(2) {
            assert_eq!(pair[1].0, pair[0].0 + 1);
            assert_eq!(pair[1].1, pair[0].1.wrapping_add(160));
        }
        let samples: Vec<i16> = frames.into_iter().skip(1).flat_map(|frame| frame.2).collect();
        assert!(power_share(&samples, RATE, 440.0) >= 0.95);
    }

    #[test]
    fn lost_opus_is_made_up_and_what_comes_late_is_left_out() {
        let packets = packets(440.0, 50);
        let mut come: Vec<(u16, u32, &[u8])> =
            (0..50_u16).map(|n| (n, u32::from(n) * 960, &packets[usize::from(n)][..])).collect();
        come.swap(10, 11);
        come.remove(20);
        come.drain(30..32);
        let frames = frames(Voice::Opus, &come);
        let numbers: Vec<(u16, u32)> = frames.iter().map(|frame| (frame.0, frame.1)).collect();
        assert_eq!(numbers, (0..50_u16).map(|n| (n, u32::from(n) * 160)).collect::<Vec<_>>());
        let samples: Vec<i16> = frames.into_iter().skip(1).flat_map(|frame| frame.2).collect();
        goes_on(&samples, 440.0);
    }

    #[test]
    fn a_long_loss_is_made_up_in_part_and_a_pause_not_at_all() {
        let packets = packets(440.0, 3);
        let come: [(u16, u32, &[u8]); 3] =
            [(0, 0, &packets[0]), (51, 51 * 960, &packets[1]), (52, 152 * 960, &packets[2])];
        let frames = frames(Voice::Opus, &come);
        let numbers: Vec<(u16, u32)> = frames.iter().map(|frame| (frame.0, frame.1)).collect();
        let made_up = (46..51).map(|n| (n, u32::from(n) * 160));
        let wanted: Vec<(u16, u32)> =
            [(0, 0)].into_iter().chain(made_up).chain([(51, 51 * 160), (52, 152 * 160)]).collect();
        assert_eq!(numbers, wanted);
    }

    #[test]
    fn g711_of_any_length_becomes_frames_and_its_losses_stay() {
        let ten = [Codec::Pcmu.encode(5_000); 80];
        let come: [(u16, u32, &[u8]); 6] = [
            (9, 800, &ten),
            (10, 880, &ten),
            (11, 960, &ten),
            (15, 1_280, &ten),
            (16, 1_360, &ten),
            (14, 1_200, &ten),
        ];
        let frames = frames(MU, &come);
        let numbers: Vec<(u16, u32)> = frames.iter().map(|frame| (frame.0, frame.1)).collect();
        assert_eq!(numbers, [(0, 800), (1, 960), (3, 1_280)], "half a frame is filled up, one frame is lost");
        assert_eq!(frames[1].2[100], 0);
        assert!(frames[2].2[100] > 4_900);
    }

    #[test]
    fn keys_between_the_sound_are_no_loss_and_keep_their_time() {
        let packets = packets(440.0, 4);
        let mut hearing = Hearing::new(1);
        let mut heard_at = Vec::new();
        let mut say = |hearing: &mut Hearing, sequence, timestamp, at: usize| {
            let packet = (Voice::Opus, &header(sequence, timestamp), &packets[at][..]);
            hearing.receive(packet, Duration::ZERO, |heard, _| {
                heard_at.push((heard.timestamp, heard.after_loss))
            });
        };
        say(&mut hearing, 0, 6_000, 0);
        assert_eq!(hearing.pass(&header(1, 6_960 + 7), 48_000), Some(1_161));
        say(&mut hearing, 2, 6_960, 1);
        assert_eq!(hearing.pass(&header(3, 6_960 + 7), 48_000), Some(1_161), "of the same press");
        assert_eq!(hearing.pass(&header(3, 6_960 + 7), 48_000), None, "twice");
        say(&mut hearing, 4, 7_920, 2);
        assert_eq!(heard_at, [(1_000, false), (1_160, false), (1_320, false)]);
    }

    #[test]
    fn a_party_that_says_too_much_is_not_listened_to() {
        let packet = packets(440.0, 1).remove(0);
        let mut hearing = Hearing::new(1);
        let mut samples = 0;
        for n in 0..2_000_u16 {
            let said = (Voice::Opus, &header(n, u32::from(n) * 960), &packet[..]);
            hearing.receive(said, Duration::ZERO, |heard, _| samples += heard.samples.len());
        }
        assert!((70_000..=SAMPLES_PER_SECOND_MAX).contains(&samples), "{samples}");
        let said = (Voice::Opus, &header(2_000, 2_000 * 960), &packet[..]);
        let before = samples;
        hearing.receive(said, Duration::from_secs(1), |heard, _| samples += heard.samples.len());
        assert!(samples > before);
    }
}
