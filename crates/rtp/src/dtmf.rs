//! Telephone events (RFC 4733): every key press exactly once, whatever was lost or sent twice.
//!
//! All packets of one press bear the timestamp of its start, so the timestamp is its name. The digit is
//! told with the first packet that arrives; how long the key was held does not matter here.

use core::time::Duration;

use crate::RATE;
use crate::packet::Header;

/// More presses in a second than any hand or dialer makes; the rest are dropped.
const DIGITS_PER_SECOND_MAX: u8 = 25;
/// The end is sent this often (RFC 4733 2.5.1.4).
const END_PACKETS: u8 = 3;
/// An event this much older, in timestamp units, is a late packet; older still, the sender has set its
/// clock back and means a new press.
const LATE_MAX: u32 = 10 * RATE;
/// Level of the events that we send, in -dBm0.
const VOLUME: u8 = 10;

/// The key of an event code; `None` for flash and the tones.
pub fn digit(event: u8) -> Option<char> {
    match event {
        0..=9 => Some(char::from(b'0' + event)),
        10 => Some('*'),
        11 => Some('#'),
        12..=15 => Some(char::from(b'A' + event - 12)),
        _ => None,
    }
}

/// The event code of a key, small letters included.
pub fn event(digit: char) -> Option<u8> {
    (0..=15).find(|event| self::digit(*event) == Some(digit.to_ascii_uppercase()))
}

#[derive(Clone, Copy, Debug)]
struct Press {
    ssrc: u32,
    timestamp: u32,
    event: u8,
    duration: u16,
    ended: bool,
}

/// Reads the events of one side.
#[derive(Clone, Debug, Default)]
pub struct DtmfReceiver {
    last: Option<Press>,
    /// The source and the timestamp of the press that was told last: its late packets may come after the source has
    /// changed, and are no second press.
    told: Option<(u32, u32)>,
    second: u64,
    in_second: u8,
}

impl DtmfReceiver {
    /// Takes an event packet; the key when this is the first packet of a press.
    pub fn receive(&mut self, header: &Header, payload: &[u8], now: Duration) -> Option<char> {
        let [event, flags, duration @ ..] = *payload.first_chunk::<4>()?;
        let press = Press {
            ssrc: header.ssrc,
            timestamp: header.timestamp,
            event,
            duration: u16::from_be_bytes(duration),
            ended: flags & 0x80 != 0,
        };
        let known = self.last.is_some_and(|last| last.covers(&press, header.marker));
        if known {
            self.continue_with(press);
            return None;
        }
        self.last = Some(press);
        let key = digit(event)?;
        let name = Some((press.ssrc, press.timestamp));
        if self.told == name {
            return None;
        }
        self.told = name;
        self.within_rate(now).then_some(key)
    }

    fn continue_with(&mut self, press: Press) {
        let Some(last) = &mut self.last else { return };
        let newer = press.timestamp.wrapping_sub(last.timestamp).cast_signed();
        if newer > 0 {
            *last = press;
        } else if newer == 0 {
            last.ended |= press.ended;
            last.duration = last.duration.max(press.duration);
        }
    }

    fn within_rate(&mut self, now: Duration) -> bool {
        if now.as_secs() != self.second {
            self.second = now.as_secs();
            self.in_second = 0;
        }
        self.in_second = self.in_second.saturating_add(1);
        self.in_second <= DIGITS_PER_SECOND_MAX
    }
}

impl Press {
    /// Whether a packet belongs to this press or to an earlier one.
    fn covers(&self, next: &Press, marker: bool) -> bool {
        if self.ssrc != next.ssrc {
            return false;
        }
        let step = next.timestamp.wrapping_sub(self.timestamp);
        let back = step.wrapping_neg();
        if back.cast_signed() >= 0 {
            return back <= LATE_MAX;
        }
        // A key held for more than 65,535 samples goes on in a new segment, right where the old one ended
        // and without a marker (2.5.1.3); some phones do the same with every packet.
        !marker && !self.ended && self.event == next.event && step == u32::from(self.duration)
    }
}

/// Makes the packets of one press, one each 20 ms.
#[derive(Clone, Debug)]
pub struct DtmfSender {
    event: u8,
    step: u16,
    duration: u16,
    length: u16,
    ends: u8,
}

/// One packet of a press: all of them bear the timestamp of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DtmfPacket {
    /// Set on the first.
    pub marker: bool,
    /// The four bytes.
    pub payload: [u8; 4],
    /// Whether this says that the key is up (sent three times).
    pub end: bool,
}

impl DtmfSender {
    /// A press of `digit` for about `length`, in packets of 20 ms; `None` if it is no key.
    pub fn new(digit: char, length: Duration) -> Option<DtmfSender> {
        let samples = u16::try_from(length.as_millis().saturating_mul(8)).unwrap_or(u16::MAX);
        Some(DtmfSender { event: event(digit)?, step: 160, duration: 0, length: samples, ends: 0 })
    }
}

impl Iterator for DtmfSender {
    type Item = DtmfPacket;

