//! The numbers of one outgoing stream (RFC 3550 5.1): one SSRC, sequence and timestamp without a break,
//! whoever fills it: a player, a bridged leg, and the player again.
//!
//! What comes from one filler without change of stream is a *segment*. A new segment goes on where the
//! last one stopped: the next sequence number, the timestamp that the time passed calls for, and the
//! marker bit, so that the receiver's jitter buffer starts anew instead of waiting for lost packets.

use core::time::Duration;

use crate::RATE;
use crate::packet::Header;

/// A sequence number this far ahead of the last is another stream, no loss (RFC 3550 A.1, MAX_DROPOUT).
const DROPOUT_MAX: i16 = 3_000;
/// A sequence number this far behind is another stream, no reordering (RFC 3550 A.1, MAX_MISORDER).
const MISORDER_MAX: i16 = 100;

/// Of 20 ms each.
const FRAMES_PER_SECOND: u32 = 50;

/// What a packet of the stream bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Set at the start of a segment, and where a relayed packet had it.
    pub marker: bool,
    /// Of this stream.
    pub sequence: u16,
    /// Of this stream.
    pub timestamp: u32,
}

#[derive(Clone, Copy, Debug)]
enum Segment {
    None,
    /// Frames made here; `next` is the timestamp of the next one.
    Local {
        next: u32,
        paused: bool,
    },
    /// Packets of another stream, shifted; `last` is its highest sequence number so far and `sent` how
    /// many steps the segment is long (no reordered packet may reach behind its start).
    Relay {
        ssrc: u32,
        last: u16,
        sent: u16,
        sequence_shift: u16,
        timestamp_shift: u32,
    },
}

/// One outgoing stream.
#[derive(Clone, Debug)]
pub struct OutStream {
    ssrc: u32,
    rate: u32,
    sequence: u16,
    timestamp: u32,
    sent_at: Option<Duration>,
    segment: Segment,
}

impl OutStream {
    /// A stream that will begin with these numbers; RFC 3550 wants all three random.
    pub fn new(ssrc: u32, sequence: u16, timestamp: u32) -> OutStream {
        OutStream { ssrc, rate: RATE, sequence, timestamp, sent_at: None, segment: Segment::None }
    }

    /// The stream's own number, the same for its whole life.
    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Sets the clock of its timestamps, Hz; [`RATE`] until then. Another clock begins another segment.
    pub fn set_rate(&mut self, rate: u32) {
        if rate != self.rate {
            self.rate = rate;
            self.segment = Segment::None;
        }
    }

    /// The timestamp that a sample taken at `now` would have; for sender reports.
    pub fn timestamp_at(&self, now: Duration) -> u32 {
        let since = self.sent_at.map_or(Duration::ZERO, |at| now.saturating_sub(at));
        self.timestamp.wrapping_add(samples_in(since, self.rate))
    }

    /// The next frame made here, of `samples` samples.
    pub fn local(&mut self, now: Duration, samples: u32) -> Stamp {
        let (timestamp, marker) = match self.segment {
            Segment::Local { next, paused } => (next, paused),
            Segment::None | Segment::Relay { .. } => (self.next_timestamp(now), true),
        };
        self.segment = Segment::Local { next: timestamp.wrapping_add(samples), paused: false };
        self.advance(now, self.next_sequence(), timestamp);
        Stamp { marker, sequence: self.sequence, timestamp }
    }

    /// A frame made here that is not sent (the other side is on hold): time goes on without it.
    pub fn pass_local(&mut self, samples: u32) {
        if let Segment::Local { next, paused } = &mut self.segment {
            *next = next.wrapping_add(samples);
            *paused = true;
        }
    }

    /// A packet of another stream that is to go out on this one.
    ///
    /// Loss and order of the other stream are kept, so that the far end sees them as they are.
    /// `None`: a late packet from before the segment, for which there is no number left.
    pub fn relay(&mut self, now: Duration, from: &Header) -> Option<Stamp> {
        if !self.follows(from) {
            self.begin_relay(now, from);
            return Some(Stamp { marker: true, sequence: self.sequence, timestamp: self.timestamp });
        }
        let Segment::Relay { last, sent, sequence_shift, timestamp_shift, .. } = &mut self.segment else {
            return None;
        };
        let sequence = from.sequence.wrapping_add(*sequence_shift);
        let timestamp = from.timestamp.wrapping_add(*timestamp_shift);
        let behind = last.wrapping_sub(from.sequence);
        if behind.cast_signed() >= 0 {
            return (behind <= *sent).then_some(Stamp { marker: from.marker, sequence, timestamp });
        }
        *sent = sent.saturating_add(behind.wrapping_neg());
        *last = from.sequence;
        self.advance(now, sequence, timestamp);
        Some(Stamp { marker: from.marker, sequence, timestamp })
    }

    /// A packet of the relayed stream that is left out on purpose: its number is used by the next one,
    /// so that the far end does not count it as lost.
    pub fn skip(&mut self, from: &Header) {
        if !self.follows(from) {
            return;
        }
        if let Segment::Relay { last, sequence_shift, .. } = &mut self.segment
            && from.sequence.wrapping_sub(*last).cast_signed() > 0
        {
            *last = from.sequence;
            *sequence_shift = sequence_shift.wrapping_sub(1);
        }
    }

    /// Whether a packet continues the relayed stream of the current segment.
    fn follows(&self, from: &Header) -> bool {
        match self.segment {
            Segment::None | Segment::Local { .. } => false,
            Segment::Relay { ssrc, last, .. } => {
                let step = from.sequence.wrapping_sub(last).cast_signed();
                ssrc == from.ssrc && (-MISORDER_MAX..=DROPOUT_MAX).contains(&step)
            }
        }
    }

