//! What arrives, counted as RFC 3550 appendix A does: sequence with wrap (A.1), loss (A.3), jitter (A.8).

use core::time::Duration;

use crate::RATE;
use crate::packet::Header;

/// A jump forward of more than this is a restarted sender (A.1).
const DROPOUT_MAX: u16 = 3_000;
/// A step back of more than this is a restarted sender (A.1).
const MISORDER_MAX: u16 = 100;
/// Cumulative loss is 24 bits, signed (6.4.1).
const LOST_MAX: i64 = 0x7f_ffff;

/// Loss as a report block says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Of the packets expected since the last report, in 1/256.
    pub fraction: u8,
    /// Packets lost since the beginning; negative when duplicates outnumber them. 24 bits.
    pub cumulative: i32,
    /// Highest sequence number with its wraps above it.
    pub highest: u32,
}

/// The reception of one stream, and the sums over all streams that came before it from the same side.
#[derive(Clone, Debug)]
pub struct Reception {
    rate: u32,
    stream: Option<Stream>,
    lost_before: i64,
    packets: u64,
    jitter_before: u32,
}

#[derive(Clone, Debug)]
struct Stream {
    ssrc: u32,
    base: u32,
    cycles: u32,
    highest: u16,
    /// The number that a restarted sender would go on with.
    restart: Option<u16>,
    received: u32,
    expected_prior: u32,
    received_prior: u32,
    transit: Option<u32>,
    /// In 1/16 of a timestamp unit, as A.8 keeps it.
    jitter: u32,
}

impl Default for Reception {
    fn default() -> Reception {
        Reception { rate: RATE, stream: None, lost_before: 0, packets: 0, jitter_before: 0 }
    }
}

impl Reception {
    /// Sets the clock of the timestamps, Hz; [`RATE`] until then. What was measured with another is forgotten.
    pub fn set_rate(&mut self, rate: u32) {
        if rate == self.rate {
            return;
        }
        (self.rate, self.jitter_before) = (rate, 0);
        if let Some(stream) = &mut self.stream {
            (stream.transit, stream.jitter) = (None, 0);
        }
    }

    /// Counts a packet. `timed` is false where the timestamp says nothing of its sending time: all packets
    /// of one telephone event bear that of its start.
    pub fn receive(&mut self, header: &Header, now: Duration, timed: bool) {
        self.packets += 1;
        if self.stream.as_ref().is_none_or(|stream| stream.ssrc != header.ssrc) {
            self.close();
            self.stream = Some(Stream::begin(header.ssrc, header.sequence));
        }
        let Some(stream) = &mut self.stream else { return };
        if !stream.step(header.sequence) {
            let (lost, jitter) = (stream.lost(), stream.jitter);
            let mut fresh = Stream { jitter, ..Stream::begin(header.ssrc, header.sequence) };
            fresh.step(header.sequence);
            self.lost_before += lost;
            self.stream = Some(fresh);
        }
        if timed && let Some(stream) = &mut self.stream {
            stream.time(header.timestamp, now, self.rate);
        }
    }

    /// The stream now heard.
    pub fn ssrc(&self) -> Option<u32> {
        self.stream.as_ref().map(|stream| stream.ssrc)
    }

    /// Packets of all streams.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Packets lost of all streams; never below zero.
    pub fn lost(&self) -> u64 {
        let lost = self.lost_before + self.stream.as_ref().map_or(0, Stream::lost);
        u64::try_from(lost).unwrap_or(0)
    }

    /// Interarrival jitter in timestamp units.
    pub fn jitter(&self) -> u32 {
        self.stream.as_ref().map_or(self.jitter_before, |stream| stream.jitter) >> 4
    }

    /// Interarrival jitter as time.
    pub fn jitter_time(&self) -> Duration {
        Duration::from_micros(u64::from(self.jitter()) * 1_000_000 / u64::from(self.rate.max(1)))
    }

    /// Loss for a report block; begins the next interval. `None` before the first packet.
    pub fn loss(&mut self) -> Option<Loss> {
        let stream = self.stream.as_mut()?;
        let expected = stream.expected();
        let interval = expected.wrapping_sub(stream.expected_prior);
        let received = stream.received.wrapping_sub(stream.received_prior);
        stream.expected_prior = expected;
        stream.received_prior = stream.received;
        let lost = interval.saturating_sub(received);
        let fraction = if interval == 0 { 0 } else { u64::from(lost) * 256 / u64::from(interval) };
        let cumulative = stream.lost().clamp(-LOST_MAX - 1, LOST_MAX);
        Some(Loss {
            fraction: u8::try_from(fraction).unwrap_or(u8::MAX),
            cumulative: i32::try_from(cumulative).unwrap_or(0),
            highest: stream.cycles.wrapping_add(u32::from(stream.highest)),
        })
    }

    fn close(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.lost_before += stream.lost().max(0);
            self.jitter_before = stream.jitter;
        }
    }
}