    fn next(&mut self) -> Option<DtmfPacket> {
        let marker = self.duration == 0;
        let end = !marker && self.duration.saturating_add(self.step) >= self.length;
        if self.ends == END_PACKETS {
            return None;
        }
        if self.ends == 0 {
            self.duration = self.duration.saturating_add(self.step);
        }
        if end || self.ends > 0 {
            self.ends += 1;
        }
        let end = self.ends > 0;
        let [high, low] = self.duration.to_be_bytes();
        let payload = [self.event, (u8::from(end) << 7) | VOLUME, high, low];
        Some(DtmfPacket { marker, payload, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(marker: bool, timestamp: u32) -> Header {
        Header { marker, payload_type: 101, sequence: 0, timestamp, ssrc: 1 }
    }

    fn receive(receiver: &mut DtmfReceiver, timestamp: u32, packet: DtmfPacket) -> Option<char> {
        receiver.receive(&header(packet.marker, timestamp), &packet.payload, Duration::ZERO)
    }

    fn press(digit: char) -> Vec<DtmfPacket> {
        DtmfSender::new(digit, Duration::from_millis(100)).unwrap().collect()
    }

    #[test]
    fn a_press_is_made_of_starts_and_three_ends() {
        let packets = press('5');
        assert_eq!(packets.iter().filter(|packet| packet.end).count(), 3);
        assert_eq!(packets.iter().filter(|packet| packet.marker).count(), 1);
        assert_eq!(packets[0].payload, [5, VOLUME, 0, 160]);
        assert_eq!(
            packets.last().unwrap().payload,
            [5, 0x80 | VOLUME, 800_u16.to_be_bytes()[0], 800_u16.to_be_bytes()[1]]
        );
    }

    #[test]
    fn a_press_whose_late_packet_follows_a_change_of_the_source_is_told_once() {
        let mut receiver = DtmfReceiver::default();
        let payload = press('5')[0].payload;
        let mut from = |ssrc, timestamp| {
            let header = Header { ssrc, ..header(true, timestamp) };
            receiver.receive(&header, &payload, Duration::ZERO)
        };
        assert_eq!(from(1, 8_000), Some('5'));
        // Of the other source came only what is no key.
        let flash = [16, VOLUME, 0, 160];
        assert_eq!(
            receiver.receive(&Header { ssrc: 2, ..header(true, 8_000) }, &flash, Duration::ZERO),
            None
        );
        let mut from = |ssrc, timestamp| {
            let header = Header { ssrc, ..header(true, timestamp) };
            receiver.receive(&header, &payload, Duration::ZERO)
        };
        assert_eq!(from(1, 8_000), None);
        assert_eq!(from(1, 16_000), Some('5'));
    }

    #[test]
    fn every_key_is_told_once_whichever_packets_are_lost() {
        for key in "0123456789*#ABCD".chars() {
            let packets = press(key);
            for lost in 0..1_u32 << packets.len() {
                let mut receiver = DtmfReceiver::default();
                let mut told: Vec<char> = Vec::new();
                for timestamp in [8_000, 16_000] {
                    let kept = packets.iter().enumerate().filter(|(n, _)| lost & (1 << n) == 0);
                    for (_, packet) in kept {
                        told.extend(receive(&mut receiver, timestamp, *packet));
                    }
                }
                let all_lost = lost == (1 << packets.len()) - 1;
                assert_eq!(told.len(), if all_lost { 0 } else { 2 });
                assert!(told.iter().all(|digit| *digit == key));
            }
        }
    }

    #[test]
    fn late_packets_of_an_earlier_press_are_silent() {
        let mut receiver = DtmfReceiver::default();
        assert_eq!(receive(&mut receiver, 8_000, press('1')[0]), Some('1'));
        assert_eq!(receive(&mut receiver, 16_000, press('1')[0]), Some('1'));
        assert_eq!(receive(&mut receiver, 8_000, *press('1').last().unwrap()), None);
        assert_eq!(receive(&mut receiver, 4_000_000, press('2')[0]), Some('2'));
        assert_eq!(receive(&mut receiver, 8_000, press('3')[0]), Some('3'), "its clock was set back");
    }

    #[test]
    fn a_key_held_for_ten_seconds_is_one_press() {
        let mut receiver = DtmfReceiver::default();
        let held = |duration: u16| [7, VOLUME, duration.to_be_bytes()[0], duration.to_be_bytes()[1]];
        let now = Duration::ZERO;
        assert_eq!(receiver.receive(&header(true, 100), &held(160), now), Some('7'));
        assert_eq!(receiver.receive(&header(false, 100), &held(0xffff), now), None);
        assert_eq!(receiver.receive(&header(false, 100 + 0xffff), &held(160), now), None);
        assert_eq!(receiver.receive(&header(true, 200_000), &held(160), now), Some('7'));
    }

    #[test]
    fn flash_and_short_payloads_are_no_digit() {
        let mut receiver = DtmfReceiver::default();
        assert_eq!(receiver.receive(&header(true, 1), &[16, 10, 0, 160], Duration::ZERO), None);
        assert_eq!(receiver.receive(&header(true, 2), &[1, 10, 0], Duration::ZERO), None);
    }

    #[test]
    fn a_flood_of_presses_is_bounded() {
        let mut receiver = DtmfReceiver::default();
        let told =
            (1..=1_000_u32).filter(|n| receive(&mut receiver, n * 1_000, press('1')[0]).is_some()).count();
        assert_eq!(told, usize::from(DIGITS_PER_SECOND_MAX));
    }
}