    fn begin_relay(&mut self, now: Duration, from: &Header) {
        let (sequence, timestamp) = (self.next_sequence(), self.next_timestamp(now));
        self.segment = Segment::Relay {
            ssrc: from.ssrc,
            last: from.sequence,
            sent: 0,
            sequence_shift: sequence.wrapping_sub(from.sequence),
            timestamp_shift: timestamp.wrapping_sub(from.timestamp),
        };
        self.advance(now, sequence, timestamp);
    }

    fn next_sequence(&self) -> u16 {
        if self.sent_at.is_none() { self.sequence } else { self.sequence.wrapping_add(1) }
    }

    /// Where a new segment begins: as much later as time has passed, and at least one frame.
    fn next_timestamp(&self, now: Duration) -> u32 {
        let Some(at) = self.sent_at else { return self.timestamp };
        let frame = self.rate / FRAMES_PER_SECOND;
        self.timestamp.wrapping_add(samples_in(now.saturating_sub(at), self.rate).max(frame))
    }

    fn advance(&mut self, now: Duration, sequence: u16, timestamp: u32) {
        self.sequence = sequence;
        self.timestamp = timestamp;
        self.sent_at = Some(now);
    }
}

/// Samples in a span of time, wrapping as timestamps do.
fn samples_in(span: Duration, rate: u32) -> u32 {
    let samples = span.as_micros() * u128::from(rate) / 1_000_000;
    u32::try_from(samples % (1 << 32)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
        Header { marker: false, payload_type: 0, sequence, timestamp, ssrc }
    }

    #[test]
    fn frames_made_here_follow_each_other_and_wrap() {
        let mut stream = OutStream::new(1, 65_535, u32::MAX - 159);
        assert_eq!(
            stream.local(ms(0), 160),
            Stamp { marker: true, sequence: 65_535, timestamp: u32::MAX - 159 }
        );
        assert_eq!(stream.local(ms(20), 160), Stamp { marker: false, sequence: 0, timestamp: 0 });
        stream.pass_local(160);
        assert_eq!(stream.local(ms(60), 160), Stamp { marker: true, sequence: 1, timestamp: 320 });
    }

    #[test]
    fn a_relayed_stream_continues_after_a_prompt_and_a_prompt_after_it() {
        let mut stream = OutStream::new(1, 10, 1_000);
        stream.local(ms(0), 160);
        let first = stream.relay(ms(100), &packet(9, 500, 77_777)).unwrap();
        assert_eq!(first, Stamp { marker: true, sequence: 11, timestamp: 1_800 });
        let second = stream.relay(ms(120), &packet(9, 501, 77_937)).unwrap();
        assert_eq!(second, Stamp { marker: false, sequence: 12, timestamp: 1_960 });
        assert_eq!(stream.local(ms(140), 160), Stamp { marker: true, sequence: 13, timestamp: 2_120 });
        let other = stream.relay(ms(160), &packet(8, 3, 5)).unwrap();
        assert_eq!(other, Stamp { marker: true, sequence: 14, timestamp: 2_280 });
    }

    #[test]
    fn another_clock_goes_on_where_the_first_one_stood() {
        let mut stream = OutStream::new(1, 10, 1_000);
        stream.local(ms(0), 160);
        stream.set_rate(48_000);
        let first = stream.local(ms(100), 960);
        assert_eq!(first, Stamp { marker: true, sequence: 11, timestamp: 1_000 + 4_800 });
        stream.set_rate(48_000);
        assert_eq!(stream.local(ms(120), 960), Stamp { marker: false, sequence: 12, timestamp: 6_760 });
        assert_eq!(stream.timestamp_at(ms(125)), 6_760 + 240);
    }

    #[test]
    fn loss_and_order_of_a_relayed_stream_are_kept() {
        let mut stream = OutStream::new(1, 0, 0);
        let out = |stream: &mut OutStream, sequence: u16| {
            stream.relay(ms(0), &packet(9, sequence, 0)).map(|stamp| stamp.sequence)
        };
        assert_eq!(out(&mut stream, 65_534), Some(0));
        assert_eq!(out(&mut stream, 1), Some(3));
        assert_eq!(out(&mut stream, 65_535), Some(1));
        assert_eq!(out(&mut stream, 65_533), None);
        assert_eq!(out(&mut stream, 2), Some(4));
        assert_eq!(out(&mut stream, 30_000), Some(5), "a jump is a new segment");
        assert_eq!(out(&mut stream, 29_999), None);
    }

    #[test]
    fn a_long_stream_is_never_taken_for_a_new_one() {
        let mut stream = OutStream::new(1, 7, 0);
        let mut sequence = 100_u16;
        for expected in 0..200_000_u32 {
            let stamp = stream.relay(ms(0), &packet(9, sequence, expected * 160)).unwrap();
            assert_eq!(stamp.marker, expected == 0);
            assert_eq!(stamp.timestamp, expected * 160);
            sequence = sequence.wrapping_add(1);
        }
    }

    #[test]
    fn a_packet_left_out_leaves_no_gap() {
        let mut stream = OutStream::new(1, 0, 0);
        stream.skip(&packet(9, 3, 0));
        stream.relay(ms(0), &packet(9, 5, 0)).unwrap();
        stream.skip(&packet(9, 6, 160));
        stream.skip(&packet(9, 6, 160));
        let next = stream.relay(ms(40), &packet(9, 7, 320)).unwrap();
        assert_eq!(next, Stamp { marker: false, sequence: 1, timestamp: 320 });
    }
}