impl Stream {
    fn begin(ssrc: u32, sequence: u16) -> Stream {
        Stream {
            ssrc,
            base: u32::from(sequence),
            cycles: 0,
            highest: sequence,
            restart: None,
            received: 0,
            expected_prior: 0,
            received_prior: 0,
            transit: None,
            jitter: 0,
        }
    }

    /// Takes a sequence number in; `false` when two in a row show that the sender has started again.
    fn step(&mut self, sequence: u16) -> bool {
        let ahead = sequence.wrapping_sub(self.highest);
        if ahead < DROPOUT_MAX {
            if sequence < self.highest {
                self.cycles = self.cycles.wrapping_add(1 << 16);
            }
            self.highest = sequence;
        } else if ahead <= u16::MAX - MISORDER_MAX {
            if self.restart == Some(sequence) {
                return false;
            }
            self.restart = Some(sequence.wrapping_add(1));
            return true;
        }
        self.received = self.received.wrapping_add(1);
        true
    }

    fn expected(&self) -> u32 {
        self.cycles.wrapping_add(u32::from(self.highest)).wrapping_sub(self.base).wrapping_add(1)
    }

    fn lost(&self) -> i64 {
        i64::from(self.expected()) - i64::from(self.received)
    }

    fn time(&mut self, timestamp: u32, now: Duration, rate: u32) {
        let units = now.as_micros() * u128::from(rate) / 1_000_000;
        let arrival = u32::try_from(units % (1 << 32)).unwrap_or(0);
        let transit = arrival.wrapping_sub(timestamp);
        if let Some(before) = self.transit.replace(transit) {
            let difference = transit.wrapping_sub(before).cast_signed().unsigned_abs();
            // A step of more than a second is a sender's clock set anew, no jitter.
            if difference < rate {
                self.jitter = self.jitter + difference - ((self.jitter + 8) >> 4);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
        Header { marker: false, payload_type: 0, sequence, timestamp, ssrc }
    }

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_quarter_lost_is_reported_as_a_quarter() {
        let mut reception = Reception::default();
        for sequence in (0..400_u16).filter(|sequence| sequence % 4 != 1) {
            reception.receive(&packet(1, sequence.wrapping_add(65_400), 0), at(0), false);
        }
        let loss = reception.loss().unwrap();
        assert_eq!((loss.fraction, loss.cumulative), (64, 100));
        assert_eq!(loss.highest, 65_400 + 399);
        assert_eq!(reception.lost(), 100);
        assert_eq!(reception.loss().unwrap().fraction, 0, "nothing was expected since");
    }

    #[test]
    fn duplicates_and_reordering_are_no_loss() {
        let mut reception = Reception::default();
        for sequence in [10, 12, 11, 11, 13] {
            reception.receive(&packet(1, sequence, 0), at(0), false);
        }
        assert_eq!(reception.loss().unwrap().cumulative, -1);
        assert_eq!(reception.lost(), 0);
    }

    #[test]
    fn a_steady_stream_has_no_jitter_and_an_unsteady_one_has() {
        let (mut steady, mut unsteady) = (Reception::default(), Reception::default());
        for n in 0..500_u16 {
            let header = packet(1, n, u32::from(n) * 160);
            steady.receive(&header, at(u64::from(n) * 20), true);
            unsteady.receive(&header, at(u64::from(n) * 20 + u64::from(n % 2) * 10), true);
        }
        assert_eq!(steady.jitter(), 0);
        let jitter = unsteady.jitter_time();
        assert!(
            (Duration::from_micros(9_000)..Duration::from_micros(10_500)).contains(&jitter),
            "{jitter:?}"
        );
    }

    #[test]
    fn jitter_is_the_same_time_on_every_clock() {
        let mut reception = Reception::default();
        reception.set_rate(48_000);
        for n in 0..500_u16 {
            let header = packet(1, n, u32::from(n) * 960);
            reception.receive(&header, at(u64::from(n) * 20 + u64::from(n % 2) * 10), true);
        }
        let jitter = reception.jitter_time().as_micros();
        assert!((9_000..10_500).contains(&jitter), "{jitter}");
        reception.set_rate(8_000);
        assert_eq!(reception.jitter(), 0);
    }

    #[test]
    fn a_restarted_sender_is_no_loss_and_one_stray_packet_no_restart() {
        let mut reception = Reception::default();
        for sequence in [1, 2, 3, 30_000, 4, 5, 40_000, 40_001, 40_002] {
            reception.receive(&packet(1, sequence, 0), at(0), false);
        }
        assert_eq!(reception.lost(), 0);
        assert_eq!(reception.loss().unwrap().highest, 40_002);
        reception.receive(&packet(2, 9, 0), at(0), false);
        assert_eq!(reception.ssrc(), Some(2));
        assert_eq!(reception.packets(), 10);
    }
}
